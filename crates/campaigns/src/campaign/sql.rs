use kernel::{Id, Page, PageQuery, Result, Scope, Timestamp};
use store::{Query, ScopeColumns, Store, Tx, args};

use super::{Campaign, CampaignFilter, CampaignState};

macro_rules! columns {
    () => {
        "id, version, brand_id, department_id, owner_id, name, purpose, goal_metric, goal_target, period_from, period_to,
         segment_id, content_id, approval, instance_id, state, schedule_at, rate_per_minute, strategy_id, plan_id, business_goal_id, budget_line_id, budget_minor, commitment_id, audience_id, audience_count,
         audience_watermark, release_id, brand_name, tested_at, expanded_after, expanded_at, launched_at, finished_at, created_at, updated_at,
         created_by"
    };
}

const LIST: &str = concat!("SELECT ", columns!(), " FROM campaign WHERE archived_at IS NULL");

store::sql! {
    FIND = concat!("SELECT ", columns!(), " FROM campaign WHERE id = $1 AND archived_at IS NULL");
    INSERT = "INSERT INTO campaign (id, brand_id, department_id, owner_id, name, purpose, goal_metric, goal_target,
        period_from, period_to, segment_id, content_id, approval, instance_id, state, rate_per_minute, created_at,
        updated_at, created_by, budget_line_id, budget_minor, strategy_id, plan_id, business_goal_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17, $18, $19, $20, $21, $22, $23)";
    UPDATE = "UPDATE campaign SET version = version + 1, name = $3, purpose = $4, goal_metric = $5, goal_target = $6,
        period_from = $7, period_to = $8, segment_id = $9, content_id = $10, approval = $11, rate_per_minute = $12,
        tested_at = $13, updated_at = $14, budget_line_id = $15, budget_minor = $16,
        strategy_id = $17, plan_id = $18, business_goal_id = $19 WHERE id = $1 AND version = $2";
    MOVE = "UPDATE campaign SET version = version + 1, state = $3, schedule_at = $4, finished_at = $5, updated_at = $6
        WHERE id = $1 AND version = $2";
    LAUNCH = "UPDATE campaign SET version = version + 1, state = $3, audience_id = $4, audience_count = $5,
        audience_watermark = $6, release_id = $7, brand_name = $8, launched_at = $9, updated_at = $9, commitment_id = $10
        WHERE id = $1 AND version = $2";
    SET_OWNER = "UPDATE campaign SET version = version + 1, owner_id = $3, updated_at = $4 WHERE id = $1 AND version = $2";
    SET_END = "UPDATE campaign SET version = version + 1, period_to = $3, updated_at = $4 WHERE id = $1 AND version = $2";
    TESTED = "UPDATE campaign SET version = version + 1, tested_at = $2, updated_at = $2 WHERE id = $1";
    EXPANDED = "UPDATE campaign SET expanded_after = $2, expanded_at = $3 WHERE id = $1";
    STAFF_ADDRESS = "SELECT email, name FROM v_identity_user_address WHERE id = $1";
    STATE = "SELECT state FROM campaign WHERE id = $1";
    // Index campaign_due.
    DUE = "SELECT id FROM campaign WHERE state = 'scheduled' AND schedule_at <= $1 ORDER BY schedule_at, id LIMIT 20";
    // Index campaign_due.
    IN_STATE = "SELECT id FROM campaign WHERE state = $1 ORDER BY id LIMIT 200";
}

pub(crate) async fn find(store: &Store, id: Id) -> Result<Campaign> {
    store.get(FIND, args![id]).await
}

pub(super) async fn list(
    store: &Store,
    scope: &Scope,
    filter: &CampaignFilter,
    page: &PageQuery,
) -> Result<Page<Campaign>> {
    let size = page.size()?;
    let mut query = Query::new(LIST, args![]);
    query.scope(scope, ScopeColumns::USUAL);
    query
        .and_some("state =", filter.state.map(CampaignState::as_str))
        .and_some("brand_id =", filter.brand_id)
        .and_some("strategy_id =", filter.strategy_id)
        .and_some("plan_id =", filter.plan_id);
    if let Some(text) = &filter.q {
        query.and_contains("name", text);
    }
    if let Some((at, id)) = page.after::<(Timestamp, Id)>()? {
        query.push(" AND (updated_at, id) < (").bind(at).push(", ").bind(id).push(")");
    }
    query.push(" ORDER BY updated_at DESC, id DESC").limit_overfull(size);
    Ok(Page::from_overfull(store.list(query).await?, size, |c: &Campaign| (c.updated_at, c.id)))
}

pub(super) async fn insert(tx: &mut Tx, c: &Campaign) -> Result<()> {
    let row = args![
        c.id,
        c.brand_id,
        c.department_id,
        c.owner_id,
        &c.name,
        c.purpose.as_str(),
        c.goal_metric.map(|m| m.as_str()),
        c.goal_target,
        c.period_from,
        c.period_to,
        c.segment_id,
        c.content_id,
        c.approval.clone(),
        c.instance_id,
        c.state.as_str(),
        c.rate_per_minute,
        c.created_at,
        c.created_by,
        c.budget_line_id,
        c.budget_minor,
        c.strategy_id,
        c.plan_id,
        c.business_goal_id,
    ];
    tx.exec_one(INSERT, row).await
}

pub(super) async fn update(tx: &mut Tx, c: &Campaign) -> Result<()> {
    let row = args![
        c.id,
        c.version,
        &c.name,
        c.purpose.as_str(),
        c.goal_metric.map(|m| m.as_str()),
        c.goal_target,
        c.period_from,
        c.period_to,
        c.segment_id,
        c.content_id,
        c.approval.clone(),
        c.rate_per_minute,
        c.tested_at,
        tx.now(),
        c.budget_line_id,
        c.budget_minor,
        c.strategy_id,
        c.plan_id,
        c.business_goal_id,
    ];
    tx.exec_one(UPDATE, row).await
}

/// Writes the state, with the hour and the end that belong to it.
pub(super) async fn set_state(tx: &mut Tx, c: &Campaign) -> Result<()> {
    let row = args![c.id, c.version, c.state.as_str(), c.schedule_at, c.finished_at, tx.now()];
    tx.exec_one(MOVE, row).await
}

pub(super) async fn set_launched(tx: &mut Tx, c: &Campaign) -> Result<()> {
    let row = args![
        c.id,
        c.version,
        c.state.as_str(),
        c.audience_id,
        c.audience_count,
        c.audience_watermark,
        c.release_id,
        c.brand_name.as_ref().map(store::json),
        tx.now(),
        c.commitment_id,
    ];
    tx.exec_one(LAUNCH, row).await
}

pub(super) async fn set_tested(tx: &mut Tx, id: Id) -> Result<()> {
    tx.exec_one(TESTED, args![id, tx.now()]).await
}

/// Gives a campaign to somebody else.
pub(super) async fn set_owner(tx: &mut Tx, id: Id, version: i64, owner: Id) -> Result<()> {
    tx.exec_one(SET_OWNER, args![id, version, owner, tx.now()]).await
}

/// Moves the end of a campaign.
pub(super) async fn set_end(tx: &mut Tx, id: Id, version: i64, period_to: Timestamp) -> Result<()> {
    tx.exec_one(SET_END, args![id, version, period_to, tx.now()]).await
}

/// Notes how far the audience stands in the ledger; not a change that anybody decided.
pub(crate) async fn set_expanded(
    tx: &mut Tx,
    id: Id,
    after: Option<&str>,
    done: Option<Timestamp>,
) -> Result<()> {
    tx.exec_one(EXPANDED, args![id, after, done]).await
}

pub(super) async fn due(store: &Store, now: Timestamp) -> Result<Vec<Id>> {
    store.all(DUE, args![now]).await
}

pub(super) async fn in_state(store: &Store, state: CampaignState) -> Result<Vec<Id>> {
    store.all(IN_STATE, args![state.as_str()]).await
}

/// Returns the e-mail address and name of a member of staff.
pub(super) async fn staff_address(store: &Store, user: Id) -> Result<(String, String)> {
    store.get(STAFF_ADDRESS, args![user]).await
}

/// Returns the state as it stands inside a transaction.
pub(crate) async fn state_in(tx: &mut Tx, id: Id) -> Result<CampaignState> {
    tx.get(STATE, args![id]).await
}

/// Returns the campaigns whose messages go out.
pub(crate) async fn running_in(tx: &mut Tx) -> Result<Vec<Id>> {
    tx.all(IN_STATE, args![CampaignState::Running.as_str()]).await
}
