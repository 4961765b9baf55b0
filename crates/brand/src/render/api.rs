//! The operations of rendering.

use axum::extract::State;
use http_kit::{AppState, Body, Reply, Result, Routes, Who, needs, operations};
use kernel::{Id, Labelled};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::service;
use super::variables::{self, Catalogue};
use crate::content::Variant;
use crate::finding::Finding;
use crate::permissions::CONTENT_READ;

/// What to preview.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreviewRequest {
    /// The brand, whose partials and pictures may be named.
    pub brand_id: Id,
    /// The department of the item.
    #[serde(default)]
    pub department_id: Option<Id>,
    /// The words, saved or not.
    pub variant: Variant,
    /// The sample receiver; absent: the first.
    #[serde(default)]
    #[schema(max_length = 64)]
    pub persona: Option<String>,
}

/// Preview (预览): a mail as one receiver would get it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ContentPreview)]
pub struct Preview {
    /// Subject line.
    pub subject: String,
    /// What inboxes show beside it.
    pub preheader: String,
    /// Sender's name.
    pub sender_name: String,
    /// Sender's address.
    pub sender_address: String,
    /// The page; absent where the source is broken.
    pub html: Option<String>,
    /// The plain text part.
    pub text: Option<String>,
    /// The sample receiver.
    pub persona: String,
    /// What is wrong, gravest first.
    pub findings: Vec<Finding>,
}

impl Labelled for Preview {
    const NOUN: &'static str = "brand.preview";
}

/// Renders a variant that need not be saved, and checks it. Changes nothing.
#[utoipa::path(post, path = "/api/v1/brand/preview", operation_id = "preview_content", tag = "brand",
    request_body = PreviewRequest, responses((status = 200, body = Preview)))]
async fn preview(
    State(app): State<AppState>,
    Who(caller): Who,
    Body(request): Body<PreviewRequest>,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::preview(&app, &caller, request).await?))
}

/// Lists the variables, filters and sample receivers that the editor offers.
#[utoipa::path(get, path = "/api/v1/brand/variables", operation_id = "list_content_variables", tag = "brand",
    responses((status = 200, body = Catalogue)))]
async fn catalogue(Who(caller): Who) -> Result<Reply> {
    Ok(Reply::row(&caller, &variables::catalogue()))
}

/// Returns the operations of rendering.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(preview), needs(CONTENT_READ))
        .add(operations!(catalogue), needs(CONTENT_READ))
}
