use std::collections::BTreeMap;

use kernel::{Language, Problem, TextBook};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;

/// Why something failed (失败原因), kept so that each reader gets it in their own language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Said {
    /// Key of the text.
    pub code: String,
    /// Values that the text names.
    #[schema(value_type = Object)]
    pub args: BTreeMap<String, Json>,
    /// The sentence, in the caller's language.
    #[serde(default)]
    pub text: String,
}

impl Said {
    /// Keeps a problem. What the server's own faults are stays in its log.
    pub fn of(problem: &Problem) -> Self {
        Self { code: problem.code.to_string(), args: problem.args.clone(), text: String::new() }
    }

    /// Says it in a language.
    pub fn say(&mut self, texts: &TextBook, language: Language) {
        self.text = texts.say(language, &self.code, &self.args);
    }
}
