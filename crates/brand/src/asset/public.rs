//! Pictures for receivers, on the public origin: named by digest, so they never change.

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http_kit::{App, AppState, Refusal};
use kernel::{Problem, Result};
use store::args;

use super::sql;

/// The bytes of a digest never change, so nobody needs to ask twice.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// Returns the address under which receivers find a picture.
pub fn address(public_url: &str, hash: &str, content_type: &str) -> String {
    let ending = content_type.strip_prefix("image/").unwrap_or("bin");
    format!("{}/assets/{hash}.{ending}", public_url.trim_end_matches('/'))
}

/// Returns the pages of this noun on the public origin.
pub fn router() -> Router<AppState> {
    Router::new().route("/assets/{name}", get(serve))
}

async fn serve(State(app): State<AppState>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    match find(&app, &name, &headers).await {
        Ok(response) => response,
        Err(problem) => Refusal(problem).into_response(),
    }
}

async fn find(app: &App, name: &str, headers: &HeaderMap) -> Result<Response> {
    let digest = name.split_once('.').map_or(name, |(digest, _)| digest);
    let hash: blob::Hash = digest.parse().map_err(|_| Problem::not_found("access.not_found"))?;
    // Only pictures of the library: other files under the same roof are not for everybody.
    let content_type: String = app.store.get(sql::FILE_TYPE, args![hash.as_str()]).await?;
    let etag = format!("\"{hash}\"");
    if headers.get(header::IF_NONE_MATCH).is_some_and(|seen| seen.as_bytes() == etag.as_bytes()) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::CACHE_CONTROL, FOR_EVER)]).into_response());
    }
    let file = app.blobs.open_file(&hash).await?;
    let mut response = Response::new(Body::from_stream(tokio_util::io::ReaderStream::new(file)));
    let set = response.headers_mut();
    set.insert(header::CACHE_CONTROL, HeaderValue::from_static(FOR_EVER));
    set.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // A picture opened as a page must not run anything.
    set.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    set.insert(header::CONTENT_TYPE, HeaderValue::from_str(&content_type).map_err(Problem::internal)?);
    set.insert(header::ETAG, HeaderValue::from_str(&etag).map_err(Problem::internal)?);
    // Mail readers in browsers load pictures from other sites.
    set.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    Ok(response)
}
