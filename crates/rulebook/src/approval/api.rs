use axum::extract::State;
use http_kit::{AppState, Body, Params, PathOf, Reply, Routes, Who, operations, public, signed_in};
use kernel::{Id, Page, PageQuery};

use super::{
    Approval, ApprovalFilter, Comment, Decision, LinkDecision, LinkToken, LinkView, NewDecision, service,
};

/// Lists approvals: those that wait for the caller, those that they asked for, or all.
#[utoipa::path(get, path = "/api/v1/rulebook/approvals", operation_id = "list_approvals", tag = "rulebook",
    params(PageQuery, ApprovalFilter), responses((status = 200, body = Page<Approval>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<ApprovalFilter>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, &page, &filter).await?))
}

/// Shows an approval with its steps, who decides them, and why they decided so.
#[utoipa::path(get, path = "/api/v1/rulebook/approvals/{id}", operation_id = "get_approval", tag = "rulebook",
    params(("id" = Id, Path)), responses((status = 200, body = Approval)))]
async fn get(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::get(&app, &caller, id).await?))
}

/// Decides a step of an approval.
#[utoipa::path(post, path = "/api/v1/rulebook/approvals/{id}/decide", operation_id = "decide_approval",
    tag = "rulebook", params(("id" = Id, Path)), request_body = NewDecision,
    responses((status = 200, body = Approval)))]
async fn decide(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Body(input): Body<NewDecision>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::decide(&app, &caller, id, &input).await?))
}

/// Agrees to a step; the card of its task does.
#[utoipa::path(post, path = "/api/v1/rulebook/approvals/{id}/steps/{step_id}/approve",
    operation_id = "approve_approval_step", tag = "rulebook",
    params(("id" = Id, Path), ("step_id" = Id, Path)), request_body = Comment,
    responses((status = 200, body = Approval)))]
async fn approve(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf((id, step_id)): PathOf<(Id, Id)>,
    Body(input): Body<Comment>,
) -> http_kit::Result<Reply> {
    let input = on_card(step_id, Decision::Approve, input);
    Ok(Reply::row(&caller, &service::decide(&app, &caller, id, &input).await?))
}

/// Does not agree to a step, with the reason; the card of its task does.
#[utoipa::path(post, path = "/api/v1/rulebook/approvals/{id}/steps/{step_id}/reject",
    operation_id = "reject_approval_step", tag = "rulebook",
    params(("id" = Id, Path), ("step_id" = Id, Path)), request_body = Comment,
    responses((status = 200, body = Approval)))]
async fn reject(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf((id, step_id)): PathOf<(Id, Id)>,
    Body(input): Body<Comment>,
) -> http_kit::Result<Reply> {
    let input = on_card(step_id, Decision::Reject, input);
    Ok(Reply::row(&caller, &service::decide(&app, &caller, id, &input).await?))
}

/// The approval itself is bound to the content, and is void once that changed.
fn on_card(step_id: Id, decision: Decision, input: Comment) -> NewDecision {
    NewDecision {
        step_id: Some(step_id),
        decision,
        comment: input.comment,
        content_hash: None,
        code: input.code,
    }
}

/// Takes an approval back that the caller asked for.
#[utoipa::path(post, path = "/api/v1/rulebook/approvals/{id}/withdraw", operation_id = "withdraw_approval",
    tag = "rulebook", params(("id" = Id, Path)), request_body = Comment,
    responses((status = 200, body = Approval)))]
async fn withdraw(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Body(input): Body<Comment>,
) -> http_kit::Result<Reply> {
    let done = service::withdraw(&app, &caller, id, input.comment.as_deref()).await?;
    Ok(Reply::row(&caller, &done))
}

/// Shows what a mail's link would decide; changes nothing.
#[utoipa::path(post, path = "/api/v1/rulebook/approval-links/show", operation_id = "show_approval_link",
    tag = "rulebook", request_body = LinkToken, responses((status = 200, body = LinkView)))]
async fn show_link(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(input): Body<LinkToken>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &super::show(&app, &input.token).await?))
}

/// Decides by a mail's link, once.
#[utoipa::path(post, path = "/api/v1/rulebook/approval-links/use", operation_id = "use_approval_link",
    tag = "rulebook", request_body = LinkDecision, responses((status = 200, body = LinkView)))]
async fn use_link(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(input): Body<LinkDecision>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &super::use_link(&app, &caller, &input).await?))
}

/// Returns the operations of approvals.
pub fn routes() -> Routes {
    const LINK: &str = "the secret of the mailed link says who decides";
    Routes::new()
        .add(operations!(list), signed_in())
        .add(operations!(get), signed_in())
        .add(operations!(decide), signed_in())
        .add(operations!(approve), signed_in())
        .add(operations!(reject), signed_in())
        .add(operations!(withdraw), signed_in())
        .add(operations!(show_link), public(LINK))
        .add(operations!(use_link), public(LINK))
}
