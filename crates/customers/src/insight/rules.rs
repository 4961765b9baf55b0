use jiff::civil::date;
use jiff::tz::TimeZone;
use kernel::{Problem, Result, Timestamp};

use super::{Insight, InsightEvidence, InsightPatch, InsightState, NewInsight};
use crate::condition::{self, Condition};

/// Lengths of the windows that are measured, in days.
pub const WINDOWS: [i64; 2] = [30, 90];
const TITLE_MAX: usize = 200;
const FINDING_MAX: usize = 5_000;
const ANSWER_MAX: usize = 2_000;
const SQL_MAX: usize = 20_000;
const QUESTIONS_MAX: usize = 8;
/// Most time that a department is given.
const DUE_DAYS_MAX: i64 = 366;

/// Checks a new insight; what it refers to is checked where it is looked up.
pub fn check_new(new: &NewInsight) -> Result<()> {
    let mut problem = text("title", Some(&new.title), TITLE_MAX, invalid());
    problem = text("finding", Some(&new.finding), FINDING_MAX, problem);
    if new.segment_id.is_some() && new.condition.is_some() {
        problem = problem.with_field("condition", "customers.insight.one_group");
    }
    settled(evidence(&new.evidence, problem))?;
    group(new.condition.as_ref())
}

/// Checks a change of a draft.
pub fn check_patch(patch: &InsightPatch) -> Result<()> {
    let mut problem = text("title", patch.title.as_deref(), TITLE_MAX, invalid());
    problem = text("finding", patch.finding.as_deref(), FINDING_MAX, problem);
    let groups = [patch.segment_id.is_some(), patch.condition.is_some(), patch.without_group];
    if groups.into_iter().filter(|given| *given).count() > 1 {
        problem = problem.with_field("condition", "customers.insight.one_group");
    }
    settled(problem)?;
    group(patch.condition.as_ref())
}

/// Checks what a department says, and returns it without the space around it.
pub fn said<'t>(field: &'static str, said: &'t str) -> Result<&'t str> {
    settled(text(field, Some(said), ANSWER_MAX, invalid()))?;
    Ok(said.trim())
}

/// Checks a remark, which may be absent.
pub fn remark(said: Option<&str>) -> Result<Option<&str>> {
    let said = said.map(str::trim).filter(|said| !said.is_empty());
    settled(text("remark", said, ANSWER_MAX, invalid()))?;
    Ok(said)
}

/// Checks by when something is to be done.
pub fn due(field: &'static str, due_at: Timestamp, now: Timestamp) -> Result<Timestamp> {
    if due_at <= now || due_at > now.plus_days(DUE_DAYS_MAX) {
        return settled(invalid().with_field(field, "customers.insight.due_invalid")).map(|()| due_at);
    }
    Ok(due_at)
}

/// Refuses what is not done from this state.
pub fn require_state(insight: &Insight, wanted: InsightState, code: &'static str) -> Result<()> {
    if insight.state == wanted { Ok(()) } else { Err(Problem::conflict(code)) }
}

/// Returns the first moment of the calendar quarter.
pub fn quarter_start(now: Timestamp, zone: &TimeZone) -> Timestamp {
    let today = zone.to_datetime(now.instant()).date();
    let first = date(today.year(), (today.month() - 1) / 3 * 3 + 1, 1);
    // A day that has no midnight begins later: `to_zoned` takes the first moment that there is.
    first.to_zoned(zone.clone()).map_or(now, |start| Timestamp::from(start.timestamp()))
}

/// Returns a rate in percent, with two decimals; nothing where nobody bought.
pub fn rate(buyers: Option<i64>, repeat_buyers: Option<i64>) -> Option<f64> {
    let (buyers, repeat_buyers) = buyers.filter(|buyers| *buyers > 0).zip(repeat_buyers)?;
    Some((repeat_buyers as f64 * 10_000.0 / buyers as f64).round() / 100.0)
}

fn invalid() -> Problem {
    Problem::unprocessable("customers.insight.invalid")
}

fn settled(problem: Problem) -> Result<()> {
    if problem.fields.is_empty() { Ok(()) } else { Err(problem) }
}

fn text(field: &'static str, text: Option<&str>, most: usize, problem: Problem) -> Problem {
    match text {
        Some(text) if text.trim().is_empty() => problem.with_field(field, "customers.field.blank"),
        Some(text) if text.chars().count() > most => {
            problem.with_field(field, "customers.field.text_invalid")
        }
        _ => problem,
    }
}

fn group(condition: Option<&Condition>) -> Result<()> {
    condition.map_or(Ok(()), condition::check)
}

fn evidence(evidence: &InsightEvidence, problem: Problem) -> Problem {
    match evidence {
        InsightEvidence::Sql { sql, .. } => text("evidence.sql", Some(sql), SQL_MAX, problem),
        InsightEvidence::Events { questions } if questions.is_empty() || questions.len() > QUESTIONS_MAX => {
            problem.with_field("evidence.questions", "customers.insight.questions_count")
        }
        InsightEvidence::Condition { definition } if condition::check(definition).is_err() => {
            problem.with_field("evidence.definition", "customers.insight.evidence_unknown")
        }
        _ => problem,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_begins_at_midnight_where_the_company_is() {
        let zone = TimeZone::get("Asia/Shanghai").expect("a known zone");
        let at = |text: &str| Timestamp::from(text.parse::<jiff::Timestamp>().expect("a time"));
        let start = quarter_start(at("2026-11-29T04:00:00Z"), &zone);
        assert_eq!(start, at("2026-09-30T16:00:00Z"));
        assert_eq!(quarter_start(at("2026-12-31T16:00:00Z"), &zone), at("2026-12-31T16:00:00Z"));
    }

    #[test]
    fn a_rate_needs_somebody_who_bought() {
        assert_eq!(rate(Some(3), Some(1)), Some(33.33));
        assert_eq!(rate(Some(0), Some(0)), None);
        assert_eq!(rate(None, None), None);
    }

    #[test]
    fn nobody_is_given_the_past_or_years() {
        let now = Timestamp::from_ms(1_795_334_400_000);
        assert!(due("due_at", now, now).is_err());
        assert!(due("due_at", now.plus_days(400), now).is_err());
        assert_eq!(due("due_at", now.plus_days(7), now).ok(), Some(now.plus_days(7)));
    }
}
