use std::sync::Arc;

use http_kit::App;
use kernel::{Caller, Id, Problem, Result};
use serde::Deserialize;
use serde_json::{Map, Value as Json};
use sha2::{Digest, Sha256};
use store::{Store, Tx, args};

use super::rules::{Machine, Standing, declared, prove};
use super::{Content, Instance, MachineSpec, Offer, Outcome, Step, StepRow, sql};
use crate::{Rulebook, approval};

/// Begins an instance in the machine's first state; whoever begins it is no participant yet.
pub async fn start(
    tx: &mut Tx,
    app: &App,
    machine_id: &str,
    subject_noun: &str,
    subject_id: Id,
) -> Result<Instance> {
    let machine = newest(app, machine_id)?;
    let (id, state, now) = (Id::new(), machine.first_state().to_owned(), tx.now());
    let ended = machine.is_end(&state);
    let version = machine.spec.version;
    let args = args![id, machine_id, version, subject_noun, subject_id, &state, ended, now];
    tx.exec(sql::INSERT_INSTANCE, args).await?;
    keep_step(tx, id, 1, "start", None, &state, None).await?;
    tx.get(sql::FIND_INSTANCE, args![id]).await
}

/// Moves an instance whose transition asks nobody: checks permission, guard, required fields and separation.
///
/// The caller's own audit row of this transaction says what the move meant.
pub async fn advance(
    tx: &mut Tx,
    app: &App,
    caller: &Caller,
    instance_id: Id,
    action: &str,
    facts: &Json,
) -> Result<Step> {
    go(tx, app, caller, (instance_id, action), facts, None).await?.moved()
}

/// Does an action: moves the instance, or asks for the approval that stands before the move.
pub async fn act(
    tx: &mut Tx,
    app: &App,
    caller: &Caller,
    instance_id: Id,
    action: &str,
    facts: &Json,
    content: &Content,
) -> Result<Outcome> {
    go(tx, app, caller, (instance_id, action), facts, Some(content)).await
}

async fn go(
    tx: &mut Tx,
    app: &App,
    caller: &Caller,
    (instance_id, action): (Id, &str),
    facts: &Json,
    content: Option<&Content>,
) -> Result<Outcome> {
    tx.lock("rulebook.instance", instance_id).await?;
    let instance: Instance = tx.get(sql::FIND_INSTANCE, args![instance_id]).await?;
    let found = tx.all(sql::STANDING, args![instance_id, caller.find_user_id()]).await?;
    let (taken, waiting) = standing_of(found);
    if let Some((id, action)) = waiting {
        return Err(waits(id, &action));
    }
    let machine = of_instance_in(tx, app, &instance).await?;
    let facts = declared(facts, &machine.spec.facts);
    let standing = Standing { state: &instance.state, taken: &taken, now: tx.now() };
    let decided = machine.decide(caller, standing, action, &facts)?;
    if let (Some(role), Some(user)) = (decided.takes, caller.find_user_id()) {
        participate(tx, instance_id, user, role).await?;
    }
    if let Some(spec) = decided.approval {
        let content = content.ok_or_else(|| {
            Problem::internal(format!("{action} needs an approval: its caller must name the content"))
        })?;
        let asked = approval::Asked { instance: &instance, machine: &machine, place: decided.place, spec };
        if let Some(id) = Box::pin(approval::open(tx, app, &asked, &facts, content)).await? {
            return Ok(Outcome::Pending(id));
        }
    }
    let taken = (action, Some(decided.place));
    perform(tx, &instance, &machine, taken, decided.to, &facts).await.map(Outcome::Moved)
}

fn waits(id: Id, action: &str) -> Problem {
    Problem::conflict("rulebook.approval.waits").with("approval", id).with("action", action)
}

/// Makes a move that was decided and keeps the step.
pub(crate) async fn perform(
    tx: &mut Tx,
    instance: &Instance,
    machine: &Arc<Machine>,
    (action, place): (&str, Option<usize>),
    to: &str,
    facts: &Map<String, Json>,
) -> Result<Step> {
    let (ended, now) = (machine.is_end(to), tx.now());
    tx.exec_one(sql::MOVE, args![instance.id, instance.version, to, ended, now]).await?;
    keep_step(tx, instance.id, instance.version + 1, action, Some(&instance.state), to, Some(facts)).await?;
    Ok(Step { from: instance.state.clone(), to: to.to_owned(), place, machine: machine.clone() })
}

/// Returns everybody who ever took a role in an instance, with the roles.
pub(crate) async fn taken_by_all(tx: &mut Tx, instance_id: Id) -> Result<Vec<(Id, String)>> {
    tx.all(sql::PARTICIPANTS, args![instance_id]).await
}

/// Notes that somebody took a role in an instance, such as the author of a version.
pub async fn participate(tx: &mut Tx, instance_id: Id, user_id: Id, role: &str) -> Result<()> {
    tx.exec(sql::TAKE_ROLE, args![instance_id, user_id, role, tx.now()]).await.map(drop)
}

/// Returns an instance.
pub async fn find(store: &Store, instance_id: Id) -> Result<Instance> {
    store.get(sql::FIND_INSTANCE, args![instance_id]).await
}

/// Returns the instance by which a record moves.
pub async fn of_subject(store: &Store, record_id: Id) -> Result<Option<Instance>> {
    store.find(sql::OF_RECORD, args![record_id]).await
}

/// Returns an instance as a transaction sees it.
pub async fn find_in(tx: &mut Tx, instance_id: Id) -> Result<Instance> {
    tx.get(sql::FIND_INSTANCE, args![instance_id]).await
}

/// Returns every step of an instance, in order.
pub async fn history(store: &Store, instance_id: Id) -> Result<Vec<StepRow>> {
    store.all(sql::STEPS, args![instance_id]).await
}

/// Returns what may be done next, and why not where it may not; facts that are not known yet are left out.
pub async fn actions(app: &App, caller: &Caller, instance: &Instance, facts: &Json) -> Result<Vec<Offer>> {
    let machine = of_instance(app, instance).await?;
    let facts = declared(facts, &machine.spec.facts);
    let found = app.store.all(sql::STANDING, args![instance.id, caller.find_user_id()]).await?;
    let (taken, waiting) = standing_of(found);
    let standing = Standing { state: &instance.state, taken: &taken, now: app.store.now() };
    let offers = machine.actions_from(&instance.state).into_iter().map(|(action, title)| {
        let title = title.get(caller.language).to_owned();
        if let Some((id, waiting)) = &waiting {
            return offer(action, title, None, Some(waits(*id, waiting)), app, caller);
        }
        match machine.decide(caller, standing, action, &facts) {
            Ok(decided) => offer(action, title, Some(decided.to), None, app, caller),
            // What is still to be filled in is asked for by the form, not by a dead button.
            Err(p) if p.code == "rulebook.machine.field_missing" => {
                offer(action, title, None, None, app, caller)
            }
            Err(problem) => offer(action, title, None, Some(problem), app, caller),
        }
    });
    Ok(offers.collect())
}

fn offer(
    action: &str,
    title: String,
    to: Option<&str>,
    problem: Option<Problem>,
    app: &App,
    caller: &Caller,
) -> Offer {
    Offer {
        action: action.to_owned(),
        title,
        to: to.map(str::to_owned),
        allowed: problem.is_none(),
        reason: problem.as_ref().map(|p| app.texts.say(caller.language, &p.code, &p.args)),
        code: problem.map(|p| p.code.into_owned()),
    }
}

/// Keeps the machines of the packs; a version whose content changed without a new number is refused.
pub async fn publish(tx: &mut Tx, spec: &MachineSpec) -> Result<()> {
    let definition = store::json(spec);
    let hash = hex::encode(Sha256::digest(&definition));
    match tx.find::<String>(sql::FIND_VERSION, args![&spec.id, spec.version]).await? {
        Some(known) if known == hash => Ok(()),
        Some(_) => Err(Problem::conflict("rulebook.pack.machine_changed")
            .with("machine", &spec.id)
            .with("version", spec.version)),
        None => {
            let args = args![&spec.id, spec.version, hash, definition, tx.now()];
            tx.exec(sql::INSERT_VERSION, args).await.map(drop)
        }
    }
}

pub(super) fn newest(app: &App, machine_id: &str) -> Result<Arc<Machine>> {
    let machine = app.part::<Rulebook>()?.machine(machine_id);
    machine.ok_or_else(|| Problem::unavailable("rulebook.machine.unknown").with("machine", machine_id))
}

/// Returns the machine with which an instance began, inside a transaction.
pub(crate) async fn of_instance_by_id(tx: &mut Tx, app: &App, instance_id: Id) -> Result<Arc<Machine>> {
    let instance: Instance = tx.get(sql::FIND_INSTANCE, args![instance_id]).await?;
    of_instance_in(tx, app, &instance).await
}

/// Returns the machine with which an instance began.
pub(crate) async fn of_instance(app: &App, instance: &Instance) -> Result<Arc<Machine>> {
    if let Some(machine) = running(app, instance)? {
        return Ok(machine);
    }
    let args = args![&instance.machine_id, instance.machine_version];
    pinned(app, app.store.get(sql::DEFINITION, args).await?)
}

/// Returns the machine of the version that an instance began with.
pub(crate) async fn of_instance_in(tx: &mut Tx, app: &App, instance: &Instance) -> Result<Arc<Machine>> {
    if let Some(machine) = running(app, instance)? {
        return Ok(machine);
    }
    let args = args![&instance.machine_id, instance.machine_version];
    pinned(app, tx.get(sql::DEFINITION, args).await?)
}

/// Returns the machine where the instance began with the version that is loaded.
fn running(app: &App, instance: &Instance) -> Result<Option<Arc<Machine>>> {
    let newest = app.part::<Rulebook>()?.machine(&instance.machine_id);
    Ok(newest.filter(|machine| machine.spec.version == instance.machine_version))
}

#[derive(Deserialize)]
struct Definition {
    definition: MachineSpec,
}

fn pinned(app: &App, row: Definition) -> Result<Arc<Machine>> {
    let id = row.definition.id.clone();
    prove(row.definition, &app.permissions.all())
        .map(Arc::new)
        .map_err(|flaws| Problem::internal(format!("machine {id} no longer holds: {flaws:?}")))
}

/// Returns the roles that somebody took in an instance, and the approval for which it waits with its action.
fn standing_of(found: Vec<(Option<Id>, String)>) -> (Vec<String>, Option<(Id, String)>) {
    let (mut taken, mut waiting) = (Vec::new(), None);
    for (approval, word) in found {
        match approval {
            Some(id) => waiting = Some((id, word)),
            None => taken.push(word),
        }
    }
    (taken, waiting)
}

async fn keep_step(
    tx: &mut Tx,
    instance_id: Id,
    position: i64,
    action: &str,
    from: Option<&str>,
    to: &str,
    facts: Option<&Map<String, Json>>,
) -> Result<()> {
    let (caller, now) = (tx.caller(), tx.now());
    let (actor, name) = (caller.find_user_id(), caller.name());
    let facts = facts.map(store::json);
    let args = args![instance_id, position, action, from, to, facts, actor, name, now];
    tx.exec(sql::INSERT_STEP, args).await.map(drop)
}
