//! Handlers of the public origin. None of them reads a cookie, and no GET changes anything but observations.

use axum::Router;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{DefaultBodyLimit, Extension, Multipart, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http_kit::{AppState, Params, PathOf, Peer};
use kernel::{Language, Problem, Result};
use serde::Deserialize;

use super::page::{self, Again, PAGES};
use super::posted::{FORM_MAX, Posted};
use super::take::{self, Outcome, Visited};

/// Returns the pages of forms on the public origin.
pub fn public() -> Router<AppState> {
    Router::new().route("/f/{token}", get(show).post(send).layer(DefaultBodyLimit::max(FORM_MAX)))
}

/// What the address of a page may say.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    /// Language of the page.
    lang: Option<String>,
    /// Set after something was sent.
    done: Option<String>,
}

fn language(asked: &Asked, headers: &HeaderMap) -> Language {
    http_kit::pages::language(asked.lang.as_deref(), None, headers)
}

async fn sender(app: &AppState, peer: Option<Extension<Peer>>, headers: &HeaderMap) -> Result<String> {
    let address = peer.map_or_else(|| "-".to_owned(), |Extension(peer)| peer.client(headers).to_string());
    take::sender(app, &address).await
}

async fn show(
    State(app): State<AppState>,
    PathOf(token): PathOf<String>,
    Params(asked): Params<Asked>,
    peer: Option<Extension<Peer>>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let language = language(&asked, &headers);
    let shown = async {
        let visited = take::visited(&app, &token).await?;
        if asked.done.is_some() {
            return PAGES.page(
                &app,
                language,
                "done.html",
                &format!("/f/{token}"),
                &page::done(&visited, language),
            );
        }
        open(&visited)?;
        if method != Method::HEAD {
            let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
            let sender = sender(&app, peer, &headers).await?;
            // Whoever comes sees the form, even while nothing can be written down.
            if let Err(problem) = take::visit(&app, &visited, &sender, agent).await {
                tracing::error!("a visit was not noted: {problem}");
            }
        }
        written(&app, &visited, language, &Again::default()).await
    };
    shown.await.unwrap_or_else(|problem| PAGES.refusal(&app, language, &problem))
}

/// Refuses a form that takes nothing.
fn open(visited: &Visited) -> Result<()> {
    visited.closed.map_or(Ok(()), |why| Err(Problem::new(410, why)))
}

async fn written(
    app: &AppState,
    visited: &Visited,
    language: Language,
    again: &Again<'_>,
) -> Result<Response> {
    let mark = take::mark(app, &visited.link).await?;
    let values = page::form(app, visited, &mark, language, again);
    PAGES.page(app, language, "form.html", &format!("/f/{}", visited.link.token), &values)
}

async fn send(
    State(app): State<AppState>,
    PathOf(token): PathOf<String>,
    Params(asked): Params<Asked>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    parts: std::result::Result<Multipart, MultipartRejection>,
) -> Response {
    let language = language(&asked, &headers);
    let sent = async {
        let visited = take::visited(&app, &token).await?;
        // Who sends a page twice is told twice that it arrived.
        if visited.closed != Some("rulebook.form.answered") {
            open(&visited)?;
        }
        let parts = parts.map_err(|_| Problem::bad_request("rulebook.form.unreadable"))?;
        let posted = Posted::read(parts).await?;
        let sender = sender(&app, peer, &headers).await?;
        match take::take(&app, &visited, &posted, &sender, language).await? {
            Outcome::Taken => Ok(redirect(&format!("/f/{token}?lang={}&done=1", language.as_str()))),
            Outcome::Wrong(wrong) => {
                let again = Again { posted: Some(&posted), wrong };
                let mut response = written(&app, &visited, language, &again).await?;
                *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
                Ok(response)
            }
        }
    };
    sent.await.unwrap_or_else(|problem| refused(&app, language, &problem))
}

/// Writes a refusal, with the time after which it can be tried again.
fn refused(app: &AppState, language: Language, problem: &Problem) -> Response {
    let mut response = PAGES.refusal(app, language, problem);
    let seconds = problem.args.get("retry_after_seconds").and_then(serde_json::Value::as_u64);
    if let Some(seconds) = seconds {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn redirect(target: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    if let Ok(location) = HeaderValue::from_str(target) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
