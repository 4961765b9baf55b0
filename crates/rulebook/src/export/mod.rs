//! Export (导出): the rulebook with its evidence for auditors and other systems.

pub mod api;
mod oscal;
mod page;
mod pdf;
mod service;
mod xlsx;

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use kernel::{Language, Problem, Result, Timestamp, text_enum};

pub(crate) use page::{Pages, Style};
pub(crate) use pdf::book;
pub use service::export;

use crate::clause::{Clause, Document, StatusCounts};
use crate::control::ControlView;
use crate::parameter::Parameter;
use crate::waiver::Waiver;

text_enum! {
    /// Format of an export.
    pub enum ExportFormat {
        /// The clauses, as an OSCAL catalogue.
        OscalCatalog = "oscal_catalog",
        /// The controls, as an OSCAL component definition.
        OscalComponent = "oscal_component",
        /// The newest runs, as OSCAL assessment results.
        OscalResults = "oscal_results",
        /// Clauses, controls, waivers and parameters, as a workbook.
        Xlsx = "xlsx",
        /// A report to read.
        Pdf = "pdf",
    }
}

impl ExportFormat {
    /// Returns the media type.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::OscalCatalog | Self::OscalComponent | Self::OscalResults => "application/json",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pdf => "application/pdf",
        }
    }

    /// Returns the name of the file.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::OscalCatalog => "catalog.json",
            Self::OscalComponent => "component-definition.json",
            Self::OscalResults => "assessment-results.json",
            Self::Xlsx => "rulebook.xlsx",
            Self::Pdf => "rulebook.pdf",
        }
    }
}

/// Everything that an export says, in one language, of one moment.
pub(crate) struct Account {
    pub now: Timestamp,
    pub language: Language,
    /// The company's day and time of `now`.
    pub local_time: String,
    pub total: StatusCounts,
    pub documents: Vec<Document>,
    pub clauses: Vec<Clause>,
    pub controls: Vec<ControlView>,
    pub waivers: Vec<Waiver>,
    pub parameters: Vec<Parameter>,
    /// Says a text of the exports in the language.
    pub words: Words,
}

/// Texts of the exports, in one language.
pub(crate) struct Words {
    texts: kernel::TextBook,
    language: Language,
}

impl Words {
    /// Says `rulebook.export.<name>`.
    pub fn say(&self, name: &str) -> String {
        self.with(name, &[])
    }

    /// Says a text that names values.
    pub fn with(&self, name: &str, args: &[(&str, serde_json::Value)]) -> String {
        let args = args.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        self.texts.say(self.language, &format!("rulebook.export.{name}"), &args)
    }
}

/// Answers with a file to be saved, never to be run.
pub(crate) fn download(name: &str, content_type: &str, bytes: Vec<u8>) -> Result<Response> {
    let mut response = bytes.into_response();
    let set = response.headers_mut();
    let encoded: String = name.bytes().map(encoded).collect();
    let disposition = format!("attachment; filename*=UTF-8''{encoded}");
    set.insert(header::CONTENT_TYPE, HeaderValue::from_str(content_type).map_err(Problem::internal)?);
    set.insert(header::CONTENT_DISPOSITION, HeaderValue::from_str(&disposition).map_err(Problem::internal)?);
    set.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    set.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    Ok(response)
}

/// Writes a byte of a file's name as RFC 5987 asks.
fn encoded(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}
