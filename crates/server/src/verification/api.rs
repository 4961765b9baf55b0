use axum::extract::State;
use http_kit::{AppState, Params, Reply, Result, Routes, Who, needs, operations};
use kernel::{Page, PageQuery};

use super::{AuditVerification, service};
use crate::system::{JOB_MANAGE, SYSTEM_READ};

/// Lists verifications of the audit log, newest first.
#[utoipa::path(get, path = "/api/v1/system/audit-verifications", operation_id = "list_audit_verifications",
    tag = "system", params(PageQuery), responses((status = 200, body = Page<AuditVerification>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
) -> Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &page).await?))
}

/// Verifies the audit log now.
#[utoipa::path(post, path = "/api/v1/system/audit-verifications", operation_id = "verify_audit", tag = "system",
    responses((status = 201, body = AuditVerification)))]
async fn verify(State(app): State<AppState>, Who(caller): Who) -> Result<Reply> {
    Ok(Reply::created(&caller, &service::verify(&app).await?))
}

pub(crate) fn routes() -> Routes {
    Routes::new().add(operations!(list), needs(SYSTEM_READ)).add(operations!(verify), needs(JOB_MANAGE))
}
