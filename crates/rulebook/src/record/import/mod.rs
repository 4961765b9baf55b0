//! Import of records (记录导入): the one importer, with a target for each record type that runs.
//!
//! A row makes a record and never changes one: what came before under the same number or with the same words is there
//! already, or says something else and is rejected. Taking an import back puts away what nobody has touched since.

mod batch;
mod fields;
mod lookup;

use std::sync::Arc;

use async_trait::async_trait;
use http_kit::App;
use kernel::{Caller, Id, Label, Language, Permission, Result};
use serde::Deserialize;
use store::{Tx, args};
use tabular::{FieldSpec, ImportRef, MappedRow, Note, RowOutcome, Target, TargetSource};

use super::write::{Act, Row, put_away};
use super::{names, sql, work};
use crate::Rulebook;
use crate::record_type::RecordType;

/// How nouns of records begin.
const FRONT: &str = "record.";

/// The record types as things to import (记录类型导入目标).
#[derive(Clone, Copy, Debug, Default)]
pub struct RecordTargets;

impl TargetSource for RecordTargets {
    fn find(&self, app: &App, noun: &str) -> Option<Arc<dyn Target>> {
        let record_type = app.part::<Rulebook>().ok()?.record_type(noun.strip_prefix(FRONT)?)?;
        Some(Arc::new(RecordTarget::new(record_type)))
    }

    fn all(&self, app: &App) -> Vec<Arc<dyn Target>> {
        let Ok(book) = app.part::<Rulebook>() else { return Vec::new() };
        let target = |record_type: &Arc<RecordType>| -> Arc<dyn Target> {
            Arc::new(RecordTarget::new(record_type.clone()))
        };
        book.record_types().map(target).collect()
    }
}

/// One record type as a thing to import.
pub(super) struct RecordTarget {
    record_type: Arc<RecordType>,
    fields: &'static [FieldSpec],
}

impl RecordTarget {
    fn new(record_type: Arc<RecordType>) -> Self {
        let fields = fields::of(&record_type.spec);
        Self { record_type, fields }
    }
}

#[async_trait]
impl Target for RecordTarget {
    fn noun(&self) -> &'static str {
        self.record_type.noun
    }

    fn fields(&self) -> &'static [FieldSpec] {
        self.fields
    }

    fn permission(&self) -> Permission {
        self.record_type.write
    }

    fn label(&self) -> Label {
        let labels = self.record_type.spec.fields.iter().filter_map(|field| field.label);
        labels.fold(self.record_type.spec.label, Label::max)
    }

    fn title(&self, language: Language) -> Option<String> {
        let spec = &self.record_type.spec;
        Some(spec.plural.as_ref().unwrap_or(&spec.title).get(language).to_owned())
    }

    fn field_title(&self, field: &str, language: Language) -> Option<String> {
        fields::title(&self.record_type.spec, field, language)
    }

    fn notes(&self) -> Vec<Note> {
        fields::left_out(&self.record_type.spec).into_iter().collect()
    }

    fn rehearses(&self) -> bool {
        true
    }

    async fn authorise(&self, app: &App, caller: &Caller, brand_id: Option<Id>) -> Result<()> {
        let scope = caller.scope(self.record_type.write)?;
        let user = caller.find_user_id();
        let mut tx = app.store.begin(caller).await?;
        let department = names::department_of(&mut tx, app, user).await?;
        scope.require_new(brand_id, department, user)
    }

    async fn store(
        &self,
        app: &App,
        tx: &mut Tx,
        import: &ImportRef,
        rows: Vec<MappedRow>,
    ) -> Result<Vec<RowOutcome>> {
        let mut batch = Box::pin(batch::Batch::load(app, tx, self, import, &rows)).await?;
        let mut outcomes = Vec::with_capacity(rows.len());
        for row in &rows {
            outcomes.push(Box::pin(batch.take(app, tx, row)).await?);
        }
        Ok(outcomes)
    }

    async fn undo(&self, app: &App, tx: &mut Tx, import_id: Id, limit: u32) -> Result<u64> {
        let mut taken = 0;
        loop {
            let made: Vec<Made> = tx.all(sql::IMPORTED, args![import_id, i64::from(limit)]).await?;
            if made.is_empty() || taken >= u64::from(limit) {
                return Ok(taken);
            }
            for one in made {
                tx.exec(sql::FORGET_IMPORTED, args![&self.record_type.spec.id, &one.row_key]).await?;
                let back = Box::pin(take_back(app, tx, &self.record_type, one.record_id, import_id)).await?;
                taken += u64::from(back);
            }
        }
    }
}

/// A record that an import made.
#[derive(Deserialize)]
struct Made {
    row_key: String,
    record_id: Id,
}

/// Puts a record away that an import made; says whether it was still as the import made it.
async fn take_back(
    app: &App,
    tx: &mut Tx,
    record_type: &Arc<RecordType>,
    id: Id,
    import_id: Id,
) -> Result<bool> {
    tx.lock(record_type.noun, id).await?;
    let Some(before) = tx.find::<Row>(sql::FIND, args![id]).await? else { return Ok(false) };
    if before.version != 1 || before.archived_at.is_some() {
        return Ok(false);
    }
    let mut row = before.clone();
    row.archived_at = Some(tx.now());
    let reason = format!("import {import_id}");
    let act = Act { action: "archive", from_state: before.state.clone(), reason: Some(&reason) };
    put_away(tx, app, record_type, &before, &mut row, &act).await?;
    work::cancel(tx, record_type, &before).await?;
    Ok(true)
}
