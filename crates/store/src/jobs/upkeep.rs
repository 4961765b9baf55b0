use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::{Job, JobError, JobKind, Lease, sql};
use crate::{Observation, args, idempotency};

/// Days that jobs stay listed after they are done.
const DONE_DAYS: i64 = 7;
/// Days that failed and cancelled jobs stay listed.
const FAILED_DAYS: i64 = 90;
/// Days that relayed events stay, for whoever looks into a mishap.
const EVENT_DAYS: i64 = 30;

/// Forgets what the store keeps only for a while.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Upkeep {}

impl JobKind for Upkeep {
    const KIND: &'static str = "store.upkeep";
}

#[async_trait]
impl<C: Send + Sync + 'static> Job<C> for Upkeep {
    async fn run(&self, _app: &C, lease: &Lease) -> Result<(), JobError> {
        let mut tx = lease.store().begin_observation(Observation::Upkeep).await?;
        let now = tx.now();
        tx.exec(sql::FORGET_DONE, args![now.plus_days(-DONE_DAYS)]).await?;
        tx.exec(sql::FORGET_FAILED, args![now.plus_days(-FAILED_DAYS)]).await?;
        tx.exec(sql::FORGET_EVENTS, args![now.plus_days(-EVENT_DAYS)]).await?;
        idempotency::forget_old(&mut tx).await?;
        tx.commit().await?;
        Ok(())
    }
}
