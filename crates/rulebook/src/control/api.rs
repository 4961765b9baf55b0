use std::collections::BTreeMap;

use axum::extract::State;
use http_kit::{App, AppState, Params, PathOf, Reply, Routes, Who, needs, operations};
use kernel::{Language, Page, Problem, Result};

use super::{ControlFilter, ControlView, shown};
use crate::Rulebook;
use crate::clause::weekly;
use crate::permissions::CLAUSE_READ;
use crate::run::{self, Point, rules};

/// Lists controls, each with its newest run.
#[utoipa::path(get, path = "/api/v1/rulebook/controls", operation_id = "list_controls", tag = "rulebook",
    params(ControlFilter), responses((status = 200, body = Page<ControlView>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(filter): Params<ControlFilter>,
) -> http_kit::Result<Reply> {
    let mut controls = all(&app, caller.language).await?;
    controls.retain(|control| {
        filter.clause.as_ref().is_none_or(|clause| control.clauses.contains_key(clause))
            && filter
                .verdict
                .is_none_or(|verdict| control.run.as_ref().is_some_and(|run| run.verdict == verdict))
    });
    Ok(Reply::page(&caller, &Page::whole(controls)))
}

/// Shows a control with its newest run.
#[utoipa::path(get, path = "/api/v1/rulebook/controls/{id}", operation_id = "get_control", tag = "rulebook",
    params(("id" = String, Path, max_length = 200)), responses((status = 200, body = ControlView)))]
async fn get(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<String>,
) -> http_kit::Result<Reply> {
    let found = all(&app, caller.language).await?.into_iter().find(|control| control.id == id);
    Ok(Reply::row(&caller, &found.ok_or_else(|| Problem::not_found("access.not_found"))?))
}

/// Returns every control with its newest run.
pub(crate) async fn all(app: &App, language: Language) -> Result<Vec<ControlView>> {
    let book = app.part::<Rulebook>()?.snapshot();
    let (runs, points) = (run::latest(app).await?, run::points(app).await?);
    let weeks = rules::weeks(app.store.now());
    let mut by_control: BTreeMap<&str, Vec<&Point>> = BTreeMap::new();
    for point in &points {
        by_control.entry(&point.control_id).or_default().push(point);
    }
    let views = book.controls().iter().map(|control| {
        let points = by_control.get(control.spec.id.as_str()).map_or(&[][..], Vec::as_slice);
        let trend = weekly(&weeks, &[rules::trend(points, &weeks)]);
        shown(control, language, run::of_control(app, language, control, &runs), trend)
    });
    Ok(views.collect())
}

/// Returns the operations of controls.
pub fn routes() -> Routes {
    Routes::new().add(operations!(list), needs(CLAUSE_READ)).add(operations!(get), needs(CLAUSE_READ))
}
