use std::collections::{BTreeMap, BTreeSet};

use http_kit::App;
use kernel::{Caller, Id, Labelled, Masked, Page, Problem, Result, Timestamp};
use serde_json::json;
use store::{Audit, Store, Tx, args};

use super::sql::{Came, MergeRow};
use super::{MergeProfile, MergedNode, ProfileMerge, UndoMerge, Undone, sql};
use crate::node::rules::NODES_PER_PROFILE_MAX;
use crate::node::{self, Joining, MatchRule, Parting};
use crate::permissions::{MATCH_DECIDE, PROFILE_READ};
use crate::profile::{self, Profile};

/// Bounds of the length of a reason, in characters.
const REASON: std::ops::RangeInclusive<usize> = 5..=500;

/// Refuses a reason that says nothing.
pub(crate) fn check_reason(reason: &str) -> Result<&str> {
    let reason = reason.trim();
    match REASON.contains(&reason.chars().count()) {
        true => Ok(reason),
        false => {
            let refusal = Problem::unprocessable("customers.reason_needed");
            let refusal = refusal.with("min", REASON.start()).with("max", REASON.end());
            Err(refusal.with_field("reason", "customers.reason_needed"))
        }
    }
}

/// Returns the merges into a profile, newest first.
pub async fn of_profile(app: &App, caller: &Caller, id: Id) -> Result<Page<ProfileMerge>> {
    let profile = profile::require(&app.store, caller, id).await?;
    let rows: Vec<MergeRow> = app.store.list(sql::of_profile(profile.id)).await?;
    with_nodes(&app.store, caller, rows).await.map(Page::whole)
}

async fn with_nodes(store: &Store, caller: &Caller, rows: Vec<MergeRow>) -> Result<Vec<ProfileMerge>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Id> = rows.iter().map(|row| row.id).collect();
    let mut nodes: BTreeMap<Id, Vec<Masked<MergedNode>>> = BTreeMap::new();
    for Came { merge_id, id, kind, value } in store.list::<Came>(sql::came(&ids)).await? {
        let node = MergedNode { id, kind, value: Some(value) };
        nodes.entry(merge_id).or_default().push(node.shown(caller));
    }
    let merge = |row: MergeRow| ProfileMerge {
        nodes: nodes.remove(&row.id).unwrap_or_default(),
        id: row.id,
        kept_id: row.kept_id,
        merged_id: row.merged_id,
        rule: row.rule,
        source: row.source,
        score: row.score,
        happened_at: row.happened_at,
        decided_by: row.decided_by,
        decided_by_name: row.decided_by_name,
        reason: row.reason,
        undone_at: row.undone_at,
        undone_by: row.undone_by,
        undone_by_name: row.undone_by_name,
        undo_reason: row.undo_reason,
        version: row.version,
    };
    Ok(rows.into_iter().map(merge).collect())
}

/// A decision that two people are one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Decision<'a> {
    /// By which rule.
    pub rule: MatchRule,
    /// What told it.
    pub source: &'a str,
    /// How sure that is, up to 1.
    pub score: f64,
    /// Why, in somebody's words.
    pub reason: Option<&'a str>,
}

/// Joins two people inside the caller's transaction; the audit row is written here. The older one stays: returns who.
pub(crate) async fn merge_in(
    tx: &mut Tx,
    one: &Profile,
    other: &Profile,
    decision: Decision<'_>,
) -> Result<Id> {
    let older = (one.created_at, one.id) <= (other.created_at, other.id);
    let (kept, merged) = if older { (one, other) } else { (other, one) };
    node::require_room(tx, [kept.id, merged.id], NODES_PER_PROFILE_MAX).await?;
    let (now, by) = (tx.now(), tx.caller().find_user_id());
    let Decision { rule, source, score, reason } = decision;
    tx.exec(sql::SAME_AFTER_ALL, args![kept.id, merged.id, now, by, reason]).await?;
    let (left, right) = (kept.id.min(merged.id), kept.id.max(merged.id));
    tx.exec(sql::EDGE, args![Id::new(), left, right, rule.as_str(), score, source, now, by]).await?;
    let joining = Joining { kept: kept.id, merged: merged.id, rule, source, score, reason };
    let merge = node::join(tx, &joining).await?;
    node::choose_primary_of(tx, &[kept.id]).await?;
    let mut audit = Audit::new("merge", Profile::NOUN, kept.id)
        .within(kept.brand_id, kept.department_id)
        .with(json!({ "merge_id": merge, "merged_id": merged.id, "rule": rule, "score": score }));
    if let Some(reason) = reason {
        audit = audit.because(reason);
    }
    tx.audit(audit).await?;
    Ok(kept.id)
}

/// Joins two people on the word of a member of staff.
pub async fn merge(app: &App, caller: &Caller, id: Id, version: i64, wish: &MergeProfile) -> Result<Profile> {
    let reason = check_reason(&wish.reason)?;
    let mut tx = app.store.begin(caller).await?;
    node::lock(&mut tx).await?;
    let one = profile::load_in(&mut tx, id).await?;
    let other = profile::load_in(&mut tx, wish.with).await?;
    for profile in [&one, &other] {
        require_both(caller, profile)?;
    }
    if one.version != version {
        return Err(Problem::precondition_failed("store.changed_meanwhile"));
    }
    if one.id == other.id {
        let refusal = Problem::unprocessable("customers.merge.same_profile");
        return Err(refusal.with_field("with", "customers.merge.same_profile"));
    }
    let decision = Decision { rule: MatchRule::Staff, source: "staff", score: 1.0, reason: Some(reason) };
    let kept = merge_in(&mut tx, &one, &other, decision).await?;
    let after = profile::load_in(&mut tx, kept).await?;
    tx.commit().await?;
    Ok(after)
}

/// Refuses a caller who may not decide about this person.
pub(crate) fn require_both(caller: &Caller, profile: &Profile) -> Result<()> {
    let Profile { brand_id, department_id, owner_id, .. } = profile;
    caller.scope(PROFILE_READ)?.require(*brand_id, *department_id, *owner_id)?;
    caller.scope(MATCH_DECIDE)?.require(*brand_id, *department_id, *owner_id)
}

/// Undoes a merge: everything goes back where it was, and the two are not joined again by any rule.
pub async fn undo(app: &App, caller: &Caller, id: Id, version: i64, wish: &UndoMerge) -> Result<Undone> {
    let reason = check_reason(&wish.reason)?;
    let mut tx = app.store.begin(caller).await?;
    node::lock(&mut tx).await?;
    let rows: Vec<MergeRow> = tx.list(sql::one(id)).await?;
    let row = rows.into_iter().next().ok_or_else(|| Problem::not_found("access.not_found"))?;
    let profile = profile::load_in(&mut tx, row.kept_id).await?;
    require_both(caller, &profile)?;
    if row.version != version || row.undone_at.is_some() {
        return Err(Problem::precondition_failed("store.changed_meanwhile"));
    }
    let now = tx.now();
    tx.exec_one(sql::UNDO, args![id, version, now, caller.find_user_id(), reason]).await?;
    let (restored, kept) = (row.merged_id, profile.id);
    let parting = parting(&mut tx, row, kept).await?;
    let retracted = node::part(&mut tx, &parting)
        .await?
        .ok_or_else(|| Problem::conflict("customers.merge.nothing_left"))?;
    keep_apart(&mut tx, kept, restored, now, reason).await?;
    let audit = Audit::new("undo", ProfileMerge::NOUN, id)
        .within(profile.brand_id, profile.department_id)
        .because(reason)
        .with(json!({ "kept_id": kept, "restored_id": restored, "retracted": retracted }));
    tx.audit(audit).await?;
    tx.commit().await?;
    Ok(Undone {
        id,
        kept_id: kept,
        restored_id: restored,
        retracted: i64::try_from(retracted).unwrap_or(i64::MAX),
    })
}

async fn parting(tx: &mut Tx, row: MergeRow, profile: Id) -> Result<Parting> {
    let sides: Vec<(Id, bool)> = tx.all(sql::SIDES, args![row.id]).await?;
    let side = |wanted: bool| -> BTreeSet<Id> {
        sides.iter().filter(|(_, came)| *came == wanted).map(|(node, _)| *node).collect()
    };
    Ok(Parting {
        profile,
        kept: row.kept_id,
        restored: row.merged_id,
        came: side(true),
        stays: side(false),
        taken: row.taken,
    })
}

/// Two people whom no rule joins again.
async fn keep_apart(tx: &mut Tx, one: Id, other: Id, now: Timestamp, reason: &str) -> Result<()> {
    let by = tx.caller().find_user_id();
    let (left, right) = (one.min(other), one.max(other));
    tx.exec(sql::DIFFERENT, args![Id::new(), left, right, now, by, reason]).await.map(drop)
}
