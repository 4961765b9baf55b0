use axum::extract::multipart::{MultipartError, MultipartRejection};
use axum::extract::{Multipart, State};
use axum::response::Response;
use http_kit::{AppState, IfMatch, Params, PathOf, Reply, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery, Problem};

use super::rules::BYTES_MAX;
use super::{EvidenceFile, EvidenceFileFilter, EvidenceFileForm, service};
use crate::permissions::CLAUSE_READ;

/// A form, or why the body is none.
type Form = std::result::Result<Multipart, MultipartRejection>;

/// Lists evidence files, newest first.
#[utoipa::path(get, path = "/api/v1/rulebook/evidence-files", operation_id = "list_evidence_files",
    tag = "rulebook", params(PageQuery, EvidenceFileFilter),
    responses((status = 200, body = Page<EvidenceFile>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<EvidenceFileFilter>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &page, &filter).await?))
}

/// Takes in a file that proves a control; the control says which permission that asks for.
#[utoipa::path(post, path = "/api/v1/rulebook/controls/{id}/files", operation_id = "add_evidence_file",
    tag = "rulebook", params(("id" = String, Path, max_length = 200)),
    request_body(content = EvidenceFileForm, content_type = "multipart/form-data"),
    responses((status = 201, body = EvidenceFile)))]
async fn add(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<String>,
    form: Form,
) -> http_kit::Result<Reply> {
    let (name, note, bytes) = read(form).await?;
    Ok(Reply::created(&caller, &service::add(&app, &caller, &id, (&name, &note), &bytes).await?))
}

/// Takes an evidence file back; it proves nothing any more.
#[utoipa::path(post, path = "/api/v1/rulebook/evidence-files/{id}/withdraw",
    operation_id = "withdraw_evidence_file", tag = "rulebook",
    params(("id" = Id, Path), ("If-Match" = String, Header)), responses((status = 200, body = EvidenceFile)))]
async fn withdraw(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::withdraw(&app, &caller, id, version).await?))
}

/// Returns the bytes of an evidence file, to be saved.
#[utoipa::path(get, path = "/api/v1/rulebook/evidence-files/{id}/content",
    operation_id = "get_evidence_file_content", tag = "rulebook", params(("id" = Id, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream")))]
async fn content(State(app): State<AppState>, PathOf(id): PathOf<Id>) -> http_kit::Result<Response> {
    let (file, bytes) = service::content(&app, id).await?;
    Ok(crate::export::download(&file.file_name, &file.content_type, bytes)?)
}

/// Reads a form with the parts `note` and `file`.
async fn read(form: Form) -> kernel::Result<(String, String, Vec<u8>)> {
    let invalid = |reason: String| Problem::bad_request("rulebook.evidence_file.form").with("reason", reason);
    let mut form = form.map_err(|error| invalid(error.body_text()))?;
    let broken = |error: MultipartError| {
        if error.status().as_u16() == 413 {
            Problem::too_large("rulebook.evidence_file.size").with("bytes_max", BYTES_MAX)
        } else {
            invalid(error.body_text())
        }
    };
    let (mut name, mut note, mut file) = (String::new(), String::new(), None);
    while let Some(part) = form.next_field().await.map_err(broken)? {
        match part.name() {
            Some("note") => note = part.text().await.map_err(broken)?,
            Some("file") => {
                name = part.file_name().unwrap_or_default().to_owned();
                file = Some(part.bytes().await.map_err(broken)?.to_vec());
            }
            other => return Err(invalid(format!("unknown part {}", other.unwrap_or_default()))),
        }
    }
    Ok((name, note, file.ok_or_else(|| invalid("no file".to_owned()))?))
}

/// Returns the operations of evidence files.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(CLAUSE_READ))
        .add(operations!(add), needs(CLAUSE_READ))
        .add(operations!(withdraw), needs(CLAUSE_READ))
        .add(operations!(content), needs(CLAUSE_READ))
}
