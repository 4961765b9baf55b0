//! Deadline (时限): what happens to steps that wait: people come and go, and time runs out.

use http_kit::App;
use kernel::{Caller, DAY_MS, Id, Result};
use serde_json::json;
use store::{Audit, Tx, args};

use super::jobs::MailDecider;
use super::opening::{Case, NOUN, seat_people};
use super::service::{close, reject};
use super::{ApprovalState, ApprovalStep, ApprovalStepState, Decider, sql};
use crate::machine::OnTimeout;

/// Looks at every step that waits; twice is as good as once.
pub(super) async fn watch(app: &App) -> Result<usize> {
    let (mut after, mut seen) = (String::new(), 0);
    loop {
        let steps: Vec<(Id, Id)> = app.store.all(sql::OPEN_STEPS, args![&after]).await?;
        let Some((last, _)) = steps.last() else { return Ok(seen) };
        after = last.to_string();
        seen += steps.len();
        for (step_id, approval_id) in steps {
            // One that cannot be looked at must not keep the others waiting.
            if let Err(problem) = Box::pin(look(app, approval_id, step_id)).await {
                tracing::warn!(approval.id = %approval_id, "a step was not looked at: {problem}");
            }
        }
    }
}

async fn look(app: &App, approval_id: Id, step_id: Id) -> Result<()> {
    let caller = Caller::system("approval deadlines");
    let mut tx = app.store.begin(&caller).await?;
    let case = Case::load(&mut tx, app, approval_id).await?;
    let found = case.approval.steps.iter().find(|step| step.id == step_id).cloned();
    let open = |step: &ApprovalStep| step.state == ApprovalStepState::Open;
    let Some(mut step) = found.filter(open) else { return Ok(()) };
    if case.approval.state != ApprovalState::Pending {
        return Ok(());
    }
    let late = step.due_at.is_some_and(|due| due <= tx.now());
    if late && case.spec(&step)?.on_timeout == Some(OnTimeout::Reject) {
        time_out(&mut tx, app, &caller, &case, &step).await?;
        return tx.commit().await;
    }
    if late && step.late_at.is_none() {
        let now = tx.now();
        tx.exec(sql::LATE, args![step.id, now]).await?;
        step.late_at = Some(now);
        audit(&mut tx, &case, &step, "late").await?;
    }
    // Whoever is called in now gets a mail of their own.
    if late {
        remind(&mut tx, &case, &step).await?;
    }
    let seats = case.seats(&mut tx, app, &step).await?;
    if seat_people(&mut tx, app, &case, &step, &seats).await? {
        audit(&mut tx, &case, &step, "seat").await?;
    }
    tx.commit().await
}

async fn audit(tx: &mut Tx, case: &Case, step: &ApprovalStep, action: &'static str) -> Result<()> {
    tx.audit(Audit::new(action, NOUN, case.approval.id).with(json!({ "step": step.step_id }))).await
}

/// Mails once a day those who owe a late step.
async fn remind(tx: &mut Tx, case: &Case, step: &ApprovalStep) -> Result<()> {
    let now = tx.now();
    if step.reminded_at.is_some_and(|at| now.ms() - at.ms() < DAY_MS) {
        return Ok(());
    }
    tx.exec(sql::REMINDED, args![step.id, now]).await?;
    let deciders: Vec<Decider> = tx.all(sql::DECIDERS, args![step.id]).await?;
    let mut owing: Vec<Id> =
        deciders.iter().filter(|row| row.decision.is_none()).map(|row| row.user_id).collect();
    owing.sort_unstable();
    owing.dedup();
    for user_id in owing {
        tx.enqueue(&MailDecider { approval_id: case.approval.id, step_id: step.id, user_id }).await?;
    }
    audit(tx, case, step, "remind").await
}

/// Too late counts as not agreed, where the rule says so.
async fn time_out(tx: &mut Tx, app: &App, caller: &Caller, case: &Case, step: &ApprovalStep) -> Result<()> {
    let now = tx.now();
    tx.exec(sql::LATE, args![step.id, now]).await?;
    let deciders: Vec<Decider> = tx.all(sql::DECIDERS, args![step.id]).await?;
    close(tx, step, ApprovalStepState::TimedOut, &deciders).await?;
    reject(tx, app, caller, case, Some("rulebook.approval.timed_out")).await
}
