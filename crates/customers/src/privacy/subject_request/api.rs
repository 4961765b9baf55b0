use axum::body::Body as Bytes;
use axum::extract::State;
use axum::response::Response;
use http_kit::{AppState, Body, IfMatch, Params, PathOf, Reply, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery};
use serde::Deserialize;
use tabular::export::attachment;
use utoipa::ToSchema;

use super::{
    CorrectRequest, ExtendRequest, NewSubjectRequest, RefuseRequest, RequestFilter, SubjectRequest,
    VerifyRequest, carry_out, compile, service,
};
use crate::permissions::{PRIVACY_ERASE, PRIVACY_MANAGE, PRIVACY_READ};
use crate::privacy::Because;

/// Lists what people ask about their own data, the most urgent first.
#[utoipa::path(get, path = "/api/v1/customers/privacy/subject-requests", operation_id = "list_subject_requests",
    tag = "customers", params(PageQuery, RequestFilter), responses((status = 200, body = Page<SubjectRequest>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<RequestFilter>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, &page, &filter).await?))
}

/// Shows one request.
#[utoipa::path(get, path = "/api/v1/customers/privacy/subject-requests/{id}", operation_id = "get_subject_request",
    tag = "customers", params(("id" = Id, Path)), responses((status = 200, body = SubjectRequest)))]
async fn get(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::get(&app, &caller, id).await?))
}

/// Writes down a request that came in.
#[utoipa::path(post, path = "/api/v1/customers/privacy/subject-requests", operation_id = "create_subject_request",
    tag = "customers", request_body = NewSubjectRequest, responses((status = 201, body = SubjectRequest)))]
async fn create(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(new): Body<NewSubjectRequest>,
) -> http_kit::Result<Reply> {
    Ok(Reply::created(&caller, &service::create(&app, &caller, &new).await?))
}

/// Notes that it is proven who asks.
#[utoipa::path(post, path = "/api/v1/customers/privacy/subject-requests/{id}/verify",
    operation_id = "verify_subject_request", tag = "customers", params(("id" = Id, Path), ("If-Match" = String, Header)),
    request_body = VerifyRequest, responses((status = 200, body = SubjectRequest)))]
async fn verify(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(how): Body<VerifyRequest>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::verify(&app, &caller, id, version, &how).await?))
}

/// Refuses a request, with a ground and a reason.
#[utoipa::path(post, path = "/api/v1/customers/privacy/subject-requests/{id}/refuse",
    operation_id = "refuse_subject_request", tag = "customers", params(("id" = Id, Path), ("If-Match" = String, Header)),
    request_body = RefuseRequest, responses((status = 200, body = SubjectRequest)))]
async fn refuse(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(why): Body<RefuseRequest>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::refuse(&app, &caller, id, version, &why).await?))
}

/// Gives a request more time, once.
#[utoipa::path(post, path = "/api/v1/customers/privacy/subject-requests/{id}/extend",
    operation_id = "extend_subject_request", tag = "customers", params(("id" = Id, Path), ("If-Match" = String, Header)),
    request_body = ExtendRequest, responses((status = 200, body = SubjectRequest)))]
async fn extend(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(wish): Body<ExtendRequest>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::extend(&app, &caller, id, version, &wish).await?))
}

/// Puts together everything that is known about the person, as a file.
#[utoipa::path(post, path = "/api/v1/customers/privacy/subject-requests/{id}/compile",
    operation_id = "compile_subject_request", tag = "customers", params(("id" = Id, Path), ("If-Match" = String, Header)),
    request_body = Because, responses((status = 200, body = SubjectRequest)))]
async fn compile_file(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(why): Body<Because>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &compile::compile(&app, &caller, id, version, &why.reason).await?))
}

/// Returns the file; the reason is logged.
#[utoipa::path(post, path = "/api/v1/customers/privacy/subject-requests/{id}/download",
    operation_id = "download_subject_request", tag = "customers", params(("id" = Id, Path)), request_body = Because,
    responses((status = 200, body = Vec<u8>, content_type = "application/zip")))]
async fn download(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Body(why): Body<Because>,
) -> http_kit::Result<Response> {
    let (name, bytes) = compile::file(&app, &caller, id, &why.reason).await?;
    Ok(attachment(&name, "application/zip", Bytes::from(bytes)))
}

/// Puts right what somebody said is wrong.
#[utoipa::path(post, path = "/api/v1/customers/privacy/subject-requests/{id}/correct",
    operation_id = "correct_subject_request", tag = "customers", params(("id" = Id, Path), ("If-Match" = String, Header)),
    request_body = CorrectRequest, responses((status = 200, body = SubjectRequest)))]
async fn correct(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(wish): Body<CorrectRequest>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &carry_out::correct(&app, &caller, id, version, &wish).await?))
}

/// Takes the person out of what programs decide alone.
#[utoipa::path(post, path = "/api/v1/customers/privacy/subject-requests/{id}/object",
    operation_id = "object_subject_request", tag = "customers", params(("id" = Id, Path), ("If-Match" = String, Header)),
    request_body = Because, responses((status = 200, body = SubjectRequest)))]
async fn object(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(why): Body<Because>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &carry_out::object(&app, &caller, id, version, &why.reason).await?))
}

/// Keeps the person's data without using them.
#[utoipa::path(post, path = "/api/v1/customers/privacy/subject-requests/{id}/restrict",
    operation_id = "restrict_subject_request", tag = "customers", params(("id" = Id, Path), ("If-Match" = String, Header)),
    request_body = Because, responses((status = 200, body = SubjectRequest)))]
async fn restrict(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(why): Body<Because>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &carry_out::restrict(&app, &caller, id, version, &why.reason).await?))
}

/// Erases the person for good; the proof follows.
#[utoipa::path(post, path = "/api/v1/customers/privacy/subject-requests/{id}/erase",
    operation_id = "erase_subject_request", tag = "customers", params(("id" = Id, Path), ("If-Match" = String, Header)),
    request_body = Because, responses((status = 202, body = SubjectRequest)))]
async fn erase(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(why): Body<Because>,
) -> http_kit::Result<Reply> {
    Ok(Reply::accepted(&caller, &carry_out::erase(&app, &caller, id, version, &why.reason).await?))
}

/// Nothing more to say.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CheckErasure {}

/// Looks again for what is left of the person.
#[utoipa::path(post, path = "/api/v1/customers/privacy/subject-requests/{id}/check",
    operation_id = "check_subject_request", tag = "customers", params(("id" = Id, Path)), request_body = CheckErasure,
    responses((status = 200, body = SubjectRequest)))]
async fn check(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Body(_nothing): Body<CheckErasure>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &carry_out::check(&app, &caller, id).await?))
}

/// Ends an erasure although something was found, with the reason why that stays.
#[utoipa::path(post, path = "/api/v1/customers/privacy/subject-requests/{id}/accept",
    operation_id = "accept_subject_request", tag = "customers", params(("id" = Id, Path), ("If-Match" = String, Header)),
    request_body = Because, responses((status = 200, body = SubjectRequest)))]
async fn accept(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(why): Body<Because>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &carry_out::accept(&app, &caller, id, version, &why.reason).await?))
}

/// The operations on subject requests.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(PRIVACY_READ))
        .add(operations!(get), needs(PRIVACY_READ))
        .add(operations!(create), needs(PRIVACY_MANAGE))
        .add(operations!(verify), needs(PRIVACY_MANAGE))
        .add(operations!(refuse), needs(PRIVACY_MANAGE))
        .add(operations!(extend), needs(PRIVACY_MANAGE))
        .add(operations!(compile_file), needs(PRIVACY_MANAGE))
        .add(operations!(download), needs(PRIVACY_MANAGE))
        .add(operations!(correct), needs(PRIVACY_MANAGE))
        .add(operations!(object), needs(PRIVACY_MANAGE))
        .add(operations!(restrict), needs(PRIVACY_MANAGE))
        .add(operations!(erase), needs(PRIVACY_ERASE))
        .add(operations!(check), needs(PRIVACY_ERASE))
        .add(operations!(accept), needs(PRIVACY_ERASE))
}
