//! Review (审核): one round, from submitting to the decision.

pub mod api;
pub mod service;
pub(crate) mod sql;

use kernel::{Id, Labelled, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

kernel::text_enum! {
    /// How a review ended (审核结论).
    pub enum ReviewDecision {
        /// Approved as submitted.
        Approved = "approved",
        /// Sent back to its author.
        Returned = "returned",
        /// Taken back by its author.
        Withdrawn = "withdrawn",
        /// Something in it changed before it was decided.
        Superseded = "superseded",
    }
}

/// Review (审核): what was submitted, and what became of it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Review {
    /// Its id.
    pub id: Id,
    /// The item.
    pub content_id: Id,
    /// The version that was submitted.
    pub version_id: Id,
    /// Its number.
    pub number: i64,
    /// Number of the version that was approved before; who wrote one since is an author.
    pub since_number: i64,
    /// SHA-256 of the submitted closure.
    pub closure_hash: String,
    /// The pre-flight that it passed.
    pub preflight_run_id: Id,
    /// What the author asks the reviewer to look at.
    pub message: String,
    /// Who submitted.
    pub submitted_by: Option<Id>,
    /// Their name.
    pub submitted_by_name: String,
    /// When.
    pub submitted_at: Timestamp,
    /// How it ended; absent while it is open.
    pub decision: Option<ReviewDecision>,
    /// Why.
    pub reason: String,
    /// Who decided.
    pub decided_by: Option<Id>,
    /// Their name.
    pub decided_by_name: Option<String>,
    /// When.
    pub decided_at: Option<Timestamp>,
}

impl Labelled for Review {
    const NOUN: &'static str = "brand.review";
}

/// What to submit with.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Submission {
    /// What the reviewer should look at.
    #[serde(default)]
    #[schema(max_length = 2000)]
    pub message: String,
}

/// What to approve with.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Approving {
    /// What the author should know.
    #[serde(default)]
    #[schema(max_length = 2000)]
    pub reason: String,
}

/// What to return with.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Returning {
    /// Why, in a sentence.
    #[schema(min_length = 1, max_length = 2000)]
    pub reason: String,
    /// Remarks on single places.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub comments: Vec<crate::comment::NewComment>,
}

/// What to withdraw with.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Withdrawing {
    /// Why.
    #[serde(default)]
    #[schema(max_length = 2000)]
    pub reason: String,
}
