use http_kit::App;
use kernel::{Caller, Id, Labelled, Page, PageQuery, Problem, Result, Timestamp};
use lake::Lake;
use serde_json::json;
use store::{Audit, Store, args};

use super::{
    Action, NewRetentionRule, RetentionPatch, RetentionPreview, RetentionRule, RetentionRun, RunCause,
    RunFilter, What, rules, sql,
};
use crate::merge::check_reason;
use crate::permissions::{PRIVACY_ERASE, PRIVACY_MANAGE, PRIVACY_READ};
use crate::privacy::erasure::{self, Cause, Keys, Wish};
use crate::privacy::profile_export;

/// People of a preview who are named.
const SAMPLE: i64 = 20;
/// People who are looked up at a time, and most of one run: the rest has the next night.
const BATCH: i64 = 200;
const MOST: i64 = 20_000;

/// Returns all rules.
pub async fn list(app: &App, caller: &Caller) -> Result<Page<RetentionRule>> {
    caller.require(PRIVACY_READ)?;
    let mut query = sql::list();
    query.push(" ORDER BY r.created_at, r.id LIMIT 200");
    Ok(Page::whole(app.store.list(query).await?))
}

async fn load(store: &Store, id: Id) -> Result<RetentionRule> {
    let mut query = sql::list();
    query.and("r.id =", id);
    store.list(query).await?.into_iter().next().ok_or_else(|| Problem::not_found("access.not_found"))
}

/// Who lets people be erased every night must be allowed to erase them.
fn require(caller: &Caller, what: What, active: bool) -> Result<()> {
    caller.require(PRIVACY_MANAGE)?;
    match what == What::InactiveProfiles && active {
        true => caller.require(PRIVACY_ERASE),
        false => Ok(()),
    }
}

fn taken(name: &str) -> Problem {
    Problem::conflict("customers.privacy.rule_exists")
        .with("name", name)
        .with_field("name", "customers.privacy.rule_exists")
}

/// Makes a rule.
pub async fn create(app: &App, caller: &Caller, new: &NewRetentionRule) -> Result<RetentionRule> {
    require(caller, new.what, new.active)?;
    rules::check(&new.name, new.what, new.after_days, new.action)?;
    let mut tx = app.store.begin(caller).await?;
    let (id, now) = (Id::new(), tx.now());
    let row = args![
        id,
        new.name.trim(),
        new.what.as_str(),
        new.after_days,
        new.action.as_str(),
        new.active,
        now,
        caller.find_user_id(),
    ];
    if tx.exec(sql::INSERT, row).await? == 0 {
        return Err(taken(new.name.trim()));
    }
    let facts =
        json!({ "what": new.what, "after_days": new.after_days, "action": new.action, "active": new.active });
    tx.audit(Audit::new("create", RetentionRule::NOUN, id).with(facts)).await?;
    tx.commit().await?;
    load(&app.store, id).await
}

/// Changes a rule.
pub async fn patch(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    patch: &RetentionPatch,
) -> Result<RetentionRule> {
    let reason = check_reason(&patch.reason)?;
    let before = load(&app.store, id).await?;
    let mut after = before.clone();
    if let Some(name) = &patch.name {
        after.name = name.trim().to_owned();
    }
    after.after_days = patch.after_days.unwrap_or(before.after_days);
    after.action = patch.action.unwrap_or(before.action);
    after.active = patch.active.unwrap_or(before.active);
    require(caller, after.what, after.active)?;
    rules::check(&after.name, after.what, after.after_days, after.action)?;
    let mut tx = app.store.begin(caller).await?;
    let now = tx.now();
    let same: Option<Id> = tx.find(sql::SAME_NAME, args![&after.name]).await?;
    if same.is_some_and(|other| other != id) {
        return Err(taken(&after.name));
    }
    let row = args![id, version, &after.name, after.after_days, after.action.as_str(), after.active, now];
    tx.exec_one(sql::UPDATE, row).await?;
    let entry =
        Audit::new("update", RetentionRule::NOUN, id).because(reason).change(Some(&before), Some(&after));
    tx.audit(entry).await?;
    tx.commit().await?;
    load(&app.store, id).await
}

/// Says what a rule would do now.
pub async fn preview(app: &App, caller: &Caller, id: Id) -> Result<RetentionPreview> {
    caller.require(PRIVACY_READ)?;
    let rule = load(&app.store, id).await?;
    let now = app.store.now();
    let before = now.plus_days(-rule.after_days);
    let (mut held, mut sample) = (0, Vec::new());
    let count = match rule.what {
        What::InactiveProfiles => {
            let all: i64 = first(app.store.list(sql::count_silent(before)).await?)?;
            let free: i64 = first(app.store.list(sql::count_free(before, now)).await?)?;
            held = all - free;
            sample = app.store.list(sql::silent(before, now, SAMPLE)).await?;
            free
        }
        What::Events => app.part::<Lake>()?.count_before(before).await?,
        What::Quarantine => app.store.get(sql::COUNT_QUARANTINE, args![before]).await?,
        What::Exports => profile_export::old(app, before).await?,
    };
    Ok(RetentionPreview { rule_id: id, count, held, before, sample })
}

fn first(rows: Vec<i64>) -> Result<i64> {
    rows.into_iter().next().ok_or_else(|| Problem::internal("a count has a row"))
}

/// Lets a rule run now.
pub async fn run(app: &App, caller: &Caller, id: Id) -> Result<RetentionRun> {
    caller.require(PRIVACY_ERASE)?;
    let rule = load(&app.store, id).await?;
    carry_out(app, caller, &rule, RunCause::Staff).await
}

/// Lets every active rule run; returns how many did.
pub async fn keep_all(app: &App) -> Result<usize> {
    let ids: Vec<Id> = app.store.all(sql::ACTIVE, args![]).await?;
    for id in &ids {
        let rule = load(&app.store, *id).await?;
        carry_out(app, &Caller::system("customers.retention"), &rule, RunCause::Nightly).await?;
    }
    Ok(ids.len())
}

async fn carry_out(
    app: &App,
    caller: &Caller,
    rule: &RetentionRule,
    cause: RunCause,
) -> Result<RetentionRun> {
    let id = Id::new();
    let mut tx = app.store.begin(caller).await?;
    let now = tx.now();
    let before = now.plus_days(-rule.after_days);
    let (what, action) = (rule.what.as_str(), rule.action.as_str());
    tx.exec_one(sql::START_RUN, args![id, rule.id, cause.as_str(), what, action, before, now]).await?;
    let facts = json!({ "rule": rule.name, "what": rule.what, "action": rule.action, "before": before });
    tx.audit(Audit::new("run", RetentionRule::NOUN, rule.id).with(facts)).await?;
    tx.commit().await?;
    let (count, held) = apply(app, caller, rule, before).await?;
    let mut tx = app.store.begin(caller).await?;
    let now = tx.now();
    tx.exec_one(sql::FINISH_RUN, args![id, count, held, now]).await?;
    tx.exec_one(sql::RAN, args![rule.id, now, count]).await?;
    let facts = json!({ "rule_id": rule.id, "count": count, "held": held });
    tx.audit(Audit::new("finish", RetentionRun::NOUN, id).with(facts)).await?;
    tx.commit().await?;
    let mut query = sql::runs();
    query.and("x.id =", id);
    let rows: Vec<RetentionRun> = app.store.list(query).await?;
    rows.into_iter().next().ok_or_else(|| Problem::not_found("access.not_found"))
}

async fn apply(app: &App, caller: &Caller, rule: &RetentionRule, before: Timestamp) -> Result<(i64, i64)> {
    Ok(match rule.what {
        What::InactiveProfiles => people(app, caller, rule, before).await?,
        What::Events => (app.part::<Lake>()?.drop_before(caller, before, &rule.name).await?, 0),
        What::Quarantine => {
            let mut tx = app.store.begin(caller).await?;
            let gone =
                i64::try_from(tx.exec(sql::DELETE_QUARANTINE, args![before]).await?).unwrap_or(i64::MAX);
            let entry = Audit::without_row("erase", "customers.quarantined_event");
            tx.audit(entry.because(&rule.name).covering(gone.unsigned_abs())).await?;
            tx.commit().await?;
            (gone, 0)
        }
        What::Exports => (profile_export::forget(app, caller, before).await?, 0),
    })
}

/// Erases people of whom nothing was heard; returns how many, and how many stayed.
async fn people(app: &App, caller: &Caller, rule: &RetentionRule, before: Timestamp) -> Result<(i64, i64)> {
    let keys = Keys::open(app).await?;
    let now = app.store.now();
    let all: i64 = first(app.store.list(sql::count_silent(before)).await?)?;
    let free: i64 = first(app.store.list(sql::count_free(before, now)).await?)?;
    let mut gone = 0;
    while gone < MOST {
        let batch: Vec<Id> = app.store.list(sql::silent(before, now, BATCH)).await?;
        if batch.is_empty() {
            break;
        }
        for profile in batch {
            let mut tx = app.store.begin(caller).await?;
            let wish = Wish {
                id: Id::new(),
                profile,
                cause: Cause::Retention,
                request: None,
                reason: &rule.name,
                keeps_figures: rule.action == Action::Anonymise,
            };
            erasure::erase(&mut tx, &keys, wish).await?;
            tx.commit().await?;
            gone += 1;
        }
    }
    Ok((gone, all - free))
}

/// Returns what rules did, newest first.
pub async fn runs(
    app: &App,
    caller: &Caller,
    page: &PageQuery,
    filter: &RunFilter,
) -> Result<Page<RetentionRun>> {
    caller.require(PRIVACY_READ)?;
    let size = page.size()?;
    let mut query = sql::runs();
    query.and_some("x.rule_id =", filter.rule_id);
    if let Some((at, id)) = page.after::<(Timestamp, Id)>()? {
        query.push(" AND (x.started_at, x.id) < (").bind(at).push(", ").bind(id).push(")");
    }
    query.push(" ORDER BY x.started_at DESC, x.id DESC").limit_overfull(size);
    Ok(Page::from_overfull(app.store.list(query).await?, size, |row: &RetentionRun| (row.started_at, row.id)))
}
