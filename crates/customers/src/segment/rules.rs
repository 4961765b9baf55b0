use kernel::{Problem, Result};

use super::{NewSegment, SegmentPatch, SegmentState};

const NAME_MAX: usize = 100;
const DESCRIPTION_MAX: usize = 1_000;

/// Checks the bounds of a new segment; its condition is checked by itself.
pub fn check_new(new: &NewSegment) -> Result<()> {
    check(Some(&new.name), Some(&new.description))
}

/// Checks the bounds of a change.
pub fn check_patch(patch: &SegmentPatch) -> Result<()> {
    check(patch.name.as_deref(), patch.description.as_deref())
}

fn check(name: Option<&str>, description: Option<&str>) -> Result<()> {
    let mut problem = Problem::unprocessable("customers.segment.invalid");
    if name.is_some_and(|name| name.trim().is_empty()) {
        problem = problem.with_field("name", "customers.field.blank");
    }
    if name.is_some_and(|name| name.chars().count() > NAME_MAX || name.chars().any(char::is_control)) {
        problem = problem.with_field("name", "customers.field.text_invalid");
    }
    if description.is_some_and(|text| text.chars().count() > DESCRIPTION_MAX) {
        problem = problem.with_field("description", "customers.field.text_invalid");
    }
    if problem.fields.is_empty() { Ok(()) } else { Err(problem) }
}

/// Returns the state after a change; `active` is what the change asks for.
pub fn state_after(before: SegmentState, active: Option<bool>) -> Result<SegmentState> {
    match (before, active) {
        (_, Some(true)) => Ok(SegmentState::Active),
        (SegmentState::Active, Some(false)) => Err(Problem::conflict("customers.segment.in_use_already")),
        (SegmentState::Archived, _) => Err(Problem::conflict("customers.segment.archived")),
        (state, _) => Ok(state),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archived_segment_is_revived_before_it_changes() {
        assert!(state_after(SegmentState::Archived, None).is_err());
        assert_eq!(state_after(SegmentState::Archived, Some(true)).ok(), Some(SegmentState::Active));
        assert_eq!(state_after(SegmentState::Draft, None).ok(), Some(SegmentState::Draft));
        assert!(state_after(SegmentState::Active, Some(false)).is_err());
    }

    #[test]
    fn a_name_is_needed_and_bounded() {
        assert!(check(Some("常客"), Some("")).is_ok());
        assert!(check(Some("  "), None).is_err());
        assert!(check(Some(&"长".repeat(101)), None).is_err());
    }
}
