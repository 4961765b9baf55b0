use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::{Caller, Labelled, Page, project};
use serde::Serialize;
use serde_json::{Value, json};

/// A response after its projection: the only way for rows to leave.
#[derive(Debug)]
pub struct Reply {
    status: StatusCode,
    body: Value,
}

impl Reply {
    /// Shows one row as this caller may see it; its `version` becomes the ETag.
    pub fn row<T: Labelled + Serialize>(caller: &Caller, row: &T) -> Self {
        Self { status: StatusCode::OK, body: project(caller, row) }
    }

    /// Shows the row that was just made.
    pub fn created<T: Labelled + Serialize>(caller: &Caller, row: &T) -> Self {
        Self { status: StatusCode::CREATED, ..Self::row(caller, row) }
    }

    /// Shows one page of a list.
    pub fn page<T: Labelled + Serialize>(caller: &Caller, page: &Page<T>) -> Self {
        let items: Vec<Value> = page.items.iter().map(|row| project(caller, row)).collect();
        Self { status: StatusCode::OK, body: json!({ "items": items, "next_cursor": page.next_cursor }) }
    }

    /// Says that the work was taken up and goes on in the background.
    pub fn accepted<T: Labelled + Serialize>(caller: &Caller, row: &T) -> Self {
        Self { status: StatusCode::ACCEPTED, ..Self::row(caller, row) }
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let version = self.body.get("version").and_then(Value::as_i64);
        let mut response = (self.status, Json(self.body)).into_response();
        if let Some(etag) = version.and_then(|v| HeaderValue::from_str(&format!("\"{v}\"")).ok()) {
            response.headers_mut().insert(header::ETAG, etag);
        }
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

/// Done, and there is nothing to show.
#[derive(Debug, Clone, Copy)]
pub struct NoContent;

impl IntoResponse for NoContent {
    fn into_response(self) -> Response {
        StatusCode::NO_CONTENT.into_response()
    }
}
