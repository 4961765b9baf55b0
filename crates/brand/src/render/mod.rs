//! Rendering (渲染): Jinja in MJML. The MJML is compiled once, with the template places kept open;
//! filling the places is all that is left to do for each receiver.

pub mod api;
mod cache;
pub mod compile;
pub mod expand;
pub mod fill;
mod grammar;
pub mod jinja;
pub mod markup;
mod protect;
pub mod service;
mod structure;
mod text;
pub mod variables;

use std::collections::BTreeMap;

use kernel::{Id, Language, LocalText, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::finding::Finding;

pub(crate) use cache::compiled;

/// A partial that content may name, with its words in every language.
#[derive(Debug, Clone)]
pub struct PartialPart {
    /// The partial.
    pub id: Id,
    /// Its current version.
    pub version_id: Id,
    /// False: archived, must not be used in new content.
    pub active: bool,
    /// SHA-256 of its words.
    pub digest: String,
    /// Its words.
    pub sources: LocalText,
}

/// A picture that content may name.
#[derive(Debug, Clone)]
pub struct AssetPart {
    /// The asset.
    pub id: Id,
    /// False: archived, must not be used in new content.
    pub active: bool,
    /// SHA-256 of its bytes.
    pub blob_hash: String,
    /// Its type.
    pub content_type: String,
    /// Its size in bytes.
    pub byte_size: i64,
    /// Width in pixels.
    pub width: i64,
    /// What receivers read who do not see it.
    pub alt_texts: LocalText,
    /// Until when it may be shown.
    pub rights_until: Option<Timestamp>,
    /// Where the HTML finds it.
    pub address: String,
}

/// Everything that content of one brand may name.
#[derive(Debug, Clone, Default)]
pub struct Library {
    /// Partials by key.
    pub partials: BTreeMap<String, PartialPart>,
    /// Assets by key.
    pub assets: BTreeMap<String, AssetPart>,
}

/// The words of one language that are rendered.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a> {
    /// The language.
    pub language: Language,
    /// Subject as a Jinja template.
    pub subject: &'a str,
    /// Preheader as a Jinja template.
    pub preheader: &'a str,
    /// Jinja in MJML.
    pub mjml: &'a str,
}

/// A variant, compiled (编译结果): HTML and text as Jinja templates that need nothing else.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct Compiled {
    /// Subject as a Jinja template that does not escape.
    pub subject: String,
    /// HTML as a Jinja template that escapes by itself.
    pub html: String,
    /// Plain text as a Jinja template that does not escape.
    pub text: String,
}

/// What compiling gave.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The templates; absent where the source is broken.
    pub compiled: Option<Compiled>,
    /// What is wrong.
    pub findings: Vec<Finding>,
}
