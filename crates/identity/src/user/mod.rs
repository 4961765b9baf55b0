//! User (用户): a member of staff with an account.

pub mod api;
pub mod jobs;
pub mod password;
pub mod rules;
pub mod service;
pub(crate) mod sql;

use kernel::{Id, Label, Labelled, Language, LocalText, Timestamp, text_enum};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::grant::Grant;

text_enum! {
    /// State (状态) of an account.
    pub enum UserState {
        /// The activation link is on its way.
        Invited = "invited",
        /// May sign in.
        Active = "active",
        /// Locked because somebody else may have used it; IT opens it again.
        Locked = "locked",
        /// Disabled by a person, with a reason.
        Disabled = "disabled",
        /// The leave date has come.
        Left = "left",
    }
}

text_enum! {
    /// Kind (账号类别) of an account.
    pub enum UserKind {
        /// Works here.
        Staff = "staff",
        /// From outside (外部协作者): sees the records that they were invited to, and nothing else.
        Guest = "guest",
    }
}

impl UserState {
    /// Returns true unless the person has left the company.
    pub fn may_return(self) -> bool {
        self != Self::Left
    }

    /// Returns true where the account is not closed.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Invited | Self::Active | Self::Locked)
    }
}

text_enum! {
    /// How an account came about (来源).
    pub enum Origin {
        /// Made by the first administrator's link.
        FirstAdmin = "first_admin",
        /// Made on the command line.
        CommandLine = "command_line",
        /// Part of the sample company.
        Sample = "sample",
        /// Asked for by a department head and approved.
        Request = "request",
        /// Made directly by somebody who manages users.
        Invitation = "invitation",
    }
}

/// User (用户) of the product.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct User {
    /// Its id.
    pub id: Id,
    /// The person's name.
    pub name: String,
    /// Where mail reaches the person, and the name to sign in with.
    #[schema(extensions(("x-label" = json!("personal"))))]
    pub email: String,
    /// Whether they work here.
    pub kind: UserKind,
    /// Where a guest works.
    pub organisation: Option<String>,
    /// Language that the person chose.
    pub language: Option<Language>,
    /// Department that the person belongs to.
    pub department_id: Option<Id>,
    /// Its name.
    pub department_names: Option<LocalText>,
    /// Position that the person holds.
    pub position_id: Option<Id>,
    /// Its name.
    pub position_names: Option<LocalText>,
    /// The person's manager.
    pub manager_id: Option<Id>,
    /// The manager's name.
    pub manager_name: Option<String>,
    /// State of the account.
    pub state: UserState,
    /// How the account came about.
    pub origin: Origin,
    /// True where an approved account request stands behind it.
    pub approved_request: bool,
    /// True where signing in takes a second factor.
    pub totp_enabled: bool,
    /// When the person leaves; the account closes at that moment.
    pub leave_at: Option<Timestamp>,
    /// When the account was closed.
    pub disabled_at: Option<Timestamp>,
    /// Why it was closed.
    pub disabled_reason: Option<String>,
    /// Since when it counts as idle.
    pub idle_flagged_at: Option<Timestamp>,
    /// When the person was last seen.
    pub last_seen_at: Option<Timestamp>,
    /// When an access review last confirmed it.
    pub last_review_at: Option<Timestamp>,
    /// What the person holds.
    #[serde(default)]
    pub grants: Vec<Grant>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Counts its changes.
    pub version: i64,
}

impl Labelled for User {
    const NOUN: &'static str = "identity.user";
    const FIELDS: &'static [(&'static str, Label)] = &[("email", Label::Personal)];
}

/// User to be invited.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    /// The person's name.
    #[schema(min_length = 1, max_length = 80)]
    pub name: String,
    /// Where the activation link goes.
    #[schema(max_length = 254, format = "email")]
    pub email: String,
    /// Language of the mail and the pages.
    pub language: Option<Language>,
    /// Department that the person belongs to.
    pub department_id: Option<Id>,
    /// Position that the person holds.
    pub position_id: Option<Id>,
    /// The person's manager.
    pub manager_id: Option<Id>,
}

/// Change of a user; absent fields stay, null empties.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserPatch {
    /// The person's name.
    #[schema(min_length = 1, max_length = 80)]
    pub name: Option<String>,
    /// The name to sign in with.
    #[schema(max_length = 254, format = "email")]
    pub email: Option<String>,
    /// Language that the person chose.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Language>)]
    pub language: Option<Option<Language>>,
    /// Department that the person belongs to.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Id>)]
    pub department_id: Option<Option<Id>>,
    /// Position that the person holds.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Id>)]
    pub position_id: Option<Option<Id>>,
    /// The person's manager.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Id>)]
    pub manager_id: Option<Option<Id>>,
    /// When the person leaves; a time that has passed closes the account at once.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Timestamp>)]
    pub leave_at: Option<Option<Timestamp>>,
}

/// Tells a field that is null from one that is absent.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Change of oneself.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MePatch {
    /// One's name.
    #[schema(min_length = 1, max_length = 80)]
    pub name: Option<String>,
    /// Language of pages and mail.
    pub language: Option<Language>,
}

/// A decision with its reason.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Because {
    /// Why.
    #[schema(min_length = 2, max_length = 500)]
    pub reason: String,
}

/// Change of one's own password.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The password that holds now.
    #[schema(max_length = 128, format = "password")]
    pub current: String,
    /// The new one.
    #[schema(min_length = 10, max_length = 128, format = "password")]
    pub password: String,
}

/// Which users to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct UserFilter {
    /// Part of the name or, where the caller may see it, of the e-mail address.
    #[param(max_length = 100)]
    pub q: Option<String>,
    /// Only in this state.
    #[param(inline)]
    pub state: Option<UserState>,
    /// Only of this department.
    pub department_id: Option<Id>,
    /// Only holders of this role.
    pub role_id: Option<Id>,
    /// Only of this kind.
    #[param(inline)]
    pub kind: Option<UserKind>,
    /// True: only those who have not been seen for long.
    pub idle: Option<bool>,
}
