//! The addresses that programs of others send events to, on the public origin. A body is read by its bytes: what SDKs say
//! about its type is often wrong.

use std::collections::BTreeMap;
use std::io::Read;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http_kit::{AppState, Refusal, pages};
use kernel::{Problem, Result, Timestamp};
use lake::{BATCH_MAX, EventKind};
use serde_json::json;

use super::ingest::{count_bots, keep, source};
use super::wire::segment::{self, Call};
use super::wire::{Reading, Unreadable, matomo, posthog, snowplow};
use super::{SourceKind, rules, visit};

/// Returns the addresses of the Segment API and of the trackers that are installed everywhere.
pub fn public() -> Router<AppState> {
    let call = |call: Call| {
        post(move |State(app): State<AppState>, headers: HeaderMap, body: Bytes| async move {
            let taken = take_segment(&app, &headers, &body, call).await;
            answer(taken.map(|()| json!({ "success": true })))
        })
        .options(allow)
    };
    Router::new()
        .route("/v1/batch", call(Call::Batch))
        .route("/v1/import", call(Call::Import))
        .route("/v1/identify", call(Call::One(EventKind::Identify)))
        .route("/v1/track", call(Call::One(EventKind::Track)))
        .route("/v1/page", call(Call::One(EventKind::Page)))
        .route("/v1/screen", call(Call::One(EventKind::Screen)))
        .route("/v1/group", call(Call::One(EventKind::Group)))
        .route("/v1/alias", call(Call::One(EventKind::Alias)))
        .route("/batch/", post(take_posthog).options(allow))
        .route("/capture/", post(take_posthog).options(allow))
        .route("/e/", post(take_posthog).options(allow))
        .route("/matomo.php", get(take_matomo_query).post(take_matomo_bulk).options(allow))
        .route("/com.snowplowanalytics.snowplow/tp2", post(take_snowplow).options(allow))
        .route("/i", get(take_snowplow_query))
        .layer(DefaultBodyLimit::max(BATCH_MAX + 1024))
}

async fn take_posthog(State(app): State<AppState>, headers: HeaderMap, body: Bytes) -> Response {
    let taken = async {
        let body = unpacked(&headers, &body)?;
        let (key, reading) = posthog::read(&body, app.store.now()).map_err(unreadable)?;
        take(&app, &headers, Some(&key), reading).await
    };
    answer(taken.await.map(|()| json!({ "status": 1 })))
}

/// How a tracker's query is read: the write key, and what was read.
type QueryReader = fn(&str, Timestamp) -> std::result::Result<(String, Reading), Unreadable>;

/// Takes an event that stands in the address of a picture.
async fn take_query(app: AppState, headers: HeaderMap, query: Option<String>, read: QueryReader) -> Response {
    let taken = async {
        let (key, reading) = read(&query.unwrap_or_default(), app.store.now()).map_err(unreadable)?;
        take(&app, &headers, Some(&key), reading).await
    };
    pixel(taken.await)
}

async fn take_matomo_query(
    State(app): State<AppState>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    take_query(app, headers, query, matomo::read_query).await
}

/// Matomo's trackers send one event in the query also by POST, and many in a JSON body.
async fn take_matomo_bulk(
    State(app): State<AppState>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Response {
    if body.is_empty() {
        return take_query(app, headers, query, matomo::read_query).await;
    }
    let taken = async {
        let body = unpacked(&headers, &body)?;
        let by_key = matomo::read_bulk(&body, app.store.now()).map_err(unreadable)?;
        let tracked = by_key.values().map(|reading| reading.events.len()).sum::<usize>();
        let invalid = by_key.values().map(|reading| reading.rejected.len()).sum::<usize>();
        take_each(&app, &headers, by_key).await?;
        Ok(json!({ "status": "success", "tracked": tracked, "invalid": invalid }))
    };
    answer(taken.await)
}

async fn take_snowplow(State(app): State<AppState>, headers: HeaderMap, body: Bytes) -> Response {
    let taken = async {
        let body = unpacked(&headers, &body)?;
        let by_key = snowplow::read(&body, app.store.now()).map_err(unreadable)?;
        take_each(&app, &headers, by_key).await
    };
    answer(taken.await.map(|()| json!({ "success": true })))
}

async fn take_snowplow_query(
    State(app): State<AppState>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    take_query(app, headers, query, snowplow::read_query).await
}

/// Keeps what one body brought for several sources. Where one of them is refused the rest may be kept already: what is
/// sent again counts once.
async fn take_each(app: &AppState, headers: &HeaderMap, by_key: BTreeMap<String, Reading>) -> Result<()> {
    for (key, reading) in by_key {
        take(app, headers, Some(&key), reading).await?;
    }
    Ok(())
}

fn pixel(taken: Result<()>) -> Response {
    match taken {
        Ok(()) => {
            let mut response = pages::pixel();
            open_to_all(response.headers_mut());
            response
        }
        Err(problem) => answer(Err(problem)),
    }
}

async fn take_segment(app: &AppState, headers: &HeaderMap, body: &Bytes, call: Call) -> Result<()> {
    let body = unpacked(headers, body)?;
    let received_at = app.store.now();
    let said = segment::read(&body, call, received_at).map_err(unreadable)?;
    let key = text(headers, header::AUTHORIZATION.as_str())
        .and_then(rules::basic_user)
        .filter(|key| !key.is_empty());
    take(app, headers, key.or(said.write_key).as_deref(), said.reading).await
}

/// Keeps what was read for the source of the key; visits of programs on a site are only counted.
async fn take(app: &AppState, headers: &HeaderMap, key: Option<&str>, reading: Reading) -> Result<()> {
    let (source, now) = (source(app, key).await?, app.store.now());
    let agent = text(headers, header::USER_AGENT.as_str()).unwrap_or_default();
    if source.kind == SourceKind::Website && visit::is_bot(agent) {
        return count_bots(app, source, reading.events.len(), now).await;
    }
    keep(app, source, reading, now).await
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Returns a body as it was before it was packed; no more of it than a batch may have.
fn unpacked<'a>(headers: &HeaderMap, body: &'a Bytes) -> Result<std::borrow::Cow<'a, [u8]>> {
    let said = text(headers, header::CONTENT_ENCODING.as_str()).is_some_and(|coding| coding.contains("gzip"));
    if !said && !body.starts_with(&[0x1f, 0x8b]) {
        return Ok(std::borrow::Cow::Borrowed(body));
    }
    let mut plain = Vec::with_capacity(body.len() * 4);
    let limit = BATCH_MAX as u64 + 1;
    flate2::read::MultiGzDecoder::new(&body[..])
        .take(limit)
        .read_to_end(&mut plain)
        .map_err(|_| unreadable(Unreadable::Malformed))?;
    Ok(std::borrow::Cow::Owned(plain))
}

fn unreadable(why: Unreadable) -> Problem {
    match why {
        Unreadable::Malformed => Problem::new(400, "customers.source.body_malformed"),
        Unreadable::TooLarge => Problem::new(413, "customers.source.body_too_large").with("max", BATCH_MAX),
    }
}

fn answer(taken: Result<serde_json::Value>) -> Response {
    let mut response = match taken {
        Ok(body) => axum::Json(body).into_response(),
        Err(problem) => Refusal(problem).into_response(),
    };
    open_to_all(response.headers_mut());
    response
}

/// Pages of every site may send: no cookie is read, and nothing is answered that anybody could want.
fn open_to_all(headers: &mut HeaderMap) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("retry-after"));
}

/// Answers a browser that asks before it sends.
async fn allow() -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    open_to_all(headers);
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST, OPTIONS"));
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_HEADERS,
        HeaderValue::from_static("authorization, content-type, content-encoding"),
    );
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
    response
}
