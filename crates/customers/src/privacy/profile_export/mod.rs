//! Export of people (客户导出): every list of people that left as a file, and who was in it.

mod api;
mod service;
mod sql;

use kernel::{Id, Labelled, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;

pub use api::routes;
pub(super) use service::old;
pub use service::{forget, list};
pub(crate) use service::{note, people};

/// A list of people that left as a file (客户导出).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ProfileExport {
    /// Its id.
    pub id: Id,
    /// When.
    pub at: Timestamp,
    /// Who took it.
    pub actor_id: Option<Id>,
    /// Their name.
    pub actor_name: String,
    /// Kind of the file.
    pub format: String,
    /// How many people.
    pub rows: i64,
    /// Which people were wanted.
    #[schema(value_type = Object)]
    pub filter: Json,
    /// True while it is known who was in it.
    pub available: bool,
}

impl Labelled for ProfileExport {
    const NOUN: &'static str = "customers.profile_export";
}
