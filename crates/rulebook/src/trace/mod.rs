//! Traceability (追溯): how work hangs together, from content over campaigns, plans and strategies up to goals.
//!
//! Nothing is stored here: the map is read from what each thing says that it serves, as far as its reader may see it.

pub mod api;
mod rules;
mod service;
mod sql;

use kernel::{Id, Labelled, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

text_enum! {
    /// Level (层级) of the map, from execution up to what the company wants.
    pub enum TraceLevel {
        /// What is said.
        Content = "content",
        /// What is sent.
        Campaign = "campaign",
        /// Plans and their initiatives.
        Plan = "plan",
        /// Strategies of marketing and brand.
        Strategy = "strategy",
        /// What is to be reached.
        Goal = "goal",
    }
}

/// A thing on the map (追溯节点).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TraceNode {
    /// Its id.
    pub id: Id,
    /// Where it stands on the map.
    pub level: TraceLevel,
    /// What it is: `content`, `campaign` or a record type.
    pub kind: String,
    /// Its name; number and name where it is a record.
    pub title: String,
    /// Its state, in the caller's language.
    pub state_title: Option<String>,
    /// Its page.
    pub link: String,
    /// What it serves, of what stands on this map.
    pub up: Vec<Id>,
    /// How many things it serves that are not on this map: over, or not for this caller.
    pub up_elsewhere: usize,
    /// True where nothing leads from it to a goal.
    pub orphan: bool,
}

/// The map (追溯图), as far as the caller may see it.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct TraceMap {
    /// Everything that is not over yet, the newest first in each kind.
    pub nodes: Vec<TraceNode>,
    /// Kinds of which there is more than the map shows.
    pub cut: Vec<String>,
}

impl Labelled for TraceMap {
    const NOUN: &'static str = "rulebook.trace";
}
