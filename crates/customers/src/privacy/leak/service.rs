use http_kit::App;
use kernel::{Caller, HOUR_MS, Id, Labelled, Page, PageQuery, Problem, Result, Timestamp};
use rulebook::notification::NoticeKind;
use rulebook::task::Sentence;
use serde_json::json;
use store::{Audit, Store, Tx, args, json};

use super::{
    Leak, LeakClock, LeakFilter, LeakInformed, LeakNoteKind, LeakPatch, LeakReport, LeakState, LeakStep,
    LeakStepKind, NewLeak, NewLeakStep, rules, sql,
};
use crate::merge::check_reason;
use crate::permissions::{PRIVACY_MANAGE, PRIVACY_READ};
use crate::privacy::notice::{self, Told};

/// Hours within which the authority has to know.
const HOURS: &str = "privacy.leak_hours";
/// Tolerated difference of clocks.
const CLOCK_SKEW_MS: i64 = 5 * 60 * 1000;

/// Returns leaks, newest first.
pub async fn list(app: &App, caller: &Caller, page: &PageQuery, filter: &LeakFilter) -> Result<Page<Leak>> {
    caller.require(PRIVACY_READ)?;
    let size = page.size()?;
    let mut query = sql::list();
    query.and_some("l.state =", filter.state.map(|state| state.as_str()));
    if let Some((at, id)) = page.after::<(Timestamp, Id)>()? {
        query.push(" AND (l.discovered_at, l.id) < (").bind(at).push(", ").bind(id).push(")");
    }
    query.push(" ORDER BY l.discovered_at DESC, l.id DESC").limit_overfull(size);
    let now = app.store.now();
    let rows: Vec<Leak> = app.store.list(query).await?;
    let rows = rows.into_iter().map(|leak| judged(leak, now)).collect();
    Ok(Page::from_overfull(rows, size, |leak: &Leak| (leak.discovered_at, leak.id)))
}

fn judged(mut leak: Leak, now: Timestamp) -> Leak {
    leak.clock = rules::clock(&leak, now);
    leak
}

/// Returns one leak.
pub async fn get(app: &App, caller: &Caller, id: Id) -> Result<Leak> {
    caller.require(PRIVACY_READ)?;
    load(&app.store, id).await
}

pub(super) async fn load(store: &Store, id: Id) -> Result<Leak> {
    let mut query = sql::list();
    query.and("l.id =", id);
    let rows: Vec<Leak> = store.list(query).await?;
    let leak = rows.into_iter().next().ok_or_else(|| Problem::not_found("access.not_found"))?;
    Ok(judged(leak, store.now()))
}

/// Returns a leak as somebody saw it, if it can still be changed.
pub(super) async fn load_seen(tx: &mut Tx, id: Id, version: i64) -> Result<Leak> {
    let mut query = sql::list();
    query.and("l.id =", id);
    let leak: Leak =
        tx.list(query).await?.into_iter().next().ok_or_else(|| Problem::not_found("access.not_found"))?;
    rules::check_open(&leak)?;
    match leak.version == version {
        true => Ok(leak),
        false => Err(Problem::precondition_failed("store.changed_meanwhile")),
    }
}

/// Writes down a leak; the clock of the authority runs from when it was found.
pub async fn create(app: &App, caller: &Caller, new: &NewLeak) -> Result<Leak> {
    caller.require(PRIVACY_MANAGE)?;
    check_words(&new.title, &new.what_happened, new.fields.len())?;
    let mut tx = app.store.begin(caller).await?;
    tx.lock(Leak::NOUN, Id::from_digest([0; 16])).await?;
    let now = tx.now();
    let discovered_at = new.discovered_at.unwrap_or(now);
    check_past("discovered_at", discovered_at, now)?;
    let hours = rulebook::parameter::get_in(&mut tx, HOURS).await?.integer()?;
    let count: i64 = tx.get(sql::COUNT, args![]).await?;
    let year = now.utc_day().to_string().chars().take(4).collect::<String>();
    let (id, number) = (Id::new(), format!("LEAK-{year}-{:04}", count + 1));
    let row = args![
        id,
        &number,
        new.title.trim(),
        new.what_happened.trim(),
        discovered_at,
        json(&new.fields),
        discovered_at.plus_ms(hours * HOUR_MS),
        now,
        caller.find_user_id(),
    ];
    tx.exec_one(sql::INSERT, row).await?;
    note_at(&mut tx, id, LeakStepKind::Discovered, discovered_at, None, None).await?;
    tell(app, &mut tx, id, &number, "customers.privacy.notice.leak", "found").await?;
    tx.audit(Audit::new("create", Leak::NOUN, id).with(json!({ "number": number, "fields": new.fields })))
        .await?;
    tx.commit().await?;
    load(&app.store, id).await
}

fn check_words(title: &str, what: &str, fields: usize) -> Result<()> {
    rules::check_text("title", title, 200)?;
    rules::check_text("what_happened", what, 5_000)?;
    match fields {
        0 => Err(Problem::unprocessable("customers.privacy.fields_needed")
            .with_field("fields", "customers.privacy.fields_needed")),
        _ => Ok(()),
    }
}

fn check_past(field: &'static str, at: Timestamp, now: Timestamp) -> Result<()> {
    match at > now.plus_ms(CLOCK_SKEW_MS) {
        true => Err(Problem::unprocessable("customers.privacy.in_the_future")
            .with_field(field, "customers.privacy.in_the_future")),
        false => Ok(()),
    }
}

async fn tell(app: &App, tx: &mut Tx, id: Id, number: &str, code: &'static str, when: &str) -> Result<()> {
    let told = Told {
        kind: NoticeKind::Alert,
        noun: Leak::NOUN,
        id,
        link: format!("/customers/privacy/leaks/{id}"),
        title: Sentence::new(code).with("number", number),
        key: format!("privacy/leak/{id}/{when}"),
    };
    notice::tell(app, tx, told).await
}

/// Adds a step inside the caller's transaction.
pub(super) async fn note(
    tx: &mut Tx,
    leak: Id,
    kind: LeakStepKind,
    note: Option<&str>,
    count: Option<i64>,
) -> Result<()> {
    let now = tx.now();
    note_at(tx, leak, kind, now, note, count).await
}

async fn note_at(
    tx: &mut Tx,
    leak: Id,
    kind: LeakStepKind,
    at: Timestamp,
    note: Option<&str>,
    count: Option<i64>,
) -> Result<()> {
    let by = tx.caller().find_user_id();
    tx.exec_one(sql::INSERT_STEP, args![Id::new(), leak, kind.as_str(), at, note, by, count]).await
}

/// What becomes of a leak with a step.
struct Change<'a> {
    action: &'static str,
    kind: LeakStepKind,
    note: Option<&'a str>,
    reason: Option<&'a str>,
}

async fn save(tx: &mut Tx, leak: &Leak, change: Change<'_>) -> Result<()> {
    let row = args![
        leak.id,
        leak.version,
        &leak.title,
        &leak.what_happened,
        json(&leak.fields),
        leak.state.as_str(),
        leak.authority_reported_at,
        leak.authority_reference.as_deref(),
        leak.authority_waived_because.as_deref(),
        leak.people_informed_at,
        leak.people_informed_how.as_deref(),
        leak.closed_at,
        leak.closed_because.as_deref(),
    ];
    tx.exec_one(sql::UPDATE, row).await?;
    note(tx, leak.id, change.kind, change.note, None).await?;
    let mut audit = Audit::new(change.action, Leak::NOUN, leak.id).with(json!({ "number": leak.number }));
    if let Some(reason) = change.reason {
        audit = audit.because(reason);
    }
    tx.audit(audit).await
}

/// Corrects what is known about a leak.
pub async fn patch(app: &App, caller: &Caller, id: Id, version: i64, patch: &LeakPatch) -> Result<Leak> {
    caller.require(PRIVACY_MANAGE)?;
    let mut tx = app.store.begin(caller).await?;
    let mut leak = load_seen(&mut tx, id, version).await?;
    if let Some(title) = &patch.title {
        leak.title = title.trim().to_owned();
    }
    if let Some(what) = &patch.what_happened {
        leak.what_happened = what.trim().to_owned();
    }
    if let Some(fields) = &patch.fields {
        leak.fields.clone_from(fields);
    }
    check_words(&leak.title, &leak.what_happened, leak.fields.len())?;
    let change = Change { action: "update", kind: LeakStepKind::Updated, note: None, reason: None };
    save(&mut tx, &leak, change).await?;
    tx.commit().await?;
    load(&app.store, id).await
}

/// Notes something that was done or learned.
pub async fn step(app: &App, caller: &Caller, id: Id, version: i64, new: &NewLeakStep) -> Result<Leak> {
    caller.require(PRIVACY_MANAGE)?;
    rules::check_text("note", &new.note, 2_000)?;
    let mut tx = app.store.begin(caller).await?;
    let mut leak = load_seen(&mut tx, id, version).await?;
    let (kind, action) = match new.kind {
        LeakNoteKind::Contained => (LeakStepKind::Contained, "contain"),
        LeakNoteKind::Measure => (LeakStepKind::Measure, "note"),
        LeakNoteKind::Note => (LeakStepKind::Note, "note"),
    };
    if kind == LeakStepKind::Contained {
        leak.state = LeakState::Contained;
    }
    save(&mut tx, &leak, Change { action, kind, note: Some(new.note.trim()), reason: None }).await?;
    tx.commit().await?;
    load(&app.store, id).await
}

/// Notes that the authority was told.
pub async fn report(app: &App, caller: &Caller, id: Id, version: i64, told: &LeakReport) -> Result<Leak> {
    caller.require(PRIVACY_MANAGE)?;
    rules::check_text("reference", &told.reference, 200)?;
    let mut tx = app.store.begin(caller).await?;
    let mut leak = load_seen(&mut tx, id, version).await?;
    let now = tx.now();
    let at = told.reported_at.unwrap_or(now);
    check_past("reported_at", at, now)?;
    leak.authority_reported_at = Some(at);
    leak.authority_reference = Some(told.reference.trim().to_owned());
    let note = Some(told.reference.trim());
    save(
        &mut tx,
        &leak,
        Change { action: "report", kind: LeakStepKind::AuthorityReported, note, reason: None },
    )
    .await?;
    tx.commit().await?;
    load(&app.store, id).await
}

/// Notes that the authority does not have to be told.
pub async fn waive(app: &App, caller: &Caller, id: Id, version: i64, reason: &str) -> Result<Leak> {
    caller.require(PRIVACY_MANAGE)?;
    let reason = check_reason(reason)?;
    let mut tx = app.store.begin(caller).await?;
    let mut leak = load_seen(&mut tx, id, version).await?;
    leak.authority_waived_because = Some(reason.to_owned());
    let (kind, note, reason) = (LeakStepKind::AuthorityWaived, Some(reason), Some(reason));
    save(&mut tx, &leak, Change { action: "waive", kind, note, reason }).await?;
    tx.commit().await?;
    load(&app.store, id).await
}

/// Notes that the people were told.
pub async fn inform(app: &App, caller: &Caller, id: Id, version: i64, told: &LeakInformed) -> Result<Leak> {
    caller.require(PRIVACY_MANAGE)?;
    rules::check_text("how", &told.how, 500)?;
    let mut tx = app.store.begin(caller).await?;
    let mut leak = load_seen(&mut tx, id, version).await?;
    let now = tx.now();
    let at = told.informed_at.unwrap_or(now);
    check_past("informed_at", at, now)?;
    leak.people_informed_at = Some(at);
    leak.people_informed_how = Some(told.how.trim().to_owned());
    let note = Some(told.how.trim());
    save(&mut tx, &leak, Change { action: "inform", kind: LeakStepKind::PeopleInformed, note, reason: None })
        .await?;
    tx.commit().await?;
    load(&app.store, id).await
}

/// Closes a leak; the authority knows by then, or does not have to.
pub async fn close(app: &App, caller: &Caller, id: Id, version: i64, reason: &str) -> Result<Leak> {
    caller.require(PRIVACY_MANAGE)?;
    let reason = check_reason(reason)?;
    let mut tx = app.store.begin(caller).await?;
    let mut leak = load_seen(&mut tx, id, version).await?;
    rules::check_close(&leak)?;
    leak.state = LeakState::Closed;
    leak.closed_at = Some(tx.now());
    leak.closed_because = Some(reason.to_owned());
    let (note, reason) = (Some(reason), Some(reason));
    save(&mut tx, &leak, Change { action: "close", kind: LeakStepKind::Closed, note, reason }).await?;
    tx.commit().await?;
    load(&app.store, id).await
}

/// Returns what was done, in order.
pub async fn timeline(app: &App, caller: &Caller, id: Id) -> Result<Page<LeakStep>> {
    caller.require(PRIVACY_READ)?;
    load(&app.store, id).await?;
    Ok(Page::whole(app.store.all(sql::STEPS, args![id]).await?))
}

/// Tells the desk of leaks whose clock is nearly over, or over; each once. Returns of how many.
pub async fn remind(app: &App) -> Result<usize> {
    let now = app.store.now();
    let due: Vec<Leak> = app.store.list(sql::to_remind(rules::soon(now))).await?;
    let mut told = 0;
    for leak in due {
        let (code, clock) = match rules::clock(&leak, now) {
            LeakClock::Overdue => ("customers.privacy.notice.leak_overdue", LeakClock::Overdue),
            _ => ("customers.privacy.notice.leak_due", LeakClock::DueSoon),
        };
        let mut tx = app.store.begin(&Caller::system("customers.privacy")).await?;
        tx.exec_one(sql::REMINDED, args![leak.id, clock.as_str()]).await?;
        tell(app, &mut tx, leak.id, &leak.number, code, clock.as_str()).await?;
        tx.audit(Audit::new("remind", Leak::NOUN, leak.id).with(json!({ "clock": clock }))).await?;
        tx.commit().await?;
        told += 1;
    }
    Ok(told)
}
