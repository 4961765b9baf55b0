//! Whom events are about (身份归集): what `identify` calls say joins accounts and devices with the people of the database.

use async_trait::async_trait;
use http_kit::App;
use kernel::{MINUTE_MS, Result, Timestamp};
use lake::{EventKind, Lake, Selection};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::jobs::{Job, JobError, JobKind, Lease};
use store::{Audit, args, sql};

use crate::node::{Key, MatchRule, NodeKind, resolve};

/// Name of the schedule.
pub const IDENTIFY_SCHEDULE: &str = "customers.event.identify";
/// Records that are told at a time.
const CHUNK: usize = 1_000;
/// What arrived in this time before the watermark is read again: an event may reach its file after a later one.
const AGAIN_MS: i64 = 10 * MINUTE_MS;

sql! {
    WATERMARK = "SELECT after_at FROM event_projection WHERE stream = 'identify'";

    SET_WATERMARK = "INSERT INTO event_projection (stream, after_at, after_id, updated_at) VALUES ('identify', $1, '', $2)
        ON CONFLICT (stream) DO UPDATE SET after_at = excluded.after_at, updated_at = excluded.updated_at";
}

/// Joins the accounts and devices of events with people.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Identify {}

impl JobKind for Identify {
    const KIND: &'static str = "customers.event.identify";
}

#[async_trait]
impl Job<App> for Identify {
    async fn run(&self, app: &App, _lease: &Lease) -> Result<(), JobError> {
        run(app).await.map_err(JobError::from)
    }
}

async fn run(app: &App) -> Result<()> {
    let after: Option<Timestamp> = app.store.find(WATERMARK, args![]).await?;
    let mut told: Vec<(Timestamp, Vec<Key>)> = Vec::new();
    let each = |event: &lake::ReadEvent<'_>| {
        let keys = keys(event.user_id, event.anonymous_id, event.properties);
        if keys.len() > 1 {
            told.push((event.happened_at, keys));
        }
    };
    let wanted = Selection {
        kinds: [EventKind::Identify].into(),
        received_from: after.map(|at| at.plus_ms(-AGAIN_MS)),
        whole: true,
        ..Selection::default()
    };
    let watermark = app.part::<Lake>()?.read(&wanted, Box::new(each)).await?;
    let Some(watermark) = watermark.filter(|now| after.is_none_or(|after| *now > after)) else {
        return Ok(());
    };
    told.sort_by_key(|(at, _)| *at);
    let records: Vec<Vec<Key>> = told.into_iter().map(|(_, keys)| keys).collect();
    for chunk in records.chunks(CHUNK) {
        let mut tx = app.store.begin(&kernel::Caller::system("customers.event")).await?;
        resolve(&mut tx, chunk, "events", MatchRule::SameRecord).await?;
        tx.audit(Audit::without_row("identify", "customers.profile").covering(chunk.len() as u64)).await?;
        tx.commit().await?;
    }
    let mut tx = app.store.begin_observation(store::Observation::Ingest).await?;
    let now = tx.now();
    tx.exec(SET_WATERMARK, args![watermark, now]).await?;
    tx.commit().await
}

/// Returns the identifiers that a call names: account and device, and the traits `email`, `phone` and `member_number`.
/// One that is none of its kind says nothing.
fn keys(user_id: Option<&str>, anonymous_id: Option<&str>, traits: &str) -> Vec<Key> {
    let traits: Map<String, Value> = serde_json::from_str(traits).unwrap_or_default();
    let said = |names: &[&str]| names.iter().find_map(|name| traits.get(*name).and_then(Value::as_str));
    let named = [
        (NodeKind::MemberNumber, said(&["member_number", "memberNumber"])),
        (NodeKind::Email, said(&["email"])),
        (NodeKind::Mobile, said(&["phone", "mobile"])),
        (NodeKind::UserId, user_id),
        (NodeKind::AnonymousId, anonymous_id),
    ];
    named.into_iter().filter_map(|(kind, text)| Key::new(kind, text?).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_names_account_device_and_what_its_traits_tell() {
        let found = keys(
            Some("u-1"),
            Some("a-1"),
            r#"{"email":"Anna@Example.com","phone":"138 0013 8000","plan":"gold"}"#,
        );
        let told: Vec<(NodeKind, &str)> = found.iter().map(|key| (key.kind, key.value.as_str())).collect();
        let expected = [
            (NodeKind::Email, "anna@example.com"),
            (NodeKind::Mobile, "+8613800138000"),
            (NodeKind::UserId, "u-1"),
            (NodeKind::AnonymousId, "a-1"),
        ];
        assert_eq!(told, expected);
        assert_eq!(keys(Some("u-1"), None, r#"{"email":"none"}"#).len(), 1);
        assert_eq!(keys(None, None, "not JSON").len(), 0);
    }
}
