use axum::extract::State;
use http_kit::{AppState, Reply, Routes, Who, operations, signed_in};
use kernel::Page;

use super::{PostLoad, service};

/// Lists what is open on each post against what its people can carry.
#[utoipa::path(get, path = "/api/v1/identity/workload", operation_id = "list_workload", tag = "identity",
    responses((status = 200, body = Page<PostLoad>)))]
async fn list(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &Page::whole(service::list(&app).await?)))
}

/// The operations on the workload.
pub fn routes() -> Routes {
    Routes::new().add(operations!(list), signed_in())
}
