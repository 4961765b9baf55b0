//! Clause (条款): what a management document asks, who answers for it, and whether it is followed.

use serde::Deserialize;

use crate::pack::Text;

/// A clause as a pack states it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClauseSpec {
    /// Its id, such as `BA-4.3.2`.
    pub id: String,
    /// Title of its section.
    #[serde(default)]
    pub section: Text,
    /// Key of the department that answers for it.
    pub department: String,
    /// Area of the product that carries it out.
    #[serde(default)]
    pub area: String,
    /// Kind of carrying out: record, workflow, metric, ….
    #[serde(default)]
    pub kind: String,
    /// Short title.
    pub title: Text,
    /// What it asks.
    pub text: Text,
    /// What the product does for it.
    #[serde(default)]
    pub software: Text,
    /// What proves that it is followed.
    #[serde(default)]
    pub evidence: Text,
    /// False where the source is cut off, so that nobody can say what following it means.
    #[serde(default = "yes")]
    pub assessable: bool,
}

fn yes() -> bool {
    true
}

impl ClauseSpec {
    /// Returns the id of its chapter: everything before the first dot.
    pub fn chapter_id(&self) -> &str {
        self.id.split('.').next().unwrap_or(&self.id)
    }

    /// Returns the code of its document: everything before the first hyphen.
    pub fn document_id(&self) -> &str {
        self.id.split('-').next().unwrap_or(&self.id)
    }
}
