//! Evidence file (佐证文件): a document that shows what no row can, kept under the digest of its bytes, for a time.

pub mod api;
mod rules;
mod service;
mod sql;

use blob::Hash;
use kernel::{Id, Labelled, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub(crate) use service::found;
pub use service::{add, content, list, withdraw};

/// An evidence file (佐证文件).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct EvidenceFile {
    /// Its id.
    pub id: Id,
    /// The control that it proves.
    pub control_id: String,
    /// SHA-256 of its bytes.
    pub file_hash: Hash,
    /// Its name.
    pub file_name: String,
    /// Its size.
    pub file_bytes: i64,
    /// Its media type, as recognised by its name.
    pub content_type: String,
    /// What it shows.
    pub note: String,
    /// Who brought it.
    pub uploaded_by: Id,
    /// Their name then.
    pub uploaded_by_name: String,
    /// When.
    pub uploaded_at: Timestamp,
    /// Until when it stands.
    pub valid_until: Timestamp,
    /// When it was withdrawn.
    pub withdrawn_at: Option<Timestamp>,
    /// Who withdrew it.
    pub withdrawn_by: Option<Id>,
    /// Counts the changes; for `If-Match`.
    pub version: i64,
}

impl Labelled for EvidenceFile {
    const NOUN: &'static str = "rulebook.evidence_file";
}

/// Upload of an evidence file; only describes the form.
#[derive(Debug, ToSchema)]
pub struct EvidenceFileForm {
    /// What it shows.
    #[schema(min_length = 5, max_length = 500)]
    #[expect(dead_code, reason = "describes the form")]
    note: String,
    /// The file.
    #[schema(value_type = String, format = Binary)]
    #[expect(dead_code, reason = "describes the form")]
    file: Vec<u8>,
}

/// Which evidence files to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct EvidenceFileFilter {
    /// Only of this control.
    #[param(max_length = 200)]
    pub control: Option<String>,
}
