use std::collections::BTreeSet;
use std::sync::Arc;

use http_kit::App;
use kernel::{Id, Result, Timestamp};
use serde_json::{Map, Value as Json};
use store::Tx;

use super::rules::in_three_languages;
use super::write::Row;
use crate::machine::{DueSpec, Machine, ReceiverSpec, WorkSpec};
use crate::record_type::{RecordType, intern::intern, rules::midnight};
use crate::task::{self, Assignee, CardAction, NewTask, Sentence};

/// Kind of the tasks that states open.
pub const WORK: &str = "rulebook.record.work";

/// Opens the work of the state in which a record stands.
pub async fn open(
    tx: &mut Tx,
    app: &App,
    record_type: &Arc<RecordType>,
    row: &Row,
    facts: &Map<String, Json>,
) -> Result<()> {
    let (Some(instance), Some(state)) = (row.instance_id, &row.state) else { return Ok(()) };
    let machine = crate::machine::of_instance_by_id(tx, app, instance).await?;
    let Some(work) = machine.spec.states.iter().find(|s| s.id == *state).and_then(|s| s.work.as_ref()) else {
        return Ok(());
    };
    let due_at = match &work.due {
        Some(due) => due_at(tx, app, due, facts).await?,
        None => None,
    };
    for assignee in receivers(tx, app, row, facts, &work.who).await? {
        task::open(tx, new_task(record_type, row, &machine, work, assignee, due_at)).await?;
    }
    Ok(())
}

/// Completes the work of the state that a record left.
pub async fn close(tx: &mut Tx, record_type: &RecordType, row: &Row) -> Result<()> {
    let by = tx.caller().find_user_id();
    task::complete(tx, record_type.noun, row.id, WORK, by).await.map(drop)
}

fn new_task(
    record_type: &RecordType,
    row: &Row,
    machine: &Machine,
    work: &WorkSpec,
    assignee: Assignee,
    due_at: Option<Timestamp>,
) -> NewTask {
    let mut title = Sentence::new("rulebook.record.work");
    title = title.with("title", row.title.clone()).with("number", row.number.clone());
    for (name, text) in in_three_languages("what", &work.title) {
        title = title.with(&name, text);
    }
    NewTask {
        kind: WORK,
        subject_noun: record_type.noun,
        subject_id: row.id,
        link: format!("/records/{}/{}", row.type_id, row.id),
        title,
        assignee,
        not_for: Vec::new(),
        due_at,
        actions: work
            .actions
            .iter()
            .enumerate()
            .map(|(place, action)| card(row, machine, action, place == 0))
            .collect(),
    }
}

fn card(row: &Row, machine: &Machine, action: &str, primary: bool) -> CardAction {
    let spec = machine.spec.transitions.iter().find(|t| t.action == action && t.to.is_some());
    let asks = spec.and_then(|t| t.required_fields.first());
    CardAction {
        action: action.to_owned(),
        title: action.to_owned(),
        titles: spec.map(|t| t.title.0.clone()),
        method: "POST".to_owned(),
        path: format!("/api/v1/records/{}/{}/actions/{action}", row.type_id, row.id),
        primary,
        reason_field: asks.cloned(),
        if_match: None,
    }
}

/// Returns whom a task or notice is for.
pub async fn receivers(
    tx: &mut Tx,
    app: &App,
    row: &Row,
    facts: &Map<String, Json>,
    who: &ReceiverSpec,
) -> Result<Vec<Assignee>> {
    if let Some(code) = &who.permission {
        let code = intern(code);
        return Ok(vec![Assignee::Permission {
            code,
            brand_id: row.brand_id,
            department_id: row.department_id,
        }]);
    }
    Ok(people(tx, app, facts, who).await?.into_iter().map(Assignee::User).collect())
}

/// Returns the people whom a receiver means; none where the fact is absent.
pub async fn people(
    tx: &mut Tx,
    app: &App,
    facts: &Map<String, Json>,
    who: &ReceiverSpec,
) -> Result<BTreeSet<Id>> {
    let fact =
        |name: &String| facts.get(name).and_then(Json::as_str).and_then(|text| text.parse::<Id>().ok());
    let mut found = BTreeSet::new();
    found.extend(who.field.as_ref().and_then(fact));
    let Ok(port) = app.people.get() else { return Ok(found) };
    if let Some(user) = who.manager_of.as_ref().and_then(fact) {
        found.extend(port.people(tx, &[user]).await?.into_iter().filter_map(|person| person.manager_id));
    }
    if let Some(department) = who.head_of.as_ref().and_then(fact) {
        let units = port.units(tx).await?;
        found.extend(units.into_iter().filter(|unit| unit.id == department).filter_map(|unit| unit.head_id));
    }
    if let Some(role) = &who.role {
        found.extend(port.holders_of_role(tx, role, None).await?);
    }
    Ok(found)
}

/// Returns when work is due, counted from now.
pub async fn due_at(
    tx: &mut Tx,
    app: &App,
    due: &DueSpec,
    facts: &Map<String, Json>,
) -> Result<Option<Timestamp>> {
    if let Some(field) = &due.field {
        let text = facts.get(field).and_then(Json::as_str);
        let at = text.and_then(|text| text.parse().ok().or_else(|| midnight(text, &app.settings.time_zone)));
        return Ok(at);
    }
    crate::due::after(tx, app, due, tx.now()).await.map(Some)
}
