//! Random walks over every shipped machine: whatever is tried, in whatever order and by whomever, no illegal state is
//! reached, what a move requires is there, a refusal changes nothing, and the history of each record rebuilds it.

mod bare;
mod dice;
mod replay;
mod staff;
mod values;

use std::collections::BTreeMap;
use std::sync::Arc;

use http_kit::App;
use kernel::{Caller, GrantScope, Id, Label, PAGE_SIZE_MAX, PageQuery, Permission, Problem};
use rulebook::approval::{self, ApprovalFilter, Decision, NewDecision};
use rulebook::machine::{MachineSpec, TransitionSpec};
use rulebook::record::{self, ActionInput, NewRecord, RecordDetail, RecordFilter, RecordPatch};
use rulebook::record_type::RecordType;
use rulebook::{ApprovalHooks, Rulebook};
use serde_json::{Map, Value as Json, json};
use store::on_both;
use store::testing::TestStore;

use self::dice::Dice;
use self::staff::Staff;
use self::values::Known;
use crate::support::{MIGRATIONS, PERMISSIONS, app, somebody};

/// Where every walk begins; a failure names it.
const SEED: u64 = 20_261_128;
/// Records of each type to begin with.
const RECORDS: usize = 2;
/// Acts for each type.
const ACTS: usize = 14;

/// The product with its shipped packs, four people who may do everything, and what is there.
struct Walk {
    app: App,
    dice: Dice,
    callers: Vec<Caller>,
    known: Known,
    types: BTreeMap<String, Arc<RecordType>>,
    machines: BTreeMap<String, MachineSpec>,
    done: usize,
    refused: usize,
}

/// Returns the machines of the shipped packs, by id.
fn machines() -> BTreeMap<String, MachineSpec> {
    let files = rulebook::pack::shipped().into_iter().flat_map(|folder| folder.files);
    let machines = files.filter(|(path, _)| path.starts_with("machines/"));
    let read = |(path, text): (String, String)| {
        let spec: MachineSpec =
            serde_yaml_ng::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
        (spec.id.clone(), spec)
    };
    machines.map(read).collect()
}

impl Walk {
    async fn begin(store: &TestStore, seed: u64) -> Self {
        let mut app = app(store, rulebook::pack::shipped()).await;
        let book: Rulebook = app.part::<Rulebook>().expect("a rulebook").clone();
        let types: BTreeMap<_, _> = book.record_types().map(|t| (t.spec.id.clone(), t.clone())).collect();
        let all: Vec<Permission> =
            PERMISSIONS.iter().copied().chain(types.values().flat_map(|t| t.permissions.clone())).collect();
        let callers: Vec<Caller> = (0..4)
            .map(|_| Caller { clearance: Label::Secret, ..somebody(&all, GrantScope::Company) })
            .collect();
        let people: Vec<Id> = callers.iter().filter_map(Caller::find_user_id).collect();
        let department = Id::new();
        app.people.connect(Arc::new(Staff { people: people.clone(), department }));
        app.parts.insert(ApprovalHooks::new(vec![Arc::new(record::RecordApprovals)]));
        let known = Known { people, department, records: BTreeMap::new(), now: app.store.now() };
        let machines = machines();
        Self { app, dice: Dice::new(seed), callers, known, types, machines, done: 0, refused: 0 }
    }

    fn somebody(&mut self) -> Caller {
        self.dice.one(&self.callers).expect("four people").clone()
    }

    /// Makes records of every type; what a type needs of another comes with the next round.
    async fn populate(&mut self) {
        let types: Vec<Arc<RecordType>> = self.types.values().cloned().collect();
        for round in 0..4 {
            for record_type in &types {
                let there = self.known.records.get(&record_type.spec.id).map_or(0, Vec::len);
                if there < RECORDS {
                    self.create(record_type, round).await;
                }
            }
        }
        let missing: Vec<&str> = types
            .iter()
            .filter(|t| t.spec.fields.iter().all(|field| !field.read_only) || !t.spec.machines.is_empty())
            .map(|t| t.spec.id.as_str())
            .filter(|id| !self.known.records.contains_key(*id))
            .collect();
        assert!(missing.is_empty(), "seed {SEED}: nothing could be made of {missing:?}");
    }

    async fn create(&mut self, record_type: &RecordType, round: usize) {
        for _ in 0..40 {
            let values = values::of_type(&mut self.dice, &self.known, record_type);
            let new = NewRecord { values, ..NewRecord::default() };
            let caller = self.somebody();
            match record::create(&self.app, &caller, &record_type.spec.id, new).await {
                Ok(made) => {
                    self.known.records.entry(record_type.spec.id.clone()).or_default().push(made.record.id);
                    return;
                }
                Err(problem) => {
                    self.sound(&problem, &format!("create {} in round {round}", record_type.spec.id))
                }
            }
        }
    }

    /// A refusal is one that a person can act on.
    fn sound(&mut self, problem: &Problem, what: &str) {
        assert!(problem.status < 500, "seed {SEED}: {what}: {problem:?}");
        self.refused += 1;
    }

    async fn find(&self, type_id: &str, id: Id) -> RecordDetail {
        // The product itself: what some see only after they signed is part of the record too.
        let system = Caller::system("walk");
        record::find(&self.app, &system, type_id, id).await.expect("a record that was made is there")
    }

    /// Does something to a record, and looks at what became of it.
    async fn step(&mut self, type_id: &str, id: Id) {
        let before = self.find(type_id, id).await;
        let caller = self.somebody();
        if self.dice.percent(35) && self.decide(&caller, id).await {
            return;
        }
        if self.dice.percent(20) {
            return self.change(&caller, &before).await;
        }
        let Some(action) = self.choose(&before) else { return };
        let values = self.values_for(&before, &action);
        let input = ActionInput { values, reason: self.dice.percent(80).then(|| "有理由".to_owned()) };
        let version = before.record.version;
        let acted = record::act(&self.app, &caller, type_id, id, version, &action, input).await;
        let after = self.find(type_id, id).await;
        match acted {
            Ok(_) => {
                self.done += 1;
                self.legal(&before, &after, &action);
            }
            Err(problem) => {
                self.sound(&problem, &format!("{type_id} {action}"));
                unchanged(&before, &after, &action);
            }
        }
    }

    /// Mostly what is offered, sometimes anything that a machine of the type knows.
    fn choose(&mut self, record: &RecordDetail) -> Option<String> {
        if self.dice.percent(75) {
            let offered: Vec<String> = record.actions.iter().map(|offer| offer.action.clone()).collect();
            return self.dice.one(&offered).cloned();
        }
        let actions: Vec<String> =
            self.transitions(&record.record.type_id).map(|t| t.action.clone()).collect();
        self.dice.one(&actions).cloned()
    }

    fn transitions(&self, type_id: &str) -> impl Iterator<Item = &TransitionSpec> {
        let choices = self.types[type_id].spec.machines.iter();
        choices.filter_map(|choice| self.machines.get(&choice.machine)).flat_map(|m| &m.transitions)
    }

    /// Makes what an action asks for, mostly all of it, with other fields now and then.
    fn values_for(&mut self, record: &RecordDetail, action: &str) -> Map<String, Json> {
        let record_type = self.types[&record.record.type_id].clone();
        let asked: Vec<String> = self
            .transitions(&record_type.spec.id)
            .filter(|t| t.action == action)
            .flat_map(|t| t.required_fields.clone())
            .collect();
        let mut values = Map::new();
        for field in record_type.spec.fields.iter().filter(|field| !field.read_only) {
            let wanted = if asked.contains(&field.key) { 92 } else { 12 };
            if self.dice.percent(wanted)
                && let Some(value) = values::value(&mut self.dice, &self.known, field)
            {
                values.insert(field.key.clone(), value);
            }
        }
        values
    }

    async fn change(&mut self, caller: &Caller, before: &RecordDetail) {
        let (type_id, id) = (before.record.type_id.clone(), before.record.id);
        let values = self.values_for(before, "");
        let patch = RecordPatch { values, ..RecordPatch::default() };
        let changed = record::update(&self.app, caller, &type_id, id, before.record.version, patch).await;
        let after = self.find(&type_id, id).await;
        match changed {
            Ok(_) => assert_eq!(after.record.state, before.record.state, "a change of values moves nothing"),
            Err(problem) => {
                self.sound(&problem, &format!("change {type_id}"));
                unchanged(before, &after, "change");
            }
        }
    }

    /// Decides an approval of a record, where one waits for this caller.
    async fn decide(&mut self, caller: &Caller, id: Id) -> bool {
        let filter = ApprovalFilter { subject_id: Some(id), ..ApprovalFilter::default() };
        let mine =
            approval::list(&self.app, caller, &PageQuery::default(), &filter).await.expect("a list").items;
        let Some(waiting) = mine.first() else { return false };
        let decision = if self.dice.percent(75) { Decision::Approve } else { Decision::Reject };
        let comment = Some("看过".to_owned());
        let input = NewDecision { step_id: None, decision, comment, content_hash: None, code: None };
        match approval::decide(&self.app, caller, waiting.id, &input).await {
            Ok(_) => self.done += 1,
            Err(problem) => self.sound(&problem, "decide"),
        }
        true
    }

    /// An action moved the record along one of its transitions, or asked for an approval of one.
    fn legal(&self, before: &RecordDetail, after: &RecordDetail, action: &str) {
        let (from, to) = (before.record.state.as_deref(), after.record.state.as_deref());
        let of_action = self.transitions(&before.record.type_id).filter(|t| t.action == action);
        let mut fitting = of_action
            .filter(|t| from.is_some_and(|from| t.from.iter().any(|state| state == from)))
            .peekable();
        assert!(fitting.peek().is_some(), "seed {SEED}: {action} from {from:?} of {}", before.record.number);
        let taken = fitting.find(|t| t.to.as_deref() == to || (t.approval.is_some() && from == to));
        let taken = taken.unwrap_or_else(|| {
            panic!("seed {SEED}: {action} led {} from {from:?} to {to:?}", before.record.number)
        });
        let record_type = &self.types[&before.record.type_id];
        for field in taken.required_fields.iter().filter(|field| record_type.field(field).is_some()) {
            let there =
                after.record.values.get(field).is_some_and(|value| !value.is_null() && *value != json!(""));
            assert!(there, "seed {SEED}: {action} of {} without {field}", before.record.number);
        }
        assert!(after.record.version > before.record.version);
    }

    /// Takes up what effects made meanwhile.
    async fn look_around(&mut self) {
        let system = Caller::system("walk");
        for type_id in self.types.keys() {
            let page = PageQuery { page_size: Some(PAGE_SIZE_MAX), cursor: None };
            let rows = record::list(&self.app, &system, type_id, &page, &RecordFilter::default())
                .await
                .expect("a list");
            self.known.records.insert(type_id.clone(), rows.items.iter().map(|row| row.id).collect());
        }
    }
}

fn unchanged(before: &RecordDetail, after: &RecordDetail, what: &str) {
    let of =
        |detail: &RecordDetail| (detail.record.version, detail.record.state.clone(), detail.record.ended);
    assert_eq!(of(before), of(after), "seed {SEED}: {what} was refused and changed {}", before.record.number);
}

on_both! {
    migrations = MIGRATIONS;

    async fn whatever_is_tried_every_shipped_machine_stays_legal(store: TestStore) {
        let mut walk = Box::pin(Walk::begin(&store, SEED)).await;
        walk.populate().await;
        let types: Vec<String> = walk.types.keys().cloned().collect();
        for round in 0..ACTS {
            if round % 5 == 4 {
                walk.look_around().await;
                // Deadlines pass, and what waited for a day may go on.
                store.clock.advance_ms(9 * kernel::DAY_MS);
                walk.known.now = walk.app.store.now();
            }
            for type_id in &types {
                let ids = walk.known.records.get(type_id).cloned().unwrap_or_default();
                if let Some(id) = walk.dice.one(&ids).copied() {
                    Box::pin(walk.step(type_id, id)).await;
                }
            }
        }
        walk.look_around().await;
        let moved = replay::all(&walk).await;
        println!("seed {SEED}: {} acts done, {} refused, {moved} moves replayed", walk.done, walk.refused);
        assert!(walk.done >= 150 && moved >= 100, "seed {SEED}: {} acts, {moved} moves", walk.done);
    }
}
