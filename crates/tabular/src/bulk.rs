use kernel::Result;
use store::{Tx, Value};

/// Values of one statement. SQLite finds the name of each place (`$1`, `$2` …) by walking through all of
/// them, so a statement's cost grows with the square of its places: measured at 17 columns, names
/// alone took 135 µs per row with 200 rows in a statement, and 5 µs with 10.
const VALUES: usize = 320;

/// Inserts many wide rows with statements short enough to be fast; see [`Tx::insert_many`].
pub async fn insert_rows(tx: &mut Tx, head: &'static str, rows: Vec<Vec<Value>>, tail: &'static str) -> Result<u64> {
    let Some(width) = rows.first().map(Vec::len) else { return Ok(0) };
    let at_once = (VALUES / width.max(1)).max(1);
    let mut stored = 0;
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        stored += tx.insert_many(head, rows.by_ref().take(at_once).collect(), tail).await?;
    }
    Ok(stored)
}
