//! Giving a campaign to somebody else, or more time: whoever may launch it says why.

use http_kit::App;
use kernel::{Caller, Id, Problem, Result};

use super::service::{entry, get_scoped};
use super::{Campaign, CampaignExtension, CampaignReassignment, CampaignState, rules, sql};
use crate::permissions::CAMPAIGN_LAUNCH;

/// Gives a campaign to another member of staff.
pub async fn reassign(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    to: CampaignReassignment,
) -> Result<Campaign> {
    let before = open(app, caller, id, &to.reason).await?;
    let mut tx = app.store.begin(caller).await?;
    let people = app.people.get()?.people(&mut tx, &[to.owner_id]).await?;
    if !people.iter().any(|person| person.active) {
        return Err(rules::invalid("owner_id", "campaigns.campaign.nobody"));
    }
    let after = Campaign { owner_id: Some(to.owner_id), version: before.version + 1, ..before.clone() };
    sql::set_owner(&mut tx, id, version, to.owner_id).await?;
    tx.audit(entry("reassign", &after).change(Some(&before), Some(&after)).because(to.reason)).await?;
    tx.commit().await?;
    sql::find(&app.store, id).await
}

/// Moves the end of a campaign.
pub async fn extend(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    to: CampaignExtension,
) -> Result<Campaign> {
    let before = open(app, caller, id, &to.reason).await?;
    let mut tx = app.store.begin(caller).await?;
    if to.period_to <= tx.now() || before.period_to.is_some_and(|end| to.period_to <= end) {
        return Err(rules::invalid("period_to", "campaigns.campaign.not_later"));
    }
    let after = Campaign { period_to: Some(to.period_to), version: before.version + 1, ..before.clone() };
    sql::set_end(&mut tx, id, version, to.period_to).await?;
    tx.audit(entry("extend", &after).change(Some(&before), Some(&after)).because(to.reason)).await?;
    tx.commit().await?;
    sql::find(&app.store, id).await
}

/// Returns a campaign that the caller may launch and that is not over.
async fn open(app: &App, caller: &Caller, id: Id, reason: &str) -> Result<Campaign> {
    if reason.trim().is_empty() {
        return Err(rules::invalid("reason", "campaigns.campaign.reason_length"));
    }
    rules::check_reason(Some(reason))?;
    let campaign = get_scoped(app, caller, CAMPAIGN_LAUNCH, id).await?;
    match campaign.state {
        CampaignState::Finished | CampaignState::Cancelled => {
            Err(Problem::conflict("campaigns.campaign.over").with("state", campaign.state))
        }
        _ => Ok(campaign),
    }
}
