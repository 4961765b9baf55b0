use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use kernel::Timestamp;
use tokio::sync::Mutex;

/// Upper ends of the classes of times, in milliseconds; what is slower is in the class behind them.
const CLASSES_MS: [u64; 13] = [2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000];

/// What this process answers (请求统计), counted since it was last asked.
#[derive(Clone, Debug, Default)]
pub struct Traffic(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    errors: AtomicU64,
    classes: [AtomicU64; CLASSES_MS.len() + 1],
    /// When the certificate of the own address was last looked at, and until when it is valid.
    certificate: Mutex<Option<(Timestamp, Option<Timestamp>)>>,
}

/// What was answered in a stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answered {
    pub requests: i64,
    pub errors: i64,
    /// Within this time 95 of 100 were answered; nothing where there were none.
    pub p95_ms: Option<i64>,
}

impl Traffic {
    /// Notes one answer.
    pub fn note(&self, took: Duration, failed: bool) {
        let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        let class = CLASSES_MS.iter().position(|end| ms <= *end).unwrap_or(CLASSES_MS.len());
        self.0.classes[class].fetch_add(1, Ordering::Relaxed);
        self.0.errors.fetch_add(u64::from(failed), Ordering::Relaxed);
    }

    /// Returns what was answered since it was last asked, and begins anew.
    pub fn take(&self) -> Answered {
        let classes = self.0.classes.each_ref().map(|class| class.swap(0, Ordering::Relaxed));
        let errors = self.0.errors.swap(0, Ordering::Relaxed);
        let requests: u64 = classes.iter().sum();
        let whole = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        Answered { requests: whole(requests), errors: whole(errors), p95_ms: p95(&classes).map(whole) }
    }

    /// Returns the place that remembers the own certificate.
    pub(super) fn certificate(&self) -> &Mutex<Option<(Timestamp, Option<Timestamp>)>> {
        &self.0.certificate
    }
}

/// Returns the 95th percentile, as far into its class as it lies.
fn p95(classes: &[u64]) -> Option<u64> {
    let all: u64 = classes.iter().sum();
    if all == 0 {
        return None;
    }
    let wanted = (all * 95).div_ceil(100);
    let (mut before, mut begins) = (0, 0);
    for (class, count) in classes.iter().enumerate() {
        let ends = CLASSES_MS.get(class).copied().unwrap_or(2 * CLASSES_MS[CLASSES_MS.len() - 1]);
        if before + count >= wanted {
            return Some(begins + (ends - begins) * (wanted - before) / count.max(&1));
        }
        (before, begins) = (before + count, ends);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_answered_is_counted_once() {
        let traffic = Traffic::default();
        assert_eq!(traffic.take(), Answered { requests: 0, errors: 0, p95_ms: None });
        for _ in 0..94 {
            traffic.note(Duration::from_millis(4), false);
        }
        for _ in 0..6 {
            traffic.note(Duration::from_millis(900), true);
        }
        let found = traffic.take();
        assert_eq!((found.requests, found.errors), (100, 6));
        assert!(found.p95_ms.is_some_and(|ms| (500..=1_000).contains(&ms)), "{found:?}");
        assert_eq!(traffic.take().requests, 0);
    }

    #[test]
    fn the_slowest_class_has_no_end_and_is_told_all_the_same() {
        let traffic = Traffic::default();
        traffic.note(Duration::from_secs(45), false);
        assert_eq!(traffic.take().p95_ms, Some(60_000));
    }
}
