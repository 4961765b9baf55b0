use kernel::{Problem, Result};
use rusqlite::ErrorCode;
use rusqlite::ffi;

/// Turns an error of PostgreSQL into a problem, keeping what callers can act on.
pub(crate) fn problem(error: sqlx::Error) -> Problem {
    let Some(database) = error.as_database_error() else {
        return match error {
            sqlx::Error::PoolTimedOut => Problem::unavailable("store.busy"),
            other => Problem::internal(other),
        };
    };
    let code = database.code().unwrap_or_default().into_owned();
    if database.is_unique_violation() {
        return Problem::conflict("store.duplicate").with("detail", database.message());
    }
    if database.is_foreign_key_violation() {
        return Problem::conflict("store.referenced");
    }
    if database.is_check_violation() {
        return Problem::unprocessable("store.check_failed").with("detail", database.message());
    }
    match code.as_str() {
        // disk_full
        "53100" => Problem::new(507, "store.disk_full"),
        // lock_not_available, deadlock_detected, serialization_failure
        "55P03" | "40P01" | "40001" => Problem::unavailable("store.busy"),
        _ => Problem::internal(error),
    }
}

/// Turns an error of SQLite into a problem, keeping what callers can act on.
pub(crate) fn sqlite_problem(error: rusqlite::Error) -> Problem {
    let rusqlite::Error::SqliteFailure(failure, words) = &error else { return Problem::internal(error) };
    let words = words.clone().unwrap_or_default();
    match (failure.extended_code, failure.code) {
        (
            ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID,
            _,
        ) => Problem::conflict("store.duplicate").with("detail", words),
        (ffi::SQLITE_CONSTRAINT_FOREIGNKEY, _) => Problem::conflict("store.referenced"),
        (ffi::SQLITE_CONSTRAINT_CHECK, _) => {
            Problem::unprocessable("store.check_failed").with("detail", words)
        }
        (_, ErrorCode::DiskFull) => Problem::new(507, "store.disk_full"),
        (_, ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Problem::unavailable("store.busy"),
        _ => Problem::internal(error),
    }
}

/// Names the duplicate: turns any unique violation into a conflict that a person understands.
pub trait OnDuplicate {
    /// Replaces the code of a unique violation.
    fn on_duplicate(self, code: &'static str) -> Self;
}

impl<T> OnDuplicate for Result<T> {
    fn on_duplicate(self, code: &'static str) -> Self {
        self.map_err(|p| if p.code == "store.duplicate" { Problem::conflict(code) } else { p })
    }
}
