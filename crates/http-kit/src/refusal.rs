use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kernel::{FieldProblem, Language, Problem};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::{AppState, RequestId};

/// What a handler returns.
pub type Result<T, E = Refusal> = std::result::Result<T, E>;

/// A problem on its way out of a handler; [`render_problems`] writes it in the caller's language.
#[derive(Debug)]
pub struct Refusal(pub Problem);

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(Arc::new(self.0));
        response
    }
}

/// Problem details (错误详情) as RFC 9457 says, with our code and arguments.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemBody {
    /// A URI reference that names the kind of problem.
    #[serde(rename = "type")]
    pub kind: String,
    /// The status in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// Key of the text; also the key in the UI's texts.
    pub code: String,
    /// The sentence in the caller's language.
    pub detail: String,
    /// Values that the sentence names.
    #[schema(value_type = Object)]
    pub args: BTreeMap<String, Value>,
    /// Single fields at fault.
    pub fields: Vec<FieldMessage>,
    /// The request, to be copied into a report.
    pub request_id: String,
}

/// One field at fault, with its sentence.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldMessage {
    /// What is at fault and why, by code.
    #[serde(flatten)]
    pub problem: FieldProblem,
    /// The sentence in the caller's language.
    pub detail: String,
}

/// Writes refusals as problem+json in the caller's language; logs what was not expected.
///
/// Also gives a body to the bare statuses of the router (404, 405).
pub async fn render_problems(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let language = language_of(&request);
    let request_id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let response = next.run(request).await;
    let known = response.extensions().get::<Arc<Problem>>().cloned();
    // Whoever is signed in may have chosen a language; the layer that knows them says so.
    let language = response.extensions().get::<Language>().copied().unwrap_or(language);
    let problem = match known {
        Some(problem) => problem,
        None => match bare(&response) {
            Some(problem) => Arc::new(problem),
            None => return response,
        },
    };
    if problem.status >= 500 {
        tracing::error!(request_id, code = %problem.code, "request failed: {problem}");
    }
    write(&app, language, request_id, &problem, response)
}

fn language_of(request: &Request) -> Language {
    let header = request.headers().get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok());
    header.map_or_else(Language::default, Language::negotiate)
}

/// Returns the problem behind a status that came without a body of ours.
fn bare(response: &Response) -> Option<Problem> {
    let ours = response.headers().contains_key(header::CONTENT_TYPE);
    match response.status() {
        StatusCode::NOT_FOUND if !ours => Some(Problem::not_found("http.no_such_page")),
        StatusCode::METHOD_NOT_ALLOWED => Some(Problem::new(405, "http.method_not_allowed")),
        StatusCode::PAYLOAD_TOO_LARGE => Some(Problem::too_large("http.body_too_large")),
        StatusCode::REQUEST_TIMEOUT => Some(Problem::new(408, "http.timeout")),
        _ => None,
    }
}

fn write(
    app: &AppState,
    language: Language,
    request_id: String,
    problem: &Problem,
    from: Response,
) -> Response {
    let status = from.status();
    let say = |code: &str, args: &BTreeMap<String, Value>| app.texts.say(language, code, args);
    let body = ProblemBody {
        kind: format!("urn:brandwright:problem:{}", problem.code),
        title: status.canonical_reason().unwrap_or("Error").to_owned(),
        status: status.as_u16(),
        code: problem.code.to_string(),
        detail: say(&problem.code, &problem.args),
        args: problem.args.clone(),
        fields: problem
            .fields
            .iter()
            .map(|field| FieldMessage { problem: field.clone(), detail: say(&field.code, &field.args) })
            .collect(),
        request_id,
    };
    let mut response = (status, axum::Json(body)).into_response();
    let kind = HeaderValue::from_static("application/problem+json");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response.headers_mut().insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.as_str()));
    for name in [header::RETRY_AFTER, header::ALLOW, header::WWW_AUTHENTICATE] {
        if let Some(value) = from.headers().get(&name) {
            response.headers_mut().insert(name, value.clone());
        }
    }
    if let (429, Some(seconds)) =
        (problem.status, problem.args.get("retry_after_seconds").and_then(Value::as_i64))
    {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}
