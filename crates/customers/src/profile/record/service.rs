use kernel::{Id, Result, Timestamp};
use store::{Store, Tx, args, json};

use super::rules::{flat, fold};
use super::{ProfileFact, Record, sql};
use crate::profile::facts::{Facts, Origin};
use crate::profile::search;

/// Who edits by hand, as records name it.
const STAFF: &str = "staff";

/// Keeps what was told, as (identifier, facts).
pub(crate) async fn keep(tx: &mut Tx, told: &[(Id, Facts)], origin: Origin<'_>) -> Result<()> {
    let (now, by) = (tx.now(), tx.caller().find_user_id());
    let row = |(node, facts): &(Id, Facts)| {
        let mut row = args![Id::new(), *node, origin.source, origin.import_id, now, by];
        row.extend(facts.columns());
        row.push("[]".into());
        row
    };
    tx.insert_many(sql::INSERT, told.iter().map(row).collect(), "").await?;
    Ok(())
}

/// What somebody changed by hand.
pub(crate) struct Edit {
    /// The facts before.
    pub before: Facts,
    /// The facts after.
    pub after: Facts,
}

/// Keeps a change by hand: what is new, and what was emptied.
pub(crate) async fn note_edit(tx: &mut Tx, profile: Id, edit: &Edit) -> Result<()> {
    let (before, after) = (flat(&edit.before), flat(&edit.after));
    let cleared: Vec<&String> = before.keys().filter(|field| !after.contains_key(*field)).collect();
    let changed: serde_json::Map<String, serde_json::Value> = after
        .iter()
        .filter(|(field, value)| before.get(*field) != Some(*value))
        .map(|(f, v)| (f.clone(), v.clone()))
        .collect();
    if cleared.is_empty() && changed.is_empty() {
        return Ok(());
    }
    let told: Facts = serde_json::from_value(changed.into()).unwrap_or_default();
    let (now, by) = (tx.now(), tx.caller().find_user_id());
    let mut row = args![Id::new(), profile, STAFF, None::<Id>, now, by];
    row.extend(told.columns());
    row.push(json(&cleared).into());
    tx.insert_many(sql::INSERT, vec![row], "").await?;
    Ok(())
}

/// Puts into a profile what its records come to.
pub(crate) async fn settle(tx: &mut Tx, profile: Id) -> Result<()> {
    let records: Vec<sql::Row> = tx.list(sql::of_profile(profile)).await?;
    let facts = fold(records.into_iter().map(Record::from).collect()).facts();
    let mut args = args![profile];
    args.extend(facts.columns());
    tx.exec_one(sql::SETTLE, args).await?;
    search::put_profiles(tx, &[(profile, search::names(&facts.name, &facts.given_name))]).await
}

/// Forgets what an import told about people who were put away with it at `now`.
pub(crate) async fn forget_import(tx: &mut Tx, import: Id, now: Timestamp) -> Result<()> {
    search::forget_import(tx, import, now).await?;
    tx.exec(sql::FORGET_IMPORT, args![import, now]).await.map(drop)
}

/// Returns where the fields of a profile came from: by field, the last word first.
pub async fn of_profile(store: &Store, profile: Id) -> Result<Vec<ProfileFact>> {
    let records: Vec<sql::Row> = store.list(sql::of_profile(profile)).await?;
    let fields = fold(records.into_iter().map(Record::from).collect()).fields.into_iter();
    let facts = fields.flat_map(|(field, tellings)| {
        tellings.into_iter().enumerate().map(move |(place, telling)| ProfileFact {
            field: field.clone(),
            value: telling.value,
            source: telling.source,
            told_at: telling.told_at,
            node_id: telling.node_id,
            is_current: place == 0,
        })
    });
    Ok(facts.collect())
}
