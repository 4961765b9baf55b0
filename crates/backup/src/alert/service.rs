use kernel::{HOUR_MS, Id, Problem, Result};
use rulebook::task::{self, Assignee, NewTask, Sentence};
use serde_json::json;
use store::{Audit, Tx, args};

use super::{AlertKind, sql};
use crate::permissions::BACKUP_MANAGE;
use crate::said::Said;

const NOUN: &str = "backup.alert";
/// How long IT has to look at it.
const DUE_MS: i64 = HOUR_MS;

/// Tells IT, unless it was told of the same already; returns true where it is news.
pub(crate) async fn raise(
    tx: &mut Tx,
    kind: AlertKind,
    run_id: Option<Id>,
    problem: Option<&Problem>,
    title: Sentence,
) -> Result<bool> {
    let (id, said) = (Id::new(), problem.map(|problem| store::json(&Said::of(problem))));
    if tx.exec(sql::RAISE, args![id, kind.as_str(), run_id, tx.now(), said]).await? == 0 {
        return Ok(false);
    }
    tx.audit(Audit::new("raise", NOUN, id).with(json!({ "kind": kind, "run_id": run_id }))).await?;
    let new = NewTask {
        kind: NOUN,
        subject_noun: NOUN,
        subject_id: id,
        link: "/system/backups".to_owned(),
        title,
        assignee: Assignee::Permission { code: BACKUP_MANAGE.code, brand_id: None, department_id: None },
        not_for: Vec::new(),
        due_at: Some(tx.now().plus_ms(DUE_MS)),
        actions: Vec::new(),
    };
    task::open(tx, new).await?;
    Ok(true)
}

/// Takes back what is no longer so.
pub(crate) async fn clear(tx: &mut Tx, kinds: &[AlertKind]) -> Result<()> {
    for kind in kinds {
        let Some(id) = tx.find::<Id>(sql::OPEN, args![kind.as_str()]).await? else { continue };
        tx.exec(sql::CLEAR, args![id, tx.now()]).await?;
        tx.audit(Audit::new("clear", NOUN, id).with(json!({ "kind": kind }))).await?;
        task::complete(tx, NOUN, id, NOUN, None).await?;
    }
    Ok(())
}
