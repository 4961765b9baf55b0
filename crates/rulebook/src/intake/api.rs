use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use http_kit::{AppState, Body, IfMatch, Params, PathOf, Reply, Routes, Who, needs, operations, public};
use kernel::{Id, Page, PageQuery};

use super::{Intake, IntakeEntry, IntakeEntryFilter, IntakeOutcome, IntakeReceipt, NewIntake, Sent};
use crate::permissions::INTAKE_MANAGE;

/// Lists intakes, by name.
#[utoipa::path(get, path = "/api/v1/rulebook/intakes", operation_id = "list_intakes", tag = "rulebook",
    responses((status = 200, body = Page<Intake>)))]
async fn list(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &super::list(&app, &caller).await?))
}

/// Opens an intake; the answer alone shows its address.
#[utoipa::path(post, path = "/api/v1/rulebook/intakes", operation_id = "create_intake", tag = "rulebook",
    request_body = NewIntake, responses((status = 201, body = Intake)))]
async fn create(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(new): Body<NewIntake>,
) -> http_kit::Result<Reply> {
    Ok(Reply::created(&caller, &super::create(&app, &caller, &new).await?))
}

/// Changes an intake.
#[utoipa::path(put, path = "/api/v1/rulebook/intakes/{id}", operation_id = "change_intake", tag = "rulebook",
    params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = NewIntake,
    responses((status = 200, body = Intake)))]
async fn change(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(new): Body<NewIntake>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &super::change(&app, &caller, id, version, &new).await?))
}

/// Puts a new address in the place of the old one; the answer alone shows it.
#[utoipa::path(post, path = "/api/v1/rulebook/intakes/{id}/address", operation_id = "renew_intake_address",
    tag = "rulebook", params(("id" = Id, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = Intake)))]
async fn new_secret(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &super::new_secret(&app, &caller, id, version).await?))
}

/// Lists what came to intakes, newest first.
#[utoipa::path(get, path = "/api/v1/rulebook/intake-entries", operation_id = "list_intake_entries", tag = "rulebook",
    params(PageQuery, IntakeEntryFilter), responses((status = 200, body = Page<IntakeEntry>)))]
async fn entries(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<IntakeEntryFilter>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &super::entries(&app, &page, &filter).await?))
}

/// Takes JSON, or a mail as it stands on the wire, from a sender who has the address.
#[utoipa::path(post, path = "/api/v1/rulebook/intake-drops/{secret}", operation_id = "drop_into_intake",
    tag = "rulebook", params(("secret" = String, Path, max_length = 100), ("webhook-id" = Option<String>, Header)),
    request_body(content((serde_json::Value = "application/json"), (String = "message/rfc822"))),
    responses((status = 201, body = IntakeReceipt), (status = 200, body = IntakeReceipt)))]
async fn take(
    State(app): State<AppState>,
    PathOf(secret): PathOf<String>,
    headers: HeaderMap,
    body: Bytes,
) -> http_kit::Result<Response> {
    let said = |name| headers.get(name).and_then(|value: &axum::http::HeaderValue| value.to_str().ok());
    let sent = Sent {
        content_type: said(header::CONTENT_TYPE.as_str()).unwrap_or_default(),
        key: said("webhook-id"),
        body: &body,
    };
    let receipt = super::take(&app, &secret, &sent).await?;
    let new = receipt.outcome == IntakeOutcome::Opened;
    let status = if new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, axum::Json(receipt)).into_response())
}

/// Returns the operations of intakes.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(INTAKE_MANAGE))
        .add(operations!(create), needs(INTAKE_MANAGE))
        .add(operations!(change), needs(INTAKE_MANAGE))
        .add(operations!(new_secret), needs(INTAKE_MANAGE))
        .add(operations!(entries), needs(INTAKE_MANAGE))
        .add(
            operations!(take),
            public("the secret in the address says what may be added, and nothing can be read"),
        )
}
