use axum::extract::State;
use http_kit::{AppState, Params, Reply, Routes, Who, operations, signed_in};
use kernel::{Page, PageQuery};

use super::{Colleague, ColleagueFilter, service};

/// Lists colleagues by name, to choose people from: name and department, nothing else.
#[utoipa::path(get, path = "/api/v1/people", operation_id = "list_colleagues", tag = "identity",
    params(PageQuery, ColleagueFilter), responses((status = 200, body = Page<Colleague>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<ColleagueFilter>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, &page, &filter).await?))
}

/// The operations on colleagues.
pub fn routes() -> Routes {
    Routes::new().add(operations!(list), signed_in())
}
