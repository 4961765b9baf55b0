use std::collections::BTreeMap;

use http_kit::App;
use kernel::{Caller, Id, Labelled, Page, PageQuery, Problem, Result};
use serde_json::json;
use store::{Audit, Store, Tx, args};

use super::find::Stored;
use super::sql::Row;
use super::{
    CandidateFilter, CandidateState, DistinctCandidate, MatchCandidate, MatchSide, MatchStanding,
    MergeCandidate, sql,
};
use crate::merge::{self, Decision};
use crate::node::{self, MatchRule};
use crate::permissions::MATCH_READ;
use crate::profile::{self, Profile};

const LEFT: store::ScopeColumns = store::ScopeColumns {
    brand: Some("l.brand_id"),
    department: Some("l.department_id"),
    owner: Some("l.owner_id"),
};
const RIGHT: store::ScopeColumns = store::ScopeColumns {
    brand: Some("r.brand_id"),
    department: Some("r.department_id"),
    owner: Some("r.owner_id"),
};

/// Returns pairs, the likeliest first; only those both of whose people the caller may see.
pub async fn list(
    app: &App,
    caller: &Caller,
    page: &PageQuery,
    filter: &CandidateFilter,
) -> Result<Page<MatchCandidate>> {
    let size = page.size()?;
    let scope = caller.scope(MATCH_READ)?;
    let mut query = sql::candidates();
    query.scope(&scope, LEFT).scope(&scope, RIGHT);
    query.and_some("c.state =", filter.state.map(CandidateState::as_str));
    if let Some((weight, id)) = page.after::<(f64, Id)>()? {
        query.push(" AND (c.weight, c.id) < (").bind(weight).push(", ").bind(id).push(")");
    }
    query.push(" ORDER BY c.weight DESC, c.id DESC").limit_overfull(size);
    let rows: Vec<Row> = app.store.list(query).await?;
    let page = Page::from_overfull(rows, size, |row: &Row| (row.weight, row.id));
    let items = with_sides(&app.store, caller, page.items).await?;
    Ok(Page { items, next_cursor: page.next_cursor })
}

/// Returns one pair.
pub async fn get(app: &App, caller: &Caller, id: Id) -> Result<MatchCandidate> {
    let scope = caller.scope(MATCH_READ)?;
    let mut query = sql::candidates();
    query.scope(&scope, LEFT).scope(&scope, RIGHT).and("c.id =", id);
    let rows: Vec<Row> = app.store.list(query).await?;
    let found = with_sides(&app.store, caller, rows).await?;
    found.into_iter().next().ok_or_else(|| Problem::not_found("access.not_found"))
}

async fn with_sides(store: &Store, caller: &Caller, rows: Vec<Row>) -> Result<Vec<MatchCandidate>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Id> = rows.iter().flat_map(|row| [row.left_node_id, row.right_node_id]).collect();
    let sides: Vec<MatchSide> = store.list(sql::sides(&ids)).await?;
    let sides: BTreeMap<Id, MatchSide> = sides.into_iter().map(|side| (side.profile_id, side)).collect();
    let candidate = |row: Row| {
        let (one, other) = (sides.get(&row.left_node_id)?, sides.get(&row.right_node_id)?);
        let older = (one.created_at, one.profile_id) <= (other.created_at, other.profile_id);
        let (left, right) = if older { (one, other) } else { (other, one) };
        Some(MatchCandidate {
            id: row.id,
            state: row.state,
            rule: row.rule,
            probability: row.probability,
            weight: row.weight,
            agreements: row.agreements,
            left: left.clone().shown(caller),
            right: right.clone().shown(caller),
            found_at: row.found_at,
            decided_at: row.decided_at,
            decided_by: row.decided_by,
            decided_by_name: row.decided_by_name,
            reason: row.reason,
            version: row.version,
        })
    };
    Ok(rows.into_iter().filter_map(candidate).collect())
}

/// A pair that waits, with its people as they are now.
struct Waiting {
    row: Row,
    one: Profile,
    other: Profile,
}

async fn waiting(tx: &mut Tx, caller: &Caller, id: Id, version: i64) -> Result<Waiting> {
    node::lock(tx).await?;
    let mut query = sql::candidates();
    query.and("c.id =", id);
    let rows: Vec<Row> = tx.list(query).await?;
    let row = rows.into_iter().next().ok_or_else(|| Problem::not_found("access.not_found"))?;
    let one = profile::load_in(tx, row.left_node_id).await?;
    let other = profile::load_in(tx, row.right_node_id).await?;
    merge::require_both(caller, &one)?;
    merge::require_both(caller, &other)?;
    if row.version != version || row.state != CandidateState::Open {
        return Err(Problem::precondition_failed("store.changed_meanwhile"));
    }
    Ok(Waiting { row, one, other })
}

/// Decides that a pair is one person.
pub async fn merge(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    why: &MergeCandidate,
) -> Result<MatchCandidate> {
    let reason = why.reason.as_deref().map(merge::check_reason).transpose()?;
    let mut tx = app.store.begin(caller).await?;
    let Waiting { row, one, other } = waiting(&mut tx, caller, id, version).await?;
    decide(&mut tx, &row, CandidateState::Merged, reason).await?;
    let decision = Decision { rule: MatchRule::Staff, source: "match", score: row.probability, reason };
    merge::merge_in(&mut tx, &one, &other, decision).await?;
    tx.commit().await?;
    get(app, caller, id).await
}

/// Decides that a pair is two people: no rule joins them again.
pub async fn distinct(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    why: &DistinctCandidate,
) -> Result<MatchCandidate> {
    let reason = merge::check_reason(&why.reason)?;
    let mut tx = app.store.begin(caller).await?;
    let Waiting { row, one, .. } = waiting(&mut tx, caller, id, version).await?;
    decide(&mut tx, &row, CandidateState::Distinct, Some(reason)).await?;
    let audit = Audit::new("distinct", MatchCandidate::NOUN, id)
        .within(one.brand_id, one.department_id)
        .because(reason)
        .with(
            json!({ "left": row.left_node_id, "right": row.right_node_id, "probability": row.probability }),
        );
    tx.audit(audit).await?;
    tx.commit().await?;
    get(app, caller, id).await
}

async fn decide(tx: &mut Tx, row: &Row, state: CandidateState, reason: Option<&str>) -> Result<()> {
    let (now, by) = (tx.now(), tx.caller().find_user_id());
    tx.exec_one(sql::DECIDE, args![row.id, row.version, state.as_str(), now, by, reason]).await
}

/// Returns what the last search for duplicates learned and found.
pub async fn standing(app: &App, caller: &Caller) -> Result<MatchStanding> {
    caller.scope(MATCH_READ)?;
    let stored: Option<Stored> = app.store.find(sql::STANDING, args![sql::MODEL]).await?;
    let thresholds = super::rules::thresholds(&app.store).await?;
    let mut standing = stored.map(|stored| stored.standing).unwrap_or_default();
    (standing.auto_from, standing.review_from) = (thresholds.auto_from, thresholds.review_from);
    standing.candidates = app.store.get(sql::WAITING, args![]).await?;
    Ok(standing)
}
