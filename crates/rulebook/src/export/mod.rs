//! Export (导出): the rulebook with its evidence for auditors and other systems.

pub mod api;

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use kernel::{Problem, Result};

/// Answers with a file to be saved, never to be run.
pub(crate) fn download(name: &str, content_type: &str, bytes: Vec<u8>) -> Result<Response> {
    let mut response = bytes.into_response();
    let set = response.headers_mut();
    let encoded: String = name.bytes().map(encoded).collect();
    let disposition = format!("attachment; filename*=UTF-8''{encoded}");
    set.insert(header::CONTENT_TYPE, HeaderValue::from_str(content_type).map_err(Problem::internal)?);
    set.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_str(&disposition).map_err(Problem::internal)?,
    );
    set.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    set.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    Ok(response)
}

/// Writes a byte of a file's name as RFC 5987 asks.
fn encoded(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}
