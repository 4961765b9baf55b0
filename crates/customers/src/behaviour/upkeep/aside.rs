//! People who have more events than are kept: what conditions say of them is found out from the lake, now and then.

use std::collections::{BTreeSet, HashMap};

use kernel::{MINUTE_MS, Result};

use super::keeper::Keeper;
use crate::behaviour::service::holds;

/// How often.
const EVERY_MS: i64 = 5 * MINUTE_MS;

impl Keeper {
    /// Finds out what holds for those who were put aside, where it is time.
    pub(super) async fn look_at_aside(&mut self) -> Result<()> {
        let Some(state) = &mut self.state else { return Ok(()) };
        let now = self.app.store.now();
        let people: BTreeSet<u128> = state.live.aside().collect();
        let is_fresh = state.aside_at.is_some_and(|at| now.ms() - at.ms() < EVERY_MS);
        if is_fresh || (people.is_empty() && state.aside.is_empty()) {
            return Ok(());
        }
        let nodes = state.people.nodes_of(&people);
        let Some(done) = self.done_by(&nodes, now).await? else { return Ok(()) };
        let Some(state) = &mut self.state else { return Ok(()) };
        let mut found = HashMap::new();
        for (condition, id) in state.leaves.values() {
            for (person, events) in &done {
                found.insert((*id, *person), holds(condition, events, now));
            }
        }
        state.dirty.extend(found.keys().chain(state.aside.keys()).copied());
        (state.aside, state.aside_at) = (found, Some(now));
        Ok(())
    }
}
