use http_kit::App;
use kernel::{Caller, Id, Page, PageQuery, Problem, Result, Timestamp};
use lake::{Batch, Event, Lake};
use serde_json::json;
use sha2::{Digest, Sha256};
use store::{Audit, Observation, Store, args, sealed};

use super::{Aside, DismissEvent, QuarantineFilter, QuarantineState, QuarantinedEvent, ReplayEvent, sql};
use crate::plan::{self, BreachReason};
use crate::source::wire::{Fault, segment};

const NOUN: &str = "customers.quarantined_event";
/// Most events of one source that wait: beyond, the source is told to wait, and nothing is lost.
const WAITING_MAX: i64 = 100_000;

/// Puts events aside; those that were put aside before stay as they are.
pub async fn put_aside(store: &Store, source: Id, received_at: Timestamp, aside: &[Aside]) -> Result<()> {
    let waiting: i64 = store.get(sql::WAITING, args![source]).await?;
    if waiting >= WAITING_MAX {
        return Err(Problem::too_many("customers.quarantine.full").with("retry_after_seconds", 60));
    }
    let row = |event: &Aside| {
        args![
            Id::new(),
            source,
            received_at,
            event.message_id.as_deref(),
            event.fault.as_str(),
            event.field.as_deref(),
            event.detail.map(BreachReason::as_str),
            event.expected.as_deref(),
            event.found.as_deref(),
            sealed(&event.body),
            hex::encode(Sha256::digest(&event.identity)),
            QuarantineState::Open.as_str(),
            1,
        ]
    };
    let mut tx = store.begin_observation(Observation::Ingest).await?;
    tx.insert_many(sql::INSERT, aside.iter().map(row).collect(), sql::KEEP).await?;
    tx.commit().await
}

/// Returns how many events wait for somebody.
pub async fn count_open(store: &Store) -> Result<i64> {
    store.get(sql::OPEN, args![]).await
}

/// Returns what is in quarantine, newest first.
pub async fn list(app: &App, page: &PageQuery, filter: &QuarantineFilter) -> Result<Page<QuarantinedEvent>> {
    let size = page.size()?;
    let mut query = sql::events();
    query
        .and_some("q.source_id =", filter.source_id)
        .and_some("q.state =", filter.state.map(QuarantineState::as_str))
        .and_some("q.fault =", filter.fault.map(Fault::as_str));
    if let Some((at, id)) = page.after::<(Timestamp, Id)>()? {
        query.push(" AND (q.received_at, q.id) < (").bind(at).push(", ").bind(id).push(")");
    }
    query.push(" ORDER BY q.received_at DESC, q.id DESC").limit_overfull(size);
    let rows = app.store.list(query).await?;
    Ok(Page::from_overfull(rows, size, |event: &QuarantinedEvent| (event.received_at, event.id)))
}

async fn find(app: &App, id: Id) -> Result<QuarantinedEvent> {
    let mut query = sql::events();
    query.and("q.id =", id);
    let rows: Vec<QuarantinedEvent> = app.store.list(query).await?;
    rows.into_iter().next().ok_or_else(|| Problem::not_found("access.not_found"))
}

/// Counts a repaired event. It keeps its id, so that it counts once however often this is tried.
pub async fn replay(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    repaired: &ReplayEvent,
) -> Result<QuarantinedEvent> {
    let before = open(app, id, version).await?;
    let event = repaired_event(&before, &repaired.body)?;
    plan::require(app, before.source_id, &event).await?;
    let batch = Batch { source_id: before.source_id, received_at: app.store.now(), events: vec![event] };
    app.part::<Lake>()?.append(batch).await?;
    settle(app, caller, &before, QuarantineState::Replayed, None, &repaired.body).await
}

fn repaired_event(before: &QuarantinedEvent, body: &str) -> Result<Event> {
    let read = segment::read_one(body, before.received_at);
    let mut event = read.map_err(|(fault, field)| {
        let refusal = Problem::unprocessable("customers.quarantine.still_faulty")
            .with("fault", fault)
            .with("field", field.unwrap_or_default());
        refusal.with_field("body", format!("customers.fault.{fault}"))
    })?;
    // Without an id of its own it gets that of its row.
    event.message_id = before.message_id.clone().unwrap_or_else(|| before.id.to_string());
    Ok(event)
}

/// Decides that an event is not wanted.
pub async fn dismiss(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    why: &DismissEvent,
) -> Result<QuarantinedEvent> {
    let reason = why.reason.trim();
    if reason.is_empty() || reason.chars().count() > 300 {
        let refusal = Problem::unprocessable("customers.quarantine.reason_needed");
        return Err(refusal.with_field("reason", "customers.quarantine.reason_needed"));
    }
    let before = open(app, id, version).await?;
    let body = before.body.clone().unwrap_or_default();
    settle(app, caller, &before, QuarantineState::Dismissed, Some(reason), &body).await
}

async fn open(app: &App, id: Id, version: i64) -> Result<QuarantinedEvent> {
    let event = find(app, id).await?;
    match event.version == version && event.state == QuarantineState::Open {
        true => Ok(event),
        false => Err(Problem::precondition_failed("store.changed_meanwhile")),
    }
}

async fn settle(
    app: &App,
    caller: &Caller,
    before: &QuarantinedEvent,
    state: QuarantineState,
    reason: Option<&str>,
    body: &str,
) -> Result<QuarantinedEvent> {
    let mut tx = app.store.begin(caller).await?;
    let now = tx.now();
    let args =
        args![before.id, before.version, state.as_str(), reason, now, caller.find_user_id(), sealed(body)];
    tx.exec_one(sql::SETTLE, args).await?;
    let mut audit =
        Audit::new(if state == QuarantineState::Replayed { "replay" } else { "dismiss" }, NOUN, before.id)
            .with(json!({ "source_id": before.source_id, "fault": before.fault }));
    if let Some(reason) = reason {
        audit = audit.because(reason);
    }
    tx.audit(audit).await?;
    tx.commit().await?;
    find(app, before.id).await
}
