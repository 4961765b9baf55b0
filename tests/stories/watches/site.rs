//! A site of somebody else, as a real server on this machine: what stands there, and how it answers, can be changed.

use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

#[derive(Default)]
struct Shown {
    status: u16,
    pages: std::collections::BTreeMap<String, String>,
    asked: usize,
}

/// The site.
#[derive(Clone)]
pub struct Site {
    pub host: String,
    shown: Arc<Mutex<Shown>>,
}

impl Site {
    /// Opens the site; it answers until the test ends.
    pub async fn open() -> Self {
        let shown = Arc::new(Mutex::new(Shown { status: 200, ..Shown::default() }));
        let router = Router::new().route("/{page}", get(answer)).with_state(shown.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let host = listener.local_addr().expect("bound").to_string();
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { host, shown }
    }

    /// Returns the address of a page.
    pub fn url(&self, page: &str) -> String {
        format!("http://{}/{page}", self.host)
    }

    /// Shows something else on a page.
    pub fn show(&self, page: &str, text: impl Into<String>) {
        self.with(|shown| drop(shown.pages.insert(page.to_owned(), text.into())));
    }

    /// Answers with this status from now on.
    pub fn answers(&self, status: u16) {
        self.with(|shown| shown.status = status);
    }

    /// Returns how often it was asked.
    pub fn asked(&self) -> usize {
        self.with(|shown| shown.asked)
    }

    fn with<T>(&self, act: impl FnOnce(&mut Shown) -> T) -> T {
        act(&mut self.shown.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

async fn answer(State(shown): State<Arc<Mutex<Shown>>>, Path(page): Path<String>) -> Response {
    let mut shown = shown.lock().unwrap_or_else(PoisonError::into_inner);
    shown.asked += 1;
    let status = StatusCode::from_u16(shown.status).expect("a status");
    let mut headers = HeaderMap::new();
    if status == StatusCode::TOO_MANY_REQUESTS {
        headers.insert("retry-after", "10800".parse().expect("a value"));
    }
    (status, headers, shown.pages.get(&page).cloned().unwrap_or_default()).into_response()
}
