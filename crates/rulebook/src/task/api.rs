use axum::extract::State;
use http_kit::{AppState, Body, Params, PathOf, Reply, Routes, Who, needs, operations, signed_in};
use kernel::{Id, Page, PageQuery};

use super::{Task, TaskCount, TaskExtension, TaskFilter, TaskReassignment, moving, service};
use crate::permissions::WORK_MANAGE;

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

/// Gives a task to somebody else, with a reason; a record that it is about changes hands with it.
#[utoipa::path(post, path = "/api/v1/rulebook/tasks/{id}/reassign", operation_id = "reassign_task", tag = "rulebook",
    params(("id" = Id, Path)), request_body = TaskReassignment, responses((status = 200, body = Task)))]
async fn reassign(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Body(to): Body<TaskReassignment>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &moving::reassign(&app, &caller, id, &to).await?))
}

/// Gives a task more time, with a reason; the date of the record that says so moves with it.
#[utoipa::path(post, path = "/api/v1/rulebook/tasks/{id}/extend", operation_id = "extend_task", tag = "rulebook",
    params(("id" = Id, Path)), request_body = TaskExtension, responses((status = 200, body = Task)))]
async fn extend(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Body(to): Body<TaskExtension>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &moving::extend(&app, &caller, id, &to).await?))
}

/// Returns the operations of tasks.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), signed_in())
        .add(operations!(count), signed_in())
        .add(operations!(reassign), needs(WORK_MANAGE))
        .add(operations!(extend), needs(WORK_MANAGE))
}
