use axum::http::Method;
use http_kit::App;
use kernel::{Actor, Caller, Id, MINUTE_MS, Problem, Result};
use serde_json::json;
use store::{Audit, Observation, args};

use super::sql;
use crate::door;

/// Longest path that is kept.
const PATH_MAX: usize = 300;

/// Writes down that the access door refused `caller`; within a minute the same refusal is counted, not written again.
///
/// Returns a better answer where the caller holds the permission but not on this device.
pub async fn record(
    app: &App,
    caller: &Caller,
    problem: &Problem,
    method: &Method,
    path: &str,
) -> Result<Option<Problem>> {
    let (user_id, by_token) = match &caller.actor {
        Actor::User { id, by_token, .. } => (*id, *by_token),
        _ => return Ok(None),
    };
    let permission = problem.args.get("permission").and_then(|code| code.as_str()).unwrap_or_default();
    let withheld = !by_token
        && problem.code == "access.missing_permission"
        && door::service::held_codes(app, user_id).await?.contains(permission);
    let (why, code) = match withheld {
        true => ("device", "identity.device.needed"),
        false if problem.code == "access.outside_scope" => ("scope", problem.code.as_ref()),
        false if problem.code == "access.field_hidden" => ("field", problem.code.as_ref()),
        false if problem.code == "http.csrf" => ("csrf", problem.code.as_ref()),
        false => ("permission", problem.code.as_ref()),
    };
    let path: String = path.chars().take(PATH_MAX).collect();
    let mut tx = app.store.begin_observation(Observation::SessionUse).await?;
    let now = tx.now();
    let args = args![
        Id::new(),
        now,
        now.ms() / MINUTE_MS,
        user_id,
        by_token,
        why,
        code,
        permission,
        method.as_str(),
        &path,
    ];
    let attempts: i64 = tx.get(sql::RECORD, args).await?;
    tx.commit().await?;
    if attempts == 1 {
        let facts =
            json!({ "code": code, "permission": permission, "method": method.as_str(), "path": path });
        let mut tx = app.store.begin(caller).await?;
        tx.audit(Audit::without_row("refuse", "access").with(facts)).await?;
        tx.commit().await?;
    }
    Ok(withheld.then(|| Problem::forbidden("identity.device.needed").with("permission", permission)))
}
