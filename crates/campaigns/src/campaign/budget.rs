//! What a campaign costs: reserved when it is launched, spent when it ends, given back when it is given up.

use http_kit::{App, MoneyRefusal, Reserved, Settlement, Spend};
use kernel::{Caller, Day, Id, Money, Result};
use store::Tx;

use super::service::NOUN;
use super::{Campaign, CampaignState};

/// Reserves what a campaign may cost in the launch's transaction; nothing where it names no budget line.
pub(super) async fn reserve(
    tx: &mut Tx,
    app: &App,
    caller: &Caller,
    campaign: &Campaign,
) -> Result<Result<Option<Id>, MoneyRefusal>> {
    let (Some(line_id), Some(amount_minor)) = (campaign.budget_line_id, campaign.budget_minor) else {
        return Ok(Ok(None));
    };
    let spend = Spend {
        line_id,
        on: today(tx, app),
        amount: Money { amount_minor, currency: app.settings.currency.clone() },
        used_by_noun: NOUN,
        used_by_id: campaign.id,
        reason: campaign.name.clone(),
    };
    Ok(match app.money.get()?.reserve(tx, caller, spend).await? {
        Reserved::Made(id) => Ok(Some(id)),
        Reserved::Refused(refusal) => Err(refusal),
    })
}

/// Spends what is still reserved when a campaign has ended, and gives it back when it was given up.
pub(super) async fn after_move(
    tx: &mut Tx,
    app: &App,
    campaign: &Campaign,
    reason: Option<&str>,
) -> Result<()> {
    let Some(commitment_id) = campaign.commitment_id else { return Ok(()) };
    match campaign.state {
        // Whoever settled it by a bill before has closed the reservation: then nothing is left to spend.
        CampaignState::Finished => {
            let settlement = Settlement {
                commitment_id,
                amount_minor: None,
                on: today(tx, app),
                release_rest: true,
                supplier: None,
                description: campaign.name.clone(),
            };
            app.money.get()?.settle(tx, settlement).await.map(drop)
        }
        CampaignState::Cancelled => {
            app.money.get()?.release(tx, commitment_id, reason.unwrap_or(&campaign.name)).await
        }
        _ => Ok(()),
    }
}

fn today(tx: &Tx, app: &App) -> Day {
    Day(tx.now().instant().to_zoned(app.settings.time_zone.clone()).date())
}
