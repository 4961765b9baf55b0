use axum::extract::State;
use http_kit::{AppState, Body, IfMatch, Params, PathOf, Reply, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery};

use super::{AddSuppression, LiftSuppression, Suppression, SuppressionFilter, service};
use crate::permissions::{SUPPRESSION_EDIT, SUPPRESSION_READ};

/// Lists addresses that nothing goes to, newest first.
#[utoipa::path(get, path = "/api/v1/customers/suppressions", operation_id = "list_suppressions", tag = "customers",
    params(PageQuery, SuppressionFilter), responses((status = 200, body = Page<Suppression>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<SuppressionFilter>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, &page, &filter).await?))
}

/// Puts an address on the list; answers what is in force for it.
#[utoipa::path(post, path = "/api/v1/customers/suppressions", operation_id = "add_suppression", tag = "customers",
    request_body = AddSuppression, responses((status = 200, body = Page<Suppression>)))]
async fn add(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(entry): Body<AddSuppression>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &Page::whole(service::add(&app, &caller, entry).await?)))
}

/// Takes an address off the list.
#[utoipa::path(post, path = "/api/v1/customers/suppressions/{id}/lift", operation_id = "lift_suppression",
    tag = "customers", params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = LiftSuppression,
    responses((status = 200, body = Suppression)))]
async fn lift(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(why): Body<LiftSuppression>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::lift(&app, &caller, id, version, &why).await?))
}

/// The operations on the suppression list.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(SUPPRESSION_READ))
        .add(operations!(add), needs(SUPPRESSION_EDIT))
        .add(operations!(lift), needs(SUPPRESSION_EDIT))
}
