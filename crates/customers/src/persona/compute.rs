//! Finding groups anew: everybody with scores is read, compared, and each group keeps the id that it had before.

use std::collections::BTreeMap;

use customer_value::{Personas, group};
use http_kit::App;
use kernel::{Caller, Id, Labelled, Problem, Result};
use serde_json::json;
use store::{Audit, Store, Tx, Value, args};

use super::sql::{Person, Spent};
use super::{PersonaFeature, PersonaSet, PersonaState, TriedCount, rules, service, sql};

/// People in one question to the database.
const CHUNK: usize = 5_000;
/// Most people that are grouped: more do not fit the memory that this may take.
const PEOPLE_MAX: usize = 1_000_000;
/// Who computes, as the audit log names it; also what no two computations hold at once.
const NAME: &str = "customers.persona";

/// Finds the groups of every set in use anew; returns how many sets.
pub async fn recompute_all(app: &App) -> Result<usize> {
    let sets: Vec<Id> = app.store.all(sql::IN_USE, args![]).await?;
    for set in &sets {
        recompute(app, *set).await?;
    }
    Ok(sets.len())
}

/// Finds the groups of one set anew.
pub async fn recompute(app: &App, id: Id) -> Result<()> {
    let set = service::load(&app.store, id).await?;
    if set.archived_at.is_some() {
        return Ok(());
    }
    let (people, spent) = read(&app.store, &set).await?;
    let now = app.store.now();
    let found = store::aside(|| {
        let features = rules::features(&set.features, &people, &spent, now);
        group(&features, rules::wanted(set.group_count))
    });
    let mut tx = app.store.begin(&Caller::system(NAME)).await?;
    tx.lock(NAME, id).await?;
    match found {
        Ok(found) => keep(&mut tx, &set, &people, &found).await?,
        Err(_) => {
            tx.exec(sql::DROP_MEMBERS, args![id]).await?;
            tx.exec_query(sql::drop_others(id, &[])).await?;
            let state = PersonaState::TooLittleData.as_str();
            let none = None::<f64>;
            tx.exec_one(sql::STORE_RESULT, args![id, state, now, people.len() as i64, none, none, "[]"])
                .await?;
        }
    }
    let audit = Audit::new("recompute", PersonaSet::NOUN, id)
        .within(set.brand_id, set.department_id)
        .with(json!({ "people": people.len() }))
        .covering(people.len() as u64);
    tx.audit(audit).await?;
    tx.commit().await.map(drop)
}

async fn read(store: &Store, set: &PersonaSet) -> Result<(Vec<Person>, Vec<Spent>)> {
    let with_departments = set.features.contains(&PersonaFeature::Department);
    let (mut people, mut spent): (Vec<Person>, Vec<Spent>) = (Vec::new(), Vec::new());
    loop {
        let after = people.last().map(|person| person.id);
        let chunk: Vec<Person> =
            store.list(sql::people(set.brand_id, set.department_id, after, CHUNK)).await?;
        if let (true, Some(first), Some(last)) = (with_departments, chunk.first(), chunk.last()) {
            spent.extend(store.list::<Spent>(sql::spent(first.id, last.id)).await?);
        }
        let is_last = chunk.len() < CHUNK;
        people.extend(chunk);
        if is_last || people.len() >= PEOPLE_MAX {
            return Ok((people, spent));
        }
    }
}

async fn keep(tx: &mut Tx, set: &PersonaSet, people: &[Person], found: &Personas) -> Result<()> {
    let before: Vec<(Id, Id)> = tx.all(sql::MEMBERS, args![set.id]).await?;
    let before: BTreeMap<Id, Id> = before.into_iter().collect();
    let same = rules::same_as_before(&before, people, found);
    let ids: Vec<Id> = same.into_iter().map(|id| id.unwrap_or_else(Id::new)).collect();
    tx.exec(sql::DROP_MEMBERS, args![set.id]).await?;
    tx.exec_query(sql::drop_others(set.id, &ids)).await?;
    let rows = found.groups.iter().zip(&ids).enumerate().map(|(place, (group, id))| {
        let share = group.size as f64 / people.len() as f64;
        let traits = store::json(&rules::traits(&group.traits));
        args![*id, set.id, place as i64 + 1, None::<String>, group.size as i64, share, traits]
    });
    tx.insert_many(sql::INSERT_PERSONA, rows.collect(), sql::KEEP_NAME).await?;
    let member = |(person, group): (&Person, &usize)| {
        let persona = ids.get(*group).ok_or_else(|| Problem::internal("a person is in no group"))?;
        Ok(args![set.id, person.id, *persona])
    };
    let members: Vec<Vec<Value>> = people.iter().zip(&found.of).map(member).collect::<Result<_>>()?;
    tx.insert_many(sql::INSERT_MEMBER, members, "").await?;
    let tried: Vec<TriedCount> = found
        .tried
        .iter()
        .map(|(count, silhouette)| TriedCount { group_count: *count as i64, silhouette: *silhouette })
        .collect();
    let (state, now) = (PersonaState::Usable.as_str(), tx.now());
    let people = people.len() as i64;
    let row = args![set.id, state, now, people, found.silhouette, found.stability, store::json(&tried)];
    tx.exec_one(sql::STORE_RESULT, row).await
}
