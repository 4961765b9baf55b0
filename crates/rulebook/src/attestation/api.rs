use axum::extract::State;
use http_kit::{AppState, Body, Params, PathOf, Reply, Routes, Who, needs, operations};
use kernel::{Page, PageQuery};

use super::{Attestation, AttestationFilter, NewAttestation, service};
use crate::permissions::CLAUSE_READ;

/// Lists attestations, newest first.
#[utoipa::path(get, path = "/api/v1/rulebook/attestations", operation_id = "list_attestations", tag = "rulebook",
    params(PageQuery, AttestationFilter), responses((status = 200, body = Page<Attestation>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<AttestationFilter>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &page, &filter).await?))
}

/// Signs the statement of a control; the control says which permission that asks for.
#[utoipa::path(post, path = "/api/v1/rulebook/controls/{id}/attestations", operation_id = "sign_attestation",
    tag = "rulebook", params(("id" = String, Path, max_length = 200)), request_body = NewAttestation,
    responses((status = 201, body = Attestation)))]
async fn sign(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<String>,
    Body(input): Body<NewAttestation>,
) -> http_kit::Result<Reply> {
    Ok(Reply::created(&caller, &service::sign(&app, &caller, &id, input).await?))
}

/// Returns the operations of attestations.
pub fn routes() -> Routes {
    Routes::new().add(operations!(list), needs(CLAUSE_READ)).add(operations!(sign), needs(CLAUSE_READ))
}
