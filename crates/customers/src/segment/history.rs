//! How a segment grew and shrank, and who came and went.

use http_kit::App;
use kernel::{Caller, Id, Result, Timestamp};
use store::{Store, args};

use super::service::require;
use super::{SegmentHistory, sql};
use crate::behaviour::upkeep;
use crate::permissions::PROFILE_READ;
use crate::profile::PROFILE_COLUMNS;

/// Returns the history of a segment that the caller may see, and in it the people whom they may see.
pub async fn history(app: &App, caller: &Caller, id: Id) -> Result<SegmentHistory> {
    let segment = require(&app.store, caller, id).await?;
    let mut changes = sql::changes(id);
    changes.scope(&caller.scope(PROFILE_READ)?, PROFILE_COLUMNS).push(sql::CHANGES_TAIL);
    Ok(SegmentHistory {
        segment_id: id,
        live_until: live_until(&app.store, id, segment.version_id).await?,
        evaluated_at: app.store.find(sql::EVALUATED, args![id, segment.version_id]).await?,
        sizes: app.store.all(sql::SIZES, args![id]).await?,
        changes: app.store.list(changes).await?,
    })
}

/// Returns up to when the members of a segment are kept, where they are.
pub(super) async fn live_until(store: &Store, id: Id, version: Id) -> Result<Option<Timestamp>> {
    if store.find::<Id>(sql::LIVE_VERSION, args![id, version]).await?.is_none() {
        return Ok(None);
    }
    let since = store.now().plus_ms(-upkeep::LIVE_FOR_MS);
    store.get(upkeep::AS_OF, args![since]).await
}
