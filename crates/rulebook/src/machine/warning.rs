//! Warning (流程提醒): what today's organisation makes of a machine that is sound in itself.

use std::collections::BTreeSet;

use http_kit::App;
use kernel::{Id, Labelled, Result};
use serde::{Deserialize, Serialize};
use serde_json::Map;
use store::Tx;
use utoipa::ToSchema;

use super::{Machine, MachineSpec, ReceiverSpec, StepSpec, TransitionSpec};
use crate::Rulebook;

/// Something about a machine that the organisation of today does not bear out (流程提醒).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MachineWarning {
    /// The machine.
    pub machine_id: String,
    /// The action.
    pub action: String,
    /// The step of its approval.
    pub step: String,
    /// Key of the text.
    pub code: String,
    /// The sentence, in the caller's language.
    #[serde(default)]
    pub text: String,
    /// The role or permission that nobody holds, or the two roles that should be two people.
    pub subject: String,
    /// The people whom it is about.
    pub user_ids: Vec<Id>,
}

impl Labelled for MachineWarning {
    const NOUN: &'static str = "rulebook.machine_warning";
}

/// Returns what the organisation of this moment does not bear out: a role that nobody holds, one person who could
/// fill two roles that must be two people.
pub async fn warnings(tx: &mut Tx, app: &App) -> Result<Vec<MachineWarning>> {
    let book = app.part::<Rulebook>()?.clone();
    let mut found = Vec::new();
    for machine in book.machines() {
        for transition in &machine.spec.transitions {
            for step in transition.approval.iter().flat_map(|approval| &approval.steps) {
                found.extend(of_step(tx, app, machine, transition, step).await?);
            }
        }
    }
    Ok(found)
}

async fn of_step(
    tx: &mut Tx,
    app: &App,
    machine: &Machine,
    transition: &TransitionSpec,
    step: &StepSpec,
) -> Result<Vec<MachineWarning>> {
    let mut found = Vec::new();
    let warning = |code: &str, subject: String, user_ids: Vec<Id>| MachineWarning {
        machine_id: machine.spec.id.clone(),
        action: transition.action.clone(),
        step: step.id.clone(),
        code: code.to_owned(),
        text: String::new(),
        subject,
        user_ids,
    };
    let mut deciders = BTreeSet::new();
    // Whom a field names is known only of a thing; roles and permissions are held or not.
    for who in step.who.iter().filter(|who| who.role.is_some() || who.permission.is_some()) {
        let held = holders(tx, app, who).await?;
        if held.is_empty() {
            let subject = who.role.clone().or_else(|| who.permission.clone()).unwrap_or_default();
            found.push(warning("rulebook.machine.warning.nobody", subject, Vec::new()));
        }
        deciders.extend(held);
    }
    for role in &step.separate_from {
        let takers = takers(tx, app, &machine.spec, role).await?;
        let both: Vec<Id> = deciders.intersection(&takers).copied().collect();
        if !both.is_empty() {
            let subject = format!("{role} / {}", step.takes.as_deref().unwrap_or(&step.id));
            found.push(warning("rulebook.machine.warning.one_person", subject, both));
        }
    }
    Ok(found)
}

async fn holders(tx: &mut Tx, app: &App, who: &ReceiverSpec) -> Result<Vec<Id>> {
    let always = ReceiverSpec { when: None, ..who.clone() };
    crate::receiver::resolve(tx, app, &[always], &Map::new()).await
}

/// Returns who could take a role of a machine by an action or a step of an approval.
async fn takers(tx: &mut Tx, app: &App, spec: &MachineSpec, role: &str) -> Result<BTreeSet<Id>> {
    let mut takers = BTreeSet::new();
    for transition in &spec.transitions {
        if let (true, Some(code)) = (transition.takes.as_deref() == Some(role), &transition.permission) {
            let who = ReceiverSpec { permission: Some(code.clone()), ..ReceiverSpec::default() };
            takers.extend(holders(tx, app, &who).await?);
        }
        let steps = transition.approval.iter().flat_map(|approval| &approval.steps);
        for step in steps.filter(|step| step.takes.as_deref() == Some(role)) {
            for who in step.who.iter().filter(|who| who.role.is_some() || who.permission.is_some()) {
                takers.extend(holders(tx, app, who).await?);
            }
        }
    }
    Ok(takers)
}
