//! Worklist (数据整理清单): what is wrong with what is known about people, found every night, mended or let be.

mod api;
mod find;
mod jobs;
pub mod rules;
mod service;
mod sql;

use kernel::{Id, Label, Labelled, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub use api::routes;
pub use find::find;
pub use jobs::Find;
pub use service::{confirm, ignore, list, standing};

text_enum! {
    /// Problem (数据问题) with what is known about somebody.
    #[schema(as = WorklistProblem)]
    pub enum DataProblem {
        /// Neither an e-mail address nor a mobile number is known.
        NoContact = "no_contact",
        /// The name is not known.
        NoName = "no_name",
        /// The mobile number is none that can be: wrong length, or a range that no operator has.
        MobileInvalid = "mobile_invalid",
        /// The e-mail address is of a provider of throw-away addresses.
        EmailDisposable = "email_disposable",
        /// Messages to the e-mail address came back.
        EmailBounced = "email_bounced",
        /// More children than the household has room for.
        Contradiction = "contradiction",
        /// Nobody told or confirmed anything for the set period.
        Stale = "stale",
    }
}

text_enum! {
    /// State (处理状态) of an item.
    #[schema(as = WorklistState)]
    pub enum ItemState {
        /// Nobody mended it yet.
        Open = "open",
        /// It was mended: the next search did not find it any more.
        Fixed = "fixed",
        /// Somebody decided that it may stay so.
        Ignored = "ignored",
    }
}

/// Item (待整理项) of the worklist.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct WorklistItem {
    /// Its id.
    pub id: Id,
    /// The person.
    pub profile_id: Id,
    /// Their name.
    #[schema(extensions(("x-label" = json!("personal"))))]
    pub name: Option<String>,
    /// What is wrong.
    pub problem: DataProblem,
    /// The value that is wrong, where it is one.
    #[schema(extensions(("x-label" = json!("personal"))))]
    pub value: Option<String>,
    /// What became of it.
    pub state: ItemState,
    /// When it was found.
    pub found_at: Timestamp,
    /// When it was mended, or somebody decided.
    pub decided_at: Option<Timestamp>,
    /// Who decided.
    pub decided_by: Option<Id>,
    /// Why it may stay.
    pub reason: Option<String>,
    /// Counts its changes; for `If-Match`.
    pub version: i64,
}

impl Labelled for WorklistItem {
    const NOUN: &'static str = "customers.worklist_item";
    const FIELDS: &'static [(&'static str, Label)] = &[("name", Label::Personal), ("value", Label::Personal)];
}

/// Which items are wanted.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct WorklistFilter {
    /// Only with this problem.
    #[param(inline)]
    pub problem: Option<DataProblem>,
    /// Only in this state; open ones when absent.
    #[param(inline)]
    pub state: Option<ItemState>,
}

/// Why something may stay as it is.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IgnoreItem {
    /// The reason.
    #[schema(min_length = 1, max_length = 300)]
    pub reason: String,
}

/// How many people have a problem (问题汇总).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProblemCount {
    /// The problem.
    pub problem: DataProblem,
    /// Items that nobody mended yet.
    pub open: i64,
    /// Items that may stay.
    pub ignored: i64,
    /// Items that were mended.
    pub fixed: i64,
}

/// How the worklist stands (清单概况).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WorklistStanding {
    /// People.
    pub people: i64,
    /// Percent of people about whom nothing is open.
    pub sound: f64,
    /// By problem, always all of them.
    pub problems: Vec<ProblemCount>,
}

impl Labelled for WorklistStanding {
    const NOUN: &'static str = "customers.worklist";
}
