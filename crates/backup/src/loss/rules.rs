//! Which tables are which kind of record, and whether what people write can stand.

use std::collections::BTreeMap;

use kernel::{MINUTE_MS, Problem, Result, Timestamp};

use super::{KindCount, Loss, LossReport, NewLoss, NewLossReport};
use crate::archive::TableCount;

/// Kinds of records that people know by name, with the table whose rows are counted for each.
const KINDS: &[(&str, &str)] = &[
    ("profile", "profile"),
    ("consent", "consent_event"),
    ("segment", "segment"),
    ("order", "sales_order"),
    ("order_line", "sales_order_line"),
    ("product", "catalog_product"),
    ("content", "content"),
    ("content_version", "content_version"),
    ("asset", "asset"),
    ("campaign", "campaign"),
    ("send", "send"),
    ("user", "identity_user"),
    ("task", "rulebook_task"),
    ("evidence_run", "rulebook_evidence_run"),
    ("audit_entry", "audit_entry"),
];
/// Everything else.
const OTHER: &str = "other";

/// Puts counts of tables together by kind; kinds without a record on either side are left out.
pub fn kinds(now: &[(String, i64)], then: &[TableCount]) -> Vec<KindCount> {
    let kind_of =
        |table: &str| KINDS.iter().find(|(_, name)| *name == table).map_or(OTHER, |(kind, _)| *kind);
    let mut counts: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for (table, rows) in now {
        counts.entry(kind_of(table)).or_default().0 += rows;
    }
    for table in then {
        counts.entry(kind_of(&table.name)).or_default().1 += table.rows;
    }
    let order = KINDS.iter().map(|(kind, _)| *kind).chain([OTHER]);
    let known = order.filter_map(|kind| counts.get(kind).map(|(now, then)| (kind, *now, *then)));
    known
        .filter(|(_, now, then)| *now > 0 || *then > 0)
        .map(|(kind, now, then)| KindCount { kind: kind.to_owned(), now, then })
        .collect()
}

/// Puts the facts of the report together.
pub fn report(loss: &Loss, changes_since: Option<i64>, now: Timestamp) -> LossReport {
    let result = loss.restored.as_ref().map(|beside| &beside.result);
    LossReport {
        taken_at: loss.taken_at,
        at_risk_minutes: loss.taken_at.map(|at| (loss.noticed_at.ms() - at.ms()).max(0) / MINUTE_MS),
        changes_since,
        rows: result.map(|result| result.rows),
        files: result.map(|result| result.files),
        restore_ms: result.map(|result| result.took_ms),
        sound: result.map(|result| result.differences.is_empty()),
        reported_after_minutes: (now.ms() - loss.noticed_at.ms()).max(0) / MINUTE_MS,
    }
}

/// Refuses a notice that says nothing, or that comes from the future.
pub fn check(new: &NewLoss, now: Timestamp) -> Result<()> {
    let mut problem = Problem::unprocessable("backup.loss.invalid");
    if !fits(&new.what, 5, 2_000) {
        problem = problem.with_field("what", "backup.loss.what_length");
    }
    if new.cause.as_deref().is_some_and(|cause| !fits(cause, 0, 1_000)) {
        problem = problem.with_field("cause", "backup.loss.cause_length");
    }
    if !fits(&new.noticed_by, 1, 120) {
        problem = problem.with_field("noticed_by", "backup.loss.noticed_by_length");
    }
    // Clocks of people's machines are a little ahead now and then.
    if new.noticed_at > now.plus_ms(5 * MINUTE_MS) {
        problem = problem.with_field("noticed_at", "backup.loss.noticed_later");
    }
    if problem.fields.is_empty() { Ok(()) } else { Err(problem) }
}

/// Refuses a report that says nothing.
pub fn check_report(new: &NewLossReport) -> Result<()> {
    if fits(&new.findings, 5, 2_000) {
        return Ok(());
    }
    Err(Problem::unprocessable("backup.loss.invalid").with_field("findings", "backup.loss.findings_length"))
}

/// Refuses a remark that is too long.
pub fn check_note(note: Option<&str>) -> Result<()> {
    if note.is_none_or(|note| fits(note, 0, 1_000)) {
        return Ok(());
    }
    Err(Problem::unprocessable("backup.loss.invalid").with_field("note", "backup.loss.cause_length"))
}

fn fits(text: &str, min: usize, max: usize) -> bool {
    let plain = text.chars().all(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t'));
    plain && (min..=max).contains(&text.trim().chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_counted_under_the_names_that_people_know() {
        let now = [("profile".to_owned(), 3), ("job".to_owned(), 9), ("send".to_owned(), 0)];
        let table = |name: &str, rows| TableCount { name: name.into(), rows, digest: String::new() };
        let then = [table("profile", 5), table("job", 4), table("outbox_event", 1)];
        let count = |kind: &str, now, then| KindCount { kind: kind.into(), now, then };
        assert_eq!(kinds(&now, &then), [count("profile", 3, 5), count("other", 9, 5)]);
    }

    #[test]
    fn a_notice_says_what_by_whom_and_not_from_tomorrow() {
        let now = Timestamp::from_ms(1_000_000_000);
        let new =
            NewLoss { what: "".into(), cause: None, noticed_at: now.plus_days(1), noticed_by: " ".into() };
        let fields: Vec<_> =
            check(&new, now).expect_err("three faults").fields.into_iter().map(|f| f.field).collect();
        assert_eq!(fields, ["what", "noticed_by", "noticed_at"]);
        let sound =
            NewLoss {
                what: "订单表被清空".into(), noticed_at: now, noticed_by: "李娜".into(), ..new
            };
        assert!(check(&sound, now).is_ok());
    }
}
