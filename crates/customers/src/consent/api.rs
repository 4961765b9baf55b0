use axum::extract::State;
use http_kit::{AppState, Body, Params, PathOf, Reply, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery};

use super::{Consent, ConsentEvent, RecordConsent, service};
use crate::permissions::{CONSENT_RECORD, PROFILE_READ};
use crate::profile;

/// Lists what stands for one person.
#[utoipa::path(get, path = "/api/v1/customers/profiles/{id}/consents", operation_id = "list_profile_consents",
    tag = "customers", params(("id" = Id, Path)), responses((status = 200, body = Page<Consent>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    let profile = profile::require(&app.store, &caller, id).await?;
    Ok(Reply::page(&caller, &Page::whole(service::of_profile(&app.store, profile.id).await?)))
}

/// Lists everything that one person ever said, latest first, with the proof.
#[utoipa::path(get, path = "/api/v1/customers/profiles/{id}/consent-events",
    operation_id = "list_profile_consent_events", tag = "customers", params(("id" = Id, Path), PageQuery),
    responses((status = 200, body = Page<ConsentEvent>)))]
async fn events(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Params(page): Params<PageQuery>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::history(&app, &caller, id, &page).await?))
}

/// Records what one person told a member of staff; answers what stands now.
#[utoipa::path(post, path = "/api/v1/customers/profiles/{id}/consents", operation_id = "record_profile_consent",
    tag = "customers", params(("id" = Id, Path)), request_body = RecordConsent,
    responses((status = 200, body = Page<Consent>)))]
async fn record(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Body(told): Body<RecordConsent>,
) -> http_kit::Result<Reply> {
    let standing = service::record_for_profile(&app, &caller, id, told).await?;
    Ok(Reply::page(&caller, &Page::whole(standing)))
}

/// The operations on consents.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(PROFILE_READ))
        .add(operations!(events), needs(PROFILE_READ))
        .add(operations!(record), needs(CONSENT_RECORD))
}
