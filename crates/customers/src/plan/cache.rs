use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use kernel::{Id, Result};
use lake::Event;
use serde::Deserialize;
use serde_json::Map;
use store::{Store, args};

use super::rules::{self, Verdict};
use super::{BreachReason, PlanDefinition, PlanState, PlannedKind, sql};

/// How long the plan in memory is believed: a change on another node holds here after this.
const BELIEVED: Duration = Duration::from_secs(2);

/// The plan in memory (方案缓存): events come too often to ask the database for each. It is read again only where its
/// version moved.
#[derive(Clone, Debug, Default)]
pub struct EventPlan(Arc<RwLock<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    plan: Arc<Plan>,
    version: i64,
    asked_at: Option<Instant>,
}

/// The definitions that are in force or were.
#[derive(Debug, Default)]
pub struct Plan(HashMap<PlannedKind, HashMap<String, PlanDefinition>>);

#[derive(Deserialize)]
struct Row {
    kind: PlannedKind,
    name: String,
    definition: PlanDefinition,
}

impl EventPlan {
    /// Returns the plan.
    pub async fn current(&self, store: &Store) -> Result<Arc<Plan>> {
        let (plan, version, age) = self.look();
        if age.is_some_and(|age| age < BELIEVED) {
            return Ok(plan);
        }
        let now: i64 = store.get(sql::PLAN_VERSION, args![]).await?;
        let plan = if age.is_some() && now == version { plan } else { Arc::new(read(store).await?) };
        *self.0.write().unwrap_or_else(PoisonError::into_inner) =
            Kept { plan: plan.clone(), version: now, asked_at: Some(Instant::now()) };
        Ok(plan)
    }

    fn look(&self) -> (Arc<Plan>, i64, Option<Duration>) {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
        (kept.plan.clone(), kept.version, kept.asked_at.map(|at| at.elapsed()))
    }

    /// Makes the next event read the plan anew: this node changed it.
    pub fn forget(&self) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).asked_at = None;
    }
}

async fn read(store: &Store) -> Result<Plan> {
    let rows: Vec<Row> = store.all(sql::IN_FORCE, args![]).await?;
    let mut plan = Plan::default();
    for row in rows {
        plan.0.entry(row.kind).or_default().insert(row.name, row.definition);
    }
    Ok(plan)
}

impl Plan {
    fn find(&self, kind: PlannedKind, name: &str) -> Option<&PlanDefinition> {
        // Only track events are planned by name.
        let name = if kind == PlannedKind::Track { name } else { "" };
        self.0.get(&kind)?.get(name)
    }

    /// Returns true where a track event of this name is planned.
    pub fn names(&self, name: &str) -> bool {
        self.find(PlannedKind::Track, name).is_some()
    }

    /// Holds an event of a source against the plan. Pages, screens and identify calls need no definition.
    pub fn judge(&self, source: Id, event: &Event) -> Verdict {
        let Some(kind) = rules::planned_kind(event.kind) else { return Verdict::default() };
        let breach = |reason| Verdict { violations: vec![rules::of_event(reason)], absent: Vec::new() };
        let found = self.find(kind, &event.name);
        match found.filter(|found| found.sources.is_empty() || found.sources.contains(&source)) {
            None if kind == PlannedKind::Track => breach(BreachReason::NotPlanned),
            None => Verdict::default(),
            Some(found) if found.state == PlanState::Retired => breach(BreachReason::Retired),
            Some(found) => {
                let properties: Map<String, serde_json::Value> =
                    serde_json::from_str(&event.properties).unwrap_or_default();
                rules::judge(kind, found, &properties)
            }
        }
    }
}
