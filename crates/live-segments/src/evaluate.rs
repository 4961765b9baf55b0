//! The same answer from scratch: nothing is kept, nothing is clever, and nothing is shared with what is kept.

use lake::query::EventFilter;

use crate::{EventView, Leaf, LeafTest, matches, micros};

/// Says of each leaf whether it holds now for a person who has these events (全量判定), whatever their order.
pub fn evaluate(leaves: &[Leaf], events: &[EventView<'_>], now: kernel::Timestamp) -> Vec<bool> {
    leaves.iter().map(|leaf| holds(leaf, events, now.ms())).collect()
}

fn holds(leaf: &Leaf, events: &[EventView<'_>], now: i64) -> bool {
    let counts = |event: &&EventView<'_>| leaf.window.has(event.at.ms(), now);
    let fitting = || events.iter().filter(counts).filter(|event| matches(&leaf.filter, event));
    match &leaf.test {
        LeafTest::Count(bounds) => bounds.has(&(fitting().count() as i64)),
        LeafTest::Sum(bounds) => {
            let sum: i128 = fitting().map(|event| event.value.map_or(0, micros)).sum();
            let infinite = |bound: f64| bound.is_infinite();
            let least = bounds.at_least.is_none_or(|least| match infinite(least) {
                true => least < 0.0,
                false => !least.is_nan() && sum >= micros(least),
            });
            let most = bounds.at_most.is_none_or(|most| match infinite(most) {
                true => most > 0.0,
                false => !most.is_nan() && sum <= micros(most),
            });
            least && most
        }
        LeafTest::First(bounds) => fitting().map(|event| event.at).min().is_some_and(|at| bounds.has(&at)),
        LeafTest::Last(bounds) => fitting().map(|event| event.at).max().is_some_and(|at| bounds.has(&at)),
        LeafTest::Sequence { then, within_ms } => {
            let steps: Vec<&EventFilter> = std::iter::once(&leaf.filter).chain(then).collect();
            let mut seen: Vec<(i64, Vec<bool>)> = events
                .iter()
                .filter(counts)
                .map(|event| (event.at.ms(), steps.iter().map(|step| matches(step, event)).collect()))
                .filter(|(_, fits): &(i64, Vec<bool>)| fits.contains(&true))
                .collect();
            seen.sort_by_key(|(at, _)| *at);
            follows(&seen, steps.len(), *within_ms)
        }
    }
}

/// Tries each beginning. From one beginning, who took more steps by a moment is never worse off than who took fewer, so
/// that each moment takes as many steps as its events allow.
fn follows(seen: &[(i64, Vec<bool>)], steps: usize, within_ms: i64) -> bool {
    let begins = seen.iter().enumerate().filter(|(place, (at, fits))| {
        fits[0] && (*place == 0 || seen[..*place].iter().all(|(other, fits)| other != at || !fits[0]))
    });
    for (_, (begin, _)) in begins {
        let within: Vec<&(i64, Vec<bool>)> =
            seen.iter().filter(|(at, _)| at >= begin && at.saturating_sub(*begin) <= within_ms).collect();
        let mut taken = 0;
        for moment in within.chunk_by(|one, other| one.0 == other.0) {
            let fits: Vec<&[bool]> = moment.iter().map(|(_, fits)| fits.as_slice()).collect();
            taken += (1..=steps - taken)
                .take_while(|more| assigned(&fits, taken..taken + more))
                .last()
                .unwrap_or_default();
        }
        if taken == steps {
            return true;
        }
    }
    false
}

/// Returns true where each of the steps can have an event of its own.
fn assigned(fits: &[&[bool]], steps: std::ops::Range<usize>) -> bool {
    fn place(step: usize, fits: &[&[bool]], owner: &mut [Option<usize>], tried: &mut [bool]) -> bool {
        for event in 0..fits.len() {
            if !fits[event][step] || std::mem::replace(&mut tried[event], true) {
                continue;
            }
            if owner[event].is_none_or(|other| place(other, fits, owner, tried)) {
                owner[event] = Some(step);
                return true;
            }
        }
        false
    }
    let mut owner = vec![None; fits.len()];
    steps.into_iter().all(|step| place(step, fits, &mut owner, &mut vec![false; fits.len()]))
}
