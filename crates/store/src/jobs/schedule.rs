use kernel::Result;

use super::registry::Schedule;
use super::sql::{self, Scheduled};
use crate::{Observation, Store, args};

/// Puts the jobs of all schedules that are due into the queue; safe on many nodes at once.
pub(super) async fn tick(store: &Store, schedules: &[Schedule]) -> Result<()> {
    let known: Vec<Scheduled> = store.all(sql::SCHEDULES, args![]).await?;
    for schedule in schedules {
        let stored = known.iter().find(|row| row.kind == schedule.kind).map(|row| row.next_run_at);
        let (now, next) = (store.now(), schedule.every.next_after(store.now()));
        match stored {
            // Already at its place: the usual case costs no write.
            Some(stored) if stored == next => {}
            Some(stored) => {
                let mut tx = store.begin_observation(Observation::Upkeep).await?;
                // A stored time in the future belongs to a rule that was changed since.
                let due = stored <= now;
                let args = args![schedule.kind, stored, next, due.then_some(now)];
                if tx.exec(sql::SCHEDULE_MOVE, args).await? == 1 {
                    if due {
                        let key = format!("schedule/{}", schedule.kind);
                        tx.enqueue_payload((schedule.make)(), now, Some(&key)).await?;
                    }
                    tx.commit().await?;
                }
            }
            None => {
                let mut tx = store.begin_observation(Observation::Upkeep).await?;
                tx.exec(sql::SCHEDULE_ADD, args![schedule.kind, next]).await?;
                tx.commit().await?;
            }
        }
    }
    Ok(())
}
