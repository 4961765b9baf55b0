//! Acknowledgement (制度确认): what a document binds people to takes effect for them once they have read and confirmed it,
//! and a new version of it comes to all of them by itself.
//!
//! Releases and acknowledgements are records of the packs; which permissions wait for which document stands in the
//! document's `pack.yaml`.

pub(crate) mod jobs;
mod release;
mod rules;
mod service;
mod sql;

use serde::Deserialize;

pub use jobs::expect_newcomers;
pub use release::release_new;
pub(crate) use service::bound_people;
pub use service::unacknowledged;

/// The record type of releases of documents.
const RELEASE: &str = "rulebook_release";
/// The record type of acknowledgements.
const ACKNOWLEDGEMENT: &str = "acknowledgement";

/// Whom a document binds (适用对象), beside those to whom it is released.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BindsSpec {
    /// Patterns of permissions: whoever holds one is bound, and it takes effect once they acknowledged the document.
    pub permissions: Vec<String>,
}
