//! Subject request (个人信息主体请求): what somebody asks about their own data, by when, and what was done.

mod api;
mod carry_out;
mod compile;
mod jobs;
pub mod rules;
mod service;
pub(crate) mod sql;

use kernel::{Id, Label, Labelled, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::{IntoParams, ToSchema};

use super::Urgency;
use crate::profile::ProfilePatch;

pub use api::routes;
pub use carry_out::{accept, check, correct, erase, object, restrict};
pub use compile::{compile, file};
pub use jobs::Remind;
pub(crate) use service::finish_erasure;
pub use service::{create, extend, get, list, refuse, remind, verify};

text_enum! {
    /// Kind (请求类型) of a subject request.
    #[schema(as = SubjectRequestKind)]
    pub enum RequestKind {
        /// To see what is known.
        Access = "access",
        /// To take it along.
        Portability = "portability",
        /// To put it right.
        Correction = "correction",
        /// To have it erased.
        Erasure = "erasure",
        /// Not to be judged by programs alone.
        ObjectAutomated = "object_automated",
        /// To have it kept but not used.
        Restrict = "restrict",
    }
}

text_enum! {
    /// Law (适用法律) whose time counts.
    #[schema(as = PrivacyRegime)]
    pub enum Regime {
        /// China's Personal Information Protection Law.
        Pipl = "pipl",
        /// The General Data Protection Regulation of the European Union.
        Gdpr = "gdpr",
    }
}

text_enum! {
    /// State (处理状态) of a subject request.
    #[schema(as = SubjectRequestState)]
    pub enum RequestState {
        /// It came in; who asks is not proven yet.
        Open = "open",
        /// Who asks is proven.
        Verified = "verified",
        /// It was carried out.
        Done = "done",
        /// It was refused, with a reason.
        Refused = "refused",
    }
}

text_enum! {
    /// Channel (来源渠道) by which it came.
    #[schema(as = SubjectRequestChannel)]
    pub enum RequestChannel {
        /// A form on a page.
        Web = "web",
        /// A mail.
        Email = "email",
        /// A call.
        Phone = "phone",
        /// In a store.
        Store = "store",
        /// A letter.
        Letter = "letter",
        /// Another way.
        Other = "other",
    }
}

text_enum! {
    /// Means (核验方式) by which it was proven who asks.
    #[schema(as = SubjectRequestMeans)]
    pub enum Means {
        /// They were signed in.
        Account = "account",
        /// They answered from the address that is known.
        ReplyToAddress = "reply_to_address",
        /// They showed a document.
        IdDocument = "id_document",
        /// They were there.
        InPerson = "in_person",
        /// They were called back.
        Callback = "callback",
        /// Another way.
        Other = "other",
    }
}

text_enum! {
    /// Ground (拒绝依据) of a refusal.
    #[schema(as = SubjectRequestGround)]
    pub enum Ground {
        /// It asks for nothing that the law gives.
        Unfounded = "unfounded",
        /// Who asks could not be proven.
        IdentityUnproven = "identity_unproven",
        /// A dispute or an authority needs the data.
        LegalHold = "legal_hold",
        /// A law says how long they are kept.
        StatutoryRetention = "statutory_retention",
        /// It would harm somebody else.
        ThirdPartyRights = "third_party_rights",
        /// Another one.
        Other = "other",
    }
}

/// Subject request (个人信息主体请求).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SubjectRequest {
    /// Its id.
    pub id: Id,
    /// Its number.
    pub number: String,
    /// What is asked.
    pub kind: RequestKind,
    /// By which law.
    pub regime: Regime,
    /// Where it stands.
    pub state: RequestState,
    /// About whom; absent until that is known.
    pub profile_id: Option<Id>,
    /// The address or number that was given.
    #[schema(extensions(("x-label" = json!("personal"))))]
    pub contact: Option<String>,
    /// By which channel it came.
    pub channel: RequestChannel,
    /// What was said.
    #[schema(extensions(("x-label" = json!("personal"))))]
    pub note: Option<String>,
    /// When it came.
    pub received_at: Timestamp,
    /// By when it has to be answered.
    pub due_at: Timestamp,
    /// Why it was given more time.
    pub extended_because: Option<String>,
    /// How urgent that is.
    #[serde(default = "not_urgent")]
    pub urgency: Urgency,
    /// When it was proven who asks.
    pub verified_at: Option<Timestamp>,
    /// Who proved it.
    pub verified_by: Option<Id>,
    /// Their name.
    pub verified_by_name: Option<String>,
    /// How.
    pub verified_means: Option<Means>,
    /// More about that.
    #[schema(extensions(("x-label" = json!("personal"))))]
    pub verified_detail: Option<String>,
    /// When it was carried out or refused.
    pub decided_at: Option<Timestamp>,
    /// Who decided.
    pub decided_by: Option<Id>,
    /// Their name.
    pub decided_by_name: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Ground of the refusal.
    pub ground: Option<Ground>,
    /// What was done, as it was checked.
    #[schema(value_type = Option<Object>)]
    pub result: Option<Json>,
    /// When it was written down.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: Option<Id>,
    /// Counts its changes; for `If-Match`.
    pub version: i64,
}

fn not_urgent() -> Urgency {
    Urgency::None
}

impl Labelled for SubjectRequest {
    const NOUN: &'static str = "customers.subject_request";
    const FIELDS: &'static [(&'static str, Label)] =
        &[("contact", Label::Personal), ("note", Label::Personal), ("verified_detail", Label::Personal)];
}

/// Which requests are wanted.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RequestFilter {
    /// Only in this state.
    #[param(inline)]
    pub state: Option<RequestState>,
    /// Only of this kind.
    #[param(inline)]
    pub kind: Option<RequestKind>,
    /// Only by this law.
    #[param(inline)]
    pub regime: Option<Regime>,
    /// Only so urgent.
    #[param(inline)]
    pub urgency: Option<Urgency>,
    /// Only about this person.
    pub profile_id: Option<Id>,
}

/// A request that came in.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSubjectRequest {
    /// What is asked.
    pub kind: RequestKind,
    /// By which law.
    pub regime: Regime,
    /// About whom, where that is known.
    #[serde(default)]
    pub profile_id: Option<Id>,
    /// The address or number that was given.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub contact: Option<String>,
    /// By which channel it came.
    pub channel: RequestChannel,
    /// When; now when absent.
    #[serde(default)]
    pub received_at: Option<Timestamp>,
    /// What was said.
    #[serde(default)]
    #[schema(max_length = 2000)]
    pub note: Option<String>,
}

/// How it was proven who asks.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VerifyRequest {
    /// By which means.
    pub means: Means,
    /// Who it is, where that was not known.
    #[serde(default)]
    pub profile_id: Option<Id>,
    /// More about that.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub detail: Option<String>,
}

/// Why a request is refused.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefuseRequest {
    /// On which ground.
    pub ground: Ground,
    /// Why.
    #[schema(min_length = 5, max_length = 500)]
    pub reason: String,
}

/// More time for a request.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExtendRequest {
    /// How many days more.
    #[schema(minimum = 1, maximum = 60)]
    pub days: i64,
    /// Why.
    #[schema(min_length = 5, max_length = 500)]
    pub reason: String,
}

/// What is put right.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectRequest {
    /// The fields as they should be.
    pub fields: ProfilePatch,
    /// Why.
    #[schema(min_length = 5, max_length = 500)]
    pub reason: String,
}
