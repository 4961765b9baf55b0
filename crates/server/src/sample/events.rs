use std::sync::Arc;

use http_kit::App;
use kernel::{Problem, Result, Timestamp};
use lake::EventLake;
use lake_engine::Engine;
use tokio_util::sync::CancellationToken;

/// Sends the visits of two months that end at `until`, and puts them into files; nothing where another process has the
/// lake.
pub async fn load(app: &App, until: Timestamp) -> Result<Option<usize>> {
    let engine = app.part::<Arc<Engine>>()?.clone();
    let stop = CancellationToken::new();
    let work = lake_engine::begin(engine.clone(), stop.clone()).await;
    let sent = match engine.takes_events() {
        true => customers::sample::events(app, until).await.map(Some),
        false => Ok(None),
    };
    stop.cancel();
    work.await.map_err(Problem::internal)?;
    sent
}
