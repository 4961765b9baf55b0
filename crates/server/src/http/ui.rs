use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use http_kit::Refusal;
use kernel::Problem;
use rust_embed::RustEmbed;

/// The built web UI. Without it (a build that skipped the web) the API still works.
#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Files;

/// Place in index.html for the nonce of the styles that components insert.
const NONCE: &str = "__CSP_NONCE__";

/// Answers with a file of the UI, or with its page for every address that the UI itself routes.
pub(super) async fn page(request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Refusal(Problem::new(405, "http.method_not_allowed")).into_response();
    }
    let path = request.uri().path().trim_start_matches('/');
    match Files::get(path).filter(|_| path != "index.html" && !path.is_empty()) {
        Some(file) => asset(path, file.data.into_owned()),
        // A missing file is missing; everything else is an address inside the UI.
        None if path.starts_with("assets/") => {
            Refusal(Problem::not_found("http.no_such_page")).into_response()
        }
        None => index(),
    }
}

/// Answers with the web tag, which sites of others load.
pub(super) async fn tag() -> Response {
    let Some(file) = Files::get("tag.js") else {
        return Refusal(Problem::not_found("http.no_such_page")).into_response();
    };
    let mut response = asset("tag.js", file.data.into_owned());
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(
        header::HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("cross-origin"),
    );
    response
}

fn asset(path: &str, bytes: Vec<u8>) -> Response {
    let kind = mime_guess::from_path(path).first_or_octet_stream().to_string();
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    if let Ok(kind) = HeaderValue::from_str(&kind) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    // Names below assets/ carry a hash of the contents.
    let cache = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    response
}

fn index() -> Response {
    let Some(file) = Files::get("index.html") else {
        let text = "The web UI is not part of this build. Run `make web`, then build again.\n";
        return (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text)
            .into_response();
    };
    let nonce = store::random::token();
    let html = String::from_utf8_lossy(&file.data).replace(NONCE, &nonce);
    // Style attributes are what charts and components set on single elements; scripts stay strict.
    let policy = format!(
        "default-src 'self'; script-src 'self'; style-src-elem 'self' 'nonce-{nonce}'; \
         style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; \
         frame-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    );
    let mut response = html.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}
