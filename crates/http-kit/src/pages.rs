//! Pages that receivers see: plain HTML without scripts, in the three languages; each domain brings its own.

use std::collections::BTreeMap;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use kernel::{Language, Problem, Result};
use minijinja::value::{Kwargs, Serde};
use minijinja::{Environment, Value};
use serde_json::json;

use crate::{App, AppState};

/// The style of all pages.
pub const STYLE: &str = include_str!("../templates/pages.css");

/// One transparent pixel.
const PIXEL: &[u8] =
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\
    \x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;";

/// Answers with a picture that nobody sees and no program keeps.
pub fn pixel() -> Response {
    ([(header::CONTENT_TYPE, "image/gif"), (header::CACHE_CONTROL, "no-store")], PIXEL).into_response()
}

/// The pages of one domain (对外页面): its templates in the frame that all share, and where its sentences stand.
pub struct Pages {
    environment: Environment<'static>,
    /// Codes of the pages' sentences begin with this.
    prefix: &'static str,
}

impl Pages {
    /// Puts the templates of a domain into the frame; they were tried when it was built.
    pub fn new(prefix: &'static str, templates: &[(&'static str, &'static str)]) -> Self {
        let frame = [
            ("layout.html", include_str!("../templates/layout.html")),
            ("notice.html", include_str!("../templates/notice.html")),
        ];
        let mut environment = Environment::new();
        for (name, text) in frame.iter().chain(templates) {
            environment.add_template(name, text).expect("our own templates are sound");
        }
        Self { environment, prefix }
    }

    /// Says a sentence of the pages.
    pub fn say(&self, app: &App, language: Language, name: &str, values: &[(&str, &str)]) -> String {
        let values: BTreeMap<String, serde_json::Value> =
            values.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
        app.texts.say(language, &format!("{}{name}", self.prefix), &values)
    }

    /// Writes a page. `path` is its own address without the language, for the switch; a token in it was read before.
    pub fn page(
        &self,
        app: &AppState,
        language: Language,
        template: &str,
        path: &str,
        values: &serde_json::Value,
    ) -> Result<Response> {
        let (texts, prefix) = (app.clone(), self.prefix);
        let sentence = move |name: &str, kwargs: Kwargs| -> Result<String, minijinja::Error> {
            let mut args = BTreeMap::new();
            for key in kwargs.args() {
                let value: String = kwargs.get(key)?;
                args.insert(key.to_owned(), serde_json::Value::from(value));
            }
            Ok(texts.texts.say(language, &format!("{prefix}{name}"), &args))
        };
        let languages = [("zh-Hans", "简体中文"), ("zh-Hant", "繁體中文"), ("en", "English")];
        let context = minijinja::context! {
            t => Value::from_function(sentence),
            lang => language.as_str(),
            path => Value::from_safe_string(path.to_owned()),
            languages => languages.map(|(tag, name)| minijinja::context! { tag => tag, name => name }).to_vec(),
            page => Value::from(Serde(values)),
        };
        let template = self.environment.get_template(template);
        let html = template.and_then(|t| t.render(context)).map_err(Problem::internal)?;
        let mut response = Html(html).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.as_str()));
        // The address is the key to the page: it goes nowhere else.
        headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        Ok(response)
    }

    /// Writes a refusal as a page that a receiver understands.
    pub fn refusal(&self, app: &AppState, language: Language, problem: &Problem) -> Response {
        let sentence = app.texts.say(language, &problem.code, &problem.args);
        if problem.status >= 500 {
            tracing::error!(code = %problem.code, "a public page failed: {problem}");
        }
        let values = json!({ "title": self.say(app, language, "notice_title", &[]), "text": sentence });
        match self.page(app, language, "notice.html", "", &values) {
            Ok(mut response) => {
                *response.status_mut() =
                    StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                response
            }
            Err(error) => crate::Refusal(error).into_response(),
        }
    }
}

/// Returns the language of a page: the switch on it, then what is known of its reader, then the browser's.
pub fn language(switched: Option<&str>, known: Option<Language>, headers: &HeaderMap) -> Language {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    switched
        .and_then(Language::from_tag)
        .or(known)
        .unwrap_or_else(|| accepted.map_or_else(Language::default, Language::negotiate))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_switch_wins_over_what_is_known_and_the_browser() {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static("en"));
        assert_eq!(language(Some("zh-Hant"), Some(Language::ZhHans), &headers), Language::ZhHant);
        assert_eq!(language(Some("xx"), Some(Language::ZhHans), &headers), Language::ZhHans);
        assert_eq!(language(Some("xx"), None, &headers), Language::En);
    }
}
