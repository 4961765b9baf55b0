//! Migration (流程升级): takes the open instances of older versions of a machine to the one that runs.

use std::collections::BTreeMap;

use http_kit::App;
use kernel::{Caller, Labelled, Problem, Result};
use serde::{Deserialize, Serialize};
use store::{Audit, args};
use utoipa::ToSchema;

use super::service::newest;
use super::{Machine, sql};

/// Migration that is wanted (流程升级请求).
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MigrationRequest {
    /// States of older versions with the states of the newest; one that is still there needs no entry.
    #[serde(default)]
    pub states: BTreeMap<String, String>,
    /// How many instances the dry run said would move; absent: this is the dry run.
    #[serde(default)]
    pub expected: Option<i64>,
}

/// What a migration does or did (流程升级结果).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct MachineMigration {
    /// The machine.
    pub machine_id: String,
    /// The version to which instances are taken.
    pub to_version: i64,
    /// True where nothing was changed.
    pub dry_run: bool,
    /// How many instances move; what a migration that is meant must name.
    pub instances: i64,
    /// How many stay because an approval is under way.
    pub waiting: i64,
    /// Where they stand and where they are taken.
    pub states: Vec<MigratedState>,
}

impl Labelled for MachineMigration {
    const NOUN: &'static str = "rulebook.machine_migration";
}

/// Instances of one version in one state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MigratedState {
    /// The version that they began with.
    pub from_version: i64,
    /// Where they stand.
    pub from_state: String,
    /// Where they are taken; absent where nobody said it.
    #[serde(default)]
    pub to_state: Option<String>,
    /// How many they are.
    pub instances: i64,
    /// How many of them stay because an approval is under way.
    pub waiting: i64,
}

/// Takes open instances to the newest version; without `expected` it only says what would happen.
pub async fn migrate(
    app: &App,
    caller: &Caller,
    machine_id: &str,
    wanted: &MigrationRequest,
) -> Result<MachineMigration> {
    // Here its name came from a person, who is told that there is no such process.
    let machine = newest(app, machine_id).map_err(|problem| Problem { status: 404, ..problem })?;
    let mut tx = app.store.begin(caller).await?;
    let mut states: Vec<MigratedState> = tx.all(sql::OLDER, args![machine_id, machine.spec.version]).await?;
    for state in &mut states {
        state.to_state = target(&machine, wanted, &state.from_state);
    }
    let report = MachineMigration {
        machine_id: machine_id.to_owned(),
        to_version: machine.spec.version,
        dry_run: wanted.expected.is_none(),
        instances: states.iter().map(|state| state.instances - state.waiting).sum(),
        waiting: states.iter().map(|state| state.waiting).sum(),
        states,
    };
    known(&machine, wanted)?;
    let Some(expected) = wanted.expected else { return Ok(report) };
    if expected != report.instances {
        return Err(Problem::conflict("rulebook.machine.migration_differs")
            .with("expected", expected)
            .with("instances", report.instances));
    }
    for state in &report.states {
        let to = state.to_state.as_deref().ok_or_else(|| {
            Problem::unprocessable("rulebook.machine.migration_unmapped").with("state", &state.from_state)
        })?;
        let (actor, now) = (caller.find_user_id(), tx.now());
        let of = (state.from_version, state.from_state.as_str());
        let args = args![machine_id, of.0, of.1, to, actor, caller.name(), now];
        tx.exec(sql::KEEP_MIGRATION, args).await?;
        let version = machine.spec.version;
        let args = args![machine_id, of.0, of.1, version, to, machine.is_end(to), now];
        tx.exec(sql::MIGRATE, args).await?;
    }
    let rows = u64::try_from(report.instances).unwrap_or_default();
    tx.audit(Audit::new("migrate", "rulebook.machine", machine_id).with(&report).covering(rows)).await?;
    tx.commit().await?;
    Ok(report)
}

/// Returns the state to which instances in `state` are taken: the one that was named, or the same one.
fn target(machine: &Machine, wanted: &MigrationRequest, state: &str) -> Option<String> {
    let named = wanted.states.get(state).map_or(state, String::as_str);
    machine.spec.states.iter().any(|s| s.id == named).then(|| named.to_owned())
}

fn known(machine: &Machine, wanted: &MigrationRequest) -> Result<()> {
    let unknown = wanted.states.values().find(|to| machine.spec.states.iter().all(|s| s.id != **to));
    match unknown {
        Some(state) => Err(Problem::unprocessable("rulebook.machine.migration_unknown").with("state", state)),
        None => Ok(()),
    }
}
