use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use kernel::{Caller, Problem};
use serde::de::DeserializeOwned;

use crate::Refusal;
use crate::json::read_json;
use crate::unfit::{self, Unfit};

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
        let kind =
            request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        if !kind.to_ascii_lowercase().starts_with("application/json") {
            return Err(Problem::new(415, "http.json_expected").into());
        }
        let bytes =
            Bytes::from_request(request, state).await.map_err(|rejection| body_refused(&rejection))?;
        Ok(Self(read_json(&bytes)?))
    }
}

/// Query parameters, read into `T`.
#[derive(Debug, Clone)]
pub struct Params<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Params<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Refusal> {
        check_text(parts.uri.query().unwrap_or_default())?;
        Query::try_from_uri(&parts.uri)
            .map(|Query(read)| Self(read))
            .map_err(|rejection| query_refused(&rejection.body_text()).into())
    }
}

/// The places of the path, read into `T`; an id that is none is "not found".
#[derive(Debug, Clone)]
pub struct PathOf<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for PathOf<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        // What cannot be the text of any id or key names nothing that is there.
        check_text(parts.uri.path()).map_err(|_| Problem::not_found("access.not_found"))?;
        let Path(read) = Path::<T>::from_request_parts(parts, state)
            .await
            .map_err(|_| Problem::not_found("access.not_found"))?;
        Ok(Self(read))
    }
}

/// A body that did not arrive is not one that is too large.
fn body_refused(rejection: &BytesRejection) -> Problem {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large("http.body_too_large"),
        _ => Problem::bad_request("http.body_broken"),
    }
}

/// Says what is wrong with a query, from axum's words: "Failed to deserialize query string: field: reason".
fn query_refused(words: &str) -> Problem {
    let words = words.split_once(": ").map_or(words, |(_, rest)| rest);
    let (field, reason) =
        words.split_once(": ").filter(|(field, _)| !field.contains(' ')).unwrap_or(("", words));
    match unfit::read(reason) {
        Unfit::Other => {
            Problem::bad_request("http.query_invalid").with("field", field).with("reason", reason)
        }
        known => known.problem(field),
    }
}

/// Refuses what, decoded, is no UTF-8 or holds the NUL character: no text of ours does.
fn check_text(encoded: &str) -> kernel::Result<()> {
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.as_bytes();
    while let [byte, behind @ ..] = rest {
        rest = behind;
        match behind {
            [high, low, behind @ ..] if *byte == b'%' => {
                let (Some(high), Some(low)) = (hex_digit(*high), hex_digit(*low)) else { continue };
                bytes.push(high * 16 + low);
                rest = behind;
            }
            _ => bytes.push(*byte),
        }
    }
    if let Err(error) = std::str::from_utf8(&bytes) {
        return Err(Problem::bad_request("http.not_utf8").with("place", error.valid_up_to() + 1));
    }
    if bytes.contains(&0) { Err(Problem::bad_request("http.text_has_nul")) } else { Ok(()) }
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_must_be_text() {
        for sound in ["", "q=%E8%8C%B6&x=1", "q=100%", "q=%zz", "q=%2500"] {
            check_text(sound).expect(sound);
        }
        assert_eq!(check_text("q=a%00").expect_err("NUL").code, "http.text_has_nul");
        let broken = check_text("q=%E8%8C").expect_err("cut in the middle of a letter");
        assert_eq!((broken.code.as_ref(), broken.args["place"].as_u64()), ("http.not_utf8", Some(3)));
    }

    #[test]
    fn mistakes_in_a_query_name_their_field() {
        let said = |words: &str| query_refused(&format!("Failed to deserialize query string: {words}"));
        let problem = said("page_size: invalid digit found in string");
        assert_eq!(
            (problem.code.as_ref(), &problem.args["field"]),
            ("http.value.type_integer", &"page_size".into())
        );
        let problem = said("missing field `noun`");
        assert_eq!((problem.code.as_ref(), &problem.args["field"]), ("http.value.missing", &"noun".into()));
        let problem = said("state: unknown variant `x`, expected `a` or `b`");
        assert_eq!(
            (problem.code.as_ref(), &problem.args["known"]),
            ("http.value.unknown_word", &"a, b".into())
        );
    }
}
