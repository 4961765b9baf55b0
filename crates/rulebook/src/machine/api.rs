use std::collections::BTreeSet;

use axum::extract::State;
use http_kit::{AppState, Body, PathOf, Reply, Routes, Who, needs, operations, signed_in};
use kernel::{Labelled, Language, Page, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Machine, MachineMigration, MachineSpec, MachineWarning, MigrationRequest, TransitionSpec};
use crate::Rulebook;
use crate::permissions::{CLAUSE_READ, MACHINE_MIGRATE};

/// A state machine as pages show it (状态机): names in the caller's language.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
struct MachineView {
    /// Its id.
    id: String,
    /// Its version.
    machine_version: i64,
    /// Its name.
    title: String,
    /// The record type whose records pass through it.
    record: Option<String>,
    /// Names of the fields that its transitions ask for.
    inputs: Vec<Named>,
    /// Its states, in order.
    states: Vec<Named>,
    /// Its actions, once each.
    actions: Vec<Named>,
    /// Its transitions, in the order in which they are tried.
    transitions: Vec<Transition>,
}

/// A way from states to a state, or its refusal, as pages show it (流转).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = MachineTransition)]
struct Transition {
    /// What is done.
    action: String,
    /// The states that it starts from.
    from: Vec<String>,
    /// The state that it leads to; absent where it is refused.
    to: Option<String>,
    /// Why it is refused, in the caller's language.
    refuse: Option<String>,
    /// The condition under which it is taken, as the pack writes it.
    guard: Option<String>,
    /// What must be given with it.
    required_fields: Vec<String>,
    /// The permission that it needs; absent where the product itself does it.
    permission: Option<String>,
    /// The role that whoever does it takes from then on.
    takes: Option<String>,
    /// Roles that whoever does it must never have taken before.
    separate_from: Vec<String>,
    /// Steps of the approval that stands before it, in order.
    approval: Vec<Named>,
}

/// Something with a name.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = MachineNamed)]
struct Named {
    /// Its id.
    id: String,
    /// Its name.
    title: String,
    /// True for a state where nothing more is to be done.
    end: bool,
}

impl Labelled for MachineView {
    const NOUN: &'static str = "rulebook.machine";
}

/// Lists the state machines that run.
#[utoipa::path(get, path = "/api/v1/rulebook/machines", operation_id = "list_machines", tag = "rulebook",
    responses((status = 200, body = Page<MachineView>)))]
async fn list(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    let book = app.part::<Rulebook>()?;
    let machines = book.machines().map(|machine| shown(book, machine, caller.language)).collect();
    Ok(Reply::page(&caller, &Page::whole(machines)))
}

/// Shows a state machine: names of its states and actions.
#[utoipa::path(get, path = "/api/v1/rulebook/machines/{id}", operation_id = "get_machine", tag = "rulebook",
    params(("id" = String, Path, max_length = 100)), responses((status = 200, body = MachineView)))]
async fn get(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<String>,
) -> http_kit::Result<Reply> {
    let book = app.part::<Rulebook>()?;
    let machine = book.machine(&id).ok_or_else(|| Problem::not_found("access.not_found"))?;
    Ok(Reply::row(&caller, &shown(book, &machine, caller.language)))
}

/// The record type alone knows how its fields are called.
fn inputs(book: &Rulebook, spec: &MachineSpec, language: Language) -> Vec<Named> {
    let Some(record) = spec.record.as_ref().and_then(|id| book.record_type(id)) else { return Vec::new() };
    let asked: BTreeSet<&str> =
        spec.transitions.iter().flat_map(|one| &one.required_fields).map(String::as_str).collect();
    asked
        .into_iter()
        .filter_map(|key| record.field(key))
        .map(|field| Named { id: field.key.clone(), title: field.title.get(language).to_owned(), end: false })
        .collect()
}

fn shown(book: &Rulebook, machine: &Machine, language: Language) -> MachineView {
    let spec = &machine.spec;
    let mut actions: Vec<Named> = Vec::new();
    for transition in &spec.transitions {
        if actions.iter().all(|action| action.id != transition.action) {
            let title = transition.title.get(language).to_owned();
            actions.push(Named { id: transition.action.clone(), title, end: false });
        }
    }
    let states = spec.states.iter().map(|state| Named {
        id: state.id.clone(),
        title: state.title.get(language).to_owned(),
        end: state.end,
    });
    MachineView {
        id: spec.id.clone(),
        machine_version: spec.version,
        title: spec.title.get(language).to_owned(),
        record: spec.record.clone(),
        inputs: inputs(book, spec, language),
        states: states.collect(),
        actions,
        transitions: spec.transitions.iter().map(|one| transition(one, language)).collect(),
    }
}

fn transition(spec: &TransitionSpec, language: Language) -> Transition {
    Transition {
        action: spec.action.clone(),
        from: spec.from.clone(),
        to: spec.to.clone(),
        refuse: spec.refuse.as_ref().map(|text| text.get(language).to_owned()),
        guard: spec.guard.clone(),
        required_fields: spec.required_fields.clone(),
        permission: spec.permission.clone(),
        takes: spec.takes.clone(),
        separate_from: spec.separate_from.clone(),
        approval: spec
            .approval
            .iter()
            .flat_map(|approval| &approval.steps)
            .map(|step| Named { id: step.id.clone(), title: step.title.get(language).to_owned(), end: false })
            .collect(),
    }
}

/// Takes open instances of older versions to the version that runs; without `expected` it says what would happen.
#[utoipa::path(post, path = "/api/v1/rulebook/machines/{id}/migrate", operation_id = "migrate_machine",
    tag = "rulebook", params(("id" = String, Path, max_length = 100)), request_body = MigrationRequest,
    responses((status = 200, body = MachineMigration)))]
async fn migrate(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<String>,
    Body(wanted): Body<MigrationRequest>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &super::migrate(&app, &caller, &id, &wanted).await?))
}

/// Lists what the organisation of this moment does not bear out of the machines.
#[utoipa::path(get, path = "/api/v1/rulebook/machine-warnings", operation_id = "list_machine_warnings",
    tag = "rulebook", responses((status = 200, body = Page<MachineWarning>)))]
async fn warnings(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    let mut tx = app.store.begin(&caller).await?;
    let mut found = super::warnings(&mut tx, &app).await?;
    for warning in &mut found {
        let args = std::collections::BTreeMap::from([
            ("machine".to_owned(), warning.machine_id.as_str().into()),
            ("action".to_owned(), warning.action.as_str().into()),
            ("step".to_owned(), warning.step.as_str().into()),
            ("subject".to_owned(), warning.subject.as_str().into()),
            ("people".to_owned(), warning.user_ids.len().into()),
        ]);
        warning.text = app.texts.say(caller.language, &warning.code, &args);
    }
    Ok(Reply::page(&caller, &Page::whole(found)))
}

/// Returns the operations of state machines.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), signed_in())
        .add(operations!(get), signed_in())
        .add(operations!(migrate), needs(MACHINE_MIGRATE))
        .add(operations!(warnings), needs(CLAUSE_READ))
}
