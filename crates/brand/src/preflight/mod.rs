//! Pre-flight (发布前检查): what is wrong with content before anybody reviews it, bound to one closure.

pub mod api;
mod links;
mod look;
pub mod pack;
pub mod rules;
pub mod service;
pub(crate) mod sql;
mod stream;
mod words;

use async_trait::async_trait;
use kernel::{Id, Labelled, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::finding::Finding;

kernel::text_enum! {
    /// What a pre-flight says (检查结论).
    pub enum PreflightVerdict {
        /// Nothing to mend.
        Passed = "passed",
        /// Something to look at; the reviewer decides.
        Warned = "warned",
        /// Something must be mended before review.
        Blocked = "blocked",
    }
}

/// Pre-flight run (检查记录): what was found in one exact closure.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PreflightRun {
    /// Its id.
    pub id: Id,
    /// The item.
    pub content_id: Id,
    /// The version that was current.
    pub version_id: Id,
    /// SHA-256 of the closure that was checked.
    pub closure_hash: String,
    /// What it says.
    pub verdict: PreflightVerdict,
    /// What was found, gravest first.
    pub findings: Vec<Finding>,
    /// How many findings must be mended.
    pub serious_count: i64,
    /// How many should be looked at.
    pub warning_count: i64,
    /// How many are good to know.
    pub info_count: i64,
    /// The word list that was used.
    pub word_pack: String,
    /// The day of the word list.
    pub word_pack_date: String,
    /// How many of its terms were found.
    pub word_hits: i64,
    /// Who asked for it.
    pub run_by: Option<Id>,
    /// When.
    pub run_at: Timestamp,
}

impl Labelled for PreflightRun {
    const NOUN: &'static str = "brand.preflight";
}

/// What a link leads to, as far as can be told from here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkState {
    /// It answers.
    Alive,
    /// It answers that there is nothing, with this status, or its host does not exist.
    Dead {
        /// HTTP status, where there was an answer.
        status: Option<u16>,
    },
    /// It cannot be judged from here: no network, or the other side is in trouble.
    Unknown,
}

/// Looks whether links lead somewhere; `server` puts one in among the app's parts.
#[async_trait]
pub trait LinkChecker: Send + Sync + std::fmt::Debug {
    /// Asks for one address, through the one client with its egress filter.
    async fn check(&self, address: &str) -> LinkState;
}

/// The link checker among the app's parts.
#[derive(Debug, Clone)]
pub struct Links(pub std::sync::Arc<dyn LinkChecker>);
