use std::fmt;

use kernel::Timestamp;

/// Month (月份) by UTC: how files of events are divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(i32);

impl Month {
    /// Returns the month of a time.
    pub fn of(at: Timestamp) -> Self {
        let date = at.utc_day().0;
        Self(i32::from(date.year()) * 12 + i32::from(date.month()) - 1)
    }

    /// Returns the month so many before.
    pub fn minus(self, months: i32) -> Self {
        Self(self.0 - months)
    }

    /// Reads `2026-11`.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        let (year, month): (i32, i32) = (year.parse().ok()?, month.parse().ok()?);
        (1..=12).contains(&month).then(|| Self(year * 12 + month - 1))
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0.div_euclid(12), self.0.rem_euclid(12) + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_cut_by_utc_and_read_as_written() {
        let at = |text: &str| {
            Timestamp::from_ms(text.parse::<jiff::Timestamp>().expect("a time").as_millisecond())
        };
        assert_eq!(Month::of(at("2026-11-30T23:59:59.999Z")).to_string(), "2026-11");
        assert_eq!(Month::of(at("2026-12-01T00:00:00Z")).to_string(), "2026-12");
        assert_eq!(
            Month::parse("2026-01").map(|month| month.minus(1).to_string()).as_deref(),
            Some("2025-12")
        );
        assert!(["2026-13", "2026", "x-01", "2026-00"].into_iter().all(|text| Month::parse(text).is_none()));
    }
}
