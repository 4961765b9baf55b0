//! What is proven of the approvals of a machine before it is published.

use std::collections::BTreeSet;

use kernel::{Id, Permission};

use super::rules::Flaw;
use super::{ApprovalSpec, DueSpec, MachineSpec, Mode, OnTimeout, ReceiverSpec, StepSpec, TransitionSpec};
use crate::expr::{Condition, Kind, Names};

type Path = Vec<(&'static str, Option<usize>)>;

struct Prover<'p> {
    spec: &'p MachineSpec,
    permissions: &'p [Permission],
    names: Names,
    flaws: Vec<Flaw>,
}

/// Finds what is wrong with the approval of a transition.
pub fn approval(
    spec: &MachineSpec,
    transition: &TransitionSpec,
    place: usize,
    permissions: &[Permission],
) -> Vec<Flaw> {
    let Some(approval) = &transition.approval else { return Vec::new() };
    let names = Names { fields: spec.facts.clone(), ..Names::default() };
    let mut prover = Prover { spec, permissions, names, flaws: Vec::new() };
    let at = vec![("transitions", Some(place)), ("approval", None)];
    if transition.to.is_none() {
        prover.flaw(&at, "rulebook.pack.approval_of_nothing", &[("action", &transition.action)]);
    }
    prover.whole(approval, &at);
    prover.flaws
}

fn under(at: &Path, key: &'static str, place: Option<usize>) -> Path {
    at.iter().copied().chain([(key, place)]).collect()
}

impl Prover<'_> {
    fn flaw(&mut self, path: &Path, code: &'static str, args: &[(&'static str, &str)]) {
        self.flaws.push(Flaw::at(path, code, args));
    }

    fn whole(&mut self, approval: &ApprovalSpec, at: &Path) {
        if approval.steps.is_empty() {
            self.flaw(at, "rulebook.pack.approval_without_steps", &[]);
        }
        if let Some(state) = &approval.rejected
            && self.spec.states.iter().all(|s| s.id != *state)
        {
            self.flaw(&under(at, "rejected", None), "rulebook.pack.unknown_state", &[("state", state)]);
        }
        let mut seen = BTreeSet::new();
        for (place, step) in approval.steps.iter().enumerate() {
            let at = under(at, "steps", Some(place));
            if !seen.insert(&step.id) {
                self.flaw(&under(&at, "id", None), "rulebook.pack.duplicate", &[("id", &step.id)]);
            }
            self.step(step, &at);
        }
    }

    fn step(&mut self, step: &StepSpec, at: &Path) {
        self.condition(step.when.as_deref(), &under(at, "when", None));
        if step.who.is_empty() {
            self.flaw(&under(at, "who", None), "rulebook.pack.nobody_decides", &[("step", &step.id)]);
        }
        for (place, who) in step.who.iter().enumerate() {
            self.receiver(who, &under(at, "who", Some(place)));
        }
        if step.mode == Mode::Quorum(0) {
            self.flaw(&under(at, "mode", None), "rulebook.pack.quorum_of_none", &[("step", &step.id)]);
        }
        for role in step.separate_from.iter().chain(&step.takes) {
            if !self.spec.roles.contains(role) {
                let path = under(at, "separate_from", None);
                self.flaw(&path, "rulebook.pack.unknown_role", &[("role", role)]);
            }
        }
        if let Some(due) = &step.due {
            self.due(due, &under(at, "due", None));
        }
        match &step.on_timeout {
            Some(_) if step.due.is_none() => {
                self.flaw(&under(at, "on_timeout", None), "rulebook.pack.timeout_without_due", &[]);
            }
            Some(OnTimeout::Escalate(who)) => self.receiver(who, &under(at, "on_timeout", None)),
            _ => {}
        }
    }

    fn condition(&mut self, source: Option<&str>, at: &Path) {
        let Some(Err(fault)) = source.map(|source| Condition::parse(source, &self.names)) else { return };
        self.flaws.push(Flaw { path: at.clone(), code: fault.code, args: fault.args });
    }

    fn receiver(&mut self, who: &ReceiverSpec, at: &Path) {
        if !who.is_one() {
            self.flaw(at, "rulebook.pack.one_receiver", &[]);
        }
        for fact in [&who.field, &who.manager_of, &who.head_of].into_iter().flatten() {
            if self.spec.facts.get(fact) != Some(&Kind::Text) {
                self.flaw(at, "rulebook.pack.unknown_fact", &[("fact", fact)]);
            }
        }
        if let Some(rows) = &who.rows {
            let (table, column) = rows.split_once('.').unwrap_or((rows, ""));
            if self.spec.tables.get(table).and_then(|columns| columns.get(column)) != Some(&Kind::Text) {
                self.flaw(at, "rulebook.pack.unknown_fact", &[("fact", rows)]);
            }
        }
        if let Some(code) = &who.permission
            && self.permissions.iter().all(|permission| permission.code != code)
        {
            self.flaw(at, "rulebook.pack.unknown_permission", &[("permission", code)]);
        }
        if let Some(user) = who.user.as_ref().filter(|user| user.parse::<Id>().is_err()) {
            self.flaw(at, "rulebook.pack.no_user_id", &[("user", user)]);
        }
        self.condition(who.when.as_deref(), at);
    }

    fn due(&mut self, due: &DueSpec, at: &Path) {
        let figures = [due.working_hours, due.working_days, due.days];
        let named = due.field.iter().chain(&due.parameter).count();
        let sound = figures.into_iter().flatten().all(|figure| figure > 0);
        if figures.into_iter().flatten().count() + named != 1 || !sound {
            self.flaw(at, "rulebook.pack.one_due", &[]);
        }
        if let Some(fact) = due.field.as_ref().filter(|f| self.spec.facts.get(*f) != Some(&Kind::Time)) {
            self.flaw(at, "rulebook.pack.unknown_fact", &[("fact", fact)]);
        }
    }
}
