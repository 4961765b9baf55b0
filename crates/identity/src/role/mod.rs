//! Role (角色): a named set of permissions with the clearance that goes with it.

pub mod api;
pub mod rules;
pub mod service;
pub(crate) mod sql;

use std::collections::BTreeMap;

use kernel::{Id, Label, Labelled, LocalText, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Role (角色) that users hold by grants.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Role {
    /// Its id.
    pub id: Id,
    /// Its short name, such as `market`.
    pub code: String,
    /// Its name.
    pub names: LocalText,
    /// What it is for.
    pub descriptions: LocalText,
    /// Up to which confidentiality its holders see fields.
    pub clearance: Label,
    /// Permission codes and patterns.
    pub permissions: Vec<String>,
    /// True: comes with the product and is kept up to date by it.
    pub built_in: bool,
    /// How many active users hold it.
    pub holders: i64,
    /// Since when it is no longer given out.
    pub archived_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Counts its changes.
    pub version: i64,
}

impl Labelled for Role {
    const NOUN: &'static str = "identity.role";
}

/// Role to be made.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRole {
    /// Short name of lower-case letters, digits and underscores.
    #[schema(pattern = "^[a-z][a-z0-9_]{1,39}$")]
    pub code: String,
    /// Its name.
    pub names: LocalText,
    /// What it is for.
    #[serde(default)]
    pub descriptions: LocalText,
    /// Up to which confidentiality its holders see fields.
    pub clearance: Label,
    /// Permission codes and patterns.
    #[schema(min_items = 1, max_items = 2000)]
    pub permissions: Vec<String>,
}

/// Change of a role; absent fields stay.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RolePatch {
    /// Its name.
    pub names: Option<LocalText>,
    /// What it is for.
    pub descriptions: Option<LocalText>,
    /// Up to which confidentiality its holders see fields.
    pub clearance: Option<Label>,
    /// Permission codes and patterns.
    #[schema(max_items = 2000)]
    pub permissions: Option<Vec<String>>,
}

/// Permission (权限) with its name in the caller's language.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PermissionInfo {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The domain that it belongs to.
    pub domain: String,
    /// True where a grant can narrow it by brand, department or owner.
    pub scoped: bool,
    /// True where it asks for a registered device.
    pub confidential: bool,
}

impl Labelled for PermissionInfo {
    const NOUN: &'static str = "system.permission";
}

/// Permission matrix (权限矩阵): who may do what.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Matrix {
    /// The columns.
    pub permissions: Vec<PermissionInfo>,
    /// The rows: roles or users.
    pub rows: Vec<MatrixRow>,
    /// Where the next rows begin; absent at the end.
    pub next_cursor: Option<String>,
}

impl Labelled for Matrix {
    const NOUN: &'static str = "identity.permission_matrix";
}

/// One role or user of the matrix.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MatrixRow {
    /// Id of the role or user.
    pub id: Id,
    /// Its name.
    pub name: String,
    /// Permission code -> scopes in which it is held (`company`, `brand:<id>`, `department:<id>`, `own`).
    pub cells: BTreeMap<String, Vec<String>>,
}
