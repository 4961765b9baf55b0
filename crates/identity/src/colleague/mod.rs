//! Colleague (同事): what everybody may know of everybody, so that people can be chosen in forms.

pub mod api;
mod service;
pub(crate) mod sql;

use kernel::{Id, Labelled, LocalText};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub use service::list;

/// Colleague (同事): a member of staff without anything that is not everybody's business.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Colleague {
    /// The id.
    pub id: Id,
    /// The name.
    pub name: String,
    /// The department.
    pub department_id: Option<Id>,
    /// The department's name.
    pub department_names: Option<LocalText>,
}

impl Labelled for Colleague {
    const NOUN: &'static str = "identity.colleague";
}

/// Which colleagues to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ColleagueFilter {
    /// Part of the name.
    #[param(max_length = 100)]
    pub q: Option<String>,
    /// Only of this department.
    pub department_id: Option<Id>,
}
