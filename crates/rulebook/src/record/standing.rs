use kernel::{Day, Id, Result};
use serde_json::{Map, Value as Json};
use store::{Tx, args};

use super::sql;
use super::write::Row;

/// What a domain needs to know of a record that it names (记录现状).
#[derive(Clone, Debug)]
pub struct Standing {
    /// Where it stands; absent where its type has no machine.
    pub state: Option<String>,
    /// True where nothing more is to be done.
    pub ended: bool,
    values: Map<String, Json>,
}

impl Standing {
    /// Returns the day that one of its fields holds.
    pub fn day(&self, field: &str) -> Option<Day> {
        self.values.get(field)?.as_str()?.parse().ok().map(Day)
    }
}

/// Returns how a record of this type stands, inside the caller's transaction; nothing where there is none, or it was
/// put away.
pub async fn standing(tx: &mut Tx, type_id: &str, id: Id) -> Result<Option<Standing>> {
    let row: Option<Row> = tx.find(sql::FIND, args![id]).await?;
    let row = row.filter(|row| row.type_id == type_id && row.archived_at.is_none());
    Ok(row.map(|row| Standing { state: row.state, ended: row.ended, values: row.document }))
}
