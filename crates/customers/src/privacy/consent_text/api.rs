use axum::extract::State;
use http_kit::{AppState, Body, Params, Reply, Routes, Who, needs, operations};
use kernel::{Page, PageQuery};

use super::{ConsentTextFilter, ConsentTextVersion, NewConsentText, service};
use crate::permissions::{PRIVACY_MANAGE, PRIVACY_READ};

/// Lists the sentences that people are shown, version by version.
#[utoipa::path(get, path = "/api/v1/customers/privacy/consent-texts", operation_id = "list_consent_texts",
    tag = "customers", params(PageQuery, ConsentTextFilter), responses((status = 200, body = Page<ConsentTextVersion>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<ConsentTextFilter>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, &page, &filter).await?))
}

/// Publishes a version of a sentence; it never changes afterwards.
#[utoipa::path(post, path = "/api/v1/customers/privacy/consent-texts", operation_id = "create_consent_text",
    tag = "customers", request_body = NewConsentText, responses((status = 201, body = ConsentTextVersion)))]
async fn create(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(new): Body<NewConsentText>,
) -> http_kit::Result<Reply> {
    Ok(Reply::created(&caller, &service::create(&app, &caller, &new).await?))
}

/// The operations on consent texts.
pub fn routes() -> Routes {
    Routes::new().add(operations!(list), needs(PRIVACY_READ)).add(operations!(create), needs(PRIVACY_MANAGE))
}
