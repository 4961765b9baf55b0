use http_kit::App;
use kernel::{Caller, Id, Page, PageQuery, Problem, Result};
use serde_json::json;
use store::{Audit, Query, Tx, args};

use super::notice;
use super::opening::{Case, NOUN, end_tasks, open_wave};
use super::rules::{self, Vote};
use super::seat::Seat;
use super::{
    Approval, ApprovalBox, ApprovalFilter, ApprovalHooks, ApprovalState, ApprovalStep, ApprovalStepState,
    Decider, Decision, NewDecision, sql,
};
use crate::permissions::APPROVAL_READ;
use crate::{machine, run, signature};

/// Longest comment.
const COMMENT_MAX: usize = 1_000;

/// What a decision brought about (审批结果).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is kept; others still have to agree.
    Kept,
    /// All agreed and the move was made.
    Approved,
    /// The approval is rejected.
    Rejected,
    /// The content changed: the approval is void and nothing was decided. To be committed, then refused.
    Voided,
}

/// How whoever decides showed, at that moment, that it is they (身份确认).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// By nothing but their session.
    None,
    /// By a code of their authenticator.
    Code,
    /// By the link that was mailed to them, with a code where one is asked for.
    Link,
}

/// Decides a step of an approval.
pub async fn decide(app: &App, caller: &Caller, id: Id, input: &NewDecision) -> Result<Approval> {
    let proof = match &input.code {
        Some(code) if !code.trim().is_empty() => {
            signature::prove(app, signature::in_person(caller)?, Some(code), "code").await?;
            Proof::Code
        }
        _ => Proof::None,
    };
    let mut tx = app.store.begin(caller).await?;
    let verdict = Box::pin(decide_in(&mut tx, app, caller, id, input, proof)).await?;
    tx.commit().await?;
    refuse_void(verdict)?;
    get(app, caller, id).await
}

/// That an approval became void is kept, and the decision is refused.
pub(super) fn refuse_void(verdict: Verdict) -> Result<()> {
    match verdict {
        Verdict::Voided => Err(Problem::conflict("rulebook.approval.voided")),
        _ => Ok(()),
    }
}

/// Decides a step of an approval in the caller's transaction.
pub async fn decide_in(
    tx: &mut Tx,
    app: &App,
    caller: &Caller,
    id: Id,
    input: &NewDecision,
    proof: Proof,
) -> Result<Verdict> {
    let user_id = caller.user_id()?;
    let comment = comment(input)?;
    let case = Case::load(tx, app, id).await?;
    let approval = &case.approval;
    if approval.state != ApprovalState::Pending {
        return Err(over(approval));
    }
    if input.content_hash.as_ref().is_some_and(|seen| *seen != approval.content_hash) {
        return Err(Problem::conflict("rulebook.approval.saw_other"));
    }
    let hook = ApprovalHooks::of(app, &approval.subject_noun)?;
    let now_hash = hook.content_hash(tx, app, &approval.subject_noun, approval.subject_id).await?;
    if now_hash != approval.content_hash {
        end(tx, app, &case, ApprovalState::Voided, Some("rulebook.approval.content_changed")).await?;
        return Ok(Verdict::Voided);
    }
    let step = wanted(tx, &case, input.step_id, user_id).await?;
    let seats = case.seats(tx, app, &step).await?;
    let mine = seats.of(user_id);
    if mine.is_empty() {
        return Err(seats.refusal(user_id));
    }
    if approval.takes_code() && proof == Proof::None {
        return Err(Problem::unprocessable("rulebook.approval.code_missing")
            .with_field("code", "rulebook.approval.code_missing"));
    }
    super::opening::seat_people(tx, app, &case, &step, &seats).await?;
    record(tx, &case, &step, &mine, (input.decision, comment), proof == Proof::Link).await?;
    settle(tx, app, caller, &case, &step, &seats.principals, comment).await
}

fn comment(input: &NewDecision) -> Result<Option<&str>> {
    let comment = input.comment.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let wrong = |code: &'static str| Err(Problem::unprocessable(code).with_field("comment", code));
    match comment {
        None if input.decision == Decision::Reject => wrong("rulebook.approval.comment_missing"),
        Some(text) if text.chars().count() > COMMENT_MAX => wrong("rulebook.approval.comment_too_long"),
        comment => Ok(comment),
    }
}

/// Says that the approval is over, and how.
pub(super) fn over(approval: &Approval) -> Problem {
    let code = match approval.state {
        ApprovalState::Voided => "rulebook.approval.voided",
        ApprovalState::Withdrawn => "rulebook.approval.withdrawn",
        _ => "rulebook.approval.over",
    };
    Problem::conflict(code).with("state", approval.state)
}

/// Returns the step that is to be decided; one that somebody else has decided is shown with their name.
async fn wanted(tx: &mut Tx, case: &Case, step_id: Option<Id>, user_id: Id) -> Result<ApprovalStep> {
    let open = |step: &&ApprovalStep| step.state == ApprovalStepState::Open;
    let steps = &case.approval.steps;
    let found = match step_id {
        Some(id) => steps.iter().find(|step| step.id == id),
        None => {
            let deciders: Vec<Decider> = tx.all(sql::ALL_DECIDERS, args![case.approval.id]).await?;
            let has = |step: &ApprovalStep, undecided: bool| {
                let mut rows = deciders.iter().filter(|d| d.step_id == step.id && d.user_id == user_id);
                rows.any(|row| !undecided || row.decision.is_none())
            };
            let find =
                |fits: &dyn Fn(&ApprovalStep) -> bool| steps.iter().filter(open).find(|step| fits(step));
            // The step that waits for them; else the one that they had to do with; else the next one.
            find(&|step| has(step, true))
                .or_else(|| find(&|step| has(step, false)))
                .or_else(|| find(&|_| true))
        }
    };
    let step = found.ok_or_else(|| Problem::not_found("access.not_found"))?;
    if step.state == ApprovalStepState::Open {
        return Ok(step.clone());
    }
    if step.state == ApprovalStepState::Waiting {
        return Err(Problem::conflict("rulebook.approval.not_yet"));
    }
    let deciders: Vec<Decider> = tx.all(sql::DECIDERS, args![step.id]).await?;
    let by = deciders.iter().rfind(|row| row.decision.is_some());
    Err(Problem::conflict("rulebook.approval.decided")
        .with("name", by.map_or("", |row| row.user_name.as_str()))
        .with("decision", by.and_then(|row| row.decision)))
}

/// Keeps a decision for everybody whom the caller speaks for, with both names in the audit log.
async fn record(
    tx: &mut Tx,
    case: &Case,
    step: &ApprovalStep,
    mine: &[Seat],
    (decision, comment): (Decision, Option<&str>),
    by_mail: bool,
) -> Result<()> {
    let takes = case.spec(step)?.takes.clone();
    let mut kept = 0;
    for seat in mine {
        let (user, other) = (seat.user_id, seat.for_id);
        let decided = decision.as_str();
        let args = args![step.id, user, other, decided, comment, by_mail, tx.now(), seat.delegation_id];
        kept += tx.exec(sql::DECIDE, args).await?;
        for (person, role) in takes.iter().flat_map(|role| [(user, role), (other, role)]) {
            machine::participate(tx, case.approval.instance_id, person, role).await?;
        }
    }
    if kept == 0 {
        return Err(Problem::conflict("rulebook.approval.already"));
    }
    let deciders: Vec<Decider> = tx.all(sql::DECIDERS, args![step.id]).await?;
    let spoken: Vec<&Decider> = deciders
        .iter()
        .filter(|row| mine.iter().any(|s| (s.user_id, s.for_id) == (row.user_id, row.for_user_id)))
        .collect();
    let names: Vec<_> = spoken
        .iter()
        .map(|row| {
            json!({
                "user_id": row.user_id, "user_name": row.user_name, "for_user_id": row.for_user_id,
                "for_user_name": row.for_user_name, "delegation_id": row.delegation_id,
            })
        })
        .collect();
    let facts = json!({
        "step": step.step_id, "decision": decision, "by_mail": by_mail, "decided": names,
        "subject_version": case.approval.subject_version, "content_hash": case.approval.content_hash,
    });
    let mut entry = Audit::new("decide", NOUN, case.approval.id).with(facts);
    if let Some(comment) = comment {
        entry = entry.because(comment);
    }
    tx.audit(entry).await?;
    tx.exec(sql::TOUCH, args![case.approval.id]).await?;
    end_tasks(tx, &deciders, mine.first().map(|seat| seat.user_id), false).await?;
    for seat in mine {
        tx.exec(sql::VOID_LINKS, args![step.id, seat.user_id, tx.now()]).await?;
    }
    Ok(())
}

/// Counts the decisions of a step and goes on from what they come to.
async fn settle(
    tx: &mut Tx,
    app: &App,
    caller: &Caller,
    case: &Case,
    step: &ApprovalStep,
    principals: &[Id],
    comment: Option<&str>,
) -> Result<Verdict> {
    let deciders: Vec<Decider> = tx.all(sql::DECIDERS, args![step.id]).await?;
    let mut decided: Vec<&Decider> = deciders.iter().filter(|row| row.decision.is_some()).collect();
    decided.sort_by_key(|row| row.decided_at);
    let votes: Vec<Vote> = decided
        .iter()
        .filter_map(|row| {
            let (by, for_id, escalated) = (row.user_id, row.for_user_id, row.escalated);
            Some(Vote { by, for_id, decision: row.decision?, escalated })
        })
        .collect();
    match rules::tally(case.spec(step)?.mode, principals, &votes) {
        None => Ok(Verdict::Kept),
        Some(Decision::Approve) => {
            close(tx, step, ApprovalStepState::Approved, &deciders).await?;
            go_on(tx, app, caller, case.approval.id).await
        }
        Some(Decision::Reject) => {
            close(tx, step, ApprovalStepState::Rejected, &deciders).await?;
            reject(tx, app, caller, case, comment).await?;
            Ok(Verdict::Rejected)
        }
    }
}

pub(super) async fn close(
    tx: &mut Tx,
    step: &ApprovalStep,
    state: ApprovalStepState,
    deciders: &[Decider],
) -> Result<()> {
    tx.exec_one(sql::CLOSE_STEP, args![step.id, state.as_str(), tx.now()]).await?;
    tx.exec(sql::VOID_STEP_LINKS, args![step.id, tx.now()]).await?;
    end_tasks(tx, deciders, None, true).await
}

/// Opens what comes next, or makes the move where all agreed.
async fn go_on(tx: &mut Tx, app: &App, caller: &Caller, id: Id) -> Result<Verdict> {
    let case = Case::load(tx, app, id).await?;
    if case.approval.steps.iter().any(|step| step.state == ApprovalStepState::Open) {
        return Ok(Verdict::Kept);
    }
    if open_wave(tx, app, &case).await? {
        return Ok(Verdict::Kept);
    }
    let approval = &case.approval;
    let step = machine::perform(
        tx,
        &case.instance,
        &case.machine,
        (&approval.action, usize::try_from(approval.transition).ok()),
        &approval.to_state,
        &case.facts,
    )
    .await?;
    end(tx, app, &case, ApprovalState::Approved, None).await?;
    let hook = ApprovalHooks::of(app, &approval.subject_noun)?;
    hook.approved(tx, app, caller, approval, &step).await?;
    Ok(Verdict::Approved)
}

/// Ends an approval that somebody, or the clock, did not agree to.
pub(super) async fn reject(
    tx: &mut Tx,
    app: &App,
    caller: &Caller,
    case: &Case,
    reason: Option<&str>,
) -> Result<()> {
    let approval = &case.approval;
    end(tx, app, case, ApprovalState::Rejected, reason).await?;
    let step = match &approval.rejected_state {
        Some(to) => Some(
            machine::perform(tx, &case.instance, &case.machine, ("reject", None), to, &case.facts).await?,
        ),
        None => None,
    };
    let hook = ApprovalHooks::of(app, &approval.subject_noun)?;
    hook.rejected(tx, app, caller, approval, step.as_ref()).await
}

/// Ends an approval: nothing of it waits any more, no link of it works.
async fn end(tx: &mut Tx, app: &App, case: &Case, state: ApprovalState, reason: Option<&str>) -> Result<()> {
    let (id, now) = (case.approval.id, tx.now());
    tx.exec_one(sql::END, args![id, state.as_str(), reason, now]).await?;
    tx.exec(sql::SKIP_REST, args![id, now]).await?;
    tx.exec(sql::VOID_ALL_LINKS, args![id, now]).await?;
    let deciders: Vec<Decider> = tx.all(sql::ALL_DECIDERS, args![id]).await?;
    end_tasks(tx, &deciders, None, true).await?;
    let action = match state {
        ApprovalState::Approved => "approve",
        ApprovalState::Rejected => "reject",
        ApprovalState::Voided => "void",
        _ => "withdraw",
    };
    let mut entry = Audit::new(action, NOUN, id).with(json!({
        "subject_noun": case.approval.subject_noun, "subject_id": case.approval.subject_id,
    }));
    if let Some(reason) = reason {
        entry = entry.because(reason);
    }
    tx.audit(entry).await?;
    notice::ended(tx, &case.approval, state, &deciders).await?;
    if matches!(state, ApprovalState::Voided | ApprovalState::Withdrawn) {
        let hook = ApprovalHooks::of(app, &case.approval.subject_noun)?;
        hook.given_up(tx, app, &case.approval).await?;
    }
    run::after_change(tx, &["v_rulebook_approval"]).await
}

/// Voids the approval that a thing waits for, if its content is no longer the one that was asked about.
pub async fn content_changed(
    tx: &mut Tx,
    app: &App,
    subject_noun: &str,
    subject_id: Id,
    content_hash: &str,
) -> Result<bool> {
    let Some(id) = tx.find::<Id>(sql::PENDING, args![subject_noun, subject_id]).await? else {
        return Ok(false);
    };
    let case = Case::load(tx, app, id).await?;
    if case.approval.state != ApprovalState::Pending || case.approval.content_hash == content_hash {
        return Ok(false);
    }
    end(tx, app, &case, ApprovalState::Voided, Some("rulebook.approval.content_changed")).await?;
    Ok(true)
}

/// Takes an approval back; only whoever asked for it may.
pub async fn withdraw(app: &App, caller: &Caller, id: Id, reason: Option<&str>) -> Result<Approval> {
    let user_id = caller.user_id()?;
    let mut tx = app.store.begin(caller).await?;
    let case = Case::load(&mut tx, app, id).await?;
    if case.approval.requested_by != Some(user_id) {
        return Err(Problem::forbidden("rulebook.approval.not_asked_by_you"));
    }
    if case.approval.state != ApprovalState::Pending {
        return Err(over(&case.approval));
    }
    let reason = reason.filter(|text| !text.trim().is_empty());
    end(&mut tx, app, &case, ApprovalState::Withdrawn, reason).await?;
    tx.commit().await?;
    get(app, caller, id).await
}

/// Returns approvals, the latest first.
pub async fn list(
    app: &App,
    caller: &Caller,
    page: &PageQuery,
    filter: &ApprovalFilter,
) -> Result<Page<Approval>> {
    let size = page.size()?;
    let mut query = Query::new(sql::LIST, args![]);
    match filter.r#box.unwrap_or(ApprovalBox::Mine) {
        ApprovalBox::Mine => drop(query.push(sql::WAITS_FOR).bind(caller.user_id()?).push(")")),
        ApprovalBox::Asked => drop(query.and("a.requested_by =", caller.user_id()?)),
        ApprovalBox::All => caller.require(APPROVAL_READ)?,
    }
    query
        .and_some("a.state =", filter.state.map(ApprovalState::as_str))
        .and_some("a.subject_noun =", filter.subject_noun.as_deref())
        .and_some("a.subject_id =", filter.subject_id)
        .and_some("a.id <", page.after::<Id>()?)
        .push(" ORDER BY a.id DESC")
        .limit_overfull(size);
    let mut page = Page::from_overfull(app.store.list(query).await?, size, |row: &Approval| row.id);
    let mut steps = Query::new(sql::STEPS_OF, args![]);
    steps.and_in("approval_id", page.items.iter().map(|row| row.id)).push(" ORDER BY position");
    for step in app.store.list::<ApprovalStep>(steps).await? {
        if let Some(row) = page.items.iter_mut().find(|row| row.id == step.approval_id) {
            row.steps.push(step);
        }
    }
    Ok(page)
}

/// Returns an approval with its steps and who decides them; for those whom it concerns and those who may read all.
pub async fn get(app: &App, caller: &Caller, id: Id) -> Result<Approval> {
    let mut approval: Approval = app.store.get(sql::FIND, args![id]).await?;
    let deciders: Vec<Decider> = app.store.all(sql::ALL_DECIDERS, args![id]).await?;
    let user_id = caller.find_user_id();
    let concerned = user_id.is_some()
        && (approval.requested_by == user_id
            || deciders.iter().any(|row| [Some(row.user_id), Some(row.for_user_id)].contains(&user_id)));
    if !concerned && !caller.may(APPROVAL_READ) {
        return Err(Problem::not_found("access.not_found"));
    }
    approval.steps = app.store.all(sql::STEPS, args![id]).await?;
    approval.asks_code = approval.takes_code();
    for row in deciders {
        let Some(step) = approval.steps.iter_mut().find(|step| step.id == row.step_id) else { continue };
        let waits = step.state == ApprovalStepState::Open && row.decision.is_none();
        if waits && Some(row.user_id) == user_id && !approval.mine.contains(&step.id) {
            approval.mine.push(step.id);
        }
        step.deciders.push(row);
    }
    Ok(approval)
}
