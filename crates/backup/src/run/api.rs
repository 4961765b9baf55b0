use axum::extract::State;
use http_kit::{AppState, Body, Params, PathOf, Reply, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery};

use super::{BackupContents, BackupRun, BackupStanding, NewBackup, service};
use crate::permissions::{BACKUP_MANAGE, BACKUP_READ};

/// Shows how backups stand: the last good one, what is at risk, how long a restore takes.
#[utoipa::path(get, path = "/api/v1/system/backup-standing", operation_id = "get_backup_standing", tag = "system",
    responses((status = 200, body = BackupStanding)))]
async fn standing(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::standing(&app, &caller).await?))
}

/// Lists backups, newest first.
#[utoipa::path(get, path = "/api/v1/system/backups", operation_id = "list_backups", tag = "system",
    params(PageQuery), responses((status = 200, body = Page<BackupRun>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, &page).await?))
}

/// Takes a backup now, in the background.
#[utoipa::path(post, path = "/api/v1/system/backups", operation_id = "take_backup", tag = "system",
    request_body = NewBackup, responses((status = 202, body = BackupStanding)))]
async fn take(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(new): Body<NewBackup>,
) -> http_kit::Result<Reply> {
    Ok(Reply::accepted(&caller, &service::ask(&app, &caller, &new).await?))
}

/// Shows what a backup holds, table by table.
#[utoipa::path(get, path = "/api/v1/system/backups/{id}/contents", operation_id = "get_backup_contents", tag = "system",
    params(("id" = Id, Path)), responses((status = 200, body = BackupContents)))]
async fn contents(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::contents(&app, id).await?))
}

/// Reads a backup again from beginning to end, in the background.
#[utoipa::path(post, path = "/api/v1/system/backups/{id}/verify", operation_id = "verify_backup", tag = "system",
    params(("id" = Id, Path)), responses((status = 202, body = BackupRun)))]
async fn verify(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::accepted(&caller, &service::ask_verify(&app, &caller, id).await?))
}

/// The operations on backups.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(standing), needs(BACKUP_READ))
        .add(operations!(list), needs(BACKUP_READ))
        .add(operations!(take), needs(BACKUP_MANAGE))
        .add(operations!(contents), needs(BACKUP_READ))
        .add(operations!(verify), needs(BACKUP_MANAGE))
}
