use http_kit::App;
use kernel::{Caller, Id, Page, PageQuery, Problem, Result, Timestamp};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use store::{Audit, OnDuplicate, Tx, args};

use super::{
    BreachReason, ChangePlannedEvent, EventPlan, NewPlannedEvent, PlanDefinition, PlanFilter, PlanViolation,
    PlannedEvent, PlannedEventHistory, PlannedEventVersion, PlannedKind, TriedEvent, TryPlannedEvent, rules,
    sql,
};
use crate::source::wire::segment;

const NOUN: &str = "customers.planned_event";

/// A planned event as the database has it.
#[derive(Deserialize)]
struct Row {
    id: Id,
    kind: PlannedKind,
    name: String,
    definition: PlanDefinition,
    reason: String,
    updated_at: Timestamp,
    updated_by: Option<Id>,
    version: i64,
}

fn shown(row: Row) -> PlannedEvent {
    PlannedEvent {
        id: row.id,
        kind: row.kind,
        name: Some(row.name).filter(|name| !name.is_empty()),
        definition: row.definition,
        reason: row.reason,
        updated_at: row.updated_at,
        updated_by: row.updated_by,
        version: row.version,
    }
}

/// Returns planned events, by name.
pub async fn list(app: &App, page: &PageQuery, filter: &PlanFilter) -> Result<Page<PlannedEvent>> {
    let size = page.size()?;
    let mut query = sql::events();
    query.and_some("e.state =", filter.state.map(super::PlanState::as_str));
    if let Some(text) = filter.text.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        query.and_contains("e.name", text);
    }
    if let Some((name, kind)) = page.after::<(String, String)>()? {
        query.push(" AND (e.name, e.kind) > (").bind(name).push(", ").bind(kind).push(")");
    }
    query.push(" ORDER BY e.name, e.kind").limit_overfull(size);
    let rows: Vec<Row> = app.store.list(query).await?;
    let events = rows.into_iter().map(shown).collect();
    Ok(Page::from_overfull(events, size, |event: &PlannedEvent| {
        (event.name.clone().unwrap_or_default(), event.kind)
    }))
}

async fn one(app: &App, id: Id) -> Result<PlannedEvent> {
    let mut query = sql::events();
    query.and("e.id =", id);
    let rows: Vec<Row> = app.store.list(query).await?;
    rows.into_iter().next().map(shown).ok_or_else(|| Problem::not_found("access.not_found"))
}

/// Returns a planned event with what it was before.
pub async fn find(app: &App, id: Id) -> Result<PlannedEventHistory> {
    let event = one(app, id).await?;
    let versions: Vec<PlannedEventVersion> = app.store.all(sql::VERSIONS, args![id]).await?;
    Ok(PlannedEventHistory { event, versions })
}

/// Plans an event.
pub async fn create(app: &App, caller: &Caller, new: &NewPlannedEvent) -> Result<PlannedEvent> {
    let name = new.name.as_deref().map(str::trim);
    let definition = PlanDefinition {
        description: new.description.trim().to_owned(),
        state: new.state,
        properties: new.properties.clone(),
        extra: new.extra,
        sources: new.sources.clone(),
    };
    rules::check(new.kind, name, &definition)?;
    let reason = if new.reason.trim().is_empty() { String::new() } else { rules::reason(&new.reason)? };
    let id = Id::new();
    let mut tx = app.store.begin(caller).await?;
    check_sources(&mut tx, &definition).await?;
    let planned: i64 = tx.get(sql::COUNT, args![]).await?;
    if planned >= rules::EVENTS_MAX {
        return Err(Problem::unprocessable("customers.plan.full").with("max", rules::EVENTS_MAX));
    }
    let now = tx.now();
    let row = args![id, new.kind.as_str(), name.unwrap_or_default(), definition.state.as_str(), now];
    tx.exec(sql::INSERT, row).await.on_duplicate("customers.plan.name_taken")?;
    add_version(&mut tx, caller, id, 1, &definition, &reason).await?;
    let facts = json!({ "kind": new.kind, "name": name, "state": definition.state });
    tx.audit(Audit::new("create", NOUN, id).with(facts)).await?;
    tx.commit().await?;
    app.part::<EventPlan>()?.forget();
    one(app, id).await
}

/// Changes a planned event: what it was stays as a version.
pub async fn change(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    wanted: &ChangePlannedEvent,
) -> Result<PlannedEvent> {
    let before = one(app, id).await?;
    let definition = PlanDefinition {
        description: wanted.description.trim().to_owned(),
        state: wanted.state,
        properties: wanted.properties.clone(),
        extra: wanted.extra,
        sources: wanted.sources.clone(),
    };
    rules::check(before.kind, before.name.as_deref(), &definition)?;
    let reason = rules::reason(&wanted.reason)?;
    let mut tx = app.store.begin(caller).await?;
    check_sources(&mut tx, &definition).await?;
    let now = tx.now();
    tx.exec_one(sql::CHANGE, args![id, version, definition.state.as_str(), now]).await?;
    add_version(&mut tx, caller, id, version + 1, &definition, &reason).await?;
    let after = PlannedEvent { definition, ..before.clone() };
    tx.audit(Audit::new("change", NOUN, id).because(&reason).change(Some(&before), Some(&after))).await?;
    tx.commit().await?;
    app.part::<EventPlan>()?.forget();
    one(app, id).await
}

async fn add_version(
    tx: &mut Tx,
    caller: &Caller,
    id: Id,
    number: i64,
    definition: &PlanDefinition,
    reason: &str,
) -> Result<()> {
    let now = tx.now();
    let row = args![id, number, store::json(definition), reason, now, caller.find_user_id()];
    tx.exec(sql::INSERT_VERSION, row).await.on_duplicate("store.changed_meanwhile").map(drop)
}

async fn check_sources(tx: &mut Tx, definition: &PlanDefinition) -> Result<()> {
    let wanted: std::collections::BTreeSet<Id> = definition.sources.iter().copied().collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let mut query = sql::known_sources();
    query.and_in("id", wanted.iter().copied());
    let known: Vec<i64> = tx.list(query).await?;
    if known.first() == Some(&(wanted.len() as i64)) {
        return Ok(());
    }
    let refusal = Problem::unprocessable("customers.plan.invalid");
    Err(refusal.with_field("sources", "customers.plan.source_unknown"))
}

/// Says in what an event breaks a definition, whatever its state.
pub async fn try_out(app: &App, id: Id, tried: &TryPlannedEvent) -> Result<TriedEvent> {
    let planned = one(app, id).await?;
    let event = match segment::read_one(&tried.body, app.store.now()) {
        Ok(event) => event,
        Err((fault, field)) => {
            let field = field.map(str::to_owned);
            return Ok(TriedEvent { fault: Some(fault), field, violations: Vec::new() });
        }
    };
    let is_it = rules::planned_kind(event.kind) == Some(planned.kind)
        && planned.name.as_ref().is_none_or(|name| *name == event.name);
    if !is_it {
        let other = PlanViolation {
            expected: planned.name.or(Some(planned.kind.to_string())),
            ..rules::of_event(BreachReason::NotPlanned)
        };
        return Ok(TriedEvent { fault: None, field: None, violations: vec![other] });
    }
    let properties: Map<String, Value> = serde_json::from_str(&event.properties).unwrap_or_default();
    let verdict = rules::judge(planned.kind, &planned.definition, &properties);
    Ok(TriedEvent { fault: None, field: None, violations: verdict.violations })
}
