use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use http_kit::{App, GuestAccount};
use kernel::{Caller, Grant, GrantScope, Id, PageQuery, Problem, Result, Timestamp};
use serde::Deserialize;
use store::{Audit, Query, Tx, args};

use super::{GuestEnd, GuestRecord, NewGuest, RecordGuest, RecordGuests, Withdrawal, rules, sql};
use crate::access::Access;
use crate::notification::{self, Notice, NoticeKind};
use crate::permissions::GUEST_INVITE;
use crate::record::{self, RecordFilter};
use crate::record_type::RecordType;
use crate::record_type::intern::intern;
use crate::task::Sentence;
use crate::{Rulebook, parameter};

/// Policy parameter: most days for which somebody is invited.
const LONGEST: &str = "guest.longest_days";
/// Most records that come with another.
const CHILDREN_MAX: i64 = 500;
/// Most accesses that the panel of a record shows.
const ACCESSES_MAX: i64 = 100;
/// Most records of one type that a guest's page shows.
const MINE_MAX: u32 = 200;

/// Returns what a guest may see at this moment: a grant for each record, and for what comes with it.
pub async fn grants(app: &App, user_id: Id) -> Result<Vec<Grant>> {
    let open: Vec<(Id, String)> = app.store.all(sql::OPEN, args![user_id, app.store.now()]).await?;
    let book = app.part::<Rulebook>()?.snapshot();
    let mut rows: BTreeMap<String, BTreeSet<Id>> = BTreeMap::new();
    for (record_id, type_id) in open {
        let Some(found) = book.record_types().find(|t| t.spec.id == type_id) else { continue };
        if found.spec.guests.is_none() {
            continue;
        }
        rows.entry(type_id).or_default().insert(record_id);
        for (child, id) in children(app, found, record_id).await? {
            rows.entry(child).or_default().insert(id);
        }
    }
    let mut grants = Vec::new();
    for (type_id, ids) in rows {
        let Some(found) = book.record_types().find(|t| t.spec.id == type_id) else { continue };
        let permissions = Arc::new(BTreeSet::from([found.read.code.to_owned()]));
        let one = |id| Grant { permissions: permissions.clone(), scope: GrantScope::Row(id) };
        grants.extend(ids.into_iter().map(one));
    }
    Ok(grants)
}

/// Returns what comes with a record, by type: only what is open to everybody who may read the type.
async fn children(app: &App, record_type: &RecordType, id: Id) -> Result<Vec<(String, Id)>> {
    let mut found = Vec::new();
    for child in record_type.spec.guests.iter().flat_map(|guests| &guests.children) {
        let Some(of) = app.part::<Rulebook>()?.record_type(&child.record) else { continue };
        let mut query = Query::new(record::IDS, args![]);
        query.push(of.view.name).push(" WHERE restricted = FALSE AND label IN ('public', 'internal') AND ");
        query.push("\"").push(intern(&child.by)).push("\" = ").bind(id);
        query.push(" ORDER BY id DESC LIMIT ").bind(CHILDREN_MAX);
        let ids: Vec<Id> = app.store.list(query).await?;
        found.extend(ids.into_iter().map(|id| (child.record.clone(), id)));
    }
    Ok(found)
}

/// Returns the guests of a record whose invitations hold.
pub(crate) async fn of_record(tx: &mut Tx, record_id: Id) -> Result<Vec<Id>> {
    let now = tx.now();
    tx.all(sql::OF_RECORD, args![record_id, now]).await
}

fn with_guests(app: &App, type_id: &str) -> Result<Arc<RecordType>> {
    let record_type = record::record_type(app, type_id)?;
    match record_type.spec.guests {
        Some(_) => Ok(record_type),
        None => Err(Problem::not_found("rulebook.guest.not_here")),
    }
}

/// Returns the guests of a record, and what they did with it.
pub async fn list(app: &App, caller: &Caller, type_id: &str, id: Id) -> Result<RecordGuests> {
    let record_type = with_guests(app, type_id)?;
    let found = record::find(app, caller, type_id, id).await?;
    let items: Vec<RecordGuest> = app.store.all(sql::LIST, args![id]).await?;
    let users: BTreeSet<Id> = items.iter().map(|guest| guest.user_id).collect();
    let mut accesses: Vec<Access> = Vec::new();
    if !users.is_empty() {
        let with_it = children(app, &record_type, id).await?;
        let subjects: Vec<Id> = std::iter::once(id).chain(with_it.into_iter().map(|(_, id)| id)).collect();
        let mut query = Query::new(sql::ACCESSES, args![]);
        query.and_in("user_id", &users).and_in("subject_id", &subjects);
        query.push(" ORDER BY id DESC LIMIT ").bind(ACCESSES_MAX);
        accesses = app.store.list(query).await?;
    }
    let can_invite = may_invite(caller, &record_type, &found.record) && !found.record.ended;
    let longest_days = parameter::get(&app.store, LONGEST).await?.days()?;
    Ok(RecordGuests { items, accesses, can_invite, longest_days })
}

fn may_invite(caller: &Caller, record_type: &RecordType, record: &record::Record) -> bool {
    let reaches = caller
        .scope(record_type.write)
        .is_ok_and(|scope| scope.covers(record.brand_id, record.department_id, record.owner_id));
    caller.may(GUEST_INVITE) && reaches && record.archived_at.is_none()
}

/// Invites somebody from outside to a record, or gives them a later end.
pub async fn invite(
    app: &App,
    caller: &Caller,
    type_id: &str,
    id: Id,
    new: &NewGuest,
) -> Result<RecordGuest> {
    caller.require(GUEST_INVITE)?;
    let record_type = with_guests(app, type_id)?;
    let longest = parameter::get(&app.store, LONGEST).await?.days()?;
    rules::check(new, app.store.now(), longest)?;
    let mut tx = app.store.begin(caller).await?;
    tx.lock(record_type.noun, id).await?;
    let row = record::load_in(&mut tx, caller, &record_type, id).await?;
    let scope = caller.scope(record_type.write)?;
    scope.require(row.brand_id, row.department_id, row.owner_id)?;
    rules::check_record(row.label, row.restricted, row.ended, row.archived_at.is_some(), &row.number)?;
    let account = GuestAccount {
        name: new.name.trim().to_owned(),
        email: new.email.trim().to_owned(),
        organisation: new.organisation.trim().to_owned(),
        language: new.language,
        until: new.valid_until,
    };
    let made = app.people.get()?.invite_guest(&mut tx, &account).await?;
    let (guest_id, prolonged) = keep(&mut tx, type_id, id, made.user_id, &account).await?;
    let facts = serde_json::json!({ "guest": made.user_id, "name": account.name,
        "organisation": account.organisation, "valid_until": new.valid_until });
    let entry = Audit::new(if prolonged { "prolong_guest" } else { "invite_guest" }, record_type.noun, id);
    tx.audit(entry.within(row.brand_id, row.department_id).with(facts)).await?;
    let notice = Notice {
        kind: NoticeKind::Alert,
        subject_noun: record_type.noun,
        subject_id: id,
        link: format!("/records/{type_id}/{id}"),
        title: Sentence::new("rulebook.notice.guest_invited")
            .with("name", caller.name())
            .with("number", row.number.as_str())
            .with("title", row.title.as_str()),
        group_key: format!("guest/{guest_id}"),
        document: false,
    };
    // Whoever has no password yet gets the link for one, and no second mail beside it.
    match made.has_link {
        true => notification::tell_without_mail(&mut tx, &[made.user_id], &notice).await?,
        false => notification::tell(&mut tx, &[made.user_id], &notice).await?,
    };
    let guest = tx.get(sql::FIND, args![guest_id]).await?;
    tx.commit().await?;
    Ok(guest)
}

/// Keeps an invitation; one that holds gets the new end, and true is returned beside its id.
async fn keep(
    tx: &mut Tx,
    type_id: &str,
    record_id: Id,
    user_id: Id,
    account: &GuestAccount,
) -> Result<(Id, bool)> {
    let now = tx.now();
    let live: Option<(Id, i64)> = tx.find(sql::LIVE, args![record_id, user_id]).await?;
    if let Some((id, version)) = live {
        let args = args![id, version, account.until, &account.name, &account.organisation, now];
        tx.exec_one(sql::PROLONG, args).await?;
        return Ok((id, true));
    }
    let id = Id::new();
    let (by, by_name) = (tx.caller().find_user_id(), tx.caller().name().to_owned());
    let args = args![
        id,
        record_id,
        type_id,
        user_id,
        &account.name,
        &account.organisation,
        account.until,
        by,
        &by_name,
        now
    ];
    tx.exec_one(sql::INSERT, args).await?;
    Ok((id, false))
}

/// Withdraws an invitation; the guest's next request does not find the record any more.
pub async fn withdraw(
    app: &App,
    caller: &Caller,
    (type_id, id, guest_id): (&str, Id, Id),
    why: &Withdrawal,
) -> Result<RecordGuest> {
    caller.require(GUEST_INVITE)?;
    let reason = why.reason.trim();
    if !(2..=500).contains(&reason.chars().count()) {
        let wrong = Problem::unprocessable("rulebook.guest.invalid");
        return Err(wrong.with_field("reason", "rulebook.record.required"));
    }
    let record_type = with_guests(app, type_id)?;
    let found = record::find(app, caller, type_id, id).await?.record;
    caller.scope(record_type.write)?.require(found.brand_id, found.department_id, found.owner_id)?;
    let mut tx = app.store.begin(caller).await?;
    let guest: RecordGuest = tx.get(sql::FIND, args![guest_id]).await?;
    if guest.record_id != id {
        return Err(Problem::not_found("access.not_found"));
    }
    let now = tx.now();
    let ended = args![guest_id, now, GuestEnd::Withdrawn.as_str(), reason];
    if tx.exec(sql::END, ended).await? == 0 {
        return Err(Problem::conflict("rulebook.guest.ended"));
    }
    let facts = serde_json::json!({ "guest": guest.user_id, "name": guest.name });
    let entry = Audit::new("withdraw_guest", record_type.noun, id).because(reason);
    tx.audit(entry.within(found.brand_id, found.department_id).with(facts)).await?;
    settle_account(&mut tx, app, guest.user_id).await?;
    let guest = tx.get(sql::FIND, args![guest_id]).await?;
    tx.commit().await?;
    Ok(guest)
}

/// Brings the end of a guest's account in line with what they are still invited to; none closes it.
async fn settle_account(tx: &mut Tx, app: &App, user_id: Id) -> Result<()> {
    let now = tx.now();
    let last: Option<Timestamp> = tx.find(sql::LAST, args![user_id, now]).await?;
    app.people.get()?.guest_until(tx, user_id, last).await
}

#[derive(Deserialize)]
struct Over {
    id: Id,
    record_id: Id,
    user_id: Id,
    type_id: String,
    valid_until: Timestamp,
    department_id: Option<Id>,
    brand_id: Option<Id>,
}

/// Ends what is over and closes the accounts that nothing is left for; returns how many invitations ended.
pub async fn end_over(app: &App) -> Result<usize> {
    if app.people.get().is_err() {
        return Ok(0);
    }
    let over: Vec<Over> = app.store.all(sql::OVER, args![app.store.now()]).await?;
    for one in &over {
        let mut tx = app.store.begin(&Caller::system("guest access")).await?;
        let now = tx.now();
        let because = if one.valid_until <= now { GuestEnd::Over } else { GuestEnd::RecordEnded };
        if tx.exec(sql::END, args![one.id, now, because.as_str(), None::<String>]).await? == 0 {
            continue;
        }
        let noun = record::record_type(app, &one.type_id).map_or("rulebook.guest", |found| found.noun);
        let facts = serde_json::json!({ "guest": one.user_id, "because": because });
        let entry = Audit::new("end_guest", noun, one.record_id).within(one.brand_id, one.department_id);
        tx.audit(entry.with(facts)).await?;
        settle_account(&mut tx, app, one.user_id).await?;
        tx.commit().await?;
    }
    Ok(over.len())
}

/// Returns the records to which the caller was invited, and those that come with them.
pub async fn mine(app: &App, caller: &Caller) -> Result<Vec<GuestRecord>> {
    let user = caller.user_id()?;
    let now = app.store.now();
    let open: Vec<(Id, String)> = app.store.all(sql::OPEN, args![user, now]).await?;
    let book = app.part::<Rulebook>()?.snapshot();
    let mut found = Vec::new();
    for record_type in book.record_types().filter(|t| caller.guest && caller.may(t.read)) {
        let page = PageQuery { page_size: Some(MINE_MAX), cursor: None };
        let listed = record::list(app, caller, &record_type.spec.id, &page, &RecordFilter::default()).await?;
        for record in listed.items {
            let invited = open.iter().any(|(id, _)| *id == record.id);
            let invitation = match invited {
                true => invitation(app, record.id, user).await?,
                false => None,
            };
            found.push(GuestRecord {
                type_title: record_type.spec.title.get(caller.language).to_owned(),
                valid_until: invitation.as_ref().map(|guest| guest.valid_until),
                invited_by_name: invitation.map(|guest| guest.invited_by_name),
                record,
            });
        }
    }
    found.sort_by_key(|one| (one.valid_until.is_none(), std::cmp::Reverse(one.record.updated_at)));
    Ok(found)
}

async fn invitation(app: &App, record_id: Id, user: Id) -> Result<Option<RecordGuest>> {
    let live: Option<(Id, i64)> = app.store.find(sql::LIVE, args![record_id, user]).await?;
    match live {
        Some((id, _)) => app.store.find(sql::FIND, args![id]).await,
        None => Ok(None),
    }
}
