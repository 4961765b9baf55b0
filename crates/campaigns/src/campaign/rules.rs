//! What a campaign must be before it may go on.

use kernel::{Problem, Result, Timestamp};
use serde_json::{Value, json};

use super::links::Links;
use super::{Campaign, CampaignInput, CampaignState};

const NAME_CHARS_MAX: usize = 120;
const REASON_CHARS_MAX: usize = 500;
const RATE_MAX: i64 = 1_000_000;
const APPROVAL_CHARS_MAX: usize = 512;

/// Writes the input into a campaign that may still be edited.
pub fn apply(campaign: &mut Campaign, input: CampaignInput) -> Result<()> {
    if campaign.state != CampaignState::Draft {
        return Err(Problem::conflict("campaigns.campaign.only_drafts_change").with("state", campaign.state));
    }
    check(&input)?;
    if let Some(name) = input.name {
        campaign.name = name.trim().to_owned();
    }
    campaign.purpose = input.purpose.unwrap_or(campaign.purpose);
    campaign.goal_metric = input.goal_metric.or(campaign.goal_metric);
    campaign.goal_target = input.goal_target.or(campaign.goal_target);
    campaign.period_from = input.period_from.or(campaign.period_from);
    campaign.period_to = input.period_to.or(campaign.period_to);
    campaign.segment_id = input.segment_id.or(campaign.segment_id);
    if input.content_id.is_some() && input.content_id != campaign.content_id {
        // Another content needs its own approval.
        campaign.content_id = input.content_id;
        campaign.approval = None;
        campaign.tested_at = None;
    }
    if input.approval.is_some() && input.approval != campaign.approval {
        // What was approved anew has not been looked at yet.
        campaign.approval = input.approval;
        campaign.tested_at = None;
    }
    campaign.rate_per_minute = input.rate_per_minute.or(campaign.rate_per_minute);
    campaign.strategy_id = input.strategy_id.or(campaign.strategy_id);
    campaign.plan_id = input.plan_id.or(campaign.plan_id);
    campaign.business_goal_id = input.business_goal_id.or(campaign.business_goal_id);
    campaign.budget_line_id = input.budget_line_id.or(campaign.budget_line_id);
    campaign.budget_minor = input.budget_minor.or(campaign.budget_minor);
    if campaign.budget_line_id.is_some() != campaign.budget_minor.is_some() {
        return Err(invalid("budget_minor", "campaigns.campaign.budget_incomplete"));
    }
    if let (Some(from), Some(to)) = (campaign.period_from, campaign.period_to)
        && to <= from
    {
        return Err(invalid("period_to", "campaigns.campaign.period_ends_before_it_begins"));
    }
    Ok(())
}

fn check(input: &CampaignInput) -> Result<()> {
    let name = input.name.as_deref().map(str::trim);
    if name.is_some_and(|n| n.is_empty() || n.chars().count() > NAME_CHARS_MAX) {
        return Err(invalid("name", "campaigns.campaign.name_length"));
    }
    if input.goal_target.is_some_and(|target| target <= 0) {
        return Err(invalid("goal_target", "campaigns.campaign.goal_target_positive"));
    }
    if input.rate_per_minute.is_some_and(|rate| !(1..=RATE_MAX).contains(&rate)) {
        return Err(invalid("rate_per_minute", "campaigns.campaign.rate_range"));
    }
    if input.budget_minor.is_some_and(|amount| amount <= 0) {
        return Err(invalid("budget_minor", "campaigns.campaign.budget_positive"));
    }
    if input.approval.as_ref().is_some_and(|a| a.is_empty() || a.len() > APPROVAL_CHARS_MAX) {
        return Err(invalid("approval", "campaigns.campaign.approval_missing"));
    }
    Ok(())
}

pub(super) fn invalid(field: &str, code: &'static str) -> Problem {
    Problem::unprocessable("campaigns.campaign.invalid").with_field(field, code)
}

/// Refuses a campaign that nobody could judge afterwards or that has nothing to send: names every gap.
pub fn require_ready(campaign: &Campaign) -> Result<()> {
    let gaps = [
        ("goal_metric", campaign.goal_metric.is_none(), "campaigns.campaign.goal_missing"),
        ("goal_target", campaign.goal_target.is_none(), "campaigns.campaign.goal_missing"),
        ("period_from", campaign.period_from.is_none(), "campaigns.campaign.period_missing"),
        ("period_to", campaign.period_to.is_none(), "campaigns.campaign.period_missing"),
        ("segment_id", campaign.segment_id.is_none(), "campaigns.campaign.segment_missing"),
        ("content_id", campaign.content_id.is_none(), "campaigns.campaign.content_missing"),
        ("approval", campaign.approval.is_none(), "campaigns.campaign.approval_missing"),
    ];
    let mut problem = Problem::unprocessable("campaigns.campaign.not_ready");
    for (field, missing, code) in gaps {
        if missing {
            problem = problem.with_field(field, code);
        }
    }
    if problem.fields.is_empty() { Ok(()) } else { Err(problem) }
}

/// Refuses an hour that has passed, or that lies after the period.
pub fn require_future(campaign: &Campaign, at: Timestamp, now: Timestamp) -> Result<()> {
    if at <= now {
        return Err(invalid("schedule_at", "campaigns.campaign.schedule_in_the_past"));
    }
    if campaign.period_to.is_some_and(|to| at >= to) {
        return Err(invalid("schedule_at", "campaigns.campaign.schedule_after_the_period"));
    }
    Ok(())
}

/// Returns what the machine's guards may ask about a campaign.
///
/// `unsettled` counts messages that are planned or under way; `reason` is what the actor gave.
pub fn facts(campaign: &Campaign, links: &Links, unsettled: i64, reason: Option<&str>) -> Value {
    let mut facts = json!({
        "has_goal": campaign.goal_metric.is_some() && campaign.goal_target.is_some(),
        "has_period": campaign.period_from.is_some() && campaign.period_to.is_some(),
        "has_audience": campaign.segment_id.is_some(),
        "content_approved": campaign.content_id.is_some() && campaign.approval.is_some(),
        "test_sent": campaign.tested_at.is_some(),
        "links_required": links.required,
        "serves_goal": campaign.business_goal_id.is_some(),
        "strategy_over": links.strategy_over,
        "unsettled": unsettled,
    });
    if let Some(state) = &links.strategy_state {
        facts["strategy_state"] = Value::from(state.as_str());
    }
    if let Some(reason) = reason.map(str::trim).filter(|r| !r.is_empty()) {
        facts["reason"] = Value::from(reason);
    }
    facts
}

/// Refuses a reason that is too long to be one.
pub fn check_reason(reason: Option<&str>) -> Result<()> {
    match reason {
        Some(text) if text.chars().count() > REASON_CHARS_MAX => {
            Err(invalid("reason", "campaigns.campaign.reason_length"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::{GoalMetric, Purpose};
    use kernel::Id;

    pub fn draft() -> Campaign {
        let now = Timestamp::from_ms(1_000);
        Campaign {
            id: Id::new(),
            version: 1,
            brand_id: Id::new(),
            department_id: None,
            owner_id: None,
            name: "冬日".into(),
            purpose: Purpose::Marketing,
            goal_metric: None,
            goal_target: None,
            period_from: None,
            period_to: None,
            segment_id: None,
            content_id: None,
            approval: None,
            instance_id: Id::new(),
            state: CampaignState::Draft,
            schedule_at: None,
            rate_per_minute: None,
            strategy_id: None,
            plan_id: None,
            business_goal_id: None,
            budget_line_id: None,
            budget_minor: None,
            commitment_id: None,
            audience_id: None,
            audience_count: None,
            audience_watermark: None,
            release_id: None,
            brand_name: None,
            tested_at: None,
            expanded_after: None,
            expanded_at: None,
            launched_at: None,
            finished_at: None,
            created_at: now,
            updated_at: now,
            created_by: None,
        }
    }

    #[test]
    fn every_gap_is_named_before_a_launch() {
        let problem = require_ready(&draft()).expect_err("nothing is set");
        let fields: Vec<&str> = problem.fields.iter().map(|f| f.field.as_str()).collect();
        let all = [
            "goal_metric",
            "goal_target",
            "period_from",
            "period_to",
            "segment_id",
            "content_id",
            "approval",
        ];
        assert_eq!(fields, all);
    }

    #[test]
    fn another_content_loses_the_approval_of_the_first() {
        let mut campaign = draft();
        campaign.content_id = Some(Id::new());
        campaign.approval = Some("token".into());
        let input = CampaignInput { content_id: Some(Id::new()), ..CampaignInput::default() };
        apply(&mut campaign, input).expect("a draft");
        assert_eq!(campaign.approval, None);
    }

    #[test]
    fn a_goal_must_be_measurable_and_only_drafts_change() {
        let mut campaign = draft();
        let input = CampaignInput {
            goal_metric: Some(GoalMetric::Orders),
            goal_target: Some(0),
            ..CampaignInput::default()
        };
        assert!(apply(&mut campaign, input).is_err());
        campaign.state = CampaignState::Running;
        assert_eq!(apply(&mut campaign, CampaignInput::default()).expect_err("running").status, 409);
    }
}
