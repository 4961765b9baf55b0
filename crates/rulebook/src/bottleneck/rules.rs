//! What a step may take, and which is the slowest.

use kernel::HOUR_MS;

use super::Bottleneck;
use crate::machine::{DueSpec, MachineSpec, StateSpec};
use crate::parameter::Value;

const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;

/// What a step may take, before policy parameters are put in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// So many minutes.
    Minutes(i64),
    /// As much as this parameter says.
    Parameter(String),
    /// As much as every step may take that says nothing of its own.
    Usual,
}

/// Returns what a step may take; nothing where things may rest there.
///
/// The step's own target comes first, then the time of the work that it asks for. Where somebody has to do something
/// or to decide, but nothing says until when, the usual one holds. Where a field of each thing says until when, as of a
/// goal that runs for a year, no length of time is too long.
pub fn target(machine: &MachineSpec, state: &StateSpec) -> Option<Target> {
    if state.end {
        return None;
    }
    if let Some(due) = &state.target {
        return of_due(due);
    }
    if let Some(work) = &state.work {
        return work.due.as_ref().map_or(Some(Target::Usual), of_due);
    }
    let asks = |state: &StateSpec| {
        machine.transitions.iter().any(|t| t.approval.is_some() && t.from.contains(&state.id))
    };
    // A thing in its first state that goes on by an approval only is on somebody's desk; one in force is not.
    (asks(state) && machine.states.first().is_some_and(|first| first.id == state.id)).then_some(Target::Usual)
}

fn of_due(due: &DueSpec) -> Option<Target> {
    match (due.working_hours, due.working_days, due.days, &due.parameter) {
        (Some(hours), ..) => Some(Target::Minutes(hours * HOUR)),
        (_, Some(days), ..) | (_, _, Some(days), _) => Some(Target::Minutes(days * DAY)),
        (.., Some(key)) => Some(Target::Parameter(key.clone())),
        _ => None,
    }
}

/// Returns the minutes of a parameter that is a length of time; whole numbers are hours.
pub fn minutes(value: &Value) -> Option<i64> {
    match value {
        Value::Days(days) => Some(days * DAY),
        Value::Minutes(minutes) => Some(*minutes),
        Value::Integer(hours) => Some(hours * HOUR_MS / kernel::MINUTE_MS),
        _ => None,
    }
}

/// Ranks steps: the longest against its target first; then those that things may rest in, the longest first.
pub fn rank(steps: &mut [Bottleneck]) {
    for step in steps.iter_mut() {
        step.load_percent = match (step.median_minutes, step.target_minutes) {
            (Some(median), Some(target)) if target > 0 => Some(100.0 * median / target as f64),
            _ => None,
        };
    }
    steps.sort_by(|a, b| {
        let falling = |x: Option<f64>, y: Option<f64>| y.unwrap_or(-1.0).total_cmp(&x.unwrap_or(-1.0));
        falling(a.load_percent, b.load_percent)
            .then_with(|| b.waiting_late.cmp(&a.waiting_late))
            .then_with(|| falling(a.median_minutes, b.median_minutes))
            .then_with(|| (&a.machine_id, &a.state).cmp(&(&b.machine_id, &b.state)))
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn machine(text: &str) -> MachineSpec {
        serde_yaml_ng::from_str(text).expect("a machine")
    }

    #[test]
    fn a_step_takes_its_own_target_before_that_of_its_work() {
        let spec = machine(
            "{id: m, version: 1, title: {en: M}, transitions: [], states: [\
             {id: a, title: {en: A}, target: {days: 2}, work: {who: {field: owner_id}, title: {en: W}, due: {days: 9}}},\
             {id: b, title: {en: B}, work: {who: {field: owner_id}, title: {en: W}, due: {working_hours: 3}}},\
             {id: c, title: {en: C}, work: {who: {field: owner_id}, title: {en: W}, due: {field: due_on}}},\
             {id: g, title: {en: G}, work: {who: {field: owner_id}, title: {en: W}}},\
             {id: d, title: {en: D}}, {id: e, title: {en: E}, target: {parameter: p}}, {id: f, title: {en: F}, end: true}]}",
        );
        let of = |place: usize| target(&spec, &spec.states[place]);
        assert_eq!(of(0), Some(Target::Minutes(2_880)));
        assert_eq!(of(1), Some(Target::Minutes(180)));
        assert_eq!(of(2), None, "a date of its own says until when");
        assert_eq!(of(3), Some(Target::Usual));
        assert_eq!((of(4), of(6)), (None, None), "things may rest there");
        assert_eq!(of(5), Some(Target::Parameter("p".into())));
    }

    fn step(state: &str, median: f64, target: Option<i64>) -> Bottleneck {
        Bottleneck {
            machine_id: "m".into(),
            machine_title: String::new(),
            state: state.into(),
            state_title: String::new(),
            passes: 1,
            median_minutes: Some(median),
            p90_minutes: None,
            target_minutes: target,
            load_percent: None,
            waiting: 0,
            waiting_late: 0,
        }
    }

    #[test]
    fn the_slowest_against_its_target_stands_first() {
        let mut steps =
            [step("long", 9_000.0, None), step("short", 50.0, Some(10)), step("fair", 500.0, Some(1_000))];
        rank(&mut steps);
        assert_eq!(steps.each_ref().map(|s| s.state.as_str()), ["short", "fair", "long"]);
        assert_eq!(steps[0].load_percent, Some(500.0));
    }
}
