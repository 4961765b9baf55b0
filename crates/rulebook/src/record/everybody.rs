//! What each of some people gets one of (逐人开启), such as the acknowledgement of a rule: those who are there when a record
//! gets there, and those who join before it has ended.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use http_kit::App;
use kernel::{Caller, Id, Result};
use serde_json::{Map, Value as Json};
use store::{Tx, args};

use super::effects::{filled, said_of};
use super::write::{Draft, Row, make};
use super::{names, service, sql};
use crate::machine::{EffectSpec, EverybodySpec, TransitionSpec};
use crate::record_type::RecordType;
use crate::{Rulebook, acknowledgement};

/// Stands among the people for "this was begun": without it nobody joins.
const BEGUN: &str = "";

/// What each of some people gets one of.
#[derive(Clone, Copy)]
pub struct Each<'e> {
    pub action: &'e str,
    pub record: &'e str,
    pub values: &'e BTreeMap<String, Json>,
    pub whom: &'e EverybodySpec,
}

impl Each<'_> {
    /// Returns what this is known by among all that a record brings about.
    fn key(&self) -> String {
        let whom = match self.whom {
            EverybodySpec::All => "all",
            EverybodySpec::Department(name) | EverybodySpec::Holders(name) => name,
        };
        format!("{}/{}/{whom}", self.action, self.record)
    }
}

/// Makes one for everybody who is there now, and lets those who join get theirs.
pub async fn begin(
    tx: &mut Tx,
    app: &App,
    row: &Row,
    facts: &Map<String, Json>,
    each: &Each<'_>,
) -> Result<usize> {
    tx.exec(sql::TAKE_EACH, args![row.id, each.key(), BEGUN, tx.now()]).await?;
    open(tx, app, row, facts, each).await
}

/// Makes one for everybody who has none yet.
async fn open(
    tx: &mut Tx,
    app: &App,
    row: &Row,
    facts: &Map<String, Json>,
    each: &Each<'_>,
) -> Result<usize> {
    let record_type = names::record_type(app, each.record)?;
    let key = each.key();
    let known: Vec<String> = tx.all(sql::EACH, args![row.id, &key]).await?;
    let known: BTreeSet<String> = known.into_iter().collect();
    let mut opened = 0;
    for person in people(tx, app, facts, each.whom).await? {
        if known.contains(&person.to_string()) {
            continue;
        }
        let now = tx.now();
        tx.exec(sql::TAKE_EACH, args![row.id, &key, person.to_string(), now]).await?;
        let words = said_of(app, facts, Some(row.id), Some(person), now);
        let draft = Draft {
            values: filled(&record_type, each.values, &words),
            owner_id: Some(person),
            department_id: row.department_id,
            brand_id: row.brand_id,
            reason: Some(row.number.clone()),
        };
        Box::pin(make(tx, app, &Caller::system("rulebook"), &record_type, draft)).await?;
        opened += 1;
    }
    Ok(opened)
}

async fn people(tx: &mut Tx, app: &App, facts: &Map<String, Json>, whom: &EverybodySpec) -> Result<Vec<Id>> {
    let port = app.people.get()?;
    let name = match whom {
        EverybodySpec::All => return port.staff(tx, None).await,
        EverybodySpec::Holders(name) => {
            let document = facts.get(name).and_then(Json::as_str).unwrap_or_default();
            return acknowledgement::bound_people(tx, app, document).await;
        }
        EverybodySpec::Department(name) => name,
    };
    let named = facts.get(name).and_then(Json::as_str).and_then(|id| id.parse::<Id>().ok());
    let department = match named {
        Some(id) => Some(id),
        None => port.units(tx).await?.into_iter().find(|unit| unit.code == *name).map(|unit| unit.id),
    };
    match department {
        Some(id) => port.staff(tx, Some(id)).await,
        None => Ok(Vec::new()),
    }
}

/// Gives those who joined what everybody has; returns how many records were made.
pub async fn newcomers(app: &App) -> Result<usize> {
    if app.people.get().is_err() {
        return Ok(0);
    }
    let book = app.part::<Rulebook>()?.snapshot();
    let mut opened = 0;
    for record_type in book.record_types() {
        let machines = record_type.spec.machines.iter().filter_map(|choice| book.machine(&choice.machine));
        for machine in machines {
            for transition in &machine.spec.transitions {
                opened += of_transition(app, record_type, transition).await?;
            }
        }
    }
    Ok(opened)
}

async fn of_transition(
    app: &App,
    record_type: &Arc<RecordType>,
    transition: &TransitionSpec,
) -> Result<usize> {
    let mut opened = 0;
    for effect in &transition.effects {
        let EffectSpec::Create { record, values, for_each_person: Some(whom), .. } = effect else { continue };
        let each = Each { action: &transition.action, record, values, whom };
        let ids: Vec<Id> = app.store.all(sql::BEGUN, args![&record_type.spec.id, each.key()]).await?;
        for id in ids {
            let mut tx = app.store.begin(&Caller::system("newcomers")).await?;
            tx.lock(record_type.noun, id).await?;
            let row: Row = tx.get(sql::FIND, args![id]).await?;
            if row.ended {
                continue;
            }
            let facts = service::facts_of(app, record_type, &row);
            let count = open(&mut tx, app, &row, &facts, &each).await?;
            if count > 0 {
                tx.commit().await?;
            }
            opened += count;
        }
    }
    Ok(opened)
}
