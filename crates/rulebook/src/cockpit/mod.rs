//! Manager's cockpit (经理驾驶舱): all open work of research, brand and campaigns, with a light that its time sets.
//!
//! Nothing is stored here: tasks are the rulebook's, campaigns tell of themselves.

pub mod api;
mod rules;
mod service;
mod sql;

use kernel::{Id, Labelled, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

text_enum! {
    /// What work belongs to (工作类别).
    pub enum WorkGroup {
        /// Research and analysis.
        Research = "research",
        /// Brand and content.
        Brand = "brand",
        /// Plans and campaigns.
        Campaign = "campaign",
    }
}

text_enum! {
    /// How work stands against its time (红黄绿灯).
    pub enum WorkLight {
        /// Its time has passed.
        Red = "red",
        /// It is due within the days that a policy parameter says.
        Amber = "amber",
        /// There is time.
        Green = "green",
        /// Nobody set a time.
        Undated = "undated",
    }
}

text_enum! {
    /// What stands behind a row of the cockpit, and how it is moved.
    pub enum WorkKind {
        /// A task of the rulebook.
        Task = "task",
        /// A campaign.
        Campaign = "campaign",
    }
}

/// One piece of open work (在办工作).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct WorkItem {
    /// Id of the task or campaign.
    pub id: Id,
    /// What it is.
    pub kind: WorkKind,
    /// What it belongs to.
    pub group: WorkGroup,
    /// What it says, in the caller's language.
    pub title: String,
    /// Its page.
    pub link: String,
    /// Whose it is; absent where whoever holds a right may do it.
    pub owner_id: Option<Id>,
    /// Their name.
    pub owner_name: Option<String>,
    /// The right whose holders may do it.
    pub permission: Option<String>,
    /// When it is due.
    pub due_at: Option<Timestamp>,
    /// Red, amber or green.
    pub light: WorkLight,
    /// True where the caller may give it to somebody else or more time.
    pub movable: bool,
}

/// How much of each light there is.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct WorkLights {
    /// Late.
    pub red: usize,
    /// Due soon.
    pub amber: usize,
    /// In time.
    pub green: usize,
    /// Without a time.
    pub undated: usize,
}

/// The cockpit as its reader may see it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Cockpit {
    /// Open work, the most urgent first.
    pub items: Vec<WorkItem>,
    /// How it stands.
    pub lights: WorkLights,
    /// True where there is more than is shown.
    pub cut: bool,
    /// Days before its time from which work is amber.
    pub near_days: i64,
}

impl Labelled for Cockpit {
    const NOUN: &'static str = "rulebook.cockpit";
}
