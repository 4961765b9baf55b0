use http_kit::App;
use kernel::{Caller, Id, Labelled, Page, PageQuery, Problem, Result, Timestamp};
use rulebook::notification::NoticeKind;
use rulebook::task::Sentence;
use serde::Deserialize;
use serde_json::{Value as Json, json};
use store::{Audit, Store, Tx, args, sealed};

use super::{
    ExtendRequest, NewSubjectRequest, RefuseRequest, RequestFilter, RequestState, SubjectRequest,
    VerifyRequest, rules, sql,
};
use crate::merge::check_reason;
use crate::node::{self, Key, NodeKind};
use crate::permissions::{PRIVACY_MANAGE, PRIVACY_READ};
use crate::privacy::notice::{self, Told};
use crate::privacy::{Urgency, due_soon_days};
use crate::profile;

/// Returns requests, the most urgent first.
pub async fn list(
    app: &App,
    caller: &Caller,
    page: &PageQuery,
    filter: &RequestFilter,
) -> Result<Page<SubjectRequest>> {
    caller.require(PRIVACY_READ)?;
    let size = page.size()?;
    let (now, days) = (app.store.now(), due_soon_days(&app.store).await?);
    let mut query = sql::list();
    query
        .and_some("r.state =", filter.state.map(|state| state.as_str()))
        .and_some("r.kind =", filter.kind.map(|kind| kind.as_str()))
        .and_some("r.regime =", filter.regime.map(|regime| regime.as_str()))
        .and_some("r.profile_id =", filter.profile_id);
    if let Some(urgency) = filter.urgency {
        sql::and_urgent(&mut query, urgency, now, now.plus_days(days));
    }
    if let Some((at, id)) = page.after::<(Timestamp, Id)>()? {
        query.push(" AND (r.due_at, r.id) > (").bind(at).push(", ").bind(id).push(")");
    }
    query.push(" ORDER BY r.due_at, r.id").limit_overfull(size);
    let rows: Vec<SubjectRequest> = app.store.list(query).await?;
    let rows = rows.into_iter().map(|row| judged(row, now, days)).collect();
    Ok(Page::from_overfull(rows, size, |row: &SubjectRequest| (row.due_at, row.id)))
}

fn judged(mut row: SubjectRequest, now: Timestamp, days: i64) -> SubjectRequest {
    let open = matches!(row.state, RequestState::Open | RequestState::Verified);
    row.urgency = if open { Urgency::at(row.due_at, now, days) } else { Urgency::None };
    row
}

/// Returns one request.
pub async fn get(app: &App, caller: &Caller, id: Id) -> Result<SubjectRequest> {
    caller.require(PRIVACY_READ)?;
    load(&app.store, id).await
}

pub(super) async fn load(store: &Store, id: Id) -> Result<SubjectRequest> {
    let rows: Vec<SubjectRequest> = store.list(sql::one(id)).await?;
    let row = rows.into_iter().next().ok_or_else(|| Problem::not_found("access.not_found"))?;
    Ok(judged(row, store.now(), due_soon_days(store).await?))
}

async fn load_in(tx: &mut Tx, id: Id) -> Result<SubjectRequest> {
    let rows: Vec<SubjectRequest> = tx.list(sql::one(id)).await?;
    rows.into_iter().next().ok_or_else(|| Problem::not_found("access.not_found"))
}

/// Returns a request as somebody saw it.
pub(super) async fn load_seen(tx: &mut Tx, id: Id, version: i64) -> Result<SubjectRequest> {
    let request = load_in(tx, id).await?;
    match request.version == version {
        true => Ok(request),
        false => Err(Problem::precondition_failed("store.changed_meanwhile")),
    }
}

/// Writes down a request that came in; its clock runs from when it came.
pub async fn create(app: &App, caller: &Caller, new: &NewSubjectRequest) -> Result<SubjectRequest> {
    caller.require(PRIVACY_MANAGE)?;
    rules::check(new, app.store.now())?;
    let mut tx = app.store.begin(caller).await?;
    tx.lock(SubjectRequest::NOUN, Id::from_digest([0; 16])).await?;
    let now = tx.now();
    let contact = new.contact.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let profile = match (new.profile_id, contact) {
        (Some(id), _) => Some(profile::load_in(&mut tx, id).await?.id),
        (None, Some(text)) => known_by(&mut tx, text).await?,
        (None, None) => None,
    };
    let received_at = new.received_at.unwrap_or(now);
    let days = rulebook::parameter::get_in(&mut tx, rules::days_parameter(new.regime)).await?.integer()?;
    let count: i64 = tx.get(sql::COUNT, args![]).await?;
    let year = now.utc_day().to_string().chars().take(4).collect::<String>();
    let (id, number) = (Id::new(), format!("DSR-{year}-{:04}", count + 1));
    let row = args![
        id,
        &number,
        new.kind.as_str(),
        new.regime.as_str(),
        profile,
        sealed(contact),
        new.channel.as_str(),
        sealed(new.note.as_deref()),
        received_at,
        received_at.plus_days(days),
        now,
        caller.find_user_id(),
    ];
    tx.exec_one(sql::INSERT, row).await?;
    let facts = json!({ "number": number, "kind": new.kind, "regime": new.regime, "channel": new.channel });
    tx.audit(Audit::new("create", SubjectRequest::NOUN, id).with(facts)).await?;
    tx.commit().await?;
    load(&app.store, id).await
}

/// Returns who is known by an address or number.
async fn known_by(tx: &mut Tx, text: &str) -> Result<Option<Id>> {
    for kind in [NodeKind::Email, NodeKind::Mobile, NodeKind::MemberNumber] {
        let Ok(key) = Key::new(kind, text) else { continue };
        let node = node::identify(tx, [&key].into_iter()).await?.of(&key);
        if let Some(profile) = tx.find::<Id>(node::CURRENT_PROFILE, args![node]).await? {
            return Ok(Some(profile));
        }
    }
    Ok(None)
}

/// Notes that it is proven who asks.
pub async fn verify(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    how: &VerifyRequest,
) -> Result<SubjectRequest> {
    caller.require(PRIVACY_MANAGE)?;
    let mut tx = app.store.begin(caller).await?;
    let before = load_seen(&mut tx, id, version).await?;
    let profile = match how.profile_id.or(before.profile_id) {
        Some(profile) => profile::load_in(&mut tx, profile).await?.id,
        None => {
            let refusal = Problem::unprocessable("customers.privacy.profile_needed");
            return Err(refusal.with_field("profile_id", "customers.privacy.profile_needed"));
        }
    };
    let detail = how.detail.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let args =
        args![id, version, tx.now(), caller.find_user_id(), how.means.as_str(), sealed(detail), profile];
    if tx.exec(sql::VERIFY, args).await? == 0 {
        return Err(Problem::conflict("customers.privacy.decided").with("state", before.state));
    }
    let facts = json!({ "means": how.means, "profile_id": profile });
    tx.audit(Audit::new("verify", SubjectRequest::NOUN, id).with(facts)).await?;
    tx.commit().await?;
    load(&app.store, id).await
}

/// Refuses a request, with a ground and a reason.
pub async fn refuse(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    why: &RefuseRequest,
) -> Result<SubjectRequest> {
    caller.require(PRIVACY_MANAGE)?;
    let reason = check_reason(&why.reason)?;
    let mut tx = app.store.begin(caller).await?;
    let before = load_seen(&mut tx, id, version).await?;
    rules::check_open(&before)?;
    if before.result.is_some() {
        // What was erased cannot be refused any more.
        return Err(Problem::conflict("customers.privacy.erased_already"));
    }
    let args = args![
        id,
        version,
        RequestState::Refused.as_str(),
        tx.now(),
        caller.find_user_id(),
        reason,
        why.ground.as_str(),
        None::<String>,
    ];
    tx.exec_one(sql::DECIDE, args).await?;
    let entry =
        Audit::new("refuse", SubjectRequest::NOUN, id).because(reason).with(json!({ "ground": why.ground }));
    tx.audit(entry).await?;
    tx.commit().await?;
    load(&app.store, id).await
}

/// Gives a request more time, once.
pub async fn extend(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    wish: &ExtendRequest,
) -> Result<SubjectRequest> {
    caller.require(PRIVACY_MANAGE)?;
    let reason = check_reason(&wish.reason)?;
    if !(1..=rules::EXTEND_DAYS_MAX).contains(&wish.days) {
        let refusal = Problem::unprocessable("customers.privacy.days_unfit")
            .with("min", 1)
            .with("max", rules::EXTEND_DAYS_MAX);
        return Err(refusal.with_field("days", "customers.privacy.days_unfit"));
    }
    let mut tx = app.store.begin(caller).await?;
    let before = load_seen(&mut tx, id, version).await?;
    rules::check_open(&before)?;
    if before.extended_because.is_some() {
        return Err(Problem::conflict("customers.privacy.extended_already"));
    }
    let due_at = before.due_at.plus_days(wish.days);
    tx.exec_one(sql::EXTEND, args![id, version, due_at, reason]).await?;
    let entry =
        Audit::new("extend", SubjectRequest::NOUN, id).because(reason).with(json!({ "days": wish.days }));
    tx.audit(entry).await?;
    tx.commit().await?;
    load(&app.store, id).await
}

/// Ends a request inside the caller's transaction, with what was done; the audit row is written here.
pub(super) async fn done(
    tx: &mut Tx,
    request: &SubjectRequest,
    action: &'static str,
    reason: &str,
    result: &Json,
) -> Result<()> {
    let (now, by) = (tx.now(), tx.caller().find_user_id());
    let args = args![
        request.id,
        request.version,
        RequestState::Done.as_str(),
        now,
        by,
        reason,
        None::<String>,
        result.to_string(),
    ];
    tx.exec_one(sql::DECIDE, args).await?;
    tx.audit(Audit::new(action, SubjectRequest::NOUN, request.id).because(reason).with(result)).await
}

/// Ends the request of an erasure that is over; the audit row is the caller's.
pub(crate) async fn finish_erasure(tx: &mut Tx, id: Id, by: Option<Id>, result: &Json) -> Result<()> {
    let now = tx.now();
    tx.exec(sql::FINISH, args![id, now, by, result.to_string()]).await.map(drop)
}

/// Tells the desk of requests whose time is nearly over, or over; each once. Returns of how many.
pub async fn remind(app: &App) -> Result<usize> {
    #[derive(Deserialize)]
    struct Due {
        id: Id,
        number: String,
        due_at: Timestamp,
        reminded: Urgency,
    }
    let (now, days) = (app.store.now(), due_soon_days(&app.store).await?);
    let due: Vec<Due> = app.store.all(sql::TO_REMIND, args![now.plus_days(days)]).await?;
    let mut told = 0;
    for request in due {
        let urgency = Urgency::at(request.due_at, now, days);
        if urgency == request.reminded {
            continue;
        }
        let code = match urgency {
            Urgency::Overdue => "customers.privacy.notice.overdue",
            _ => "customers.privacy.notice.due_soon",
        };
        let mut tx = app.store.begin(&Caller::system("customers.privacy")).await?;
        tx.exec_one(sql::REMINDED, args![request.id, urgency.as_str()]).await?;
        let title = Sentence::new(code).with("number", request.number.as_str());
        let link = format!("/customers/privacy/requests/{}", request.id);
        let key = format!("privacy/request/{}/{urgency}/{}", request.id, request.due_at.ms());
        let noun = SubjectRequest::NOUN;
        notice::tell(
            app,
            &mut tx,
            Told { kind: NoticeKind::Deadline, noun, id: request.id, link, title, key },
        )
        .await?;
        let entry =
            Audit::new("remind", SubjectRequest::NOUN, request.id).with(json!({ "urgency": urgency }));
        tx.audit(entry).await?;
        tx.commit().await?;
        told += 1;
    }
    Ok(told)
}
