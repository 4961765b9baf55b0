use axum::extract::State;
use http_kit::{AppState, Body, IfMatch, Params, PathOf, Reply, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery};

use super::report::{self, CountsWanted};
use super::{
    ChangePlannedEvent, NewPlannedEvent, PlanBreach, PlanFilter, PlannedEvent, PlannedEventHistory,
    TriedEvent, TryPlannedEvent, UnplannedName, service,
};
use crate::permissions::{SOURCE_MANAGE, SOURCE_READ};

/// Lists planned events, by name.
#[utoipa::path(get, path = "/api/v1/customers/plan/events", operation_id = "list_planned_events", tag = "customers",
    params(PageQuery, PlanFilter), responses((status = 200, body = Page<PlannedEvent>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<PlanFilter>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &page, &filter).await?))
}

/// Plans an event.
#[utoipa::path(post, path = "/api/v1/customers/plan/events", operation_id = "create_planned_event", tag = "customers",
    request_body = NewPlannedEvent, responses((status = 201, body = PlannedEvent)))]
async fn create(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(new): Body<NewPlannedEvent>,
) -> http_kit::Result<Reply> {
    Ok(Reply::created(&caller, &service::create(&app, &caller, &new).await?))
}

/// Shows a planned event and what it was before.
#[utoipa::path(get, path = "/api/v1/customers/plan/events/{id}", operation_id = "get_planned_event",
    tag = "customers", params(("id" = Id, Path)), responses((status = 200, body = PlannedEventHistory)))]
async fn get(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::find(&app, id).await?))
}

/// Changes a planned event; what it was stays as a version.
#[utoipa::path(put, path = "/api/v1/customers/plan/events/{id}", operation_id = "change_planned_event",
    tag = "customers", params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = ChangePlannedEvent,
    responses((status = 200, body = PlannedEvent)))]
async fn change(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(wanted): Body<ChangePlannedEvent>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::change(&app, &caller, id, version, &wanted).await?))
}

/// Says in what an event breaks a definition, whatever its state; nothing is kept.
#[utoipa::path(post, path = "/api/v1/customers/plan/events/{id}/try", operation_id = "try_planned_event",
    tag = "customers", params(("id" = Id, Path)), request_body = TryPlannedEvent,
    responses((status = 200, body = TriedEvent)))]
async fn try_out(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Body(tried): Body<TryPlannedEvent>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::try_out(&app, id, &tried).await?))
}

/// Lists names of events that nobody planned, those that come most often first.
#[utoipa::path(get, path = "/api/v1/customers/plan/unplanned", operation_id = "list_unplanned_events",
    tag = "customers", params(CountsWanted), responses((status = 200, body = Page<UnplannedName>)))]
async fn unplanned(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(wanted): Params<CountsWanted>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &report::unplanned(&app, &wanted).await?))
}

/// Lists in what events broke the plan, what happens most often first.
#[utoipa::path(get, path = "/api/v1/customers/plan/breaches", operation_id = "list_plan_breaches",
    tag = "customers", params(CountsWanted), responses((status = 200, body = Page<PlanBreach>)))]
async fn breaches(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(wanted): Params<CountsWanted>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &report::breaches(&app, &wanted).await?))
}

/// The operations on the tracking plan.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(SOURCE_READ))
        .add(operations!(create), needs(SOURCE_MANAGE))
        .add(operations!(get), needs(SOURCE_READ))
        .add(operations!(change), needs(SOURCE_MANAGE))
        .add(operations!(try_out), needs(SOURCE_READ))
        .add(operations!(unplanned), needs(SOURCE_READ))
        .add(operations!(breaches), needs(SOURCE_READ))
}
