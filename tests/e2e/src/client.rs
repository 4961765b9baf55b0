use reqwest::{Method, StatusCode};
use serde_json::Value;

/// A browser without a screen: keeps cookies, sends the header that the UI sends.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    language: String,
}

/// An answer, read whole.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub etag: Option<String>,
    pub text: String,
}

impl Answer {
    /// Returns the body as JSON; null where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }

    /// Returns the body of a success; anything else fails the test with the problem's words.
    #[track_caller]
    pub fn ok(self) -> Value {
        assert!(self.status.is_success(), "{}: {}", self.status, self.text);
        self.json()
    }

    /// Returns the problem's code; a success fails the test.
    #[track_caller]
    pub fn refused(self, status: u16) -> String {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }
}

impl Client {
    pub(crate) fn new(base: &str) -> Self {
        let http = reqwest::Client::builder()
            .cookie_store(true)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .expect("a client");
        Self { http, base: base.to_owned(), language: "en".to_owned() }
    }

    /// Speaks another language from now on.
    #[must_use]
    pub fn speaking(mut self, language: &str) -> Self {
        self.language = language.to_owned();
        self
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body), None).await
    }

    /// Sends a change of the version that was seen in `row`.
    pub async fn change(&self, method: Method, path: &str, row: &Value, body: Value) -> Answer {
        let version = row["version"].as_i64().expect("a row with a version");
        self.send(method, path, Some(body), Some(version)).await
    }

    pub async fn send(&self, method: Method, path: &str, body: Option<Value>, version: Option<i64>) -> Answer {
        let url = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.base) };
        let mut request = self
            .http
            .request(method, url)
            .header("x-brandwright", "1")
            .header("accept-language", &self.language);
        if let Some(version) = version {
            request = request.header("if-match", format!("\"{version}\""));
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.expect("the product answers");
        let status = response.status();
        let etag = response.headers().get("etag").and_then(|v| v.to_str().ok()).map(str::to_owned);
        Answer { status, etag, text: response.text().await.expect("a body") }
    }
}
