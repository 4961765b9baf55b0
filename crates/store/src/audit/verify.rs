use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use kernel::{Result, text_enum};
use serde::Serialize;
use utoipa::ToSchema;

use super::rules::{Checkpoint, Entry, Link, PublicKey};
use super::{anchor, sql};
use crate::{Query, Store, args};

/// Links looked at in one step: bounds the memory of a long log.
const STEP: i64 = 1_000;
/// Findings that are told; more would say nothing new.
const FINDINGS_MAX: usize = 1_000;

text_enum! {
    /// What is wrong with the log (审计问题).
    pub enum FindingKind {
        /// The entry is not the one that was sealed.
        EntryChanged = "entry_changed",
        /// The entry was sealed and is gone.
        EntryMissing = "entry_missing",
        /// An entry stands in the log that was never given to the sealer.
        EntryUnsealed = "entry_unsealed",
        /// Links are gone from the middle of the chain.
        SealMissing = "seal_missing",
        /// The end of the chain is gone: a checkpoint says that it was longer.
        TailCut = "tail_cut",
        /// The chain was written anew: a checkpoint says that it was another.
        ChainRewritten = "chain_rewritten",
        /// A checkpoint in the database is not signed by this installation.
        CheckpointForged = "checkpoint_forged",
        /// A line of the anchor file is no checkpoint of this installation.
        AnchorForged = "anchor_forged",
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Finding {
    /// What.
    pub kind: FindingKind,
    /// Position in the chain, or line of the anchor file.
    pub position: i64,
    /// The entry, where one is known.
    pub entry_id: Option<i64>,
}

impl Finding {
    /// Returns the key of its text.
    pub fn code(&self) -> String {
        format!("audit.finding.{}", self.kind)
    }
}

/// Outcome of a verification (审计核验结果).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Report {
    /// Entries in the log.
    pub entries: i64,
    /// Entries that are chained.
    pub sealed: i64,
    /// Entries that the sealer has not reached yet.
    pub waiting: i64,
    /// Checkpoints in the database.
    pub checkpoints: i64,
    /// Checkpoints in the anchor file.
    pub anchored: i64,
    /// What is wrong, at most the first thousand.
    pub problems: Vec<Finding>,
}

impl Report {
    /// Returns true where nothing is wrong.
    pub fn holds(&self) -> bool {
        self.problems.is_empty()
    }

    fn add(&mut self, kind: FindingKind, position: i64, entry_id: Option<i64>) {
        if self.problems.len() < FINDINGS_MAX {
            self.problems.push(Finding { kind, position, entry_id });
        }
    }
}

/// Checks the whole log against its chain, its checkpoints and, where given, the anchor file.
///
/// Works beside a running server: checkpoints are read before the chain that they speak of.
pub async fn verify(store: &Store, key: &PublicKey, anchor: Option<&Path>) -> Result<Report> {
    let mut report = Report::default();
    let mut signed = SignedHashes::default();
    read_checkpoints(store, key, &mut report, &mut signed).await?;
    if let Some(path) = anchor {
        read_anchor(path, key, &mut report, &mut signed).await?;
    }
    walk(store, &mut report, &mut signed).await?;
    for position in signed.into_keys() {
        report.add(FindingKind::TailCut, position, None);
    }
    (report.entries, report.waiting) = store.get(sql::COUNT, args![]).await?;
    for id in store.all::<i64>(sql::STRAYS, args![STEP]).await? {
        report.add(FindingKind::EntryUnsealed, report.sealed, Some(id));
    }
    Ok(report)
}

/// What checkpoints say that the chain was, by position.
type SignedHashes = BTreeMap<i64, Vec<String>>;

async fn read_checkpoints(
    store: &Store,
    key: &PublicKey,
    report: &mut Report,
    signed: &mut SignedHashes,
) -> Result<()> {
    let mut after = 0;
    loop {
        let step: Vec<Checkpoint> = store.all(sql::CHECKPOINTS, args![after, STEP]).await?;
        let Some(last) = step.last() else { return Ok(()) };
        after = last.position;
        for checkpoint in step {
            report.checkpoints += 1;
            if key.signed(&checkpoint) {
                signed.entry(checkpoint.position).or_default().push(checkpoint.hash);
            } else {
                report.add(FindingKind::CheckpointForged, checkpoint.position, None);
            }
        }
    }
}

async fn read_anchor(
    path: &Path,
    key: &PublicKey,
    report: &mut Report,
    signed: &mut SignedHashes,
) -> Result<()> {
    for (line, checkpoint) in (1..).zip(anchor::read(path).await?) {
        match checkpoint {
            Ok(checkpoint) if key.signed(&checkpoint) => {
                report.anchored += 1;
                let hashes = signed.entry(checkpoint.position).or_default();
                if !hashes.contains(&checkpoint.hash) {
                    hashes.push(checkpoint.hash);
                }
            }
            Ok(_) => report.add(FindingKind::AnchorForged, line, None),
            Err(line) => report.add(FindingKind::AnchorForged, line, None),
        }
    }
    Ok(())
}

async fn walk(store: &Store, report: &mut Report, signed: &mut SignedHashes) -> Result<()> {
    let mut head = Link::beginning();
    loop {
        let step: Vec<sql::Seal> = store.all(sql::SEALS_AFTER, args![head.position, STEP]).await?;
        if step.is_empty() {
            return Ok(());
        }
        let mut query = Query::new(sql::ENTRIES, args![]);
        query.and_in("id", step.iter().map(|seal| seal.entry_id));
        let entries: HashMap<i64, Entry> =
            store.list(query).await?.into_iter().map(|entry: Entry| (entry.id, entry)).collect();
        for seal in step {
            report.sealed += 1;
            let gap = seal.position != head.position + 1;
            if gap {
                report.add(FindingKind::SealMissing, head.position + 1, None);
            }
            match entries.get(&seal.entry_id) {
                None => report.add(FindingKind::EntryMissing, seal.position, Some(seal.entry_id)),
                // Behind a gap nothing is known of the link before.
                Some(entry) if !gap && head.next(entry).hash != seal.hash => {
                    report.add(FindingKind::EntryChanged, seal.position, Some(seal.entry_id));
                }
                Some(_) => {}
            }
            // Goes on from what is stored, so that one changed entry is one finding.
            head = Link { position: seal.position, hash: seal.hash };
            if signed.remove(&head.position).is_some_and(|hashes| hashes.iter().any(|h| *h != head.hash)) {
                report.add(FindingKind::ChainRewritten, head.position, None);
            }
        }
    }
}
