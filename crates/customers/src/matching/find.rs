//! Looking for duplicates: everybody is read once, pairs that share something are compared, and each pair is joined, shown
//! to somebody or left alone.

use std::collections::BTreeSet;

use http_kit::App;
use kernel::{Caller, Id, Labelled, Result};
use record_linkage::{Blocked, Model, Options, Prepared, Record, Scored};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use store::{Audit, Store, args};

use super::rules::{Thresholds, Verdict, agreements, thresholds};
use super::sql::Person;
use super::{CandidateRule, CandidateState, FieldWeights, LevelWeight, MatchCandidate, MatchStanding, sql};
use crate::merge::{self, Decision};
use crate::node::{self, MatchRule};
use crate::profile;

/// People in one question to the database.
const CHUNK: u32 = 10_000;
/// Most people that are looked at in one go: more do not fit the memory that a search may take.
const PEOPLE_MAX: usize = 5_000_000;
/// Most pairs that are joined, and most that are shown, by one search: the next one goes on.
const FOUND_MAX: usize = 20_000;
/// What told it, as merges and edges name it.
const SOURCE: &str = "match";

/// The standing as it is stored.
#[derive(Debug, Deserialize)]
pub struct Stored {
    /// What was learned and found.
    pub standing: MatchStanding,
}

/// Everybody, ready to be compared.
struct People {
    ids: Vec<Id>,
    prepared: Vec<Prepared>,
}

/// A pair that is more than chance.
struct Found {
    one: Id,
    other: Id,
    scored: Scored,
    verdict: Verdict,
}

/// What a search came to, before anything is stored.
struct Search {
    blocked: Blocked,
    model: Model,
    learned: bool,
    found: Vec<Found>,
}

/// Looks for duplicates among everybody, joins what is beyond doubt and shows the rest to somebody.
pub async fn find(app: &App) -> Result<MatchStanding> {
    let thresholds = thresholds(&app.store).await?;
    let people = read(&app.store).await?;
    let search = store::aside(|| search(&people, thresholds));
    let different: Vec<(Id, Id)> = app.store.all(sql::DIFFERENT, args![]).await?;
    let different: BTreeSet<(Id, Id)> = different.into_iter().flat_map(|(a, b)| [(a, b), (b, a)]).collect();
    let found: Vec<&Found> =
        search.found.iter().filter(|pair| !different.contains(&(pair.one, pair.other))).collect();
    let mut merged = 0;
    for pair in found.iter().filter(|pair| pair.verdict == Verdict::Join).take(FOUND_MAX) {
        merged += i64::from(join(&app.store, pair).await?);
    }
    let standing = MatchStanding {
        trained_at: Some(app.store.now()),
        records: count(people.ids.len()),
        pairs_compared: count(search.blocked.pairs.len()),
        merged_by_rule: merged,
        learned: search.learned,
        skipped_blocks: count(search.blocked.skipped_blocks.len()),
        fields: weights(&search.model),
        ..MatchStanding::default()
    };
    let asked: Vec<&&Found> =
        found.iter().filter(|pair| pair.verdict == Verdict::Ask).take(FOUND_MAX).collect();
    keep(&app.store, &standing, &asked).await?;
    Ok(standing)
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

async fn read(store: &Store) -> Result<People> {
    let mut people = People { ids: Vec::new(), prepared: Vec::new() };
    loop {
        let chunk: Vec<Person> = store.list(sql::people(people.ids.last().copied(), CHUNK)).await?;
        let is_last = chunk.len() < CHUNK as usize;
        for person in chunk {
            people.ids.push(person.id);
            people.prepared.push(Prepared::new(&record(person)));
        }
        if is_last || people.ids.len() >= PEOPLE_MAX {
            return Ok(people);
        }
    }
}

fn record(person: Person) -> Record {
    let told = |names: &[&str]| {
        names.iter().find_map(|name| person.attributes.get(*name).and_then(Json::as_str).map(str::to_owned))
    };
    Record {
        born: told(&["born", "birthday", "birth_date"]),
        postcode: told(&["postcode", "zip"]),
        name: person.name,
        given_name: person.given_name,
        email: person.email,
        mobile: person.mobile,
        address: person.address,
        district: person.district,
        city: person.city,
        number: None,
    }
}

/// Everything that takes time and no database.
fn search(people: &People, thresholds: Thresholds) -> Search {
    let options = Options::default();
    let blocked = record_linkage::block(&people.prepared, &options);
    let learned = Model::learn(&people.prepared, &blocked.pairs, &options);
    let is_learned = learned.is_ok();
    let model = learned.unwrap_or_else(|_| Model::usual());
    let mut found: Vec<Found> = blocked
        .pairs
        .iter()
        .filter_map(|(left, right)| {
            let (left, right) = (*left as usize, *right as usize);
            let scored = model.score(&people.prepared[left], &people.prepared[right]);
            let verdict = thresholds.verdict(&scored);
            let (one, other) = (people.ids[left], people.ids[right]);
            (verdict != Verdict::Leave).then_some(Found {
                one: one.min(other),
                other: one.max(other),
                scored,
                verdict,
            })
        })
        .collect();
    found.sort_by(|one, other| {
        other
            .scored
            .weight
            .total_cmp(&one.scored.weight)
            .then((one.one, one.other).cmp(&(other.one, other.other)))
    });
    Search { blocked, model, learned: is_learned, found }
}

/// Joins a pair in a transaction of its own; false where they are one already, or may not be joined.
async fn join(store: &Store, pair: &Found) -> Result<bool> {
    let mut tx = store.begin(&Caller::system(SOURCE)).await?;
    node::lock(&mut tx).await?;
    let one = profile::load_in(&mut tx, pair.one).await?;
    let other = profile::load_in(&mut tx, pair.other).await?;
    if one.id == other.id
        || node::different(&mut tx, &[one.id, other.id]).await?.contains(&(one.id, other.id))
    {
        return Ok(false);
    }
    let decision = Decision {
        rule: MatchRule::FellegiSunter,
        source: SOURCE,
        score: pair.scored.probability,
        reason: None,
    };
    match merge::merge_in(&mut tx, &one, &other, decision).await {
        Ok(_) => tx.commit().await.map(|_| true),
        Err(problem) if problem.code == "customers.merge.too_many_identifiers" => Ok(false),
        Err(problem) => Err(problem),
    }
}

async fn keep(store: &Store, standing: &MatchStanding, asked: &[&&Found]) -> Result<()> {
    let mut tx = store.begin(&Caller::system(SOURCE)).await?;
    let now = tx.now();
    let row = |pair: &&&Found| {
        args![
            Id::new(),
            pair.one,
            pair.other,
            CandidateRule::FellegiSunter.as_str(),
            pair.scored.probability,
            pair.scored.weight,
            store::json(&agreements(&pair.scored)),
            CandidateState::Open.as_str(),
            now,
            1,
        ]
    };
    tx.insert_many(sql::INSERT, asked.iter().map(row).collect(), sql::FIND_AGAIN).await?;
    tx.exec(sql::STORE_STANDING, args![sql::MODEL, now, store::json(standing)]).await?;
    let audit = Audit::without_row("find", MatchCandidate::NOUN)
        .covering(asked.len() as u64)
        .with(json!({ "records": standing.records, "merged": standing.merged_by_rule }));
    tx.audit(audit).await?;
    tx.commit().await.map(drop)
}

fn weights(model: &Model) -> Vec<FieldWeights> {
    let level = |level: &record_linkage::LevelWeight| LevelWeight {
        level: i64::from(level.level),
        m: level.m,
        u: level.u,
        weight: level.weight,
    };
    let field = |weights: &record_linkage::FieldWeights| FieldWeights {
        field: weights.field.as_str().to_owned(),
        levels: weights.levels.iter().map(level).collect(),
    };
    model.weights().iter().map(field).collect()
}
