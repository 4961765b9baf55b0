//! What an import may become next, and the shape of what describes it.

use kernel::{Problem, Result};

use super::{Import, ImportState, Note};
use crate::reject::RejectRun;
use crate::target::{Reject, RowOutcome};

/// Source of rows whose import names none: one and the same, so that a file under another name is
/// found to be there already.
pub(crate) const SOURCE_DEFAULT: &str = "import";
/// Characters of a source.
const SOURCE_MAX: usize = 60;
/// Characters of a file's name.
pub(crate) const FILE_NAME_MAX: usize = 200;
/// Code of rows that were there already.
pub(crate) const PRESENT: &str = "tabular.row.present";

/// Refuses a source that is no name.
pub(crate) fn check_source(source: &str) -> Result<()> {
    let sound = !source.trim().is_empty()
        && source.trim() == source
        && source.chars().count() <= SOURCE_MAX
        && !source.chars().any(char::is_control);
    if sound {
        return Ok(());
    }
    let problem = Problem::unprocessable("tabular.import.invalid").with("max", SOURCE_MAX);
    Err(problem.with_field("source", "tabular.import.source"))
}

/// Refuses to correct an import whose rows are on their way.
pub(crate) fn check_correctable(import: &Import) -> Result<()> {
    check_state(import, &[ImportState::Ready])
}

/// Refuses to start what has ended; what failed or lost its worker goes on.
pub(crate) fn check_startable(import: &Import) -> Result<()> {
    check_state(import, &[ImportState::Ready, ImportState::Failed, ImportState::Running])
}

/// Refuses to take back what stored nothing or is on its way back.
pub(crate) fn check_undoable(import: &Import) -> Result<()> {
    check_state(import, &[ImportState::Running, ImportState::Done, ImportState::Failed, ImportState::Undoing])
}

fn check_state(import: &Import, allowed: &[ImportState]) -> Result<()> {
    if allowed.contains(&import.state) {
        return Ok(());
    }
    Err(Problem::conflict("tabular.import.wrong_state").with("state", import.state.as_str()))
}

/// Keeps what of a name can stand in a list and in a header: no folders, no control characters.
pub(crate) fn file_name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|c| !c.is_control()).take(FILE_NAME_MAX).collect();
    if clean.trim().is_empty() { "table".to_owned() } else { clean }
}

/// What became of the rows of one chunk.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Tally {
    pub stored: u64,
    pub rejected: u64,
    pub present: u64,
    pub rejects: Vec<RejectRun>,
}

/// Counts outcomes; neighbouring rows with the same reason share a line. Rows come in ascending order.
pub(crate) fn tally(outcomes: impl Iterator<Item = (u64, RowOutcome)>) -> Tally {
    let mut tally = Tally::default();
    for (number, outcome) in outcomes {
        let reject = match outcome {
            RowOutcome::Stored => {
                tally.stored += 1;
                continue;
            }
            RowOutcome::Unchanged => {
                tally.present += 1;
                Reject::new(PRESENT)
            }
            RowOutcome::Rejected(reject) => reject,
        };
        tally.rejected += 1;
        match tally.rejects.last_mut() {
            Some(run) if run.last_row + 1 == number as i64 && run.reason == reject => {
                run.last_row = number as i64
            }
            _ => tally.rejects.push(RejectRun::new(number, reject)),
        }
    }
    tally
}

/// Says what people should know of a file beside its layout.
pub(crate) fn file_notes(misnamed: bool, import: &Import) -> Vec<Note> {
    let mut notes = Vec::new();
    if misnamed {
        let is = match import.layout.packing {
            crate::file::Packing::Plain => import.layout.form.as_str(),
            packing => packing.as_str(),
        };
        notes.push(Note::new("tabular.note.misnamed").with("name", import.file_name.clone()).with("is", is));
    }
    if !import.layout.header {
        notes.push(Note::new("tabular.note.no_titles"));
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_with_the_same_reason_share_a_line() {
        let bad = || RowOutcome::from(Reject::new("a.b"));
        let outcomes = [
            (2, RowOutcome::Unchanged),
            (3, RowOutcome::Unchanged),
            (4, bad()),
            (5, RowOutcome::Stored),
            (6, bad()),
            (9, bad()),
        ];
        let tally = tally(outcomes.into_iter());
        assert_eq!((tally.stored, tally.rejected, tally.present), (1, 5, 2));
        let runs: Vec<_> = tally.rejects.iter().map(|run| (run.first_row, run.last_row)).collect();
        assert_eq!(runs, [(2, 3), (4, 4), (6, 6), (9, 9)]);
    }

    #[test]
    fn names_lose_their_folders() {
        assert_eq!(file_name("C:\\data\\订单.csv"), "订单.csv");
        assert_eq!(file_name("../../etc/passwd"), "passwd");
        assert_eq!(file_name(""), "table");
    }

    #[test]
    fn a_source_is_a_short_name() {
        assert!(check_source("till").is_ok());
        assert!(check_source(" till").is_err());
        assert!(check_source(&"x".repeat(61)).is_err());
    }
}
