//! Sequences: the latest beginning from which all steps were taken.

use crate::judge::Seen;

/// Most steps: a bit for each in a mask.
pub const STEPS_MAX: usize = 32;
/// A step that was not reached.
const NEVER: i64 = i64::MIN;

/// Returns the latest beginning of a sequence that is complete, of events in the order of time.
///
/// For each step it keeps the latest beginning from which it was reached: a later one leaves more time for what is to
/// come and stays longer in a window, so no other is ever needed.
pub fn latest_beginning(seen: &[Seen], steps: usize, within_ms: i64) -> Option<i64> {
    let mut begun = [NEVER; STEPS_MAX];
    let begun = &mut begun[..steps];
    for moment in seen.chunk_by(|one, other| one.at == other.at) {
        match moment {
            [alone] => one(begun, alone, within_ms),
            several => many(begun, several, within_ms),
        }
    }
    begun.last().copied().filter(|begun| *begun != NEVER)
}

fn in_time(begun: i64, at: i64, within_ms: i64) -> bool {
    begun != NEVER && at.saturating_sub(begun) <= within_ms
}

/// Takes an event that is alone at its time; from the last step, so that it takes no two.
fn one(begun: &mut [i64], event: &Seen, within_ms: i64) {
    for step in (1..begun.len()).rev() {
        let before = begun[step - 1];
        if event.mask >> step & 1 == 1 && in_time(before, event.at, within_ms) {
            begun[step] = begun[step].max(before);
        }
    }
    if event.mask & 1 == 1 && within_ms >= 0 {
        begun[0] = begun[0].max(event.at);
    }
}

/// Takes events of one time: as many steps follow each other as can each have an event of their own.
fn many(begun: &mut [i64], events: &[Seen], within_ms: i64) {
    let mut before = [NEVER; STEPS_MAX];
    before[..begun.len()].copy_from_slice(begun);
    for first in 0..begun.len() {
        let from = if first == 0 { events[0].at } else { before[first - 1] };
        if !in_time(from, events[0].at, within_ms) {
            continue;
        }
        let mut taken = vec![None; events.len()];
        for (step, begun) in begun.iter_mut().enumerate().skip(first) {
            if !find(step, events, &mut taken, &mut vec![false; events.len()]) {
                break;
            }
            *begun = (*begun).max(from);
        }
    }
}

/// Finds an event for a step, where need be by finding another for the step that has it: an augmenting path of a
/// bipartite matching.
fn find(step: usize, events: &[Seen], taken: &mut [Option<usize>], asked: &mut [bool]) -> bool {
    for (place, event) in events.iter().enumerate() {
        if event.mask >> step & 1 == 0 || asked[place] {
            continue;
        }
        asked[place] = true;
        if taken[place].is_none_or(|other| find(other, events, taken, asked)) {
            taken[place] = Some(step);
            return true;
        }
    }
    false
}
