//! Approval (审核通过): binds one content closure. Its token is what the release door asks for.

pub mod api;
pub mod service;
pub(crate) mod sql;
pub mod token;

use kernel::{Id, Labelled, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

kernel::text_enum! {
    /// Whether an approval still holds (有效性).
    pub enum ApprovalState {
        /// It holds.
        Valid = "valid",
        /// Something changed since, or it was withdrawn.
        Void = "void",
    }
}

/// Approval (审核通过) of exactly one closure.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Approval {
    /// Its id.
    pub id: Id,
    /// The item.
    pub content_id: Id,
    /// The version that was approved.
    pub version_id: Id,
    /// Its number.
    pub number: i64,
    /// The review that gave it.
    pub review_id: Id,
    /// SHA-256 of the approved closure.
    pub closure_hash: String,
    /// Whether it still holds.
    pub state: ApprovalState,
    /// Who approved.
    pub approved_by: Id,
    /// Their name.
    pub approved_by_name: String,
    /// When.
    pub approved_at: Timestamp,
    /// Since when it does not hold.
    pub voided_at: Option<Timestamp>,
    /// Code of the reason.
    pub void_reason: Option<String>,
}

impl Approval {
    /// Returns true where it still holds.
    pub fn is_valid(&self) -> bool {
        self.state == ApprovalState::Valid
    }
}

impl Labelled for Approval {
    const NOUN: &'static str = "brand.approval";
}

/// An approval with the token that opens the release door for it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ApprovalToken {
    /// The approval.
    pub approval: Approval,
    /// The token.
    pub token: String,
}

impl Labelled for ApprovalToken {
    const NOUN: &'static str = "brand.approval";
}
