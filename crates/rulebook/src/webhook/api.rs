use axum::extract::State;
use http_kit::{AppState, Body, IfMatch, Params, PathOf, Reply, Routes, Who, needs, operations};
use kernel::{Id, Page, PageQuery};

use super::{
    NewWebhookEndpoint, WebhookDelivery, WebhookDeliveryFilter, WebhookEndpoint, WebhookEndpointPatch,
};
use crate::permissions::WEBHOOK_MANAGE;

/// Lists webhook endpoints, by name.
#[utoipa::path(get, path = "/api/v1/rulebook/webhooks", operation_id = "list_webhooks", tag = "rulebook",
    responses((status = 200, body = Page<WebhookEndpoint>)))]
async fn list(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &super::list(&app).await?))
}

/// Makes a webhook endpoint; the answer alone shows its key.
#[utoipa::path(post, path = "/api/v1/rulebook/webhooks", operation_id = "create_webhook", tag = "rulebook",
    request_body = NewWebhookEndpoint, responses((status = 201, body = WebhookEndpoint)))]
async fn create(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(new): Body<NewWebhookEndpoint>,
) -> http_kit::Result<Reply> {
    let made = super::create(&app, &caller, &new).await?;
    Ok(Reply::created(&caller, &made))
}

/// Changes a webhook endpoint.
#[utoipa::path(patch, path = "/api/v1/rulebook/webhooks/{id}", operation_id = "change_webhook", tag = "rulebook",
    params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = WebhookEndpointPatch,
    responses((status = 200, body = WebhookEndpoint)))]
async fn change(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(patch): Body<WebhookEndpointPatch>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &super::change(&app, &caller, id, version, &patch).await?))
}

/// Sends a webhook endpoint a test.
#[utoipa::path(post, path = "/api/v1/rulebook/webhooks/{id}/test", operation_id = "test_webhook", tag = "rulebook",
    params(("id" = Id, Path)), responses((status = 200, body = WebhookDelivery)))]
async fn test(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &super::test(&app, &caller, id).await?))
}

/// Lists what was sent to webhook endpoints, newest first.
#[utoipa::path(get, path = "/api/v1/rulebook/webhook-deliveries", operation_id = "list_webhook_deliveries",
    tag = "rulebook", params(PageQuery, WebhookDeliveryFilter),
    responses((status = 200, body = Page<WebhookDelivery>)))]
async fn deliveries(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<WebhookDeliveryFilter>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &super::deliveries(&app, &page, &filter).await?))
}

/// Sends again what failed, or what nobody knows of.
#[utoipa::path(post, path = "/api/v1/rulebook/webhook-deliveries/{id}/redeliver", operation_id = "redeliver_webhook",
    tag = "rulebook", params(("id" = Id, Path)), responses((status = 200, body = WebhookDelivery)))]
async fn redeliver(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &super::redeliver(&app, &caller, id).await?))
}

/// Returns the operations of webhook endpoints.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(WEBHOOK_MANAGE))
        .add(operations!(create), needs(WEBHOOK_MANAGE))
        .add(operations!(change), needs(WEBHOOK_MANAGE))
        .add(operations!(test), needs(WEBHOOK_MANAGE))
        .add(operations!(deliveries), needs(WEBHOOK_MANAGE))
        .add(operations!(redeliver), needs(WEBHOOK_MANAGE))
}
