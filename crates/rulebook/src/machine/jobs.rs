use std::collections::BTreeSet;

use async_trait::async_trait;
use http_kit::App;
use kernel::{Caller, Id, Result};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use store::{Audit, Every, Job, JobError, JobKind, Lease, Registry, args};

use super::service::newest;
use super::{MachineSpec, MachineWarning, sql, warnings};
use crate::permissions::MACHINE_MIGRATE;
use crate::task::{self, Assignee, NewTask, Sentence};

/// Noun and kind of the tasks.
const WARNING: &str = "rulebook.machine_warning";

/// Asks anew whether the organisation of today bears the machines out; opens a task where it does not, and takes it
/// back once it does.
#[derive(Debug, Serialize, Deserialize)]
pub struct CheckOrganisation {}

impl JobKind for CheckOrganisation {
    const KIND: &'static str = "rulebook.machine.check_organisation";
    // The next one comes by itself.
    const MAX_ATTEMPTS: i64 = 3;
}

#[async_trait]
impl Job<App> for CheckOrganisation {
    async fn run(&self, app: &App, _lease: &Lease) -> Result<(), JobError> {
        Ok(check(app).await?)
    }
}

async fn check(app: &App) -> Result<()> {
    let mut tx = app.store.begin(&Caller::system("check of the organisation")).await?;
    let found = warnings(&mut tx, app).await?;
    let known: Vec<Id> = tx.all(sql::OPEN_WARNINGS, args![WARNING]).await?;
    let present: BTreeSet<Id> = found.iter().map(id_of).collect();
    let mut changed = 0_u64;
    for warning in found.iter().filter(|warning| !known.contains(&id_of(warning))) {
        let machine = newest(app, &warning.machine_id)?;
        task::open(&mut tx, as_task(&machine.spec, warning)).await?;
        changed += 1;
    }
    for gone in known.iter().filter(|id| !present.contains(id)) {
        changed += task::cancel(&mut tx, WARNING, *gone, WARNING).await?;
    }
    if changed > 0 {
        let entry = Audit::without_row("warn", "rulebook.machine").with(json!({ "warnings": found.len() }));
        tx.audit(entry.covering(changed)).await?;
    }
    tx.commit().await
}

/// The same warning has the same id, however often it is found.
fn id_of(warning: &MachineWarning) -> Id {
    let parts = [&warning.machine_id, &warning.action, &warning.step, &warning.code, &warning.subject];
    let digest = Sha256::digest(parts.map(String::as_str).join("\n"));
    let mut first = [0; 16];
    first.copy_from_slice(&digest[..16]);
    Id::from_digest(first)
}

/// The sentence names the workflow and the step as people know them; roles and permissions stand on the page.
fn as_task(machine: &MachineSpec, warning: &MachineWarning) -> NewTask {
    let code = match warning.code.as_str() {
        "rulebook.machine.warning.nobody" => "rulebook.machine.task.nobody",
        _ => "rulebook.machine.task.one_person",
    };
    let approvals = machine.transitions.iter().filter(|transition| transition.action == warning.action);
    let mut steps =
        approvals.flat_map(|transition| &transition.approval).flat_map(|approval| &approval.steps);
    let step = steps.find(|step| step.id == warning.step).map_or(&machine.title, |step| &step.title);
    NewTask {
        kind: WARNING,
        subject_noun: WARNING,
        subject_id: id_of(warning),
        link: "/rulebook/machines".to_owned(),
        title: Sentence::new(code)
            .in_three("machine", &machine.title.0)
            .in_three("step", &step.0)
            .with("people", warning.user_ids.len()),
        assignee: Assignee::Permission { code: MACHINE_MIGRATE.code, brand_id: None, department_id: None },
        not_for: Vec::new(),
        due_at: None,
        actions: Vec::new(),
    }
}

/// Adds the jobs and schedules of machines.
pub fn register(registry: &mut Registry<App>) {
    registry.job::<CheckOrganisation>();
    registry.schedule(CheckOrganisation::KIND, Every::hours(1), || CheckOrganisation {});
}
