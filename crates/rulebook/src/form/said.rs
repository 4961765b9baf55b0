use std::collections::BTreeMap;

use http_kit::App;
use kernel::{Id, Label, Result, Timestamp};
use serde::Deserialize;
use serde_json::{Map, Value as Json};
use store::args;

use super::questions::{Question, QuestionKind};
use super::{sql, tally};
use crate::Rulebook;

/// What somebody wrote in their own words (自由回答).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The answer that it stands in.
    pub answer_id: Id,
    /// When it was sent.
    pub at: Timestamp,
    /// What was written.
    pub text: String,
}

/// Returns what people wrote in their own words to the questions of public forms since a time and before another, the
/// newest answers first, from at most so many. For programs that count: whoever shows it masks it.
pub async fn said(app: &App, from: Timestamp, until: Timestamp, most: i64) -> Result<Vec<Said>> {
    #[derive(Deserialize)]
    struct Row {
        id: Id,
        at: Timestamp,
        type_id: String,
        questions: Vec<Question>,
        document: Map<String, Json>,
    }
    let book = app.part::<Rulebook>()?;
    let mut tables: BTreeMap<String, Option<String>> = BTreeMap::new();
    let mut found = Vec::new();
    for row in app.store.all::<Row>(sql::SAID, args![from, until, most]).await? {
        let table = tables.entry(row.type_id).or_insert_with_key(|id| {
            let spec = &book.record_type(id)?.spec;
            // What is above personal is for those whom its type names, and for nobody's statistics.
            let questions = spec.public_form.as_ref()?.questions.as_ref()?;
            (spec.label <= Label::Personal).then(|| questions.answers.clone())
        });
        let Some(table) = table else { continue };
        for said in tally::rows(&row.document, table) {
            let of = |key: &str| said.get(key).and_then(Json::as_str).unwrap_or_default();
            let asks = |question: &&Question| question.code == of("question");
            let is_text =
                row.questions.iter().find(asks).is_some_and(|question| question.kind == QuestionKind::Text);
            if is_text && !of("value").trim().is_empty() {
                found.push(Said { answer_id: row.id, at: row.at, text: of("value").to_owned() });
            }
        }
    }
    Ok(found)
}
