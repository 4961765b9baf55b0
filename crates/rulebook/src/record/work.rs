use std::sync::Arc;

use http_kit::App;
use kernel::{Id, Result, Timestamp};
use serde_json::{Map, Value as Json};
use store::Tx;

use super::write::Row;
use crate::machine::{Machine, ReceiverSpec, WorkSpec};
use crate::pack::Text;
use crate::record_type::{RecordType, intern::intern};
use crate::task::{self, Assignee, CardAction, NewTask, Sentence};
use crate::{due, receiver};

/// Kind of the tasks that states open.
pub const WORK: &str = "rulebook.record.work";
/// Kind of those that stay at the top of the home page until they are done.
pub const BANNER: &str = "rulebook.record.banner";
/// Kind of those of which their person is reminded each day while they are late.
pub const DAILY: &str = "rulebook.record.daily";

/// Opens the work of the state in which a record stands.
pub async fn open(
    tx: &mut Tx,
    app: &App,
    record_type: &Arc<RecordType>,
    row: &Row,
    facts: &Map<String, Json>,
) -> Result<()> {
    let Some(instance) = row.instance_id else { return Ok(()) };
    let machine = crate::machine::of_instance_by_id(tx, app, instance).await?;
    open_of(tx, app, record_type, row, facts, &machine).await
}

/// The same where the record's machine is at hand.
pub async fn open_of(
    tx: &mut Tx,
    app: &App,
    record_type: &Arc<RecordType>,
    row: &Row,
    facts: &Map<String, Json>,
    machine: &Machine,
) -> Result<()> {
    let Some(state) = &row.state else { return Ok(()) };
    let Some(work) = machine.spec.states.iter().find(|s| s.id == *state).and_then(|s| s.work.as_ref()) else {
        return Ok(());
    };
    let due_at = match &work.due {
        Some(due) => due::after(app, tx, due, facts, tx.now()).await?,
        None => None,
    };
    for assignee in receivers(tx, app, row, facts, &work.who).await? {
        task::open(tx, new_task(record_type, row, machine, work, assignee, due_at)).await?;
    }
    Ok(())
}

/// Completes the work of the state that a record left.
pub async fn close(tx: &mut Tx, record_type: &RecordType, row: &Row) -> Result<()> {
    let by = tx.caller().find_user_id();
    task::complete_all(tx, record_type.noun, row.id, &[WORK, BANNER, DAILY], by).await.map(drop)
}

/// Takes the work of a record back: nobody is to do it any more.
pub async fn cancel(tx: &mut Tx, record_type: &RecordType, row: &Row) -> Result<()> {
    task::cancel_all(tx, record_type.noun, row.id, &[WORK, BANNER, DAILY]).await.map(drop)
}

fn new_task(
    record_type: &RecordType,
    row: &Row,
    machine: &Machine,
    work: &WorkSpec,
    assignee: Assignee,
    due_at: Option<Timestamp>,
) -> NewTask {
    NewTask {
        due_at,
        kind: match (work.banner, work.daily) {
            (true, _) => BANNER,
            (false, true) => DAILY,
            (false, false) => WORK,
        },
        actions: work
            .actions
            .iter()
            .enumerate()
            .map(|(place, action)| card(row, machine, action, place == 0))
            .collect(),
        ..about(record_type, row, &work.title, assignee)
    }
}

/// Says something of a record: its number and title, then what the pack says.
pub fn sentence(row: &Row, text: &Text) -> Sentence {
    let sentence = Sentence::new("rulebook.record.work");
    let sentence = sentence.with("title", row.title.clone()).with("number", row.number.clone());
    sentence.in_three("what", &text.0)
}

/// Returns a task about a record.
fn about(record_type: &RecordType, row: &Row, text: &Text, assignee: Assignee) -> NewTask {
    NewTask {
        kind: WORK,
        subject_noun: record_type.noun,
        subject_id: row.id,
        link: format!("/records/{}/{}", row.type_id, row.id),
        title: sentence(row, text),
        assignee,
        not_for: Vec::new(),
        due_at: None,
        actions: Vec::new(),
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

/// Returns the people whom a receiver means; none where the staff is not connected.
pub async fn people(
    tx: &mut Tx,
    app: &App,
    facts: &Map<String, Json>,
    who: &ReceiverSpec,
) -> Result<Vec<Id>> {
    if app.people.get().is_err() {
        let named = who.field.as_ref().and_then(|name| facts.get(name)?.as_str()?.parse().ok());
        return Ok(named.into_iter().collect());
    }
    receiver::resolve(tx, app, std::slice::from_ref(who), facts).await
}
