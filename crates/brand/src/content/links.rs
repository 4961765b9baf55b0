//! What content serves: the campaign that it is written for, the plan that it carries out.

use kernel::{Id, Problem, Result};
use rulebook::record;
use store::{Tx, args};

use super::{Content, sql};

/// Writes new links into an item and returns those that are new to it; what is absent stays.
pub(super) fn apply(
    content: &mut Content,
    campaign_id: Option<Id>,
    plan_id: Option<Id>,
) -> (Option<Id>, Option<Id>) {
    let changed = (
        campaign_id.filter(|_| campaign_id != content.campaign_id),
        plan_id.filter(|_| plan_id != content.plan_id),
    );
    content.campaign_id = campaign_id.or(content.campaign_id);
    content.plan_id = plan_id.or(content.plan_id);
    changed
}

/// Refuses a link to a campaign or plan that is not there.
pub(super) async fn check(tx: &mut Tx, (campaign_id, plan_id): (Option<Id>, Option<Id>)) -> Result<()> {
    if let Some(id) = campaign_id
        && tx.find::<Id>(sql::CAMPAIGN, args![id]).await?.is_none()
    {
        return Err(nothing("campaign_id"));
    }
    if let Some(id) = plan_id
        && record::standing(tx, "plan", id).await?.is_none()
    {
        return Err(nothing("plan_id"));
    }
    Ok(())
}

fn nothing(field: &str) -> Problem {
    Problem::unprocessable("brand.input.invalid").with_field(field, "brand.content.points_at_nothing")
}
