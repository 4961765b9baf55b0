use std::path::PathBuf;
use std::sync::Arc;

use ed25519_dalek::{Signer as _, SigningKey};
use kernel::{Id, MINUTE_MS, Result};

use super::rules::{self, Checkpoint, Entry, Link, PublicKey};
use super::sql;
use crate::{Observation, Query, Secrets, Store, Tx, args};

/// Entries sealed in one transaction.
const BATCH: i64 = 1_000;
/// A checkpoint at most this often, and at the end.
const CHECKPOINT_EVERY_MS: i64 = MINUTE_MS;
/// Name of the signing key among the secrets.
const SIGNING_KEY: &str = "store.audit.signing_key";

/// Chains committed entries and signs where the chain stands (封存器).
#[derive(Clone, Debug)]
pub struct Sealer {
    store: Store,
    key: Arc<SigningKey>,
    anchor: PathBuf,
}

/// Returns the key with which checkpoints can be checked, also far from the database.
pub async fn public_key(secrets: &Secrets) -> Result<PublicKey> {
    Ok(PublicKey::of(&SigningKey::from_bytes(&secrets.get_or_create(SIGNING_KEY).await?)))
}

impl Sealer {
    /// Makes a sealer that appends its checkpoints to the file `anchor`, too.
    pub async fn new(store: Store, secrets: &Secrets, anchor: impl Into<PathBuf>) -> Result<Self> {
        let key = SigningKey::from_bytes(&secrets.get_or_create(SIGNING_KEY).await?);
        Ok(Self { store, key: Arc::new(key), anchor: anchor.into() })
    }

    /// Seals what was committed and signs a checkpoint where the last one is old; safe on many nodes at once.
    pub async fn tick(&self) -> Result<()> {
        while self.seal_some().await? == BATCH {}
        self.checkpoint(CHECKPOINT_EVERY_MS).await
    }

    /// Seals the rest and signs the last checkpoint.
    pub async fn close(&self) -> Result<()> {
        while self.seal_some().await? == BATCH {}
        self.checkpoint(0).await
    }

    async fn seal_some(&self) -> Result<i64> {
        if self.store.find::<i64>(sql::PEEK_UNSEALED, args![]).await?.is_none() {
            return Ok(0);
        }
        let mut tx = self.begin().await?;
        let entries: Vec<Entry> = tx.all(sql::UNSEALED, args![BATCH]).await?;
        let head: Option<Link> = tx.find(sql::LAST_SEAL, args![]).await?;
        let mut head = head.unwrap_or_else(Link::beginning);
        let mut seals = Vec::with_capacity(entries.len());
        for entry in &entries {
            head = head.next(entry);
            seals.push(args![head.position, entry.id, &head.hash]);
        }
        let mut sealed = Query::new(sql::SEALED, args![]);
        sealed.and_in("entry_id", entries.iter().map(|entry| entry.id));
        tx.exec_query(sealed).await?;
        tx.insert_many(sql::SEALS, seals, "").await?;
        tx.commit().await?;
        Ok(i64::try_from(entries.len()).unwrap_or(BATCH))
    }

    async fn checkpoint(&self, every_ms: i64) -> Result<()> {
        let head: Option<Link> = self.store.find(sql::LAST_SEAL, args![]).await?;
        let last: Option<Checkpoint> = self.store.find(sql::LAST_CHECKPOINT, args![]).await?;
        let now = self.store.now();
        let Some(head) = head else { return Ok(()) };
        let wanted = last.is_none_or(|c| c.position < head.position && c.at.plus_ms(every_ms) <= now);
        if !wanted {
            return Ok(());
        }
        let signature = self.key.sign(&rules::signed_text(head.position, &head.hash, now));
        let signature = hex::encode(signature.to_bytes());
        let checkpoint = Checkpoint { position: head.position, hash: head.hash, at: now, signature };
        let mut tx = self.begin().await?;
        let args = args![checkpoint.position, &checkpoint.hash, now, &checkpoint.signature];
        let added = tx.exec(sql::CHECKPOINT, args).await? == 1;
        tx.commit().await?;
        // Only what the database holds may stand in the anchor, so it goes there second.
        if added { super::anchor::append(&self.anchor, &checkpoint).await } else { Ok(()) }
    }

    /// One sealer at a time: the chain has one end.
    async fn begin(&self) -> Result<Tx> {
        let mut tx = self.store.begin_observation(Observation::Upkeep).await?;
        tx.lock("store.audit", Id::from_digest([0; 16])).await?;
        Ok(tx)
    }
}
