//! Reads JSON, and says in words what is wrong with it.

use kernel::{Problem, Result};
use serde::de::DeserializeOwned;

use crate::unfit::{self, Unfit};

/// Reads a JSON text into `T`; a mistake is answered with the field, its place and what was expected.
pub fn read_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    if let Err(error) = std::str::from_utf8(bytes) {
        return Err(Problem::bad_request("http.not_utf8").with("place", error.valid_up_to() + 1));
    }
    if holds_nul(bytes) {
        return Err(Problem::bad_request("http.text_has_nul"));
    }
    // serde_json stops at a depth of 128 by itself.
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let read = serde_path_to_error::deserialize(&mut json)
        .map_err(|error| refusal(&error.path().to_string(), error.inner()))?;
    json.end().map_err(|error| Problem::bad_request("http.json_trailing").with("line", error.line()))?;
    Ok(read)
}

/// Finds the escape of the NUL character, which PostgreSQL takes in no text.
fn holds_nul(json: &[u8]) -> bool {
    const ESCAPE: &[u8] = b"\\u0000";
    json.windows(ESCAPE.len()).enumerate().any(|(place, window)| {
        // Behind an odd number of backslashes the first one is itself escaped.
        let before = json[..place].iter().rev().take_while(|byte| **byte == b'\\').count();
        window == ESCAPE && before.is_multiple_of(2)
    })
}

fn refusal(path: &str, error: &serde_json::Error) -> Problem {
    use serde_json::error::Category;
    let message = error.to_string();
    let reason = message.rsplit_once(" at line ").map_or(message.as_str(), |(reason, _)| reason);
    let problem = match error.classify() {
        Category::Data => match unfit::read(reason) {
            Unfit::Other => Unfit::Other.problem(path).with("reason", reason),
            known => known.problem(path),
        },
        _ if reason == "recursion limit exceeded" => Problem::bad_request("http.json_too_deep"),
        _ => Problem::bad_request("http.json_syntax").with("reason", reason),
    };
    problem.with("line", error.line()).with("column", error.column())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only the reading is tested")]
    struct Form {
        name: String,
        #[serde(default)]
        rows: Vec<Row>,
        #[serde(default)]
        more: BTreeMap<String, serde_json::Value>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only the reading is tested")]
    struct Row {
        count: u32,
        #[serde(default)]
        kind: Kind,
    }

    #[derive(Debug, Default, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Kind {
        #[default]
        New,
        Old,
    }

    fn refused(json: &str) -> (String, String) {
        let problem = read_json::<Form>(json.as_bytes()).expect_err(json);
        assert_eq!(problem.status, 400, "{json}");
        let field = problem.args.get("field").and_then(|field| field.as_str()).unwrap_or_default().to_owned();
        (problem.code.into_owned(), field)
    }

    #[test]
    fn each_mistake_is_named_with_its_field() {
        for (json, code, field) in [
            ("{", "http.json_syntax", ""),
            ("", "http.json_syntax", ""),
            ("[]", "http.value.type_object", ""),
            (r#"{"rows":[]}"#, "http.value.missing", "name"),
            (r#"{"name":1}"#, "http.value.type_text", "name"),
            (r#"{"name":"a","nmae":1}"#, "http.value.unknown_field", "nmae"),
            (
                r#"{"name":"a","rows":[{"count":1},{"count":"x"}]}"#,
                "http.value.type_integer",
                "rows[1].count",
            ),
            (r#"{"name":"a","rows":[{"count":-1}]}"#, "http.value.type_integer", "rows[0].count"),
            (r#"{"name":"a","rows":[{"count":1,"kind":"odd"}]}"#, "http.value.unknown_word", "rows[0].kind"),
            (r#"{"name":"a","rows":{}}"#, "http.value.type_list", "rows"),
            (r#"{"name":"a","name":"b"}"#, "http.value.twice", "name"),
            (r#"{"name":"a"} x"#, "http.json_trailing", ""),
            (r#"{"name":"\u0000"}"#, "http.text_has_nul", ""),
        ] {
            assert_eq!(refused(json), (code.to_owned(), field.to_owned()), "{json}");
        }
    }

    #[test]
    fn a_backslash_before_u0000_is_text() {
        let form: Form = read_json(br#"{"name":"\\u0000"}"#).expect("a backslash and five characters");
        assert_eq!(form.name, "\\u0000");
        assert!(!holds_nul(br#""\\\\u0000""#));
        assert!(holds_nul(br#""\\\u0000""#));
    }

    #[test]
    fn depth_and_charset_are_refused_before_they_do_harm() {
        let deep = format!(r#"{{"name":"a","more":{{"x":{}"#, "[".repeat(100_000));
        assert_eq!(refused(&deep).0, "http.json_too_deep");
        let problem = read_json::<Form>(b"{\"name\":\"\xff\"}").expect_err("no UTF-8");
        assert_eq!((problem.code.as_ref(), problem.args["place"].as_u64()), ("http.not_utf8", Some(10)));
    }
}
