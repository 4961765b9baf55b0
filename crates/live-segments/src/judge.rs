//! What one person's events come to for one leaf, and until when.

use crate::leaf::{Rule, Summary};
use crate::sequence::latest_beginning;
use crate::{Leaf, Window};

/// An event as one track sees it (轨迹事件).
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    pub at: i64,
    /// Of each step, whether it fits.
    pub mask: u32,
    pub micros: i128,
}

/// Returns whether a leaf holds now, and the first moment at which time alone may change that; `i64::MAX` is never.
///
/// Events ahead of now are not looked at: whoever keeps them comes back when their time has come.
pub fn judge(leaf: &Leaf, rule: &Rule, seen: &[Seen], now: i64) -> (bool, i64) {
    match (leaf.window, rule) {
        (Window::Last { ms }, Rule::Sequence { steps, within_ms }) => {
            let begun = latest_beginning(active(seen, now, ms), *steps, *within_ms);
            // Its beginning is the first of its events to leave, and the latest beginning leaves last.
            begun.map_or((false, i64::MAX), |begun| (true, begun.saturating_add(ms)))
        }
        (Window::Last { ms }, rule) => of_last(rule, active(seen, now, ms), ms),
        (window, Rule::Sequence { steps, within_ms }) => {
            let counting: Vec<Seen> =
                seen.iter().filter(|event| window.has(event.at, now)).copied().collect();
            (latest_beginning(&counting, *steps, *within_ms).is_some(), i64::MAX)
        }
        // Kept as a summary: see `Plan::place`.
        _ => (false, i64::MAX),
    }
}

fn active(seen: &[Seen], now: i64, ms: i64) -> &[Seen] {
    let since = now.saturating_sub(ms);
    let from = seen.partition_point(|event| event.at <= since);
    let to = seen.partition_point(|event| event.at <= now);
    seen.get(from..to).unwrap_or_default()
}

/// Takes the events away in the order in which they leave the window, until the answer is another.
fn of_last(rule: &Rule, active: &[Seen], ms: i64) -> (bool, i64) {
    if let Rule::Count(least, most) = rule {
        return count_of_last(*least, *most, active, ms);
    }
    let mut left = Summary::default();
    active.iter().for_each(|event| left.add(event.at, event.micros));
    let holds = rule.fits(&left);
    for (place, event) in active.iter().enumerate() {
        left.count -= 1;
        left.sum = left.sum.saturating_sub(event.micros);
        left.first = active.get(place + 1).map_or(0, |next| next.at);
        if rule.fits(&left) != holds {
            return (holds, event.at.saturating_add(ms));
        }
    }
    (holds, i64::MAX)
}

/// The same for a count, where the event that makes the difference is known by its place.
fn count_of_last(least: i64, most: i64, active: &[Seen], ms: i64) -> (bool, i64) {
    let count = active.len() as i64;
    let holds = (least..=most).contains(&count);
    let leaving = match holds {
        true => count.saturating_sub(least),
        false => count.saturating_sub(most).saturating_sub(1),
    };
    let turns = usize::try_from(leaving).ok().and_then(|place| active.get(place));
    (holds, turns.map_or(i64::MAX, |event| event.at.saturating_add(ms)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(times: &[i64]) -> Vec<Seen> {
        times.iter().map(|at| Seen { at: *at, mask: 1, micros: i128::from(*at) }).collect()
    }

    #[test]
    fn it_is_known_when_a_count_will_change() {
        let events = seen(&[1, 2, 3, 4]);
        let count = |least, most| of_last(&Rule::Count(least, most), &events, 10);
        assert_eq!(count(3, 9), (true, 12));
        assert_eq!(count(1, 2), (false, 12));
        assert_eq!(count(5, 9), (false, i64::MAX));
        assert_eq!(count(0, 4), (true, i64::MAX));
        assert_eq!(count(4, 4), (true, 11));
    }

    #[test]
    fn it_is_known_when_other_figures_will_change() {
        let events = seen(&[1, 2, 3, 4]);
        let of = |rule| of_last(&rule, &events, 10);
        assert_eq!(of(Rule::Sum(7, 100)), (true, 13));
        assert_eq!(of(Rule::Sum(0, 0)), (false, 14));
        assert_eq!(of(Rule::First(2, 3)), (false, 11));
        assert_eq!(of(Rule::First(0, 1)), (true, 11));
        assert_eq!(of(Rule::Last(4, 4)), (true, 14));
        assert_eq!(of(Rule::Last(5, 6)), (false, i64::MAX));
    }
}
