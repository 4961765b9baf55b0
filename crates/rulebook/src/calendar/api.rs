use axum::extract::State;
use http_kit::{AppState, Body, IfMatch, Params, PathOf, Reply, Routes, Who, needs, operations};
use kernel::Page;

use super::{
    Calculation, CalculationResult, Calendar, CalendarChange, CalendarImport, CalendarImportReceipt,
    CalendarVersion, CalendarYear, NewCalendar, PreviewRequest, YearFilter, service,
};
use crate::permissions::{CALENDAR_MANAGE, CALENDAR_READ};

/// Lists all calendars.
#[utoipa::path(get, path = "/api/v1/rulebook/calendars", operation_id = "list_calendars", tag = "rulebook",
    responses((status = 200, body = Page<Calendar>)))]
async fn list(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &Page::whole(service::list(&app).await?)))
}

/// Shows one calendar.
#[utoipa::path(get, path = "/api/v1/rulebook/calendars/{code}", operation_id = "get_calendar", tag = "rulebook",
    params(("code" = String, Path, max_length = 50)), responses((status = 200, body = Calendar)))]
async fn get(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(code): PathOf<String>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::get(&app, &code).await?))
}

/// Makes a calendar.
#[utoipa::path(post, path = "/api/v1/rulebook/calendars", operation_id = "create_calendar", tag = "rulebook",
    request_body = NewCalendar, responses((status = 201, body = Calendar)))]
async fn create(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(new): Body<NewCalendar>,
) -> http_kit::Result<Reply> {
    Ok(Reply::created(&caller, &service::create(&app, &caller, new).await?))
}

/// Gives a calendar a new version, with a reason.
#[utoipa::path(put, path = "/api/v1/rulebook/calendars/{code}", operation_id = "change_calendar",
    tag = "rulebook", params(("code" = String, Path, max_length = 50), ("If-Match" = String, Header)),
    request_body = CalendarChange, responses((status = 200, body = Calendar)))]
async fn change(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(code): PathOf<String>,
    IfMatch(version): IfMatch,
    Body(input): Body<CalendarChange>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::change(&app, &caller, &code, version, input).await?))
}

/// Shows every version of a calendar, newest first.
#[utoipa::path(get, path = "/api/v1/rulebook/calendars/{code}/history", operation_id = "list_calendar_versions",
    tag = "rulebook", params(("code" = String, Path, max_length = 50)),
    responses((status = 200, body = Page<CalendarVersion>)))]
async fn history(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(code): PathOf<String>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &Page::whole(service::history(&app, &code).await?)))
}

/// Shows how a year of a calendar is worked: its months and every day.
#[utoipa::path(get, path = "/api/v1/rulebook/calendars/{code}/year", operation_id = "get_calendar_year",
    tag = "rulebook", params(("code" = String, Path, max_length = 50), YearFilter),
    responses((status = 200, body = CalendarYear)))]
async fn year(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(code): PathOf<String>,
    Params(filter): Params<YearFilter>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::year(&app, caller.language, &code, filter.year).await?))
}

/// Shows how a year would be worked by a definition, which is not kept.
#[utoipa::path(post, path = "/api/v1/rulebook/calendar-preview", operation_id = "preview_calendar",
    tag = "rulebook", request_body = PreviewRequest, responses((status = 200, body = CalendarYear)))]
async fn preview(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(input): Body<PreviewRequest>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::preview(&app, caller.language, input).await?))
}

/// Takes the whole-day events of an iCalendar file as days off, and says of every event what became of it.
#[utoipa::path(post, path = "/api/v1/rulebook/calendars/{code}/import", operation_id = "import_calendar",
    tag = "rulebook", params(("code" = String, Path, max_length = 50), ("If-Match" = String, Header)),
    request_body = CalendarImport, responses((status = 200, body = CalendarImportReceipt)))]
async fn import(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(code): PathOf<String>,
    IfMatch(version): IfMatch,
    Body(input): Body<CalendarImport>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::import(&app, &caller, &code, version, input).await?))
}

/// Answers when some minutes of work are over, or how many lie between two times.
#[utoipa::path(post, path = "/api/v1/rulebook/calendars/{code}/calculate", operation_id = "calculate_working_time",
    tag = "rulebook", params(("code" = String, Path, max_length = 50)), request_body = Calculation,
    responses((status = 200, body = CalculationResult)))]
async fn calculate(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(code): PathOf<String>,
    Body(input): Body<Calculation>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::calculate(&app, &code, &input).await?))
}

/// Returns the operations of calendars.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(CALENDAR_READ))
        .add(operations!(create), needs(CALENDAR_MANAGE))
        .add(operations!(get), needs(CALENDAR_READ))
        .add(operations!(change), needs(CALENDAR_MANAGE))
        .add(operations!(history), needs(CALENDAR_READ))
        .add(operations!(year), needs(CALENDAR_READ))
        .add(operations!(preview), needs(CALENDAR_READ))
        .add(operations!(import), needs(CALENDAR_MANAGE))
        .add(operations!(calculate), needs(CALENDAR_READ))
}
