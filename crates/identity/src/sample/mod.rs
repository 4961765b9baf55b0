//! The sample company's organisation (样例公司): made up, labelled so, and signed in to with one click.

pub mod api;
mod history;
pub mod service;

use kernel::{Id, Labelled, LocalText, Problem, Result};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use service::load;

/// What the access door reads of the sample company's file.
#[derive(Clone, Debug, Deserialize)]
pub struct SampleOrg {
    /// Departments.
    pub departments: Vec<SampleDepartment>,
    /// Positions.
    pub positions: Vec<SamplePosition>,
    /// People.
    pub people: Vec<SamplePerson>,
}

/// Department of the sample company.
#[derive(Clone, Debug, Deserialize)]
pub struct SampleDepartment {
    /// Its short name.
    pub code: String,
    /// Its name.
    pub name: LocalText,
}

/// Position of the sample company.
#[derive(Clone, Debug, Deserialize)]
pub struct SamplePosition {
    /// Its short name.
    pub code: String,
    /// Short name of its department.
    pub department: String,
    /// Its name.
    pub name: LocalText,
}

/// Somebody of the sample company.
#[derive(Clone, Debug, Deserialize)]
pub struct SamplePerson {
    /// Address, which mail can never reach.
    pub email: String,
    /// Name.
    pub name: LocalText,
    /// Short name of the department.
    pub department: String,
    /// Short name of the position.
    pub position: String,
    /// Short names of the roles; `head` holds for the own department.
    pub roles: Vec<String>,
    /// True: heads the department.
    #[serde(default)]
    pub head: bool,
}

impl SampleOrg {
    /// Reads `org.yaml`.
    pub fn read(yaml: &str) -> Result<Self> {
        serde_yaml_ng::from_str(yaml).map_err(|error| {
            Problem::unprocessable("identity.sample.unreadable").with("reason", error.to_string())
        })
    }
}

/// Somebody whom one click signs in.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SampleUser {
    /// The id.
    pub id: Id,
    /// The name.
    pub name: String,
    /// The department's name.
    pub department_name: LocalText,
    /// The position's name.
    pub position_name: LocalText,
    /// Names of the roles.
    #[serde(default)]
    pub role_names: Vec<LocalText>,
}

impl Labelled for SampleUser {
    const NOUN: &'static str = "identity.sample_user";
}

/// Whom to sign in.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SampleSignIn {
    /// The id.
    pub user_id: Id,
}
