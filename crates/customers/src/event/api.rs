use axum::extract::State;
use http_kit::{AppState, Body, Reply, Routes, Who, needs, operations};
use kernel::Page;
use lake::Answer;

use super::AskEvents;
use crate::permissions::EVENT_QUERY;

/// Answers questions about the events that are in files: totals, funnels, retention, people who did something so often.
///
/// All are answered in one pass; each answer says until when every event is in it.
#[utoipa::path(post, path = "/api/v1/customers/events/questions", operation_id = "ask_events", tag = "customers",
    request_body = AskEvents, responses((status = 200, body = Page<Answer>)))]
async fn ask(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(asked): Body<AskEvents>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &super::ask(&app, &caller, &asked).await?))
}

/// The operations on events.
pub fn routes() -> Routes {
    Routes::new().add(operations!(ask), needs(EVENT_QUERY))
}
