//! What comes from where no register knows (登记外来源): each value of a view's column that no record of a register names
//! opens one record, once.

use std::collections::BTreeSet;
use std::sync::Arc;

use http_kit::App;
use kernel::{Caller, Id, Result, Timestamp};
use serde_json::{Map, Value as Json, json};
use store::{Query, args};

use super::write::{Draft, make};
use super::{effects, names, sql, work};
use crate::Rulebook;
use crate::record_type::intern::intern;
use crate::record_type::{GatheredSpec, RecordType};

/// Most values of a column that are looked at.
const VALUES_MAX: i64 = 1_000;
/// Most records that one look opens; what is more comes with the next.
const OPENED_MAX: usize = 50;

/// Looks at all columns; returns how many records were opened.
pub async fn gather(app: &App) -> Result<usize> {
    let types: Vec<Arc<RecordType>> = app.part::<Rulebook>()?.record_types().cloned().collect();
    let mut count = 0;
    for record_type in types {
        for spec in &record_type.spec.gathered {
            count += one(app, &record_type, spec).await?;
        }
    }
    Ok(count)
}

/// A value of the column, how often it stands there, first and last.
type Found = (String, i64, Timestamp, Timestamp);

async fn one(app: &App, record_type: &Arc<RecordType>, spec: &GatheredSpec) -> Result<usize> {
    // A view that nobody publishes yet has nothing in it.
    let Some(view) = app.view(&spec.view) else { return Ok(0) };
    let at = spec.at.as_deref().unwrap_or(view.at);
    let (Some(column), Some(at)) = (view.column(&spec.column), view.column(at)) else { return Ok(0) };
    let mut query = Query::new(sql::VALUES, args![]);
    query.push(column.name).push(" AS TEXT) AS value, CAST(COUNT(*) AS BIGINT) AS rows_count, MIN(");
    query.push(at.name).push(") AS first_at, MAX(").push(at.name).push(") AS last_at FROM ").push(view.name);
    query.push(" WHERE ").push(column.name).push(" IS NOT NULL AND ").push(at.name).push(" >= ");
    query.bind(app.store.now().plus_days(-spec.days));
    query.push(" GROUP BY ").push(column.name).push(" ORDER BY value LIMIT ").bind(VALUES_MAX);
    let found: Vec<Found> = app.store.list(query).await?;
    let known = known(app, record_type, spec).await?;
    let mut opened = 0;
    for found in found.iter().filter(|(value, ..)| !value.trim().is_empty() && !known.contains(&key(value))) {
        if opened == OPENED_MAX {
            break;
        }
        opened += usize::from(open(app, record_type, spec, found).await?);
    }
    Ok(opened)
}

/// Two spellings of one code are one code.
fn key(value: &str) -> String {
    value.trim().to_lowercase()
}

/// Returns what the registers know, and what was opened already.
async fn known(app: &App, record_type: &RecordType, spec: &GatheredSpec) -> Result<BTreeSet<String>> {
    let mut known = BTreeSet::new();
    for register in &spec.known_as {
        let other = names::record_type(app, &register.record)?;
        let mut query = Query::new(sql::NAMES_OF, args![]);
        query.push(intern(&register.field)).push(" AS TEXT) AS value FROM ").push(other.view.name);
        query.push(" WHERE ended = FALSE AND ").push(intern(&register.field)).push(" IS NOT NULL");
        known.extend(app.store.list::<String>(query).await?.iter().map(|value| key(value)));
    }
    let mut query = Query::new(sql::NAMES_OF, args![]);
    query.push(intern(&spec.key)).push(" AS TEXT) AS value FROM ").push(record_type.view.name);
    query.push(" WHERE ").push(intern(&spec.key)).push(" IS NOT NULL");
    known.extend(app.store.list::<String>(query).await?.iter().map(|value| key(value)));
    Ok(known)
}

async fn open(
    app: &App,
    record_type: &Arc<RecordType>,
    spec: &GatheredSpec,
    (value, count, first_at, last_at): &Found,
) -> Result<bool> {
    let mut tx = app.store.begin(&Caller::system("rulebook")).await?;
    // Two who look at the same time open one.
    tx.lock(record_type.noun, Id::from_digest([0; 16])).await?;
    let mut again = Query::new(sql::NAMES_OF, args![]);
    again.push(intern(&spec.key)).push(" AS TEXT) AS value FROM ").push(record_type.view.name);
    again.push(" WHERE ").push(intern(&spec.key)).push(" = ").bind(value.trim());
    if !tx.list::<String>(again).await?.is_empty() {
        return Ok(false);
    }
    let now = tx.now();
    let facts = json!({ "value": value.trim(), "count": count, "first_at": first_at, "last_at": last_at });
    let facts: Map<String, Json> = facts.as_object().cloned().unwrap_or_default();
    let people = work::people(&mut tx, app, &facts, &spec.owner).await?;
    let mut values = effects::fill(app, record_type, &spec.values, &facts, None, now);
    values.insert(spec.key.clone(), json!(value.trim()));
    let draft = Draft {
        values,
        owner_id: people.first().copied(),
        department_id: None,
        brand_id: None,
        reason: Some(spec.view.clone()),
    };
    make(&mut tx, app, &Caller::system("rulebook"), record_type, draft).await?;
    tx.commit().await?;
    Ok(true)
}
