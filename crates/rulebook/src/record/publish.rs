use std::collections::BTreeMap;
use std::sync::Arc;

use http_kit::App;
use kernel::{Problem, Result};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use store::{DefinedView, Tx, args};

use super::sql;
use crate::Rulebook;
use crate::record_type::rules::BASE;
use crate::record_type::{RecordType, Slot, assign};

#[derive(Deserialize)]
struct Published {
    type_id: String,
    version: i64,
    slots: BTreeMap<String, String>,
    view_definition: String,
}

/// Brings the record types into the database: versions, slots and published views. Returns whether anything changed.
pub async fn publish(tx: &mut Tx, types: &[Arc<RecordType>]) -> Result<bool> {
    let mut changed = false;
    for record_type in types {
        changed |= publish_type(tx, record_type).await?;
    }
    Ok(changed)
}

async fn publish_type(tx: &mut Tx, record_type: &RecordType) -> Result<bool> {
    let id = &record_type.spec.id;
    let new_version = keep_version(tx, record_type).await?;
    let known: Option<Published> = tx.find(sql::TYPE, args![id]).await?;
    let before = known.as_ref().map(|known| read_slots(&known.slots)).unwrap_or_default();
    let slots = assign(record_type, &before)
        .map_err(|_| Problem::conflict("rulebook.pack.too_many_fields").with("type", id))?;
    let view = view(record_type, &slots);
    let definition = view.definition()?;
    let there = tx.has_view(view.name).await?;
    let same = known
        .as_ref()
        .is_some_and(|k| k.view_definition == definition && k.version == record_type.spec.version);
    if same && there && !new_version {
        return Ok(false);
    }
    if !there || known.is_none_or(|known| known.view_definition != definition) {
        tx.define_view(&view).await?;
    }
    // Slots of fields that are gone stay taken: what is stored there is theirs.
    let mut kept = before;
    kept.extend(slots);
    let kept: BTreeMap<&String, String> = kept.iter().map(|(field, slot)| (field, slot.column())).collect();
    let (version, now) = (record_type.spec.version, tx.now());
    let args = args![id, version, &record_type.pack_id, store::json(&kept), definition, now];
    tx.exec(sql::PUBLISH_TYPE, args).await?;
    Ok(true)
}

/// Keeps the version for ever; one whose content changed without a new number is refused.
async fn keep_version(tx: &mut Tx, record_type: &RecordType) -> Result<bool> {
    let definition = store::json(&record_type.spec);
    let hash = hex::encode(Sha256::digest(&definition));
    let (id, version) = (&record_type.spec.id, record_type.spec.version);
    match tx.find::<String>(sql::FIND_TYPE_VERSION, args![id, version]).await? {
        Some(known) if known == hash => Ok(false),
        Some(_) => Err(Problem::conflict("rulebook.pack.record_type_changed")
            .with("type", id)
            .with("version", version)),
        None => {
            tx.exec(sql::INSERT_TYPE_VERSION, args![id, version, hash, definition, tx.now()]).await?;
            Ok(true)
        }
    }
}

fn read_slots(slots: &BTreeMap<String, String>) -> BTreeMap<String, Slot> {
    slots.iter().filter_map(|(field, column)| Some((field.clone(), Slot::read(column)?))).collect()
}

/// Returns the published view: what every record has, what a search looks into, then the fields.
fn view<'t>(record_type: &'t RecordType, slots: &BTreeMap<String, Slot>) -> DefinedView<'t> {
    let base = BASE.iter().map(|(name, _, column)| ((*column).to_owned(), (*name).to_owned()));
    let search = [("search".to_owned(), "search".to_owned())];
    let fields = record_type.spec.fields.iter();
    let fields = fields.filter_map(|field| Some((slots.get(&field.key)?.column(), field.key.clone())));
    DefinedView {
        name: record_type.view.name,
        table: "rulebook_record",
        columns: base.chain(search).chain(fields).collect(),
        kind: ("type_id", &record_type.spec.id),
        rest: " AND archived_at IS NULL",
    }
}

/// Reads where the fields of every type stand, once what runs is published.
pub async fn load_slots(app: &App) -> Result<()> {
    let rows: Vec<Published> = app.store.all(sql::TYPES, args![]).await?;
    let slots = rows.into_iter().map(|row| (row.type_id, Arc::new(read_slots(&row.slots)))).collect();
    app.part::<Rulebook>()?.set_slots(slots);
    Ok(())
}
