use http_kit::App;
use kernel::{Caller, Id, Page, PageQuery, Problem, Result};
use rulebook::parameter;
use store::{Audit, JobKind, Query, args};

use super::jobs::RestoreBeside;
use super::{
    Acknowledgement, BackupChoice, Beside, Loss, NewLoss, NewLossReport, Superior, notice, preview, rules,
    sql,
};
use crate::permissions::LOSS_MANAGE;
use crate::run;
use crate::said::Said;

pub(crate) const NOUN: &str = "backup.loss";

/// Opens a case.
pub async fn open(app: &App, caller: &Caller, new: &NewLoss) -> Result<Loss> {
    rules::check(new, app.store.now())?;
    let (id, by, hours) = (Id::new(), caller.find_user_id(), report_hours(app).await?);
    let mut tx = app.store.begin(caller).await?;
    let department: Option<Id> = match by {
        Some(user) => tx.find::<Option<Id>>(sql::DEPARTMENT, args![user]).await?.flatten(),
        None => None,
    };
    let cause = new.cause.as_deref().map(str::trim).filter(|cause| !cause.is_empty());
    let args =
        args![id, new.what.trim(), cause, new.noticed_at, new.noticed_by.trim(), department, tx.now(), by];
    tx.exec_one(sql::INSERT, args).await?;
    let after: Loss = tx.get(sql::FIND, args![id]).await?;
    tx.audit(Audit::new("create", NOUN, id).within(None, department).change(None, Some(&after))).await?;
    notice::noticed(&mut tx, id, &new.what, hours).await?;
    tx.commit().await?;
    Ok(after)
}

async fn report_hours(app: &App) -> Result<i64> {
    parameter::get(&app.store, "backup.report_hours").await?.integer()
}

/// Returns losses, newest first.
pub async fn list(app: &App, caller: &Caller, page: &PageQuery) -> Result<Page<Loss>> {
    let size = page.size()?;
    let mut query = Query::new(sql::LIST, args![]);
    query.and_some("l.id <", page.after::<Id>()?).push(" ORDER BY l.id DESC").limit_overfull(size);
    let mut losses: Vec<Loss> = app.store.list(query).await?;
    losses.iter_mut().for_each(|loss| speak(app, caller, loss));
    Ok(Page::from_overfull(losses, size, |loss| loss.id))
}

fn speak(app: &App, caller: &Caller, loss: &mut Loss) {
    if let Some(problem) = &mut loss.problem {
        problem.say(&app.texts, caller.language);
    }
}

/// Returns a loss to those who settle it, and to the superior who was told of it.
pub async fn get(app: &App, caller: &Caller, id: Id) -> Result<Loss> {
    let mut loss: Loss = app.store.get(sql::FIND, args![id]).await?;
    let told = loss.superior_id.is_some() && loss.superior_id == caller.find_user_id();
    if !told && !caller.may(LOSS_MANAGE) {
        return Err(Problem::not_found("access.not_found"));
    }
    speak(app, caller, &mut loss);
    Ok(loss)
}

/// Returns who usually gets the caller's report.
pub async fn superior(app: &App, caller: &Caller) -> Result<Superior> {
    let found = match caller.find_user_id() {
        Some(user) => app.store.find(sql::SUPERIORS, args![user]).await?,
        None => None,
    };
    Ok(found.unwrap_or(Superior { user_id: None, name: None }))
}

/// Restores a backup beside the live data, in the background.
pub async fn restore(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    choice: &BackupChoice,
) -> Result<Loss> {
    let run = run::service::get(app, choice.run_id).await?;
    run::service::file_of(&run)?;
    let mut tx = app.store.begin(caller).await?;
    let before: Loss = tx.get(sql::FIND, args![id]).await?;
    tx.exec_one(sql::RESTORING, args![id, version, run.id, tx.now()]).await?;
    let job = RestoreBeside { loss_id: id, run_id: run.id };
    tx.enqueue_once(&job, &format!("{}/{id}", RestoreBeside::KIND)).await?;
    let after: Loss = tx.get(sql::FIND, args![id]).await?;
    let entry = Audit::new("restore", NOUN, id).within(None, before.department_id);
    tx.audit(entry.change(Some(&before), Some(&after))).await?;
    tx.commit().await?;
    Ok(after)
}

/// Keeps what came of a restore.
pub(super) async fn restored(app: &App, caller: &Caller, id: Id, outcome: &Result<Beside>) -> Result<()> {
    let mut tx = app.store.begin(caller).await?;
    let before: Loss = tx.get(sql::FIND, args![id]).await?;
    match outcome {
        Ok(beside) => tx.exec_one(sql::RESTORED, args![id, store::json(beside), tx.now()]).await?,
        Err(problem) => {
            tx.exec_one(sql::NOT_RESTORED, args![id, store::json(&Said::of(problem)), tx.now()]).await?;
        }
    }
    let after: Loss = tx.get(sql::FIND, args![id]).await?;
    let action = if outcome.is_ok() { "restored" } else { "fail" };
    let entry = Audit::new(action, NOUN, id).within(None, before.department_id);
    tx.audit(entry.change(Some(&before), Some(&after))).await?;
    tx.commit().await
}

/// Sends the report to the superior.
pub async fn report(app: &App, caller: &Caller, id: Id, version: i64, new: &NewLossReport) -> Result<Loss> {
    rules::check_report(new)?;
    let superior = match new.superior_id {
        Some(id) => Some(id),
        None => superior(app, caller).await?.user_id,
    };
    let nobody = || {
        Problem::unprocessable("backup.loss.invalid")
            .with_field("superior_id", "backup.loss.superior_missing")
    };
    let superior = superior.ok_or_else(nobody)?;
    if Some(superior) == caller.find_user_id() {
        return Err(Problem::unprocessable("backup.loss.invalid")
            .with_field("superior_id", "backup.loss.superior_self"));
    }
    let hours = report_hours(app).await?;
    let mut tx = app.store.begin(caller).await?;
    let before: Loss = tx.get(sql::FIND, args![id]).await?;
    tx.find::<Id>(sql::ACTIVE, args![superior]).await?.ok_or_else(nobody)?;
    let changes = match before.taken_at {
        Some(at) => Some(preview::changes_since(app, at).await?),
        None => None,
    };
    let facts = rules::report(&before, changes, tx.now());
    let args = args![id, version, superior, new.findings.trim(), store::json(&facts), tx.now()];
    tx.exec_one(sql::REPORT, args).await?;
    let after: Loss = tx.get(sql::FIND, args![id]).await?;
    let entry = Audit::new("report", NOUN, id).within(None, before.department_id);
    tx.audit(entry.change(Some(&before), Some(&after))).await?;
    notice::reported(&mut tx, &after, superior, hours).await?;
    tx.commit().await?;
    Ok(after)
}

/// The superior takes note of the report.
pub async fn acknowledge(app: &App, caller: &Caller, id: Id, said: &Acknowledgement) -> Result<Loss> {
    let note = said.note.as_deref().map(str::trim).filter(|note| !note.is_empty());
    rules::check_note(note)?;
    let user = caller.user_id()?;
    // Whoever may not even see it learns nothing about it.
    let seen = get(app, caller, id).await?;
    if seen.superior_id != Some(user) {
        return Err(Problem::forbidden("backup.loss.not_your_report"));
    }
    let mut tx = app.store.begin(caller).await?;
    let before: Loss = tx.get(sql::FIND, args![id]).await?;
    if tx.exec(sql::ACKNOWLEDGE, args![id, tx.now(), user, note]).await? == 0 {
        return Err(Problem::conflict("backup.loss.not_reported").with("state", before.state));
    }
    let after: Loss = tx.get(sql::FIND, args![id]).await?;
    let entry = Audit::new("acknowledge", NOUN, id).within(None, before.department_id);
    tx.audit(entry.change(Some(&before), Some(&after))).await?;
    notice::acknowledged(&mut tx, id).await?;
    tx.commit().await?;
    Ok(after)
}
