use store::{Query, Value, args};

store::sql! {
    /// One clock.
    pub FIND = "SELECT id, subject_noun, subject_id, kind, calendar_id, calendar_version, follows, budget_seconds, \
        state, started_at, remaining_ms, last_event_at, due_at, stopped_at, breached_at, version \
        FROM rulebook_clock WHERE id = $1";
    /// Keeps a clock that starts.
    pub INSERT = "INSERT INTO rulebook_clock \
        (id, subject_noun, subject_id, kind, calendar_id, calendar_version, follows, receiver_calendar_id, \
         budget_seconds, state, started_at, remaining_ms, last_event_at, due_at, stopped_at, breached_at, \
         version, created_at, updated_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'running', $10, $11, $10, $12, NULL, NULL, 1, $13, $13)";
    /// Keeps what the events of a clock come to.
    pub SETTLE = "UPDATE rulebook_clock SET calendar_id = $3, calendar_version = $4, budget_seconds = $5, \
        state = $6, started_at = $7, remaining_ms = $8, last_event_at = $9, due_at = $10, stopped_at = $11, \
        breached_at = $12, version = version + 1, updated_at = $13 WHERE id = $1 AND version = $2";
    /// Keeps an event.
    pub RECORD = "INSERT INTO rulebook_clock_event \
        (clock_id, position, act, calendar_id, calendar_version, budget_seconds, happened_at, recorded_at, recorded_by) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    /// Events of a clock, in the order in which they were recorded.
    pub EVENTS = "SELECT position, act, calendar_id, calendar_version, budget_seconds, happened_at, recorded_at \
        FROM rulebook_clock_event WHERE clock_id = $1 ORDER BY position";
    /// Keeps a step of a ladder.
    pub ADD_STEP = "INSERT INTO rulebook_clock_step \
        (clock_id, step, basis, amount, waits, fire_at, wake_at) VALUES ($1, $2, $3, $4, $5, $6, $6)";
    /// Steps of a clock.
    pub STEPS = "SELECT step, basis, amount, waits, fire_at, deferred_to, fired_at FROM rulebook_clock_step \
        WHERE clock_id = $1 ORDER BY COALESCE(fired_at, fire_at), step";
    /// Says when a step comes due that has not fired; nothing: not while the clock stands still.
    pub MOVE_STEP = "UPDATE rulebook_clock_step SET fire_at = $3, wake_at = $3, deferred_to = NULL \
        WHERE clock_id = $1 AND step = $2 AND fired_at IS NULL";
    /// Due times that a clock had, newest first.
    pub FORMER = "SELECT calendar_version, due_at, replaced_at FROM rulebook_clock_due \
        WHERE clock_id = $1 ORDER BY calendar_version DESC";
    /// Notes that the time of running clocks ran out.
    pub NOTE_BREACHES = "UPDATE rulebook_clock SET breached_at = due_at \
        WHERE state = 'running' AND due_at < $1 AND breached_at IS NULL";
    /// Steps that are to be looked at.
    pub AWAKE = "SELECT s.clock_id, s.step, s.waits, s.fire_at, k.subject_noun, k.subject_id, k.kind, k.due_at, \
        k.receiver_calendar_id, c.version AS receiver_version FROM rulebook_clock_step s \
        JOIN rulebook_clock k ON k.id = s.clock_id JOIN rulebook_calendar c ON c.id = k.receiver_calendar_id \
        WHERE s.wake_at <= $1 ORDER BY s.wake_at, s.clock_id, s.step LIMIT 500";
    /// Lets a step wait for the receiver's hours.
    pub DEFER = "UPDATE rulebook_clock_step SET deferred_to = $3, wake_at = $3 \
        WHERE clock_id = $1 AND step = $2 AND fired_at IS NULL";
    /// Fires a step that has not fired.
    pub FIRE = "UPDATE rulebook_clock_step SET fired_at = $3, wake_at = NULL \
        WHERE clock_id = $1 AND step = $2 AND fired_at IS NULL AND wake_at IS NOT NULL";
    /// Clocks that follow a calendar and were counted by an earlier version, by id.
    pub OUTDATED = "SELECT id, subject_noun, subject_id, kind, calendar_id, calendar_version, follows, \
        budget_seconds, state, started_at, remaining_ms, last_event_at, due_at, stopped_at, breached_at, version \
        FROM rulebook_clock WHERE calendar_id = $1 AND id > $2 AND state IN ('running', 'paused') AND follows \
        AND calendar_version < $3 ORDER BY id LIMIT $4";
    /// Events of clocks that more than one thing happened to.
    pub EVENTS_BETWEEN = "SELECT e.clock_id, e.act, e.calendar_id, e.calendar_version, e.budget_seconds, \
        e.happened_at FROM rulebook_clock k JOIN rulebook_clock_event e ON e.clock_id = k.id \
        WHERE k.id >= $1 AND k.id <= $2 AND k.calendar_id = $3 AND k.version > 1 ORDER BY e.clock_id, e.position";
    /// Steps of clocks that have not fired.
    pub STEPS_BETWEEN = "SELECT s.clock_id, s.step, s.basis, s.amount FROM rulebook_clock_step s \
        JOIN rulebook_clock k ON k.id = s.clock_id \
        WHERE s.clock_id >= $1 AND s.clock_id <= $2 AND k.calendar_id = $3 AND s.wake_at IS NOT NULL";
    /// Says of clocks that they are counted by a version.
    pub PIN_BETWEEN = "UPDATE rulebook_clock SET calendar_version = $4 WHERE calendar_id = $3 AND id >= $1 \
        AND id <= $2 AND state IN ('running', 'paused') AND follows AND calendar_version < $4";
}

/// Clocks; conditions follow.
pub const LIST: &str = "SELECT id, subject_noun, subject_id, kind, calendar_id, calendar_version, follows, \
    budget_seconds, state, started_at, remaining_ms, last_event_at, due_at, stopped_at, breached_at, version \
    FROM rulebook_clock WHERE TRUE";
/// Keeps due times that clocks had.
pub const FORMER_HEAD: &str =
    "INSERT INTO rulebook_clock_due (clock_id, calendar_version, due_at, replaced_at) VALUES";
/// A recount that was broken off after its commit is not kept twice.
pub const FORMER_TAIL: &str = "ON CONFLICT (clock_id, calendar_version) DO NOTHING";

/// Rows in one multi-row update.
const UPDATE_ROWS: usize = 200;

/// Puts together updates of many clocks: id, remaining work, due time, when the time ran out.
pub fn settle_many(rows: Vec<[Value; 4]>) -> Vec<Query> {
    many(
        "WITH v (id, remaining_ms, due_at, breached_at) AS (VALUES ",
        rows.into_iter().map(|row| row.to_vec()).collect(),
        ") UPDATE rulebook_clock SET remaining_ms = v.remaining_ms, due_at = v.due_at, \
         breached_at = v.breached_at FROM v WHERE rulebook_clock.id = v.id",
    )
}

/// Puts together updates of many steps: clock, step, when it comes due.
pub fn move_steps(rows: Vec<[Value; 3]>) -> Vec<Query> {
    many(
        "WITH v (clock_id, step, fire_at) AS (VALUES ",
        rows.into_iter().map(|row| row.to_vec()).collect(),
        ") UPDATE rulebook_clock_step SET fire_at = v.fire_at, wake_at = v.fire_at, deferred_to = NULL FROM v \
         WHERE rulebook_clock_step.clock_id = v.clock_id AND rulebook_clock_step.step = v.step",
    )
}

fn many(head: &'static str, rows: Vec<Vec<Value>>, tail: &'static str) -> Vec<Query> {
    let mut queries = Vec::new();
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let mut query = Query::new(head, args![]);
        for (place, row) in rows.by_ref().take(UPDATE_ROWS).enumerate() {
            query.push(if place == 0 { "(" } else { ", (" });
            for (column, value) in row.into_iter().enumerate() {
                if column > 0 {
                    query.push(", ");
                }
                query.bind(value);
            }
            query.push(")");
        }
        query.push(tail);
        queries.push(query);
    }
    queries
}
