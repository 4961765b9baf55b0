use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_kit::{AppState, Authenticate, Peer, Refusal, RequestId};
use kernel::{Caller, Id, Language, Problem};
use std::net::SocketAddr;
use tracing::Instrument;

/// Name of the header that carries a request's id in and out.
const REQUEST_ID: &str = "x-request-id";
/// Longest request id that is taken over from a proxy.
const REQUEST_ID_MAX: usize = 64;

/// Longest address with its query; browsers and proxies keep to about this.
const ADDRESS_MAX: usize = 8_000;

/// Which origin a response belongs to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Headers {
    Staff,
    Public,
}

/// Gives every request an id and every log line of it that id.
pub(super) async fn trace(mut request: Request, next: Next) -> Response {
    let id = request_id(request.headers());
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| Peer(info.0.ip()));
    if let Some(peer) = peer {
        request.extensions_mut().insert(peer);
    }
    request.extensions_mut().insert(RequestId(id.clone()));
    let path = shown(request.uri().path());
    let span = tracing::info_span!("request", id, method = %request.method(), path);
    async move {
        let mut response = next.run(request).await;
        tracing::debug!(status = response.status().as_u16(), "answered");
        if let Ok(value) = HeaderValue::from_str(&id) {
            response.headers_mut().insert(REQUEST_ID, value);
        }
        response
    }
    .instrument(span)
    .await
}

/// Where calendar programs read and senders drop: what follows is a secret.
const SECRETS: [&str; 2] = ["/api/v1/rulebook/calendar-feeds/", "/api/v1/rulebook/intake-drops/"];

/// Returns a path as logs may keep it.
fn shown(path: &str) -> &str {
    SECRETS.into_iter().find(|secret| path.starts_with(secret)).unwrap_or(path)
}

/// Refuses addresses that no page of ours makes.
pub(super) async fn bounded(request: Request, next: Next) -> Response {
    let length = request.uri().path_and_query().map_or(0, |address| address.as_str().len());
    if length > ADDRESS_MAX {
        return Refusal(Problem::new(414, "http.address_too_long").with("max", ADDRESS_MAX)).into_response();
    }
    next.run(request).await
}

fn request_id(headers: &HeaderMap) -> String {
    let given = headers.get(REQUEST_ID).and_then(|v| v.to_str().ok()).filter(|id| {
        !id.is_empty()
            && id.len() <= REQUEST_ID_MAX
            && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    });
    given.map_or_else(|| Id::new().to_string(), str::to_owned)
}

fn stranger(request: &Request) -> Caller {
    let language = request.headers().get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok());
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    Caller::anonymous(language.map_or_else(Language::default, Language::negotiate), id)
}

/// Finds out who calls; notes refusals of people who are signed in.
pub(super) async fn identify(State(app): State<AppState>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<Peer>().copied();
    let authenticate = identity::Authenticator::new(app.clone());
    let stranger = stranger(&request);
    request.extensions_mut().insert(stranger.clone());
    let caller = match authenticate.caller(request.method(), request.headers(), peer, stranger).await {
        Ok(caller) => caller,
        Err(problem) => return Refusal(problem).into_response(),
    };
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    request.extensions_mut().insert(caller.clone());
    let mut response = next.run(request).await;
    response.extensions_mut().insert(caller.language);
    let refused = response.extensions().get::<std::sync::Arc<Problem>>().filter(|p| p.status == 403).cloned();
    let (Some(problem), Some(_)) = (refused, caller.find_user_id()) else { return response };
    match identity::record_refusal(&app, &caller, &problem, &method, &path).await {
        // A better explanation, such as "this area needs a registered device".
        Ok(Some(clearer)) => {
            let mut response = Refusal(clearer).into_response();
            response.extensions_mut().insert(caller.language);
            response
        }
        Ok(None) => response,
        Err(error) => {
            tracing::error!("a refusal could not be recorded: {error}");
            response
        }
    }
}

/// Receivers are never signed in, whatever cookies their browser sends.
pub(super) async fn anonymous(mut request: Request, next: Next) -> Response {
    request.headers_mut().remove(header::COOKIE);
    // Sources of events show their write key by this scheme; staff never do.
    let shown = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if !shown.is_some_and(|value| value.starts_with("Basic ")) {
        request.headers_mut().remove(header::AUTHORIZATION);
    }
    let stranger = stranger(&request);
    request.extensions_mut().insert(stranger);
    next.run(request).await
}

/// Sets the headers that keep browsers from doing what nobody asked for.
pub(super) async fn headers(State(kind): State<Headers>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut set = |name, value| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "same-origin");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    set(
        header::HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), payment=()",
    );
    set(header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(
        header::CONTENT_SECURITY_POLICY,
        match kind {
            // The UI's own page sets a policy with a nonce; this is for everything else.
            Headers::Staff => "default-src 'none'; frame-ancestors 'none'",
            Headers::Public => {
                "default-src 'none'; img-src 'self'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
            }
        },
    );
    response
}
