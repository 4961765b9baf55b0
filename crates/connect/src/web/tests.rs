use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use super::*;

const FEED: &str = include_str!("../../tests/feeds/atom.xml");
const RSS: &str = include_str!("../../tests/feeds/rss.xml");

/// A site of somebody else: each request gets these bytes, then the connection ends.
async fn site(answer: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let host = listener.local_addr().expect("bound").to_string();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4_096];
            let _ = stream.read(&mut request).await;
            // Who reads no further than the limit hangs up in the middle.
            let _ = stream.write_all(&answer).await;
        }
    });
    host
}

fn answer(kind: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

async fn look(host: &str, feed: bool, selector: Option<&str>) -> WebSight {
    let web = Web::new(vec![host.to_owned()]).expect("a client");
    let url = format!("http://{host}/news");
    web.look(&WebWanted { url, feed, selector: selector.map(str::to_owned) }).await
}

async fn fault_of(answer: Vec<u8>, feed: bool) -> WebFaultKind {
    let host = site(answer).await;
    look(&host, feed, None).await.found.expect_err("nothing can be read").kind
}

#[tokio::test]
async fn a_page_is_its_words_or_those_that_are_chosen() {
    let html = "<html><head><title>邻店 新品</title><style>p{}</style></head><body><script>var a=1</script>\
        <p>今日  价</p><div class=price>¥ <b>128</b></div><div class='price'>99</div></body></html>";
    let host = site(answer("text/html; charset=utf-8", html.as_bytes())).await;
    let sight = look(&host, false, None).await;
    let page = |text: &str| Ok(WebContent::Page { title: "邻店 新品".into(), text: text.into() });
    assert_eq!((sight.status, sight.found), (Some(200), page("今日 价 ¥ 128 99")));
    assert_eq!(look(&host, false, Some(".price")).await.found, page("¥ 128\n99"));
    let nothing = look(&host, false, Some("#gone")).await.found.expect_err("nothing is chosen");
    assert_eq!((nothing.kind, nothing.detail.as_str()), (WebFaultKind::NothingSelected, "#gone"));
    let wrong = look(&host, false, Some("..")).await.found.expect_err("no selector");
    assert_eq!(wrong.kind, WebFaultKind::Malformed);
}

#[tokio::test]
async fn a_page_in_the_encoding_of_old_chinese_sites_is_read() {
    let (body, _, _) = encoding_rs::GBK.encode("<meta charset=\"gbk\"><p>全场八折</p>");
    let host = site(answer("text/html", &body)).await;
    let Ok(WebContent::Page { text, .. }) = look(&host, false, None).await.found else { panic!("a page") };
    assert_eq!(text, "全场八折");
}

#[tokio::test]
async fn feeds_of_both_kinds_are_read() {
    for feed in [FEED, RSS] {
        let host = site(answer("application/xml", feed.as_bytes())).await;
        let Ok(WebContent::Feed { title, entries }) = look(&host, true, None).await.found else {
            panic!("a feed")
        };
        assert_eq!((title.as_str(), entries.len()), ("行业动态", 2));
        assert_eq!(entries[0].title, "邻店召回一批茶饮");
        assert_eq!(entries[0].summary, "因标签有误，邻店宣布召回 两批 茶饮。");
        assert_eq!(entries[0].link.as_deref(), Some("https://news.example/2026/recall"));
        assert_eq!(entries[0].published_at.map(|at| at.to_string()), Some("2026-11-20T08:00:00Z".into()));
        assert_ne!(entries[0].key, entries[1].key);
    }
}

#[tokio::test]
async fn what_cannot_be_read_says_why() {
    let throttled = b"HTTP/1.1 429 Slow\r\nretry-after: 120\r\ncontent-length: 0\r\n\r\n".to_vec();
    let host = site(throttled).await;
    let sight = look(&host, false, None).await;
    assert_eq!((sight.status, sight.retry_after_seconds), (Some(429), Some(120)));
    assert_eq!(sight.found.expect_err("throttled").kind, WebFaultKind::Throttled);
    let gone = b"HTTP/1.1 404 No\r\ncontent-length: 0\r\n\r\n".to_vec();
    assert_eq!(fault_of(gone, false).await, WebFaultKind::Status);
    let large = answer("text/html", &vec![b'a'; BODY_MAX + 1]);
    assert_eq!(fault_of(large, false).await, WebFaultKind::TooLarge);
    assert_eq!(fault_of(answer("text/xml", b"<html>no feed"), true).await, WebFaultKind::Malformed);
    assert_eq!(fault_of(b"who knows\r\n\r\n".to_vec(), false).await, WebFaultKind::Unreachable);
    assert_eq!(
        look("127.0.0.1:1", false, None).await.found.expect_err("nobody").kind,
        WebFaultKind::Unreachable
    );
    let private = Web::new(vec![]).expect("a client");
    let wanted = WebWanted { url: "http://127.0.0.1:1/".into(), feed: false, selector: None };
    assert_eq!(private.look(&wanted).await.found.expect_err("private").kind, WebFaultKind::Refused);
}

/// A site with a certificate of its own making, and that certificate.
async fn secure_site() -> (u16, Vec<u8>) {
    let key = rcgen::KeyPair::generate().expect("a key");
    let mut wanted = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).expect("a name");
    wanted.not_after = rcgen::date_time_ymd(2031, 5, 1);
    let certificate = wanted.self_signed(&key).expect("a certificate").der().to_vec();
    let secret = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone().into()], secret)
        .expect("they belong together");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = listener.local_addr().expect("bound").port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // Whoever does not trust the certificate hangs up.
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut request = [0; 4_096];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(&answer("text/html", b"<p>hello</p>")).await;
            let _ = stream.shutdown().await;
        }
    });
    (port, certificate)
}

#[tokio::test]
async fn a_certificate_says_until_when_it_is_valid_and_an_untrusted_one_is_refused() {
    let (port, certificate) = secure_site().await;
    let allowed = vec![format!("localhost:{port}")];
    let wanted = WebWanted { url: format!("https://localhost:{port}/"), feed: false, selector: None };
    let outbound = Outbound::showing_certificates(allowed.clone(), &[certificate]).expect("a client");
    let sight = Web { outbound }.look(&wanted).await;
    assert!(sight.found.is_ok(), "{sight:?}");
    assert_eq!(sight.certificate_until.map(|at| at.to_string()), Some("2031-05-01T00:00:00Z".into()));
    let refused = Web::new(allowed).expect("a client").look(&wanted).await;
    assert_eq!(refused.found.expect_err("nobody vouches for it").kind, WebFaultKind::Certificate);
}
