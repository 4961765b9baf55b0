//! Puts a closure together and names it.

use std::collections::BTreeSet;

use kernel::{Id, Language};

use super::{Closure, ClosureVariant, Part};
use crate::brand::Brand;
use crate::content::{Content, Variant};
use crate::digest::sha256_hex;
use crate::preflight::rules::links_of;
use crate::render::compile::{self, Source};
use crate::render::markup::Piece;
use crate::render::{Library, Words};

/// Counted up when the closure's text changes.
const FORMAT: u32 = 1;

/// Returns the variants in the item's order, with the brand's sender filled in.
pub fn senders_filled(brand: &Brand, languages: &[Language], variants: &[Variant]) -> Vec<Variant> {
    let place = |language: Language| languages.iter().position(|l| *l == language).unwrap_or(usize::MAX);
    let mut variants: Vec<Variant> = variants.to_vec();
    variants.sort_by_key(|variant| (place(variant.language), variant.language));
    for variant in &mut variants {
        if variant.sender_name.trim().is_empty() {
            variant.sender_name = brand.sender_names.get(variant.language).to_owned();
        }
        if variant.sender_address.trim().is_empty() {
            variant.sender_address.clone_from(&brand.sender_address);
        }
    }
    variants
}

/// Puts the closure together; `variants` are those of [`senders_filled`].
pub fn closure(content: &Content, variants: &[Variant], library: &Library) -> Closure {
    Closure {
        format: FORMAT,
        content_id: content.id,
        brand_id: content.brand_id,
        kind: content.kind.as_str(),
        variants: variants.iter().map(|variant| of_variant(variant, library)).collect(),
    }
}

fn of_variant(variant: &Variant, library: &Library) -> ClosureVariant {
    let words = words(variant);
    // A source that cannot be read is bound as it is; it cannot be approved anyway.
    let source = compile::read(&words, library).ok();
    let (mut partials, mut assets, mut links) = (Vec::new(), Vec::new(), Vec::new());
    if let Some(source) = &source {
        for key in &source.expanded.partials {
            let digest = library.partials.get(key).map_or_else(String::new, |partial| partial.digest.clone());
            partials.push((key.clone(), digest));
        }
        for key in asset_keys(source) {
            let asset = library.assets.get(&key);
            let hash = asset.map_or_else(String::new, |asset| asset.blob_hash.clone());
            let alt =
                asset.map_or_else(String::new, |asset| asset.alt_texts.get(variant.language).to_owned());
            assets.push((key, hash, alt));
        }
        links = links_of(source);
    }
    partials.sort();
    ClosureVariant {
        language: variant.language,
        subject: variant.subject.clone(),
        preheader: variant.preheader.clone(),
        sender_name: variant.sender_name.clone(),
        sender_address: variant.sender_address.clone(),
        mjml: sha256_hex(variant.mjml.as_bytes()),
        partials,
        assets,
        links,
    }
}

/// Returns what of a variant is rendered.
pub fn words(variant: &Variant) -> Words<'_> {
    Words {
        language: variant.language,
        subject: &variant.subject,
        preheader: &variant.preheader,
        mjml: &variant.mjml,
    }
}

/// Returns the keys of the pictures that a source names, each once.
pub fn asset_keys(source: &Source<'_>) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for piece in &source.pieces {
        let Piece::Element(element) = piece else { continue };
        for attribute in &element.attributes {
            let key = source.text(&attribute.value).trim().strip_prefix("asset:");
            keys.extend(key.map(str::to_owned));
        }
    }
    keys
}

/// Returns the name of a closure: SHA-256 of its one JSON text, whose fields keep their order.
pub fn hash(closure: &Closure) -> String {
    sha256_hex(&serde_json::to_vec(closure).expect("a closure is plain data"))
}

/// Returns every row that the closure is made of.
pub fn parts(closure: &Closure, library: &Library) -> Vec<Part> {
    let mut parts: BTreeSet<(&'static str, Id)> = BTreeSet::new();
    parts.insert(("brand.brand", closure.brand_id));
    for variant in &closure.variants {
        for (key, _) in &variant.partials {
            parts.extend(library.partials.get(key).map(|partial| ("brand.partial", partial.id)));
        }
        for (key, ..) in &variant.assets {
            parts.extend(library.assets.get(key).map(|asset| ("brand.asset", asset.id)));
        }
    }
    parts.into_iter().collect()
}
