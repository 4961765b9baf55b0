//! The same for machines that move things of domains: whatever the domain says of a thing, and whoever tries what,
//! each stands in a state of its machine, a refusal changes nothing, and the steps lead to where it stands.

use kernel::{Caller, Id};
use rulebook::expr::Kind;
use rulebook::machine::{self, MachineSpec};
use serde_json::{Map, Value as Json, json};
use store::{Audit, on_both};

use super::{SEED, Walk};
use crate::support::MIGRATIONS;

/// Instances of each machine.
const INSTANCES: usize = 12;
/// Acts on each instance.
const ACTS: usize = 40;

fn facts(walk: &mut Walk, spec: &MachineSpec) -> Json {
    let words: Vec<String> = walk.machines.values().flat_map(|m| &m.states).map(|s| s.id.clone()).collect();
    let dice = &mut walk.dice;
    let mut facts = Map::new();
    for (name, kind) in &spec.facts {
        let value = match kind {
            Kind::Boolean => json!(dice.percent(60)),
            Kind::Integer => json!(dice.between(0, 2)),
            Kind::Real => json!(dice.between(0, 200)),
            Kind::Text if dice.percent(30) => json!("in_force"),
            Kind::Text => json!(dice.one(&words)),
            _ => continue,
        };
        if dice.percent(90) {
            facts.insert(name.clone(), value);
        }
    }
    Json::Object(facts)
}

async fn start(walk: &Walk, spec: &MachineSpec) -> Id {
    let mut tx = walk.app.store.begin(&Caller::system("walk")).await.expect("begins");
    let instance =
        machine::start(&mut tx, &walk.app, &spec.id, "test.thing", Id::new()).await.expect("starts");
    tx.audit(Audit::new("start", "test.thing", instance.id)).await.expect("audits");
    tx.commit().await.expect("commits");
    instance.id
}

/// Tries one action; returns whether the thing moved.
async fn act(walk: &mut Walk, spec: &MachineSpec, id: Id) -> bool {
    let before = machine::find(&walk.app.store, id).await.expect("there");
    let actions: Vec<&str> = spec.transitions.iter().map(|t| t.action.as_str()).collect();
    let action = *walk.dice.one(&actions).expect("a machine has actions");
    let (caller, known) = (walk.somebody(), facts(walk, spec));
    let mut tx = walk.app.store.begin(&caller).await.expect("begins");
    match machine::advance(&mut tx, &walk.app, &caller, id, action, &known).await {
        Ok(step) => {
            tx.audit(Audit::new("step", "test.thing", id)).await.expect("audits");
            tx.commit().await.expect("commits");
            let after = machine::find(&walk.app.store, id).await.expect("there");
            let legal = spec.transitions.iter().any(|t| {
                t.action == action && t.from.contains(&before.state) && t.to.as_deref() == Some(&after.state)
            });
            assert!(legal, "seed {SEED}: {} {action} led from {} to {}", spec.id, before.state, after.state);
            assert_eq!((step.from, step.to), (before.state, after.state.clone()));
            assert_eq!(after.version, before.version + 1);
            let state = spec.states.iter().find(|state| state.id == after.state).expect("a state of it");
            assert_eq!(after.ended, state.end, "seed {SEED}: {} in {}", spec.id, after.state);
            true
        }
        Err(problem) => {
            drop(tx);
            walk.sound(&problem, &format!("{} {action}", spec.id));
            let after = machine::find(&walk.app.store, id).await.expect("there");
            assert_eq!((after.state, after.version), (before.state, before.version), "{action} was refused");
            false
        }
    }
}

/// Follows the steps from the first state on; they end where the thing stands.
async fn replay(walk: &Walk, spec: &MachineSpec, id: Id) {
    let steps = machine::history(&walk.app.store, id).await.expect("steps");
    let mut stood = spec.states[0].id.clone();
    assert_eq!(steps[0].to_state, stood);
    for step in &steps[1..] {
        assert_eq!(
            step.from_state.as_deref(),
            Some(stood.as_str()),
            "seed {SEED}: steps of {} jump",
            spec.id
        );
        stood.clone_from(&step.to_state);
    }
    assert_eq!(machine::find(&walk.app.store, id).await.expect("there").state, stood);
}

on_both! {
    migrations = MIGRATIONS;

    async fn machines_of_domains_stay_legal_too(store: TestStore) {
        let mut walk = Walk::begin(&store, SEED).await;
        let bare: Vec<MachineSpec> = walk.machines.values().filter(|m| m.record.is_none()).cloned().collect();
        assert!(bare.len() >= 4, "content, campaigns, budgets and adjustments have one each");
        for spec in bare {
            let mut moved = 0;
            for _ in 0..INSTANCES {
                let id = start(&walk, &spec).await;
                for _ in 0..ACTS {
                    moved += usize::from(act(&mut walk, &spec, id).await);
                }
                replay(&walk, &spec, id).await;
            }
            assert!(moved >= INSTANCES, "seed {SEED}: {} moved {moved} times only", spec.id);
        }
    }
}
