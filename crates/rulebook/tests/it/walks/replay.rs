use std::collections::BTreeSet;

use kernel::{Caller, Id, PAGE_SIZE_MAX, PageQuery};
use rulebook::record::{self, RecordChange, RecordDetail};
use rulebook::record_type::FieldKind;
use serde_json::{Map, Value as Json};
use store::args;

use super::{SEED, Walk};

/// Replays the history of every record; returns how many moves that were.
pub async fn all(walk: &Walk) -> usize {
    let mut moves = 0;
    for (type_id, ids) in &walk.known.records {
        for id in ids {
            moves += one(walk, type_id, *id).await;
        }
    }
    moves
}

async fn one(walk: &Walk, type_id: &str, id: Id) -> usize {
    let found = walk.find(type_id, id).await;
    let mut changes = history(walk, type_id, id).await;
    changes.reverse();
    let mut values: Map<String, Json> = Map::new();
    let mut state: Option<String> = None;
    let mut moves = 0;
    for (place, change) in changes.iter().enumerate() {
        let number = &found.record.number;
        assert_eq!(
            usize::try_from(change.version).expect("small"),
            place + 1,
            "{number}: no version is missing"
        );
        assert!(place == 0 || change.from_state == state, "seed {SEED}: {number} jumped before {change:?}");
        known_move(walk, type_id, change, place == 0);
        for (key, change) in &change.changes {
            match &change[1] {
                Json::Null => drop(values.remove(key)),
                value => drop(values.insert(key.clone(), value.clone())),
            }
        }
        moves += usize::from(place > 0 && change.from_state != change.to_state);
        state.clone_from(&change.to_state);
    }
    assert_eq!(
        found.record.state, state,
        "seed {SEED}: {} stands where its history ends",
        found.record.number
    );
    let kept = own(walk, type_id, &found.record.values);
    assert_eq!(
        kept,
        own(walk, type_id, &values),
        "seed {SEED}: {} is what its history makes",
        found.record.number
    );
    ended_as_it_stands(walk, type_id, &found);
    steps_lead_there(walk, id, &found).await;
    moves
}

async fn history(walk: &Walk, type_id: &str, id: Id) -> Vec<RecordChange> {
    let page = PageQuery { page_size: Some(PAGE_SIZE_MAX), cursor: None };
    record::history(&walk.app, &Caller::system("walk"), type_id, id, &page).await.expect("a history").items
}

/// A change of state in the history is one that the machine of the type knows.
fn known_move(walk: &Walk, type_id: &str, change: &RecordChange, first: bool) {
    let (Some(from), Some(to)) = (&change.from_state, &change.to_state) else { return };
    if first || from == to {
        return;
    }
    let legal =
        walk.transitions(type_id).filter(|t| t.action == change.action && t.from.contains(from)).any(|t| {
            let rejected = t.approval.as_ref().and_then(|approval| approval.rejected.as_ref());
            t.to.as_ref() == Some(to) || rejected == Some(to)
        });
    assert!(legal, "seed {SEED}: {type_id} went from {from} to {to} by {}", change.action);
}

/// Values that people or effects write; what is computed follows from others.
fn own(walk: &Walk, type_id: &str, values: &Map<String, Json>) -> Map<String, Json> {
    let fields = walk.types[type_id].spec.fields.iter();
    let computed: BTreeSet<&String> = fields
        .filter(|field| matches!(field.kind, FieldKind::Computed | FieldKind::Rollup))
        .map(|field| &field.key)
        .collect();
    values.iter().filter(|(key, _)| !computed.contains(key)).map(|(k, v)| (k.clone(), v.clone())).collect()
}

fn ended_as_it_stands(walk: &Walk, type_id: &str, found: &RecordDetail) {
    let Some(state) = &found.record.state else { return };
    let machines = walk.types[type_id].spec.machines.iter();
    let mut states = machines.filter_map(|choice| walk.machines.get(&choice.machine)).flat_map(|m| &m.states);
    let spec = states.find(|spec| spec.id == *state);
    let spec = spec.unwrap_or_else(|| panic!("seed {SEED}: {type_id} stands in the unknown state {state}"));
    assert_eq!(found.record.ended, spec.end, "seed {SEED}: {}", found.record.number);
    assert_eq!(found.record.closed_at.is_some(), spec.end, "seed {SEED}: {}", found.record.number);
}

/// The steps of the instance chain from its first state to where the record stands.
async fn steps_lead_there(walk: &Walk, id: Id, found: &RecordDetail) {
    let sql = "SELECT instance_id FROM rulebook_record WHERE id = $1";
    let instance: Option<Id> = walk.app.store.get(sql, args![id]).await.expect("a record");
    let Some(instance) = instance else { return };
    let steps = rulebook::machine::history(&walk.app.store, instance).await.expect("steps");
    let mut stood: Option<String> = None;
    for step in &steps {
        assert!(
            stood.is_none() || step.from_state == stood,
            "seed {SEED}: steps of {} jump",
            found.record.number
        );
        stood = Some(step.to_state.clone());
    }
    assert!(stood.is_none() || stood == found.record.state, "seed {SEED}: {}", found.record.number);
}
