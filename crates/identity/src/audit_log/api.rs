use axum::extract::State;
use http_kit::{AppState, Params, Reply, Routes, Who, needs, operations};
use kernel::{Page, PageQuery};
use store::audit::{self, AuditEntry, AuditFilter};

use crate::check::Check;
use crate::permissions::AUDIT_READ;

/// Longest word to look for.
const WORD_MAX: usize = 100;

/// Lists who did what, the latest first.
#[utoipa::path(get, path = "/api/v1/system/audit", operation_id = "list_audit_entries", tag = "system",
    params(PageQuery, AuditFilter), responses((status = 200, body = Page<AuditEntry>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<AuditFilter>,
) -> http_kit::Result<Reply> {
    let word = |text: &Option<String>| text.clone().unwrap_or_default();
    Check::new()
        .text("action", &word(&filter.action), 0, WORD_MAX)
        .text("noun", &word(&filter.noun), 0, WORD_MAX)
        .text("noun_id", &word(&filter.noun_id), 0, WORD_MAX)
        .finish()?;
    let scope = caller.scope(AUDIT_READ)?;
    Ok(Reply::page(&caller, &audit::list(&app.store, &filter, &page, &scope).await?))
}

/// The operation that reads the log.
pub fn routes() -> Routes {
    Routes::new().add(operations!(list), needs(AUDIT_READ))
}
