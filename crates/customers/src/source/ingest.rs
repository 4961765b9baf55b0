//! Ingest (接收): from what a request said to what is on disk.

use http_kit::App;
use kernel::{Problem, Result, Timestamp};
use lake::{Batch, Lake};
use store::{Observation, args};

use super::keys::KnownKey;
use super::wire::Reading;
use super::{SourceKeys, sql, visit};
use crate::plan::{self, EventTally};
use crate::quarantine::{self, Aside};

/// Returns the source of a key; refuses one that is unknown or switched off.
pub async fn source(app: &App, key: Option<&str>) -> Result<KnownKey> {
    let unknown = || Problem::unauthorized("customers.source.key_unknown");
    let key = key.map(str::trim).filter(|key| !key.is_empty()).ok_or_else(unknown)?;
    let known = app.part::<SourceKeys>()?.find(&app.store, key).await?.ok_or_else(unknown)?;
    if !known.active {
        return Err(Problem::forbidden("customers.source.paused"));
    }
    Ok(known)
}

/// Keeps what was read: events in the lake, the rest in quarantine. Returns once all of it is on disk.
pub async fn keep(app: &App, source: KnownKey, reading: Reading, received_at: Timestamp) -> Result<()> {
    let mut aside: Vec<Aside> = reading.rejected.into_iter().map(Aside::from).collect();
    let mut sorted = plan::sort(app, source.id, source.plan, reading.events).await?;
    aside.append(&mut sorted.aside);
    if !aside.is_empty() {
        quarantine::put_aside(&app.store, source.id, received_at, &aside).await?;
    }
    let mut events = sorted.kept;
    for event in &mut events {
        event.channel = visit::arrival(event).map(|channel| channel.as_str().to_owned());
    }
    app.part::<Lake>()?.append(Batch { source_id: source.id, received_at, events }).await?;
    app.part::<EventTally>()?.add(app, source.id, received_at, sorted.noted).await;
    Ok(())
}

/// Counts what programs did on a site instead of people.
pub async fn count_bots(app: &App, source: KnownKey, events: usize, at: Timestamp) -> Result<()> {
    let day = at.utc_day().to_string();
    let mut tx = app.store.begin_observation(Observation::Ingest).await?;
    tx.exec(sql::COUNT_BOTS, args![source.id, day, events as i64]).await?;
    tx.commit().await
}
