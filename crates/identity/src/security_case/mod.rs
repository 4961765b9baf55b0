//! Security case (安全工单): an account in danger, for the IT department.

pub mod api;
pub mod service;
pub(crate) mod sql;

use kernel::{Id, Labelled, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

text_enum! {
    /// State (状态) of a security case.
    pub enum CaseState {
        /// Nobody has looked at it yet.
        Open = "open",
        /// Somebody works on it.
        Handling = "handling",
        /// It is settled.
        Closed = "closed",
    }
}

/// Security case (安全工单) with its times.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SecurityCase {
    /// Its id.
    pub id: Id,
    /// Whose account it is about.
    pub user_id: Id,
    /// The person's name.
    pub user_name: String,
    /// Their department.
    pub department_id: Option<Id>,
    /// The sign-in alert behind it.
    pub alert_id: Option<Id>,
    /// What happened, such as `not_me`.
    pub kind: String,
    /// Where it stands.
    pub state: CaseState,
    /// What is known.
    #[schema(value_type = Object)]
    pub detail: serde_json::Value,
    /// Who works on it.
    pub handler_id: Option<Id>,
    /// Their name.
    pub handler_name: Option<String>,
    /// When they took it.
    pub handled_at: Option<Timestamp>,
    /// When it was settled.
    pub closed_at: Option<Timestamp>,
    /// How.
    pub resolution: Option<String>,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Counts its changes.
    pub version: i64,
}

impl Labelled for SecurityCase {
    const NOUN: &'static str = "identity.security_case";
}

/// How a case was settled.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Settlement {
    /// What was found and done.
    #[schema(min_length = 2, max_length = 500)]
    pub resolution: String,
    /// True: the account opens again; its owner sets a new password by mail.
    pub unlock: bool,
}

/// Which cases to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CaseFilter {
    /// Only in this state.
    #[param(inline)]
    pub state: Option<CaseState>,
    /// Only about this user.
    pub user_id: Option<Id>,
}
