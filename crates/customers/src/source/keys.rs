use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use kernel::{Id, Result};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use store::{Store, args};

use super::{SourceKind, sql};
use crate::plan::PlanMode;

/// How long the keys in memory are believed: a source that is switched off is so everywhere after this.
const BELIEVED: Duration = Duration::from_secs(2);
/// How soon they are read again for a key that nobody knows.
const AGAIN: Duration = Duration::from_millis(200);

/// A source as its key tells it.
#[derive(Clone, Copy, Debug)]
pub struct KnownKey {
    /// The source.
    pub id: Id,
    /// Its kind.
    pub kind: SourceKind,
    /// False: its events are refused.
    pub active: bool,
    /// How strictly its events are held to the tracking plan.
    pub plan: PlanMode,
}

/// Write keys (写入密钥表) in memory: events come too often to ask the database for each.
#[derive(Clone, Debug, Default)]
pub struct SourceKeys(Arc<RwLock<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    by_digest: HashMap<String, KnownKey>,
    read_at: Option<Instant>,
}

#[derive(Deserialize)]
struct Row {
    id: Id,
    kind: SourceKind,
    key_digest: String,
    active: bool,
    plan: PlanMode,
}

/// Returns the digest by which a key is found.
pub fn digest(key: &str) -> String {
    hex::encode(Sha256::digest(key))
}

impl SourceKeys {
    /// Returns the source of a key.
    pub async fn find(&self, store: &Store, key: &str) -> Result<Option<KnownKey>> {
        let digest = digest(key);
        let (found, age) = self.look(&digest);
        let limit = if found.is_some() { BELIEVED } else { AGAIN };
        if age.is_some_and(|age| age < limit) {
            return Ok(found);
        }
        self.read(store).await?;
        Ok(self.look(&digest).0)
    }

    fn look(&self, digest: &str) -> (Option<KnownKey>, Option<Duration>) {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
        (kept.by_digest.get(digest).copied(), kept.read_at.map(|at| at.elapsed()))
    }

    async fn read(&self, store: &Store) -> Result<()> {
        let rows: Vec<Row> = store.all(sql::KEYS, args![]).await?;
        let known = |row: Row| {
            let key = KnownKey { id: row.id, kind: row.kind, active: row.active, plan: row.plan };
            (row.key_digest, key)
        };
        let by_digest = rows.into_iter().map(known).collect();
        *self.0.write().unwrap_or_else(PoisonError::into_inner) =
            Kept { by_digest, read_at: Some(Instant::now()) };
        Ok(())
    }

    /// Makes the next event read the keys anew: this node changed one.
    pub fn forget(&self) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).read_at = None;
    }
}
