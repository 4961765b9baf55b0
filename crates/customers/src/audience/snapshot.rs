use http_kit::App;
use kernel::{Caller, Id, Page, PageQuery, Problem, Result, Timestamp};
use lake::Lake;
use store::{Query, args};

use super::service::{Audiences, Wish};
use super::{NewSnapshot, Snapshot, sql};
use crate::segment;

/// Characters of a reason.
const REASON: std::ops::RangeInclusive<usize> = 2..=300;

/// Returns the snapshots of a segment that the caller may see, latest first.
pub async fn list(app: &App, caller: &Caller, segment_id: Id, page: &PageQuery) -> Result<Page<Snapshot>> {
    segment::get(app, caller, segment_id).await?;
    let size = page.size()?;
    let mut query = sql::of_segment(segment_id);
    if let Some((at, id)) = page.after::<(Timestamp, Id)>()? {
        query.push(" AND (a.created_at, a.id) < (").bind(at).push(", ").bind(id).push(")");
    }
    query.push(" ORDER BY a.created_at DESC, a.id DESC").limit_overfull(size);
    let found = app.store.list(query).await?;
    Ok(Page::from_overfull(found, size, |one: &Snapshot| (one.created_at, one.id)))
}

/// Freezes who is in a segment now, of those whom the caller may see.
pub async fn freeze_by_hand(
    app: &App,
    caller: &Caller,
    segment_id: Id,
    wish: &NewSnapshot,
) -> Result<Snapshot> {
    let reason = wish.reason.trim();
    if !REASON.contains(&reason.chars().count()) {
        return Err(Problem::unprocessable("customers.segment.snapshot_reason"));
    }
    let audiences = Audiences::new(app.store.clone(), app.part::<Lake>().ok().cloned());
    let id = Id::new();
    let wish = Wish { id, segment_id, used_by: id, reason: Some(reason) };
    audiences.freeze_as(caller, &wish).await?;
    app.store.get(sql::ONE, args![id]).await
}

/// Narrows a list of profiles `p` to those who were frozen, where the caller may see of which segment.
pub(crate) async fn narrow(app: &App, caller: &Caller, id: Id, query: &mut Query) -> Result<()> {
    let frozen: Option<Snapshot> = app.store.find(sql::ONE, args![id]).await?;
    let frozen = frozen.ok_or_else(|| Problem::not_found("customers.segment.no_such_snapshot"))?;
    segment::get(app, caller, frozen.segment_id).await?;
    query
        .push(" AND EXISTS (SELECT 1 FROM audience_member frozen WHERE frozen.profile_id = p.id")
        .and("frozen.audience_id =", id)
        .push(")");
    Ok(())
}
