use std::collections::BTreeMap;

use http_kit::App;
use kernel::{Caller, Id, Page, PageQuery, Problem, Result, Timestamp};
use serde_json::{Value as Json, json};
use store::args;

use super::{
    BasketPattern, NeedCluster, NeedFilter, NeedKind, NeedRequest, NeedRun, NeedStanding, NewInsightOfNeed,
    compute, jobs, sql,
};
use crate::insight::{self, InsightDetail, InsightEvidence, InsightKind, NewInsight};
use crate::permissions::{INSIGHT_EDIT, NEED_READ};

/// Words that a title names.
const WORDS_IN_TITLE: usize = 3;

/// Returns clusters of a run, the most people first.
pub async fn list(
    app: &App,
    caller: &Caller,
    page: &PageQuery,
    filter: &NeedFilter,
) -> Result<Page<NeedCluster>> {
    caller.require(NEED_READ)?;
    let size = page.size()?;
    let Some(run) = run_of(app, filter.run_id).await? else { return Ok(Page::whole(Vec::new())) };
    let mut query = sql::clusters();
    query.and("c.run_id =", run).and_some("c.kind =", filter.kind.map(NeedKind::as_str));
    query.and_some("c.trend =", filter.trend.map(super::NeedTrend::as_str));
    query.and_some("c.unmet =", filter.unmet);
    if let Some((people, id)) = page.after::<(i64, Id)>()? {
        query.push(" AND (c.people, c.id) < (").bind(people).push(", ").bind(id).push(")");
    }
    query.push(" ORDER BY c.people DESC, c.id DESC").limit_overfull(size);
    let rows = app.store.list(query).await?;
    Ok(Page::from_overfull(rows, size, |row: &NeedCluster| (row.people, row.id)))
}

async fn run_of(app: &App, wanted: Option<Id>) -> Result<Option<Id>> {
    match wanted {
        Some(run) => Ok(Some(run)),
        None => app.store.find(sql::LATEST_RUN, args![]).await,
    }
}

/// Returns one cluster.
pub async fn get(app: &App, caller: &Caller, id: Id) -> Result<NeedCluster> {
    caller.require(NEED_READ)?;
    let mut query = sql::clusters();
    query.and("c.id =", id);
    app.store.list(query).await?.pop().ok_or_else(|| Problem::not_found("access.not_found"))
}

/// Returns pairs of products of the latest run, the highest lift first.
pub async fn baskets(app: &App, caller: &Caller, page: &PageQuery) -> Result<Page<BasketPattern>> {
    caller.require(NEED_READ)?;
    let size = page.size()?;
    let Some(run) = run_of(app, None).await? else { return Ok(Page::whole(Vec::new())) };
    let mut query = sql::patterns();
    query.and("b.run_id =", run);
    if let Some((lift, id)) = page.after::<(f64, Id)>()? {
        query.push(" AND (b.lift, b.id) < (").bind(lift).push(", ").bind(id).push(")");
    }
    query.push(" ORDER BY b.lift DESC, b.id DESC").limit_overfull(size);
    let rows = app.store.list(query).await?;
    Ok(Page::from_overfull(rows, size, |row: &BasketPattern| (row.lift, row.id)))
}

/// Returns one pair of products.
pub async fn basket(app: &App, caller: &Caller, id: Id) -> Result<BasketPattern> {
    caller.require(NEED_READ)?;
    let mut query = sql::patterns();
    query.and("b.id =", id);
    app.store.list(query).await?.pop().ok_or_else(|| Problem::not_found("access.not_found"))
}

/// Returns runs, newest first.
pub async fn runs(app: &App, caller: &Caller, page: &PageQuery) -> Result<Page<NeedRun>> {
    caller.require(NEED_READ)?;
    let size = page.size()?;
    let mut query = sql::runs();
    if let Some((at, id)) = page.after::<(Timestamp, Id)>()? {
        query.push(" AND (r.happened_at, r.id) < (").bind(at).push(", ").bind(id).push(")");
    }
    query.push(" ORDER BY r.happened_at DESC, r.id DESC").limit_overfull(size);
    let rows = app.store.list(query).await?;
    Ok(Page::from_overfull(rows, size, |row: &NeedRun| (row.happened_at, row.id)))
}

/// Returns how needs stand.
pub async fn standing(app: &App, caller: &Caller) -> Result<NeedStanding> {
    let latest = runs(app, caller, &PageQuery { page_size: Some(1), cursor: None }).await?.items.pop();
    let people_min = rulebook::parameter::get(&app.store, compute::PEOPLE_MIN).await?.integer()?;
    Ok(NeedStanding { run: latest, people_min })
}

/// Asks for needs to be computed soon.
pub async fn request(app: &App, caller: &Caller) -> Result<NeedRequest> {
    caller.require(NEED_READ)?;
    jobs::ask(app, caller).await
}

/// Says what an insight came from, as it is now: runs go after a quarter.
pub(crate) fn evidence_of_need(cluster: &NeedCluster) -> InsightEvidence {
    InsightEvidence::Need {
        cluster_id: cluster.id,
        words: cluster.words.clone(),
        count: cluster.count,
        people: cluster.people,
        computed_at: Some(cluster.computed_at),
    }
}

/// Says what an insight came from, as it is now.
pub(crate) fn evidence_of_basket(pattern: &BasketPattern) -> InsightEvidence {
    InsightEvidence::Basket {
        pattern_id: pattern.id,
        products: vec![pattern.first_product_id, pattern.second_product_id],
        names: names(pattern).to_vec(),
        baskets: pattern.baskets,
        lift: pattern.lift,
        computed_at: Some(pattern.computed_at),
    }
}

fn names(pattern: &BasketPattern) -> [String; 2] {
    let name = |name: &Option<String>, id: Id| name.clone().unwrap_or_else(|| id.to_string());
    [
        name(&pattern.first_name, pattern.first_product_id),
        name(&pattern.second_name, pattern.second_product_id),
    ]
}

/// Makes a draft of an insight of a cluster.
pub async fn insight_of_need(
    app: &App,
    caller: &Caller,
    id: Id,
    new: &NewInsightOfNeed,
) -> Result<InsightDetail> {
    caller.require(INSIGHT_EDIT)?;
    let cluster = get(app, caller, id).await?;
    let words: Vec<&str> = cluster.words.iter().take(WORDS_IN_TITLE).map(String::as_str).collect();
    let (kind, code) = match (cluster.kind, cluster.unmet) {
        (_, true) => (InsightKind::Need, "unmet"),
        (NeedKind::Search, false) => (InsightKind::Search, "search"),
        (NeedKind::Feedback, false) => (InsightKind::Feedback, "feedback"),
    };
    let said = BTreeMap::from([
        ("words".to_owned(), json!(words.join(" / "))),
        ("count".to_owned(), json!(cluster.count)),
        ("people".to_owned(), json!(cluster.people)),
        ("before".to_owned(), json!(cluster.previous_count)),
        ("unanswered".to_owned(), json!(cluster.unanswered)),
    ]);
    begin(app, caller, new, (kind, code), evidence_of_need(&cluster), &said).await
}

/// Makes a draft of an insight of two products that are bought together.
pub async fn insight_of_basket(
    app: &App,
    caller: &Caller,
    id: Id,
    new: &NewInsightOfNeed,
) -> Result<InsightDetail> {
    caller.require(INSIGHT_EDIT)?;
    let pattern = basket(app, caller, id).await?;
    let [first, second] = names(&pattern);
    let percent = |share: f64| format!("{:.1}", share * 100.0);
    let said = BTreeMap::from([
        ("first".to_owned(), json!(first)),
        ("second".to_owned(), json!(second)),
        ("baskets".to_owned(), json!(pattern.baskets)),
        ("people".to_owned(), json!(pattern.people)),
        ("confidence".to_owned(), json!(percent(pattern.confidence))),
        ("reverse".to_owned(), json!(percent(pattern.reverse_confidence))),
        ("lift".to_owned(), json!(format!("{:.2}", pattern.lift))),
    ]);
    begin(app, caller, new, (InsightKind::Basket, "basket"), evidence_of_basket(&pattern), &said).await
}

/// The keys of what a draft says first, by what it came from.
fn codes(of: &str) -> (&'static str, &'static str) {
    match of {
        "unmet" => ("customers.need.draft.unmet.title", "customers.need.draft.unmet.finding"),
        "search" => ("customers.need.draft.search.title", "customers.need.draft.search.finding"),
        "feedback" => ("customers.need.draft.feedback.title", "customers.need.draft.feedback.finding"),
        _ => ("customers.need.draft.basket.title", "customers.need.draft.basket.finding"),
    }
}

async fn begin(
    app: &App,
    caller: &Caller,
    new: &NewInsightOfNeed,
    (kind, of): (InsightKind, &str),
    evidence: InsightEvidence,
    said: &BTreeMap<String, Json>,
) -> Result<InsightDetail> {
    let (title, finding) = codes(of);
    let say = |code: &str, most: usize| -> String {
        app.texts.say(caller.language, code, said).chars().take(most).collect()
    };
    let draft = NewInsight {
        title: new.title.clone().unwrap_or_else(|| say(title, 200)),
        finding: new.finding.clone().unwrap_or_else(|| say(finding, 5_000)),
        kind,
        evidence,
        segment_id: None,
        condition: None,
        department_id: None,
        brand_id: new.brand_id,
    };
    insight::create(app, caller, &draft).await
}
