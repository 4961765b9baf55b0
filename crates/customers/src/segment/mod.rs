//! Segment (人群): people who meet a condition.

mod api;
mod history;
pub(crate) mod hook;
mod jobs;
mod membership;
pub mod rules;
mod service;
pub(crate) mod sql;

use kernel::{Id, Labelled, LocalText, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::condition::Condition;

pub use api::routes;
pub use history::history;
pub use hook::{SegmentHook, SegmentHooks, SetSegmentHooks, hooks, set_hooks};
pub use jobs::Recount;
pub(crate) use membership::{
    Prepared, definition_of, in_words, library_of, narrow, prepare_condition, prepare_segment,
};
pub use membership::{count, explain_definition, explain_member, of_profile, preview, sample};
pub(crate) use service::lock_references;
pub use service::{archive, create, find, get, list, update, versions};

text_enum! {
    /// State (状态) of a segment.
    pub enum SegmentState {
        /// Being written; nothing may use it.
        Draft = "draft",
        /// In use.
        Active = "active",
        /// Put away.
        Archived = "archived",
    }
}

/// Segment (人群).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Segment {
    /// Its id.
    pub id: Id,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Where it stands.
    pub state: SegmentState,
    /// The version in force.
    pub version_id: Id,
    /// Its number.
    pub version_number: i64,
    /// The condition in force.
    pub definition: Condition,
    /// How many people, when it was counted last.
    pub member_count: Option<i64>,
    /// When that was.
    pub counted_at: Option<Timestamp>,
    /// Belongs to this brand.
    pub brand_id: Option<Id>,
    /// Belongs to this department.
    pub department_id: Option<Id>,
    /// Belongs to this user.
    pub owner_id: Option<Id>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Who made it.
    pub created_by: Option<Id>,
    /// When it was put away.
    pub archived_at: Option<Timestamp>,
    /// Counts the changes.
    pub version: i64,
}

impl Labelled for Segment {
    const NOUN: &'static str = "customers.segment";
}

/// Segment with its condition in words.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SegmentDetail {
    /// The segment.
    #[serde(flatten)]
    pub segment: Segment,
    /// Its condition in words.
    pub in_words: LocalText,
    /// Up to when its members are kept event by event; absent where they are not.
    pub live_until: Option<Timestamp>,
}

impl Labelled for SegmentDetail {
    const NOUN: &'static str = "customers.segment";
}

/// Version (版本) of a segment's condition; never changes.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SegmentVersion {
    /// Its id.
    pub id: Id,
    /// Counts from 1.
    pub number: i64,
    /// The condition.
    pub definition: Condition,
    /// When it was written.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: Option<Id>,
}

impl Labelled for SegmentVersion {
    const NOUN: &'static str = "customers.segment_version";
}

/// A new segment.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSegment {
    /// Its name.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// What it is for.
    #[serde(default)]
    #[schema(max_length = 1000)]
    pub description: String,
    /// The condition.
    pub definition: Condition,
    /// True: usable at once; false: a draft.
    #[serde(default)]
    pub active: bool,
    /// Belongs to this brand.
    #[serde(default)]
    pub brand_id: Option<Id>,
    /// Belongs to this department.
    #[serde(default)]
    pub department_id: Option<Id>,
}

/// Changes to a segment: an absent field stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SegmentPatch {
    /// Its name.
    #[schema(min_length = 1, max_length = 100)]
    pub name: Option<String>,
    /// What it is for.
    #[schema(max_length = 1000)]
    pub description: Option<String>,
    /// The condition; another one becomes a new version.
    pub definition: Option<Condition>,
    /// True makes a draft or an archived segment usable.
    pub active: Option<bool>,
}

/// Which segments to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SegmentFilter {
    /// Part of the name.
    #[param(max_length = 100)]
    pub q: Option<String>,
    /// In this state; all but archived when absent.
    pub state: Option<SegmentState>,
    /// Of this owner.
    pub owner_id: Option<Id>,
}

/// A condition to be tried out.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TryCondition {
    /// The condition.
    pub definition: Condition,
    /// The segment that it is written for, where there is one.
    #[serde(default)]
    pub segment_id: Option<Id>,
}

/// What a condition comes to (试算结果).
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SegmentPreview)]
pub struct Preview {
    /// The condition in words.
    pub in_words: LocalText,
    /// How many people.
    pub count: i64,
    /// Of how many in all.
    pub total: i64,
    /// How many meet each of its parts by itself.
    pub breakdown: Vec<PartCount>,
    /// Up to which moment it was computed.
    pub watermark: Timestamp,
}

impl Labelled for Preview {
    const NOUN: &'static str = "customers.segment_preview";
}

/// How many people meet one part of a condition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PartCount {
    /// Where in the definition, such as `of.1`; empty for the whole.
    pub path: String,
    /// The part in words.
    pub in_words: LocalText,
    /// How many.
    pub count: i64,
}

/// Why somebody is in a segment, or not (入选依据).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Membership {
    /// The person.
    pub profile_id: Id,
    /// True where they are in.
    pub is_member: bool,
    /// Up to which moment it was computed.
    pub watermark: Timestamp,
    /// Why.
    pub why: crate::condition::Explanation,
}

impl Labelled for Membership {
    const NOUN: &'static str = "customers.segment_membership";
}

/// Segment that a person is in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SegmentOfProfile {
    /// The segment.
    pub id: Id,
    /// Its name.
    pub name: String,
    /// Its condition in words.
    pub in_words: LocalText,
}

impl Labelled for SegmentOfProfile {
    const NOUN: &'static str = "customers.segment";
}

text_enum! {
    /// What became of somebody (成员变化).
    pub enum MemberChange {
        /// Is in the segment since.
        Entered = "entered",
        /// Is not in it any more.
        Left = "left",
    }
}

/// Somebody entered or left a segment (成员变化记录).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SegmentChange {
    /// Who.
    pub profile_id: Id,
    /// What became of them.
    pub change: MemberChange,
    /// When.
    pub at: Timestamp,
}

/// How many people a segment had (人群规模) at the end of a day, or has today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SegmentSize {
    /// The day.
    pub day: String,
    /// How many.
    pub members: i64,
}

/// History (人群历史) of a segment in use.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SegmentHistory {
    /// The segment.
    pub segment_id: Id,
    /// Up to when its members are kept event by event; absent where they are not.
    pub live_until: Option<Timestamp>,
    /// When everybody was looked at last; absent before the first time.
    pub evaluated_at: Option<Timestamp>,
    /// Its size, by days, the latest first; days without a change are left out.
    pub sizes: Vec<SegmentSize>,
    /// Who entered and left it, the latest first, of those whom the caller may see; a thousand at most.
    pub changes: Vec<SegmentChange>,
}

impl Labelled for SegmentHistory {
    const NOUN: &'static str = "customers.segment_history";
}
