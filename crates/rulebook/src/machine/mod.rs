//! State machine (状态机): which states a thing passes through, who may move it, and when.
//!
//! A published version never changes; an instance keeps the version that it began with. Every step and
//! every participant of an instance is kept, so that two roles which must be two people are two people
//! over its whole history.

pub mod api;
pub mod jobs;
mod migration;
mod proof;
mod rules;
mod service;
mod spec;
mod sql;
mod warning;

use std::collections::BTreeMap;

use kernel::{Id, Labelled, Problem, Result, Timestamp};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;

use crate::expr;
use crate::pack::Text;

pub use spec::{
    ApprovalSpec, ApproverSpec, DueSpec, EffectSpec, EverybodySpec, Mode, OnTimeout, ReceiverSpec, StepSpec,
    TimedSpec, WorkSpec,
};

pub use migration::{MachineMigration, MigratedState, MigrationRequest, migrate};
pub(crate) use rules::{Machine, prove};
pub use service::{act, actions, advance, find, find_in, history, of_subject, participate, start};
pub(crate) use service::{of_instance, of_instance_by_id, of_instance_in, perform, publish, taken_by_all};
pub use warning::{MachineWarning, warnings};

/// A state machine as a pack declares it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MachineSpec {
    /// Its id, such as `content_review`.
    pub id: String,
    /// Its version, counted up by whoever changes it.
    pub version: i64,
    /// Its name.
    pub title: Text,
    /// The record type whose records pass through it; its fields are facts by themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    /// What guards and required fields may name, with the kinds of the values.
    #[serde(default)]
    pub facts: BTreeMap<String, expr::Kind>,
    /// Child tables with the kinds of their columns; filled from the record type.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tables: BTreeMap<String, BTreeMap<String, expr::Kind>>,
    /// Roles that people take in an instance and that are kept over its whole history.
    #[serde(default)]
    pub roles: Vec<String>,
    /// Its states; the first is where instances begin.
    pub states: Vec<StateSpec>,
    /// Its transitions; those of one action from one state are tried in order.
    pub transitions: Vec<TransitionSpec>,
}

/// State (状态) of a machine.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StateSpec {
    /// Its id, such as `in_review`.
    pub id: String,
    /// Its name.
    pub title: Text,
    /// True where nothing more is to be done.
    #[serde(default)]
    pub end: bool,
    /// What somebody has to do while a thing stands here; entering opens the task, leaving completes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub work: Option<WorkSpec>,
    /// How long a thing may stand here; absent: as long as its work may take, or for good where nobody has to do anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<DueSpec>,
    /// What the product does by itself once a time has come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timed: Option<TimedSpec>,
}

/// Transition (流转) between states; it has either `to` or `refuse`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransitionSpec {
    /// What is done, such as `approve`.
    pub action: String,
    /// The states that it starts from.
    pub from: Vec<String>,
    /// The state that it leads to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Why it is refused where its guard holds; the sentence that people read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refuse: Option<Text>,
    /// When this one is taken; absent on the last of an action: "else".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guard: Option<String>,
    /// Facts that must be there and not empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub required_fields: Vec<String>,
    /// The permission that whoever does it must hold; absent where only the product itself does it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permission: Option<String>,
    /// True where guests of the record may do it too; without a permission, they alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub guests: bool,
    /// The role that whoever does it takes from then on.
    #[serde(default, rename = "as", skip_serializing_if = "Option::is_none")]
    pub takes: Option<String>,
    /// Roles that whoever does it must never have taken in this instance.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub separate_from: Vec<String>,
    /// True where whoever does it signs it: with the second factor, at that moment.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub signed: bool,
    /// Its name, on the button.
    pub title: Text,
    /// Who has to agree before it is made; it is asked for at once and made when the last of them has agreed.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        with = "serde_yaml_ng::with::singleton_map_recursive"
    )]
    pub approval: Option<ApprovalSpec>,
    /// What happens with it, in its own transaction, in order.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        with = "serde_yaml_ng::with::singleton_map_recursive"
    )]
    pub effects: Vec<EffectSpec>,
}

/// Instance (流程实例) of a machine: where one thing stands.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Instance {
    /// Its id.
    pub id: Id,
    /// The machine.
    pub machine_id: String,
    /// The version of the machine that it began with.
    pub machine_version: i64,
    /// Noun of the thing, such as `brand.content`.
    pub subject_noun: String,
    /// The thing.
    pub subject_id: Id,
    /// Where it stands.
    pub state: String,
    /// True where it stands at an end.
    pub ended: bool,
    /// When it began.
    pub created_at: Timestamp,
    /// When it last moved.
    pub updated_at: Timestamp,
    /// Counts its steps.
    pub version: i64,
}

impl Labelled for Instance {
    const NOUN: &'static str = "rulebook.instance";
}

/// One move of an instance.
#[derive(Clone, Debug)]
pub struct Step {
    /// Where it stood.
    pub from: String,
    /// Where it stands now.
    pub to: String,
    /// Place of the transition that was taken among those of the machine; absent where a rejection moved it.
    pub place: Option<usize>,
    /// The machine that it moves by.
    pub machine: Arc<Machine>,
}

/// The content of the thing that is to move, as whoever asks for the move saw it (审批对象).
#[derive(Clone, Debug)]
pub struct Content {
    /// What the thing is called.
    pub title: String,
    /// Its page in the UI.
    pub link: String,
    /// Its version.
    pub version: i64,
    /// Digest of what is to be agreed to; another one voids the approval.
    pub hash: String,
}

/// What became of an action (操作结果).
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It moved.
    Moved(Step),
    /// It waits for this approval and stands where it stood.
    Pending(Id),
}

impl Outcome {
    /// Returns the move, for machines whose transitions ask nobody.
    pub fn moved(self) -> Result<Step> {
        match self {
            Self::Moved(step) => Ok(step),
            Self::Pending(id) => Err(Problem::internal(format!("approval {id} was not expected here"))),
        }
    }
}

/// One move of an instance, as it is kept (流转记录).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct StepRow {
    /// Its place among the steps of the instance, from 1.
    pub position: i64,
    /// What was done; `start` for the first.
    pub action: String,
    /// Where it stood; absent for the first.
    pub from_state: Option<String>,
    /// Where it stood then.
    pub to_state: String,
    /// The facts that decided.
    #[schema(value_type = Option<Object>)]
    pub facts: Option<Json>,
    /// Who did it; absent where the product did.
    pub actor_id: Option<Id>,
    /// Their name.
    pub actor_name: String,
    /// When.
    pub at: Timestamp,
}

impl Labelled for StepRow {
    const NOUN: &'static str = "rulebook.instance_step";
}

/// What may be done next with an instance, and why not where it may not (可执行的操作).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Offer {
    /// The action.
    pub action: String,
    /// Its name, in the caller's language.
    pub title: String,
    /// Where it leads, as far as the facts tell.
    pub to: Option<String>,
    /// True where the caller may do it now.
    pub allowed: bool,
    /// Key of the text that says why not.
    pub code: Option<String>,
    /// The sentence that says why not.
    pub reason: Option<String>,
}
