//! Access review (权限复核): every half year the head of each department says who keeps access.

pub mod api;
pub mod jobs;
pub mod rules;
pub mod service;
pub(crate) mod sql;

use kernel::{Id, Labelled, LocalText, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::grant::Grant;

text_enum! {
    /// Decision (复核决定) on one user.
    pub enum Decision {
        /// The user keeps what they hold.
        Keep = "keep",
        /// The account closes and everything that it held is taken away, at once.
        Remove = "remove",
    }
}

/// Access review (权限复核) of one department.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AccessReview {
    /// Its id.
    pub id: Id,
    /// First month of the period, or the day of a review out of turn.
    pub period: String,
    /// The department.
    pub department_id: Id,
    /// The department's name.
    pub department_names: LocalText,
    /// Who is asked.
    pub reviewer_id: Option<Id>,
    /// Their name.
    pub reviewer_name: Option<String>,
    /// Until when.
    pub due_at: Timestamp,
    /// When the last user was decided on.
    pub closed_at: Option<Timestamp>,
    /// How many users it is about.
    pub item_count: i64,
    /// How many are decided on.
    pub decided_count: i64,
    /// The users.
    #[serde(default)]
    pub items: Vec<ReviewItem>,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Counts its changes.
    pub version: i64,
}

impl Labelled for AccessReview {
    const NOUN: &'static str = "identity.access_review";
}

/// One user of an access review.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ReviewItem {
    /// Its id.
    pub id: Id,
    /// The user.
    pub user_id: Id,
    /// The user's name.
    pub user_name: String,
    /// When the user was last seen.
    pub last_seen_at: Option<Timestamp>,
    /// What the user held when the review was opened.
    pub grants: Vec<Grant>,
    /// What was decided.
    pub decision: Option<Decision>,
    /// Why.
    pub reason: Option<String>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// By whom.
    pub decided_by: Option<Id>,
}

impl Labelled for ReviewItem {
    const NOUN: &'static str = "identity.access_review_item";
}

/// Decision on one user.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AccessReviewDecision)]
pub struct ReviewDecision {
    /// What is decided.
    pub decision: Decision,
    /// Why; asked for where access is removed.
    #[schema(max_length = 500)]
    pub reason: Option<String>,
}

/// Review to be opened out of turn.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReview {
    /// The department.
    pub department_id: Id,
}

/// Which reviews to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ReviewFilter {
    /// True: only those that wait for decisions.
    pub open: Option<bool>,
    /// Only of this department.
    pub department_id: Option<Id>,
}
