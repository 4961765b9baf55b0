use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::header;
use axum::http::request::Parts;
use kernel::{Caller, Problem};
use serde::de::DeserializeOwned;

use crate::Refusal;

/// The caller of this request; anonymous where nobody is signed in.
#[derive(Debug, Clone)]
pub struct Who(pub Caller);

impl<S: Send + Sync> FromRequestParts<S> for Who {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Refusal> {
        let caller = parts.extensions.get::<Caller>().cloned();
        Ok(Self(caller.ok_or_else(|| Problem::internal("the caller layer is missing on this route"))?))
    }
}

/// A JSON body, read into `T`; a mistake is answered with the field and what was expected.
#[derive(Debug, Clone)]
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        if !kind.to_ascii_lowercase().starts_with("application/json") {
            return Err(Problem::new(415, "http.json_expected").into());
        }
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|_| Problem::too_large("http.body_too_large"))?;
        // serde_json stops at a depth of 128 by itself.
        let mut json = serde_json::Deserializer::from_slice(&bytes);
        let read = serde_path_to_error::deserialize(&mut json).map_err(|error| {
            let (path, inner) = (error.path().to_string(), error.inner());
            Problem::bad_request("http.json_invalid")
                .with("field", path)
                .with("line", inner.line())
                .with("column", inner.column())
                .with("reason", inner.to_string())
        })?;
        json.end().map_err(|e| Problem::bad_request("http.json_trailing").with("line", e.line()))?;
        Ok(Self(read))
    }
}

/// Query parameters, read into `T`.
#[derive(Debug, Clone)]
pub struct Params<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Params<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Refusal> {
        let query = parts.uri.query().unwrap_or_default();
        serde_urlencoded::from_str(query).map(Self).map_err(|error| {
            Problem::bad_request("http.query_invalid").with("reason", error.to_string()).into()
        })
    }
}

/// The places of the path, read into `T`; an id that is none is "not found".
#[derive(Debug, Clone)]
pub struct PathOf<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for PathOf<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let Path(read) =
            Path::<T>::from_request_parts(parts, state).await.map_err(|_| Problem::not_found("access.not_found"))?;
        Ok(Self(read))
    }
}

/// The version that the caller saw, from `If-Match: "7"`; a change without it is refused.
#[derive(Debug, Clone, Copy)]
pub struct IfMatch(pub i64);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Refusal> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else {
            return Err(Problem::precondition_required("http.if_match_missing").into());
        };
        let version = value.to_str().ok().and_then(|text| text.trim().trim_matches('"').parse().ok());
        version.map(Self).ok_or_else(|| Problem::bad_request("http.if_match_invalid").into())
    }
}
