use std::collections::HashMap;

use http_kit::App;
use jiff::tz::TimeZone;
use kernel::{Id, Problem, Result, Timestamp};
use serde_json::json;
use store::{Tx, args};

use super::rules::{Facts, Limits, Outcome, decide, local_minute};
use super::sql;
use crate::campaign::Purpose;

/// Window of the frequency cap.
const CAP_DAYS: i64 = 7;

/// The policy in force (触达政策), read once per claim.
#[derive(Debug, Clone)]
pub struct Policy {
    limits: Limits,
    per_brand: bool,
    company_zone: TimeZone,
}

impl Policy {
    /// Reads the policy parameters of one channel inside the claim.
    pub async fn read(tx: &mut Tx, app: &App) -> Result<Self> {
        let get = rulebook::parameter::get_in;
        Ok(Self {
            limits: Limits {
                cap: get(tx, "contact.email.cap_per_7_days").await?.integer()?,
                quiet: get(tx, "contact.quiet_hours").await?.time_range()?,
            },
            per_brand: get(tx, "contact.cap_per_brand").await?.boolean()?,
            company_zone: app.settings.time_zone.clone(),
        })
    }
}

/// A planned message that asks at the door.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The send.
    pub send_id: Id,
    /// Its campaign.
    pub campaign_id: Id,
    /// The person.
    pub profile_id: Id,
    /// The brand that speaks.
    pub brand_id: Id,
    /// The channel.
    pub channel: &'static str,
    /// The purpose.
    pub purpose: Purpose,
}

/// Decides about a batch inside the claim's transaction, keeps every decision, reserves the cap.
///
/// Whoever calls holds the claim lock, so that two claims never see the same room.
pub async fn judge(tx: &mut Tx, policy: &Policy, batch: &[Judged]) -> Result<HashMap<Id, Outcome>> {
    let now = tx.now();
    let ids: Vec<Id> = batch.iter().map(|j| j.send_id).collect();
    let known = sql::asked(tx, &ids, now.plus_days(-CAP_DAYS), policy.per_brand).await?;
    let known: HashMap<Id, sql::Asked> = known.into_iter().map(|a| (a.send_id, a)).collect();
    // Two messages of one batch to the same person see each other's reservation.
    let mut taken: HashMap<(Id, Option<Id>), i64> = HashMap::new();
    let (mut outcomes, mut decisions, mut reservations) = (HashMap::new(), Vec::new(), Vec::new());
    for judged in batch {
        let asked = known
            .get(&judged.send_id)
            .ok_or_else(|| Problem::internal(format!("send {} vanished from the ledger", judged.send_id)))?;
        let slot = (judged.profile_id, policy.per_brand.then_some(judged.brand_id));
        let facts = facts(policy, asked, taken.get(&slot).copied().unwrap_or_default());
        let outcome = decide(judged.purpose, &facts, &policy.limits, now);
        decisions.push(decision_row(judged, &facts, policy, &outcome, now));
        if outcome == Outcome::Allowed {
            *taken.entry(slot).or_default() += 1;
            reservations.push(args![judged.send_id, judged.profile_id, judged.brand_id, judged.channel, now]);
        }
        outcomes.insert(judged.send_id, outcome);
    }
    sql::keep(tx, decisions, reservations).await?;
    Ok(outcomes)
}

/// A person without a zone of their own lives where the company does.
fn facts(policy: &Policy, asked: &sql::Asked, taken: i64) -> Facts {
    let own = asked.time_zone.as_deref().and_then(|name| TimeZone::get(name).ok());
    Facts {
        consent: asked.consent_state.clone(),
        suppressed: asked.suppressed,
        recent: asked.recent + taken,
        zone: own.unwrap_or_else(|| policy.company_zone.clone()),
    }
}

fn decision_row(
    judged: &Judged,
    facts: &Facts,
    policy: &Policy,
    outcome: &Outcome,
    now: Timestamp,
) -> Vec<store::Value> {
    let figures = json!({
        "consent": facts.consent,
        "suppressed": facts.suppressed,
        "recent_7_days": facts.recent,
        "cap_7_days": policy.limits.cap,
        "cap_per_brand": policy.per_brand,
        "quiet_from": policy.limits.quiet.from,
        "quiet_to": policy.limits.quiet.to,
        "zone": facts.zone.iana_name(),
    });
    args![
        Id::new(),
        judged.send_id,
        judged.campaign_id,
        judged.profile_id,
        judged.channel,
        judged.purpose.as_str(),
        outcome.word(),
        outcome.reason(),
        store::json(&figures),
        local_minute(&facts.zone, now),
        now,
    ]
}
