//! Seat (席位): who may decide a step at this moment, for whom, and who may not although they would.

use http_kit::App;
use kernel::{Id, Problem, Result};
use serde_json::{Map, Value as Json};
use store::Tx;

use super::{Approval, ApprovalStep, rules};
use crate::expr::{Condition, Facts, Names};
use crate::machine::{self, Machine, OnTimeout, ReceiverSpec, StepSpec};
use crate::receiver;

/// Kind under which people delegate the deciding of approvals.
pub const KIND: &str = "rulebook.approval";

/// Somebody's right to decide a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seat {
    /// Who decides.
    pub user_id: Id,
    /// For whom.
    pub for_id: Id,
    /// The delegation by which they stand in.
    pub delegation_id: Option<Id>,
    /// True where they are called in because the step is late.
    pub escalated: bool,
}

/// Who may decide, and who is kept from it.
#[derive(Debug, Default)]
pub struct Seats {
    /// Those who may.
    pub free: Vec<Seat>,
    /// Those who would, with the role that keeps them from it.
    pub barred: Vec<(Seat, String)>,
    /// Those who are meant and may, without stand-ins.
    pub principals: Vec<Id>,
}

impl Seats {
    /// Returns the seats of one person.
    pub fn of(&self, user_id: Id) -> Vec<Seat> {
        self.free.iter().filter(|seat| seat.user_id == user_id).copied().collect()
    }

    /// Returns why somebody may not decide.
    pub fn refusal(&self, user_id: Id) -> Problem {
        match self.barred.iter().find(|(seat, _)| seat.user_id == user_id) {
            Some((_, role)) if role == REQUESTER => Problem::forbidden("rulebook.approval.own"),
            Some((_, role)) => Problem::forbidden("rulebook.approval.separated").with("role", role),
            None => Problem::forbidden("rulebook.approval.not_yours"),
        }
    }
}

/// The role of whoever asked; nobody agrees to what they asked for themselves.
const REQUESTER: &str = "$requester";

/// Returns true where an expression over the machine's facts holds; an absent one always does.
pub fn holds(machine: &Machine, source: Option<&str>, facts: &Map<String, Json>, tx: &Tx) -> Result<bool> {
    let Some(source) = source else { return Ok(true) };
    let names = Names { fields: machine.spec.facts.clone(), ..Names::default() };
    let condition = Condition::parse(source, &names)
        .map_err(|fault| Problem::internal(format!("a proven condition does not hold: {fault:?}")))?;
    let none = std::collections::BTreeMap::new();
    Ok(condition.holds(&Facts { fields: facts, parameters: &none, now: tx.now() }))
}

fn meant(
    machine: &Machine,
    who: &[ReceiverSpec],
    facts: &Map<String, Json>,
    tx: &Tx,
) -> Result<Vec<ReceiverSpec>> {
    let mut meant = Vec::with_capacity(who.len());
    for spec in who {
        if holds(machine, spec.when.as_deref(), facts, tx)? {
            meant.push(spec.clone());
        }
    }
    Ok(meant)
}

/// Returns who may decide a step at this moment.
pub async fn seats(
    tx: &mut Tx,
    app: &App,
    machine: &Machine,
    spec: &StepSpec,
    (approval, step): (&Approval, &ApprovalStep),
    facts: &Map<String, Json>,
) -> Result<Seats> {
    let who = meant(machine, &spec.who, facts, tx)?;
    let principals = receiver::resolve(tx, app, &who, facts).await?;
    let called_in = match (&spec.on_timeout, step.late_at) {
        (Some(OnTimeout::Escalate(who)), Some(_)) => {
            let who = meant(machine, std::slice::from_ref(who), facts, tx)?;
            receiver::resolve(tx, app, &who, facts).await?
        }
        _ => Vec::new(),
    };
    let taken = machine::taken_by_all(tx, approval.instance_id).await?;
    let all = with_stand_ins(tx, app, spec, &principals, &called_in).await?;
    let mut seats = Seats::default();
    for seat in all {
        let people = [seat.user_id, seat.for_id];
        let own = approval.requested_by.is_some_and(|id| people.contains(&id));
        let role = if own { Some(REQUESTER) } else { rules::barred(&spec.separate_from, &taken, &people) };
        match role {
            Some(role) => seats.barred.push((seat, role.to_owned())),
            None => seats.free.push(seat),
        }
    }
    let may = |id: &Id| seats.free.iter().any(|seat| seat.for_id == *id && !seat.escalated);
    seats.principals = principals.into_iter().filter(may).collect();
    Ok(seats)
}

async fn with_stand_ins(
    tx: &mut Tx,
    app: &App,
    spec: &StepSpec,
    principals: &[Id],
    called_in: &[Id],
) -> Result<Vec<Seat>> {
    let own = |escalated| move |id: &Id| Seat { user_id: *id, for_id: *id, delegation_id: None, escalated };
    let mut all: Vec<Seat> = principals.iter().map(own(false)).collect();
    all.extend(called_in.iter().filter(|id| !principals.contains(id)).map(own(true)));
    if !spec.delegable {
        return Ok(all);
    }
    let ids: Vec<Id> = all.iter().map(|seat| seat.for_id).collect();
    let at = tx.now();
    for found in app.people.get()?.stand_ins(tx, &ids, KIND, at).await? {
        let escalated = !principals.contains(&found.for_id);
        let seat = Seat {
            user_id: found.deputy_id,
            for_id: found.for_id,
            delegation_id: Some(found.delegation_id),
            escalated,
        };
        if all.iter().all(|known| (known.user_id, known.for_id) != (seat.user_id, seat.for_id)) {
            all.push(seat);
        }
    }
    Ok(all)
}
