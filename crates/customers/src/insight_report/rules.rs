use jiff::Span;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use kernel::{Problem, Result, Timestamp};

use super::{FigureUnit, KeptFigure, ReportFigureCode, ReportPart};

/// Month (月份) of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Month(Date);

/// First year of which a report can be wanted.
const YEAR_MIN: i16 = 2000;

impl Month {
    /// Reads a month such as `2026-10`.
    pub fn read(text: &str) -> Result<Self> {
        let wrong = || {
            Problem::unprocessable("customers.insight_report.invalid")
                .with_field("month", "customers.insight_report.month_invalid")
        };
        let (year, month) = text.split_once('-').filter(|_| text.len() == 7).ok_or_else(wrong)?;
        let (year, month) = (year.parse::<i16>().ok(), month.parse::<i8>().ok());
        let (year, month) = year.zip(month).filter(|(year, _)| *year >= YEAR_MIN).ok_or_else(wrong)?;
        Date::new(year, month, 1).map(Self).map_err(|_| wrong())
    }

    /// Returns the month before the one that a moment is in.
    pub fn before(now: Timestamp, zone: &TimeZone) -> Self {
        let today = zone.to_datetime(now.instant()).date();
        Self(date(today.year(), today.month(), 1)).previous()
    }

    /// Returns the month before.
    pub fn previous(self) -> Self {
        self.shifted(-1)
    }

    fn shifted(self, months: i64) -> Self {
        // Years of four digits are far from the ends of what dates can say.
        Self(self.0.checked_add(Span::new().months(months)).unwrap_or(self.0))
    }

    /// Returns its first moment, and that of the next one.
    pub fn span(self, zone: &TimeZone) -> Result<(Timestamp, Timestamp)> {
        let start = |month: Self| {
            let start = month.0.to_zoned(zone.clone()).map_err(Problem::internal)?;
            Ok(Timestamp::from(start.timestamp()))
        };
        Ok((start(self)?, start(self.shifted(1))?))
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.0.year(), self.0.month())
    }
}

/// Returns the day of the month where the company is.
pub fn day_of_month(now: Timestamp, zone: &TimeZone) -> i64 {
    i64::from(zone.to_datetime(now.instant()).date().day())
}

/// Returns where a figure stands, and its unit.
pub fn place(code: ReportFigureCode) -> (ReportPart, FigureUnit) {
    use FigureUnit::{Count, Minor, Percent, Times};
    use ReportFigureCode as Code;
    match code {
        Code::Customers
        | Code::NewCustomers
        | Code::ActiveCustomers
        | Code::FirstBuyers
        | Code::LostCustomers => (ReportPart::Customers, Count),
        Code::TierCustomers | Code::TierUp | Code::TierDown => (ReportPart::Tiers, Count),
        Code::RfmCustomers => (ReportPart::Rfm, Count),
        Code::RepeatRate | Code::RepeatRateQuarter | Code::Retention => (ReportPart::Repeat, Percent),
        Code::ChurnRisk | Code::ValueTierCustomers => (ReportPart::Scores, Count),
        Code::ValueTierExpected => (ReportPart::Scores, Minor),
        Code::SearchNeed | Code::FeedbackNeed | Code::UnmetNeed => (ReportPart::Needs, Count),
        Code::BasketLift => (ReportPart::Needs, Times),
        Code::SegmentSize => (ReportPart::Segments, Count),
        Code::InsightsSent
        | Code::InsightsAccepted
        | Code::InsightsDeclined
        | Code::InsightsAdopted
        | Code::InsightsOverdue => (ReportPart::Insights, Count),
        Code::SoundData | Code::Reachable => (ReportPart::Quality, Percent),
    }
}

/// Returns the value of the same figure in another report.
pub fn same(figure: &KeptFigure, other: &[KeptFigure]) -> Option<f64> {
    other.iter().find(|kept| kept.code == figure.code && kept.key == figure.key)?.value
}

/// Returns a value less another, to two decimals.
pub fn change(value: Option<f64>, before: Option<f64>) -> Option<f64> {
    value.zip(before).map(|(value, before)| rounded(value - before))
}

/// Returns some of many in percent; nothing where there are none.
pub fn percent(some: i64, many: i64) -> Option<f64> {
    (many > 0).then(|| rounded(some as f64 * 100.0 / many as f64))
}

/// Returns a number with two decimals.
pub fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::from(text.parse::<jiff::Timestamp>().expect("a time"))
    }

    #[test]
    fn a_month_is_one_where_the_company_is() {
        let zone = TimeZone::get("Asia/Shanghai").expect("a known zone");
        let month = Month::read("2026-12").expect("a month");
        let span = month.span(&zone).expect("a span");
        assert_eq!(span, (at("2026-11-30T16:00:00Z"), at("2026-12-31T16:00:00Z")));
        assert_eq!(Month::before(at("2026-11-30T16:00:00Z"), &zone).to_string(), "2026-11");
        assert_eq!(Month::before(at("2026-11-30T15:59:59Z"), &zone).to_string(), "2026-10");
        assert_eq!(Month::read("2026-01").expect("a month").previous().to_string(), "2025-12");
        for wrong in ["2026-13", "2026-1", "202610", "1999-12", "x026-10"] {
            assert!(Month::read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_change_needs_both_months() {
        assert_eq!(change(Some(12.345), Some(10.0)), Some(2.35));
        assert_eq!(change(Some(1.0), None), None);
        assert_eq!(percent(1, 3), Some(33.33));
        assert_eq!(percent(0, 0), None);
    }
}
