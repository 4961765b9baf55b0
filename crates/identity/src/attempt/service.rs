use http_kit::App;
use kernel::{Problem, Result, Timestamp};
use store::{Observation, Tx, args};

use super::{Bucket, rules, sql};

/// Tries under way; each counts as a failure until it is known to be none.
#[derive(Debug)]
#[must_use]
pub struct Tries {
    buckets: Vec<Bucket>,
}

/// Counts a try before it is made, so that a thousand at once are a thousand tries; refuses while a delay runs.
pub async fn begin(app: &App, buckets: &[Bucket]) -> Result<Tries> {
    let mut buckets = buckets.to_vec();
    // One order for everybody: two tries never wait for each other's lock.
    buckets.sort();
    let mut tx = app.store.begin_observation(Observation::SessionUse).await?;
    let now = tx.now();
    let mut wait_ms = 0;
    for bucket in &buckets {
        let (failures, last_at): (i64, Timestamp) = tx.get(sql::TAKE, args![&bucket.key, now]).await?;
        let failures = rules::counted(failures, last_at, now);
        wait_ms = wait_ms.max(rules::wait_ms(failures, bucket.free, last_at, now));
        tx.exec(sql::COUNT, args![&bucket.key, failures + 1, now]).await?;
    }
    if wait_ms > 0 {
        // Dropping the transaction: a try that was not made does not lengthen the delay.
        let seconds = (wait_ms + 999) / 1000;
        return Err(Problem::too_many("identity.session.too_many_tries").with("retry_after_seconds", seconds));
    }
    tx.commit().await?;
    Ok(Tries { buckets })
}

impl Tries {
    /// The try was right: empties the account's buckets and takes it back from shared ones.
    pub async fn succeeded(&self, tx: &mut Tx) -> Result<()> {
        for bucket in &self.buckets {
            let sql = if bucket.shared { sql::FORGIVE } else { sql::EMPTY };
            tx.exec(sql, args![&bucket.key]).await?;
        }
        Ok(())
    }

    /// The try was no guess: takes it back.
    pub async fn forgive(&self, app: &App) -> Result<()> {
        let mut tx = app.store.begin_observation(Observation::SessionUse).await?;
        for bucket in &self.buckets {
            tx.exec(sql::FORGIVE, args![&bucket.key]).await?;
        }
        tx.commit().await
    }
}

/// Empties the bucket that strangers can fill for an account; a password reset does.
pub(crate) async fn clear_account(tx: &mut Tx, email_key: &str) -> Result<()> {
    tx.exec(sql::EMPTY, args![Bucket::account(email_key).key]).await.map(drop)
}

/// Forgets what no longer counts.
pub(crate) async fn sweep(app: &App) -> Result<()> {
    let mut tx = app.store.begin_observation(Observation::SessionUse).await?;
    tx.exec(sql::SWEEP, args![tx.now().plus_ms(-rules::FORGET_MS)]).await?;
    tx.commit().await
}
