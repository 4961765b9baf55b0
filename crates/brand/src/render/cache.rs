//! Keeps compiled variants by the digest of everything that they were made of.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use super::compile::{self, Source};
use super::markup::Piece;
use super::{Compiled, Library, Words, protect};
use crate::digest::sha256_hex;
use crate::finding::Finding;

/// Compiled variants that are kept: a company sends from a handful at a time.
const KEPT: usize = 64;

static CACHE: Mutex<VecDeque<(String, Arc<Compiled>)>> = Mutex::new(VecDeque::new());

/// Compiles a variant, or returns what compiling the same gave before.
pub fn compiled(words: &Words<'_>, library: &Library) -> Result<Arc<Compiled>, Vec<Finding>> {
    let source = compile::read(words, library)?;
    let key = key(words, &source, library);
    let kept = |cache: &VecDeque<(String, Arc<Compiled>)>| {
        cache.iter().find(|(known, _)| *known == key).map(|(_, compiled)| compiled.clone())
    };
    if let Some(compiled) = kept(&CACHE.lock().unwrap_or_else(PoisonError::into_inner)) {
        return Ok(compiled);
    }
    let outcome = compile::compile(words, &source, library);
    let compiled = Arc::new(outcome.compiled.ok_or(outcome.findings)?);
    let mut cache = CACHE.lock().unwrap_or_else(PoisonError::into_inner);
    if kept(&cache).is_none() {
        cache.push_back((key, compiled.clone()));
        if cache.len() > KEPT {
            cache.pop_front();
        }
    }
    Ok(compiled)
}

fn key(words: &Words<'_>, source: &Source<'_>, library: &Library) -> String {
    let mut assets = Vec::new();
    for piece in &source.pieces {
        let Piece::Element(element) = piece else { continue };
        for attribute in &element.attributes {
            let asset = protect::asset_of(source.text(&attribute.value), library);
            assets.extend(asset.map(|asset| (&asset.address, asset.alt_texts.get(words.language))));
        }
    }
    let parts = (words.language, words.subject, words.preheader, source.expanded.text.as_str(), assets);
    sha256_hex(&serde_json::to_vec(&parts).expect("text is plain data"))
}
