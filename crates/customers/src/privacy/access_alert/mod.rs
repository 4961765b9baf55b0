//! Unusual access (异常导出): days on which somebody took out or uncovered more than they usually do, or than anybody may.

mod api;
mod jobs;
pub mod rules;
mod service;
mod sql;

use kernel::{Id, Labelled, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub use api::routes;
pub use jobs::Watch;
pub use service::{explain, figures, list, watch};

text_enum! {
    /// What (行为) is counted.
    pub enum AccessKind {
        /// Rows that left in files.
        ExportRows = "export_rows",
        /// Files.
        Exports = "exports",
        /// Hidden fields that were shown, and files about one person.
        Unmasks = "unmasks",
    }
}

text_enum! {
    /// Why (告警依据) it stands out.
    pub enum AccessBecause {
        /// It is many times what this person usually does.
        Unusual = "unusual",
        /// It is more than anybody may.
        Absolute = "absolute",
    }
}

text_enum! {
    /// State (处理状态) of an alert.
    pub enum AccessAlertState {
        /// Nobody looked into it yet.
        Open = "open",
        /// Somebody knows why.
        Explained = "explained",
    }
}

/// Day on which somebody did more than usual (异常导出告警).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AccessAlert {
    /// Its id.
    pub id: Id,
    /// Who.
    pub user_id: Id,
    /// Their name.
    pub user_name: String,
    /// The day, in the company's zone.
    pub day: String,
    /// What was counted.
    pub kind: AccessKind,
    /// How much it was when it was found.
    pub count: i64,
    /// Median of the thirty days before.
    pub usual: f64,
    /// The limit that it passed.
    pub threshold: i64,
    /// Why it stands out.
    pub because: AccessBecause,
    /// Whether somebody knows why.
    pub state: AccessAlertState,
    /// Why it was.
    pub explanation: Option<String>,
    /// Who says so.
    pub explained_by: Option<Id>,
    /// When.
    pub explained_at: Option<Timestamp>,
    /// When it was found.
    pub found_at: Timestamp,
    /// Counts its changes; for `If-Match`.
    pub version: i64,
}

impl Labelled for AccessAlert {
    const NOUN: &'static str = "customers.access_alert";
}

/// What somebody took out or uncovered on a day (每日导出情况).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AccessDay {
    /// Who.
    pub user_id: Id,
    /// Their name.
    pub user_name: String,
    /// The day, in the company's zone.
    pub day: String,
    /// Files.
    pub exports: i64,
    /// Rows in them.
    pub export_rows: i64,
    /// Hidden fields that were shown, and files about one person.
    pub unmasks: i64,
}

impl Labelled for AccessDay {
    const NOUN: &'static str = "customers.access_day";
}

/// Which alerts are wanted.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AlertFilter {
    /// Only in this state.
    #[param(inline)]
    pub state: Option<AccessAlertState>,
}

/// Whose figures are wanted.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FigureFilter {
    /// Only of this user.
    pub user_id: Option<Id>,
    /// How many days back; 30 when absent.
    #[param(minimum = 1, maximum = 90)]
    pub days: Option<i64>,
}
