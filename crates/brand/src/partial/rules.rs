//! What a partial must look like.

use kernel::{LocalText, Result};

use crate::check::{Faults, TITLE_MAX};
use crate::digest::sha256_hex;

/// Longest source of one language, in characters.
pub const SOURCE_MAX: usize = 20_000;

/// Refuses fields that are out of bounds.
pub fn check(key: &str, title: &str, sources: &LocalText) -> Result<()> {
    let all = [&sources.zh_hans, &sources.zh_hant, &sources.en];
    Faults::default()
        .key(key, "key")
        .line(title, TITLE_MAX, "title")
        .unless(all.iter().any(|s| !s.trim().is_empty()), "sources", "brand.input.empty")
        .unless(all.iter().all(|s| s.chars().count() <= SOURCE_MAX), "sources", "brand.input.too_long")
        .end()
}

/// Returns the name of exactly these sources.
pub fn digest(sources: &LocalText) -> String {
    sha256_hex(&serde_json::to_vec(sources).expect("texts are plain data"))
}
