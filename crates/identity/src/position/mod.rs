//! Position (岗位) within a department.

pub mod api;
pub mod service;
pub(crate) mod sql;

use kernel::{Id, Labelled, LocalText, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Position (岗位) that people of a department hold.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Position {
    /// Its id.
    pub id: Id,
    /// Its department.
    pub department_id: Id,
    /// The department's name.
    pub department_names: LocalText,
    /// Its name.
    pub names: LocalText,
    /// How many active users hold it.
    pub people: i64,
    /// Since when it is closed.
    pub archived_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Counts its changes.
    pub version: i64,
}

impl Labelled for Position {
    const NOUN: &'static str = "identity.position";
}

/// Position to be made.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPosition {
    /// Its department.
    pub department_id: Id,
    /// Its name.
    pub names: LocalText,
}

/// The whole of what can change of a position.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PositionChange {
    /// Its name.
    pub names: LocalText,
}

/// Which positions to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PositionFilter {
    /// Only those of this department.
    pub department_id: Option<Id>,
}
