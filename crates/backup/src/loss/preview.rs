use http_kit::App;
use kernel::{Id, Result, Timestamp};
use store::args;

use super::{ActCount, RestorePreview, rules, sql};
use crate::run;

/// Kinds of acts that are told; the total counts them all.
const ACTS_MAX: usize = 20;

/// Says what going back to a backup would bring back, and what it would cost.
pub async fn of(app: &App, run_id: Id) -> Result<RestorePreview> {
    let run = run::service::get(app, run_id).await?;
    run::service::file_of(&run)?;
    let manifest = run::service::manifest(app, run_id).await?;
    let mut snapshot = app.store.snapshot().await?;
    let mut now = Vec::new();
    for table in snapshot.tables().await? {
        let rows = snapshot.count(&table).await?;
        now.push((table.name, rows));
    }
    drop(snapshot);
    let mut acts: Vec<ActCount> = app.store.all(sql::ACTS, args![run.taken_at]).await?;
    let changes = acts.iter().map(|act| act.count).sum();
    acts.truncate(ACTS_MAX);
    Ok(RestorePreview {
        run_id,
        taken_at: run.taken_at,
        kinds: rules::kinds(&now, &manifest.tables),
        changes,
        acts,
    })
}

/// Counts the audited changes since a moment.
pub(super) async fn changes_since(app: &App, at: Timestamp) -> Result<i64> {
    let acts: Vec<ActCount> = app.store.all(sql::ACTS, args![at]).await?;
    Ok(acts.iter().map(|act| act.count).sum())
}
