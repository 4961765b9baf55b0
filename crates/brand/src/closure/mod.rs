//! Content closure (内容闭包): everything that receivers get. Approval binds exactly this.

pub mod rules;
pub mod service;

use kernel::{Id, Language};
use serde::Serialize;

/// The closure of one item, in the one order in which it is hashed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Closure {
    /// Format of this text; a new one changes every hash.
    pub format: u32,
    /// The item.
    pub content_id: Id,
    /// Its brand.
    pub brand_id: Id,
    /// Its kind.
    pub kind: &'static str,
    /// Its variants; the first is the fallback.
    pub variants: Vec<ClosureVariant>,
}

/// One language of a closure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClosureVariant {
    /// Its language.
    pub language: Language,
    /// Subject.
    pub subject: String,
    /// Preheader.
    pub preheader: String,
    /// Sender's name, the brand's filled in.
    pub sender_name: String,
    /// Sender's address, the brand's filled in.
    pub sender_address: String,
    /// SHA-256 of the MJML.
    pub mjml: String,
    /// Partials by key: SHA-256 of their words.
    pub partials: Vec<(String, String)>,
    /// Pictures by key: SHA-256 of their bytes, and the words beside them.
    pub assets: Vec<(String, String, String)>,
    /// Where its links lead.
    pub links: Vec<String>,
}

/// A row that a closure is made of: its noun and its id.
pub type Part = (&'static str, Id);
