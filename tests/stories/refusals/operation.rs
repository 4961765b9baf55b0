//! The operations of the OpenAPI document, and requests made up from their schemas.

use axum::http::Method;
use kernel::Timestamp;
use serde_json::{Map, Value as Json, json};

use crate::harness::Call;

/// Deepest schema that is followed.
const DEPTH_MAX: usize = 8;

/// Who may call, as the document says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Access {
    Public,
    SignedIn,
    Needs { permission: String, scoped: bool },
}

/// An operation of the document.
#[derive(Clone, Debug)]
pub struct Operation {
    pub id: String,
    pub method: Method,
    pub path: String,
    pub access: Access,
    /// True where guests are let in.
    pub guests: bool,
    /// Schema of a JSON body.
    body: Option<Json>,
    /// Schema of the answer that says yes.
    answer: Option<Json>,
    asks_version: bool,
    /// Names and schemas of what must stand in the query.
    query: Vec<(String, Json)>,
}

impl Operation {
    /// Returns every operation of the document.
    pub fn all(document: &Json) -> Vec<Self> {
        let paths = document["paths"].as_object().expect("paths");
        let mut all = Vec::new();
        for (path, methods) in paths {
            for (method, operation) in methods.as_object().expect("methods") {
                all.push(Self::read(path, method, operation));
            }
        }
        assert!(all.len() > 200, "the document holds {} operations", all.len());
        all
    }

    fn read(path: &str, method: &str, operation: &Json) -> Self {
        let access = &operation["x-access"];
        let access = match (access["permission"].as_str(), access["public"].as_str(), access.as_str()) {
            (Some(permission), ..) => {
                let scoped = access["scoped"].as_bool().expect("scoped or not");
                Access::Needs { permission: permission.to_owned(), scoped }
            }
            (_, Some(why), _) if !why.is_empty() => Access::Public,
            (.., Some("signed_in" | "signed_in_or_guest")) => Access::SignedIn,
            _ => panic!("{method} {path} does not say who may call it: {access}"),
        };
        let json_of =
            |content: &Json| content["application/json"]["schema"].as_object().cloned().map(Json::Object);
        let answers = operation["responses"].as_object().expect("answers");
        let parameters = operation["parameters"].as_array();
        Self {
            id: operation["operationId"].as_str().expect("an id").to_owned(),
            method: method.to_uppercase().parse().expect("a method"),
            path: path.to_owned(),
            access,
            guests: operation["x-access"] == "signed_in_or_guest",
            body: json_of(&operation["requestBody"]["content"]),
            answer: answers
                .iter()
                .find(|(code, _)| code.starts_with('2'))
                .and_then(|(_, a)| json_of(&a["content"])),
            query: parameters
                .into_iter()
                .flatten()
                .filter(|parameter| parameter["in"] == "query" && parameter["required"] == true)
                .map(|parameter| {
                    (parameter["name"].as_str().expect("a name").to_owned(), parameter["schema"].clone())
                })
                .collect(),
            asks_version: parameters.into_iter().flatten().any(|parameter| parameter["name"] == "If-Match"),
        }
    }

    /// Makes a request to this place with a body that fits the schema.
    pub fn call(&self, mut path: String, version: i64, words: &Words<'_>) -> Call {
        for (name, schema) in &self.query {
            let value = match words.example(schema, 0) {
                Json::String(text) => text,
                other => other.to_string(),
            };
            path.push(if path.contains('?') { '&' } else { '?' });
            path.push_str(&format!("{name}={value}"));
        }
        let call = Call::new(self.method.clone(), path);
        // Some operations ask for the version without saying so in the document; a header more harms nobody.
        let call = match self.asks_version || self.method != Method::GET {
            true => call.header("if-match", format!("\"{version}\"")),
            false => call,
        };
        match &self.body {
            Some(schema) => call.json(&words.example(schema, 0)),
            None => call,
        }
    }

    /// Returns the fields of the answer that bear a label, by their path below a row.
    pub fn labelled(&self, document: &Json) -> Vec<Vec<String>> {
        let mut found = Vec::new();
        if let Some(schema) = &self.answer {
            labels(document, schema, &mut Vec::new(), 0, &mut found);
        }
        found
    }
}

fn resolve<'d>(document: &'d Json, schema: &'d Json) -> &'d Json {
    match schema["$ref"].as_str().and_then(|link| link.strip_prefix('#')) {
        Some(pointer) => document.pointer(pointer).unwrap_or_else(|| panic!("{pointer} leads nowhere")),
        None => schema,
    }
}

fn labels(
    document: &Json,
    schema: &Json,
    path: &mut Vec<String>,
    depth: usize,
    found: &mut Vec<Vec<String>>,
) {
    if depth > DEPTH_MAX {
        return;
    }
    let label = &schema["x-label"];
    let schema = resolve(document, schema);
    if label.is_string() || schema["x-label"].is_string() {
        found.push(path.clone());
        return;
    }
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        path.push(name.clone());
        labels(document, property, path, depth + 1, found);
        path.pop();
    }
    for part in ["allOf", "oneOf", "anyOf"].iter().filter_map(|key| schema[*key].as_array()).flatten() {
        labels(document, part, path, depth + 1, found);
    }
    if schema["items"].is_object() {
        path.push("[]".to_owned());
        labels(document, &schema["items"], path, depth + 1, found);
        path.pop();
    }
}

/// What stands in made-up bodies.
#[derive(Clone, Debug)]
pub struct Words<'d> {
    pub document: &'d Json,
    /// Values of properties by their name, such as `brand_id`.
    pub known: Map<String, Json>,
    pub now: Timestamp,
}

impl Words<'_> {
    /// Makes a value that fits a schema, with the fields that must be there and those that are known.
    pub fn example(&self, schema: &Json, depth: usize) -> Json {
        if schema["$ref"].as_str().is_some_and(|link| link.ends_with("/LocalText")) {
            return json!({ "zh-Hans": "新的", "zh-Hant": "新的", "en": "New" });
        }
        let schema = resolve(self.document, schema);
        if depth > DEPTH_MAX {
            return Json::Null;
        }
        if let Some(first) = schema["enum"].as_array().and_then(|words| words.first()) {
            return first.clone();
        }
        if let Some(parts) = schema["allOf"].as_array() {
            return self.merged(parts, depth);
        }
        if let Some(choices) = schema["oneOf"].as_array().or(schema["anyOf"].as_array()) {
            let choice = choices.iter().find(|choice| choice["type"] != "null").expect("a choice");
            return self.example(choice, depth + 1);
        }
        let kind = match &schema["type"] {
            Json::Array(kinds) => kinds.iter().find(|kind| *kind != "null").and_then(Json::as_str),
            kind => kind.as_str(),
        };
        match kind {
            Some("string") => text(schema, self.now),
            Some("integer" | "number") => json!(schema["minimum"].as_i64().unwrap_or(1).max(1)),
            Some("boolean") => json!(true),
            Some("array") => {
                let count = schema["minItems"].as_u64().unwrap_or(0);
                (0..count).map(|_| self.example(&schema["items"], depth + 1)).collect()
            }
            _ => self.object(schema, depth),
        }
    }

    fn object(&self, schema: &Json, depth: usize) -> Json {
        let required: Vec<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
        let mut object = Map::new();
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            match self.known.get(name) {
                Some(known) => drop(object.insert(name.clone(), known.clone())),
                None if required.contains(&name.as_str()) => {
                    object.insert(name.clone(), self.example(property, depth + 1));
                }
                None => {}
            }
        }
        Json::Object(object)
    }

    fn merged(&self, parts: &[Json], depth: usize) -> Json {
        let mut object = Map::new();
        for part in parts {
            if let Json::Object(more) = self.example(part, depth + 1) {
                object.extend(more);
            }
        }
        Json::Object(object)
    }
}

fn text(schema: &Json, now: Timestamp) -> Json {
    match (schema["format"].as_str(), schema["pattern"].as_str()) {
        (Some("uuid"), _) => json!(kernel::Id::new()),
        (Some("date-time"), _) => json!(now.plus_days(1)),
        (Some("date"), _) => json!("2026-11-22"),
        (Some("email"), _) => json!("made.up@daoting.example"),
        (_, Some("^[A-Z]{3}$")) => json!("CNY"),
        (_, Some(pattern)) if pattern.contains("0-9-") => json!("made-up"),
        _ => json!("made_up".repeat(schema["minLength"].as_u64().unwrap_or(0) as usize / 7 + 1)),
    }
}
