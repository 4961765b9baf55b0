use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::request::Builder;
use axum::http::{HeaderMap, Request};
use serde_json::Value as Json;
use server::Config;
use store::testing::TestStore;
use tower::ServiceExt;

/// The product with an administrator who calls by token.
pub struct Product {
    router: Router,
    token: String,
}

/// An answer, read whole.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Json,
}

pub async fn product(store: &TestStore) -> Product {
    let config = Config { data_dir: store.dir().to_owned(), ..Config::default() };
    let built = server::build(&config, store.reopen().await).await.expect("the product is put together");
    let (router, _) = server::router(&built, &config.http);
    let email = "ann@example.com";
    identity::cli::create_user(&built.app, email, "Ann", "administrator", "harvest-Lantern-92")
        .await
        .expect("made");
    let token = identity::cli::create_token(&built.app, email, "tests", 30).await.expect("made");
    Product { router, token }
}

impl Product {
    /// Begins a request of the administrator, in English.
    pub fn request(&self, method: &str, path: &str) -> Builder {
        let bearer = format!("Bearer {}", self.token);
        Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", bearer)
            .header("accept-language", "en")
    }

    pub async fn answer(&self, request: Builder, body: impl Into<Body>) -> Answer {
        let mut request = request.body(body.into()).expect("a request");
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 4_000)));
        let response = self.router.clone().oneshot(request).await.expect("a router answers");
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
        let body = serde_json::from_slice(&bytes).unwrap_or_default();
        Answer { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.answer(self.request("GET", path), Body::empty()).await
    }

    pub async fn post(&self, path: &str, body: impl Into<Body>) -> Answer {
        self.answer(self.request("POST", path).header("content-type", "application/json"), body).await
    }
}

impl Answer {
    /// Expects a problem with its code and a sentence.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) {
        assert_eq!((self.status, self.body["code"].as_str()), (status, Some(code)), "{self:?}");
        assert_eq!(self.headers["content-type"], "application/problem+json");
        let sentence = self.body["detail"].as_str().unwrap_or_default();
        assert!(sentence.len() > 10 && !sentence.contains('{'), "{sentence:?}");
        assert_eq!(self.headers["x-request-id"].to_str().ok(), self.body["request_id"].as_str());
    }
}
