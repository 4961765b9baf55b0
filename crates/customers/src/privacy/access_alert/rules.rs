use super::{AccessBecause, AccessDay, AccessKind};

/// Days that tell what is usual.
pub const USUAL_DAYS: usize = 30;

/// What is too much.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Times the median.
    pub times: i64,
    /// Rows a day.
    pub rows: i64,
    /// Files a day.
    pub exports: i64,
    /// Uncovered people a day.
    pub unmasks: i64,
}

impl AccessKind {
    /// Returns the figure of a day.
    pub fn of(self, day: &AccessDay) -> i64 {
        match self {
            Self::ExportRows => day.export_rows,
            Self::Exports => day.exports,
            Self::Unmasks => day.unmasks,
        }
    }

    /// Whoever does nothing most days must not be suspected for doing a little on one.
    fn floor(self) -> f64 {
        match self {
            Self::ExportRows => 100.0,
            Self::Exports => 1.0,
            Self::Unmasks => 2.0,
        }
    }

    fn limit(self, limits: Limits) -> i64 {
        match self {
            Self::ExportRows => limits.rows,
            Self::Exports => limits.exports,
            Self::Unmasks => limits.unmasks,
        }
    }
}

/// Returns why a figure stands out, with the limit that it passed.
pub fn judge(kind: AccessKind, count: i64, usual: f64, limits: Limits) -> Option<(AccessBecause, i64)> {
    let absolute = kind.limit(limits);
    if count > absolute {
        return Some((AccessBecause::Absolute, absolute));
    }
    let unusual = (usual.max(kind.floor()) * limits.times as f64).ceil() as i64;
    (count > unusual).then_some((AccessBecause::Unusual, unusual))
}

/// Returns the median of the days before, on which nothing happened among them.
pub fn median(mut counts: Vec<i64>, days: usize) -> f64 {
    counts.resize(days.max(counts.len()), 0);
    counts.sort_unstable();
    match counts.len() {
        0 => 0.0,
        n if n % 2 == 1 => counts[n / 2] as f64,
        n => (counts[n / 2 - 1] + counts[n / 2]) as f64 / 2.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { times: 5, rows: 5_000, exports: 20, unmasks: 50 };

    #[test]
    fn what_is_usual_counts_quiet_days_too() {
        assert_eq!(median(vec![], 30), 0.0);
        assert_eq!(median(vec![10; 15], 30), 5.0);
        assert_eq!(median(vec![10; 16], 30), 10.0);
        assert_eq!(median(vec![1, 9, 2], 3), 2.0);
    }

    #[test]
    fn much_more_than_usual_stands_out_and_so_does_too_much_for_anybody() {
        let judge = |count, usual| judge(AccessKind::ExportRows, count, usual, LIMITS);
        assert_eq!(judge(500, 0.0), None);
        assert_eq!(judge(501, 0.0), Some((AccessBecause::Unusual, 500)));
        assert_eq!(judge(501, 400.0), None);
        assert_eq!(judge(2_001, 400.0), Some((AccessBecause::Unusual, 2_000)));
        assert_eq!(judge(5_001, 4_000.0), Some((AccessBecause::Absolute, 5_000)));
    }
}
