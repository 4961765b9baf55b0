use lake::sql::Filled;
use serde_json::Value as Json;
use store::{Query, args};

use super::Spec;

/// Rows of a page.
pub const PAGE_ROWS: i64 = 5_000;

/// Rows of a view behind a key, in the order of the key: the columns of the copy, then the key.
pub fn page(spec: &Spec, after: Option<&[Json]>) -> Query {
    let mut query = Query::new("SELECT ", args![]);
    let stored = spec.table.columns.iter().filter(|column| column.filled == Filled::Stored);
    names(&mut query, stored.map(|column| column.name).chain(spec.key.iter().copied()));
    query.push(" FROM ").push(spec.view).push(" WHERE TRUE");
    if let Some(after) = after {
        query.push(" AND (");
        names(&mut query, spec.key.iter().copied());
        query.push(") > (");
        for (place, value) in after.iter().enumerate() {
            if place > 0 {
                query.push(", ");
            }
            match value.as_i64() {
                Some(number) => query.bind(number),
                None => query.bind(value.as_str().unwrap_or_default()),
            };
        }
        query.push(")");
    }
    query.push(" ORDER BY ");
    names(&mut query, spec.key.iter().copied());
    query.push(" LIMIT ").bind(PAGE_ROWS);
    query
}

fn names(query: &mut Query, names: impl Iterator<Item = &'static str>) {
    for (place, name) in names.enumerate() {
        if place > 0 {
            query.push(", ");
        }
        query.push(name);
    }
}

/// How many rows a view has, and the latest value of what they grow by.
pub fn grown(view: &'static str, column: &'static str) -> Query {
    let mut query = Query::new("SELECT CAST(COUNT(*) AS BIGINT) AS rows, MAX(", args![]);
    query.push(column).push(") AS latest FROM ").push(view);
    query
}
