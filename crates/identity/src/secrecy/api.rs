use axum::extract::State;
use http_kit::{AppState, Body, PathOf, Reply, Routes, Who, operations, signed_in};
use kernel::Id;

use super::{NewSecrecyReminder, SecrecyReminder};
use crate::session::Client;

/// Shows a reminder of secrecy; that it was shown is kept.
#[utoipa::path(post, path = "/api/v1/identity/secrecy-reminders", operation_id = "show_secrecy_reminder",
    tag = "identity", request_body = NewSecrecyReminder, responses((status = 201, body = SecrecyReminder)))]
async fn show(
    State(app): State<AppState>,
    Who(caller): Who,
    client: Client,
    Body(new): Body<NewSecrecyReminder>,
) -> http_kit::Result<Reply> {
    Ok(Reply::created(&caller, &super::remind(&app, &caller, &client, new.occasion).await?))
}

/// Confirms a reminder of secrecy.
#[utoipa::path(post, path = "/api/v1/identity/secrecy-reminders/{id}/confirm",
    operation_id = "confirm_secrecy_reminder", tag = "identity", params(("id" = Id, Path)),
    responses((status = 200, body = SecrecyReminder)))]
async fn confirm(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &super::confirm(&app, &caller, id).await?))
}

/// The operations on reminders.
pub fn routes() -> Routes {
    Routes::new().add(operations!(show), signed_in()).add(operations!(confirm), signed_in())
}
