use http_kit::App;
use kernel::{Id, Result, Timestamp};
use serde::Deserialize;
use store::{Observation, Tx, args};

use super::{ClockStep, sql};
use crate::calendar;

/// A step that is to be looked at.
#[derive(Debug, Deserialize)]
struct Awake {
    clock_id: Id,
    step: String,
    waits: bool,
    fire_at: Timestamp,
    subject_noun: String,
    subject_id: Id,
    kind: String,
    due_at: Option<Timestamp>,
    receiver_calendar_id: Id,
    receiver_version: i64,
}

/// Looks at the steps whose time has come: each fires once, or waits for its receiver's hours; none is dropped.
/// Returns how many it looked at.
pub async fn fire(app: &App) -> Result<usize> {
    let mut tx = app.store.begin_observation(Observation::Measurement).await?;
    // Two nodes look one after the other.
    tx.lock("rulebook.clock_step", Id::from_digest([0; 16])).await?;
    let now = tx.now();
    tx.exec(sql::NOTE_BREACHES, args![now]).await?;
    let awake: Vec<Awake> = tx.all(sql::AWAKE, args![now]).await?;
    let count = awake.len();
    for step in awake {
        look(app, &mut tx, step).await?;
    }
    tx.commit().await?;
    Ok(count)
}

async fn look(app: &App, tx: &mut Tx, step: Awake) -> Result<()> {
    let now = tx.now();
    if step.waits {
        let receiver =
            calendar::pinned_version(app, tx, step.receiver_calendar_id, step.receiver_version).await?;
        let opens = receiver.compiled.next_open(now)?;
        if opens > now {
            return tx.exec(sql::DEFER, args![step.clock_id, &step.step, opens]).await.map(drop);
        }
    }
    // A clock that was halted or ended meanwhile has nothing to remind of.
    if tx.exec(sql::FIRE, args![step.clock_id, &step.step, now]).await? == 0 {
        return Ok(());
    }
    let event = ClockStep {
        clock_id: step.clock_id,
        subject_noun: step.subject_noun,
        subject_id: step.subject_id,
        kind: step.kind,
        step: step.step,
        fire_at: step.fire_at,
        due_at: step.due_at,
    };
    tx.emit(&event).await
}
