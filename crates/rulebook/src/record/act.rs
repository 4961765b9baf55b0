use std::sync::Arc;

use http_kit::App;
use kernel::{Caller, Id, Problem, Result};
use serde_json::{Map, Value as Json};
use store::{Audit, Tx, args};

use super::write::{Act, Row, save};
use super::{ActionInput, RecordAction, effects, fill, measured, secret, service, sql, work};
use crate::machine::{self, Content, Machine, Outcome, Step, TransitionSpec};
use crate::record_type::rules::Written;
use crate::record_type::{RecordType, rules};
use crate::signature;

/// Does an action of a record's machine: the values that it asks for, the move, its effects, its tasks.
pub async fn act(
    app: &App,
    caller: &Caller,
    type_id: &str,
    id: Id,
    version: i64,
    action: &str,
    input: ActionInput,
) -> Result<super::RecordDetail> {
    let record_type = super::names::record_type(app, type_id)?;
    let mut input = input;
    if caller.guest {
        require_asked(app, id, action, &input).await?;
    }
    let signed = prove_identity(app, caller, id, action, &mut input).await?;
    let reader = secret::reader(app, caller).await?;
    let mut tx = app.store.begin(caller).await?;
    tx.lock(record_type.noun, id).await?;
    let before = service::load_in(&mut tx, &reader, &record_type, id).await?;
    if before.version != version {
        return Err(Problem::precondition_failed("store.changed_meanwhile"));
    }
    act_in(&mut tx, app, caller, &record_type, before, action, input).await?;
    if signed {
        tx.audit(Audit::new("sign", record_type.noun, id).with(serde_json::json!({ "action": action })))
            .await?;
    }
    tx.commit().await?;
    service::find(app, caller, type_id, id).await
}

/// A guest gives what the step asks for and nothing else: other fields are not theirs to write.
async fn require_asked(app: &App, id: Id, action: &str, input: &ActionInput) -> Result<()> {
    let row: Option<Row> = app.store.find(sql::FIND, args![id]).await?;
    let instance = row.and_then(|row| row.instance_id).ok_or_else(super::rules::no_such_type)?;
    let instance = machine::find(&app.store, instance).await?;
    let machine = machine::of_instance(app, &instance).await?;
    let asked: Vec<&String> = machine
        .spec
        .transitions
        .iter()
        .filter(|t| t.guests && t.action == action && t.from.contains(&instance.state))
        .flat_map(|t| &t.required_fields)
        .collect();
    match input.values.keys().find(|key| !asked.contains(key)) {
        Some(key) => Err(Problem::forbidden("rulebook.machine.not_for_guests")
            .with("action", action)
            .with_field(key, "rulebook.machine.not_for_guests")),
        None => Ok(()),
    }
}

/// Name under which a form sends the code of the authenticator.
const CODE: &str = "second_factor";

/// Asks for the second factor where the action is signed; outside the transaction, for a code counts once.
async fn prove_identity(
    app: &App,
    caller: &Caller,
    id: Id,
    action: &str,
    input: &mut ActionInput,
) -> Result<bool> {
    let code = input.values.remove(CODE);
    let Some(instance) = machine::of_subject(&app.store, id).await? else { return Ok(false) };
    let machine = machine::of_instance(app, &instance).await?;
    let of_action = |t: &&TransitionSpec| t.action == action && t.from.contains(&instance.state);
    if !machine.spec.transitions.iter().filter(of_action).any(|t| t.signed) {
        return Ok(false);
    }
    let user = signature::in_person(caller)?;
    signature::prove(app, user, code.as_ref().and_then(Json::as_str), CODE).await?;
    Ok(true)
}

/// Does an action inside the caller's transaction.
pub async fn act_in(
    tx: &mut Tx,
    app: &App,
    caller: &Caller,
    record_type: &Arc<RecordType>,
    before: Row,
    action: &str,
    input: ActionInput,
) -> Result<()> {
    let instance = before.instance_id.ok_or_else(|| {
        Problem::conflict("rulebook.machine.not_now")
            .with("action", action)
            .with("state", "-")
            .with("possible", "")
    })?;
    let mut row = before.clone();
    let extra = take_values(record_type, &mut row, input.values)?;
    let facts = super::write::compute(app, record_type, &mut row, tx.now())?;
    let mut facts = fill::fill(tx, app, record_type, &mut row, action, facts).await?;
    // What is no field is a fact of this step alone, such as its reason.
    facts.extend(extra);
    if let Some(reason) = &input.reason {
        facts.entry("reason").or_insert_with(|| reason.clone().into());
    }
    let content = content_of(&row);
    let known = Json::Object(facts.clone());
    match machine::act(tx, app, caller, instance, action, &known, &content).await? {
        Outcome::Moved(step) => {
            let done = Done { action, step: &step, reason: reason_of(&input.reason, &facts) };
            moved(tx, app, caller, record_type, &before, row, &done, &facts).await
        }
        // It stands where it stood, with the values that the approval is about; what waits now are the approvers.
        Outcome::Pending(_) => {
            let reason = reason_of(&input.reason, &facts);
            let done = Act { action, from_state: before.state.clone(), reason };
            work::close(tx, record_type, &before).await?;
            save(tx, app, caller, record_type, &before, &mut row, &done).await.map(drop)
        }
    }
}

/// Returns what an approval of a record is about.
fn content_of(row: &Row) -> Content {
    Content {
        title: format!("{} {}", row.number, row.title),
        link: format!("/records/{}/{}", row.type_id, row.id),
        version: row.version,
        hash: row.content_hash.clone(),
    }
}

/// A move that was made.
pub(super) struct Done<'d> {
    pub action: &'d str,
    pub step: &'d Step,
    pub reason: Option<&'d str>,
}

/// Carries out what a move means for the record: fields, work, history, effects.
#[expect(clippy::too_many_arguments, reason = "a move, the record before and after it, and who moves it")]
pub(super) async fn moved(
    tx: &mut Tx,
    app: &App,
    caller: &Caller,
    record_type: &Arc<RecordType>,
    before: &Row,
    mut row: Row,
    done: &Done<'_>,
    facts: &Map<String, Json>,
) -> Result<()> {
    let machine = &done.step.machine;
    settle(&mut row, machine, done.step, tx.now());
    let transition = done.step.place.and_then(|place| machine.spec.transitions.get(place)).cloned();
    if let Some(transition) = &transition {
        effects::set(app, caller, record_type, &mut row, transition, facts, tx.now())?;
    }
    work::close(tx, record_type, before).await?;
    let act = Act { action: done.action, from_state: before.state.clone(), reason: done.reason };
    let facts = save(tx, app, caller, record_type, before, &mut row, &act).await?;
    work::open_of(tx, app, record_type, &row, &facts, machine).await?;
    if let Some(transition) = &transition {
        // An effect may do something to other records, which may have effects too.
        Box::pin(effects::run(tx, app, record_type, &row, transition, &facts)).await?;
    }
    measured::after_action(tx, record_type, &row).await
}

fn reason_of<'r>(given: &'r Option<String>, facts: &'r Map<String, Json>) -> Option<&'r str> {
    given.as_deref().or_else(|| facts.get("reason").and_then(Json::as_str))
}

/// Writes the values that are fields into the record and returns the others.
fn take_values(
    record_type: &RecordType,
    row: &mut Row,
    values: Map<String, Json>,
) -> Result<Map<String, Json>> {
    let (fields, extra): (Map<String, Json>, Map<String, Json>) =
        values.into_iter().partition(|(key, _)| record_type.field(key).is_some());
    for (key, value) in rules::accept(record_type, &fields, false)? {
        row.document.insert(key, value);
    }
    Ok(extra)
}

fn settle(row: &mut Row, machine: &Machine, step: &Step, now: kernel::Timestamp) {
    row.state = Some(step.to.clone());
    row.ended = machine.is_end(&step.to);
    row.closed_at = row.ended.then(|| row.closed_at.unwrap_or(now));
}

/// Returns what may be done with a record, and what it asks for.
pub async fn offers(
    app: &App,
    caller: &Caller,
    record_type: &RecordType,
    row: &Row,
) -> Result<Vec<RecordAction>> {
    let Some(instance) = row.instance_id else { return Ok(Vec::new()) };
    let instance = machine::find(&app.store, instance).await?;
    let written = Written { values: row.document.clone(), base: row.base() };
    let facts = rules::facts(record_type, &written, &app.settings.time_zone);
    let offers = machine::actions(app, caller, &instance, &Json::Object(facts)).await?;
    let machine = machine::of_instance(app, &instance).await?;
    // What is for the staff alone is no business of somebody from outside.
    let theirs = |offer: &machine::Offer| {
        !caller.guest || offer.code.as_deref() != Some("rulebook.machine.not_for_guests")
    };
    let shown = offers.into_iter().filter(theirs).map(|offer| {
        let of_action = |t: &&TransitionSpec| {
            t.action == offer.action && t.from.contains(&instance.state) && t.to.is_some()
        };
        let mut fields: Vec<String> = Vec::new();
        let transitions: Vec<&TransitionSpec> = machine.spec.transitions.iter().filter(of_action).collect();
        for name in transitions.iter().flat_map(|t| &t.required_fields) {
            if !fields.contains(name) {
                fields.push(name.clone());
            }
        }
        if transitions.iter().any(|t| t.signed) {
            fields.push(CODE.to_owned());
        }
        RecordAction {
            approval: transitions.iter().any(|t| t.approval.is_some()),
            fields,
            action: offer.action,
            title: offer.title,
            to: offer.to,
            allowed: offer.allowed,
            code: offer.code,
            reason: offer.reason,
        }
    });
    Ok(shown.collect())
}

/// Does an action on behalf of the product, where it is possible now; says whether it was.
pub async fn try_by_product(
    tx: &mut Tx,
    app: &App,
    record_type: &Arc<RecordType>,
    id: Id,
    action: &str,
) -> Result<bool> {
    match by_product(tx, app, record_type, id, action, ActionInput::default()).await {
        Ok(()) => Ok(true),
        Err(problem) if problem.status < 500 => Ok(false),
        Err(problem) => Err(problem),
    }
}

/// Does an action on behalf of the product.
pub async fn by_product(
    tx: &mut Tx,
    app: &App,
    record_type: &Arc<RecordType>,
    id: Id,
    action: &str,
    input: ActionInput,
) -> Result<()> {
    let row: Row = tx.get(sql::FIND, args![id]).await?;
    let system = Caller::system("rulebook");
    // An effect may act on other records, which have effects too.
    Box::pin(act_in(tx, app, &system, record_type, row, action, input)).await
}
