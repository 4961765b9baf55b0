use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use http_kit::{AppState, NoContent, PathOf, Reply, Routes, Who, operations, public, signed_in};

use super::CalendarFeed;

/// Says whether I have a calendar feed.
#[utoipa::path(get, path = "/api/v1/rulebook/calendar-feed", operation_id = "get_calendar_feed", tag = "rulebook",
    responses((status = 200, body = CalendarFeed)))]
async fn get(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &super::find(&app, &caller).await?))
}

/// Makes my calendar feed, in place of the one that I have; the answer alone shows its address.
#[utoipa::path(post, path = "/api/v1/rulebook/calendar-feed", operation_id = "create_calendar_feed", tag = "rulebook",
    responses((status = 201, body = CalendarFeed)))]
async fn create(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    Ok(Reply::created(&caller, &super::create(&app, &caller).await?))
}

/// Ends my calendar feed.
#[utoipa::path(delete, path = "/api/v1/rulebook/calendar-feed", operation_id = "end_calendar_feed", tag = "rulebook",
    responses((status = 204)))]
async fn end(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<NoContent> {
    super::end(&app, &caller).await?;
    Ok(NoContent)
}

/// Returns a calendar feed as iCalendar, for calendar programs.
#[utoipa::path(get, path = "/api/v1/rulebook/calendar-feeds/{secret}", operation_id = "read_calendar_feed",
    tag = "rulebook", params(("secret" = String, Path, max_length = 100)),
    responses((status = 200, body = String, content_type = "text/calendar")))]
async fn read(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(secret): PathOf<String>,
) -> http_kit::Result<Response> {
    let mut response = super::read(&app, &caller, &secret).await?.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    Ok(response)
}

/// Returns the operations of calendar feeds; each concerns only the caller.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(get), signed_in())
        .add(operations!(create), signed_in())
        .add(operations!(end), signed_in())
        .add(operations!(read), public("the secret in the address says whose calendar it is"))
}
