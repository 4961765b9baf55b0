use axum::extract::State;
use http_kit::{AppState, Params, Reply, Routes, Who, needs, operations};
use kernel::{Page, PageQuery};

use super::{RestoreTest, service};
use crate::permissions::{BACKUP_MANAGE, BACKUP_READ};
use crate::run::BackupStanding;

/// Lists restore tests, newest first.
#[utoipa::path(get, path = "/api/v1/system/restore-tests", operation_id = "list_restore_tests", tag = "system",
    params(PageQuery), responses((status = 200, body = Page<RestoreTest>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, &page).await?))
}

/// Restores the newest backup into a place of its own and compares it, in the background.
#[utoipa::path(post, path = "/api/v1/system/restore-tests", operation_id = "test_restore", tag = "system",
    responses((status = 202, body = BackupStanding)))]
async fn test(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    Ok(Reply::accepted(&caller, &service::ask(&app, &caller).await?))
}

/// The operations on restore tests.
pub fn routes() -> Routes {
    Routes::new().add(operations!(list), needs(BACKUP_READ)).add(operations!(test), needs(BACKUP_MANAGE))
}
