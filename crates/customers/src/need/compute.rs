//! Finding needs anew: what was typed is grouped and held against the catalogue, and what was bought is counted by pairs.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use http_kit::App;
use kernel::{Caller, DAY_MS, Id, Labelled, Result, Timestamp};
use serde_json::json;
use store::{Audit, Store, Value, args};

use super::answered::Wanted;
use super::basket::{Basket, Least, Pair, pairs};
use super::gather::{Period, Typed, gather};
use super::sql::{Line, Named, Product};
use super::{NeedCause, NeedKind, NeedRun, cluster, rules, sql};

/// Policy parameter: days that a period has.
const PERIOD_DAYS: &str = "need.period_days";
/// Policy parameter: days of orders that pairs are counted in.
const BASKET_DAYS: &str = "need.basket_days";
/// Policy parameter: people who must have searched for something, or bought two things together.
pub(super) const PEOPLE_MIN: &str = "need.people_min";
/// Texts of feedback that must be about the same.
const FEEDBACK_MIN: i64 = 2;
/// Baskets that must hold both products.
const BASKETS_MIN: i64 = 5;
/// Share of all baskets that must hold both.
const SUPPORT_MIN: f64 = 0.001;
/// How many times as often as by chance two products must be bought together.
const LIFT_MIN: f64 = 1.2;
/// Pairs that are kept.
const PAIRS_MAX: usize = 200;
/// Lines that are held in memory: four bytes each, and as much again for what is counted.
const LINES_MAX: usize = 20_000_000;
/// Products in one question to the database.
const CHUNK: i64 = 5_000;
/// Examples that a cluster shows.
const EXAMPLES_MAX: usize = 8;
/// Runs that are kept: those of a quarter.
const RUNS_KEPT: i64 = 13;
/// Who computes, as the audit log names it; also what no two computations hold at once.
const NAME: &str = "customers.need";

/// Cluster as it is found.
struct Found {
    kind: NeedKind,
    words: Vec<String>,
    examples: Vec<String>,
    texts: i64,
    count: i64,
    people: i64,
    previous: i64,
    unanswered: i64,
}

/// Finds needs anew.
pub async fn recompute(app: &App, cause: NeedCause) -> Result<NeedRun> {
    let store = &app.store;
    let days = rulebook::parameter::get(store, PERIOD_DAYS).await?.days()?;
    let basket_days = rulebook::parameter::get(store, BASKET_DAYS).await?.days()?;
    let people_min = rulebook::parameter::get(store, PEOPLE_MIN).await?.integer()?;
    let now = store.now();
    let period = Period { before: now.plus_days(-2 * days), from: now.plus_days(-days), until: now };
    let typed = gather(app, period).await?;
    let (terms, unanswered) = held(store, &typed.searches).await?;
    let mut found = store::aside(|| grouped(NeedKind::Search, &terms, &unanswered, people_min));
    let said = most(&typed.feedback);
    found.extend(store::aside(|| grouped(NeedKind::Feedback, &said, &vec![false; said.len()], 1)));
    let latest: Option<Timestamp> = store.get(sql::LATEST_ORDER, args![now]).await?;
    let (baskets, products) = match latest {
        Some(until) => read_baskets(store, until.plus_days(-basket_days), until).await?,
        None => (Vec::new(), Vec::new()),
    };
    let least = Least {
        baskets: BASKETS_MIN,
        support: SUPPORT_MIN,
        lift: LIFT_MIN,
        people: people_min,
        pairs: PAIRS_MAX,
    };
    let pairs = store::aside(|| pairs(&baskets, least));
    let run = NeedRun {
        id: Id::new(),
        cause,
        happened_at: now,
        period_from: period.from,
        period_until: period.until,
        baskets_from: latest.map(|until| until.plus_days(-basket_days)),
        baskets_until: latest,
        searches: typed.read.0,
        terms: typed.searches.values().filter(|typed| typed.count > 0).count() as i64,
        feedback: typed.read.1,
        baskets: baskets.len() as i64,
        clusters: found.len() as i64,
        unmet: found.iter().filter(|one| rules::is_unmet(one.count, one.unanswered)).count() as i64,
        patterns: pairs.len() as i64,
    };
    keep(app, &run, &found, &pairs, &products).await?;
    Ok(run)
}

/// Text with who said it how often.
type Text<'t> = (&'t str, &'t Typed);

/// Returns the texts that are compared: those that were said most.
fn most(typed: &BTreeMap<String, Typed>) -> Vec<Text<'_>> {
    let mut texts: Vec<Text<'_>> = typed.iter().map(|(text, typed)| (text.as_str(), typed)).collect();
    texts.sort_by(|one, other| {
        let said = |typed: &Typed| typed.count + typed.previous;
        said(other.1).cmp(&said(one.1)).then_with(|| one.0.cmp(other.0))
    });
    texts.truncate(cluster::TEXTS_MAX);
    texts
}

/// Holds terms against the catalogue.
async fn held<'t>(
    store: &Store,
    searches: &'t BTreeMap<String, Typed>,
) -> Result<(Vec<Text<'t>>, Vec<bool>)> {
    let terms = most(searches);
    let mut wanted = Wanted::new(&terms.iter().map(|(text, _)| *text).collect::<Vec<_>>());
    let mut after = None;
    loop {
        let products: Vec<Product> = store.list(sql::products(after, CHUNK)).await?;
        for product in &products {
            let said = [&product.search_text, &product.category, &product.department, &product.product_type];
            let said: Vec<&str> = said.into_iter().flatten().map(String::as_str).collect();
            wanted.hold(&said.join(" "));
        }
        match products.last() {
            Some(last) if products.len() as i64 == CHUNK => after = Some(last.id),
            _ => return Ok((terms, wanted.unanswered())),
        }
    }
}

fn grouped(kind: NeedKind, texts: &[Text<'_>], unanswered: &[bool], people_min: i64) -> Vec<Found> {
    let said: Vec<&str> = texts.iter().map(|(text, _)| *text).collect();
    let mut found = Vec::new();
    for places in cluster::group(&said, cluster::ALIKE) {
        let of = |place: &usize| texts[*place];
        let count: i64 = places.iter().map(|place| of(place).1.count).sum();
        let people: BTreeSet<Id> =
            places.iter().flat_map(|place| of(place).1.people.iter().copied()).collect();
        let people = people.len() as i64;
        let enough = if kind == NeedKind::Feedback { count >= FEEDBACK_MIN } else { count > 0 };
        if people < people_min || !enough {
            continue;
        }
        let mut now: Vec<Text<'_>> = places.iter().map(of).filter(|(_, typed)| typed.count > 0).collect();
        now.sort_by(|one, other| other.1.count.cmp(&one.1.count).then_with(|| one.0.cmp(other.0)));
        let weighed: Vec<(&str, i64)> = now.iter().map(|(text, typed)| (*text, typed.count)).collect();
        found.push(Found {
            kind,
            words: cluster::names(&weighed),
            examples: now.iter().take(EXAMPLES_MAX).map(|(_, typed)| typed.example.clone()).collect(),
            texts: now.len() as i64,
            count,
            people,
            previous: places.iter().map(|place| of(place).1.previous).sum(),
            unanswered: places
                .iter()
                .filter(|place| unanswered[**place])
                .map(|place| of(place).1.count)
                .sum(),
        });
    }
    found
}

/// Reads baskets day by day; products are numbered as they come, and the ids stand in the order of their numbers.
async fn read_baskets(store: &Store, from: Timestamp, until: Timestamp) -> Result<(Vec<Basket>, Vec<Id>)> {
    let hidden: HashSet<Id> = store.all(sql::HIDDEN_NODES, args![]).await?.into_iter().collect();
    let owners: HashMap<Id, Id> = store.all(sql::OWNERS, args![]).await?.into_iter().collect();
    let (mut numbers, mut people): (HashMap<Id, u32>, HashMap<Id, u32>) = (HashMap::new(), HashMap::new());
    let (mut baskets, mut lines_read, mut at) = (Vec::new(), 0, from);
    while at < until && lines_read < LINES_MAX {
        let end = at.plus_ms(DAY_MS).min(until);
        let lines: Vec<Line> = store.all(sql::LINES, args![at, end]).await?;
        lines_read += lines.len();
        for of_order in lines.chunk_by(|one, other| one.order_id == other.order_id) {
            let node = of_order[0].customer_node_id;
            if node.is_some_and(|node| hidden.contains(&node)) {
                continue;
            }
            let person = node.map(|node| owners.get(&node).copied().unwrap_or(node));
            let next = people.len() as u32;
            let person = person.map(|person| *people.entry(person).or_insert(next));
            let mut products: Vec<u32> = Vec::with_capacity(of_order.len());
            for line in of_order {
                let next = numbers.len() as u32;
                products.push(*numbers.entry(line.product_id).or_insert(next));
            }
            products.sort_unstable();
            products.dedup();
            baskets.push(Basket { person, products });
        }
        at = end;
    }
    let mut products: Vec<(u32, Id)> = numbers.into_iter().map(|(id, number)| (number, id)).collect();
    products.sort_unstable();
    Ok((baskets, products.into_iter().map(|(_, id)| id).collect()))
}

async fn keep(app: &App, run: &NeedRun, found: &[Found], pairs: &[Pair], products: &[Id]) -> Result<()> {
    let id_of = |number: u32| products[number as usize];
    let mut wanted: Vec<Id> = pairs.iter().flat_map(|pair| [id_of(pair.first), id_of(pair.second)]).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let named: Vec<Named> = match wanted.is_empty() {
        true => Vec::new(),
        false => app.store.list(sql::named(&wanted)).await?,
    };
    let named: HashMap<Id, Named> = named.into_iter().map(|product| (product.id, product)).collect();
    let mut tx = app.store.begin(&Caller::system(NAME)).await?;
    tx.lock(NAME, Id::from_digest([0; 16])).await?;
    tx.exec_one(sql::INSERT_RUN, run_row(run)).await?;
    let rows = found.iter().map(|one| cluster_row(run.id, one)).collect();
    tx.insert_many(sql::INSERT_CLUSTERS, rows, "").await?;
    let rows = pairs.iter().map(|pair| pattern_row(run.id, pair, products, &named)).collect();
    tx.insert_many(sql::INSERT_PATTERNS, rows, "").await?;
    let old: Vec<Id> = tx.all(sql::OLD_RUNS, args![RUNS_KEPT]).await?;
    for id in old {
        for text in [sql::DROP_CLUSTERS, sql::DROP_PATTERNS, sql::DROP_RUN] {
            tx.exec(text, args![id]).await?;
        }
    }
    let facts = json!({ "cause": run.cause, "clusters": run.clusters, "patterns": run.patterns });
    let audit = Audit::new("recompute", NeedRun::NOUN, run.id)
        .with(facts)
        .covering((run.clusters + run.patterns) as u64);
    tx.audit(audit).await?;
    tx.commit().await.map(drop)
}

fn run_row(run: &NeedRun) -> Vec<Value> {
    args![
        run.id,
        run.cause.as_str(),
        run.happened_at,
        run.period_from,
        run.period_until,
        run.baskets_from,
        run.baskets_until,
        run.searches,
        run.terms,
        run.feedback,
        run.baskets,
        run.clusters,
        run.unmet,
        run.patterns,
    ]
}

fn cluster_row(run: Id, one: &Found) -> Vec<Value> {
    args![
        Id::new(),
        run,
        one.kind.as_str(),
        store::json(&one.words),
        store::json(&one.examples),
        one.texts,
        one.count,
        one.people,
        one.previous,
        rules::trend(one.count, one.previous).as_str(),
        one.unanswered,
        rules::is_unmet(one.count, one.unanswered),
    ]
}

fn pattern_row(run: Id, pair: &Pair, products: &[Id], named: &HashMap<Id, Named>) -> Vec<Value> {
    let (first, second) = (products[pair.first as usize], products[pair.second as usize]);
    let name = |id: &Id| named.get(id).and_then(|product| product.name.clone());
    let category = |id: &Id| named.get(id).and_then(|product| product.category.clone());
    args![
        Id::new(),
        run,
        first,
        name(&first),
        category(&first),
        pair.first_baskets,
        second,
        name(&second),
        category(&second),
        pair.second_baskets,
        pair.baskets,
        pair.people,
        pair.support,
        pair.confidence,
        pair.reverse_confidence,
        pair.lift,
    ]
}
