//! Approval (审批): a move of an instance that waits until others agreed to it.
//!
//! It is bound to the content that was asked about: other content voids it. Who may decide is asked anew at
//! every decision, of the organisation and the stand-ins of that moment, and nobody decides who took a role in
//! the instance that must be another person's. The last decision makes the move, in its own transaction.

pub mod api;
mod deadline;
mod hook;
pub mod jobs;
mod link;
mod mail;
mod notice;
mod opening;
pub mod rules;
mod seat;
mod service;
mod sql;

use kernel::{Id, Labelled, LocalText, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub use hook::{ApprovalHook, ApprovalHooks};
pub use link::{LinkDecision, LinkToken, LinkView, show, use_link};
pub(crate) use opening::{Asked, facts_of, open};
pub(crate) use seat::KIND as TASK;
pub use service::{Proof, content_changed, decide, decide_in, get, list, withdraw};

text_enum! {
    /// State (审批状态) of an approval.
    #[schema(as = MoveApprovalState)]
    pub enum ApprovalState {
        /// Somebody still has to agree.
        Pending = "pending",
        /// All agreed; the move was made.
        Approved = "approved",
        /// Somebody did not agree.
        Rejected = "rejected",
        /// The content changed meanwhile.
        Voided = "voided",
        /// Whoever asked took it back.
        Withdrawn = "withdrawn",
    }
}

text_enum! {
    /// State (步骤状态) of a step of an approval.
    pub enum ApprovalStepState {
        /// Others come first.
        Waiting = "waiting",
        /// Waits for those who decide it.
        Open = "open",
        /// Agreed.
        Approved = "approved",
        /// Not agreed.
        Rejected = "rejected",
        /// Not needed.
        Skipped = "skipped",
        /// Too late, which counts as not agreed.
        TimedOut = "timed_out",
    }
}

text_enum! {
    /// Decision (审批决定).
    #[schema(as = ApprovalDecision)]
    pub enum Decision {
        /// Agrees.
        Approve = "approve",
        /// Does not agree.
        Reject = "reject",
    }
}

/// Approval (审批) of a move.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = MoveApproval)]
pub struct Approval {
    /// Its id.
    pub id: Id,
    /// The instance that waits for it.
    pub instance_id: Id,
    /// The machine.
    pub machine_id: String,
    /// The machine's version.
    pub machine_version: i64,
    /// Place of the transition in the machine.
    pub transition: i64,
    /// Noun of the thing.
    pub subject_noun: String,
    /// The thing.
    pub subject_id: Id,
    /// What it was called.
    pub subject_title: String,
    /// Its page in the UI.
    pub subject_link: String,
    /// Its version when it was asked for.
    pub subject_version: i64,
    /// Digest of what is to be agreed to.
    pub content_hash: String,
    /// What is to be done.
    pub action: String,
    /// Its name.
    pub action_names: LocalText,
    /// Where the thing stands.
    pub from_state: String,
    /// Where it goes when all agreed.
    pub to_state: String,
    /// Where it goes when somebody did not; absent: it stays.
    pub rejected_state: Option<String>,
    /// True where money moves.
    pub money: bool,
    /// True where whoever decides signs with the second factor.
    pub signed: bool,
    /// Where it stands.
    pub state: ApprovalState,
    /// Why it was rejected, voided or withdrawn.
    pub reason: Option<String>,
    /// Who asked; absent where the product did.
    pub requested_by: Option<Id>,
    /// Their name.
    pub requested_by_name: String,
    /// When.
    pub requested_at: Timestamp,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
    /// Counts its changes.
    pub version: i64,
    /// Its steps, in order.
    #[serde(default)]
    pub steps: Vec<ApprovalStep>,
    /// Steps that wait for the caller.
    #[serde(default)]
    pub mine: Vec<Id>,
    /// True where deciding takes a code of the authenticator.
    #[serde(default)]
    pub asks_code: bool,
}

impl Approval {
    /// Returns true where a decision takes the second factor.
    pub(crate) fn takes_code(&self) -> bool {
        self.money || self.signed
    }
}

impl Labelled for Approval {
    const NOUN: &'static str = "rulebook.approval";
}

/// Step of an approval (审批步骤).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ApprovalStep {
    /// Its id.
    pub id: Id,
    /// The approval.
    pub approval_id: Id,
    /// Its id in the machine.
    pub step_id: String,
    /// Its place.
    pub position: i64,
    /// Steps of one wave run at the same time.
    pub wave: i64,
    /// Its name.
    pub names: LocalText,
    /// `any`, `all` or `quorum`.
    pub mode: String,
    /// How many have to agree, as far as it is known.
    pub needed: i64,
    /// Where it stands.
    pub state: ApprovalStepState,
    /// When it began to wait.
    pub opened_at: Option<Timestamp>,
    /// Until when.
    pub due_at: Option<Timestamp>,
    /// When it was found to be late.
    pub late_at: Option<Timestamp>,
    /// When those who owe it were last reminded.
    pub reminded_at: Option<Timestamp>,
    /// When it was decided.
    pub closed_at: Option<Timestamp>,
    /// Who may decide it and what they decided.
    #[serde(default)]
    pub deciders: Vec<Decider>,
}

/// Decider (审批人) of a step.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ApprovalDecider)]
pub struct Decider {
    /// Its id.
    pub id: Id,
    /// The step.
    pub step_id: Id,
    /// Who decides.
    pub user_id: Id,
    /// Their name.
    pub user_name: String,
    /// For whom: themselves, or whom they stand in for.
    pub for_user_id: Id,
    /// That person's name.
    pub for_user_name: String,
    /// The delegation by which they stand in.
    pub delegation_id: Option<Id>,
    /// True where they decide because the step was late.
    pub escalated: bool,
    /// What they decided.
    pub decision: Option<Decision>,
    /// Why.
    pub comment: Option<String>,
    /// True where they decided by a mail's link.
    pub by_mail: bool,
    /// When.
    pub decided_at: Option<Timestamp>,
}

/// A decision to be made (审批意见).
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewApprovalDecision)]
pub struct NewDecision {
    /// The step; absent: the one that waits for the caller.
    pub step_id: Option<Id>,
    /// What is decided.
    pub decision: Decision,
    /// Why; asked for where it is not agreed.
    #[schema(max_length = 1000)]
    pub comment: Option<String>,
    /// Digest of the content that was seen, where the page knows it; another one is refused.
    #[schema(max_length = 200)]
    pub content_hash: Option<String>,
    /// A code of the authenticator; asked for where money moves or the decision is signed.
    #[serde(default)]
    #[schema(max_length = 20)]
    pub code: Option<String>,
}

/// Why, in a sentence or two.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ApprovalComment)]
pub struct Comment {
    /// Why.
    #[schema(max_length = 1000)]
    pub comment: Option<String>,
    /// A code of the authenticator; asked for where money moves or the decision is signed.
    #[serde(default)]
    #[schema(max_length = 20)]
    pub code: Option<String>,
}

text_enum! {
    /// Whose approvals to list (审批列表).
    pub enum ApprovalBox {
        /// Those that wait for the caller.
        Mine = "mine",
        /// Those that the caller asked for.
        Asked = "asked",
        /// All of them.
        All = "all",
    }
}

/// Which approvals to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ApprovalFilter {
    /// Whose: those that wait for the caller when absent; all of them need `rulebook.approval.read`.
    #[param(inline)]
    pub r#box: Option<ApprovalBox>,
    /// Only in this state.
    pub state: Option<ApprovalState>,
    /// Only about things of this noun.
    #[param(max_length = 100)]
    pub subject_noun: Option<String>,
    /// Only about this thing.
    pub subject_id: Option<Id>,
}
