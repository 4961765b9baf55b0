//! Joining two people and parting them again, inside the caller's transaction; the audit row is the caller's.

use std::collections::BTreeSet;

use kernel::{Id, Result};
use serde::Deserialize;
use store::{Tx, args, json};

use super::service::choose_primary_of;
use super::split::{Edge, split};
use super::{MatchRule, sql};
use crate::profile::record;

/// Two people who are one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Joining<'a> {
    /// Who stays.
    pub kept: Id,
    /// Who becomes the other.
    pub merged: Id,
    /// By which rule.
    pub rule: MatchRule,
    /// What told it.
    pub source: &'a str,
    /// How sure that is, up to 1.
    pub score: f64,
    /// Why, in somebody's words.
    pub reason: Option<&'a str>,
}

#[derive(Deserialize)]
struct Taken {
    brand: bool,
    department: bool,
    owner: bool,
}

/// Moves everything of one person to another; what was whose is kept, so that it can be undone. Returns the merge's id.
pub(crate) async fn join(tx: &mut Tx, joining: &Joining<'_>) -> Result<Id> {
    let Joining { kept, merged, .. } = *joining;
    let now = tx.now();
    let here = nodes(tx, kept).await?;
    let moved = nodes(tx, merged).await?;
    let merge = note(tx, joining, &here, &moved).await?;
    tx.exec(sql::CLOSE, args![merged, now]).await?;
    let map = moved.iter().map(|node| args![Id::new(), *node, kept, now]).collect();
    tx.insert_many(sql::INSERT_MAP, map, "").await?;
    tx.exec_one(sql::TAKE_PLACE, args![kept, merged, now]).await?;
    tx.exec_one(sql::RETIRE, args![merged, kept, now]).await?;
    record::settle(tx, kept).await?;
    tx.exec(sql::SETTLE_CANDIDATES, args![kept, now]).await?;
    Ok(merge)
}

async fn nodes(tx: &mut Tx, profile: Id) -> Result<BTreeSet<Id>> {
    let nodes: Vec<(Id, Id)> = tx.list(sql::nodes_of(&[profile])).await?;
    Ok(nodes.into_iter().map(|(node, _)| node).collect())
}

async fn note(tx: &mut Tx, joining: &Joining<'_>, here: &BTreeSet<Id>, moved: &BTreeSet<Id>) -> Result<Id> {
    let Joining { kept, merged, rule, source, score, reason } = *joining;
    let place: Taken = tx.get(sql::PLACE_TAKEN, args![kept, merged]).await?;
    let taken: Vec<&str> = [("brand", place.brand), ("department", place.department), ("owner", place.owner)]
        .into_iter()
        .filter_map(|(name, is_taken)| is_taken.then_some(name))
        .collect();
    let (id, now, by) = (Id::new(), tx.now(), tx.caller().find_user_id());
    let row = args![id, kept, merged, rule.as_str(), source, score, now, by, reason, json(&taken)];
    tx.exec(sql::INSERT_MERGE, row).await?;
    let sides = here.iter().map(|node| (node, false)).chain(moved.iter().map(|node| (node, true)));
    let rows = sides.map(|(node, came)| args![id, *node, came]).collect();
    tx.insert_many(sql::INSERT_MERGE_NODES, rows, "").await?;
    Ok(id)
}

/// A merge as it is to be undone.
#[derive(Clone, Debug)]
pub(crate) struct Parting {
    /// Who stays: whoever the merge's people are now.
    pub profile: Id,
    /// Who stayed then.
    pub kept: Id,
    /// Who comes back.
    pub restored: Id,
    /// What the merge brought.
    pub came: BTreeSet<Id>,
    /// What was there before.
    pub stays: BTreeSet<Id>,
    /// Of brand, department and owner: which the staying profile took.
    pub taken: Vec<String>,
}

/// Parts what a merge joined: every identifier, fact and place goes back. Returns the number of decisions retracted;
/// none where nothing of what came is there any more.
pub(crate) async fn part(tx: &mut Tx, parting: &Parting) -> Result<Option<usize>> {
    let (now, by) = (tx.now(), tx.caller().find_user_id());
    let here = nodes(tx, parting.profile).await?;
    let list: Vec<Id> = here.iter().copied().collect();
    let edges: Vec<(Id, Id, Id)> = tx.list(sql::edges(&list)).await?;
    let edges: Vec<Edge> = edges.into_iter().map(|(id, left, right)| Edge { id, left, right }).collect();
    let found = split(&here, &edges, &parting.came, &parting.stays);
    if found.away.is_empty() || found.away.len() == here.len() {
        return Ok(None);
    }
    let away: Vec<Id> = found.away.iter().copied().collect();
    if !found.retracted.is_empty() {
        tx.exec_query(sql::retract(&found.retracted, now, by)).await?;
    }
    tx.exec_query(sql::close(&away, now)).await?;
    let map = away.iter().map(|node| args![Id::new(), *node, parting.restored, now]).collect();
    tx.insert_many(sql::INSERT_MAP, map, "").await?;
    tx.exec_one(sql::RESTORE, args![parting.restored, now]).await?;
    tx.exec_one(sql::TOUCH, args![parting.profile, now]).await?;
    give_back(tx, parting).await?;
    for profile in [parting.profile, parting.restored] {
        tx.exec_one(sql::DROP_FOREIGN_PRIMARY, args![profile]).await?;
        record::settle(tx, profile).await?;
    }
    choose_primary_of(tx, &[parting.profile, parting.restored]).await?;
    Ok(Some(found.retracted.len()))
}

async fn give_back(tx: &mut Tx, parting: &Parting) -> Result<()> {
    if parting.profile != parting.kept {
        return Ok(());
    }
    for (name, statement) in [
        ("brand", sql::GIVE_BACK_BRAND),
        ("department", sql::GIVE_BACK_DEPARTMENT),
        ("owner", sql::GIVE_BACK_OWNER),
    ] {
        if parting.taken.iter().any(|taken| taken == name) {
            tx.exec(statement, args![parting.profile, parting.restored]).await?;
        }
    }
    Ok(())
}
