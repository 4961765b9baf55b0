use std::collections::BTreeMap;

use http_kit::App;
use kernel::{Caller, Id, Page, PageQuery, Problem, Result, Timestamp};
use store::{Audit, Query, Tx, args};

use super::{NewWaiver, Waiver, WaiverDecision, WaiverFilter, WaiverState, rules, sql};
use crate::Rulebook;
use crate::parameter;
use crate::permissions::WAIVER_SIGN;
use crate::signature;
use crate::signature::in_person;
use crate::task::{self, Assignee, NewTask, Sentence};

/// Policy parameter that says how many days a waiver may stand at most.
const DAYS_MAX: &str = "rulebook.waiver.days_max";
const NOUN: &str = "rulebook.waiver";
const TASK: &str = "rulebook.waiver.sign";

/// Asks for a waiver; whoever may sign it finds it among their tasks.
pub async fn request(app: &App, caller: &Caller, clause_id: &str, input: NewWaiver) -> Result<Waiver> {
    let user = in_person(caller)?;
    if app.part::<Rulebook>()?.clause(clause_id).is_none() {
        return Err(Problem::not_found("access.not_found"));
    }
    rules::check(&input, parameter::get(&app.store, DAYS_MAX).await?.days()?)?;
    let mut tx = app.store.begin(caller).await?;
    let id = Id::new();
    let args = args![
        id,
        clause_id,
        input.shown_status.as_str(),
        input.reason.trim(),
        input.days,
        user,
        caller.name(),
        tx.now(),
    ];
    tx.exec(sql::INSERT, args).await?;
    let task = NewTask {
        kind: TASK,
        subject_noun: NOUN,
        subject_id: id,
        link: format!("/rulebook/clauses/{clause_id}"),
        title: Sentence::new("rulebook.waiver.task").with("clause", clause_id),
        assignee: Assignee::Permission { code: WAIVER_SIGN.code, brand_id: None, department_id: None },
        not_for: vec![user],
        due_at: None,
        actions: Vec::new(),
    };
    task::open(&mut tx, task).await?;
    let after: Waiver = tx.get(sql::FIND, args![id]).await?;
    tx.audit(Audit::new("request", NOUN, id).because(&after.reason).change(None, Some(&after))).await?;
    tx.commit().await?;
    Ok(after)
}

/// Signs a waiver that somebody else asked for; it stands from now on.
pub async fn sign(app: &App, caller: &Caller, id: Id, version: i64, input: WaiverDecision) -> Result<Waiver> {
    let user = in_person(caller)?;
    let days_max = parameter::get(&app.store, DAYS_MAX).await?.days()?;
    let signer = signature::signer(app).await?;
    let mut tx = app.store.begin(caller).await?;
    let before = requested(&mut tx, id, &input).await?;
    if before.requested_by == user {
        return Err(Problem::forbidden("rulebook.waiver.own"));
    }
    let now = tx.now();
    let mut after = decided(&before, WaiverState::Signed, caller, now, &input);
    after.expires_at = Some(now.plus_days(before.days.min(days_max)));
    after.signature = Some(signature::sign(&signer, &rules::signed_bytes(&after)));
    after.standing = true;
    keep(&mut tx, "sign", version, &before, &mut after).await?;
    tx.commit().await?;
    Ok(after)
}

/// Refuses a waiver.
pub async fn refuse(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    input: WaiverDecision,
) -> Result<Waiver> {
    in_person(caller)?;
    let mut tx = app.store.begin(caller).await?;
    let before = requested(&mut tx, id, &input).await?;
    let mut after = decided(&before, WaiverState::Refused, caller, tx.now(), &input);
    keep(&mut tx, "refuse", version, &before, &mut after).await?;
    tx.commit().await?;
    Ok(after)
}

/// Takes a waiver back: whoever asked for it, or whoever may sign.
pub async fn withdraw(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    input: WaiverDecision,
) -> Result<Waiver> {
    let user = in_person(caller)?;
    let mut tx = app.store.begin(caller).await?;
    let before = load(&mut tx, id, &input).await?;
    if before.requested_by != user {
        caller.require(WAIVER_SIGN)?;
    }
    if !matches!(before.state, WaiverState::Requested | WaiverState::Signed) {
        return Err(Problem::conflict("rulebook.waiver.over"));
    }
    let mut after = decided(&before, WaiverState::Withdrawn, caller, tx.now(), &input);
    keep(&mut tx, "withdraw", version, &before, &mut after).await?;
    tx.commit().await?;
    Ok(after)
}

async fn load(tx: &mut Tx, id: Id, input: &WaiverDecision) -> Result<Waiver> {
    if !parameter::reason_fits(&input.note) {
        return Err(Problem::unprocessable("rulebook.waiver.invalid")
            .with_field("note", "rulebook.parameter.reason_length"));
    }
    tx.get(sql::FIND, args![id]).await
}

async fn requested(tx: &mut Tx, id: Id, input: &WaiverDecision) -> Result<Waiver> {
    let waiver = load(tx, id, input).await?;
    match waiver.state {
        WaiverState::Requested => Ok(waiver),
        _ => Err(Problem::conflict("rulebook.waiver.over")),
    }
}

fn decided(
    before: &Waiver,
    state: WaiverState,
    caller: &Caller,
    now: Timestamp,
    input: &WaiverDecision,
) -> Waiver {
    Waiver {
        state,
        decided_by: caller.find_user_id(),
        decided_by_name: Some(caller.name().to_owned()),
        decided_at: Some(now),
        decision_note: input.note.trim().to_owned(),
        standing: false,
        ..before.clone()
    }
}

async fn keep(
    tx: &mut Tx,
    action: &'static str,
    version: i64,
    before: &Waiver,
    after: &mut Waiver,
) -> Result<()> {
    let args = args![
        before.id,
        version,
        after.state.as_str(),
        after.decided_by,
        after.decided_by_name.clone(),
        after.decided_at,
        &after.decision_note,
        after.expires_at,
        after.signature.clone(),
    ];
    tx.exec_one(sql::DECIDE, args).await?;
    after.version = version + 1;
    task::complete(tx, NOUN, before.id, TASK, after.decided_by).await?;
    let audit = Audit::new(action, NOUN, before.id).because(&after.decision_note);
    tx.audit(audit.change(Some(before), Some(after))).await
}

/// Returns the waivers that stand, by clause; one whose row was changed after it was signed does not.
pub(crate) async fn standing(app: &App) -> Result<BTreeMap<String, Waiver>> {
    let rows: Vec<Waiver> = app.store.all(sql::STANDING, args![app.store.now()]).await?;
    let mut by_clause = BTreeMap::new();
    for row in rows {
        let waiver = checked(app, row).await?;
        if waiver.standing {
            by_clause.insert(waiver.clause_id.clone(), waiver);
        }
    }
    Ok(by_clause)
}

async fn checked(app: &App, waiver: Waiver) -> Result<Waiver> {
    let genuine = match &waiver.signature {
        Some(signature) if rules::stands(&waiver, app.store.now()) => {
            signature::holds(app, &rules::signed_bytes(&waiver), signature).await?
        }
        _ => false,
    };
    Ok(Waiver { standing: genuine, ..waiver })
}

/// Returns the newest waivers of a clause.
pub(crate) async fn of_clause(app: &App, clause_id: &str) -> Result<Vec<Waiver>> {
    let rows: Vec<Waiver> = app.store.all(sql::OF_CLAUSE, args![clause_id]).await?;
    all_checked(app, rows).await
}

async fn all_checked(app: &App, rows: Vec<Waiver>) -> Result<Vec<Waiver>> {
    let mut waivers = Vec::with_capacity(rows.len());
    for row in rows {
        waivers.push(checked(app, row).await?);
    }
    Ok(waivers)
}

/// Returns waivers, newest first.
pub async fn list(app: &App, page: &PageQuery, filter: &WaiverFilter) -> Result<Page<Waiver>> {
    let size = page.size()?;
    let mut query = Query::new(sql::LIST, args![]);
    query
        .and_some("clause_id =", filter.clause.as_deref())
        .and_some("state =", filter.state.map(WaiverState::as_str))
        .and_some("id <", page.after::<Id>()?)
        .push(" ORDER BY id DESC")
        .limit_overfull(size);
    let waivers = all_checked(app, app.store.list(query).await?).await?;
    Ok(Page::from_overfull(waivers, size, |waiver: &Waiver| waiver.id))
}
