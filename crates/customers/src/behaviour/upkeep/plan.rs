//! What is to be kept: the segments in use, and their conditions on events.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Id, Result, Timestamp};
use serde::Deserialize;
use store::{Store, args};

use super::sql;
use crate::behaviour::service::conditions;
use crate::condition::sql::and_holds;
use crate::condition::{Condition, Library, Setting};
use crate::segment;

/// Segment whose members are kept (实时人群).
#[derive(Debug)]
pub struct LiveSegment {
    /// Its id.
    pub id: Id,
    /// The definition that its members meet.
    pub version_id: Id,
    /// Its condition.
    pub tree: Condition,
    /// What it refers to.
    pub library: Library,
    /// The conditions on events in it; one without any is evaluated in full from time to time.
    pub keys: BTreeSet<String>,
    /// When it was evaluated in full; never with this definition where there is nothing.
    pub full_at: Option<Timestamp>,
    /// True where it has to be evaluated in full soon.
    pub is_due: bool,
}

/// What is to be kept (维护范围).
#[derive(Debug, Default)]
pub struct Plan {
    /// Conditions on events.
    pub conditions: BTreeMap<String, Condition>,
    /// The segments that ask for them.
    pub segments: Vec<LiveSegment>,
    /// Segments whose members were kept and are not any more.
    pub gone: Vec<Id>,
}

impl LiveSegment {
    /// Returns what its condition is asked with.
    pub fn setting(&self, now: Timestamp) -> Setting<'_> {
        Setting { library: &self.library, now }
    }
}

#[derive(Debug, Deserialize)]
struct Active {
    id: Id,
    version_id: Id,
    definition: Condition,
}

/// Returns a sum that changes whenever a segment does.
pub async fn fingerprint(store: &Store) -> Result<(i64, i64)> {
    store.get(sql::FINGERPRINT, args![]).await
}

/// A segment may refer to one that was put away: it must not keep the others from being written.
fn compiles(tree: &Condition, library: &Library, now: Timestamp) -> Result<()> {
    and_holds(&mut sql::people(), tree, Setting { library, now })
}

/// Reads what is to be kept; conditions that were given up are left to the job, and their segments with them.
pub async fn read(store: &Store, given_up: &BTreeSet<String>) -> Result<Plan> {
    let active: Vec<Active> = store.all(sql::ACTIVE, args![]).await?;
    let kept: Vec<(Id, Id, Timestamp)> = store.all(sql::KEPT, args![]).await?;
    let mut plan = Plan::default();
    for Active { id, version_id, definition } in active {
        let (library, _) = segment::library_of(store, &definition).await?;
        let found = conditions(std::iter::once(&definition).chain(library.values()));
        if found.keys().any(|key| given_up.contains(key)) {
            continue;
        }
        if let Err(problem) = compiles(&definition, &library, store.now()) {
            tracing::warn!(segment = %id, "the members of a segment are not kept: {problem}");
            continue;
        }
        let keys = found.keys().cloned().collect();
        plan.conditions.extend(found.into_iter().map(|(key, condition)| (key, condition.clone())));
        let known = kept.iter().find(|(segment, version, _)| (*segment, *version) == (id, version_id));
        let full_at = known.map(|(_, _, at)| *at);
        plan.segments.push(LiveSegment {
            id,
            version_id,
            tree: definition,
            library,
            keys,
            full_at,
            is_due: false,
        });
    }
    let live: BTreeSet<Id> = plan.segments.iter().map(|segment| segment.id).collect();
    plan.gone = kept.into_iter().map(|(id, ..)| id).filter(|id| !live.contains(id)).collect();
    Ok(plan)
}
