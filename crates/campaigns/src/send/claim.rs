//! Claim: a batch asks at the contact door and becomes durable before the wire, in one transaction.

use std::collections::HashMap;

use http_kit::App;
use kernel::{Id, MINUTE_MS, Result, Timestamp};
use store::{Observation, Tx};

use super::sql::{self, Planned};
use crate::campaign::{Campaign, CampaignState};
use crate::contact::{Judged, Outcome, Policy, judge};

/// Messages claimed in one transaction. What is claimed when the plug is pulled may be lost, so it is not many.
const BATCH: i64 = 100;
/// How long a worker may take for its batch until the rest counts as lost.
const LEASE_MS: i64 = 5 * MINUTE_MS;
/// One claim at a time over all campaigns, so that two never see the same room under a cap.
const CLAIM_LOCK: &str = "campaigns.claim";

/// A batch that belongs to this worker.
#[derive(Debug)]
pub(super) struct Claimed {
    pub lease: Id,
    pub messages: Vec<Planned>,
    /// True where nothing was due: the worker may rest.
    pub is_idle: bool,
}

/// Claims the next batch of a running campaign.
pub(super) async fn claim(app: &App, campaign: &Campaign) -> Result<Claimed> {
    let mut tx = app.store.begin_observation(Observation::SendStep).await?;
    tx.lock(CLAIM_LOCK, Id::from_digest([0; 16])).await?;
    let lease = Id::new();
    let nothing = Claimed { lease, messages: Vec::new(), is_idle: true };
    let batch = room(&mut tx, app, campaign).await?;
    if batch == 0 || !is_running(&mut tx, campaign.id).await? {
        return Ok(nothing);
    }
    let now = tx.now();
    let planned = sql::due(&mut tx, campaign.id, now, batch).await?;
    if planned.is_empty() {
        return Ok(nothing);
    }
    let policy = Policy::read(&mut tx, app).await?;
    let outcomes = judge(&mut tx, &policy, &asking(campaign, &planned)).await?;
    let messages: Vec<Planned> =
        planned.into_iter().filter(|p| outcomes.get(&p.id) == Some(&Outcome::Allowed)).collect();
    write(&mut tx, &outcomes, lease).await?;
    tx.commit().await?;
    Ok(Claimed { lease, messages, is_idle: false })
}

/// A pause that was committed counts at once, whatever the worker believes.
async fn is_running(tx: &mut Tx, campaign: Id) -> Result<bool> {
    Ok(crate::campaign::state_in(tx, campaign).await? == CampaignState::Running)
}

/// Returns how many messages the campaign's own rate and that of the connection leave for now.
async fn room(tx: &mut Tx, app: &App, campaign: &Campaign) -> Result<i64> {
    let since = tx.now().plus_ms(-MINUTE_MS);
    let mut room = BATCH;
    if let Some(rate) = campaign.rate_per_minute {
        room = room.min(rate - sql::tried_since(tx, campaign.id, since).await?);
    }
    if let Some(rate) = connection_rate(app) {
        room = room.min(rate - sql::tried_by_all_since(tx, since).await?);
    }
    Ok(room.max(0))
}

/// Returns the bound of the connection that mail leaves by; without one, or without a connection, there is none.
pub(super) fn connection_rate(app: &App) -> Option<i64> {
    app.ports.mail.get().ok().and_then(|port| port.rate_per_minute())
}

fn asking(campaign: &Campaign, planned: &[Planned]) -> Vec<Judged> {
    let ask = |p: &Planned| Judged {
        send_id: p.id,
        campaign_id: campaign.id,
        profile_id: p.profile_id,
        brand_id: p.brand_id,
        channel: "email",
        purpose: campaign.purpose,
    };
    planned.iter().map(ask).collect()
}

/// Writes the answers into the ledger, grouped so that a batch takes a few statements.
async fn write(tx: &mut Tx, outcomes: &HashMap<Id, Outcome>, lease: Id) -> Result<()> {
    let mut allowed = Vec::new();
    let mut refused: HashMap<&'static str, Vec<Id>> = HashMap::new();
    let mut deferred: HashMap<(&'static str, Timestamp), Vec<Id>> = HashMap::new();
    for (id, outcome) in outcomes {
        match outcome {
            Outcome::Allowed => allowed.push(*id),
            Outcome::Refused(reason) => refused.entry(reason).or_default().push(*id),
            Outcome::Deferred(reason, until) => deferred.entry((reason, *until)).or_default().push(*id),
        }
    }
    if !allowed.is_empty() {
        let until = tx.now().plus_ms(LEASE_MS);
        sql::attempt(tx, &allowed, lease, until).await?;
    }
    for (reason, ids) in refused {
        sql::suppress(tx, &ids, reason).await?;
    }
    for ((reason, until), ids) in deferred {
        sql::defer(tx, &ids, reason, until).await?;
    }
    Ok(())
}
