//! Clause (条款): what a management document asks, who answers for it, and whether it is followed.

pub mod api;
mod owner;
mod rules;
mod service;
mod sql;

use kernel::{Labelled, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub(crate) use owner::publish as publish_owners;
pub(crate) use rules::weekly;
pub(crate) use service::{all, standings};
pub use service::{documents, find, list, status};

use crate::control::{ControlView, Coverage};
use crate::pack::Text;
use crate::parameter::Parameter;
use crate::run::Verdict;
use crate::waiver::Waiver;

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

text_enum! {
    /// Status (落实状态) of a clause, derived from the runs of its controls.
    pub enum Status {
        /// Its controls found it followed.
        Followed = "followed",
        /// A control found it broken.
        Broken = "broken",
        /// Too little has happened to say.
        Insufficient = "insufficient",
        /// People signed that it is followed.
        Attested = "attested",
        /// No control shows it yet.
        Uncovered = "uncovered",
    }
}

/// How many clauses stand how (落实统计).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StatusCounts {
    /// All clauses.
    pub clauses: u32,
    /// Those that are not uncovered.
    pub covered: u32,
    /// Those that are followed.
    pub followed: u32,
    /// Those that are broken.
    pub broken: u32,
    /// Those of which too little is known.
    pub insufficient: u32,
    /// Those that people signed for.
    pub attested: u32,
    /// Those that no control shows yet.
    pub uncovered: u32,
    /// Those whose evidence is older than its time.
    pub stale: u32,
    /// Those whose status a person overrode.
    pub overridden: u32,
}

/// A clause (条款) as lists show it, in the caller's language.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Clause {
    /// Its id.
    pub id: String,
    /// Code of its document.
    pub document: String,
    /// Its chapter.
    pub chapter: String,
    /// Title of its section.
    pub section: String,
    /// Short title.
    pub title: String,
    /// What it asks.
    pub text: String,
    /// Key of the department that answers for it.
    pub department: String,
    /// Name of the department.
    pub department_title: String,
    /// Whether it is followed, or what a waiver says in place of that.
    pub status: Status,
    /// What its controls say.
    pub derived_status: Status,
    /// How much of it is shown; absent where no control shows it.
    pub coverage: Option<Coverage>,
    /// True where the evidence is older than its time.
    pub stale: bool,
    /// True where a person overrode the status.
    pub overridden: bool,
    /// False where the source is cut off.
    pub assessable: bool,
    /// How many controls show it.
    pub controls: u32,
    /// When its evidence was last found.
    pub checked_at: Option<Timestamp>,
}

impl Labelled for Clause {
    const NOUN: &'static str = "rulebook.clause";
}

/// A clause with all that is known about it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ClauseDetail {
    /// The clause.
    pub clause: Clause,
    /// Title of its document.
    pub document_title: String,
    /// Title of its chapter.
    pub chapter_title: String,
    /// What the product does for it.
    pub software: String,
    /// What proves that it is followed.
    pub evidence: String,
    /// Its controls, each with its newest run.
    pub controls: Vec<ControlView>,
    /// The policy parameters that serve it.
    pub parameters: Vec<Parameter>,
    /// How it stood in the last twelve weeks, oldest first.
    pub trend: Vec<TrendWeek>,
    /// Its waivers, newest first.
    pub waivers: Vec<Waiver>,
}

impl Labelled for ClauseDetail {
    const NOUN: &'static str = "rulebook.clause";
}

/// How a clause or control stood at the end of a week.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TrendWeek {
    /// When the week begins.
    pub from: Timestamp,
    /// How it stood; absent where nothing was measured.
    pub verdict: Option<Verdict>,
}

/// Which clauses to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ClauseFilter {
    /// Only of this document.
    #[param(max_length = 20)]
    pub document: Option<String>,
    /// Only of this chapter.
    #[param(max_length = 40)]
    pub chapter: Option<String>,
    /// Only of this department.
    #[param(max_length = 40)]
    pub department: Option<String>,
    /// Only with this status.
    pub status: Option<Status>,
    /// Only covered ones, or only uncovered ones.
    pub covered: Option<bool>,
    /// Words anywhere in id, title or text.
    #[param(max_length = 200)]
    pub q: Option<String>,
}

/// How the clauses of one document, chapter or department stand.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CoverageRow {
    /// Code of the document, id of the chapter, or key of the department.
    pub id: String,
    /// Its name, in the caller's language.
    pub title: String,
    /// How its clauses stand.
    pub counts: StatusCounts,
    /// How they stood at the end of each of the last twelve weeks.
    pub trend: Vec<CoverageWeek>,
}

/// A document (制度文件) with its chapters.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Document {
    /// Its code.
    pub id: String,
    /// Its title, in the caller's language.
    pub title: String,
    /// What it is about.
    pub summary: String,
    /// The pack that holds it.
    pub pack_id: String,
    /// How its clauses stand.
    pub counts: StatusCounts,
    /// How they stood at the end of each of the last twelve weeks.
    pub trend: Vec<CoverageWeek>,
    /// Its chapters, in order.
    pub chapters: Vec<CoverageRow>,
}

impl Labelled for Document {
    const NOUN: &'static str = "rulebook.document";
}

/// How all clauses stand (落实总览).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Summary {
    /// All of them.
    pub total: StatusCounts,
    /// By document.
    pub documents: Vec<CoverageRow>,
    /// By department.
    pub departments: Vec<CoverageRow>,
    /// Share of covered and of followed clauses at the end of each of the last twelve weeks.
    pub trend: Vec<CoverageWeek>,
}

impl Labelled for Summary {
    const NOUN: &'static str = "rulebook.coverage";
}

/// How many clauses stood how at the end of a week.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CoverageWeek {
    /// When the week begins.
    pub from: Timestamp,
    /// Those that were measured.
    pub covered: u32,
    /// Those that were followed.
    pub followed: u32,
    /// Those that were broken.
    pub broken: u32,
}
