use http_kit::App;
use kernel::{Caller, Id, Labelled, Page, PageQuery, Problem, Result, Scope, Timestamp};
use store::{Audit, Query, ScopeColumns, Store, Tx, args, json};

use super::lookup::{group_of, home_of, looked_up, no_department, prepare, require_department};
use super::notice::{self, TO_ADOPT, TO_ANSWER};
use super::{
    AcceptInsight, AdoptInsight, DeclineInsight, Insight, InsightDepartment, InsightDetail, InsightFilter,
    InsightPatch, InsightStanding, InsightState, NewInsight, SendInsight, measure, rules, sql,
};
use crate::permissions::{INSIGHT_ANSWER, INSIGHT_EDIT, INSIGHT_READ, PROFILE_READ};
use crate::profile::PROFILE_COLUMNS;
use crate::segment::{self, Prepared};

/// Policy parameter: days that a department has to answer.
const ANSWER_DAYS: &str = "insight.answer_days";
/// Policy parameter: days that it has then to say what it did.
const ADOPT_DAYS: &str = "insight.adopt_days";

/// Whose an insight is: theirs who raised it,
const HOME: ScopeColumns = ScopeColumns {
    brand: Some("h.brand_id"),
    department: Some("h.home_department_id"),
    owner: Some("h.owner_id"),
};
/// and the department's that is asked.
const ASKED: ScopeColumns =
    ScopeColumns { brand: Some("a.brand_id"), department: Some("a.department_id"), owner: None };

/// Narrows insights `i` to those that are the caller's, in one way or the other.
fn narrow(query: &mut Query, scope: &Scope) {
    if !scope.everything {
        query.push(sql::IS_HOME).scope(scope, HOME);
        query.push(sql::OR_IS_ASKED).scope(scope, ASKED).push(sql::END);
    }
}

/// Returns true where an insight is of the caller's own place.
fn is_home(scope: &Scope, insight: &Insight) -> bool {
    scope.covers(insight.brand_id, insight.home_department_id, insight.owner_id)
}

/// Returns true where the caller's place is asked.
fn is_asked(scope: &Scope, insight: &Insight) -> bool {
    scope.covers(insight.brand_id, insight.department_id, None)
}

/// Returns insights, newest first.
pub async fn list(
    app: &App,
    caller: &Caller,
    page: &PageQuery,
    filter: &InsightFilter,
) -> Result<Page<Insight>> {
    let (size, now) = (page.size()?, app.store.now());
    let mut query = sql::list(now);
    narrow(&mut query, &caller.scope(INSIGHT_READ)?);
    query.and_some("i.state =", filter.state.map(InsightState::as_str));
    query.and_some("i.kind =", filter.kind.map(super::InsightKind::as_str));
    query.and_some("i.department_id =", filter.department_id).and_some("i.owner_id =", filter.owner_id);
    match filter.overdue {
        Some(true) => drop(query.push(" AND i.state = 'sent'").and("i.due_at <", now)),
        Some(false) => drop(query.push(" AND (i.state <> 'sent' OR i.due_at >= ").bind(now).push(")")),
        None => {}
    }
    if let Some(text) = filter.q.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        query.and_contains("i.title", text);
    }
    if let Some((at, id)) = page.after::<(Timestamp, Id)>()? {
        query.push(" AND (i.created_at, i.id) < (").bind(at).push(", ").bind(id).push(")");
    }
    query.push(" ORDER BY i.created_at DESC, i.id DESC").limit_overfull(size);
    let rows = app.store.list(query).await?;
    Ok(Page::from_overfull(rows, size, |row: &Insight| (row.created_at, row.id)))
}

/// Returns how the insights of this quarter stand.
pub async fn standing(app: &App, caller: &Caller) -> Result<InsightStanding> {
    let (scope, now) = (caller.scope(INSIGHT_READ)?, app.store.now());
    let since = rules::quarter_start(now, &app.settings.time_zone);
    let (mut drafts, mut departments) = (sql::drafts(), sql::departments(since, now));
    narrow(&mut drafts, &scope);
    narrow(&mut departments, &scope);
    departments.push(sql::BY_DEPARTMENT);
    let drafts: Option<i64> = app.store.list(drafts).await?.pop();
    let departments: Vec<InsightDepartment> = app.store.list(departments).await?;
    Ok(InsightStanding { since, drafts: drafts.unwrap_or_default(), departments })
}

/// Returns one insight with its measurements.
pub async fn get(app: &App, caller: &Caller, id: Id) -> Result<InsightDetail> {
    let insight = require(&app.store, caller, id).await?;
    detail(app, insight).await
}

async fn detail(app: &App, insight: Insight) -> Result<InsightDetail> {
    let measurements = measure::of(&app.store, insight.id).await?;
    let tree = match (&insight.condition, insight.segment_id) {
        (Some(condition), _) => Some(condition.clone()),
        (None, Some(segment)) => segment::definition_of(&app.store, segment).await?,
        (None, None) => None,
    };
    let group_now_in_words = match &tree {
        Some(tree) => Some(segment::in_words(app, tree).await?),
        None => None,
    };
    Ok(InsightDetail { insight, group_now_in_words, measurements })
}

/// Writes an insight down as a draft.
pub async fn create(app: &App, caller: &Caller, new: &NewInsight) -> Result<InsightDetail> {
    rules::check_new(new)?;
    let owner = caller.find_user_id();
    let scope = caller.scope(INSIGHT_EDIT)?;
    let evidence = looked_up(app, caller, &new.evidence).await?;
    if let Some(group) = group_of(new.segment_id, new.condition.as_ref()) {
        prepare(app, caller, &group).await?;
    }
    let mut tx = app.store.begin(caller).await?;
    let home = home_of(app, &mut tx, owner).await?;
    if new.brand_id.is_some() {
        // The own department lends no brand.
        scope.require_new(new.brand_id, None, None)?;
    }
    scope.require_new(new.brand_id, home, owner)?;
    if let Some(department) = new.department_id {
        require_department(app, &mut tx, department).await?;
    }
    let (id, now) = (Id::new(), tx.now());
    let row = args![
        id,
        new.title.trim(),
        new.finding.trim(),
        new.kind.as_str(),
        json(&evidence),
        new.segment_id,
        new.condition.as_ref().map(json),
        new.department_id,
        new.brand_id,
        home,
        owner,
        now,
    ];
    tx.exec_one(sql::INSERT, row).await?;
    let insight = load_in(&mut tx, id).await?;
    audit(&mut tx, "create", None, &insight, None).await?;
    tx.commit().await?;
    detail(app, insight).await
}

/// Changes a draft.
pub async fn update(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    patch: &InsightPatch,
) -> Result<InsightDetail> {
    rules::check_patch(patch)?;
    if let Some(group) = group_of(patch.segment_id, patch.condition.as_ref()) {
        prepare(app, caller, &group).await?;
    }
    let mut tx = app.store.begin(caller).await?;
    let before = seen(&mut tx, &caller.scope(INSIGHT_EDIT)?, is_home, (id, version)).await?;
    rules::require_state(&before, InsightState::Draft, "customers.insight.sent_already")?;
    if let Some(department) = patch.department_id {
        require_department(app, &mut tx, department).await?;
    }
    let other_group = patch.without_group || patch.segment_id.is_some() || patch.condition.is_some();
    let (segment, condition) = match other_group {
        true => (patch.segment_id, patch.condition.as_ref()),
        false => (before.segment_id, before.condition.as_ref()),
    };
    let now = tx.now();
    let row = args![
        id,
        version,
        patch.title.as_deref().unwrap_or(&before.title).trim(),
        patch.finding.as_deref().unwrap_or(&before.finding).trim(),
        patch.kind.unwrap_or(before.kind).as_str(),
        segment,
        condition.map(json),
        patch.department_id.or(before.department_id),
        now,
    ];
    tx.exec_one(sql::UPDATE, row).await?;
    let after = load_in(&mut tx, id).await?;
    audit(&mut tx, "update", Some(&before), &after, None).await?;
    tx.commit().await?;
    detail(app, after).await
}

/// Sends a draft to a department, and keeps who is concerned and how often they buy again.
pub async fn send(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    to: &SendInsight,
) -> Result<InsightDetail> {
    let draft = require(&app.store, caller, id).await?;
    let group = group_of(draft.segment_id, draft.condition.as_ref());
    // Deciding conditions on events reads the lake: before the transaction, which holds up others.
    let prepared = match &group {
        Some(group) => Some(prepare(app, caller, group).await?),
        None => None,
    };
    let words = match &prepared {
        Some(prepared) => Some(segment::in_words(app, &prepared.tree).await?),
        None => None,
    };
    let days = rulebook::parameter::get(&app.store, ANSWER_DAYS).await?.days()?;
    let mut tx = app.store.begin(caller).await?;
    let before = seen(&mut tx, &caller.scope(INSIGHT_EDIT)?, is_home, (id, version)).await?;
    rules::require_state(&before, InsightState::Draft, "customers.insight.sent_already")?;
    let now = tx.now();
    let due_at = rules::due("due_at", to.due_at.unwrap_or(now.plus_days(days)), now)?;
    let department = to.department_id.or(before.department_id).ok_or_else(no_department)?;
    require_department(app, &mut tx, department).await?;
    let size = match &prepared {
        Some(prepared) => Some(keep_group(&mut tx, caller, id, prepared).await?),
        None => None,
    };
    let row =
        args![id, version, department, due_at, now, caller.find_user_id(), words.as_ref().map(json), size];
    tx.exec_one(sql::SEND, row).await?;
    if prepared.is_some() {
        measure::begin(&mut tx, id, now).await?;
    }
    let after = load_in(&mut tx, id).await?;
    notice::ask(app, &mut tx, &after, TO_ANSWER, due_at).await?;
    audit(&mut tx, "send", Some(&before), &after, None).await?;
    tx.commit().await?;
    detail(app, after).await
}

/// Keeps the people of a group, of those whom the sender may see; returns how many.
async fn keep_group(tx: &mut Tx, caller: &Caller, id: Id, prepared: &Prepared) -> Result<i64> {
    let mut query = sql::keep_group(id);
    query.scope(&caller.scope(PROFILE_READ)?, PROFILE_COLUMNS);
    prepared.narrow(&mut query)?;
    query.push(sql::BY_PERSON);
    tx.exec_query(query).await?;
    tx.get(sql::GROUP_SIZE, args![id]).await
}

/// Says that the department will use an insight.
pub async fn accept(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    said: &AcceptInsight,
) -> Result<InsightDetail> {
    let remark = rules::remark(said.remark.as_deref())?;
    let days = rulebook::parameter::get(&app.store, ADOPT_DAYS).await?.days()?;
    let mut tx = app.store.begin(caller).await?;
    let before = asked(&mut tx, caller, id, version).await?;
    let now = tx.now();
    let adopt_by = rules::due("adopt_by", said.adopt_by.unwrap_or(now.plus_days(days)), now)?;
    let state = InsightState::Accepted.as_str();
    let row = args![id, version, state, remark, now, caller.find_user_id(), adopt_by];
    tx.exec_one(sql::ANSWER, row).await?;
    let after = answered(&mut tx, caller, &before, "accept", "customers.insight.notice.accepted").await?;
    notice::ask(app, &mut tx, &after, TO_ADOPT, adopt_by).await?;
    tx.commit().await?;
    detail(app, after).await
}

/// Says that the department will not use an insight.
pub async fn decline(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    said: &DeclineInsight,
) -> Result<InsightDetail> {
    let reason = rules::said("reason", &said.reason)?;
    let mut tx = app.store.begin(caller).await?;
    let before = asked(&mut tx, caller, id, version).await?;
    let (state, now) = (InsightState::Declined.as_str(), tx.now());
    let row = args![id, version, state, reason, now, caller.find_user_id(), None::<Timestamp>];
    tx.exec_one(sql::ANSWER, row).await?;
    let after = answered(&mut tx, caller, &before, "decline", "customers.insight.notice.declined").await?;
    tx.commit().await?;
    detail(app, after).await
}

/// Says what the department did.
pub async fn adopt(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    said: &AdoptInsight,
) -> Result<InsightDetail> {
    let adoption = rules::said("adoption", &said.adoption)?;
    let mut tx = app.store.begin(caller).await?;
    let before = seen(&mut tx, &caller.scope(INSIGHT_ANSWER)?, is_asked, (id, version)).await?;
    rules::require_state(&before, InsightState::Accepted, "customers.insight.not_accepted")?;
    let (now, user) = (tx.now(), caller.find_user_id());
    tx.exec_one(sql::ADOPT, args![id, version, adoption, now, user]).await?;
    rulebook::task::complete(&mut tx, Insight::NOUN, id, TO_ADOPT, user).await?;
    let after = load_in(&mut tx, id).await?;
    notice::tell_owner(&mut tx, &after, "customers.insight.notice.adopted").await?;
    audit(&mut tx, "adopt", Some(&before), &after, Some(adoption)).await?;
    tx.commit().await?;
    detail(app, after).await
}

/// An insight that waits for the answer of the caller's department.
async fn asked(tx: &mut Tx, caller: &Caller, id: Id, version: i64) -> Result<Insight> {
    let insight = seen(tx, &caller.scope(INSIGHT_ANSWER)?, is_asked, (id, version)).await?;
    rules::require_state(&insight, InsightState::Sent, "customers.insight.not_waiting")?;
    Ok(insight)
}

async fn answered(
    tx: &mut Tx,
    caller: &Caller,
    before: &Insight,
    action: &'static str,
    notice_code: &'static str,
) -> Result<Insight> {
    rulebook::task::complete(tx, Insight::NOUN, before.id, TO_ANSWER, caller.find_user_id()).await?;
    let after = load_in(tx, before.id).await?;
    notice::tell_owner(tx, &after, notice_code).await?;
    audit(tx, action, Some(before), &after, after.answer.as_deref()).await?;
    Ok(after)
}

/// Returns an insight that the caller may see.
async fn require(store: &Store, caller: &Caller, id: Id) -> Result<Insight> {
    let found: Vec<Insight> = store.list(sql::one(id, store.now())).await?;
    let insight = found.into_iter().next().ok_or_else(|| Problem::not_found("access.not_found"))?;
    let scope = caller.scope(INSIGHT_READ)?;
    match is_home(&scope, &insight) || is_asked(&scope, &insight) {
        true => Ok(insight),
        false => Err(Problem::not_found("access.not_found")),
    }
}

async fn load_in(tx: &mut Tx, id: Id) -> Result<Insight> {
    let now = tx.now();
    let found: Vec<Insight> = tx.list(sql::one(id, now)).await?;
    found.into_iter().next().ok_or_else(|| Problem::not_found("access.not_found"))
}

/// An insight as the caller saw it, where it is theirs to act on.
async fn seen(
    tx: &mut Tx,
    scope: &Scope,
    is_theirs: fn(&Scope, &Insight) -> bool,
    (id, version): (Id, i64),
) -> Result<Insight> {
    let insight = load_in(tx, id).await?;
    // Rows of strangers look as if they were not there.
    if !is_theirs(scope, &insight) {
        return Err(Problem::not_found("access.not_found"));
    }
    match insight.version == version {
        true => Ok(insight),
        false => Err(Problem::precondition_failed("store.changed_meanwhile")),
    }
}

async fn audit(
    tx: &mut Tx,
    action: &'static str,
    before: Option<&Insight>,
    after: &Insight,
    reason: Option<&str>,
) -> Result<()> {
    let mut entry = Audit::new(action, Insight::NOUN, after.id)
        .within(after.brand_id, after.department_id)
        .change(before, Some(after));
    if let Some(reason) = reason {
        entry = entry.because(reason);
    }
    tx.audit(entry).await
}
