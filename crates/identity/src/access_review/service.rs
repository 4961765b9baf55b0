use http_kit::App;
use jiff::civil::Date;
use kernel::{Caller, Id, LocalText, Page, PageQuery, Permission, Problem, Result};
use serde::Deserialize;
use store::{Audit, OnDuplicate, Query, ScopeColumns, Tx, args, json};

use super::{AccessReview, Decision, ReviewDecision, ReviewFilter, ReviewItem, rules, sql};
use crate::check::{Check, REASON_MAX};
use crate::grant::{self, Grant};
use crate::permissions::{REVIEW_DECIDE, REVIEW_MANAGE};
use crate::user::{self, User, UserState};
use crate::{notice, policy};

const COLUMNS: ScopeColumns =
    ScopeColumns { brand: None, department: Some("r.department_id"), owner: Some("r.reviewer_id") };

fn reading(caller: &Caller) -> Permission {
    if caller.may(REVIEW_MANAGE) { REVIEW_MANAGE } else { REVIEW_DECIDE }
}

/// Returns the reviews that the caller may see, the latest first.
pub async fn list(
    app: &App,
    caller: &Caller,
    page: &PageQuery,
    filter: &ReviewFilter,
) -> Result<Page<AccessReview>> {
    let size = page.size()?;
    let mut query = Query::new(sql::LIST, args![]);
    query.scope(&caller.scope(reading(caller))?, COLUMNS).and_some("r.department_id =", filter.department_id);
    match filter.open {
        Some(true) => query.push(" AND r.closed_at IS NULL"),
        Some(false) => query.push(" AND r.closed_at IS NOT NULL"),
        None => &mut query,
    };
    query.and_some("r.id <", page.after::<Id>()?).push(" ORDER BY r.id DESC").limit_overfull(size);
    Ok(Page::from_overfull(app.store.list(query).await?, size, |row: &AccessReview| row.id))
}

/// Returns one review with its users.
pub async fn get(app: &App, caller: &Caller, id: Id) -> Result<AccessReview> {
    let mut review: AccessReview = app.store.get(sql::FIND, args![id]).await?;
    caller.scope(reading(caller))?.require(None, Some(review.department_id), review.reviewer_id)?;
    review.items = app.store.all(sql::ITEMS, args![id]).await?;
    Ok(review)
}

/// A department that is to be reviewed.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Due {
    id: Id,
    names: LocalText,
    head_id: Option<Id>,
}

/// Returns the name of the present period.
pub(crate) async fn period(app: &App) -> Result<String> {
    Ok(rules::period(today(app), policy::review_months(app).await?))
}

fn today(app: &App) -> Date {
    app.store.now().instant().to_zoned(app.settings.time_zone.clone()).date()
}

/// Opens the reviews of the present period that are not open yet; returns how many.
pub(crate) async fn open_due(app: &App) -> Result<usize> {
    let period = period(app).await?;
    let due: Vec<Due> = app.store.all(sql::DUE, args![&period]).await?;
    for department in &due {
        let mut tx = app.store.begin(&Caller::system("access review")).await?;
        match insert(&mut tx, department, &period).await {
            Ok(_) => tx.commit().await?,
            // Another node was quicker.
            Err(problem) if problem.code == "store.duplicate" => {}
            Err(problem) => return Err(problem),
        }
    }
    Ok(due.len())
}

/// Opens a review out of turn.
pub async fn open(app: &App, caller: &Caller, department_id: Id) -> Result<AccessReview> {
    let mut tx = app.store.begin(caller).await?;
    let department: Due = tx.get(sql::DEPARTMENT, args![department_id]).await?;
    let inserted = insert(&mut tx, &department, &today(app).to_string()).await;
    let id = inserted.on_duplicate("identity.access_review.open_today")?;
    tx.commit().await?;
    get(app, caller, id).await
}

pub(crate) async fn insert(tx: &mut Tx, department: &Due, period: &str) -> Result<Id> {
    let (id, now, by) = (Id::new(), tx.now(), tx.caller().find_user_id());
    let due_at = now.plus_days(rules::DUE_DAYS);
    let args = args![id, period, department.id, department.head_id, due_at, now, by];
    tx.exec_one(sql::INSERT, args).await?;
    let members: Vec<Id> = tx.all(sql::MEMBERS, args![department.id]).await?;
    for user_id in &members {
        let mut query = Query::new(grant::sql::LIST, args![]);
        query.and("g.user_id =", user_id).push(" ORDER BY g.created_at, g.id");
        let held: Vec<Grant> = tx.list(query).await?;
        tx.exec_one(sql::INSERT_ITEM, args![Id::new(), id, user_id, json(&held), now]).await?;
    }
    let facts = serde_json::json!({ "period": period, "users": members.len() });
    tx.audit(Audit::new("open", "identity.access_review", id).within(None, Some(department.id)).with(facts))
        .await?;
    notice::review_opened(tx, id, department.head_id, (department.id, &department.names), due_at).await?;
    Ok(id)
}

/// Decides on one user; removing takes effect in the same transaction. Nobody decides on themselves.
pub async fn decide(
    app: &App,
    caller: &Caller,
    review_id: Id,
    item_id: Id,
    input: &ReviewDecision,
) -> Result<ReviewItem> {
    let reason_given = input.reason.as_deref().is_some_and(|reason| !reason.trim().is_empty());
    Check::new()
        .optional("reason", input.reason.as_deref(), REASON_MAX)
        .that(input.decision == Decision::Keep || reason_given, "reason", "identity.field.required")
        .finish()?;
    let review: AccessReview = app.store.get(sql::FIND, args![review_id]).await?;
    caller.scope(REVIEW_DECIDE)?.require(None, Some(review.department_id), review.reviewer_id)?;
    let mut tx = app.store.begin(caller).await?;
    tx.lock("identity.access_review", review_id).await?;
    let before: ReviewItem = tx.get(sql::ITEM, args![review_id, item_id]).await?;
    if caller.find_user_id() == Some(before.user_id) {
        return Err(Problem::forbidden("identity.access_review.own"));
    }
    let reason = input.reason.as_deref().map(str::trim);
    let args = args![item_id, input.decision.as_str(), reason, tx.now(), caller.find_user_id()];
    if tx.exec(sql::DECIDE, args).await? == 0 {
        return Err(Problem::conflict("identity.access_review.decided"));
    }
    match input.decision {
        Decision::Keep => drop(tx.exec(user::sql::REVIEWED, args![before.user_id, tx.now()]).await?),
        Decision::Remove => remove(&mut tx, before.user_id, reason.unwrap_or_default()).await?,
    }
    let after: ReviewItem = tx.get(sql::ITEM, args![review_id, item_id]).await?;
    let entry =
        Audit::new("decide", "identity.access_review", review_id).within(None, Some(review.department_id));
    tx.audit(entry.change(Some(&before), Some(&after))).await?;
    if tx.exec(sql::CLOSE, args![review_id, tx.now()]).await? == 1 {
        notice::review_closed(&mut tx, review_id).await?;
    }
    tx.commit().await?;
    Ok(after)
}

async fn remove(tx: &mut Tx, user_id: Id, reason: &str) -> Result<()> {
    let user: User = tx.get(user::sql::FIND, args![user_id]).await?;
    if user.state.is_open() {
        user::service::close(tx, &user, UserState::Disabled, reason).await?;
    }
    grant::service::revoke_all(tx, user_id).await.map(drop)
}
