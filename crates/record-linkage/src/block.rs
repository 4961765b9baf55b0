//! Blocking (分块): only records that share something are compared.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use crate::Options;
use crate::record::Prepared;

/// Pairs that share something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Blocked {
    /// Places of both records, the smaller first, in order and each pair once.
    pub pairs: Vec<(u32, u32)>,
    /// Keys that too many share.
    pub skipped_blocks: Vec<Skipped>,
    /// True where there are more pairs than may be.
    pub truncated: bool,
}

/// A key (过大分块) that too many share to say anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// What the key is made of.
    pub kind: &'static str,
    /// How many share it.
    pub records: usize,
}

/// What keys are made of.
const KINDS: [&str; 11] = [
    "email",
    "mobile",
    "number",
    "name+given_name",
    "name+born",
    "given_name+born",
    "born",
    "name+postcode",
    "given_name+postcode",
    "name+address",
    "address",
];

/// Finds the pairs that share at least one key.
pub fn block(records: &[Prepared], options: &Options) -> Blocked {
    let mut blocked = Blocked::default();
    for kind in KINDS {
        let mut keyed: Vec<(u64, u32)> = records
            .iter()
            .enumerate()
            .filter_map(|(place, record)| Some((hash(&key(kind, record)?), u32::try_from(place).ok()?)))
            .collect();
        keyed.sort_unstable();
        for shared in keyed.chunk_by(|one, other| one.0 == other.0) {
            if shared.len() > options.block_max {
                blocked.skipped_blocks.push(Skipped { kind, records: shared.len() });
                continue;
            }
            for (place, (_, left)) in shared.iter().enumerate() {
                blocked.pairs.extend(shared[place + 1..].iter().map(|(_, right)| (*left, *right)));
            }
            if blocked.pairs.len() >= options.pairs_max.saturating_mul(2) {
                settle(&mut blocked, options.pairs_max);
            }
        }
    }
    settle(&mut blocked, options.pairs_max);
    blocked
}

fn settle(blocked: &mut Blocked, max: usize) {
    blocked.pairs.sort_unstable();
    blocked.pairs.dedup();
    blocked.truncated |= blocked.pairs.len() > max;
    blocked.pairs.truncate(max);
}

fn hash(key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

fn key(kind: &str, of: &Prepared) -> Option<String> {
    let name = || start(&of.name_reading, 4);
    let given = || start(&of.given_reading, 3);
    let year = || start(&of.born, 4).filter(|year| year.len() == 4);
    let joined = |one: Option<String>, other: Option<String>| Some(format!("{}\u{1f}{}", one?, other?));
    match kind {
        "email" => whole(&of.email),
        "mobile" => whole(&of.mobile),
        "number" => whole(&of.number),
        // Either order: names are exchanged now and then.
        "name+given_name" => {
            let (one, other) = (start(&of.name_reading, 4)?, start(&of.given_reading, 4)?);
            joined(Some(one.clone().min(other.clone())), Some(one.max(other)))
        }
        "name+born" => joined(name(), year()),
        "given_name+born" => joined(given(), year()),
        "born" => whole(&of.born).filter(|born| born.len() == 8),
        "name+postcode" => joined(name(), whole(&of.postcode)),
        "given_name+postcode" => joined(given(), whole(&of.postcode)),
        "name+address" => joined(name(), start(&of.address, 6)),
        _ => whole(&of.address),
    }
}

fn whole(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn start(text: &str, letters: usize) -> Option<String> {
    (!text.is_empty()).then(|| text.chars().take(letters).collect())
}
