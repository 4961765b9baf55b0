//! How a component of identifiers falls apart again when a merge is undone.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use kernel::Id;

/// A decision that two nodes are one person, with its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// Its id.
    pub id: Id,
    /// One node.
    pub left: Id,
    /// The other.
    pub right: Id,
}

/// What goes and what is retracted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Split {
    /// Nodes that go back.
    pub away: BTreeSet<Id>,
    /// Edges between both sides.
    pub retracted: Vec<Id>,
}

/// Parts a component: `came` are the nodes that a merge brought, `stays` those that were there before.
///
/// What was learned since goes with whom it hangs together with; what hangs together with both, or with neither, stays.
pub fn split(nodes: &BTreeSet<Id>, edges: &[Edge], came: &BTreeSet<Id>, stays: &BTreeSet<Id>) -> Split {
    let mut next: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
    for edge in edges {
        next.entry(edge.left).or_default().push(edge.right);
        next.entry(edge.right).or_default().push(edge.left);
    }
    let with_those = reached(&next, nodes, came, stays);
    let with_these = reached(&next, nodes, stays, came);
    let away: BTreeSet<Id> = with_those.difference(&with_these).copied().collect();
    let crosses = |edge: &&Edge| away.contains(&edge.left) != away.contains(&edge.right);
    Split { retracted: edges.iter().filter(crosses).map(|edge| edge.id).collect(), away }
}

/// Everything that can be reached from `seeds` without passing through `barred`.
fn reached(
    next: &BTreeMap<Id, Vec<Id>>,
    nodes: &BTreeSet<Id>,
    seeds: &BTreeSet<Id>,
    barred: &BTreeSet<Id>,
) -> BTreeSet<Id> {
    let mut seen: BTreeSet<Id> = seeds.intersection(nodes).copied().collect();
    let mut queue: VecDeque<Id> = seen.iter().copied().collect();
    while let Some(node) = queue.pop_front() {
        for other in next.get(&node).into_iter().flatten() {
            if nodes.contains(other) && !barred.contains(other) && seen.insert(*other) {
                queue.push_back(*other);
            }
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::super::NodeKind;
    use super::super::rules::node_id;
    use super::*;

    fn id(name: &str) -> Id {
        node_id(NodeKind::UserId, name)
    }

    fn ids(names: &str) -> BTreeSet<Id> {
        names.split_whitespace().map(id).collect()
    }

    fn edges(pairs: &[&str]) -> Vec<Edge> {
        let edge = |pair: &&str| {
            let (left, right) = pair.split_once('-').expect("two nodes");
            Edge { id: id(pair), left: id(left), right: id(right) }
        };
        pairs.iter().map(edge).collect()
    }

    #[test]
    fn what_a_merge_brought_goes_back_whole() {
        let graph = edges(&["a-b", "b-c", "c-d"]);
        let found = split(&ids("a b c d"), &graph, &ids("c d"), &ids("a b"));
        assert_eq!(found.away, ids("c d"));
        assert_eq!(found.retracted, [id("b-c")]);
    }

    #[test]
    fn what_was_learned_since_goes_with_whom_it_belongs_to() {
        let graph = edges(&["a-c", "c-new", "a-other", "a-both", "c-both"]);
        let found = split(&ids("a c new other both loose"), &graph, &ids("c"), &ids("a"));
        assert_eq!(found.away, ids("c new"), "what hangs on both or on neither stays");
        assert_eq!(found.retracted, [id("a-c"), id("c-both")]);
    }

    #[test]
    fn what_has_left_since_is_not_looked_for() {
        let found = split(&ids("a b"), &edges(&["a-b"]), &ids("b gone"), &ids("a"));
        assert_eq!(found.away, ids("b"));
    }
}
