//! What serves what, and what leads nowhere.

use std::collections::{BTreeMap, BTreeSet};

use kernel::Id;

use super::{TraceLevel, TraceNode};

/// A record type on the map with the fields that say what its records serve.
pub struct Served {
    pub record: &'static str,
    pub level: TraceLevel,
    /// Fields that name what stands above it.
    pub up: &'static [&'static str],
    /// Fields that name what stands below it: a goal names the strategy that is to reach it.
    pub down: &'static [&'static str],
}

/// Record types of the map; one that no pack has, or a field that its type has not, is left out.
pub const RECORDS: [Served; 6] = [
    Served { record: "initiative", level: TraceLevel::Plan, up: &["plan", "goal"], down: &[] },
    Served {
        record: "plan",
        level: TraceLevel::Plan,
        up: &["parent", "strategy", "brand_strategy", "objective"],
        down: &[],
    },
    Served { record: "strategy", level: TraceLevel::Strategy, up: &["brand_plan", "objective"], down: &[] },
    Served { record: "brand_plan", level: TraceLevel::Strategy, up: &["brand_strategy"], down: &[] },
    Served { record: "brand_strategy", level: TraceLevel::Strategy, up: &[], down: &[] },
    Served {
        record: "goal",
        level: TraceLevel::Goal,
        up: &["parent"],
        down: &["strategy", "brand_strategy", "plan"],
    },
];

/// A thing as it was read: what it serves, and what serves it.
#[derive(Clone, Debug)]
pub struct Found {
    pub node: TraceNode,
    pub up: Vec<Id>,
    pub down: Vec<Id>,
}

/// Puts the map together: links in both directions become links upward, and what leads to no goal is an orphan.
pub fn map(found: Vec<Found>) -> Vec<TraceNode> {
    let known: BTreeSet<Id> = found.iter().map(|one| one.node.id).collect();
    let mut ups: BTreeMap<Id, BTreeSet<Id>> = BTreeMap::new();
    for one in &found {
        ups.entry(one.node.id).or_default().extend(one.up.iter().copied());
        for below in &one.down {
            ups.entry(*below).or_default().insert(one.node.id);
        }
    }
    let mut reached: BTreeSet<Id> =
        found.iter().filter(|one| one.node.level == TraceLevel::Goal).map(|one| one.node.id).collect();
    // What points off the map may lead to a goal that this caller does not see: it is nobody's fault.
    reached.extend(
        found
            .iter()
            .map(|one| one.node.id)
            .filter(|id| ups.get(id).is_some_and(|up| up.iter().any(|above| !known.contains(above)))),
    );
    while let Some(more) = next(&ups, &known, &reached) {
        reached.extend(more);
    }
    let shown = found.into_iter().map(|Found { node, .. }| {
        let up = ups.remove(&node.id).unwrap_or_default();
        let (here, elsewhere): (Vec<Id>, Vec<Id>) = up.into_iter().partition(|above| known.contains(above));
        TraceNode { orphan: !reached.contains(&node.id), up: here, up_elsewhere: elsewhere.len(), ..node }
    });
    shown.collect()
}

/// Returns what serves something that is reached and is not reached itself yet; nothing where there is no more.
fn next(ups: &BTreeMap<Id, BTreeSet<Id>>, known: &BTreeSet<Id>, reached: &BTreeSet<Id>) -> Option<Vec<Id>> {
    let more: Vec<Id> = ups
        .iter()
        .filter(|(id, up)| known.contains(id) && !reached.contains(id) && !up.is_disjoint(reached))
        .map(|(id, _)| *id)
        .collect();
    (!more.is_empty()).then_some(more)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(level: TraceLevel, up: &[Id], down: &[Id]) -> Found {
        let node = TraceNode {
            id: Id::new(),
            level,
            kind: level.as_str().to_owned(),
            title: String::new(),
            state_title: None,
            link: String::new(),
            up: Vec::new(),
            up_elsewhere: 0,
            orphan: false,
        };
        Found { node, up: up.to_vec(), down: down.to_vec() }
    }

    #[test]
    fn a_chain_leads_from_content_to_the_goal_and_a_goal_may_name_its_strategy() {
        let strategy = found(TraceLevel::Strategy, &[], &[]);
        let goal = found(TraceLevel::Goal, &[], &[strategy.node.id]);
        let plan = found(TraceLevel::Plan, &[strategy.node.id], &[]);
        let campaign = found(TraceLevel::Campaign, &[plan.node.id], &[]);
        let content = found(TraceLevel::Content, &[campaign.node.id], &[]);
        let (goal_id, strategy_id) = (goal.node.id, strategy.node.id);
        let nodes = map(vec![content, campaign, plan, strategy, goal]);
        assert!(nodes.iter().all(|node| !node.orphan), "{nodes:#?}");
        let shown = nodes.iter().find(|node| node.id == strategy_id).expect("on the map");
        assert_eq!(shown.up, [goal_id], "the link that the goal holds leads upward");
    }

    #[test]
    fn what_leads_to_no_goal_is_an_orphan_and_what_leads_off_the_map_is_not() {
        let plan = found(TraceLevel::Plan, &[], &[]);
        let lost = found(TraceLevel::Content, &[plan.node.id], &[]);
        let hidden = found(TraceLevel::Campaign, &[Id::new()], &[]);
        let nodes = map(vec![lost, plan, hidden]);
        let orphans: Vec<bool> = nodes.iter().map(|node| node.orphan).collect();
        assert_eq!(orphans, [true, true, false]);
        assert_eq!(nodes[2].up_elsewhere, 1);
    }

    #[test]
    fn things_that_serve_each_other_end_the_walk() {
        let mut one = found(TraceLevel::Plan, &[], &[]);
        let other = found(TraceLevel::Plan, &[one.node.id], &[]);
        one.up.push(other.node.id);
        assert!(map(vec![one, other]).iter().all(|node| node.orphan));
    }
}
