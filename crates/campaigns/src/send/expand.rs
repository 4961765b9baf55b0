//! Fills the ledger from the frozen audience, a chunk a transaction; doing it again adds nothing.

use http_kit::App;
use kernel::{Id, Problem, Result, Timestamp};
use store::jobs::Lease;
use store::{Observation, args};

use super::sql::{self, Member};
use super::{SendState, rules};
use crate::campaign::{self, Campaign};

/// Members planned in one transaction.
const CHUNK: i64 = 1_000;
const CHANNEL: &str = "email";

/// Plans every message of a launched campaign.
pub(super) async fn expand(app: &App, campaign_id: Id, lease: &Lease) -> Result<()> {
    register_links(app, campaign_id).await?;
    loop {
        lease.check().await?;
        let campaign = campaign::find(&app.store, campaign_id).await?;
        if campaign.expanded_at.is_some() || chunk(app, &campaign).await? {
            return Ok(());
        }
    }
}

/// Gives every countable link of the released content its number.
async fn register_links(app: &App, campaign_id: Id) -> Result<()> {
    let campaign = campaign::find(&app.store, campaign_id).await?;
    let Some(release) = campaign.release_id else { return Ok(()) };
    let released = app.ports.release.get()?.open(release).await?;
    let known = sql::links(&app.store, campaign_id).await?;
    let mut next = known.values().max().copied().unwrap_or(super::render::HONEYPOT) + 1;
    let mut tx = app.store.begin_observation(Observation::SendStep).await?;
    for variant in &released.variants {
        for url in super::render::targets(&variant.html) {
            if !known.contains_key(&url) && sql::insert_link(&mut tx, campaign_id, next, &url).await? == 1 {
                next += 1;
            }
        }
    }
    tx.commit().await
}

/// Plans one chunk; returns true after the last.
async fn chunk(app: &App, campaign: &Campaign) -> Result<bool> {
    let missing = || Problem::internal(format!("campaign {} runs without audience or release", campaign.id));
    let (audience, release) = campaign.audience_id.zip(campaign.release_id).ok_or_else(missing)?;
    let public_url = app.settings.public_url.as_deref();
    let public_url = public_url.ok_or_else(|| Problem::unavailable("campaigns.send.public_url_missing"))?;
    let mut tx = app.store.begin_observation(Observation::SendStep).await?;
    let after = campaign.expanded_after.clone().unwrap_or_default();
    let members = sql::audience(&mut tx, audience, &after, CHUNK).await?;
    let last = members.last().map(|m| m.profile_id.to_string());
    let is_last = (members.len() as i64) < CHUNK;
    let rows = members.iter().map(|m| row(campaign, release, public_url, m, tx.now())).collect();
    tx.insert_many(sql::INSERT, rows, "ON CONFLICT (dedupe_key) DO NOTHING").await?;
    let done = is_last.then(|| tx.now());
    let reached = last.or(campaign.expanded_after.clone());
    campaign::set_expanded(&mut tx, campaign.id, reached.as_deref(), done).await?;
    super::wake(&mut tx, campaign.id).await?;
    tx.commit().await?;
    Ok(is_last)
}

/// A member without an address stands in the ledger too: as one who could not be reached.
fn row(campaign: &Campaign, release: Id, public_url: &str, member: &Member, now: Timestamp) -> Vec<store::Value> {
    let point = member.node_id.unwrap_or(member.profile_id);
    let key = rules::dedupe_key(campaign.id, point, CHANNEL);
    let (state, reason) = match member.node_id {
        Some(_) => (SendState::Intent, None),
        None => (SendState::Suppressed, Some("campaigns.contact.no_address")),
    };
    args![
        Id::new(),
        campaign.id,
        release,
        member.profile_id,
        point,
        campaign.brand_id,
        CHANNEL,
        campaign.purpose.as_str(),
        &key,
        rules::message_id(&key, public_url),
        member.language.map(|l| l.as_str()),
        state.as_str(),
        reason,
        now,
        now,
    ]
}

