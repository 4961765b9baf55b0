//! Submitting, deciding, and what ends a review early.

use http_kit::App;
use kernel::{Caller, Id, Page, PageQuery, Problem, Result};
use rulebook::parameter;
use rulebook::task::{self, Assignee, CardAction, NewTask, Sentence};
use serde_json::json;
use store::{Audit, OnDuplicate, Tx, args};

use super::{Approving, Returning, Review, ReviewDecision, Submission, Withdrawing, sql};
use crate::approval::{self, Approval, ApprovalState};
use crate::check::{Faults, REMARK_MAX, behind_every_id};
use crate::closure::service::Loaded;
use crate::content::service::{advance, audit, finish, load_for_change, require, same_version};
use crate::content::{self, Content, ContentState, ContentView, rules};
use crate::permissions::{CONTENT_APPROVE, CONTENT_READ};
use crate::preflight::{self, PreflightRun};
use crate::reader::Reader;
use crate::{closure, comment};

/// Kind of the task that a review opens.
const TASK: &str = "brand.review";

/// Submits an item for review: runs the pre-flight, which blocks on what must be mended.
pub async fn submit(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    input: Submission,
) -> Result<ContentView> {
    Faults::default().remark(&input.message, REMARK_MAX, "message").end()?;
    // Outside of the change: it may ask other sites whether links lead somewhere.
    let run = preflight::service::run(app, caller, id).await?;
    let mut tx = app.store.begin(caller).await?;
    let before = load_for_change(&mut tx, caller, id, version).await?;
    let loaded = closure::service::load(&mut Reader::Tx(&mut tx), app, id).await?;
    if loaded.hash != run.closure_hash {
        return Err(Problem::precondition_failed("store.changed_meanwhile"));
    }
    if run.serious_count > 0 {
        return Err(Problem::conflict("brand.review.preflight_blocked").with("count", run.serious_count));
    }
    let after = advance(&mut tx, app, caller, &before, "submit", &facts(&run, "")).await?;
    insert(&mut tx, caller, &loaded, &run, &input.message).await?;
    remember_parts(&mut tx, &loaded).await?;
    open_task(&mut tx, caller, &after, &loaded).await?;
    audit(&mut tx, "submit", Some(&before), &after).await?;
    finish(app, caller, tx, id).await
}

/// Takes an item back from review.
pub async fn withdraw(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    input: Withdrawing,
) -> Result<ContentView> {
    Faults::default().remark(&input.reason, REMARK_MAX, "reason").end()?;
    let mut tx = app.store.begin(caller).await?;
    let before = load_for_change(&mut tx, caller, id, version).await?;
    let review = open_review(&mut tx, id).await?;
    let after =
        advance(&mut tx, app, caller, &before, "withdraw", &json!({ "reason": input.reason })).await?;
    decide(&mut tx, caller, &review, ReviewDecision::Withdrawn, &input.reason).await?;
    task::cancel(&mut tx, "brand.content", id, TASK).await?;
    audit(&mut tx, "withdraw", Some(&before), &after).await?;
    finish(app, caller, tx, id).await
}

/// Approves an item exactly as it was submitted; never by one of its authors, whatever their roles.
///
/// Clause: BA-2.2.2, BA-3.2.2
pub async fn approve(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    input: Approving,
) -> Result<ContentView> {
    Faults::default().remark(&input.reason, REMARK_MAX, "reason").end()?;
    let user = caller.user_id()?;
    let mut tx = app.store.begin(caller).await?;
    let (before, review) = load_for_decision(&mut tx, caller, id, version).await?;
    refuse_authors(&mut tx, &review, user).await?;
    let loaded = closure::service::load(&mut Reader::Tx(&mut tx), app, id).await?;
    if loaded.hash != review.closure_hash {
        return Err(Problem::conflict("brand.review.changed_since"));
    }
    let run = current_run(&mut tx, &loaded).await?;
    let after = advance(&mut tx, app, caller, &before, "approve", &facts(&run, &input.reason)).await?;
    decide(&mut tx, caller, &review, ReviewDecision::Approved, &input.reason).await?;
    let approval = Approval {
        id: Id::new(),
        content_id: id,
        version_id: review.version_id,
        number: review.number,
        review_id: review.id,
        closure_hash: review.closure_hash.clone(),
        state: ApprovalState::Valid,
        approved_by: user,
        approved_by_name: caller.name().to_owned(),
        approved_at: tx.now(),
        voided_at: None,
        void_reason: None,
    };
    approval::service::give(&mut tx, &approval).await?;
    task::complete(&mut tx, "brand.content", id, TASK, Some(user)).await?;
    let entry = Audit::new("approve", "brand.content", id).because(input.reason);
    let bound =
        json!({ "number": review.number, "closure_hash": review.closure_hash, "approval_id": approval.id });
    tx.audit(entry.within(Some(after.brand_id), after.department_id).with(bound)).await?;
    finish(app, caller, tx, id).await
}

/// Sends an item back to its author, with remarks on the places.
pub async fn return_to_author(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    input: Returning,
) -> Result<ContentView> {
    let mut faults = Faults::default();
    faults
        .unless(!input.reason.trim().is_empty(), "reason", "brand.input.empty")
        .remark(&input.reason, REMARK_MAX, "reason")
        .unless(input.comments.len() <= 50, "comments", "brand.input.too_many")
        .end()?;
    let user = caller.user_id()?;
    let mut tx = app.store.begin(caller).await?;
    let (before, review) = load_for_decision(&mut tx, caller, id, version).await?;
    let after = advance(&mut tx, app, caller, &before, "return", &json!({ "reason": input.reason })).await?;
    decide(&mut tx, caller, &review, ReviewDecision::Returned, &input.reason).await?;
    for remark in &input.comments {
        comment::service::insert(&mut tx, caller, &after, Some(review.id), remark).await?;
    }
    task::complete(&mut tx, "brand.content", id, TASK, Some(user)).await?;
    let entry = Audit::new("return", "brand.content", id).because(input.reason);
    let facts = json!({ "number": review.number, "comments": input.comments.len() });
    tx.audit(entry.within(Some(after.brand_id), after.department_id).with(facts)).await?;
    finish(app, caller, tx, id).await
}

/// Returns the reviews of an item, newest first.
pub async fn list(app: &App, caller: &Caller, id: Id, page: &PageQuery) -> Result<Page<Review>> {
    let size = page.size()?;
    let content: Content = app.store.get(content::sql::FIND, args![id]).await?;
    require(caller, &content, CONTENT_READ)?;
    let before = page.after::<String>()?.unwrap_or_else(behind_every_id);
    let rows = app.store.all(sql::LIST, args![id, before, i64::from(size) + 1]).await?;
    Ok(Page::from_overfull(rows, size, |review: &Review| review.id))
}

/// Returns the open review of an item, else the last one.
pub(crate) async fn latest(reader: &mut Reader<'_>, content_id: Id) -> Result<Option<Review>> {
    reader.find(sql::LATEST, args![content_id]).await
}

/// Takes back what was decided, or is being decided, about every item that holds a changed row.
pub(crate) async fn void_touched(tx: &mut Tx, app: &App, noun: &'static str, noun_id: Id) -> Result<()> {
    let reason = match noun {
        "brand.partial" => "brand.approval.void_partial",
        "brand.asset" => "brand.approval.void_asset",
        _ => "brand.approval.void_brand",
    };
    let holding: Vec<Id> = tx.all(sql::HOLDING, args![noun, noun_id]).await?;
    for content_id in holding {
        void_where_changed(tx, app, content_id, reason).await?;
    }
    Ok(())
}

/// Takes back the approval or the open review of an item whose closure is no longer the one it binds.
pub(crate) async fn void_where_changed(
    tx: &mut Tx,
    app: &App,
    content_id: Id,
    reason: &'static str,
) -> Result<()> {
    let loaded = closure::service::load(&mut Reader::Tx(tx), app, content_id).await?;
    let bound = match loaded.content.state {
        ContentState::InReview => open_review(tx, content_id).await?.closure_hash,
        ContentState::Approved => match approval::service::latest(&mut Reader::Tx(tx), content_id).await? {
            Some(approval) if approval.is_valid() => approval.closure_hash,
            _ => return Ok(()),
        },
        _ => return Ok(()),
    };
    if bound == loaded.hash {
        return Ok(());
    }
    // Nobody edited this item: the product itself moves it, and nobody becomes its author.
    let before = loaded.content;
    let after = advance(tx, app, &Caller::system("brand"), &before, "edit", &json!({})).await?;
    end_unfinished(tx, content_id, reason).await?;
    audit(tx, "back_to_draft", Some(&before), &after).await
}

/// Ends the open review and takes back the approval of an item that changed.
pub(crate) async fn end_unfinished(tx: &mut Tx, content_id: Id, reason: &'static str) -> Result<()> {
    let now = tx.now();
    tx.exec(sql::END_OPEN, args![content_id, reason, now]).await?;
    task::cancel(tx, "brand.content", content_id, TASK).await?;
    approval::service::void(tx, content_id, reason).await.map(drop)
}

fn facts(run: &PreflightRun, reason: &str) -> serde_json::Value {
    json!({ "serious_findings": run.serious_count, "preflight_current": true, "reason": reason })
}

async fn open_review(tx: &mut Tx, content_id: Id) -> Result<Review> {
    let review = tx.find(sql::FIND_OPEN, args![content_id]).await?;
    review.ok_or_else(|| Problem::conflict("brand.review.none_open"))
}

async fn load_for_decision(tx: &mut Tx, caller: &Caller, id: Id, version: i64) -> Result<(Content, Review)> {
    tx.lock("brand.content", id).await?;
    let content: Content = tx.get(content::sql::FIND, args![id]).await?;
    require(caller, &content, CONTENT_APPROVE)?;
    same_version(&content, version)?;
    let review = open_review(tx, id).await?;
    Ok((content, review))
}

async fn refuse_authors(tx: &mut Tx, review: &Review, user: Id) -> Result<()> {
    let numbers = args![review.content_id, review.since_number, review.number];
    let authors: Vec<Option<Id>> = tx.all(content::sql::AUTHORS, numbers).await?;
    match rules::is_author(&authors, user) {
        true => Err(Problem::forbidden("brand.review.own_work")),
        false => Ok(()),
    }
}

/// Returns the pre-flight of exactly this closure, or the refusal where it does not hold.
async fn current_run(tx: &mut Tx, loaded: &Loaded) -> Result<PreflightRun> {
    let run = preflight::service::latest(&mut Reader::Tx(tx), loaded.content.id, &loaded.hash).await?;
    let run = run.ok_or_else(|| Problem::conflict("brand.review.preflight_stale"))?;
    if run.serious_count > 0 {
        return Err(Problem::conflict("brand.review.preflight_blocked").with("count", run.serious_count));
    }
    match preflight::service::is_fresh(&run, tx.now()) {
        true => Ok(run),
        false => Err(Problem::conflict("brand.review.preflight_stale")),
    }
}

async fn insert(
    tx: &mut Tx,
    caller: &Caller,
    loaded: &Loaded,
    run: &PreflightRun,
    message: &str,
) -> Result<()> {
    let since = approval::service::last_approved_number(&mut Reader::Tx(tx), loaded.content.id).await?;
    let row = args![
        Id::new(),
        loaded.content.id,
        loaded.version.id,
        loaded.version.number,
        since,
        &loaded.hash,
        run.id,
        message,
        caller.find_user_id(),
        caller.name(),
        tx.now(),
    ];
    tx.exec(sql::INSERT, row).await.on_duplicate("brand.review.open_already")?;
    Ok(())
}

async fn decide(
    tx: &mut Tx,
    caller: &Caller,
    review: &Review,
    decision: ReviewDecision,
    reason: &str,
) -> Result<()> {
    let row = args![review.id, decision.as_str(), reason, caller.find_user_id(), caller.name(), tx.now()];
    tx.exec_one(sql::DECIDE, row).await
}

async fn remember_parts(tx: &mut Tx, loaded: &Loaded) -> Result<()> {
    let id = loaded.content.id;
    tx.exec(sql::FORGET_PARTS, args![id]).await?;
    for (noun, noun_id) in closure::rules::parts(&loaded.closure, &loaded.library) {
        tx.exec(sql::ADD_PART, args![id, noun, noun_id]).await?;
    }
    Ok(())
}

async fn open_task(tx: &mut Tx, caller: &Caller, content: &Content, loaded: &Loaded) -> Result<()> {
    let since = approval::service::last_approved_number(&mut Reader::Tx(tx), content.id).await?;
    let authors: Vec<Option<Id>> =
        tx.all(content::sql::AUTHORS, args![content.id, since, content.number]).await?;
    let hours = parameter::get_in(tx, "content.review.due_hours").await?.integer()?;
    let path = |verb: &str| format!("/api/v1/brand/contents/{}/{verb}", content.id);
    let action = |action: &str, primary: bool, reason: bool| CardAction {
        action: action.to_owned(),
        title: format!("brand.action.{action}"),
        titles: None,
        method: "POST".to_owned(),
        path: path(action),
        primary,
        reason_field: reason.then(|| "reason".to_owned()),
        if_match: Some(content.version),
    };
    let title = Sentence::new("brand.task.review")
        .with("title", content.title.as_str())
        .with("number", content.number)
        .with("author", caller.name())
        .with("brand", loaded.brand.names.get(caller.language));
    let task = NewTask {
        kind: TASK,
        subject_noun: "brand.content",
        subject_id: content.id,
        link: format!("/content/items/{}", content.id),
        title,
        assignee: Assignee::Permission {
            code: CONTENT_APPROVE.code,
            brand_id: Some(content.brand_id),
            department_id: content.department_id,
        },
        not_for: authors.into_iter().flatten().collect(),
        due_at: Some(tx.now().plus_ms(hours.saturating_mul(kernel::HOUR_MS))),
        actions: vec![action("approve", true, false), action("return", false, true)],
    };
    task::open(tx, task).await.map(drop)
}
