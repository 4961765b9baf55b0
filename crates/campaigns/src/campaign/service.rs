use http_kit::App;
use kernel::{Caller, Id, Page, PageQuery, Permission, Problem, Result};
use rulebook::machine;
use rulebook::task::{self, Assignee, NewTask, Sentence};
use store::{Audit, Tx};

use super::{
    Campaign, CampaignFilter, CampaignInput, CampaignState, Purpose, ReasonInput, ScheduleInput, budget,
    links, rules, sql,
};
use crate::permissions::{CAMPAIGN_LAUNCH, CAMPAIGN_READ, CAMPAIGN_WRITE};

/// The noun in audit and machine.
pub(super) const NOUN: &str = "campaigns.campaign";
/// The state machine, a pack's.
pub(super) const MACHINE: &str = "campaign";

/// Kind of the task about a scheduled campaign that was refused.
const LAUNCH_REFUSED: &str = "campaigns.launch_refused";

/// Returns the campaigns that the caller may see, last changed first.
pub async fn list(
    app: &App,
    caller: &Caller,
    filter: &CampaignFilter,
    page: &PageQuery,
) -> Result<Page<Campaign>> {
    sql::list(&app.store, &caller.scope(CAMPAIGN_READ)?, filter, page).await
}

/// Returns a campaign on which the caller holds `permission`.
pub async fn get_scoped(app: &App, caller: &Caller, permission: Permission, id: Id) -> Result<Campaign> {
    let campaign = sql::find(&app.store, id).await?;
    caller.scope(permission)?.require(Some(campaign.brand_id), campaign.department_id, campaign.owner_id)?;
    Ok(campaign)
}

/// Makes a draft.
pub async fn create(
    app: &App,
    caller: &Caller,
    department: Option<Id>,
    input: CampaignInput,
) -> Result<Campaign> {
    let Some(brand_id) = input.brand_id else {
        return Err(Problem::unprocessable("campaigns.campaign.invalid")
            .with_field("brand_id", "campaigns.campaign.brand_missing"));
    };
    if input.name.is_none() {
        return Err(Problem::unprocessable("campaigns.campaign.invalid")
            .with_field("name", "campaigns.campaign.name_length"));
    }
    let owner = caller.find_user_id();
    caller.scope(CAMPAIGN_WRITE)?.require_new(Some(brand_id), department, owner)?;
    let mut tx = app.store.begin(caller).await?;
    let id = Id::new();
    let instance = machine::start(&mut tx, app, MACHINE, NOUN, id).await?;
    let mut campaign = Campaign {
        id,
        version: 1,
        brand_id,
        department_id: department,
        owner_id: owner,
        name: String::new(),
        purpose: Purpose::Marketing,
        goal_metric: None,
        goal_target: None,
        period_from: None,
        period_to: None,
        segment_id: None,
        content_id: None,
        approval: None,
        instance_id: instance.id,
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
        created_at: tx.now(),
        updated_at: tx.now(),
        created_by: owner,
    };
    rules::apply(&mut campaign, input)?;
    links::check(&mut tx, None, &campaign).await?;
    sql::insert(&mut tx, &campaign).await?;
    tx.audit(entry("create", &campaign).change(None, Some(&campaign))).await?;
    tx.commit().await?;
    Ok(campaign)
}

/// Changes a draft.
pub async fn update(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    input: CampaignInput,
) -> Result<Campaign> {
    let before = get_scoped(app, caller, CAMPAIGN_WRITE, id).await?;
    if input.brand_id.is_some_and(|brand| brand != before.brand_id) {
        return Err(Problem::unprocessable("campaigns.campaign.invalid")
            .with_field("brand_id", "campaigns.campaign.brand_fixed"));
    }
    let mut after = Campaign { version, ..before.clone() };
    rules::apply(&mut after, input)?;
    let mut tx = app.store.begin(caller).await?;
    links::check(&mut tx, Some(&before), &after).await?;
    sql::update(&mut tx, &after).await?;
    tx.audit(entry("update", &after).change(Some(&before), Some(&after))).await?;
    tx.commit().await?;
    sql::find(&app.store, id).await
}

/// Declares a draft complete; names every gap.
pub async fn prepare(app: &App, caller: &Caller, id: Id, version: i64) -> Result<Campaign> {
    let before = get_scoped(app, caller, CAMPAIGN_WRITE, id).await?;
    rules::require_ready(&before)?;
    go(app, caller, Move::to("prepare"), &before, Campaign { version, ..before.clone() }).await
}

/// Opens a campaign for changes again; its hour is gone.
pub async fn edit(app: &App, caller: &Caller, id: Id, version: i64) -> Result<Campaign> {
    let before = get_scoped(app, caller, CAMPAIGN_WRITE, id).await?;
    go(app, caller, Move::to("edit"), &before, Campaign { version, schedule_at: None, ..before.clone() })
        .await
}

/// Sets the hour at which the campaign starts by itself.
pub async fn schedule(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    input: ScheduleInput,
) -> Result<Campaign> {
    let before = get_scoped(app, caller, CAMPAIGN_LAUNCH, id).await?;
    rules::require_future(&before, input.schedule_at, app.store.now())?;
    let after = Campaign { version, schedule_at: Some(input.schedule_at), ..before.clone() };
    go(app, caller, Move::to("schedule"), &before, after).await
}

/// Stops claiming at once; what is on the wire is settled.
pub async fn pause(app: &App, caller: &Caller, id: Id, version: i64, why: ReasonInput) -> Result<Campaign> {
    let before = get_scoped(app, caller, CAMPAIGN_LAUNCH, id).await?;
    go(app, caller, Move::because("pause", why)?, &before, Campaign { version, ..before.clone() }).await
}

/// Goes on where it was paused, if the release still stands.
pub async fn resume(app: &App, caller: &Caller, id: Id, version: i64) -> Result<Campaign> {
    let before = get_scoped(app, caller, CAMPAIGN_LAUNCH, id).await?;
    if let Some(release) = before.release_id {
        app.ports.release.get()?.open(release).await?;
    }
    go(app, caller, Move::to("resume"), &before, Campaign { version, ..before.clone() }).await
}

/// Gives up: what was not sent stays unsent.
pub async fn cancel(app: &App, caller: &Caller, id: Id, version: i64, why: ReasonInput) -> Result<Campaign> {
    let before = get_scoped(app, caller, CAMPAIGN_LAUNCH, id).await?;
    let finished_at = Some(app.store.now());
    go(
        app,
        caller,
        Move::because("cancel", why)?,
        &before,
        Campaign { version, finished_at, ..before.clone() },
    )
    .await
}

/// Ends a campaign whose every message is settled.
pub async fn finish(app: &App, caller: &Caller, before: &Campaign) -> Result<Campaign> {
    let after = Campaign { finished_at: Some(app.store.now()), ..before.clone() };
    go(app, caller, Move::to("finish"), before, after).await
}

/// Takes a scheduled campaign that a door refused back to draft and tells its owner why.
pub(super) async fn take_back(app: &App, caller: &Caller, before: &Campaign, why: &Problem) -> Result<()> {
    let mut after = Campaign { schedule_at: None, ..before.clone() };
    let mut tx = app.store.begin(caller).await?;
    advance(&mut tx, app, caller, &Move::to("edit"), &mut after).await?;
    sql::set_state(&mut tx, &after).await?;
    let assignee = match before.owner_id {
        Some(owner) => Assignee::User(owner),
        None => Assignee::Permission {
            code: CAMPAIGN_LAUNCH.code,
            brand_id: Some(before.brand_id),
            department_id: before.department_id,
        },
    };
    let title = Sentence::new("campaigns.task.launch_refused").with("name", before.name.as_str());
    let task = NewTask {
        kind: LAUNCH_REFUSED,
        subject_noun: NOUN,
        subject_id: before.id,
        link: format!("/campaigns/{}", before.id),
        title,
        assignee,
        not_for: Vec::new(),
        due_at: None,
        actions: Vec::new(),
    };
    task::open(&mut tx, task).await?;
    let audit = entry("launch_refused", &after).change(Some(before), Some(&after)).because(why.code.as_ref());
    tx.audit(audit).await?;
    tx.commit().await
}

/// An action of the machine, with the reason that the actor gave.
pub(super) struct Move {
    action: &'static str,
    reason: Option<String>,
}

impl Move {
    pub(super) fn to(action: &'static str) -> Self {
        Self { action, reason: None }
    }

    fn because(action: &'static str, why: ReasonInput) -> Result<Self> {
        rules::check_reason(why.reason.as_deref())?;
        Ok(Self { action, reason: why.reason })
    }
}

/// Moves a campaign by one action of its machine and commits.
async fn go(
    app: &App,
    caller: &Caller,
    to: Move,
    before: &Campaign,
    mut after: Campaign,
) -> Result<Campaign> {
    let mut tx = app.store.begin(caller).await?;
    advance(&mut tx, app, caller, &to, &mut after).await?;
    sql::set_state(&mut tx, &after).await?;
    budget::after_move(&mut tx, app, &after, to.reason.as_deref()).await?;
    if after.state == CampaignState::Running {
        crate::send::wake(&mut tx, after.id).await?;
    }
    let mut audit = entry(to.action, &after).change(Some(before), Some(&after));
    if let Some(reason) = to.reason {
        audit = audit.because(reason);
    }
    tx.audit(audit).await?;
    tx.commit().await?;
    sql::find(&app.store, after.id).await
}

/// Asks the machine for the next state and writes it into the campaign.
pub(super) async fn advance(
    tx: &mut Tx,
    app: &App,
    caller: &Caller,
    to: &Move,
    campaign: &mut Campaign,
) -> Result<()> {
    let unsettled = crate::send::unsettled(tx, campaign.id).await?;
    let links = links::read(tx, app, campaign).await?;
    let facts = rules::facts(campaign, &links, unsettled, to.reason.as_deref());
    let step = machine::advance(tx, app, caller, campaign.instance_id, to.action, &facts).await?;
    // Whatever a person does next, they have seen that the launch was refused.
    task::complete(tx, NOUN, campaign.id, LAUNCH_REFUSED, caller.find_user_id()).await?;
    campaign.state = step.to.parse().map_err(|e: String| Problem::internal(e))?;
    Ok(())
}

/// Starts an audit entry about a campaign.
pub(super) fn entry(action: &'static str, campaign: &Campaign) -> Audit {
    Audit::new(action, NOUN, campaign.id).within(Some(campaign.brand_id), campaign.department_id)
}
