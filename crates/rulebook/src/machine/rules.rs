use std::collections::{BTreeMap, BTreeSet};

use kernel::{Caller, Permission, Problem, Timestamp};
use serde_json::{Map, Value as Json};

use super::{ApprovalSpec, DueSpec, MachineSpec, TransitionSpec, proof};
use crate::expr::{self, Condition, Facts, Names};
use crate::pack::Text;

/// A machine that was proven: its guards are read, its names are known.
#[derive(Clone, Debug)]
pub struct Machine {
    pub spec: MachineSpec,
    transitions: Vec<Transition>,
}

#[derive(Clone, Debug)]
struct Transition {
    place: usize,
    guard: Option<Condition>,
    permission: Option<Permission>,
}

/// What is wrong with a machine: where in its file (keys and places from the top), the code, its arguments.
#[derive(Debug)]
pub struct Flaw {
    pub path: Vec<(&'static str, Option<usize>)>,
    pub code: &'static str,
    pub args: Vec<(&'static str, String)>,
}

impl Flaw {
    pub(super) fn at(
        path: &[(&'static str, Option<usize>)],
        code: &'static str,
        args: &[(&'static str, &str)],
    ) -> Self {
        let args = args.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Self { path: path.to_vec(), code, args }
    }
}

/// Proves a machine: every name is known, every state is reached, an end is reached from every state,
/// and the transitions of an action end with one that has no guard.
pub fn prove(spec: MachineSpec, permissions: &[Permission]) -> Result<Machine, Vec<Flaw>> {
    let mut flaws = names_twice(&spec);
    let names = Names { fields: spec.facts.clone(), tables: spec.tables.clone(), ..Names::default() };
    let mut transitions = Vec::with_capacity(spec.transitions.len());
    for (place, transition) in spec.transitions.iter().enumerate() {
        flaws.extend(unknown_names(&spec, transition, place));
        flaws.extend(proof::approval(&spec, transition, place, permissions));
        let guard = transition.guard.as_deref().map(|source| Condition::parse(source, &names)).transpose();
        let permission =
            transition.permission.as_deref().map(|code| permissions.iter().find(|p| p.code == code));
        if let (Some(None), Some(code)) = (permission, &transition.permission) {
            let path = [("transitions", Some(place)), ("permission", None)];
            flaws.push(Flaw::at(&path, "rulebook.pack.unknown_permission", &[("permission", code)]));
        }
        match guard {
            Ok(guard) => {
                transitions.push(Transition { place, guard, permission: permission.flatten().copied() })
            }
            Err(fault) => flaws.push(Flaw {
                path: vec![("transitions", Some(place)), ("guard", None)],
                code: fault.code,
                args: fault.args,
            }),
        }
    }
    flaws.extend(untimely(&spec));
    flaws.extend(unordered(&spec));
    if flaws.is_empty() {
        flaws.extend(dead_parts(&spec));
    }
    if flaws.is_empty() { Ok(Machine { spec, transitions }) } else { Err(flaws) }
}

fn names_twice(spec: &MachineSpec) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    let mut seen = BTreeSet::new();
    for (place, state) in spec.states.iter().enumerate() {
        if !seen.insert(&state.id) {
            flaws.push(Flaw::at(&[("states", Some(place))], "rulebook.pack.duplicate", &[("id", &state.id)]));
        }
        if state.target.as_ref().is_some_and(|target| !is_length(target)) {
            flaws.push(Flaw::at(&[("states", Some(place)), ("target", None)], "rulebook.pack.one_due", &[]));
        }
    }
    if spec.states.is_empty() {
        flaws.push(Flaw::at(&[("states", None)], "rulebook.pack.no_states", &[]));
    }
    flaws
}

/// Returns true for one length of time: what a step may take is the same for all things, so no field says it.
fn is_length(due: &DueSpec) -> bool {
    let figures = [due.working_hours, due.working_days, due.days];
    let positive = figures.into_iter().flatten().all(|figure| figure > 0);
    positive
        && due.field.is_none()
        && figures.into_iter().flatten().count() + usize::from(due.parameter.is_some()) == 1
}

fn unknown_names(spec: &MachineSpec, transition: &TransitionSpec, place: usize) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    let mut flaw = |key: &'static str, code: &'static str, name: &'static str, value: &str| {
        flaws.push(Flaw::at(&[("transitions", Some(place)), (key, None)], code, &[(name, value)]));
    };
    let is_state = |id: &String| spec.states.iter().any(|s| s.id == *id);
    for state in transition.from.iter().filter(|id| !is_state(id)) {
        flaw("from", "rulebook.pack.unknown_state", "state", state);
    }
    for state in transition.from.iter().filter(|id| spec.states.iter().any(|s| s.id == **id && s.end)) {
        flaw("from", "rulebook.pack.leaves_an_end", "state", state);
    }
    for state in transition.to.iter().filter(|id| !is_state(id)) {
        flaw("to", "rulebook.pack.unknown_state", "state", state);
    }
    for field in transition.required_fields.iter().filter(|name| !spec.facts.contains_key(*name)) {
        flaw("required_fields", "rulebook.pack.unknown_fact", "fact", field);
    }
    for role in transition.separate_from.iter().chain(&transition.takes).filter(|r| !spec.roles.contains(r)) {
        flaw("separate_from", "rulebook.pack.unknown_role", "role", role);
    }
    if transition.guests && (transition.approval.is_some() || transition.signed) {
        flaw("guests", "rulebook.pack.guests_cannot_sign", "action", &transition.action);
    }
    if transition.guests && spec.record.is_none() {
        flaw("guests", "rulebook.pack.guests_of_no_record", "action", &transition.action);
    }
    if transition.to.is_some() == transition.refuse.is_some() {
        flaw("to", "rulebook.pack.to_or_refuse", "action", &transition.action);
    }
    if transition.from.is_empty() {
        flaw("from", "rulebook.pack.from_nowhere", "action", &transition.action);
    }
    flaws
}

/// Finds what the product is to do by itself at no time, or where it cannot be done.
fn untimely(spec: &MachineSpec) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    for (place, state) in spec.states.iter().enumerate() {
        let Some(timed) = &state.timed else { continue };
        let path = [("states", Some(place)), ("timed", None)];
        if spec.facts.get(&timed.at) != Some(&expr::Kind::Time) {
            flaws.push(Flaw::at(&path, "rulebook.pack.unknown_fact", &[("fact", &timed.at)]));
        }
        let does = |t: &TransitionSpec| t.action == timed.action && t.from.contains(&state.id);
        if !spec.transitions.iter().any(does) {
            let args = [("state", state.id.as_str()), ("action", timed.action.as_str())];
            flaws.push(Flaw::at(&path, "rulebook.pack.no_such_action", &args));
        }
    }
    flaws
}

/// Finds actions whose last transition has a guard, or whose "else" stands before others.
fn unordered(spec: &MachineSpec) -> Vec<Flaw> {
    let mut groups: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    for (place, transition) in spec.transitions.iter().enumerate() {
        for from in &transition.from {
            groups.entry((from, &transition.action)).or_default().push(place);
        }
    }
    let mut flaws = Vec::new();
    for ((state, action), places) in groups {
        let Some((last, before)) = places.split_last() else { continue };
        let args = [("state", state), ("action", action)];
        if spec.transitions[*last].guard.is_some() {
            flaws.push(Flaw::at(&[("transitions", Some(*last))], "rulebook.pack.no_else", &args));
        }
        for place in before.iter().filter(|place| spec.transitions[**place].guard.is_none()) {
            flaws.push(Flaw::at(&[("transitions", Some(*place))], "rulebook.pack.else_not_last", &args));
        }
    }
    flaws
}

/// Finds states that nothing leads to, and states that lead to no end.
fn dead_parts(spec: &MachineSpec) -> Vec<Flaw> {
    let moves: Vec<(&str, &str)> = spec
        .transitions
        .iter()
        .flat_map(|t| leads_to(t).map(move |to| (t, to)))
        .flat_map(|(t, to)| t.from.iter().map(move |from| (from.as_str(), to)))
        .collect();
    let first = spec.states.iter().take(1).map(|s| s.id.as_str());
    let reached =
        closure(first, |state| moves.iter().filter(|(from, _)| *from == state).map(|(_, to)| *to).collect());
    let ends = spec.states.iter().filter(|s| s.end).map(|s| s.id.as_str());
    let ending =
        closure(ends, |state| moves.iter().filter(|(_, to)| *to == state).map(|(from, _)| *from).collect());
    let mut flaws = Vec::new();
    for (place, state) in spec.states.iter().enumerate() {
        for (set, code) in
            [(&reached, "rulebook.pack.unreachable_state"), (&ending, "rulebook.pack.no_way_to_an_end")]
        {
            if !set.contains(state.id.as_str()) {
                flaws.push(Flaw::at(&[("states", Some(place))], code, &[("state", &state.id)]));
            }
        }
    }
    flaws
}

/// Returns the states that a transition can lead to: its own, and that of a rejection.
fn leads_to(transition: &TransitionSpec) -> impl Iterator<Item = &str> {
    let rejected = transition.approval.as_ref().and_then(|approval| approval.rejected.as_deref());
    transition.to.as_deref().into_iter().chain(rejected)
}

fn closure<'s>(
    start: impl Iterator<Item = &'s str>,
    next: impl Fn(&str) -> Vec<&'s str>,
) -> BTreeSet<&'s str> {
    let mut found = BTreeSet::new();
    let mut waiting: Vec<&str> = start.collect();
    while let Some(state) = waiting.pop() {
        if found.insert(state) {
            waiting.extend(next(state));
        }
    }
    found
}

/// What an instance and its history say to a decision.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'s> {
    /// Where it stands.
    pub state: &'s str,
    /// Roles that the caller took in it, ever.
    pub taken: &'s [String],
    /// When the decision is made.
    pub now: Timestamp,
}

/// A move that was decided.
#[derive(Debug, PartialEq)]
pub struct Move<'m> {
    /// Its place among the machine's transitions.
    pub place: usize,
    /// Who has to agree before it is made.
    pub approval: Option<&'m ApprovalSpec>,
    /// Where it leads.
    pub to: &'m str,
    /// The role that whoever does it takes.
    pub takes: Option<&'m str>,
}

impl Machine {
    /// Returns the state in which instances begin.
    pub fn first_state(&self) -> &str {
        self.spec.states.first().map_or("", |state| state.id.as_str())
    }

    /// Returns true where nothing more is to be done.
    pub fn is_end(&self, state: &str) -> bool {
        self.spec.states.iter().any(|s| s.id == state && s.end)
    }

    /// Returns the actions that start from a state, in the order of the file, with their names.
    pub fn actions_from(&self, state: &str) -> Vec<(&str, &Text)> {
        let mut actions: Vec<(&str, &Text)> = Vec::new();
        for spec in self.from(state).map(|t| &self.spec.transitions[t.place]) {
            if actions.iter().all(|(action, _)| *action != spec.action) {
                actions.push((&spec.action, &spec.title));
            }
        }
        actions
    }

    fn from(&self, state: &str) -> impl Iterator<Item = &Transition> {
        self.transitions
            .iter()
            .filter(move |t| self.spec.transitions[t.place].from.iter().any(|f| f == state))
    }

    /// Decides an action: the first transition whose guard holds is taken, or refuses.
    pub fn decide(
        &self,
        caller: &Caller,
        standing: Standing<'_>,
        action: &str,
        facts: &Map<String, Json>,
    ) -> Result<Move<'_>, Problem> {
        let none = BTreeMap::new();
        let known = Facts { fields: facts, parameters: &none, now: standing.now };
        let found = self.from(standing.state).find(|t| {
            self.spec.transitions[t.place].action == action
                && t.guard.as_ref().is_none_or(|g| g.holds(&known))
        });
        let Some(transition) = found else { return Err(self.no_such_action(standing.state, action)) };
        let spec = &self.spec.transitions[transition.place];
        may(caller, transition.permission, spec.guests)?;
        if let Some(role) = spec.separate_from.iter().find(|role| standing.taken.contains(role)) {
            return Err(Problem::forbidden("rulebook.machine.separated")
                .with("role", role)
                .with("action", action));
        }
        let Some(to) = &spec.to else {
            let text = spec.refuse.as_ref().map_or("", |text| text.get(caller.language));
            return Err(Problem::conflict("rulebook.machine.refused")
                .with("reason", text)
                .with("action", action));
        };
        if let Some(field) = spec.required_fields.iter().find(|name| is_empty(facts.get(*name))) {
            return Err(Problem::unprocessable("rulebook.machine.field_missing")
                .with("field", field)
                .with_field(field, "rulebook.machine.field_missing"));
        }
        Ok(Move {
            place: transition.place,
            approval: spec.approval.as_ref(),
            to,
            takes: spec.takes.as_deref(),
        })
    }

    fn no_such_action(&self, state: &str, action: &str) -> Problem {
        let possible: Vec<&str> = self.actions_from(state).into_iter().map(|(name, _)| name).collect();
        Problem::conflict("rulebook.machine.not_now")
            .with("action", action)
            .with("state", state)
            .with("possible", possible.join(", "))
    }
}

/// Checks the permission; a transition without one is for the product itself.
fn may(caller: &Caller, permission: Option<Permission>, guests: bool) -> Result<(), Problem> {
    if caller.guest {
        // The record itself was found by the rows that they were invited to.
        return match guests {
            true => Ok(()),
            false => Err(Problem::forbidden("rulebook.machine.not_for_guests")),
        };
    }
    match permission {
        Some(permission) => caller.require(permission),
        None if matches!(caller.actor, kernel::Actor::System(_)) => Ok(()),
        None if guests => Err(Problem::forbidden("rulebook.machine.guests_only")),
        None => Err(Problem::forbidden("rulebook.machine.system_only")),
    }
}

fn is_empty(value: Option<&Json>) -> bool {
    match value {
        None | Some(Json::Null) => true,
        Some(Json::String(text)) => text.trim().is_empty(),
        Some(Json::Array(items)) => items.is_empty(),
        Some(_) => false,
    }
}

/// Returns the facts that the machine declares; others are nobody's business in its history.
pub fn declared(facts: &Json, kinds: &BTreeMap<String, expr::Kind>) -> Map<String, Json> {
    let Json::Object(fields) = facts else { return Map::new() };
    fields.iter().filter(|(name, _)| kinds.contains_key(*name)).map(|(n, v)| (n.clone(), v.clone())).collect()
}
