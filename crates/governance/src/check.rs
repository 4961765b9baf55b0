//! Bounds of what users type in, shared by all nouns here.

use jiff::civil::Date;
use kernel::{Day, LocalText, Problem, Result};

/// Longest name.
pub(crate) const NAME_MAX: usize = 80;
/// Longest reason, cause or measure.
pub(crate) const REASON_MAX: usize = 500;
/// Largest amount in minor units: sums of many stay far from the end of the number.
pub(crate) const AMOUNT_MAX: i64 = 1_000_000_000_000;
/// Years that budgets can be of.
const YEARS: std::ops::RangeInclusive<i64> = 2000..=2200;

/// Collects the fields at fault, so that one answer names them all.
#[derive(Debug)]
pub(crate) struct Check(Problem);

impl Check {
    /// Starts without faults.
    pub(crate) fn new() -> Self {
        Self(Problem::unprocessable("governance.input_invalid"))
    }

    /// Asks for something to hold of a field.
    pub(crate) fn that(&mut self, holds: bool, field: &str, code: &'static str) -> &mut Self {
        if !holds {
            let problem = std::mem::replace(&mut self.0, Problem::unprocessable("governance.input_invalid"));
            self.0 = problem.with_field(field, code);
        }
        self
    }

    /// Asks for text that is more than blanks.
    pub(crate) fn text(&mut self, field: &str, value: &str, max: usize) -> &mut Self {
        let length = value.trim().chars().count();
        let plain = !value.chars().any(|c| c.is_control() && c != '\n');
        self.that((1..=max).contains(&length) && plain, field, "governance.field.text")
    }

    /// Asks for a name in one language at least.
    pub(crate) fn names(&mut self, field: &str, names: &LocalText) -> &mut Self {
        self.text(field, names.get(kernel::Language::ZhHans), NAME_MAX);
        let short = [&names.zh_hans, &names.zh_hant, &names.en];
        self.that(short.iter().all(|name| name.chars().count() <= NAME_MAX), field, "governance.field.text")
    }

    /// Asks for an amount above nothing.
    pub(crate) fn amount(&mut self, field: &str, amount: i64) -> &mut Self {
        self.that((1..=AMOUNT_MAX).contains(&amount), field, "governance.field.amount")
    }

    /// Asks for a month.
    pub(crate) fn month(&mut self, field: &str, month: i64) -> &mut Self {
        self.that((1..=12).contains(&month), field, "governance.field.month")
    }

    /// Asks for a year.
    pub(crate) fn year(&mut self, field: &str, year: i64) -> &mut Self {
        self.that(YEARS.contains(&year), field, "governance.field.year")
    }

    /// Refuses where a field was at fault.
    pub(crate) fn finish(&mut self) -> Result<()> {
        let problem = std::mem::replace(&mut self.0, Problem::unprocessable("governance.input_invalid"));
        if problem.fields.is_empty() { Ok(()) } else { Err(problem) }
    }
}

/// Returns the first day of a month.
pub(crate) fn first_day(year: i64, month: i64) -> Result<Day> {
    let day = i16::try_from(year).ok().zip(i8::try_from(month).ok());
    let day = day.and_then(|(year, month)| Date::new(year, month, 1).ok());
    day.map(Day).ok_or_else(|| {
        Problem::unprocessable("governance.input_invalid").with_field("month", "governance.field.month")
    })
}

/// Writes minor units as people read them.
pub(crate) fn amount_text(minor: i64, currency: &str) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    let minor = minor.unsigned_abs();
    format!("{sign}{}.{:02} {currency}", minor / 100, minor % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_as_decimals() {
        assert_eq!(amount_text(123_405, "CNY"), "1234.05 CNY");
        assert_eq!(amount_text(-7, "CNY"), "-0.07 CNY");
    }
}
