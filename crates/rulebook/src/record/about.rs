use kernel::{Id, Result};
use store::{Tx, args};

use super::sql;
use super::write::Row;

/// What a notice needs to say of a record (记录摘要).
pub struct About {
    /// Number and title; of what is confidential the number alone.
    pub name: String,
    /// Its page.
    pub link: String,
    /// Whose it is.
    pub owner_id: Option<Id>,
}

/// Returns what a notice needs to say of a record.
pub async fn about(tx: &mut Tx, id: Id) -> Result<Option<About>> {
    let row: Option<Row> = tx.find(sql::FIND, args![id]).await?;
    Ok(row.map(|row| About {
        link: format!("/records/{}/{}", row.type_id, row.id),
        owner_id: row.owner_id,
        name: match row.label > kernel::Label::Internal {
            true => row.number,
            false => format!("{} {}", row.number, row.title),
        },
    }))
}
