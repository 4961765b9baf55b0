use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use axum::response::Response;
use serde_json::Value as Json;

/// Largest answer that a test reads.
const ANSWER_MAX: usize = 64 << 20;

/// A request, before it is known who makes it.
#[derive(Clone, Debug)]
pub struct Call {
    pub method: Method,
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Call {
    pub fn new(method: Method, path: impl Into<String>) -> Self {
        Self { method, path: path.into(), headers: Vec::new(), body: Vec::new() }
    }

    pub fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path)
    }

    pub fn post(path: impl Into<String>) -> Self {
        Self::new(Method::POST, path)
    }

    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Sends JSON.
    #[must_use]
    pub fn json(mut self, body: &Json) -> Self {
        self.body = body.to_string().into_bytes();
        self.header("content-type", "application/json")
    }

    /// Sends bytes of another kind.
    #[must_use]
    pub fn bytes(mut self, kind: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.header("content-type", kind)
    }

    /// Says which version of a row was seen.
    #[must_use]
    pub fn seen(self, row: &Json) -> Self {
        let version = row["version"].as_i64().unwrap_or_else(|| panic!("no version in {row}"));
        self.header("if-match", format!("\"{version}\""))
    }

    pub(super) fn request(self) -> Request<Body> {
        let mut request = Request::builder().method(self.method).uri(&self.path);
        if !self.headers.iter().any(|(name, _)| name == "accept-language") {
            request = request.header(header::ACCEPT_LANGUAGE, "en");
        }
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        request.body(Body::from(self.body)).expect("a request")
    }
}

/// What was answered.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
    pub json: Json,
}

impl Answer {
    pub(super) async fn read(response: Response) -> Self {
        let (head, body) = response.into_parts();
        let bytes = to_bytes(body, ANSWER_MAX).await.expect("an answer ends");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let json = serde_json::from_str(&text).unwrap_or(Json::Null);
        Self { status: head.status, headers: head.headers, text, json }
    }

    /// Returns the code of a refusal.
    pub fn code(&self) -> &str {
        self.json["code"].as_str().unwrap_or_default()
    }

    /// Returns the rows of a list.
    pub fn items(&self) -> &[Json] {
        self.json["items"].as_array().map(Vec::as_slice).unwrap_or_default()
    }

    /// Returns the body of an answer that says yes.
    #[track_caller]
    pub fn done(self) -> Json {
        assert!(self.status.is_success(), "{}: {}", self.status, self.text);
        self.json
    }

    /// Checks that it says no, and how.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) {
        assert_eq!((self.status.as_u16(), self.code()), (status, code), "{}", self.text);
    }
}
