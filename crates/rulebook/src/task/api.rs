use axum::extract::State;
use http_kit::{AppState, Params, Reply, Routes, Who, operations, signed_in};
use kernel::{Page, PageQuery};

use super::{Task, TaskCount, TaskFilter, service};

/// Lists tasks, the most urgent first.
#[utoipa::path(get, path = "/api/v1/rulebook/tasks", operation_id = "list_tasks", tag = "rulebook",
    params(PageQuery, TaskFilter), responses((status = 200, body = Page<Task>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<TaskFilter>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, &page, &filter).await?))
}

/// Counts the open tasks that wait for the caller.
#[utoipa::path(get, path = "/api/v1/rulebook/task-count", operation_id = "count_tasks", tag = "rulebook",
    responses((status = 200, body = TaskCount)))]
async fn count(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::count(&app, &caller).await?))
}

/// Returns the operations of tasks.
pub fn routes() -> Routes {
    Routes::new().add(operations!(list), signed_in()).add(operations!(count), signed_in())
}
