//! Bottlenecks (流程瓶颈): how long things stand in each step of every workflow, against what the step may take.

pub mod api;
mod rules;
mod service;
mod sql;

use kernel::{Id, Labelled, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A step (流程步骤) with its times in the last days.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Bottleneck {
    /// The workflow.
    pub machine_id: String,
    /// Its name, in the caller's language.
    pub machine_title: String,
    /// The state that things stood in.
    pub state: String,
    /// Its name, in the caller's language.
    pub state_title: String,
    /// How often something left it.
    pub passes: i64,
    /// The middle time, in minutes.
    pub median_minutes: Option<f64>,
    /// What nine in ten took at the most, in minutes.
    pub p90_minutes: Option<f64>,
    /// What it may take, in minutes; absent where things may rest there.
    pub target_minutes: Option<i64>,
    /// The middle time as a share of the target, in percent: by it the steps are ranked.
    pub load_percent: Option<f64>,
    /// How many things stand there now.
    pub waiting: i64,
    /// How many of them for longer than the target.
    pub waiting_late: i64,
}

impl Labelled for Bottleneck {
    const NOUN: &'static str = "rulebook.bottleneck";
}

/// A thing that waits longer than its step may take (超时停留).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct WaitingItem {
    /// The thing.
    pub id: Id,
    /// What it is called; of what is confidential the number alone.
    pub title: String,
    /// Its page.
    pub link: String,
    /// The workflow, by its name.
    pub machine_title: String,
    /// Where it stands, by its name.
    pub state_title: String,
    /// Whose it is.
    pub owner_id: Option<Id>,
    /// Their name.
    pub owner_name: Option<String>,
    /// Since when it stands there.
    pub since: Timestamp,
    /// For how long, in minutes.
    pub minutes: i64,
    /// What the step may take, in minutes.
    pub target_minutes: i64,
}

impl Labelled for WaitingItem {
    const NOUN: &'static str = "rulebook.waiting_item";
}

/// Which time is looked at.
#[derive(Clone, Copy, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BottleneckFilter {
    /// Days back from now, 1 to 366; 90 when absent.
    #[param(minimum = 1, maximum = 366)]
    pub days: Option<i64>,
}

/// Whose things are looked at.
#[derive(Clone, Copy, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct WaitingFilter {
    /// False: everybody's, as far as the caller sees the work of others (`rulebook.task.read`); otherwise mine.
    pub mine: Option<bool>,
}
