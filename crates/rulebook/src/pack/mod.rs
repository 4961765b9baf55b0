//! Pack (制度包): a folder of YAML that holds clauses, policy parameters, record types, state machines and controls.
//!
//! The product's own packs are in the binary; a company's own lie in a directory and go before one of
//! the same id. A pack is read and checked as a whole: one with a fault is refused with every fault by
//! file, line and reason, and what runs stays untouched.

pub mod api;
mod check;
pub(crate) mod diff;
mod dry_run;
mod merge;
mod metrics;
mod object;
mod own;
mod read;
mod records;
pub mod service;
mod source;
mod sql;

use std::collections::BTreeMap;
use std::fmt;

use kernel::{Id, Label, Labelled, Language, LocalText, TextBook, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

pub(crate) use check::check;
pub use diff::{ChangeKind, ObjectChange, PackDiff, ValueChange};
pub use dry_run::{DryRun, dry_run};
pub(crate) use read::read;
pub use source::{Folder, folder, shipped, under};

use crate::acknowledgement::BindsSpec;
use crate::cadence::CadenceSpec;
use crate::clause::ClauseSpec;
use crate::control::ControlSpec;
use crate::dashboard::DashboardSpec;
use crate::machine::MachineSpec;
use crate::metric::MetricSpec;
use crate::parameter::ParameterSpec;
use crate::record_type::RecordTypeSpec;

/// Text of a pack in up to three languages; a misspelt language is refused.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "StrictText")]
pub struct Text(pub LocalText);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StrictText {
    #[serde(rename = "zh-Hans", default)]
    zh_hans: String,
    #[serde(rename = "zh-Hant", default)]
    zh_hant: String,
    #[serde(default)]
    en: String,
}

impl From<StrictText> for Text {
    fn from(text: StrictText) -> Self {
        let trim = |text: String| text.trim().to_owned();
        Self(LocalText { zh_hans: trim(text.zh_hans), zh_hant: trim(text.zh_hant), en: trim(text.en) })
    }
}

impl Text {
    /// Returns the text in `language`, or in the first language that has one.
    pub fn get(&self, language: Language) -> &str {
        self.0.get(language)
    }

    fn has(&self, language: Language) -> bool {
        let own = match language {
            Language::ZhHans => &self.0.zh_hans,
            Language::ZhHant => &self.0.zh_hant,
            Language::En => &self.0.en,
        };
        !own.is_empty()
    }
}

/// `pack.yaml`: what the pack is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Its id, also the folder's name.
    pub id: String,
    /// Its version, such as `1.0.0`.
    pub version: String,
    /// Code of the management document that it holds; absent where it holds none.
    #[serde(default)]
    pub document: Option<String>,
    /// The language in which every text must be written; the others fall back to it.
    pub default_language: Language,
    /// Its title and summary.
    pub texts: ManifestTexts,
    /// Whom the document binds by what they may do.
    #[serde(default)]
    pub binds: Option<BindsSpec>,
    /// Clauses that are hung up as posters and shown in reminders.
    #[serde(default)]
    pub posters: Vec<String>,
    /// Chapters of the document, in order.
    #[serde(default)]
    pub chapters: Vec<Chapter>,
}

/// Title and summary of a pack.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestTexts {
    /// Name of the document.
    pub title: Text,
    /// What it is about.
    #[serde(default)]
    pub summary: Text,
}

/// Chapter (章) of a document.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chapter {
    /// Its id, such as `BA-4`.
    pub id: String,
    /// Its title.
    pub texts: ChapterTexts,
}

/// Title of a chapter.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChapterTexts {
    /// Its title.
    pub title: Text,
}

/// A pack as its files say, each part with the file that it stands in.
#[derive(Clone, Debug)]
pub struct Pack {
    /// The folder that it was read from.
    pub folder: Folder,
    /// What it is.
    pub manifest: Manifest,
    /// Its clauses, in order.
    pub clauses: Vec<ClauseSpec>,
    /// Its policy parameters.
    pub parameters: Vec<ParameterSpec>,
    /// Its controls.
    pub controls: Vec<ControlSpec>,
    /// Its state machines, with their files.
    pub machines: Vec<(String, MachineSpec)>,
    /// Its record types, with their files.
    pub records: Vec<(String, RecordTypeSpec)>,
    /// Its cadences.
    pub cadences: Vec<CadenceSpec>,
    /// Its metrics.
    pub metrics: Vec<MetricSpec>,
    /// Its dashboards, with their files.
    pub dashboards: Vec<(String, DashboardSpec)>,
}

/// What is wrong with a pack, and where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The file, from the packs' folder on.
    pub file: String,
    /// The line, from 1; 0 where the file as a whole is at fault.
    pub line: usize,
    /// Key of the text.
    pub code: &'static str,
    /// What the text names.
    pub args: BTreeMap<String, String>,
}

impl Fault {
    /// Returns `file:line: reason` in a language.
    pub fn say(&self, texts: &TextBook, language: Language) -> String {
        let args =
            self.args.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str()))).collect();
        format!("{}:{}: {}", self.file, self.line, texts.say(language, self.code, &args))
    }
}

/// How much a pack holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PackContents)]
pub struct Contents {
    /// Clauses.
    pub clauses: usize,
    /// Policy parameters.
    pub parameters: usize,
    /// State machines.
    pub machines: usize,
    /// Controls.
    pub controls: usize,
    /// Record types.
    pub record_types: usize,
    /// Metrics.
    pub metrics: usize,
    /// Dashboards.
    pub dashboards: usize,
}

impl fmt::Display for Contents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { clauses, parameters, machines, controls, record_types, metrics, dashboards } = self;
        write!(
            f,
            "clauses {clauses} parameters {parameters} machines {machines} controls {controls} \
             record types {record_types} metrics {metrics} dashboards {dashboards}"
        )
    }
}

/// Version of a pack (制度包版本) in the database: immutable, known by the digest of its files.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PackVersion {
    /// Its id.
    pub id: Id,
    /// The pack.
    pub pack_id: String,
    /// The version that the pack states of itself.
    pub label: String,
    /// SHA-256 over the names and contents of its files.
    pub content_hash: String,
    /// When it was first loaded.
    pub created_at: Timestamp,
}

impl Labelled for PackVersion {
    const NOUN: &'static str = "rulebook.pack_version";
    const FIELDS: &'static [(&'static str, Label)] = &[];
}

/// The files of a pack (制度包文件).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PackFiles {
    /// The pack.
    pub id: String,
    /// SHA-256 over their names and contents.
    pub content_hash: String,
    /// Text of each file, by its path inside.
    pub files: BTreeMap<String, String>,
}

impl Labelled for PackFiles {
    const NOUN: &'static str = "rulebook.pack_files";
}

/// Files that somebody would like to run.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Candidate {
    /// Text of each file, by its path inside.
    pub files: BTreeMap<String, String>,
}

/// Files that are to run, with the reason.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPackVersion {
    /// Text of each file, by its path inside.
    pub files: BTreeMap<String, String>,
    /// Why.
    #[schema(min_length = 5, max_length = 500)]
    pub reason: String,
}

/// Why the shipped version is to run again.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RestorePack {
    /// Why.
    #[schema(min_length = 5, max_length = 500)]
    pub reason: String,
}

/// What is wrong with a pack, as pages show it (错误).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PackFault {
    /// The file, from the packs' folder on.
    pub file: String,
    /// The line, from 1; 0 where the file as a whole is at fault.
    pub line: usize,
    /// Key of the text.
    pub code: String,
    /// What is wrong and what to do, in the caller's language.
    pub message: String,
}

/// What checking a pack found (检查结果).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Checked {
    /// True where it could run.
    pub sound: bool,
    /// How much it holds, where it could run.
    pub contents: Option<Contents>,
    /// What is wrong.
    pub faults: Vec<PackFault>,
}

impl Labelled for Checked {
    const NOUN: &'static str = "rulebook.pack_check";
}
