use http_kit::App;
use kernel::{Caller, Id, Result, Timestamp};
use serde_json::{Value as Json, json};
use store::{Tx, args};

use super::write::{Act, Row, save};
use super::{names, sql};
use crate::approval;
use crate::machine::{self, WorkSpec};
use crate::record_type::{FieldKind, RecordType};

/// What changes about the work that a record's state asks for.
#[derive(Clone, Copy, Debug)]
pub enum WorkChange {
    /// Whose it is.
    Owner(Id),
    /// Until when.
    Due(Timestamp),
}

/// Writes a change of work into the record that it is about, where the record itself says whose work it is, or until
/// when; otherwise the next state would ask the one who was relieved. Nothing happens to what is no record.
pub async fn follow(
    tx: &mut Tx,
    app: &App,
    caller: &Caller,
    id: Id,
    change: &WorkChange,
    reason: &str,
) -> Result<()> {
    let before: Option<Row> = tx.find(sql::FIND, args![id]).await?;
    let Some(before) = before.filter(|row| row.archived_at.is_none() && !row.ended) else { return Ok(()) };
    let Some(instance) = before.instance_id else { return Ok(()) };
    let record_type = names::record_type(app, &before.type_id)?;
    let machine = machine::of_instance_by_id(tx, app, instance).await?;
    let state = machine.spec.states.iter().find(|state| Some(&state.id) == before.state.as_ref());
    let Some(work) = state.and_then(|state| state.work.as_ref()) else { return Ok(()) };
    let mut row = before.clone();
    if !write(app, &record_type, &mut row, work, *change) {
        return Ok(());
    }
    let act = Act { action: "change", from_state: before.state.clone(), reason: Some(reason) };
    save(tx, app, caller, &record_type, &before, &mut row, &act).await?;
    if row.content_hash != before.content_hash {
        let hash = &row.content_hash;
        Box::pin(approval::content_changed(tx, app, record_type.noun, id, hash)).await?;
    }
    Ok(())
}

/// Writes the change into the field that the work names; false where it names none that can be written.
fn write(app: &App, record_type: &RecordType, row: &mut Row, work: &WorkSpec, change: WorkChange) -> bool {
    let named = match change {
        WorkChange::Owner(_) => work.who.field.as_deref(),
        WorkChange::Due(_) => work.due.as_ref().and_then(|due| due.field.as_deref()),
    };
    let Some(name) = named else { return false };
    if let (WorkChange::Owner(user), "owner_id") = (change, name) {
        row.owner_id = Some(user);
        return true;
    }
    let Some(field) = record_type.field(name).filter(|field| !field.read_only) else { return false };
    let value: Json = match (change, field.kind) {
        (WorkChange::Owner(user), FieldKind::Person) => json!(user),
        (WorkChange::Due(at), FieldKind::Time) => json!(at),
        (WorkChange::Due(at), FieldKind::Date) => {
            json!(at.instant().to_zoned(app.settings.time_zone.clone()).date())
        }
        _ => return false,
    };
    row.document.insert(name.to_owned(), value);
    true
}
