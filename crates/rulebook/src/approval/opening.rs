//! Asks for an approval, and lets its steps wait for those who decide them.

use std::sync::Arc;

use http_kit::App;
use kernel::{Id, Language, Problem, Result};
use serde_json::{Map, Value as Json, json};
use store::{Audit, Tx, args};

use super::jobs::MailDecider;
use super::seat::{self, Seats};
use super::{Approval, ApprovalHooks, ApprovalStep, ApprovalStepState, Decider, rules, sql};
use crate::machine::{self, ApprovalSpec, Content, Instance, Machine, StepSpec};
use crate::task::{self, Assignee, CardAction, NewTask, Sentence};
use crate::{due, run};

/// Noun of approvals in the audit log and in tasks.
pub(super) const NOUN: &str = "rulebook.approval";
/// Noun of a decider, of whom a task is.
const SEAT: &str = "rulebook.approval_decider";

/// The move that is asked for.
#[derive(Debug)]
pub(crate) struct Asked<'a> {
    pub instance: &'a Instance,
    pub machine: &'a Machine,
    pub place: usize,
    pub spec: &'a ApprovalSpec,
}

/// An approval with all that it rests on, loaded under the lock of its instance.
#[derive(Debug)]
pub(super) struct Case {
    pub approval: Approval,
    pub machine: Arc<Machine>,
    pub instance: Instance,
    pub facts: Map<String, Json>,
}

impl Case {
    /// Loads an approval and keeps others from deciding it meanwhile.
    pub async fn load(tx: &mut Tx, app: &App, id: Id) -> Result<Self> {
        let found: Approval = tx.get(sql::FIND, args![id]).await?;
        tx.lock("rulebook.instance", found.instance_id).await?;
        // Read again: whoever had the lock may have decided it.
        let mut approval: Approval = tx.get(sql::FIND, args![id]).await?;
        approval.steps = tx.all(sql::STEPS, args![id]).await?;
        let instance = machine::find_in(tx, approval.instance_id).await?;
        let machine = machine::of_instance_in(tx, app, &instance).await?;
        let facts = facts_of(tx, id).await?;
        Ok(Self { approval, machine, instance, facts })
    }

    /// Returns what the machine says of a step.
    pub fn spec(&self, step: &ApprovalStep) -> Result<&StepSpec> {
        let place = usize::try_from(self.approval.transition).ok();
        let transition = place.and_then(|place| self.machine.spec.transitions.get(place));
        let steps = transition.and_then(|transition| transition.approval.as_ref()).map(|spec| &spec.steps);
        let found = steps.and_then(|steps| steps.iter().find(|spec| spec.id == step.step_id));
        found.ok_or_else(|| Problem::internal(format!("step {} is not in its machine", step.step_id)))
    }

    /// Returns who may decide a step at this moment.
    pub async fn seats(&self, tx: &mut Tx, app: &App, step: &ApprovalStep) -> Result<Seats> {
        let spec = self.spec(step)?;
        Box::pin(seat::seats(tx, app, &self.machine, spec, (&self.approval, step), &self.facts)).await
    }
}

#[derive(serde::Deserialize)]
struct Facts {
    facts: Map<String, Json>,
}

/// Returns the facts with which an approval was asked for.
pub(crate) async fn facts_of(tx: &mut Tx, id: Id) -> Result<Map<String, Json>> {
    let found: Facts = tx.get(sql::FACTS, args![id]).await?;
    Ok(found.facts)
}

/// Asks for the approval of a move; returns `None` where no step of it is needed.
pub(crate) async fn open(
    tx: &mut Tx,
    app: &App,
    asked: &Asked<'_>,
    facts: &Map<String, Json>,
    content: &Content,
) -> Result<Option<Id>> {
    let mut needed = Vec::with_capacity(asked.spec.steps.len());
    for step in &asked.spec.steps {
        needed.push(seat::holds(asked.machine, step.when.as_deref(), facts, tx)?);
    }
    if !needed.contains(&true) {
        return Ok(None);
    }
    // What nobody would carry out is not asked for.
    ApprovalHooks::of(app, &asked.instance.subject_noun)?;
    let id = insert(tx, asked, facts, content).await?;
    insert_steps(tx, id, asked.spec, &needed).await?;
    let case = Case::load(tx, app, id).await?;
    for step in case.approval.steps.iter().filter(|step| step.state == ApprovalStepState::Waiting) {
        if case.seats(tx, app, step).await?.free.is_empty() {
            let name = step.names.get(tx.caller().language).to_owned();
            return Err(Problem::conflict("rulebook.approval.nobody").with("step", name));
        }
    }
    let entry = Audit::new("request", NOUN, id).with(json!({
        "subject_noun": case.approval.subject_noun,
        "subject_id": case.approval.subject_id,
        "subject_version": content.version,
        "content_hash": content.hash,
        "action": case.approval.action,
    }));
    tx.audit(entry).await?;
    open_wave(tx, app, &case).await?;
    run::after_change(tx, &["v_rulebook_approval"]).await?;
    Ok(Some(id))
}

async fn insert(tx: &mut Tx, asked: &Asked<'_>, facts: &Map<String, Json>, content: &Content) -> Result<Id> {
    let (id, caller, instance) = (Id::new(), tx.caller(), asked.instance);
    let transition = &asked.machine.spec.transitions[asked.place];
    let args = args![
        id,
        instance.id,
        &instance.machine_id,
        instance.machine_version,
        i64::try_from(asked.place).unwrap_or(i64::MAX),
        &instance.subject_noun,
        instance.subject_id,
        &content.title,
        &content.link,
        content.version,
        &content.hash,
        &transition.action,
        store::json(&transition.title.0),
        &instance.state,
        transition.to.as_deref().unwrap_or_default(),
        asked.spec.rejected.as_deref(),
        store::json(facts),
        asked.spec.money,
        asked.spec.signed,
        caller.find_user_id(),
        caller.name(),
        tx.now(),
    ];
    tx.exec_one(sql::INSERT, args).await?;
    Ok(id)
}

async fn insert_steps(tx: &mut Tx, id: Id, spec: &ApprovalSpec, needed: &[bool]) -> Result<()> {
    let waves = rules::waves(&spec.steps);
    for (place, step) in spec.steps.iter().enumerate() {
        let state = if needed[place] { ApprovalStepState::Waiting } else { ApprovalStepState::Skipped };
        let (row, position) = (Id::new(), i64::try_from(place).unwrap_or(i64::MAX).saturating_add(1));
        let names = store::json(&step.title.0);
        let count = rules::needed(step.mode, 0);
        let mode = rules::word(step.mode);
        let args = args![row, id, &step.id, position, waves[place], names, mode, count, state.as_str()];
        tx.exec_one(sql::INSERT_STEP, args).await?;
        for role in &step.separate_from {
            tx.exec(sql::INSERT_SEPARATION, args![row, role]).await?;
        }
    }
    Ok(())
}

/// Opens the steps that come next; returns false where none is left.
pub(super) async fn open_wave(tx: &mut Tx, app: &App, case: &Case) -> Result<bool> {
    let waiting = |step: &&ApprovalStep| step.state == ApprovalStepState::Waiting;
    let Some(wave) = case.approval.steps.iter().filter(waiting).map(|step| step.wave).min() else {
        return Ok(false);
    };
    for step in case.approval.steps.iter().filter(waiting).filter(|step| step.wave == wave) {
        let spec = case.spec(step)?;
        let now = tx.now();
        let due_at = match &spec.due {
            Some(due) => due::after(app, tx, due, &case.facts, now).await?,
            None => None,
        };
        let seats = case.seats(tx, app, step).await?;
        let needed = rules::needed(spec.mode, seats.principals.len());
        tx.exec_one(sql::OPEN_STEP, args![step.id, now, due_at, needed]).await?;
        let step = ApprovalStep { due_at, ..step.clone() };
        seat_people(tx, app, case, &step, &seats).await?;
    }
    Ok(true)
}

/// Gives a task and a mail to everybody who may decide a step and does not know it yet, and takes both from those
/// who no longer may; returns true where something changed.
pub(super) async fn seat_people(
    tx: &mut Tx,
    app: &App,
    case: &Case,
    step: &ApprovalStep,
    seats: &Seats,
) -> Result<bool> {
    let known: Vec<Decider> = tx.all(sql::DECIDERS, args![step.id]).await?;
    let is = |row: &Decider, seat: &seat::Seat| (row.user_id, row.for_user_id) == (seat.user_id, seat.for_id);
    let mut changed = false;
    for row in known.iter().filter(|row| row.decision.is_none()) {
        if !seats.free.iter().any(|seat| is(row, seat)) {
            task::cancel(tx, SEAT, row.id, seat::KIND).await?;
            tx.exec(sql::REMOVE_DECIDER, args![row.id]).await?;
            changed = true;
        }
    }
    let new: Vec<&seat::Seat> = seats.free.iter().filter(|s| !known.iter().any(|row| is(row, s))).collect();
    let ids: Vec<Id> = new.iter().flat_map(|seat| [seat.user_id, seat.for_id]).collect();
    let people = app.people.get()?.people(tx, &ids).await?;
    let name = |id: Id| people.iter().find(|p| p.id == id).map_or("", |p| p.name.as_str());
    let mut told: Vec<Id> = known.iter().map(|row| row.user_id).collect();
    for seat in new {
        let (row, now) = (Id::new(), tx.now());
        let (user, other) = (name(seat.user_id), name(seat.for_id));
        let delegation = seat.delegation_id;
        let args =
            args![row, step.id, seat.user_id, user, seat.for_id, other, delegation, seat.escalated, now];
        changed |= tx.exec(sql::INSERT_DECIDER, args).await? == 1;
        if !told.contains(&seat.user_id) {
            told.push(seat.user_id);
            open_task(tx, case, step, row, seat.user_id).await?;
            let (approval_id, step_id) = (case.approval.id, step.id);
            tx.enqueue(&MailDecider { approval_id, step_id, user_id: seat.user_id }).await?;
        }
    }
    Ok(changed)
}

async fn open_task(tx: &mut Tx, case: &Case, step: &ApprovalStep, seat: Id, user_id: Id) -> Result<()> {
    let approval = &case.approval;
    let path = |act: &str| format!("/api/v1/rulebook/approvals/{}/steps/{}/{act}", approval.id, step.id);
    let act = |action: &str, primary: bool, reason: Option<&str>| CardAction {
        action: action.to_owned(),
        titles: None,
        title: action.to_owned(),
        method: "POST".to_owned(),
        path: path(action),
        primary,
        reason_field: reason.map(str::to_owned),
        if_match: None,
    };
    let task = NewTask {
        kind: seat::KIND,
        subject_noun: SEAT,
        subject_id: seat,
        link: format!("/approvals/{}", approval.id),
        title: Sentence::new("rulebook.task.approval")
            .with("title", approval.subject_title.as_str())
            .with("action", approval.action_names.get(Language::default()))
            .with("step", step.names.get(Language::default()))
            .with("name", approval.requested_by_name.as_str()),
        assignee: Assignee::User(user_id),
        not_for: Vec::new(),
        due_at: step.due_at,
        // What takes a code is decided on its own page.
        actions: match approval.takes_code() {
            true => Vec::new(),
            false => vec![act("approve", true, None), act("reject", false, Some("comment"))],
        },
    };
    task::open(tx, task).await.map(drop)
}

/// Completes the tasks of those who decided, and cancels those of a step that others decided.
pub(super) async fn end_tasks(tx: &mut Tx, deciders: &[Decider], by: Option<Id>, all: bool) -> Result<()> {
    for row in deciders {
        if by == Some(row.user_id) {
            task::complete(tx, SEAT, row.id, seat::KIND, by).await?;
        } else if all {
            task::cancel(tx, SEAT, row.id, seat::KIND).await?;
        }
    }
    Ok(())
}
