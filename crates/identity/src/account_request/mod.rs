//! Account request (账号申请): a department head asks for an account with a role, IT approves, and only
//! then the activation link is sent.

pub mod api;
pub mod service;
pub(crate) mod sql;

use kernel::{Id, Label, Labelled, Language, LocalText, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::grant::ScopeKind;

text_enum! {
    /// State (状态) of an account request.
    pub enum RequestState {
        /// Waits for IT.
        Pending = "pending",
        /// The account was made.
        Approved = "approved",
        /// IT said no.
        Rejected = "rejected",
        /// The head took it back.
        Withdrawn = "withdrawn",
    }
}

/// Account request (账号申请).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AccountRequest {
    /// Its id.
    pub id: Id,
    /// For which department.
    pub department_id: Id,
    /// The department's name.
    pub department_names: LocalText,
    /// For whom.
    pub name: String,
    /// Where the activation link goes.
    #[schema(extensions(("x-label" = json!("personal"))))]
    pub email: String,
    /// Language of the mail and the pages.
    pub language: Option<Language>,
    /// The position that the person will hold.
    pub position_id: Option<Id>,
    /// The role that the person will hold.
    pub role_id: Id,
    /// The role's short name.
    pub role_code: String,
    /// The role's name.
    pub role_names: LocalText,
    /// How far the role will reach.
    pub scope: ScopeKind,
    /// The brand that it will reach.
    pub brand_id: Option<Id>,
    /// The department that it will reach.
    pub scope_department_id: Option<Id>,
    /// What the account is for.
    pub reason: String,
    /// Where it stands.
    pub state: RequestState,
    /// Who decided.
    pub decided_by: Option<Id>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// Why.
    pub decision_reason: Option<String>,
    /// The account that was made.
    pub user_id: Option<Id>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Counts its changes.
    pub version: i64,
    /// Who asked.
    pub created_by: Option<Id>,
    /// Their name.
    pub created_by_name: Option<String>,
}

impl Labelled for AccountRequest {
    const NOUN: &'static str = "identity.account_request";
    const FIELDS: &'static [(&'static str, Label)] = &[("email", Label::Personal)];
}

/// Account to be asked for.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAccountRequest {
    /// For which department.
    pub department_id: Id,
    /// For whom.
    #[schema(min_length = 1, max_length = 80)]
    pub name: String,
    /// Where the activation link goes.
    #[schema(max_length = 254, format = "email")]
    pub email: String,
    /// Language of the mail and the pages.
    pub language: Option<Language>,
    /// The position that the person will hold.
    pub position_id: Option<Id>,
    /// The role that the person will hold.
    pub role_id: Id,
    /// How far the role will reach.
    pub scope: ScopeKind,
    /// The brand that it will reach.
    pub brand_id: Option<Id>,
    /// The department that it will reach.
    pub scope_department_id: Option<Id>,
    /// What the account is for.
    #[schema(min_length = 2, max_length = 500)]
    pub reason: String,
}

/// Which requests to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RequestFilter {
    /// Only in this state.
    #[param(inline)]
    pub state: Option<RequestState>,
    /// Only for this department.
    pub department_id: Option<Id>,
}
