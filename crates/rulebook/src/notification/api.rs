use axum::extract::State;
use http_kit::{AppState, Body, Params, PathOf, Reply, Routes, Who, guests_too, operations};
use kernel::{Id, Page, PageQuery};

use super::{
    NewNotificationChoices, Notification, NotificationChoices, NotificationCount, NotificationFilter,
};

/// Lists my notifications, newest first.
#[utoipa::path(get, path = "/api/v1/rulebook/notifications", operation_id = "list_notifications", tag = "rulebook",
    params(PageQuery, NotificationFilter), responses((status = 200, body = Page<Notification>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<NotificationFilter>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &super::list(&app, &caller, &page, &filter).await?))
}

/// Counts my unread notifications.
#[utoipa::path(get, path = "/api/v1/rulebook/notification-count", operation_id = "count_notifications",
    tag = "rulebook", responses((status = 200, body = NotificationCount)))]
async fn count(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &super::count(&app, &caller).await?))
}

/// Marks one of my notifications as read.
#[utoipa::path(post, path = "/api/v1/rulebook/notifications/{id}/read", operation_id = "read_notification",
    tag = "rulebook", params(("id" = Id, Path)), responses((status = 200, body = Notification)))]
async fn read(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &super::read(&app, &caller, id).await?))
}

/// Marks all my notifications as read.
#[utoipa::path(post, path = "/api/v1/rulebook/notification-count/read", operation_id = "read_all_notifications",
    tag = "rulebook", responses((status = 200, body = NotificationCount)))]
async fn read_all(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &super::read_all(&app, &caller).await?))
}

/// Shows how I want to be told.
#[utoipa::path(get, path = "/api/v1/rulebook/notification-choices", operation_id = "show_notification_choices",
    tag = "rulebook", responses((status = 200, body = NotificationChoices)))]
async fn choices(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &super::choices(&app, &caller).await?))
}

/// Keeps how I want to be told.
#[utoipa::path(put, path = "/api/v1/rulebook/notification-choices", operation_id = "keep_notification_choices",
    tag = "rulebook", request_body = NewNotificationChoices, responses((status = 200, body = NotificationChoices)))]
async fn choose(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(new): Body<NewNotificationChoices>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &super::choose(&app, &caller, &new).await?))
}

/// Returns the operations of notifications; each concerns only the caller.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), guests_too())
        .add(operations!(count), guests_too())
        .add(operations!(read), guests_too())
        .add(operations!(read_all), guests_too())
        .add(operations!(choices), guests_too())
        .add(operations!(choose), guests_too())
}
