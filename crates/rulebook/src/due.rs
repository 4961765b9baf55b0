//! Time limit (时限): until when something is due that begins now.

use http_kit::App;
use kernel::{DAY_MS, HOUR_MS, MINUTE_MS, Problem, Result, Timestamp};
use store::Tx;

use crate::machine::DueSpec;
use crate::parameter::{self, Value};

/// Returns when something is due that begins at `from`; a limit that a field holds is no concern of this.
pub async fn after(tx: &mut Tx, app: &App, due: &DueSpec, from: Timestamp) -> Result<Timestamp> {
    let _ = app;
    if let Some(days) = due.days {
        return Ok(from.plus_days(days));
    }
    if let Some(hours) = due.working_hours {
        return Ok(from.plus_ms(hours * HOUR_MS));
    }
    if let Some(days) = due.working_days {
        return Ok(from.plus_ms(days * DAY_MS));
    }
    match &due.parameter {
        Some(key) => match parameter::get_in(tx, key).await? {
            Value::Days(days) => Ok(from.plus_days(days)),
            Value::Minutes(minutes) => Ok(from.plus_ms(minutes * MINUTE_MS)),
            _ => Err(Problem::internal(format!("policy parameter {key} is no length of time"))),
        },
        None => Err(Problem::internal("a time limit without a length")),
    }
}
