use jiff::civil::Date;

/// Days in which a review is to be done.
pub const DUE_DAYS: i64 = 30;

/// Returns the first month of the period of so many months that `day` lies in: periods begin with the year.
pub fn period(day: Date, months: i64) -> String {
    let months = months.clamp(1, 12);
    let month = i64::from(day.month()) - 1;
    let first = month / months * months + 1;
    format!("{:04}-{first:02}", day.year())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn half_years_begin_in_january_and_july() {
        assert_eq!(period(date(2026, 1, 1), 6), "2026-01");
        assert_eq!(period(date(2026, 6, 30), 6), "2026-01");
        assert_eq!(period(date(2026, 11, 22), 6), "2026-07");
        assert_eq!(period(date(2026, 11, 22), 12), "2026-01");
        assert_eq!(period(date(2026, 11, 22), 1), "2026-11");
    }
}
