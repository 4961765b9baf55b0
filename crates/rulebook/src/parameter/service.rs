use std::collections::BTreeMap;

use http_kit::App;
use kernel::{Caller, Id, Language, Problem, Result, Timestamp};
use serde::Deserialize;
use serde_json::Value as Json;
use store::{Audit, Store, Tx, args};

use super::{Input, Kind, NewValue, Parameter, ParameterChange, ParameterSpec, Value, rules, sql};
use crate::Rulebook;
use crate::expr::Constant;

/// Where a change that a pack brings comes from.
const BY_PACK: &str = "pack";

/// A parameter as it stands in its table; the value is JSON in text, whatever its kind.
#[derive(Clone, Debug, Deserialize)]
struct Row {
    parameter_key: String,
    kind: Kind,
    value: JsonText,
    changed: bool,
    version: i64,
    updated_at: Timestamp,
}

/// JSON that may be a bare number or word, kept as text in its column.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
struct JsonText(Json);

impl TryFrom<String> for JsonText {
    type Error = serde_json::Error;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        serde_json::from_str(&text).map(Self)
    }
}

/// Returns the present value of a policy parameter.
pub async fn get(store: &Store, key: &str) -> Result<Value> {
    value(store.find(sql::VALUE, args![key]).await?, key)
}

/// Returns the present value of a policy parameter as this transaction sees it.
pub async fn get_in(tx: &mut Tx, key: &str) -> Result<Value> {
    value(tx.find(sql::VALUE, args![key]).await?, key)
}

fn value(row: Option<(Kind, JsonText)>, key: &str) -> Result<Value> {
    let (kind, json) = row.ok_or_else(|| Problem::internal(format!("no policy parameter {key}")))?;
    rules::read(kind, &json.0)
        .ok_or_else(|| Problem::internal(format!("policy parameter {key} is no {kind}")))
}

/// Returns the present values of all parameters, by key.
pub async fn inputs(store: &Store) -> Result<BTreeMap<String, Input>> {
    let rows: Vec<(String, Kind, JsonText)> = store.all(sql::VALUES, args![]).await?;
    Ok(rows.into_iter().map(|(key, kind, json)| (key, Input { kind, value: json.0 })).collect())
}

/// Returns the values that the parameters would have if another rulebook ran, by key.
pub(crate) async fn inputs_under(app: &App, book: &Rulebook) -> Result<BTreeMap<String, Input>> {
    let rows: Vec<Row> = app.store.all(sql::LIST, args![]).await?;
    let mut inputs = BTreeMap::new();
    for spec in book.packs().iter().flat_map(|pack| &pack.parameters) {
        let row = rows.iter().find(|row| row.parameter_key == spec.key);
        let value = match row.filter(|row| keeps(row, spec)) {
            Some(row) => row.value.0.clone(),
            None => default_of(spec),
        };
        inputs.insert(spec.key.clone(), Input { kind: spec.kind, value });
    }
    Ok(inputs)
}

fn default_of(spec: &ParameterSpec) -> Json {
    let default = rules::read(spec.kind, &spec.default).map(|value| rules::write(&value));
    default.unwrap_or_else(|| spec.default.clone())
}

impl Input {
    /// Returns the value as expressions see it; `None` where it is none of its kind.
    pub(crate) fn constant(&self) -> Option<Constant> {
        rules::read(self.kind, &self.value).as_ref().map(rules::constant)
    }
}

/// Returns every policy parameter of the packs, by key.
pub async fn list(app: &App, language: Language) -> Result<Vec<Parameter>> {
    let book = app.part::<Rulebook>()?;
    let rows: Vec<Row> = app.store.all(sql::LIST, args![]).await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let (pack_id, spec) = book.parameter(&row.parameter_key)?;
            Some(shown(row, pack_id, spec, language))
        })
        .collect())
}

/// Returns one policy parameter.
pub async fn find(app: &App, language: Language, key: &str) -> Result<Parameter> {
    let (pack_id, spec) = app.part::<Rulebook>()?.parameter(key).ok_or_else(unknown)?;
    Ok(shown(app.store.get(sql::FIND, args![key]).await?, pack_id, spec, language))
}

/// Returns the changes of a policy parameter, newest first.
pub async fn history(app: &App, key: &str) -> Result<Vec<ParameterChange>> {
    app.part::<Rulebook>()?.parameter(key).ok_or_else(unknown)?;
    let rows: Vec<ChangeRow> = app.store.all(sql::HISTORY, args![key]).await?;
    Ok(rows.into_iter().map(ParameterChange::from).collect())
}

/// Changes a policy parameter, with a reason, and has the controls that read it evaluated again.
pub async fn change(
    app: &App,
    caller: &Caller,
    key: &str,
    version: i64,
    input: NewValue,
) -> Result<Parameter> {
    let mut tx = app.store.begin(caller).await?;
    let after = change_in(&mut tx, app, caller, key, Some(version), input).await?;
    tx.commit().await?;
    Ok(after)
}

/// The same inside the caller's transaction; without a version whatever stands there is replaced.
pub(crate) async fn change_in(
    tx: &mut Tx,
    app: &App,
    caller: &Caller,
    key: &str,
    version: Option<i64>,
    input: NewValue,
) -> Result<Parameter> {
    let book = app.part::<Rulebook>()?;
    let (pack_id, spec) = book.parameter(key).ok_or_else(unknown)?;
    if !rules::reason_fits(&input.reason) {
        return Err(Problem::unprocessable("rulebook.parameter.invalid")
            .with_field("reason", "rulebook.parameter.reason_length"));
    }
    let after = rules::write(&rules::accept(spec, &input.value)?);
    let row: Row = tx.get(sql::FIND, args![key]).await?;
    let version = version.unwrap_or(row.version);
    let before = shown(row, pack_id, spec, caller.language);
    tx.exec_one(sql::CHANGE, args![key, version, after.to_string(), tx.now()]).await?;
    let change = Change { before: Some(before.value.clone()), after, reason: input.reason.trim().to_owned() };
    remember(tx, key, version + 1, &change, caller.find_user_id(), caller.name()).await?;
    let row: Row = tx.get(sql::FIND, args![key]).await?;
    let after = shown(row, pack_id, spec, caller.language);
    let audit = Audit::new("change", "rulebook.parameter", key).change(Some(&before), Some(&after));
    tx.audit(audit.because(change.reason)).await?;
    crate::run::after_parameter_change(tx, book, key).await?;
    Ok(after)
}

/// Brings the parameters of a pack into the database: new ones with their default; those that nobody
/// changed follow a new default; a person's value stays unless it no longer fits.
pub async fn publish(tx: &mut Tx, pack_id: &str, specs: &[ParameterSpec]) -> Result<()> {
    for spec in specs {
        let default = default_of(spec);
        let row: Option<Row> = tx.find(sql::FIND, args![&spec.key]).await?;
        let now = tx.now();
        let change =
            |before: Option<Json>| Change { before, after: default.clone(), reason: BY_PACK.to_owned() };
        match row {
            None => {
                let args = args![&spec.key, pack_id, spec.kind.as_str(), default.to_string(), now];
                tx.exec(sql::INSERT, args).await?;
                remember(tx, &spec.key, 1, &change(None), None, BY_PACK).await?;
            }
            Some(row) if keeps(&row, spec) || (!row.changed && row.value.0 == default) => {}
            Some(row) => {
                let args = args![&spec.key, pack_id, spec.kind.as_str(), default.to_string(), now];
                tx.exec(sql::FOLLOW, args).await?;
                remember(tx, &spec.key, row.version + 1, &change(Some(row.value.0)), None, BY_PACK).await?;
            }
        }
    }
    Ok(())
}

fn keeps(row: &Row, spec: &ParameterSpec) -> bool {
    row.changed && row.kind == spec.kind && rules::accept(spec, &row.value.0).is_ok()
}

struct Change {
    before: Option<Json>,
    after: Json,
    reason: String,
}

async fn remember(
    tx: &mut Tx,
    key: &str,
    version: i64,
    change: &Change,
    by: Option<Id>,
    name: &str,
) -> Result<()> {
    let (before, after) = (change.before.as_ref().map(Json::to_string), change.after.to_string());
    let args = args![Id::new(), key, version, before, after, &change.reason, by, name, tx.now()];
    tx.exec(sql::REMEMBER, args).await.map(drop)
}

#[derive(Deserialize)]
struct ChangeRow {
    id: Id,
    parameter_key: String,
    version: i64,
    value_before: Option<JsonText>,
    value_after: JsonText,
    reason: String,
    changed_by: Option<Id>,
    changed_by_name: String,
    at: Timestamp,
}

impl From<ChangeRow> for ParameterChange {
    fn from(row: ChangeRow) -> Self {
        Self {
            id: row.id,
            parameter_key: row.parameter_key,
            version: row.version,
            before: row.value_before.map(|json| json.0),
            after: row.value_after.0,
            reason: row.reason,
            changed_by: row.changed_by,
            changed_by_name: row.changed_by_name,
            at: row.at,
        }
    }
}

fn shown(row: Row, pack_id: &str, spec: &ParameterSpec, language: Language) -> Parameter {
    Parameter {
        key: row.parameter_key,
        title: spec.title.get(language).to_owned(),
        text: spec.text.get(language).to_owned(),
        kind: row.kind,
        value: row.value.0,
        default: spec.default.clone(),
        unit: spec.unit.get(language).to_owned(),
        minimum: spec.minimum,
        maximum: spec.maximum,
        clauses: spec.clauses.clone(),
        pack_id: pack_id.to_owned(),
        changed: row.changed,
        version: row.version,
        updated_at: row.updated_at,
    }
}

fn unknown() -> Problem {
    Problem::not_found("access.not_found")
}
