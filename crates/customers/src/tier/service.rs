use http_kit::App;
use kernel::{Caller, Id, Labelled, Page, PageQuery, Result, Timestamp};
use store::{Audit, OnDuplicate, Store, Tx, args, json};

use super::{
    NewTierRule, Recompute, TierCause, TierChange, TierDefinition, TierMove, TierPreview, TierRule, TierRun,
    rules, sql,
};
use crate::permissions::{TIER_EDIT, TIER_READ};
use crate::profile;

/// People that a preview names.
const MOVERS_SHOWN: i64 = 50;

/// Returns the rule in force; the first one where nobody wrote another.
pub async fn current(store: &Store) -> Result<TierRule> {
    Ok(store.find(sql::CURRENT, args![]).await?.unwrap_or_else(|| first(store.now())))
}

/// Returns the rules so far, latest first.
pub async fn history(app: &App, caller: &Caller) -> Result<Vec<TierRule>> {
    caller.require(TIER_READ)?;
    app.store.all(sql::HISTORY, args![]).await
}

/// Says what a rule would change, and changes nothing.
pub async fn preview(app: &App, caller: &Caller, definition: &TierDefinition) -> Result<TierPreview> {
    caller.require(TIER_READ)?;
    rules::check(definition)?;
    let (now, currency) = (app.store.now(), app.settings.currency.as_str());
    let all: Vec<TierMove> = app.store.list(sql::moves(definition, now, currency)).await?;
    let (before, after) = rules::counts(&all);
    Ok(TierPreview {
        now: before,
        after,
        moves: all.into_iter().filter(|group| group.from_tier != Some(group.to_tier)).collect(),
        movers: app.store.list(sql::movers(definition, now, currency, MOVERS_SHOWN)).await?,
        watermark: watermark(&app.store, now).await?,
    })
}

/// Puts a rule in force and has everybody's tier computed by it.
pub async fn apply(app: &App, caller: &Caller, seen: i64, new: &NewTierRule) -> Result<TierRule> {
    caller.require(TIER_EDIT)?;
    rules::check_new(new)?;
    let mut tx = app.store.begin(caller).await?;
    let before = ensure_rule(&mut tx).await?;
    if before.number != seen {
        return Err(kernel::Problem::precondition_failed("store.changed_meanwhile"));
    }
    let after = TierRule {
        id: Id::new(),
        number: before.number + 1,
        definition: new.definition,
        reason: new.reason.trim().to_owned(),
        created_at: tx.now(),
        created_by: caller.find_user_id(),
    };
    insert(&mut tx, &after).await.on_duplicate("store.changed_meanwhile")?;
    let entry = Audit::new("apply", TierRule::NOUN, after.id)
        .because(&after.reason)
        .change(Some(&before), Some(&after));
    tx.audit(entry).await?;
    tx.enqueue(&Recompute { cause: TierCause::Rule }).await?;
    tx.commit().await?;
    Ok(after)
}

/// Asks for everybody's tier to be computed soon.
pub async fn request(app: &App, caller: &Caller) -> Result<TierRule> {
    caller.require(TIER_EDIT)?;
    let mut tx = app.store.begin(caller).await?;
    let rule = ensure_rule(&mut tx).await?;
    tx.enqueue_once(&Recompute { cause: TierCause::Staff }, "customers.tier").await?;
    tx.audit(Audit::new("recompute", TierRule::NOUN, rule.id)).await?;
    tx.commit().await?;
    Ok(rule)
}

/// Computes everybody's tier by the rule in force and writes down who changed and why.
pub async fn recompute(app: &App, cause: TierCause) -> Result<TierRun> {
    let mut tx = app.store.begin(&Caller::system("customers.tier")).await?;
    tx.lock("customers.tier", Id::from_digest([0; 16])).await?;
    let rule = ensure_rule(&mut tx).await?;
    let (now, run) = (tx.now(), Id::new());
    let currency = app.settings.currency.as_str();
    let watermark: Option<Timestamp> = tx.get(sql::WATERMARK, args![now]).await?;
    tx.exec(sql::START_RUN, args![run, rule.id, cause.as_str(), now, watermark]).await?;
    let changed = tx.exec_query(sql::insert_changes(run, &rule.definition, now, currency)).await?;
    tx.exec(sql::MOVE_PROFILES, args![run]).await?;
    tx.exec_one(sql::FINISH_RUN, args![run, changed as i64]).await?;
    let entry = Audit::new("recompute", TierRun::NOUN, run)
        .with(serde_json::json!({ "rule": rule.number, "cause": cause }))
        .covering(changed);
    tx.audit(entry).await?;
    let mut query = sql::runs();
    query.and("r.id =", run);
    let mut found: Vec<TierRun> = tx.list(query).await?;
    tx.commit().await?;
    found.pop().ok_or_else(|| kernel::Problem::internal("a run is not where it was put"))
}

/// Returns computations, latest first.
pub async fn runs(app: &App, caller: &Caller, page: &PageQuery) -> Result<Page<TierRun>> {
    caller.require(TIER_READ)?;
    let size = page.size()?;
    let mut query = sql::runs();
    if let Some((at, id)) = page.after::<(Timestamp, Id)>()? {
        query.push(" AND (r.happened_at, r.id) < (").bind(at).push(", ").bind(id).push(")");
    }
    query.push(" ORDER BY r.happened_at DESC, r.id DESC").limit_overfull(size);
    let runs = app.store.list(query).await?;
    Ok(Page::from_overfull(runs, size, |run: &TierRun| (run.happened_at, run.id)))
}

/// Returns the tiers that one person has had, latest first.
pub async fn of_profile(app: &App, caller: &Caller, profile: Id) -> Result<Vec<TierChange>> {
    let profile = profile::require(&app.store, caller, profile).await?;
    app.store.all(sql::OF_PROFILE, args![profile.id]).await
}

async fn ensure_rule(tx: &mut Tx) -> Result<TierRule> {
    if let Some(rule) = tx.find(sql::CURRENT, args![]).await? {
        return Ok(rule);
    }
    let rule = first(tx.now());
    insert(tx, &rule).await?;
    Ok(rule)
}

async fn insert(tx: &mut Tx, rule: &TierRule) -> Result<()> {
    let definition = json(&rule.definition);
    let row = args![rule.id, rule.number, definition, &rule.reason, rule.created_at, rule.created_by];
    tx.exec(sql::INSERT_RULE, row).await.map(drop)
}

/// The rule until somebody writes another; it becomes a row when it is first used.
fn first(now: Timestamp) -> TierRule {
    TierRule {
        id: Id::from_digest(*b"customers.tier.1"),
        number: 1,
        definition: rules::DEFAULT,
        reason: "default".to_owned(),
        created_at: now,
        created_by: None,
    }
}

async fn watermark(store: &Store, now: Timestamp) -> Result<Option<Timestamp>> {
    store.get(sql::WATERMARK, args![now]).await
}
