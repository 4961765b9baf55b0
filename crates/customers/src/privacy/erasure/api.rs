use axum::extract::State;
use http_kit::{AppState, Body, IfMatch, Params, PathOf, Reply, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery};

use super::{Erasure, Readmit, service};
use crate::permissions::{PRIVACY_ERASE, PRIVACY_READ};

/// Lists who was erased, newest first.
#[utoipa::path(get, path = "/api/v1/customers/privacy/erasures", operation_id = "list_erasures", tag = "customers",
    params(PageQuery), responses((status = 200, body = Page<Erasure>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, &page).await?))
}

/// Lets somebody in again who came back of their own will.
#[utoipa::path(post, path = "/api/v1/customers/privacy/erasures/{id}/readmit", operation_id = "readmit_erased",
    tag = "customers", params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = Readmit,
    responses((status = 200, body = Erasure)))]
async fn readmit(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(wish): Body<Readmit>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::readmit(&app, &caller, id, version, &wish).await?))
}

/// The operations on erasures.
pub fn routes() -> Routes {
    Routes::new().add(operations!(list), needs(PRIVACY_READ)).add(operations!(readmit), needs(PRIVACY_ERASE))
}
