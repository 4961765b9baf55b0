use kernel::{Problem, Result};

/// Turns a database error into a problem, keeping what callers can act on.
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
        // SQLITE_FULL and its extended codes; PostgreSQL's disk_full.
        "13" | "53100" => Problem::new(507, "store.disk_full"),
        // SQLITE_BUSY, SQLITE_LOCKED; PostgreSQL's lock_not_available and deadlock_detected.
        "5" | "6" | "517" | "55P03" | "40P01" | "40001" => Problem::unavailable("store.busy"),
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
