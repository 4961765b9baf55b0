use axum::extract::State;
use http_kit::{AppState, Body, PathOf, Reply, Routes, Who, guests_too, needs, operations, signed_in};
use kernel::{Id, Page};

use super::{GuestRecord, NewGuest, RecordGuest, RecordGuests, Withdrawal};
use crate::permissions::GUEST_INVITE;

/// Returns the guests of a record, and what they looked at.
#[utoipa::path(get, path = "/api/v1/records/{type}/{id}/guests", operation_id = "list_record_guests", tag = "records",
    params(("type" = String, Path, max_length = 60), ("id" = Id, Path)),
    responses((status = 200, body = RecordGuests)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf((t, id)): PathOf<(String, Id)>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &super::list(&app, &caller, &t, id).await?))
}

/// Invites somebody from outside to a record until a day; whoever is invited already gets the new end.
#[utoipa::path(post, path = "/api/v1/records/{type}/{id}/guests", operation_id = "invite_record_guest",
    tag = "records", params(("type" = String, Path, max_length = 60), ("id" = Id, Path)), request_body = NewGuest,
    responses((status = 201, body = RecordGuest)))]
async fn invite(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf((t, id)): PathOf<(String, Id)>,
    Body(new): Body<NewGuest>,
) -> http_kit::Result<Reply> {
    Ok(Reply::created(&caller, &super::invite(&app, &caller, &t, id, &new).await?))
}

/// Withdraws an invitation at once.
#[utoipa::path(post, path = "/api/v1/records/{type}/{id}/guests/{guest}/withdraw",
    operation_id = "withdraw_record_guest", tag = "records",
    params(("type" = String, Path, max_length = 60), ("id" = Id, Path), ("guest" = Id, Path)),
    request_body = Withdrawal, responses((status = 200, body = RecordGuest)))]
async fn withdraw(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf((t, id, guest)): PathOf<(String, Id, Id)>,
    Body(why): Body<Withdrawal>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &super::withdraw(&app, &caller, (&t, id, guest), &why).await?))
}

/// Lists the records to which the caller was invited as a guest.
#[utoipa::path(get, path = "/api/v1/rulebook/guest-records", operation_id = "list_my_guest_records", tag = "records",
    responses((status = 200, body = Page<GuestRecord>)))]
async fn mine(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &Page::whole(super::mine(&app, &caller).await?)))
}

/// Returns the operations of guests.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), signed_in())
        .add(operations!(invite), needs(GUEST_INVITE))
        .add(operations!(withdraw), needs(GUEST_INVITE))
        .add(operations!(mine), guests_too())
}
