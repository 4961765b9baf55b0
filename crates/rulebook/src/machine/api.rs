use axum::extract::State;
use http_kit::{AppState, PathOf, Reply, Routes, Who, operations, signed_in};
use kernel::{Labelled, Language, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Machine;
use crate::Rulebook;

/// A state machine as pages show it (状态机): names in the caller's language.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
struct MachineView {
    /// Its id.
    id: String,
    /// Its version.
    machine_version: i64,
    /// Its name.
    title: String,
    /// Its states, in order.
    states: Vec<Named>,
    /// Its actions, once each.
    actions: Vec<Named>,
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

/// Shows a state machine: names of its states and actions.
#[utoipa::path(get, path = "/api/v1/rulebook/machines/{id}", operation_id = "get_machine", tag = "rulebook",
    params(("id" = String, Path, max_length = 100)), responses((status = 200, body = MachineView)))]
async fn get(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<String>,
) -> http_kit::Result<Reply> {
    let machine = app.part::<Rulebook>()?.machine(&id).ok_or_else(|| Problem::not_found("access.not_found"))?;
    Ok(Reply::row(&caller, &shown(&machine, caller.language)))
}

fn shown(machine: &Machine, language: Language) -> MachineView {
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
        states: states.collect(),
        actions,
    }
}

/// Returns the operations of state machines.
pub fn routes() -> Routes {
    Routes::new().add(operations!(get), signed_in())
}
