use std::sync::Arc;

use http_kit::App;
use kernel::{Caller, Id, Page, PageQuery, Problem, Result};
use serde_json::{Value as Json, json};
use store::{Audit, Query, Tx, args};

use super::{NewWatch, Watch, WatchFilter, WatchRun, WatchTarget, rules, sql};
use crate::Rulebook;
use crate::record;
use crate::record_type::{RecordType, rules as values};

const NOUN: &str = "rulebook.watch";
/// Type of the records that say who a competitor is.
const COMPETITOR: &str = "competitor";

/// Returns the types that watches can open, in the caller's language, as far as they may write them.
pub fn targets(app: &App, caller: &Caller) -> Result<Vec<WatchTarget>> {
    let book = app.part::<Rulebook>()?;
    let open = |record_type: &&Arc<RecordType>| {
        record_type.spec.watched.as_ref().is_some_and(|watched| !watched.values.is_empty())
            && caller.may(record_type.write)
    };
    let target = |record_type: &Arc<RecordType>| WatchTarget {
        id: record_type.spec.id.clone(),
        title: record_type.spec.title.get(caller.language).to_owned(),
    };
    Ok(book.record_types().filter(open).map(target).collect())
}

/// Lists watches, newest first.
pub async fn list(app: &App, caller: &Caller, page: &PageQuery, filter: &WatchFilter) -> Result<Page<Watch>> {
    let size = page.size()?;
    let mut query = Query::new(sql::LIST, args![]);
    query
        .push(" WHERE TRUE")
        .and_some("state =", filter.state.map(|state| state.as_str()))
        .and_some("kind =", filter.kind.map(|kind| kind.as_str()));
    if let Some(words) = filter.q.as_deref().map(str::trim).filter(|words| !words.is_empty()) {
        query.and_contains("name || ' ' || url", words);
    }
    query.and_some("id <", page.after::<Id>()?).push(" ORDER BY id DESC").limit_overfull(size);
    let mut found: Vec<Watch> = app.store.list(query).await?;
    name(app, caller, &mut found).await?;
    Ok(Page::from_overfull(found, size, |watch| watch.id))
}

/// Puts in how the people and things are called that watches name.
async fn name(app: &App, caller: &Caller, watches: &mut [Watch]) -> Result<()> {
    let of = |watch: &Watch| [Some(watch.owner_id), watch.competitor_id, watch.risk_id];
    let ids: Vec<Id> = watches.iter().flat_map(of).flatten().collect();
    let names = record::names_of_ids(app, caller, &ids).await?;
    for watch in watches {
        let known = of(watch).into_iter().flatten().map(|id| id.to_string());
        watch.names = known.filter_map(|id| Some((id.clone(), names.get(&id)?.clone()))).collect();
    }
    Ok(())
}

/// Returns a watch.
pub async fn find(app: &App, caller: &Caller, id: Id) -> Result<Watch> {
    let mut found = [app.store.get::<Watch>(sql::FIND, args![id]).await?];
    name(app, caller, &mut found).await?;
    let [watch] = found;
    Ok(watch)
}

/// Lists the looks of a watch, newest first.
pub async fn runs(app: &App, id: Id, page: &PageQuery) -> Result<Page<WatchRun>> {
    app.store.get::<Watch>(sql::FIND, args![id]).await?;
    let size = page.size()?;
    let mut query = Query::new(sql::RUNS, args![id]);
    query.and_some("id <", page.after::<Id>()?).push(" ORDER BY id DESC").limit_overfull(size);
    Ok(Page::from_overfull(app.store.list(query).await?, size, |run: &WatchRun| run.id))
}

/// Keeps a watch; its first look comes at once.
pub async fn create(app: &App, caller: &Caller, new: &NewWatch) -> Result<Watch> {
    rules::check(new)?;
    let mut tx = app.store.begin(caller).await?;
    require_target(&mut tx, app, caller, new).await?;
    let (id, now) = (Id::new(), tx.now());
    let owner = new.owner_id.map_or_else(|| caller.user_id(), Ok)?;
    let department = department(&mut tx, app, owner).await?;
    let args = args![
        id,
        new.name.trim(),
        new.kind.as_str(),
        &new.url,
        new.selector.as_deref(),
        store::json(&new.keywords),
        new.keyword_match.as_str(),
        new.interval_minutes,
        new.opens.as_deref(),
        store::json(&new.opens_values),
        new.from_start,
        owner,
        department,
        new.competitor_id,
        new.active,
        now,
        caller.find_user_id(),
    ];
    tx.exec_one(sql::INSERT, args).await?;
    tx.audit(Audit::new("create", NOUN, id).with(facts(new))).await?;
    tx.commit().await?;
    find(app, caller, id).await
}

fn facts(new: &NewWatch) -> Json {
    json!({ "name": new.name, "kind": new.kind, "url": new.url, "selector": new.selector,
        "keywords": new.keywords, "keyword_match": new.keyword_match, "interval_minutes": new.interval_minutes,
        "opens": new.opens, "active": new.active })
}

/// Changes a watch; where it looks elsewhere from now on it begins anew.
pub async fn change(app: &App, caller: &Caller, id: Id, version: i64, new: &NewWatch) -> Result<Watch> {
    rules::check(new)?;
    let mut tx = app.store.begin(caller).await?;
    let before: Watch = tx.get(sql::FIND, args![id]).await?;
    require_target(&mut tx, app, caller, new).await?;
    let owner = new.owner_id.unwrap_or(before.owner_id);
    let department = department(&mut tx, app, owner).await?;
    let now = tx.now();
    let args = args![
        id,
        version,
        new.name.trim(),
        new.kind.as_str(),
        &new.url,
        new.selector.as_deref(),
        store::json(&new.keywords),
        new.keyword_match.as_str(),
        new.interval_minutes,
        new.opens.as_deref(),
        store::json(&new.opens_values),
        new.from_start,
        owner,
        department,
        new.competitor_id,
        new.active,
        now,
    ];
    tx.exec_one(sql::CHANGE, args).await?;
    if rules::looks_elsewhere(&before, new) {
        tx.exec_one(sql::FORGET, args![id]).await?;
    }
    tx.audit(Audit::new("change", NOUN, id).with(facts(new))).await?;
    tx.commit().await?;
    find(app, caller, id).await
}

async fn department(tx: &mut Tx, app: &App, owner: Id) -> Result<Option<Id>> {
    let Ok(people) = app.people.get() else { return Ok(None) };
    let found = people.people(tx, &[owner]).await?.into_iter().find(|person| person.active);
    let person = found.ok_or_else(|| refused("owner_id", "rulebook.watch.owner_unknown"))?;
    Ok(person.department_id)
}

/// Refuses a type that no watch can open, or the caller may not write, and values that it does not take.
async fn require_target(tx: &mut Tx, app: &App, caller: &Caller, new: &NewWatch) -> Result<()> {
    if let Some(opens) = &new.opens {
        let record_type = record::record_type(app, opens).map_err(|_| opens_nothing(opens))?;
        if record_type.spec.watched.as_ref().is_none_or(|watched| watched.values.is_empty()) {
            return Err(opens_nothing(opens));
        }
        caller.require(record_type.write)?;
        values::accept(&record_type, &new.opens_values, false)?;
    }
    if let Some(competitor) = new.competitor_id {
        let found: Option<String> = tx.find(sql::TYPE_OF, args![competitor]).await?;
        if found.as_deref() != Some(COMPETITOR) {
            return Err(refused("competitor_id", "rulebook.watch.competitor_unknown"));
        }
    }
    Ok(())
}

fn refused(field: &'static str, code: &'static str) -> Problem {
    Problem::unprocessable("rulebook.watch.invalid").with_field(field, code)
}

/// Returns that a type is none that a watch opens.
pub fn opens_nothing(opens: &str) -> Problem {
    refused("opens", "rulebook.watch.opens_unknown").with("type", opens)
}
