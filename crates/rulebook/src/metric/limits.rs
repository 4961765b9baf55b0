use kernel::{MINUTE_MS, Timestamp};

use super::{MetricFiring, MetricReplay, MetricState};
use crate::control::Operator;

/// Limits with the figures put in (限值).
#[derive(Clone, Debug, PartialEq)]
pub struct Limits {
    /// When a value is near.
    pub near: Option<(Operator, f64)>,
    /// When it is over.
    pub over: Option<(Operator, f64)>,
    /// How far a value has to come back beyond the limit.
    pub clears_by: f64,
    /// How many samples in a row.
    pub for_samples: u32,
}

/// Where a series stands against its limits (当前状态).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Where.
    pub state: MetricState,
    /// Samples in a row that were near or over.
    pub near_run: u32,
    /// Samples in a row that were over.
    pub over_run: u32,
}

fn beyond((op, limit): (Operator, f64), value: f64) -> bool {
    match op {
        Operator::AtLeast => value >= limit,
        Operator::More => value > limit,
        Operator::AtMost => value <= limit,
        Operator::Less => value < limit,
        Operator::Equal => false,
    }
}

/// Returns true while a value has not come back beyond a limit by the band.
fn holds((op, limit): (Operator, f64), band: f64, value: f64) -> bool {
    let upward = matches!(op, Operator::AtLeast | Operator::More);
    beyond((op, if upward { limit - band } else { limit + band }), value)
}

/// Takes one more sample. It gets worse only after so many samples in a row, and better only once the value is back by
/// the band; in between it stays as it is. A sample without a value changes nothing.
pub fn step(limits: &Limits, before: Standing, value: Option<f64>) -> Standing {
    let Some(value) = value else { return before };
    let over = limits.over.is_some_and(|limit| beyond(limit, value));
    let near = over || limits.near.is_some_and(|limit| beyond(limit, value));
    let run = |before: u32, goes_on: bool| if goes_on { before.saturating_add(1) } else { 0 };
    let (near_run, over_run) = (run(before.near_run, near), run(before.over_run, over));
    let enough = limits.for_samples.max(1);
    let stays = |limit: Option<(Operator, f64)>| {
        limit.is_some_and(|limit| beyond(limit, value) || holds(limit, limits.clears_by.max(0.0), value))
    };
    let was = |state: MetricState| before.state >= state;
    let state = if over_run >= enough || (was(MetricState::Over) && stays(limits.over)) {
        MetricState::Over
    } else if limits.near.is_some()
        && (near_run >= enough || (was(MetricState::Near) && (near || stays(limits.near))))
    {
        MetricState::Near
    } else {
        MetricState::Ok
    };
    Standing { state, near_run, over_run }
}

/// Replays limits on samples, oldest first.
pub fn replay(limits: &Limits, samples: &[(Timestamp, Option<f64>)]) -> MetricReplay {
    let mut fired: Vec<MetricFiring> = Vec::new();
    let mut standing = Standing::default();
    let mut open = false;
    for (at, value) in samples {
        standing = step(limits, standing, *value);
        let alarmed = standing.state >= MetricState::Near;
        match (open, alarmed, value) {
            (false, true, Some(value)) => {
                fired.push(MetricFiring { at: *at, level: standing.state, value: *value, cleared_at: None });
                open = true;
            }
            (true, false, _) => {
                if let Some(last) = fired.last_mut() {
                    last.cleared_at = Some(*at);
                }
                open = false;
            }
            (true, true, Some(value)) => {
                if let Some(last) = fired.last_mut() {
                    last.level = last.level.max(standing.state);
                    last.value = worse(limits, last.value, *value);
                }
            }
            _ => {}
        }
    }
    let last = samples.last().map(|(at, _)| *at);
    let open_for = |firing: &MetricFiring| {
        firing.cleared_at.or(last).map_or(0, |end| (end.ms() - firing.at.ms()) / MINUTE_MS)
    };
    MetricReplay {
        samples: samples.len(),
        from: samples.first().map(|(at, _)| *at),
        firings: fired.len(),
        over: fired.iter().filter(|firing| firing.level == MetricState::Over).count(),
        open_minutes: fired.iter().map(open_for).sum(),
        fired,
    }
}

/// Returns the worse of two values.
fn worse(limits: &Limits, a: f64, b: f64) -> f64 {
    let upward =
        limits.over.or(limits.near).is_none_or(|(op, _)| matches!(op, Operator::AtLeast | Operator::More));
    if upward { a.max(b) } else { a.min(b) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use MetricState::{Near, Ok, Over, Unknown};

    fn limits(near: f64, over: f64, clears_by: f64, for_samples: u32) -> Limits {
        Limits {
            near: Some((Operator::AtLeast, near)),
            over: Some((Operator::AtLeast, over)),
            clears_by,
            for_samples,
        }
    }

    fn states(limits: &Limits, values: &[f64]) -> Vec<MetricState> {
        let mut standing = Standing::default();
        values
            .iter()
            .map(|value| {
                standing = step(limits, standing, Some(*value));
                standing.state
            })
            .collect()
    }

    #[test]
    fn an_alert_clears_only_beyond_the_band() {
        let found = states(
            &limits(24.0, 30.0, 2.0, 1),
            &[10.0, 24.0, 23.0, 22.5, 21.9, 31.0, 28.5, 27.0, 22.0, 20.0],
        );
        assert_eq!(found, [Ok, Near, Near, Near, Ok, Over, Over, Near, Near, Ok]);
    }

    #[test]
    fn one_sample_alone_is_no_alert_where_two_are_asked_for() {
        let found = states(&limits(24.0, 30.0, 0.0, 2), &[25.0, 20.0, 25.0, 31.0, 31.0, 20.0]);
        assert_eq!(found, [Ok, Ok, Ok, Near, Over, Ok]);
    }

    #[test]
    fn what_should_be_high_is_near_when_it_falls() {
        let limits = Limits {
            near: Some((Operator::Less, 95.0)),
            over: Some((Operator::Less, 90.0)),
            clears_by: 1.0,
            for_samples: 1,
        };
        assert_eq!(
            states(&limits, &[99.0, 94.0, 95.5, 96.0, 89.0, 90.5, 91.0]),
            [Ok, Near, Near, Ok, Over, Over, Near]
        );
    }

    #[test]
    fn a_sample_without_a_value_changes_nothing() {
        let limits = limits(24.0, 30.0, 2.0, 1);
        let over = step(&limits, Standing::default(), Some(40.0));
        assert_eq!(step(&limits, over, None), over);
        assert_eq!(step(&limits, Standing::default(), None).state, Unknown);
    }

    #[test]
    fn a_replay_counts_each_alert_once_and_how_far_it_went() {
        let hour = |n: i64| Timestamp::from_ms(n * kernel::HOUR_MS);
        let values = [10.0, 25.0, 31.0, 20.0, 25.0, 25.0];
        let samples: Vec<_> = (0..).zip(values).map(|(n, value)| (hour(n), Some(value))).collect();
        let found = replay(&limits(24.0, 30.0, 0.0, 1), &samples);
        assert_eq!((found.samples, found.firings, found.over, found.open_minutes), (6, 2, 1, 180));
        assert_eq!(
            found.fired[0],
            MetricFiring { at: hour(1), level: Over, value: 31.0, cleared_at: Some(hour(3)) }
        );
        assert_eq!(found.fired[1].cleared_at, None);
    }

    proptest! {
        /// Whatever comes: within the band nothing changes, worse values never lead to a better state, and there is no
        /// alert of fewer samples than were asked for.
        #[test]
        fn hysteresis_holds(
            values in prop::collection::vec(0.0_f64..50.0, 1..60),
            by in 0.0_f64..10.0,
            clears_by in 0.0_f64..8.0,
            for_samples in 1_u32..4,
        ) {
            let limits = limits(24.0, 30.0, clears_by, for_samples);
            let (mut standing, mut worse_one, mut run) = (Standing::default(), Standing::default(), 0);
            for value in values {
                let before = standing;
                standing = step(&limits, standing, Some(value));
                worse_one = step(&limits, worse_one, Some(value + by));
                prop_assert!(worse_one.state >= standing.state);
                run = if value >= 24.0 { run + 1 } else { 0 };
                if before.state < Near && standing.state >= Near {
                    prop_assert!(run >= for_samples);
                }
                if value < 24.0 && value >= 24.0 - clears_by && before.state == Near {
                    prop_assert_eq!(standing.state, Near);
                }
                if value < 24.0 - clears_by {
                    prop_assert_eq!(standing.state, Ok);
                }
            }
        }
    }
}
