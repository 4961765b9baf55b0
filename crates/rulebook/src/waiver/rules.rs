use kernel::{Problem, Result, Timestamp};

use super::{NewWaiver, Waiver, WaiverState};
use crate::clause::Status;
use crate::parameter;

/// Checks a wanted waiver.
pub fn check(input: &NewWaiver, days_max: i64) -> Result<()> {
    let mut problem = Problem::unprocessable("rulebook.waiver.invalid");
    if !parameter::reason_fits(&input.reason) {
        problem = problem.with_field("reason", "rulebook.parameter.reason_length");
    }
    if !(1..=days_max).contains(&input.days) {
        problem = problem.with("days_max", days_max).with_field("days", "rulebook.waiver.days");
        for field in problem.fields.iter_mut().filter(|field| field.field == "days") {
            field.args.insert("max".to_owned(), days_max.into());
        }
    }
    // That nothing is known of a clause is no word over it.
    if input.shown_status == Status::Uncovered {
        problem = problem.with_field("shown_status", "rulebook.waiver.status");
    }
    if problem.fields.is_empty() { Ok(()) } else { Err(problem) }
}

/// Returns what the signature is over.
pub fn signed_bytes(waiver: &Waiver) -> Vec<u8> {
    let time = |at: Option<Timestamp>| at.map_or(String::new(), |at| at.ms().to_string());
    crate::signature::bytes(
        "rulebook.waiver",
        &[
            &waiver.id.to_string(),
            &waiver.clause_id,
            waiver.shown_status.as_str(),
            &waiver.reason,
            &waiver.requested_by.to_string(),
            &waiver.decided_by.map_or(String::new(), |id| id.to_string()),
            &time(waiver.decided_at),
            &time(waiver.expires_at),
        ],
    )
}

/// Returns whether a waiver stands, its signature apart.
pub fn stands(waiver: &Waiver, now: Timestamp) -> bool {
    waiver.state == WaiverState::Signed && waiver.expires_at.is_some_and(|end| now < end)
}
