//! Confidential area (涉密范围): permissions that only a registered, encrypted and checked device may use.

pub mod api;
pub mod service;
pub(crate) mod sql;

use kernel::Labelled;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Confidential areas (涉密范围) of the company.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfidentialAreas {
    /// Codes and patterns of permissions.
    #[schema(max_items = 100)]
    pub patterns: Vec<String>,
}

impl Labelled for ConfidentialAreas {
    const NOUN: &'static str = "identity.confidential_area";
}
