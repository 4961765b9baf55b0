use std::collections::BTreeMap;

use kernel::Result;
use store::{Tx, args};

use super::sql;
use crate::Rulebook;

/// Brings into the database which department answers for which clause; returns whether something changed.
pub async fn publish(tx: &mut Tx, book: &Rulebook) -> Result<bool> {
    let known: Vec<(String, String)> = tx.all(sql::OWNERS, args![]).await?;
    let known: BTreeMap<String, String> = known.into_iter().collect();
    let clauses = book.clauses().map(|(_, clause)| (clause.id.clone(), clause.department.clone()));
    let wanted: BTreeMap<String, String> = clauses.collect();
    if known == wanted {
        return Ok(false);
    }
    tx.exec(sql::DROP_OWNERS, args![]).await?;
    for (clause, department) in &wanted {
        tx.exec(sql::INSERT_OWNER, args![clause, department]).await?;
    }
    Ok(true)
}
