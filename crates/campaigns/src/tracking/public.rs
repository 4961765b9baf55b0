//! Handlers of the public origin. None of them reads a cookie, and no GET changes anything but observations.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http_kit::pages::pixel;
use http_kit::{AppState, Params, PathOf, Refusal};
use kernel::{Language, Problem, Result};
use serde::Deserialize;
use serde_json::json;

use super::PAGES;
use super::preferences::{self, Wanted};
use super::service::{self, Visitor};
use super::sql::Message;
use super::unsubscribe::{is_one_click, source, unsubscribe};
use crate::send::Links;
use crate::send::render::{Receiver, Renderer};

/// Mail brings its own styles and pictures, and must be able to do nothing else.
const MAIL_POLICY: &str = "default-src 'none'; img-src 'self' https: data:; style-src 'unsafe-inline'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
    sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation";

/// Returns the pages and tracked places of the public origin.
pub(crate) fn public() -> Router<AppState> {
    Router::new()
        .route("/t/o/{file}", get(open_pixel))
        .route("/t/c/{token}/{link}", get(click))
        .route("/t/pages.css", get(style))
        .route("/u/{token}", get(show_unsubscribe).post(do_unsubscribe))
        .route("/p/{token}", get(show_preferences).post(save_preferences))
        .route("/v/{token}", get(view))
}

/// What the address of a page may say.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    /// Language of the page.
    lang: Option<String>,
    /// Set after something was saved.
    saved: Option<String>,
}

fn visitor(method: &Method, headers: &HeaderMap) -> Visitor {
    Visitor::new(agent(headers), method == Method::HEAD)
}

fn agent(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok())
}

/// The switch on the page first, then the language of the message, then the browser's.
fn language(asked: &Asked, message: Option<&Message>, headers: &HeaderMap) -> Language {
    let known = message.and_then(|message| message.language);
    http_kit::pages::language(asked.lang.as_deref(), known, headers)
}

/// Finds the message of a token and answers about it; refusals become pages.
async fn about(
    app: &AppState,
    token: &str,
    asked: &Asked,
    headers: &HeaderMap,
    answer: impl AsyncFnOnce(Message, Language) -> Result<Response>,
) -> Response {
    let message = match service::message(app, token).await {
        Ok(message) => message,
        Err(problem) => return PAGES.refusal(app, language(asked, None, headers), &problem),
    };
    let language = language(asked, Some(&message), headers);
    answer(message, language).await.unwrap_or_else(|problem| PAGES.refusal(app, language, &problem))
}

async fn open_pixel(
    State(app): State<AppState>,
    PathOf(file): PathOf<String>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let seen = match file.strip_suffix(".gif") {
        Some(token) => service::opened(&app, token, &visitor(&method, &headers)).await,
        None => Err(Problem::not_found("campaigns.link.invalid")),
    };
    match seen {
        Ok(()) => pixel(),
        // Nobody sees an error in the place of a pixel; what was not noted is not noted.
        Err(problem) if problem.status >= 500 => {
            tracing::error!("an open was not noted: {problem}");
            pixel()
        }
        Err(problem) => Refusal(problem).into_response(),
    }
}

async fn click(
    State(app): State<AppState>,
    PathOf((token, link)): PathOf<(String, i64)>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    match service::clicked(&app, &token, link, &visitor(&method, &headers)).await {
        Ok(Some(target)) => redirect(StatusCode::FOUND, &target),
        Ok(None) => StatusCode::NO_CONTENT.into_response(),
        Err(problem) => PAGES.refusal(&app, language(&Asked::default(), None, &headers), &problem),
    }
}

fn redirect(status: StatusCode, target: &str) -> Response {
    let Ok(location) = HeaderValue::from_str(target) else {
        return Refusal(Problem::internal(format!("a target that no header can hold: {target}")))
            .into_response();
    };
    let mut response = status.into_response();
    let headers = response.headers_mut();
    headers.insert(header::LOCATION, location);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

async fn style() -> Response {
    let headers =
        [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=3600")];
    (headers, http_kit::pages::STYLE).into_response()
}

async fn show_unsubscribe(
    State(app): State<AppState>,
    PathOf(token): PathOf<String>,
    Params(asked): Params<Asked>,
    headers: HeaderMap,
) -> Response {
    about(&app, &token, &asked, &headers, async |message, language| {
        PAGES.page(
            &app,
            language,
            "unsubscribe.html",
            &format!("/u/{token}"),
            &facts(&message, &token, language),
        )
    })
    .await
}

async fn do_unsubscribe(
    State(app): State<AppState>,
    PathOf(token): PathOf<String>,
    Params(asked): Params<Asked>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    about(&app, &token, &asked, &headers, async |message, language| {
        if !is_one_click(&body) {
            return Err(Problem::unprocessable("campaigns.link.form_unreadable"));
        }
        unsubscribe(&app, &message, source(&body), language, agent(&headers)).await?;
        PAGES.page(
            &app,
            language,
            "unsubscribed.html",
            &format!("/p/{token}"),
            &facts(&message, &token, language),
        )
    })
    .await
}

async fn show_preferences(
    State(app): State<AppState>,
    PathOf(token): PathOf<String>,
    Params(asked): Params<Asked>,
    headers: HeaderMap,
) -> Response {
    about(&app, &token, &asked, &headers, async |message, language| {
        let mut values = facts(&message, &token, language);
        values["choices"] = json!(preferences::choices(&app, &message, language).await?);
        values["saved"] = json!(asked.saved.is_some());
        PAGES.page(&app, language, "preferences.html", &format!("/p/{token}"), &values)
    })
    .await
}

async fn save_preferences(
    State(app): State<AppState>,
    PathOf(token): PathOf<String>,
    Params(asked): Params<Asked>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    about(&app, &token, &asked, &headers, async |message, language| {
        let wanted = Wanted::read(&body)?;
        preferences::save(&app, &message, &wanted, language, agent(&headers)).await?;
        Ok(redirect(StatusCode::SEE_OTHER, &format!("/p/{token}?lang={}&saved=1", language.as_str())))
    })
    .await
}

async fn view(
    State(app): State<AppState>,
    PathOf(token): PathOf<String>,
    Params(asked): Params<Asked>,
    headers: HeaderMap,
) -> Response {
    about(&app, &token, &asked, &headers, async |message, _| {
        let html = written(&app, &message).await?;
        let headers = [
            (header::CONTENT_TYPE, "text/html; charset=utf-8"),
            (header::CACHE_CONTROL, "no-store"),
            (header::REFERRER_POLICY, "no-referrer"),
            (header::CONTENT_SECURITY_POLICY, MAIL_POLICY),
        ];
        Ok((headers, html).into_response())
    })
    .await
}

/// Writes a message once more, as long as its release stands.
async fn written(app: &AppState, message: &Message) -> Result<String> {
    let released = app.ports.release.get()?.open(message.release_id).await?;
    let numbers = crate::send::numbered_links(&app.store, message.campaign_id).await?;
    let renderer = Renderer::new(released, &message.campaign_name, Some(&numbers))?;
    let receiver = Receiver {
        address: message.address.clone().unwrap_or_default(),
        name: message.name.clone().unwrap_or_default(),
        first_name: message.given_name.clone().unwrap_or_default(),
        city: message.city.clone().unwrap_or_default(),
        tier: message.tier.clone().unwrap_or_default(),
    };
    let places = Links::of(app).await?.places(message.id);
    Ok(renderer.mail(&receiver, message.language, &places, &message.message_id)?.html)
}

/// Returns what every page shows: the brand, and the address so far hidden that only its holder knows it again.
fn facts(message: &Message, token: &str, language: Language) -> serde_json::Value {
    json!({
        "brand": message.brand_name.as_ref().map(|names| names.get(language)).unwrap_or_default(),
        "address": message.address.as_deref().map(veiled),
        "token": token,
    })
}

/// Returns `a…z@example.com` for an address.
fn veiled(address: &str) -> String {
    let Some((name, host)) = address.split_once('@') else { return "…".to_owned() };
    let first = name.chars().next().map(String::from).unwrap_or_default();
    let last = name.chars().last().filter(|_| name.chars().count() > 3).map(String::from).unwrap_or_default();
    format!("{first}…{last}@{host}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_to_those_who_know_it() {
        assert_eq!(veiled("wang.lei@example.invalid"), "w…i@example.invalid");
        assert_eq!(veiled("li@example.invalid"), "l…@example.invalid");
        assert_eq!(veiled("no address"), "…");
    }
}
