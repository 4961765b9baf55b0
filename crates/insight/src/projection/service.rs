use std::collections::BTreeMap;

use http_kit::App;
use kernel::{Id, Problem, Result};
use lake::sql::{Copied, Copying, Sql, Told};
use serde_json::Value as Json;
use store::aside;

use super::{SPECS, Spec, rules, sql};

/// Copies every table whose rows changed, and puts the copies in the place of those before, all at once; returns how many
/// rows were copied.
pub async fn refresh(app: &App) -> Result<u64> {
    let lake = app.part::<Sql>()?;
    let before: BTreeMap<String, Copied> =
        lake.copies().await?.into_iter().map(|copy| (copy.table_name.clone(), copy)).collect();
    let mut making = lake.begin_copies(Id::new())?;
    let (mut told, mut rows) = (Vec::new(), 0);
    for spec in SPECS {
        check(app, spec)?;
        // In this order: what comes in between is copied, and the watermark promises less than there is.
        let watermark = app.store.now();
        let fingerprint = fingerprint(app, spec).await?;
        let kept = rules::is_current(before.get(spec.table.name), &fingerprint, watermark);
        if !kept {
            rows += copy(app, spec, making.as_mut()).await?;
        }
        told.push(Told { table: spec.table, watermark, fingerprint, kept });
    }
    making.finish(&told).await?;
    Ok(rows)
}

fn check(app: &App, spec: &Spec) -> Result<()> {
    let view = app
        .view(spec.view)
        .ok_or_else(|| Problem::unavailable("port.not_connected").with("port", spec.view))?;
    match rules::missing(spec, &view) {
        Some(column) => Err(Problem::internal(format!("{} publishes no {column}", spec.view))),
        None => Ok(()),
    }
}

async fn fingerprint(app: &App, spec: &Spec) -> Result<String> {
    let Some((view, column)) = spec.grows else { return Ok(String::new()) };
    let found: Vec<(i64, Option<i64>)> = app.store.list(sql::grown(view, column)).await?;
    Ok(found.first().map(|(rows, latest)| format!("{rows}/{}", latest.unwrap_or(0))).unwrap_or_default())
}

async fn copy(app: &App, spec: &Spec, making: &mut dyn Copying) -> Result<u64> {
    let mut after: Option<Vec<Json>> = None;
    let mut rows = 0;
    loop {
        let page: Vec<Vec<Json>> = app.store.list(sql::page(spec, after.as_deref())).await?;
        rows += page.len() as u64;
        aside(|| making.add(&spec.table, &page))?;
        let whole = page.len() as i64 == sql::PAGE_ROWS;
        match page.last() {
            Some(last) if whole => after = Some(last[last.len() - spec.key.len()..].to_vec()),
            _ => return Ok(rows),
        }
    }
}
