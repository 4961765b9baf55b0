use http_kit::App;
use kernel::{Caller, Id, Problem, Result};
use serde_json::{Value as Json, json};
use store::Tx;

use super::service::{done, load, load_seen};
use super::{CorrectRequest, RequestKind, SubjectRequest, rules};
use crate::merge::check_reason;
use crate::permissions::{PRIVACY_ERASE, PRIVACY_MANAGE};
use crate::privacy::erasure::{self, Cause};
use crate::privacy::flag::{self, Flag};
use crate::profile::{self, facts::Facts};

/// Returns whom a request is about.
fn person(request: &SubjectRequest) -> Result<Id> {
    request.profile_id.ok_or_else(|| Problem::unprocessable("customers.privacy.profile_needed"))
}

/// Puts right what somebody said is wrong.
pub async fn correct(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    wish: &CorrectRequest,
) -> Result<SubjectRequest> {
    caller.require(PRIVACY_MANAGE)?;
    let reason = check_reason(&wish.reason)?;
    let mut tx = app.store.begin(caller).await?;
    let request = load_seen(&mut tx, id, version).await?;
    rules::check_ready(&request, &[RequestKind::Correction])?;
    let before = profile::load_in(&mut tx, person(&request)?).await?;
    let after = profile::change(&mut tx, caller, &before, before.version, &wish.fields).await?;
    let changed = changed(&before, &after);
    if changed.is_empty() {
        return Err(Problem::unprocessable("customers.privacy.nothing_changed"));
    }
    done(&mut tx, &request, "correct", reason, &json!({ "kind": "correction", "changed": changed })).await?;
    tx.commit().await?;
    load(&app.store, id).await
}

/// Names the fields that differ; what they hold is nobody's business here.
fn changed(before: &profile::Profile, after: &profile::Profile) -> Vec<String> {
    let fields = |profile: &profile::Profile| {
        let mut fields = profile::record::flat(&Facts::of(profile));
        let more = [("email", &profile.email), ("mobile", &profile.mobile)];
        fields.extend(more.map(|(name, value)| (name.to_owned(), json!(value))));
        let place = [
            ("brand_id", profile.brand_id),
            ("department_id", profile.department_id),
            ("owner_id", profile.owner_id),
        ];
        fields.extend(place.map(|(name, value)| (name.to_owned(), json!(value))));
        fields
    };
    let (before, after) = (fields(before), fields(after));
    let mut names: Vec<String> = before.keys().chain(after.keys()).cloned().collect();
    names.sort();
    names.dedup();
    names.retain(|name| before.get(name).unwrap_or(&Json::Null) != after.get(name).unwrap_or(&Json::Null));
    names
}

/// Takes somebody out of what programs decide alone.
pub async fn object(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    reason: &str,
) -> Result<SubjectRequest> {
    set(app, caller, id, version, reason, (RequestKind::ObjectAutomated, Flag::NoAutomated, "object")).await
}

/// Keeps somebody's data, and does not use them.
pub async fn restrict(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    reason: &str,
) -> Result<SubjectRequest> {
    set(app, caller, id, version, reason, (RequestKind::Restrict, Flag::Restricted, "restrict")).await
}

async fn set(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    reason: &str,
    (kind, what, action): (RequestKind, Flag, &'static str),
) -> Result<SubjectRequest> {
    caller.require(PRIVACY_MANAGE)?;
    let reason = check_reason(reason)?;
    let mut tx = app.store.begin(caller).await?;
    let request = load_seen(&mut tx, id, version).await?;
    rules::check_ready(&request, &[kind])?;
    let since = flag::set(&mut tx, person(&request)?, what, true).await?;
    done(&mut tx, &request, action, reason, &json!({ "kind": "flag", "flag": what, "since": since })).await?;
    tx.commit().await?;
    load(&app.store, id).await
}

/// Erases somebody; what lies outside the database follows in the background, and the request ends with the proof.
pub async fn erase(app: &App, caller: &Caller, id: Id, version: i64, reason: &str) -> Result<SubjectRequest> {
    caller.require(PRIVACY_ERASE)?;
    let reason = check_reason(reason)?;
    let keys = erasure::Keys::open(app).await?;
    let mut tx = app.store.begin(caller).await?;
    let request = load_seen(&mut tx, id, version).await?;
    rules::check_ready(&request, &[RequestKind::Erasure])?;
    if request.result.is_some() {
        return Err(Problem::conflict("customers.privacy.erased_already"));
    }
    let profile = person(&request)?;
    let wish = erasure::Wish {
        id: Id::new(),
        profile,
        cause: Cause::Request,
        request: Some(id),
        reason,
        keeps_figures: false,
    };
    erasure::erase(&mut tx, &keys, wish).await?;
    tx.commit().await?;
    load(&app.store, id).await
}

/// Looks again for what is left of somebody who was erased.
pub async fn check(app: &App, caller: &Caller, id: Id) -> Result<SubjectRequest> {
    caller.require(PRIVACY_ERASE)?;
    let erasure = erasure::of_request(&app.store, id).await?;
    erasure::finish(app, caller, erasure).await?;
    load(&app.store, id).await
}

/// Ends an erasure although something was found, with the reason why that stays.
pub async fn accept(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    reason: &str,
) -> Result<SubjectRequest> {
    caller.require(PRIVACY_ERASE)?;
    let reason = check_reason(reason)?;
    let erasure = erasure::of_request(&app.store, id).await?;
    let mut tx: Tx = app.store.begin(caller).await?;
    load_seen(&mut tx, id, version).await?;
    erasure::accept(&mut tx, erasure, reason).await?;
    tx.commit().await?;
    load(&app.store, id).await
}
