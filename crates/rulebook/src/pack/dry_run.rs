use std::collections::BTreeMap;

use http_kit::App;
use kernel::{Labelled, Language, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use store::args;
use utoipa::ToSchema;

use super::{Folder, ObjectChange, PackFault, own, service, sql};
use crate::clause::{self, Status};
use crate::control::Control;
use crate::parameter::{self, Input};
use crate::record_type::RecordType;
use crate::{Rulebook, run};

/// What would change if files ran in a pack's place (试运行).
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct DryRun {
    /// Why they cannot run at all; then nothing else is said.
    pub faults: Vec<PackFault>,
    /// The objects that differ.
    pub changes: Vec<ObjectChange>,
    /// Clauses that would stand otherwise, on today's data.
    pub clauses: Vec<ClauseTurn>,
    /// Policy parameters that would take another value.
    pub parameters: Vec<ParameterTurn>,
    /// Workflows with a new version, under which running instances stay on the old one.
    pub machines: Vec<MachineTurn>,
}

impl Labelled for DryRun {
    const NOUN: &'static str = "rulebook.pack_dry_run";
}

/// A clause that would stand otherwise.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ClauseTurn {
    /// The clause.
    pub clause_id: String,
    /// Its title.
    pub title: String,
    /// How it stands; absent where it is new.
    pub before: Option<Status>,
    /// How it would stand; absent where it would be gone.
    pub after: Option<Status>,
}

/// A policy parameter that would take another value.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ParameterTurn {
    /// Its key.
    pub key: String,
    /// Its value; absent where it is new.
    #[schema(value_type = Option<serde_json::Value>)]
    pub before: Option<Json>,
    /// The value that it would have; absent where it would be gone.
    #[schema(value_type = Option<serde_json::Value>)]
    pub after: Option<Json>,
}

/// A workflow with a new version.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct MachineTurn {
    /// The workflow.
    pub machine_id: String,
    /// Its version now; absent where it is new.
    pub before: Option<i64>,
    /// The version that new instances would begin with.
    pub after: i64,
    /// Open instances that would stay on an older version.
    pub open_on_older: i64,
}

/// Tries files on today's data; nothing is kept.
pub async fn dry_run(app: &App, language: Language, folder: &Folder) -> Result<DryRun> {
    let running = app.part::<Rulebook>()?.snapshot();
    let checked = service::check(app, language, folder).await?;
    let Ok(candidate) = own::assemble(app, Some(folder)).await? else {
        return Ok(DryRun { faults: checked.faults, ..DryRun::default() });
    };
    let inputs = parameter::inputs(&app.store).await?;
    let wanted = parameter::inputs_under(app, &candidate).await?;
    Ok(DryRun {
        faults: Vec::new(),
        changes: service::compare(app, folder)?.changes,
        clauses: clauses(app, language, (&running, &inputs), (&candidate, &wanted)).await?,
        parameters: parameters(&running, &inputs, &candidate, &wanted),
        machines: machines(app, &running, &candidate).await?,
    })
}

type Under<'a> = (&'a Rulebook, &'a BTreeMap<String, Input>);

/// Both rulebooks are measured anew, so that what differs comes from the files and not from the time between.
async fn clauses(app: &App, language: Language, now: Under<'_>, then: Under<'_>) -> Result<Vec<ClauseTurn>> {
    let unborn = unborn(now.0, then.0);
    let measurable = |control: &Control| {
        control.measure.as_ref().is_none_or(|measure| !unborn.contains(&measure.view.name))
    };
    let mut turns: BTreeMap<String, (Option<Status>, Option<Status>)> = BTreeMap::new();
    for (place, (book, inputs)) in [now, then].into_iter().enumerate() {
        let runs = run::measure_all(app, book, measurable, inputs).await?;
        for (id, standing) in clause::standings(app, book, runs).await? {
            let turn = turns.entry(id).or_default();
            *(if place == 0 { &mut turn.0 } else { &mut turn.1 }) = Some(standing.status);
        }
    }
    let differing = turns.into_iter().filter(|(_, (before, after))| before != after);
    Ok(differing
        .map(|(clause_id, (before, after))| {
            let found = then.0.clause(&clause_id).or_else(|| now.0.clause(&clause_id));
            let title = found.map(|(_, clause)| clause.title.get(language).to_owned()).unwrap_or_default();
            ClauseTurn { clause_id, title, before, after }
        })
        .collect())
}

/// Returns the views of record types that do not run in this form yet: there are no rows in them to measure.
fn unborn(running: &Rulebook, candidate: &Rulebook) -> Vec<&'static str> {
    let runs = |record_type: &RecordType| {
        let version = running.record_type(&record_type.spec.id).map(|known| known.spec.version);
        version == Some(record_type.spec.version)
    };
    let types = candidate.record_types().filter(|record_type| !runs(record_type));
    types.map(|record_type| record_type.view.name).collect()
}

fn parameters(
    running: &Rulebook,
    now: &BTreeMap<String, Input>,
    candidate: &Rulebook,
    then: &BTreeMap<String, Input>,
) -> Vec<ParameterTurn> {
    let mut turns = Vec::new();
    for key in now.keys().chain(then.keys().filter(|key| !now.contains_key(*key))) {
        let value = |book: &Rulebook, inputs: &BTreeMap<String, Input>| {
            book.parameter(key).and(inputs.get(key)).map(|input| input.value.clone())
        };
        let (before, after) = (value(running, now), value(candidate, then));
        if before != after {
            turns.push(ParameterTurn { key: key.clone(), before, after });
        }
    }
    turns
}

async fn machines(app: &App, running: &Rulebook, candidate: &Rulebook) -> Result<Vec<MachineTurn>> {
    let mut turns = Vec::new();
    for machine in candidate.machines() {
        let (id, after) = (machine.spec.id.as_str(), machine.spec.version);
        let before = running.machine(id).map(|machine| machine.spec.version);
        if before == Some(after) {
            continue;
        }
        let open_on_older = app.store.get(sql::ON_OLDER, args![id, after]).await?;
        turns.push(MachineTurn { machine_id: id.to_owned(), before, after, open_on_older });
    }
    Ok(turns)
}
