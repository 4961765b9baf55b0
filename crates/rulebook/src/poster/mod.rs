//! Poster (张贴页): a clause to hang up where people work, in three languages; also what reminders say.

pub mod api;
mod pdf;

use http_kit::App;
use kernel::{Labelled, Language, Problem, Result};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Rulebook;
use crate::clause::ClauseSpec;

/// Clause that is hung up as a poster, in one language.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Poster {
    /// The clause.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it says.
    pub text: String,
}

impl Labelled for Poster {
    const NOUN: &'static str = "rulebook.poster";
}

fn clauses(book: &Rulebook) -> impl Iterator<Item = &ClauseSpec> {
    let named = book.packs().iter().flat_map(|pack| &pack.manifest.posters);
    named.filter_map(|id| book.clause(id)).map(|(_, clause)| clause)
}

/// Returns the clauses that the packs hang up, in their order.
pub fn list(app: &App, language: Language) -> Result<Vec<Poster>> {
    let book = app.part::<Rulebook>()?.snapshot();
    let poster = |clause: &ClauseSpec| Poster {
        id: clause.id.clone(),
        title: clause.title.get(language).to_owned(),
        text: clause.text.get(language).to_owned(),
    };
    Ok(clauses(&book).map(poster).collect())
}

/// Writes the poster of a clause in three languages, for a printer.
pub fn print(app: &App, id: &str) -> Result<Vec<u8>> {
    let book = app.part::<Rulebook>()?.snapshot();
    let clause = clauses(&book).find(|clause| clause.id == id);
    let clause = clause.ok_or_else(|| Problem::not_found("access.not_found"))?;
    let document = book.clause(id).map(|(pack, _)| pack.manifest.texts.title.clone()).unwrap_or_default();
    Ok(pdf::write(clause, &document))
}
