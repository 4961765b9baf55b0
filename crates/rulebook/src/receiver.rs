//! Receiver (对象): turns "whoever holds this role, the manager of that person" into people of this moment.

use http_kit::App;
use kernel::{Id, Problem, Result};
use serde_json::{Map, Value as Json};
use store::Tx;

use crate::machine::ReceiverSpec;

/// Returns the active people who are meant, each once, in the order of the specs.
///
/// `when` is judged by whoever knows the kinds of the facts, before this is asked.
pub async fn resolve(
    tx: &mut Tx,
    app: &App,
    specs: &[ReceiverSpec],
    facts: &Map<String, Json>,
) -> Result<Vec<Id>> {
    let mut found: Vec<Id> = Vec::new();
    for spec in specs {
        for id in one(tx, app, spec, facts).await? {
            if !found.contains(&id) {
                found.push(id);
            }
        }
    }
    let people = app.people.get()?.people(tx, &found).await?;
    found.retain(|id| people.iter().any(|person| person.id == *id && person.active));
    Ok(found)
}

async fn one(tx: &mut Tx, app: &App, spec: &ReceiverSpec, facts: &Map<String, Json>) -> Result<Vec<Id>> {
    let people = app.people.get()?;
    let (brand, department) = (id_in(facts, "brand_id"), id_in(facts, "department_id"));
    if let Some(field) = &spec.field {
        return Ok(id_in(facts, field).into_iter().collect());
    }
    if let Some((table, column)) = spec.rows.as_ref().and_then(|rows| rows.split_once('.')) {
        let rows = facts.get(table).and_then(Json::as_array).into_iter().flatten();
        return Ok(rows.filter_map(|row| row.get(column)?.as_str()?.parse().ok()).collect());
    }
    if let Some(user) = &spec.user {
        let id = user.parse().map_err(|_| Problem::internal(format!("{user} is no id of a user")))?;
        return Ok(vec![id]);
    }
    if let Some(field) = &spec.manager_of {
        let ids: Vec<Id> = id_in(facts, field).into_iter().collect();
        let named = people.people(tx, &ids).await?;
        return Ok(named.iter().filter_map(|person| person.manager_id).collect());
    }
    if let Some(field) = &spec.head_of {
        let unit = id_in(facts, field);
        let units = people.units(tx).await?;
        return Ok(units.iter().filter(|u| Some(u.id) == unit).filter_map(|u| u.head_id).collect());
    }
    if let Some(role) = &spec.role {
        return people.holders_of_role(tx, role, department).await;
    }
    match &spec.permission {
        Some(permission) => people.holders_of_permission(tx, permission, brand, department).await,
        None => Ok(Vec::new()),
    }
}

fn id_in(facts: &Map<String, Json>, name: &str) -> Option<Id> {
    facts.get(name)?.as_str()?.parse().ok()
}
