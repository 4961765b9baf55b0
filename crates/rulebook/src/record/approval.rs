use std::sync::Arc;

use async_trait::async_trait;
use http_kit::App;
use kernel::{Caller, Id, Result};
use serde_json::Value as Json;
use store::{Tx, args};

use super::act::{Done, moved};
use super::write::Row;
use super::{names, service, sql};
use crate::approval::{Approval, ApprovalHook};
use crate::machine::Step;
use crate::record_type::RecordType;

/// What approvals of records carry out: the move, with everything that a move made at once brings about.
#[derive(Debug)]
pub struct RecordApprovals;

#[async_trait]
impl ApprovalHook for RecordApprovals {
    fn subject_noun(&self) -> &'static str {
        "record.*"
    }

    async fn content_hash(&self, tx: &mut Tx, _: &App, _: &str, subject_id: Id) -> Result<String> {
        let row: Row = tx.get(sql::FIND, args![subject_id]).await?;
        Ok(row.content_hash)
    }

    async fn approved(
        &self,
        tx: &mut Tx,
        app: &App,
        caller: &Caller,
        approval: &Approval,
        step: &Step,
    ) -> Result<()> {
        carry_out(tx, app, caller, approval, step).await
    }

    async fn rejected(
        &self,
        tx: &mut Tx,
        app: &App,
        caller: &Caller,
        approval: &Approval,
        step: Option<&Step>,
    ) -> Result<()> {
        match step {
            Some(step) => carry_out(tx, app, caller, approval, step).await,
            // It stays where it is: the work of that state is somebody's again.
            None => reopen(tx, app, approval).await,
        }
    }

    async fn given_up(&self, tx: &mut Tx, app: &App, approval: &Approval) -> Result<()> {
        reopen(tx, app, approval).await
    }
}

/// Lets the work of the state wait for somebody again.
async fn reopen(tx: &mut Tx, app: &App, approval: &Approval) -> Result<()> {
    let (record_type, row) = load(tx, app, approval).await?;
    let facts = service::facts_of(app, &record_type, &row);
    super::work::open(tx, app, &record_type, &row, &facts).await
}

async fn load(tx: &mut Tx, app: &App, approval: &Approval) -> Result<(Arc<RecordType>, Row)> {
    let row: Row = tx.get(sql::FIND, args![approval.subject_id]).await?;
    Ok((names::record_type(app, &row.type_id)?, row))
}

async fn carry_out(tx: &mut Tx, app: &App, caller: &Caller, approval: &Approval, step: &Step) -> Result<()> {
    let (record_type, before) = load(tx, app, approval).await?;
    let mut facts = service::facts_of(app, &record_type, &before);
    // What was given with the request and is no field of the record, such as its reason.
    for (name, value) in crate::approval::facts_of(tx, approval.id).await? {
        facts.entry(name).or_insert(value);
    }
    let reason = facts.get("reason").and_then(Json::as_str).map(str::to_owned);
    let done = Done { action: &approval.action, step, reason: reason.as_deref() };
    moved(tx, app, caller, &record_type, &before, before.clone(), &done, &facts).await
}
