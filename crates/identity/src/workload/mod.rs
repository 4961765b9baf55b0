//! Workload (岗位工作量): what is open on each post, held against what its people can carry.

pub mod api;
mod rules;
mod service;
pub(crate) mod sql;

use kernel::{Id, Labelled, LocalText};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What is open on a post now (岗位工作量).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PostLoad {
    /// The post.
    pub id: Id,
    /// Its name.
    pub names: LocalText,
    /// Its department.
    pub department_id: Id,
    /// The department's name.
    pub department_names: LocalText,
    /// How many active users hold it.
    pub people: i64,
    /// Their open tasks.
    pub open_tasks: i64,
    /// Those whose time has passed.
    pub overdue_tasks: i64,
    /// How many open tasks its people can carry.
    #[serde(default)]
    pub capacity: i64,
    /// Open tasks as a share of that, in percent; absent where nobody holds the post.
    #[serde(default)]
    pub load_percent: Option<i64>,
}

impl Labelled for PostLoad {
    const NOUN: &'static str = "identity.workload";
}
