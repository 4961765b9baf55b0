//! Decisions of the workbench.

use std::ops::RangeInclusive;

use kernel::{ColumnKind, Problem, Result};
use lake::sql::AnswerKind;

use super::ROWS_MAX;

/// Characters of a reason.
const REASON: RangeInclusive<usize> = 5..=500;

/// Returns how many rows are wanted.
pub fn limit(wanted: Option<u32>) -> Result<usize> {
    match wanted.unwrap_or(ROWS_MAX) {
        rows @ 1..=ROWS_MAX => Ok(rows as usize),
        _ => Err(Problem::unprocessable("insight.query.limit_out_of_range").with("max", ROWS_MAX)),
    }
}

/// Checks why somebody wants a file.
pub fn check_reason(reason: &str) -> Result<&str> {
    let reason = reason.trim();
    if REASON.contains(&reason.chars().count()) {
        return Ok(reason);
    }
    Err(Problem::unprocessable("insight.query.reason_needed")
        .with("min", REASON.start())
        .with("max", REASON.end()))
}

/// Returns the kind of an answer's values for a kind of column.
pub fn kind(kind: ColumnKind) -> AnswerKind {
    match kind {
        ColumnKind::Text => AnswerKind::Text,
        ColumnKind::Integer => AnswerKind::Integer,
        ColumnKind::Real => AnswerKind::Number,
        ColumnKind::Boolean => AnswerKind::Boolean,
        ColumnKind::Time => AnswerKind::Time,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_hold() {
        assert_eq!(limit(None).expect("the most"), 10_000);
        assert_eq!(limit(Some(1)).expect("one"), 1);
        assert!(limit(Some(0)).is_err() && limit(Some(10_001)).is_err());
        assert_eq!(check_reason("  monthly report ").expect("a reason"), "monthly report");
        assert!(check_reason("why").is_err() && check_reason(&"x".repeat(501)).is_err());
    }
}
