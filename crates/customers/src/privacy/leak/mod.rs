//! Leak (泄露事件): data that got into the wrong hands: what, whose, by when the authority has to know, and what was done.

mod affected;
mod api;
pub mod rules;
mod service;
mod sql;

use kernel::{Id, Label, Labelled, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub use affected::{add, affected, export_file};
pub use api::routes;
pub use service::{close, create, get, inform, list, patch, remind, report, step, timeline, waive};

text_enum! {
    /// State (处理状态) of a leak.
    pub enum LeakState {
        /// It goes on, or nobody knows.
        Open = "open",
        /// It goes on no more.
        Contained = "contained",
        /// Everything is done.
        Closed = "closed",
    }
}

text_enum! {
    /// Clock (报告时钟) by which the authority has to know.
    pub enum LeakClock {
        /// There is time.
        Running = "running",
        /// The end is near.
        DueSoon = "due_soon",
        /// The end has passed.
        Overdue = "overdue",
        /// The authority knows.
        Reported = "reported",
        /// It does not have to know.
        NotNeeded = "not_needed",
    }
}

text_enum! {
    /// Data (涉及信息) that a leak is about.
    pub enum LeakedData {
        /// Names.
        Name = "name",
        /// E-mail addresses.
        Email = "email",
        /// Mobile numbers.
        Mobile = "mobile",
        /// Street addresses.
        Address = "address",
        /// Numbers of membership cards.
        MemberNumber = "member_number",
        /// Orders.
        Orders = "orders",
        /// What people agreed to.
        Consents = "consents",
        /// What people did.
        Behaviour = "behaviour",
        /// Other data.
        Other = "other",
    }
}

text_enum! {
    /// How (圈定方式) affected people are named.
    pub enum AffectedBy {
        /// Everybody in a segment now.
        Segment = "segment",
        /// These people.
        Profiles = "profiles",
        /// Everybody whom a source told about.
        Source = "source",
        /// Everybody in a list that left.
        Export = "export",
    }
}

text_enum! {
    /// Kind (步骤) of a step.
    pub enum LeakStepKind {
        /// It was found.
        Discovered = "discovered",
        /// People were named.
        Affected = "affected",
        /// It goes on no more.
        Contained = "contained",
        /// Something was done.
        Measure = "measure",
        /// Something was learned.
        Note = "note",
        /// The authority was told.
        AuthorityReported = "authority_reported",
        /// The authority does not have to be told.
        AuthorityWaived = "authority_waived",
        /// The people were told.
        PeopleInformed = "people_informed",
        /// What is known about it was corrected.
        Updated = "updated",
        /// Everything is done.
        Closed = "closed",
    }
}

/// Leak (泄露事件).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Leak {
    /// Its id.
    pub id: Id,
    /// Its number.
    pub number: String,
    /// What it is called.
    pub title: String,
    /// What happened.
    pub what_happened: String,
    /// When we learned of it: from then on the clock runs.
    pub discovered_at: Timestamp,
    /// Where it stands.
    pub state: LeakState,
    /// Which data.
    pub fields: Vec<LeakedData>,
    /// How many people are known to be affected.
    pub affected_count: i64,
    /// By when the authority has to know.
    pub authority_due_at: Timestamp,
    /// When it was told.
    pub authority_reported_at: Option<Timestamp>,
    /// Its number for the case.
    pub authority_reference: Option<String>,
    /// Why it does not have to be told.
    pub authority_waived_because: Option<String>,
    /// How that clock stands.
    #[serde(default = "running")]
    pub clock: LeakClock,
    /// When the people were told.
    pub people_informed_at: Option<Timestamp>,
    /// How.
    pub people_informed_how: Option<String>,
    /// When everything was done.
    pub closed_at: Option<Timestamp>,
    /// Why it could be closed.
    pub closed_because: Option<String>,
    /// When it was written down.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: Option<Id>,
    /// Counts its changes; for `If-Match`.
    pub version: i64,
}

fn running() -> LeakClock {
    LeakClock::Running
}

impl Labelled for Leak {
    const NOUN: &'static str = "customers.leak";
}

/// Which leaks are wanted.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct LeakFilter {
    /// Only in this state.
    #[param(inline)]
    pub state: Option<LeakState>,
}

/// A leak that was found.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLeak {
    /// What it is called.
    #[schema(min_length = 1, max_length = 200)]
    pub title: String,
    /// What happened.
    #[schema(min_length = 5, max_length = 5000)]
    pub what_happened: String,
    /// When we learned of it; now when absent.
    #[serde(default)]
    pub discovered_at: Option<Timestamp>,
    /// Which data.
    #[schema(min_items = 1)]
    pub fields: Vec<LeakedData>,
}

/// What is known better; an absent field stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LeakPatch {
    /// What it is called.
    #[schema(max_length = 200)]
    pub title: Option<String>,
    /// What happened.
    #[schema(max_length = 5000)]
    pub what_happened: Option<String>,
    /// Which data.
    pub fields: Option<Vec<LeakedData>>,
}

/// People who are affected.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAffected {
    /// How they are named.
    pub by: AffectedBy,
    /// By `segment`: which.
    #[serde(default)]
    pub segment_id: Option<Id>,
    /// By `profiles`: who.
    #[serde(default)]
    #[schema(max_items = 10000)]
    pub profile_ids: Option<Vec<Id>>,
    /// By `source`: which.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub source: Option<String>,
    /// By `export`: which.
    #[serde(default)]
    pub export_id: Option<Id>,
}

/// Somebody who is affected (受影响客户).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AffectedPerson {
    /// The person.
    pub profile_id: Id,
    /// Full name.
    #[schema(extensions(("x-label" = json!("personal"))))]
    pub name: Option<String>,
    /// E-mail address.
    #[schema(extensions(("x-label" = json!("personal"))))]
    pub email: Option<String>,
    /// Mobile number.
    #[schema(extensions(("x-label" = json!("personal"))))]
    pub mobile: Option<String>,
    /// How they were named.
    pub by: AffectedBy,
    /// When.
    pub added_at: Timestamp,
}

impl Labelled for AffectedPerson {
    const NOUN: &'static str = "customers.leak_person";
    const FIELDS: &'static [(&'static str, Label)] =
        &[("name", Label::Personal), ("email", Label::Personal), ("mobile", Label::Personal)];
}

/// Step (处置步骤) of a leak.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct LeakStep {
    /// Its id.
    pub id: Id,
    /// When.
    pub at: Timestamp,
    /// What.
    pub kind: LeakStepKind,
    /// More about it.
    pub note: Option<String>,
    /// By whom.
    pub by: Option<Id>,
    /// Their name.
    pub by_name: Option<String>,
    /// How many people, where it is about people.
    pub count: Option<i64>,
}

impl Labelled for LeakStep {
    const NOUN: &'static str = "customers.leak_step";
}

text_enum! {
    /// Kind (步骤) of a step that somebody writes down.
    pub enum LeakNoteKind {
        /// It goes on no more.
        Contained = "contained",
        /// Something was done.
        Measure = "measure",
        /// Something was learned.
        Note = "note",
    }
}

/// Something that was done or learned.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLeakStep {
    /// What.
    pub kind: LeakNoteKind,
    /// In words.
    #[schema(min_length = 1, max_length = 2000)]
    pub note: String,
}

/// The authority was told.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LeakReport {
    /// When; now when absent.
    #[serde(default)]
    pub reported_at: Option<Timestamp>,
    /// Its number for the case.
    #[schema(min_length = 1, max_length = 200)]
    pub reference: String,
}

/// The people were told.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LeakInformed {
    /// How.
    #[schema(min_length = 1, max_length = 500)]
    pub how: String,
    /// When; now when absent.
    #[serde(default)]
    pub informed_at: Option<Timestamp>,
}
