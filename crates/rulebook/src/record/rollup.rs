use std::collections::BTreeSet;
use std::sync::Arc;

use http_kit::App;
use kernel::{Id, Result, Timestamp, View};
use serde_json::{Map, Value as Json, json};
use store::{Query, Tx, args};

use super::sql;
use super::write::{Row, compute, store_row};
use crate::Rulebook;
use crate::expr::Condition;
use crate::record_type::intern::intern;
use crate::record_type::{FieldSpec, RecordType, RollupFigure, RollupSpec};

/// Sums the records up that the written one refers to, or referred to before.
pub async fn of_parents(
    tx: &mut Tx,
    app: &App,
    record_type: &Arc<RecordType>,
    before: &Map<String, Json>,
    after: &Map<String, Json>,
) -> Result<()> {
    let book = app.part::<Rulebook>()?;
    for parent in book.record_types() {
        let of_this =
            |field: &&FieldSpec| field.rollup.as_ref().is_some_and(|r| r.record == record_type.spec.id);
        let fields: Vec<&FieldSpec> = parent.spec.fields.iter().filter(of_this).collect();
        let references: BTreeSet<&str> =
            fields.iter().filter_map(|f| Some(f.rollup.as_ref()?.by.as_str())).collect();
        let ids = references.iter().flat_map(|by| [before.get(*by), after.get(*by)]);
        let ids: BTreeSet<Id> = ids.flatten().filter_map(|value| value.as_str()?.parse().ok()).collect();
        for id in ids {
            recompute(tx, app, parent, &fields, id).await?;
        }
    }
    Ok(())
}

/// Computes the rollups of one record anew; a figure that stays the same writes nothing.
async fn recompute(
    tx: &mut Tx,
    app: &App,
    parent: &Arc<RecordType>,
    fields: &[&FieldSpec],
    id: Id,
) -> Result<()> {
    tx.lock(parent.noun, id).await?;
    let Some(before) =
        tx.find::<Row>(sql::FIND, args![id]).await?.filter(|row| row.type_id == parent.spec.id)
    else {
        return Ok(());
    };
    let mut row = before.clone();
    for field in fields {
        let Some(rollup) = &field.rollup else { continue };
        let condition = parent.rollups.get(&field.key).and_then(Option::as_ref);
        match figure(tx, app, field, rollup, condition, id).await? {
            Some(value) => drop(row.document.insert(field.key.clone(), value)),
            None => drop(row.document.remove(&field.key)),
        }
    }
    let now = tx.now();
    compute(app, parent, &mut row, now)?;
    if row.document == before.document {
        return Ok(());
    }
    // What is computed is no change that somebody made: version and history stay, so that nobody's edit clashes.
    store_row(tx, &before, &row).await
}

async fn figure(
    tx: &mut Tx,
    app: &App,
    field: &FieldSpec,
    rollup: &RollupSpec,
    condition: Option<&Condition>,
    id: Id,
) -> Result<Option<Json>> {
    let view = super::names::record_type(app, &rollup.record)?.view;
    let mut query = Query::new(sql::COLUMNS, args![]);
    push_figure(&mut query, rollup.figure, rollup.of.as_deref(), condition, &view, tx.now())?;
    query.push(" FROM ").push(view.name).push(" WHERE ");
    query.push(intern(&rollup.by)).push(" = ").bind(id);
    if let (Some(condition), true) = (condition, rollup.figure != RollupFigure::Share) {
        query.push(" AND ");
        condition.push_sql(&mut query, &view, &Default::default(), tx.now())?;
    }
    if rollup.figure == RollupFigure::Latest {
        query.push(" ORDER BY created_at DESC, id DESC LIMIT 1");
    }
    let found: Option<f64> = tx.list::<Option<f64>>(query).await?.into_iter().next().flatten();
    Ok(found.map(|value| number(field, value)))
}

/// Appends a figure over the rows of a view, as a float; the share of those on which the condition holds, where it is one.
pub fn push_figure(
    query: &mut Query,
    figure: RollupFigure,
    of: Option<&str>,
    condition: Option<&Condition>,
    view: &View,
    now: Timestamp,
) -> Result<()> {
    let of = of.and_then(|of| view.column(of)).map_or("1", |column| column.name);
    match figure {
        RollupFigure::Count => query.push("CAST(COUNT(*) AS DOUBLE PRECISION)"),
        RollupFigure::Sum => query.push("CAST(SUM(").push(of).push(") AS DOUBLE PRECISION)"),
        RollupFigure::Least => query.push("CAST(MIN(").push(of).push(") AS DOUBLE PRECISION)"),
        RollupFigure::Greatest => query.push("CAST(MAX(").push(of).push(") AS DOUBLE PRECISION)"),
        RollupFigure::Latest => query.push("CAST(").push(of).push(" AS DOUBLE PRECISION)"),
        RollupFigure::Mean => query.push("CAST(AVG(").push(of).push(") AS DOUBLE PRECISION)"),
        RollupFigure::Share => {
            // A share of whole numbers is NUMERIC in PostgreSQL, which no float is read from.
            query.push("CAST(100.0 * SUM(CASE WHEN ");
            match condition {
                Some(condition) => condition.push_sql(query, view, &Default::default(), now)?,
                None => drop(query.push("TRUE")),
            }
            query.push(" THEN 1.0 ELSE 0.0 END) / NULLIF(COUNT(*), 0) AS DOUBLE PRECISION)")
        }
    };
    query.push(" AS figure");
    Ok(())
}

/// Returns a figure as its field takes it.
#[expect(clippy::cast_possible_truncation, reason = "a sum of whole numbers")]
pub fn number(field: &FieldSpec, value: f64) -> Json {
    let whole = crate::record_type::rules::kind(field) == Some(crate::expr::Kind::Integer);
    if whole { json!(value.round() as i64) } else { json!((value * 1e6).round() / 1e6) }
}
