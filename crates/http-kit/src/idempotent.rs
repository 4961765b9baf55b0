//! `Idempotency-Key`: a creation that is sent twice, because its answer was lost, happens once.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kernel::{Caller, Problem};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::idempotency::{Answer, Begun, begin, finish, forget};
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::openapi::{Object, Required, Type};

use crate::{App, AppState, Refusal};

/// The header of a request that carries a key.
const KEY: &str = "idempotency-key";
/// The header of an answer that was given before.
const REPLAYED: &str = "idempotency-replayed";
/// Largest answer that is kept; rows are far smaller.
const ANSWER_BYTES_MAX: usize = 1024 * 1024;

/// Describes the header in the document.
pub(crate) fn parameter() -> Parameter {
    let mut parameter = Parameter::new("Idempotency-Key");
    parameter.parameter_in = ParameterIn::Header;
    parameter.required = Required::False;
    parameter.description =
        Some("Makes a repetition of this request answer as the first one did, for a day".to_owned());
    parameter.schema = Some(Object::with_type(Type::String).into());
    parameter
}

/// A request that carries a key.
struct Asked {
    actor: String,
    key: String,
}

/// What is kept of an answer; encrypted, because an answer may show a secret once.
#[derive(Serialize, Deserialize)]
struct Kept {
    etag: Option<String>,
    body: String,
}

/// Gives the second try of a POST the answer of the first one.
///
/// Stands inside the layer that finds out who calls: a key belongs to its user.
pub async fn once(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let Some(asked) = asked(&request) else { return next.run(request).await };
    match answer(&app, &asked, request, next).await {
        Ok(response) => response,
        Err(refusal) => refusal.into_response(),
    }
}

fn asked(request: &Request) -> Option<Asked> {
    let key = request.headers().get(KEY).filter(|_| request.method() == Method::POST)?;
    let user = request.extensions().get::<Caller>()?.find_user_id()?;
    // A key that is no text is as wrong as an empty one, which the store refuses in words.
    Some(Asked { actor: user.to_string(), key: key.to_str().unwrap_or_default().to_owned() })
}

async fn answer(app: &App, asked: &Asked, request: Request, next: Next) -> Result<Response, Refusal> {
    if !is_json(request.headers()) {
        return Err(Problem::bad_request("http.idempotency_json_only").into());
    }
    let (parts, body) = request.into_parts();
    let copy = Request::from_parts(parts.clone(), body);
    let bytes =
        Bytes::from_request(copy, &()).await.map_err(|_| Problem::too_large("http.body_too_large"))?;
    let digest =
        Sha256::new().chain_update(parts.uri.to_string()).chain_update([0]).chain_update(&bytes).finalize();
    match begin(&app.store, &asked.actor, &asked.key, &hex::encode(digest)).await? {
        Begun::Done(before) => replay(app, asked, &before).await,
        Begun::New => {
            let response = next.run(Request::from_parts(parts, Body::from(bytes))).await;
            settle(app, asked, response).await
        }
    }
}

/// An operation without a body names no type.
fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).map(|v| v.to_str().unwrap_or_default().to_ascii_lowercase());
    kind.is_none_or(|kind| kind.starts_with("application/json"))
}

/// Keeps a success; frees the key of what was refused, since that changed nothing.
///
/// An internal failure keeps the key taken: nobody knows how far it came.
async fn settle(app: &App, asked: &Asked, response: Response) -> Result<Response, Refusal> {
    let status = response.status();
    if !status.is_success() {
        if status != StatusCode::INTERNAL_SERVER_ERROR {
            forget(&app.store, &asked.actor, &asked.key).await?;
        }
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, ANSWER_BYTES_MAX).await.map_err(Problem::internal)?;
    let etag = parts.headers.get(header::ETAG).and_then(|v| v.to_str().ok()).map(str::to_owned);
    let kept = Kept { etag, body: String::from_utf8(bytes.to_vec()).map_err(Problem::internal)? };
    let plain = serde_json::to_vec(&kept).map_err(Problem::internal)?;
    let sealed = app.secrets.cipher("http.idempotency").await?.encrypt(&context(asked), &plain);
    let answer = Answer { status: i64::from(status.as_u16()), response: hex::encode(sealed) };
    finish(&app.store, &asked.actor, &asked.key, &answer).await?;
    Ok(Response::from_parts(parts, Body::from(bytes)))
}

async fn replay(app: &App, asked: &Asked, before: &Answer) -> Result<Response, Refusal> {
    let sealed = hex::decode(&before.response).map_err(Problem::internal)?;
    let plain = app.secrets.cipher("http.idempotency").await?.decrypt(&context(asked), &sealed)?;
    let kept: Kept = serde_json::from_slice(&plain).map_err(Problem::internal)?;
    let status = u16::try_from(before.status).ok().and_then(|s| StatusCode::from_u16(s).ok());
    let mut response = (status.unwrap_or(StatusCode::OK), kept.body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    if let Some(etag) = kept.etag.and_then(|etag| HeaderValue::from_str(&etag).ok()) {
        headers.insert(header::ETAG, etag);
    }
    Ok(response)
}

fn context(asked: &Asked) -> String {
    format!("{}/{}", asked.actor, asked.key)
}
