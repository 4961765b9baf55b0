use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use kernel::ports::{MailOutcome, MailPort, OutgoingMail};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::{SmtpConfig, SmtpMail, TlsMode, letter};

type Replies = &'static [(&'static str, &'static str)];

const PLAIN: (&str, &str) = ("EHLO", "250 ok\r\n");
const PIPELINING: (&str, &str) = ("EHLO", "250-here\r\n250 PIPELINING\r\n");
const TAKES_ALL: Replies = &[
    PLAIN,
    ("MAIL", "250 ok\r\n"),
    ("RCPT", "250 ok\r\n"),
    ("DATA", "354 go on\r\n"),
    (".\r\n", "250 2.0.0 taken\r\n"),
];

fn mail() -> OutgoingMail {
    OutgoingMail {
        message_id: "1@mail.invalid".into(),
        from: ("a@brand.invalid".into(), String::new()),
        to: "b@sample.invalid".into(),
        subject: "s".into(),
        html: "<p>h</p>".into(),
        text: "t".into(),
        headers: vec![],
        attachments: Vec::new(),
    }
}

fn client(port: u16, connections: u32) -> SmtpMail {
    let config = SmtpConfig {
        host: "127.0.0.1".into(),
        port,
        tls: TlsMode::None,
        username: None,
        password: None,
        connections,
        rate_per_minute: None,
    };
    SmtpMail::new(&config).expect("sound")
}

/// A server for tests, with the number of connections that it saw.
struct Played {
    port: u16,
    connections: Arc<AtomicUsize>,
}

/// Answers each line of each connection by `replies`; `close` ends a connection without a word.
async fn server(replies: Replies) -> Played {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = listener.local_addr().expect("bound").port();
    let connections = Arc::new(AtomicUsize::new(0));
    let seen = connections.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            seen.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(answer(stream, replies));
        }
    });
    Played { port, connections }
}

async fn answer(stream: TcpStream, replies: Replies) {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 ready\r\n").await.expect("written");
    let mut line = String::new();
    while stream.read_line(&mut line).await.is_ok_and(|n| n > 0) {
        let reply = replies.iter().find(|(head, _)| line.starts_with(head)).map(|(_, reply)| *reply);
        line.clear();
        match reply {
            Some("close") => return,
            Some(reply) => {
                let (reply, closes) =
                    reply.strip_suffix("close").map_or((reply, false), |reply| (reply, true));
                stream.write_all(reply.as_bytes()).await.expect("written");
                if closes {
                    return;
                }
            }
            None => {}
        }
    }
}

#[tokio::test]
async fn a_closed_port_means_that_nothing_was_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = listener.local_addr().expect("bound").port();
    drop(listener);
    assert!(matches!(client(port, 1).send(&mail()).await, MailOutcome::NotSent { .. }));
}

#[tokio::test]
async fn replies_tell_refusals_for_good_from_refusals_for_now() {
    const REFUSALS: [(&str, bool); 2] =
        [("550 5.1.1 no such user\r\n", true), ("451 4.7.1 later\r\n", false)];
    for (reply, for_good) in REFUSALS {
        for hello in [PLAIN, PIPELINING] {
            // Asked for the body without a receiver, a server that takes several commands at once says no to that too.
            let replies: Replies = Box::leak(Box::new([
                hello,
                ("MAIL", "250 ok\r\n"),
                ("RCPT", reply),
                ("DATA", "503 5.5.1 no receiver\r\n"),
                ("RSET", "250 ok\r\n"),
            ]));
            let played = server(replies).await;
            let client = client(played.port, 1);
            for _ in 0..2 {
                let outcome = client.send(&mail()).await;
                assert!(
                    matches!(&outcome, MailOutcome::Refused { permanent, reply: words }
                        if *permanent == for_good && words.contains(&reply[..3])),
                    "{outcome:?}"
                );
            }
            assert_eq!(
                played.connections.load(Ordering::SeqCst),
                1,
                "a refusal leaves the connection as it was"
            );
        }
    }
}

#[tokio::test]
async fn a_connection_lost_after_the_body_leaves_it_unknown() {
    let played = server(&[
        PIPELINING,
        ("MAIL", "250 ok\r\n"),
        ("RCPT", "250 ok\r\n"),
        ("DATA", "354 go on\r\n"),
        (".\r\n", "close"),
    ])
    .await;
    let outcome = client(played.port, 1).send(&mail()).await;
    assert!(matches!(outcome, MailOutcome::Unknown { .. }), "{outcome:?}");
}

#[tokio::test]
async fn a_connection_lost_before_the_body_means_that_nothing_was_sent() {
    let played = server(&[PLAIN, ("MAIL", "250 ok\r\n"), ("RCPT", "close")]).await;
    let outcome = client(played.port, 1).send(&mail()).await;
    assert!(matches!(outcome, MailOutcome::NotSent { .. }), "{outcome:?}");
}

#[tokio::test]
async fn a_kept_connection_that_the_server_closed_is_replaced() {
    let played = server(&[
        PIPELINING,
        ("MAIL", "250 ok\r\n"),
        ("RCPT", "250 ok\r\n"),
        ("DATA", "354 go on\r\n"),
        (".\r\n", "250 2.0.0 taken\r\nclose"),
    ])
    .await;
    let client = client(played.port, 1);
    for _ in 0..3 {
        assert_eq!(client.send(&mail()).await, MailOutcome::Accepted { reply: "2.0.0 taken".into() });
    }
    assert_eq!(played.connections.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn many_messages_share_the_connections_that_are_allowed() {
    let played = server(TAKES_ALL).await;
    let client = client(played.port, 2);
    let mails: Vec<_> = (0..20).map(|_| mail()).collect();
    let outcomes = futures::future::join_all(mails.iter().map(|mail| client.send(mail))).await;
    assert!(outcomes.iter().all(|outcome| matches!(outcome, MailOutcome::Accepted { .. })), "{outcomes:?}");
    assert_eq!(played.connections.load(Ordering::SeqCst), 2);
}

#[test]
fn dots_that_begin_a_line_are_doubled_and_a_lone_dot_ends_it() {
    assert_eq!(letter(b"a\r\n.b\r\n..\r\nc.d\r\n"), "a\r\n..b\r\n...\r\nc.d\r\n.\r\n");
    assert_eq!(letter(b".a"), "..a\r\n.\r\n");
}
