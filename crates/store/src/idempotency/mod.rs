//! Idempotency keys (幂等键): a creation that is sent twice happens once.

use kernel::{DAY_MS, Problem, Result};
use serde::Deserialize;

use crate::{Observation, Store, Tx, args};

mod sql;

/// How long a key is remembered.
const KEPT_MS: i64 = DAY_MS;
/// How long a first try may take; after that nobody knows how it ended.
const IN_FLIGHT_MS: i64 = 5 * kernel::MINUTE_MS;
/// Longest key.
const KEY_LENGTH_MAX: usize = 255;

/// What to do with a request that carries a key.
#[derive(Debug, PartialEq, Eq)]
pub enum Begun {
    /// Do it, then call [`finish`] or [`forget`].
    New,
    /// It was done: answer this.
    Done(Answer),
}

/// An answer that was given.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Answer {
    /// HTTP status.
    pub status: i64,
    /// Body and whatever else the caller keeps of it.
    pub response: String,
}

#[derive(Deserialize)]
struct Known {
    request_hash: String,
    status: Option<i64>,
    response: Option<String>,
    created_at: kernel::Timestamp,
}

/// Reserves `key` for this request of `actor`, or tells what became of it.
///
/// Another request under the same key is refused, and so is one whose first try still runs.
pub async fn begin(store: &Store, actor: &str, key: &str, request_hash: &str) -> Result<Begun> {
    if key.is_empty() || key.len() > KEY_LENGTH_MAX {
        return Err(Problem::bad_request("idempotency.key_invalid").with("max", KEY_LENGTH_MAX));
    }
    let mut tx = store.begin_observation(Observation::Upkeep).await?;
    let now = tx.now();
    tx.exec(sql::FORGET_ONE_OLD, args![actor, key, now.plus_ms(-KEPT_MS)]).await?;
    if tx.exec(sql::RESERVE, args![actor, key, request_hash, now]).await? == 1 {
        tx.commit().await?;
        return Ok(Begun::New);
    }
    let known: Known = tx.get(sql::FIND, args![actor, key]).await?;
    tx.commit().await?;
    if known.request_hash != request_hash {
        return Err(Problem::conflict("idempotency.key_reused"));
    }
    match (known.status, known.response) {
        (Some(status), Some(response)) => Ok(Begun::Done(Answer { status, response })),
        _ if known.created_at.plus_ms(IN_FLIGHT_MS) > now => Err(Problem::conflict("idempotency.in_flight")),
        _ => Err(Problem::conflict("idempotency.outcome_unknown")),
    }
}

/// Keeps the answer for whoever sends the request again.
pub async fn finish(store: &Store, actor: &str, key: &str, answer: &Answer) -> Result<()> {
    write(store, sql::FINISH, args![actor, key, answer.status, &answer.response]).await
}

/// Frees a key whose request changed nothing, so that it can be tried again.
pub async fn forget(store: &Store, actor: &str, key: &str) -> Result<()> {
    write(store, sql::FORGET, args![actor, key]).await
}

async fn write(store: &Store, statement: &'static str, args: Vec<crate::Value>) -> Result<()> {
    let mut tx = store.begin_observation(Observation::Upkeep).await?;
    tx.exec(statement, args).await?;
    tx.commit().await
}

/// Forgets keys that were kept long enough.
pub(crate) async fn forget_old(tx: &mut Tx) -> Result<u64> {
    tx.exec(sql::FORGET_OLD, args![tx.now().plus_ms(-KEPT_MS)]).await
}
