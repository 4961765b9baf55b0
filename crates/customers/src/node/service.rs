use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use http_kit::{Identifier, NodePort};
use kernel::{Id, Problem, Result};
use store::secrets::Signer;
use store::{Store, Tx, Value, Vault, args, sealed};

use super::join::{Joining, join};
use super::rules::{Component, Key, Known, components, keep_apart};
use super::{MatchRule, Node, NodeKind, sql};
use crate::profile::search;

/// Ids in one question to the database.
const CHUNK: usize = 4_000;

/// Keeps identifiers for the other domains.
#[derive(Debug, Clone, Copy, Default)]
pub struct Nodes;

#[async_trait]
impl NodePort for Nodes {
    async fn ensure(&self, tx: &mut Tx, identifiers: &[Identifier]) -> Result<Vec<Id>> {
        let keys = keys(identifiers)?;
        let ids = identify(tx, keys.iter()).await?;
        let records: Vec<Vec<Key>> = keys.iter().map(|key| vec![key.clone()]).collect();
        resolve(tx, &records, "observed", MatchRule::SameRecord).await?;
        Ok(keys.iter().map(|key| ids.of(key)).collect())
    }
}

/// Normalises identifiers; the first that is none is refused with its place.
pub fn keys(identifiers: &[Identifier]) -> Result<Vec<Key>> {
    let mut keys = Vec::with_capacity(identifiers.len());
    for (place, identifier) in identifiers.iter().enumerate() {
        let kind: NodeKind = identifier.kind.parse().map_err(|error: String| Problem::internal(error))?;
        let key = Key::new(kind, &identifier.value)
            .map_err(|code| Problem::unprocessable(code).with("place", place).with("kind", kind.as_str()))?;
        keys.push(key);
    }
    Ok(keys)
}

/// The ids under which identifiers are kept, or will be.
#[derive(Debug, Default)]
pub struct Ids {
    /// By the id that the identifier would have had before values were sealed.
    by_older: BTreeMap<Id, Id>,
}

impl Ids {
    /// Returns the id of an identifier that was asked about.
    pub fn of(&self, key: &Key) -> Id {
        let older = key.older_id();
        self.by_older.get(&older).copied().unwrap_or(older)
    }
}

/// Finds the ids of identifiers: a node from before values were sealed keeps the id that it has.
pub async fn identify<'k>(tx: &mut Tx, keys: impl Iterator<Item = &'k Key> + Send) -> Result<Ids> {
    let digest = digest(tx.vault())?;
    let mut ids = Ids::default();
    let mut keyed = Vec::new();
    for key in keys {
        let (id, older) = (key.id(&digest), key.older_id());
        if ids.by_older.insert(older, id).is_none() && id != older {
            keyed.push(older);
        }
    }
    for chunk in keyed.chunks(CHUNK) {
        for older in tx.list::<Id>(sql::known(chunk)).await? {
            ids.by_older.insert(older, older);
        }
    }
    Ok(ids)
}

/// Returns what tells identifiers apart that are not to be guessed.
pub fn digest(vault: &Vault) -> Result<Signer> {
    vault.signer("customers.node")
}

/// Whom a record was found to be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolved {
    /// This person.
    Profile {
        /// The profile.
        id: Id,
        /// True where nobody was known by any of these identifiers.
        is_new: bool,
        /// True where the record told an identifier that was new, or that people are one.
        changed: bool,
    },
    /// Nobody: one of its identifiers is shared by too many people to say anything.
    SharedIdentifier,
    /// Nobody any more: one of its identifiers is somebody's who was erased.
    Erased,
}

/// Lets nobody else join or part people meanwhile: two that join the same people at the same time would each see half.
pub(crate) async fn lock(tx: &mut Tx) -> Result<()> {
    tx.lock("customers.identity", Id::from_digest([0; 16])).await
}

/// Refuses to make somebody of more identifiers than one person has.
pub(crate) async fn require_room(tx: &mut Tx, profiles: [Id; 2], max: usize) -> Result<()> {
    match tx.list::<(Id, Id)>(sql::nodes_of(&profiles)).await?.len() {
        count if count > max => Err(Problem::conflict("customers.merge.too_many_identifiers")
            .with("count", count)
            .with("max", max)),
        _ => Ok(()),
    }
}

/// Finds whom each record is about, making nodes and profiles that are new and joining people that
/// a record shows to be one.
///
/// The audit row is the caller's: this is always part of a larger act.
pub async fn resolve(
    tx: &mut Tx,
    records: &[Vec<Key>],
    source: &str,
    rule: MatchRule,
) -> Result<Vec<Resolved>> {
    if records.iter().any(|record| record.len() > 1) {
        lock(tx).await?;
    }
    let ids = identify(tx, records.iter().flatten()).await?;
    let keys: BTreeMap<Id, &Key> = records.iter().flatten().map(|key| (ids.of(key), key)).collect();
    let mut owners = owners(tx, &keys.keys().copied().collect::<Vec<_>>()).await?;
    let mut places: Vec<Vec<Id>> =
        records.iter().map(|record| record.iter().map(|key| ids.of(key)).collect()).collect();
    let erased = leave_out_erased(&mut owners, &mut places);
    let revived = revive(tx, &owners).await?;
    fill_again(tx, &owners, &keys).await?;
    let known = known(tx, &owners).await?;
    let found = found(tx, &mut places, &known).await?;
    let (shared, sound): (Vec<Component>, Vec<Component>) = found.into_iter().partition(|c| c.too_large);
    store_new(tx, &sound, &keys, source).await?;
    for component in &sound {
        for other in &component.merged {
            let joining =
                Joining { kept: component.profile, merged: *other, rule, source, score: 1.0, reason: None };
            join(tx, &joining).await?;
        }
    }
    store_edges(tx, &sound, &places, source, rule).await?;
    choose_primary(tx, &sound).await?;
    let mut resolved = vec![Resolved::SharedIdentifier; records.len()];
    for component in &sound {
        let (id, is_new) = (component.profile, component.is_new);
        // What an earlier record told is no news in a later one.
        let mut news: BTreeSet<Id> = component.new_nodes.iter().copied().collect();
        let mut first = !component.merged.is_empty() || revived.contains(&id);
        for place in &component.records {
            let told = places[*place].iter().filter(|node| news.remove(*node)).count();
            resolved[*place] = Resolved::Profile { id, is_new, changed: told > 0 || first };
            first = false;
        }
    }
    for place in erased {
        resolved[place] = Resolved::Erased;
    }
    tracing::debug!(records = records.len(), shared = shared.len(), "resolved identifiers");
    Ok(resolved)
}

/// Takes out what is told about people who were erased, and with it what the same records tell of others; returns the
/// places of those records.
fn leave_out_erased(owners: &mut Vec<sql::Owner>, places: &mut [Vec<Id>]) -> Vec<usize> {
    let erased: BTreeSet<Id> =
        owners.iter().filter(|owner| owner.is_erased).map(|owner| owner.node_id).collect();
    if erased.is_empty() {
        return Vec::new();
    }
    owners.retain(|owner| !owner.is_erased);
    let mut left_out = Vec::new();
    for (place, record) in places.iter_mut().enumerate() {
        if record.iter().any(|node| erased.contains(node)) {
            record.clear();
            left_out.push(place);
        }
    }
    left_out
}

/// Gives identifiers of people who were let in again their values back.
async fn fill_again(tx: &mut Tx, owners: &[sql::Owner], keys: &BTreeMap<Id, &Key>) -> Result<()> {
    let now = tx.now();
    let empty = owners.iter().filter(|owner| owner.is_empty);
    let told: Vec<(Id, &Key)> = empty.filter_map(|o| Some((o.node_id, *keys.get(&o.node_id)?))).collect();
    let rows: Vec<_> = told.iter().map(|(id, key)| node_row(*id, key, now)).collect();
    if !rows.is_empty() {
        search::add_nodes(tx, &told).await?;
        tx.insert_many(sql::INSERT_NODES, rows, sql::FILL_AGAIN).await?;
        let profiles: BTreeSet<Id> = owners.iter().filter(|o| o.is_empty).map(|o| o.profile_id).collect();
        choose_primary_of(tx, &profiles.into_iter().collect::<Vec<_>>()).await?;
    }
    Ok(())
}

/// Puts records together; those that would join people whom somebody found to be different join nobody.
async fn found(tx: &mut Tx, places: &mut [Vec<Id>], known: &BTreeMap<Id, Known>) -> Result<Vec<Component>> {
    let found = components(places, known);
    let joined: BTreeSet<Id> = found
        .iter()
        .filter(|component| !component.merged.is_empty())
        .flat_map(|component| component.merged.iter().copied().chain([component.profile]))
        .collect();
    let different = different(tx, &joined.into_iter().collect::<Vec<_>>()).await?;
    if different.is_empty() || !keep_apart(places, known, &different) {
        return Ok(found);
    }
    let mut found = components(places, known);
    for component in &mut found {
        let all: Vec<Id> = component.merged.iter().copied().chain([component.profile]).collect();
        // Whom a whole chain of records would join says nothing about anybody.
        component.too_large |=
            all.iter().any(|one| all.iter().any(|other| different.contains(&(*one, *other))));
    }
    Ok(found)
}

/// Pairs among these profiles that somebody found to be different people, in both orders.
pub(crate) async fn different(tx: &mut Tx, profiles: &[Id]) -> Result<BTreeSet<(Id, Id)>> {
    let mut pairs = BTreeSet::new();
    if profiles.len() < 2 {
        return Ok(pairs);
    }
    for chunk in profiles.chunks(CHUNK) {
        for (one, other) in tx.list::<(Id, Id)>(sql::different(chunk)).await? {
            pairs.extend([(one, other), (other, one)]);
        }
    }
    Ok(pairs)
}

/// Gives a node to a profile on the word of a member of staff and returns its id; refuses one that is somebody else's.
pub async fn attach(tx: &mut Tx, profile: Id, key: &Key) -> Result<Id> {
    let node = identify(tx, [key].into_iter()).await?.of(key);
    match tx.find::<Id>(sql::CURRENT_PROFILE, args![node]).await? {
        Some(owner) if owner == profile => return Ok(node),
        Some(_) => return Err(Problem::conflict("customers.profile.identifier_taken").with("kind", key.kind)),
        None => {}
    }
    let now = tx.now();
    tx.insert_many(sql::INSERT_NODES, vec![node_row(node, key, now)], sql::KEEP).await?;
    search::add_nodes(tx, &[(node, key)]).await?;
    tx.insert_many(sql::INSERT_MAP, vec![args![Id::new(), node, profile, now]], "").await?;
    // A profile's id is that of its oldest node.
    let (left, right) = (profile.min(node), profile.max(node));
    let by = tx.caller().find_user_id();
    let edge = args![Id::new(), left, right, MatchRule::Staff.as_str(), 1.0, "staff", now, by];
    tx.insert_many(sql::INSERT_EDGES, vec![edge], sql::KEEP).await?;
    Ok(node)
}

/// Returns the profile that a node belongs to now.
pub async fn current_profile(store: &Store, node: Id) -> Result<Id> {
    store.get(sql::CURRENT_PROFILE, args![node]).await
}

/// Returns the nodes of a profile, oldest first.
pub async fn of_profile(store: &Store, profile: Id) -> Result<Vec<Node>> {
    store.all(sql::OF_PROFILE, args![profile]).await
}

async fn owners(tx: &mut Tx, nodes: &[Id]) -> Result<Vec<sql::Owner>> {
    let mut owners = Vec::new();
    for chunk in nodes.chunks(CHUNK) {
        owners.extend(tx.list::<sql::Owner>(sql::owners(chunk)).await?);
    }
    Ok(owners)
}

/// Brings back people who were put away and are heard of again.
async fn revive(tx: &mut Tx, owners: &[sql::Owner]) -> Result<BTreeSet<Id>> {
    let archived: BTreeSet<Id> = owners.iter().filter(|o| o.is_archived).map(|o| o.profile_id).collect();
    for chunk in archived.iter().copied().collect::<Vec<_>>().chunks(CHUNK) {
        let now = tx.now();
        tx.exec_query(sql::revive(chunk, now)).await?;
    }
    Ok(archived)
}

async fn known(tx: &mut Tx, owners: &[sql::Owner]) -> Result<BTreeMap<Id, Known>> {
    let profiles: Vec<Id> =
        owners.iter().map(|o| o.profile_id).collect::<BTreeSet<_>>().into_iter().collect();
    let mut sizes: BTreeMap<Id, usize> = BTreeMap::new();
    for chunk in profiles.chunks(CHUNK) {
        for (_, profile) in tx.list::<(Id, Id)>(sql::nodes_of(chunk)).await? {
            *sizes.entry(profile).or_default() += 1;
        }
    }
    let known = |owner: &sql::Owner| Known {
        id: owner.profile_id,
        created_at: owner.created_at,
        nodes: sizes.get(&owner.profile_id).copied().unwrap_or_default(),
    };
    Ok(owners.iter().map(|owner| (owner.node_id, known(owner))).collect())
}

fn node_row(id: Id, key: &Key, now: kernel::Timestamp) -> Vec<Value> {
    let value = if key.is_sealed() { sealed(&key.value) } else { Value::from(&key.value) };
    args![id, key.kind.as_str(), value, now]
}

async fn store_new(tx: &mut Tx, found: &[Component], keys: &BTreeMap<Id, &Key>, source: &str) -> Result<()> {
    let (now, by) = (tx.now(), tx.caller().find_user_id());
    let (mut nodes, mut profiles, mut map, mut new) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for component in found {
        if component.is_new {
            profiles.push(args![component.profile, source, now, now, by]);
        }
        for node in &component.new_nodes {
            nodes.push(node_row(*node, keys[node], now));
            new.push((*node, keys[node]));
            map.push(args![Id::new(), *node, component.profile, now]);
        }
    }
    tx.insert_many(sql::INSERT_NODES, nodes, sql::KEEP).await?;
    search::add_nodes(tx, &new).await?;
    tx.insert_many(sql::INSERT_PROFILES, profiles, sql::KEEP).await?;
    tx.insert_many(sql::INSERT_MAP, map, sql::KEEP).await?;
    Ok(())
}

/// Writes why nodes of one record are one person: an edge from its first node to each other.
async fn store_edges(
    tx: &mut Tx,
    found: &[Component],
    records: &[Vec<Id>],
    source: &str,
    rule: MatchRule,
) -> Result<()> {
    let (now, by) = (tx.now(), tx.caller().find_user_id());
    let mut edges = Vec::new();
    let learned = found.iter().filter(|c| c.learns());
    for record in learned.flat_map(|c| &c.records).map(|place| &records[*place]) {
        let Some((first, others)) = record.split_first() else { continue };
        for other in others.iter().filter(|other| *other != first) {
            let (left, right) = (first.min(other), first.max(other));
            edges.push(args![Id::new(), *left, *right, rule.as_str(), 1.0, source, now, by]);
        }
    }
    tx.insert_many(sql::INSERT_EDGES, edges, sql::KEEP).await?;
    Ok(())
}

async fn choose_primary(tx: &mut Tx, found: &[Component]) -> Result<()> {
    let profiles: Vec<Id> = found.iter().filter(|c| c.learns()).map(|c| c.profile).collect();
    choose_primary_of(tx, &profiles).await
}

/// Chooses the addresses that stand on profiles, where none does.
pub(crate) async fn choose_primary_of(tx: &mut Tx, profiles: &[Id]) -> Result<()> {
    for chunk in profiles.chunks(CHUNK) {
        tx.exec_query(sql::choose_primary(chunk)).await?;
    }
    Ok(())
}
