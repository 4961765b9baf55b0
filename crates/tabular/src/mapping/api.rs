use axum::extract::State;
use http_kit::{
    AppState, Body, IfMatch, NoContent, Params, PathOf, Reply, Result, Routes, Who, needs, operations,
};
use kernel::{Id, Page, PageQuery};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{Mapping, NewMapping, service};
use crate::permissions::{IMPORT_READ, IMPORT_RUN};

/// Which mappings to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct MappingFilter {
    /// Only for this noun.
    #[param(max_length = 60)]
    noun: Option<String>,
}

/// Lists saved mappings.
#[utoipa::path(get, path = "/api/v1/tabular/mappings", operation_id = "list_mappings", tag = "tabular", params(PageQuery, MappingFilter), responses((status = 200, body = Page<Mapping>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<MappingFilter>,
) -> Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, filter.noun.as_deref(), &page).await?))
}

/// Saves the mapping of an import for files with the same titles.
#[utoipa::path(post, path = "/api/v1/tabular/mappings", operation_id = "create_mapping", tag = "tabular", request_body = NewMapping, responses((status = 201, body = Mapping)))]
async fn create(State(app): State<AppState>, Who(caller): Who, Body(new): Body<NewMapping>) -> Result<Reply> {
    Ok(Reply::created(&caller, &service::create(&app, &caller, new).await?))
}

/// Puts a saved mapping away.
#[utoipa::path(delete, path = "/api/v1/tabular/mappings/{id}", operation_id = "archive_mapping", tag = "tabular", params(("id" = Id, Path), ("If-Match" = String, Header)), responses((status = 204)))]
async fn archive(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
) -> Result<NoContent> {
    service::archive(&app, &caller, id, version).await?;
    Ok(NoContent)
}

pub(crate) fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(IMPORT_READ))
        .add(operations!(create), needs(IMPORT_RUN))
        .add(operations!(archive), needs(IMPORT_RUN))
}
