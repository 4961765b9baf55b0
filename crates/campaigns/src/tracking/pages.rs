//! Pages that receivers see: plain HTML without scripts, in the three languages.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use http_kit::{App, AppState};
use kernel::{Language, Problem, Result};
use minijinja::value::{Kwargs, Serde};
use minijinja::{Environment, Value};
use serde_json::json;

/// The style of all pages.
pub(super) const STYLE: &str = include_str!("../../templates/pages.css");
/// Codes of the pages' sentences begin with this.
const PREFIX: &str = "campaigns.page.";

static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    for (name, text) in [
        ("layout.html", include_str!("../../templates/layout.html")),
        ("unsubscribe.html", include_str!("../../templates/unsubscribe.html")),
        ("unsubscribed.html", include_str!("../../templates/unsubscribed.html")),
        ("preferences.html", include_str!("../../templates/preferences.html")),
        ("notice.html", include_str!("../../templates/notice.html")),
    ] {
        environment.add_template(name, text).expect("our own templates are sound");
    }
    environment
});

/// Says a sentence of the pages.
pub(super) fn say(app: &App, language: Language, name: &str, values: &[(&str, &str)]) -> String {
    let values: BTreeMap<String, serde_json::Value> =
        values.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    app.texts.say(language, &format!("{PREFIX}{name}"), &values)
}

/// Writes a page. `path` is its own address without the language, for the switch; a token in it was read before.
pub(super) fn page(
    app: &AppState,
    language: Language,
    template: &str,
    path: &str,
    values: &serde_json::Value,
) -> Result<Response> {
    let texts = app.clone();
    let sentence = move |name: &str, kwargs: Kwargs| -> Result<String, minijinja::Error> {
        let mut args = BTreeMap::new();
        for key in kwargs.args() {
            let value: String = kwargs.get(key)?;
            args.insert(key.to_owned(), serde_json::Value::from(value));
        }
        Ok(texts.texts.say(language, &format!("{PREFIX}{name}"), &args))
    };
    let languages = [("zh-Hans", "简体中文"), ("zh-Hant", "繁體中文"), ("en", "English")];
    let context = minijinja::context! {
        t => Value::from_function(sentence),
        lang => language.as_str(),
        path => Value::from_safe_string(path.to_owned()),
        languages => languages.map(|(tag, name)| minijinja::context! { tag => tag, name => name }).to_vec(),
        page => Value::from(Serde(values)),
    };
    let html = TEMPLATES.get_template(template).and_then(|t| t.render(context)).map_err(Problem::internal)?;
    let mut response = Html(html).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.as_str()));
    // The address is the key to the page: it goes nowhere else.
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    Ok(response)
}

/// Writes a refusal as a page that a receiver understands.
pub(super) fn refusal(app: &AppState, language: Language, problem: &Problem) -> Response {
    let sentence = app.texts.say(language, &problem.code, &problem.args);
    if problem.status >= 500 {
        tracing::error!(code = %problem.code, "a public page failed: {problem}");
    }
    let values = json!({ "title": say(app, language, "notice_title", &[]), "text": sentence });
    match page(app, language, "notice.html", "", &values) {
        Ok(mut response) => {
            *response.status_mut() =
                StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            response
        }
        Err(error) => http_kit::Refusal(error).into_response(),
    }
}
