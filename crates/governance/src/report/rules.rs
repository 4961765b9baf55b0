//! How a month is measured.

use jiff::civil::{Date, Weekday};

use crate::ledger::Balance;

/// Working day of the next month on which a month is closed; weekends alone are days off here.
const CLOSES_ON: usize = 3;

/// A line's month, measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Measured {
    pub plan: i64,
    pub actual: i64,
    pub committed: i64,
    pub forecast: i64,
}

/// Measures a month of a line from its balances.
pub(crate) fn measure(months: &[Balance], month: i64) -> Measured {
    let now = months.iter().find(|balance| balance.month == month);
    Measured {
        plan: now.map_or(0, Balance::room),
        actual: now.map_or(0, |balance| balance.spent_minor),
        committed: now.map_or(0, |balance| balance.committed_minor),
        forecast: forecast(months, month),
    }
}

/// Returns what the year is expected to cost by run rate: what was spent up to the month, and the same a month for the
/// months to come; never less than what is spent or reserved by now in the whole year.
pub(crate) fn forecast(months: &[Balance], month: i64) -> i64 {
    let spent: i64 = months.iter().filter(|balance| balance.month <= month).map(|b| b.spent_minor).sum();
    let rate = i128::from(spent) * 12 / i128::from(month.clamp(1, 12));
    let bound: i64 = months.iter().map(Balance::used).sum();
    i64::try_from(rate).unwrap_or(i64::MAX).max(bound)
}

/// Returns how far actual is from plan, in percent with one place; `None` where nothing was planned.
pub(crate) fn variance(plan: i64, actual: i64) -> Option<f64> {
    (plan > 0).then(|| ((actual - plan) as f64 * 1_000.0 / plan as f64).round() / 10.0)
}

/// Returns true where a deviation must be explained: money without a plan always.
pub(crate) fn is_over(plan: i64, actual: i64, tolerance: f64) -> bool {
    variance(plan, actual).map_or(actual != 0, |percent| percent.abs() > tolerance)
}

/// Returns year and month that are to be closed on this day, if any: from the third weekday on, the month before.
pub(crate) fn to_close(today: Date) -> Option<(i64, i64)> {
    let first = today.first_of_month();
    let weekdays = first.series(jiff::Span::new().days(1)).take_while(|day| *day <= today);
    let count = weekdays.filter(|day| !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)).count();
    let before = first.yesterday().ok()?;
    (count >= CLOSES_ON).then(|| (i64::from(before.year()), i64::from(before.month())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use kernel::Id;

    fn balance(month: i64, planned: i64, spent: i64, committed: i64) -> Balance {
        Balance {
            line_id: Id::new(),
            month,
            planned_minor: planned,
            adjusted_minor: 0,
            committed_minor: committed,
            spent_minor: spent,
            overrun: false,
        }
    }

    #[test]
    fn the_forecast_goes_on_as_before_and_knows_what_is_reserved() {
        let months = [balance(1, 100, 100, 0), balance(2, 100, 200, 0), balance(12, 100, 0, 0)];
        assert_eq!(forecast(&months, 2), 1_800);
        assert_eq!(forecast(&[balance(1, 100, 10, 0), balance(12, 900, 0, 900)], 1), 910);
    }

    #[test]
    fn a_deviation_counts_both_ways_and_money_without_plan_always() {
        assert_eq!(variance(1_000, 1_105), Some(10.5));
        assert!(is_over(1_000, 1_105, 10.0) && is_over(1_000, 895, 10.0));
        assert!(!is_over(1_000, 1_100, 10.0) && !is_over(0, 0, 10.0));
        assert!(is_over(0, 1, 10.0));
    }

    #[test]
    fn a_month_closes_on_the_third_weekday_of_the_next() {
        // 2026-08-01 is a Saturday: Monday to Wednesday are the 3rd to the 5th.
        assert_eq!(to_close(date(2026, 8, 4)), None);
        assert_eq!(to_close(date(2026, 8, 5)), Some((2026, 7)));
        assert_eq!(to_close(date(2027, 1, 31)), Some((2026, 12)));
    }
}
