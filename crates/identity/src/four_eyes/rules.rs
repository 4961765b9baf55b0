use kernel::{Id, Problem, Result, Timestamp};

use super::{DeletionRequest, DeletionState};

/// Days for which a change can be taken back.
pub const RESTORE_DAYS: i64 = 30;
/// Longest target, in characters of its JSON.
pub const TARGET_MAX: usize = 64 * 1024;

/// Refuses the first person as the second, and a request that is decided.
pub fn require_decidable(request: &DeletionRequest, by: Option<Id>) -> Result<()> {
    if request.state != DeletionState::Pending {
        return Err(Problem::conflict("identity.deletion_request.decided"));
    }
    if by.is_none() || by == request.created_by {
        return Err(Problem::forbidden("identity.deletion_request.own"));
    }
    Ok(())
}

/// Refuses to take back what was not done, or too long ago.
pub fn require_restorable(request: &DeletionRequest, now: Timestamp) -> Result<()> {
    let in_time = request.restorable_until.is_some_and(|until| now < until);
    if request.state == DeletionState::Done && in_time {
        return Ok(());
    }
    Err(Problem::conflict("identity.deletion_request.not_restorable"))
}
