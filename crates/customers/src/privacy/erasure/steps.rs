//! What is done inside the database, in one transaction.

use std::collections::BTreeMap;

use kernel::{Id, Labelled, Problem, Result};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use store::{Audit, Tx, args};

use super::jobs::Finish;
use super::{Cause, Erasure, Keys, ProfileErased, rules, sql};
use crate::consent::{self, Channel, ConsentState, GivenBy, NewConsent, Purpose};
use crate::insight;
use crate::node::{self, Node, NodeKind};
use crate::privacy::{hold, subject_request};
use crate::profile;
use crate::suppression::{NewSuppression, SuppressionReason, suppress};

/// Who says so in consents and suppressions.
const SOURCE: &str = "erasure";
/// Profiles that one became, at most: more would be a circle.
const CHAIN_MAX: usize = 10_000;
/// Events in quarantine that are read at a time.
const QUARANTINED: i64 = 1_000;

/// An erasure that is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wish<'a> {
    /// Its id; a restore brings that of the first time.
    pub id: Id,
    /// Who.
    pub profile: Id,
    /// Why.
    pub cause: Cause,
    /// The request that asked for it.
    pub request: Option<Id>,
    /// Why, in words.
    pub reason: &'a str,
    /// True: city, bands and household stay, of nobody in particular.
    pub keeps_figures: bool,
}

/// Erases somebody inside the caller's transaction, with its audit row; the rest is done by the job that is asked for here.
///
/// What stays is tied to the identifiers' ids and holds nothing personal: orders, redemptions, what was sent, and the
/// proof of what they agreed to.
pub(crate) async fn erase(tx: &mut Tx, keys: &Keys, wish: Wish<'_>) -> Result<Id> {
    node::lock(tx).await?;
    let person = profile::load_in(tx, wish.profile).await?;
    // A hold is kept against those who ask, not against what was erased before.
    if wish.cause != Cause::Restore && hold::is_held(tx, person.id).await? {
        return Err(Problem::conflict("customers.privacy.legal_hold"));
    }
    if tx.find::<kernel::Timestamp>(sql::ERASED_AT, args![person.id]).await?.is_some() {
        return Err(Problem::conflict("customers.privacy.erased_already"));
    }
    let nodes: Vec<Node> = tx.all(node::OF_PROFILE, args![person.id]).await?;
    let mut streets: Vec<String> = tx.all(sql::STREETS, args![person.id]).await?;
    streets.extend(tx.find::<String>(sql::STREET, args![person.id]).await?);
    let sought: Vec<String> = rules::sought(&nodes, &streets).into_iter().collect();
    let kept = kept(tx, person.id).await?;
    let suppressed = no_contact(tx, person.id, &nodes).await?;
    let (files, rows) = empty(tx, wish, person.id, &nodes, &sought).await?;
    let proof = json!({ "kind": "erasure", "rows": rows, "kept": kept, "files": files,
        "addresses_suppressed": suppressed, "nodes": nodes.len() });
    store(tx, keys, wish, person.id, (&nodes, &sought), &proof).await?;
    let audit = Audit::new("erase", Erasure::NOUN, wish.id)
        .because(wish.reason)
        .with(json!({ "profile_id": person.id, "cause": wish.cause, "request_id": wish.request, "nodes": nodes.len(),
            "rows": rows }));
    tx.audit(audit).await?;
    tx.enqueue(&Finish { erasure_id: wish.id }).await?;
    Ok(wish.id)
}

/// What stays, and why.
async fn kept(tx: &mut Tx, person: Id) -> Result<Json> {
    let mut kept = Vec::new();
    for (what, text, why) in [
        ("orders", sql::COUNT_ORDERS, "statutory_retention"),
        ("redemptions", sql::COUNT_REDEMPTIONS, "statutory_retention"),
        ("consents", sql::COUNT_CONSENTS, "proof"),
    ] {
        let count: i64 = tx.get(text, args![person]).await?;
        if count > 0 {
            kept.push(json!({ "what": what, "count": count, "why": why }));
        }
    }
    Ok(kept.into())
}

/// Takes back what they agreed to and puts their addresses on the list that nothing goes to.
async fn no_contact(tx: &mut Tx, person: Id, nodes: &[Node]) -> Result<usize> {
    #[derive(Deserialize)]
    struct Granted {
        node_id: Id,
        brand_id: Id,
        purpose: Purpose,
        channel: Channel,
    }
    let now = tx.now();
    let granted: Vec<Granted> = tx.all(sql::GRANTED, args![person]).await?;
    let withdrawn: Vec<NewConsent> = granted
        .into_iter()
        .map(|of| NewConsent {
            node_id: of.node_id,
            brand_id: of.brand_id,
            purpose: of.purpose,
            channel: of.channel,
            state: ConsentState::Withdrawn,
            happened_at: now,
            given_by: GivenBy::System,
            source: SOURCE.to_owned(),
            text: None,
            ip_hash: None,
            reason: None,
            import_id: None,
        })
        .collect();
    if !withdrawn.is_empty() {
        consent::record(tx, &withdrawn).await?;
    }
    let mut entries = Vec::new();
    for node in nodes {
        let channels: &[Channel] = match node.kind {
            NodeKind::Email => &[Channel::Email],
            NodeKind::Mobile => &[Channel::Sms, Channel::Phone],
            _ => &[],
        };
        entries.extend(channels.iter().map(|channel| NewSuppression {
            node_id: node.id,
            channel: *channel,
            reason: SuppressionReason::Manual,
            detail: None,
            source: SOURCE.to_owned(),
            happened_at: now,
            expires_at: None,
        }));
    }
    suppress(tx, &entries).await?;
    Ok(entries.len())
}

/// Empties and deletes rows; returns the files that have to go with them, and how many rows of which table it was.
async fn empty(
    tx: &mut Tx,
    wish: Wish<'_>,
    person: Id,
    nodes: &[Node],
    sought: &[String],
) -> Result<(Vec<String>, BTreeMap<&'static str, u64>)> {
    let now = tx.now();
    let mut rows: BTreeMap<&'static str, u64> = BTreeMap::new();
    let people = chain(tx, person).await?;
    let mut files = Vec::new();
    for id in &people {
        files.extend(forget_files(tx, *id).await?);
        for (table, text) in [
            ("tier_change", sql::DELETE_TIERS),
            ("audience_member", sql::DELETE_AUDIENCES),
            ("profile_score", sql::DELETE_SCORES),
            ("persona_member", sql::DELETE_PERSONAS),
            ("behaviour_exception", sql::DELETE_BEHAVIOUR),
            ("segment_member", sql::DELETE_MEMBERSHIPS),
            ("segment_change", sql::DELETE_MEMBER_CHANGES),
            ("worklist_item", sql::DELETE_WORKLIST),
            ("profile_check", sql::DELETE_CHECKS),
            ("profile_merge", sql::CLEAR_MERGES),
            ("subject_request", subject_request::sql::FORGET),
        ] {
            *rows.entry(table).or_default() += tx.exec(text, args![*id]).await?;
        }
        *rows.entry("profile_term").or_default() += profile::search::forget_profile(tx, *id).await?;
        let text = if wish.keeps_figures { sql::ANONYMISE_PROFILE } else { sql::EMPTY_PROFILE };
        *rows.entry("profile").or_default() += tx.exec(text, args![*id, now]).await?;
    }
    for node in nodes {
        for (table, text) in [
            ("profile_record", sql::DELETE_RECORDS),
            ("consent_event", sql::CLEAR_CONSENTS),
            ("suppression", sql::CLEAR_SUPPRESSIONS),
            ("match_candidate", sql::DELETE_CANDIDATES),
            ("customer_insight_person", insight::sql::FORGET_PERSON),
        ] {
            *rows.entry(table).or_default() += tx.exec(text, args![node.id]).await?;
        }
        *rows.entry("node_term").or_default() += profile::search::forget_node(tx, node.id).await?;
        *rows.entry("identifier_node").or_default() += tx.exec(sql::EMPTY_NODE, args![node.id, now]).await?;
    }
    *rows.entry("quarantined_event").or_default() += forget_quarantined(tx, sought).await?;
    rows.retain(|_, count| *count > 0);
    Ok((files, rows))
}

/// Deletes events in quarantine that name somebody. They lie sealed, so that each is looked at.
async fn forget_quarantined(tx: &mut Tx, sought: &[String]) -> Result<u64> {
    if sought.is_empty() {
        return Ok(0);
    }
    let sought: Vec<String> = sought.iter().map(|value| value.to_lowercase()).collect();
    let (mut after, mut deleted) = (String::new(), 0);
    loop {
        let page: Vec<(Id, String)> = tx.all(sql::QUARANTINED, args![&after, QUARANTINED]).await?;
        let Some((last, _)) = page.last() else { return Ok(deleted) };
        after = last.to_string();
        let names = |body: &str| sought.iter().any(|value| body.contains(value.as_str()));
        let named: Vec<Id> =
            page.iter().filter(|(_, body)| names(&body.to_lowercase())).map(|(id, _)| *id).collect();
        if !named.is_empty() {
            deleted += tx.exec_query(sql::delete_quarantined(&named)).await?;
        }
    }
}

/// The profile and all that became it.
async fn chain(tx: &mut Tx, person: Id) -> Result<Vec<Id>> {
    let (mut people, mut next) = (vec![person], 0);
    while next < people.len() && people.len() < CHAIN_MAX {
        let more: Vec<Id> = tx.all(sql::BECAME, args![people[next]]).await?;
        people.extend(more);
        next += 1;
    }
    Ok(people)
}

/// Marks the files that were made for somebody as gone; returns their names.
async fn forget_files(tx: &mut Tx, person: Id) -> Result<Vec<String>> {
    let made: Vec<(Id, Json)> = tx.all(subject_request::sql::FILES, args![person]).await?;
    let mut files = Vec::new();
    for (id, mut result) in made {
        let Some(file) = result["file_id"].as_str().map(str::to_owned) else { continue };
        if let Some(result) = result.as_object_mut() {
            result.remove("file_id");
            result.insert("erased".to_owned(), json!(true));
        }
        tx.exec(subject_request::sql::NOTE_RESULT, args![id, result.to_string(), None::<String>]).await?;
        files.push(file);
    }
    Ok(files)
}

async fn store(
    tx: &mut Tx,
    keys: &Keys,
    wish: Wish<'_>,
    person: Id,
    (nodes, sought): (&[Node], &[String]),
    proof: &Json,
) -> Result<()> {
    let (now, by) = (tx.now(), tx.caller().find_user_id());
    let row = args![
        wish.id,
        person,
        wish.request,
        wish.cause.as_str(),
        nodes.len() as i64,
        wish.reason,
        now,
        by,
        proof.to_string(),
        keys.seal(wish.id, sought)?,
    ];
    tx.exec_one(sql::INSERT, row).await?;
    let listed = nodes
        .iter()
        .map(|node| args![node.id, wish.id, node.kind.as_str(), keys.digest(node.kind, &node.value), now])
        .collect();
    tx.insert_many(sql::INSERT_IDENTIFIERS, listed, sql::LAST_COUNTS).await?;
    if let Some(request) = wish.request {
        let mut result = proof.clone();
        result["step"] = json!("erased");
        result["erased_at"] = json!(now);
        tx.exec_one(subject_request::sql::NOTE_RESULT, args![request, result.to_string(), wish.reason])
            .await?;
    }
    tx.emit(&ProfileErased { profile_id: person }).await
}

/// Somebody in the list whom this database does not know: the empty place is made, so that an old file does not bring
/// them back.
pub(crate) async fn late(tx: &mut Tx, wish: Wish<'_>, nodes: &[(Id, NodeKind, String)]) -> Result<()> {
    let now = tx.now();
    let place = args![wish.profile, "erased", now, now, now, now];
    tx.insert_many(sql::INSERT_EMPTY_PROFILE, vec![place], sql::KEEP).await?;
    let empty = nodes
        .iter()
        .map(|(id, kind, _)| args![*id, kind.as_str(), format!("erased:{id}"), now, now])
        .collect();
    tx.insert_many(sql::INSERT_EMPTY_NODES, empty, sql::KEEP).await?;
    let map = nodes.iter().map(|(id, _, _)| args![Id::new(), *id, wish.profile, now]).collect();
    tx.insert_many(sql::INSERT_EMPTY_MAP, map, sql::KEEP).await?;
    let row = args![
        wish.id,
        wish.profile,
        None::<Id>,
        wish.cause.as_str(),
        nodes.len() as i64,
        wish.reason,
        now,
        None::<Id>,
        json!({ "kind": "erasure", "nodes": nodes.len() }).to_string(),
        None::<Vec<u8>>,
    ];
    tx.exec_one(sql::INSERT, row).await?;
    let listed =
        nodes.iter().map(|(id, kind, digest)| args![*id, wish.id, kind.as_str(), digest, now]).collect();
    tx.insert_many(sql::INSERT_IDENTIFIERS, listed, sql::LAST_COUNTS).await?;
    let audit = Audit::new("erase", Erasure::NOUN, wish.id)
        .because(wish.reason)
        .with(json!({ "nodes": nodes.len() }));
    tx.audit(audit).await?;
    tx.enqueue(&Finish { erasure_id: wish.id }).await.map(drop)
}
