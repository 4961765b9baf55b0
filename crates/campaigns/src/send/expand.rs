//! Fills the ledger from the frozen audience, a chunk a transaction; doing it again adds nothing.

use http_kit::App;
use kernel::ports::Released;
use kernel::{Id, Language, Problem, Result, Timestamp};
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
    let plan = Plan::of(app, campaign::find(&app.store, campaign_id).await?).await?;
    loop {
        lease.check().await?;
        let campaign = campaign::find(&app.store, campaign_id).await?;
        if campaign.expanded_at.is_some() || plan.chunk(app, &campaign).await? {
            return Ok(());
        }
    }
}

/// What is the same for every message of a campaign.
struct Plan {
    audience: Id,
    release: Id,
    /// Languages of the content, the fallback first.
    languages: Vec<Language>,
    public_url: String,
}

impl Plan {
    async fn of(app: &App, campaign: Campaign) -> Result<Self> {
        let missing =
            || Problem::internal(format!("campaign {} runs without audience or release", campaign.id));
        let (audience, release) = campaign.audience_id.zip(campaign.release_id).ok_or_else(missing)?;
        let public_url = app.settings.public_url.clone();
        let public_url =
            public_url.ok_or_else(|| Problem::unavailable("campaigns.send.public_url_missing"))?;
        let released = app.ports.release.get()?.open(release).await?;
        register_links(app, campaign.id, &released).await?;
        let languages = released.variants.iter().map(|variant| variant.language).collect();
        Ok(Self { audience, release, languages, public_url })
    }

    /// Plans one chunk; returns true after the last.
    async fn chunk(&self, app: &App, campaign: &Campaign) -> Result<bool> {
        let mut tx = app.store.begin_observation(Observation::SendStep).await?;
        let after = campaign.expanded_after.clone().unwrap_or_default();
        let members = sql::audience(&mut tx, self.audience, &after, CHUNK).await?;
        let last = members.last().map(|member| member.profile_id.to_string());
        let is_last = (members.len() as i64) < CHUNK;
        let rows = members.iter().map(|member| self.row(campaign, member, tx.now())).collect();
        tx.insert_many(sql::INSERT, rows, "ON CONFLICT (dedupe_key) DO NOTHING").await?;
        let done = is_last.then(|| tx.now());
        let reached = last.or(campaign.expanded_after.clone());
        campaign::set_expanded(&mut tx, campaign.id, reached.as_deref(), done).await?;
        super::wake(&mut tx, campaign.id).await?;
        tx.commit().await?;
        Ok(is_last)
    }

    /// A member without an address stands in the ledger too: as one who could not be reached.
    fn row(&self, campaign: &Campaign, member: &Member, now: Timestamp) -> Vec<store::Value> {
        let point = member.node_id.unwrap_or(member.profile_id);
        let key = rules::dedupe_key(campaign.id, point, CHANNEL);
        let (state, reason) = match member.node_id {
            Some(_) => (SendState::Intent, None),
            None => (SendState::Suppressed, Some("campaigns.contact.no_address")),
        };
        args![
            Id::new(),
            campaign.id,
            self.release,
            member.profile_id,
            point,
            campaign.brand_id,
            CHANNEL,
            campaign.purpose.as_str(),
            &key,
            rules::message_id(&key, &self.public_url),
            self.language(member.language).map(Language::as_str),
            state.as_str(),
            reason,
            now,
            now,
        ]
    }

    /// Returns the language of the variant that this member gets.
    fn language(&self, wanted: Option<Language>) -> Option<Language> {
        wanted.filter(|language| self.languages.contains(language)).or(self.languages.first().copied())
    }
}

/// Gives every countable link of the released content its number.
async fn register_links(app: &App, campaign_id: Id, released: &Released) -> Result<()> {
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
