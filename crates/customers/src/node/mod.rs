//! Identifier node (标识节点): one way in which a person is named, and the map to whom it belongs.

mod join;
pub mod rules;
mod service;
pub mod split;
mod sql;

use kernel::{Id, Label, Labelled, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub(crate) use join::{Joining, Parting, join, part};
pub use rules::Key;
pub use service::{Ids, Nodes, Resolved, attach, digest, identify, keys, resolve};
pub(crate) use service::{choose_primary_of, current_profile, different, lock, of_profile, require_room};
pub(crate) use sql::{CURRENT_PROFILE, OF_PROFILE};

text_enum! {
    /// Kind (标识类型) of an identifier.
    pub enum NodeKind {
        /// Number of the membership card.
        MemberNumber = "member_number",
        /// E-mail address.
        Email = "email",
        /// Mobile number.
        Mobile = "mobile",
        /// Account on a site or in an app.
        UserId = "user_id",
        /// A browser or device that nobody signed in on.
        AnonymousId = "anonymous_id",
    }
}

/// Identifier node (标识节点): never changes, so facts refer to it for ever.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Node {
    /// Its id, a digest of kind and value; keyed where the value could be guessed.
    pub id: Id,
    /// What it is.
    pub kind: NodeKind,
    /// The value, normalised.
    #[schema(extensions(("x-label" = json!("personal"))))]
    pub value: String,
    /// Since when it belongs to this person.
    pub since: Timestamp,
    /// When it was first seen.
    pub created_at: Timestamp,
}

impl Labelled for Node {
    const NOUN: &'static str = "customers.node";
    const FIELDS: &'static [(&'static str, Label)] = &[("value", Label::Personal)];
}

text_enum! {
    /// Rule (匹配规则) by which two nodes were found to be one person.
    pub enum MatchRule {
        /// One record named both.
        SameRecord = "same_record",
        /// A member of staff said so.
        Staff = "staff",
        /// What is known about both agrees too well to be chance.
        FellegiSunter = "fellegi_sunter",
    }
}
