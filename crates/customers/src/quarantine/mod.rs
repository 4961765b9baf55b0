//! Quarantine (隔离区): events that could not be counted, as they were sent, until somebody repairs or dismisses them.

mod api;
mod service;
mod sql;

use kernel::{Id, Label, Labelled, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::plan::BreachReason;
use crate::source::wire::{Fault, Rejected};

pub use api::routes;
pub use service::{count_open, dismiss, list, put_aside, replay};

text_enum! {
    /// State (处理状态) of an event in quarantine.
    pub enum QuarantineState {
        /// Nobody decided yet.
        Open = "open",
        /// It was repaired and counts now.
        Replayed = "replayed",
        /// Somebody decided that it is not wanted.
        Dismissed = "dismissed",
    }
}

/// Event in quarantine (隔离事件).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct QuarantinedEvent {
    /// Its id.
    pub id: Id,
    /// Where it came from.
    pub source_id: Id,
    /// Name of that source.
    pub source_name: String,
    /// When it first arrived.
    pub received_at: Timestamp,
    /// What the source calls it, where that could be read.
    pub message_id: Option<String>,
    /// Why it is here.
    pub fault: Fault,
    /// The field at fault, where it is one.
    pub field: Option<String>,
    /// Of an event that breaks the plan: in what.
    pub detail: Option<BreachReason>,
    /// The kind that was planned, where that is what is wrong.
    pub expected: Option<String>,
    /// The kind that came.
    pub found: Option<String>,
    /// The event as it was sent; one that breaks the plan as it was understood.
    #[schema(extensions(("x-label" = json!("personal"))))]
    pub body: Option<String>,
    /// What became of it.
    pub state: QuarantineState,
    /// Why it was dismissed.
    pub reason: Option<String>,
    /// When somebody decided.
    pub decided_at: Option<Timestamp>,
    /// Who decided.
    pub decided_by: Option<Id>,
    /// Counts its changes; for `If-Match`.
    pub version: i64,
}

impl Labelled for QuarantinedEvent {
    const NOUN: &'static str = "customers.quarantined_event";
    const FIELDS: &'static [(&'static str, Label)] = &[("body", Label::Personal)];
}

/// Event that is put aside (待隔离事件).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aside {
    /// By what it is known when it comes again.
    pub identity: String,
    /// What the source calls it, where that could be read.
    pub message_id: Option<String>,
    /// Why.
    pub fault: Fault,
    /// The field at fault, where it is one.
    pub field: Option<String>,
    /// In what it breaks the plan.
    pub detail: Option<BreachReason>,
    /// The kind that was planned.
    pub expected: Option<String>,
    /// The kind that came.
    pub found: Option<String>,
    /// The event.
    pub body: String,
}

impl From<Rejected> for Aside {
    fn from(rejected: Rejected) -> Self {
        Self {
            identity: rejected.body.clone(),
            message_id: rejected.message_id,
            fault: rejected.fault,
            field: rejected.field.map(str::to_owned),
            detail: None,
            expected: None,
            found: None,
            body: rejected.body,
        }
    }
}

/// Which events in quarantine are wanted.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct QuarantineFilter {
    /// Only of this source.
    pub source_id: Option<Id>,
    /// Only in this state.
    #[param(inline)]
    pub state: Option<QuarantineState>,
    /// Only with this fault.
    #[param(inline)]
    pub fault: Option<Fault>,
}

/// A repaired event.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplayEvent {
    /// The event as it should have been sent: JSON, with its type.
    #[schema(min_length = 2, max_length = 32768)]
    pub body: String,
}

/// Why an event is not wanted.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DismissEvent {
    /// Why.
    #[schema(min_length = 1, max_length = 300)]
    pub reason: String,
}
