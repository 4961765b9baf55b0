//! Sealing what lies plain, or under an older key: rows from before an upgrade, and all of them after a new data key.

use kernel::Result;

use crate::{Dialect, Query, Store, Tx, args, sealed};

/// Columns of a table that hold sealed text (加密列).
#[derive(Clone, Copy, Debug)]
pub struct SealedColumns {
    /// The table.
    pub table: &'static str,
    /// Its primary key, a text.
    pub key: &'static str,
    /// The columns.
    pub columns: &'static [&'static str],
    /// Which rows: a condition, `TRUE` for all.
    pub rows: &'static str,
}

/// A row as it was read: its key, and its columns opened.
#[derive(Clone, Debug)]
pub struct SealedRow {
    /// The key.
    pub key: String,
    /// The columns, in their order.
    pub values: Vec<Option<String>>,
}

impl SealedColumns {
    /// Returns how many rows are not sealed as values are now; reads the whole table.
    pub async fn remaining(&self, store: &Store) -> Result<i64> {
        let mark = store.vault().mark()?;
        let mut query = Query::new("SELECT CAST(COUNT(*) AS BIGINT) FROM ", args![]);
        query.push(self.table).push(" WHERE ").push(self.rows);
        self.push_unsealed(&mut query, &mark);
        Ok(store.list::<i64>(query).await?.into_iter().next().unwrap_or_default())
    }

    /// Seals rows with a key above `after`, at most `limit`, inside the caller's transaction; returns all that were looked
    /// at, in the order of their keys.
    pub async fn seal_some(&self, tx: &mut Tx, after: &str, limit: i64) -> Result<Vec<SealedRow>> {
        let mark = tx.vault().mark()?;
        let found: Vec<Vec<Option<String>>> = tx.list(self.page(tx.dialect(), after, limit, &mark)).await?;
        let mut rows = Vec::with_capacity(found.len());
        for mut values in found {
            let Some(Some(key)) = values.first().cloned() else { continue };
            values.remove(0);
            if values.pop().flatten().is_some() {
                tx.exec_query(self.update(&key, &values)).await?;
            }
            rows.push(SealedRow { key, values });
        }
        Ok(rows)
    }

    /// Key, columns, and something where any of them is to be sealed anew.
    fn page(&self, dialect: Dialect, after: &str, limit: i64, mark: &str) -> Query {
        let mut query = Query::new("SELECT ", args![]);
        query.push(self.key);
        for column in self.columns {
            query.push(", ").push(column);
        }
        query.push(", CASE WHEN TRUE");
        self.push_unsealed(&mut query, mark);
        query.push(" THEN 'x' END AS stale FROM ").push(self.table).push(" WHERE ").push(self.rows);
        query.push(" AND ").push(self.key).push(" > ").bind(after);
        query.push(" ORDER BY ").push(self.key).push(" LIMIT ").bind(limit);
        if dialect == Dialect::Postgres {
            // Whoever changes a row meanwhile waits, and is not overwritten.
            query.push(" FOR UPDATE");
        }
        query
    }

    /// ` AND (…)`: any of the columns holds something else than what the present key sealed.
    fn push_unsealed(&self, query: &mut Query, mark: &str) {
        query.push(" AND (FALSE");
        for column in self.columns {
            // Behind `sealed:v1:` stands which key it was.
            query.push(" OR SUBSTR(").push(column).push(", 11, 12) <> ").bind(mark);
        }
        query.push(")");
    }

    fn update(&self, key: &str, values: &[Option<String>]) -> Query {
        let mut query = Query::new("UPDATE ", args![]);
        query.push(self.table).push(" SET ");
        for (place, (column, value)) in self.columns.iter().zip(values).enumerate() {
            query
                .push(if place > 0 { ", " } else { "" })
                .push(column)
                .push(" = ")
                .bind(sealed(value.clone()));
        }
        query.push(" WHERE ").push(self.key).push(" = ").bind(key);
        query
    }
}
