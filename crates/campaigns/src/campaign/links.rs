//! What a campaign serves: its strategy, its plan and its business goal, records that the rulebook keeps.

use http_kit::App;
use kernel::{Day, Id, Result};
use rulebook::{parameter, record};
use store::Tx;

use super::{Campaign, rules};

/// Whether a campaign may start without strategy and goal.
const REQUIRED: &str = "campaign.links_required";

/// What the machine's guards ask about the links of a campaign.
#[derive(Debug, Default)]
pub struct Links {
    /// True where the company asks for them.
    pub required: bool,
    /// State of the strategy; absent where none is chosen, or it was put away.
    pub strategy_state: Option<String>,
    /// True where the time of the strategy has passed or has not begun.
    pub strategy_over: bool,
}

/// Refuses a link to what is no such record; links that did not change stay.
pub(super) async fn check(tx: &mut Tx, before: Option<&Campaign>, after: &Campaign) -> Result<()> {
    let links = [
        ("strategy_id", "strategy", before.and_then(|c| c.strategy_id), after.strategy_id),
        ("plan_id", "plan", before.and_then(|c| c.plan_id), after.plan_id),
        ("business_goal_id", "goal", before.and_then(|c| c.business_goal_id), after.business_goal_id),
    ];
    for (field, record_type, old, new) in links {
        let Some(id) = new.filter(|_| new != old) else { continue };
        if record::standing(tx, record_type, id).await?.is_none() {
            return Err(rules::invalid(field, "campaigns.campaign.points_at_nothing"));
        }
    }
    Ok(())
}

/// Reads how the strategy of a campaign stands, in the transaction that is about to move the campaign.
///
/// Clause: BA-2.1.1
pub(super) async fn read(tx: &mut Tx, app: &App, campaign: &Campaign) -> Result<Links> {
    let required = parameter::get_in(tx, REQUIRED).await?.boolean()?;
    let Some(strategy) = strategy(tx, campaign.strategy_id).await? else {
        return Ok(Links { required, ..Links::default() });
    };
    let today = Day(tx.now().instant().to_zoned(app.settings.time_zone.clone()).date());
    let is_before = strategy.day("starts_on").is_some_and(|from| today < from);
    let is_after = strategy.day("ends_on").is_some_and(|to| today > to);
    Ok(Links { required, strategy_state: strategy.state, strategy_over: is_before || is_after })
}

async fn strategy(tx: &mut Tx, id: Option<Id>) -> Result<Option<record::Standing>> {
    match id {
        Some(id) => record::standing(tx, "strategy", id).await,
        None => Ok(None),
    }
}
