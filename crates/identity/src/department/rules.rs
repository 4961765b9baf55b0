use std::collections::HashMap;

use kernel::Id;

use super::{Department, ScopeGap};
use crate::user::UserState;

/// Deepest tree of departments.
pub const DEPTH_MAX: usize = 12;

/// Returns `root` and all departments below it.
pub fn subtree(parents: &[(Id, Option<Id>)], root: Id) -> Vec<Id> {
    let mut found = vec![root];
    let mut next = 0;
    while let Some(&above) = found.get(next) {
        next += 1;
        for (id, parent) in parents {
            if *parent == Some(above) && !found.contains(id) {
                found.push(*id);
            }
        }
    }
    found
}

/// Returns true where `id` may stand below `parent`: no circle, and no deeper than allowed.
pub fn may_stand_below(parents: &[(Id, Option<Id>)], id: Id, parent: Id) -> bool {
    let above: HashMap<Id, Option<Id>> = parents.iter().copied().collect();
    let mut depth = 1;
    let mut at = Some(parent);
    while let Some(place) = at {
        if place == id || depth >= DEPTH_MAX {
            return false;
        }
        depth += 1;
        at = above.get(&place).copied().flatten();
    }
    true
}

/// Returns what keeps a department that the rules bind from answering for them.
pub fn gaps(department: &Department) -> Vec<ScopeGap> {
    if !department.in_scope {
        return Vec::new();
    }
    let headless = department.head_state != Some(UserState::Active);
    let found = [
        (department.people == 0, ScopeGap::NoUser),
        (headless, ScopeGap::NoHead),
        (department.clauses == 0, ScopeGap::NoClause),
    ];
    found.into_iter().filter_map(|(is, gap)| is.then_some(gap)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_department_reaches_those_below_and_never_stands_below_itself() {
        let [a, b, c, d] = [Id::new(), Id::new(), Id::new(), Id::new()];
        let tree = [(a, None), (b, Some(a)), (c, Some(b)), (d, None)];
        assert_eq!(subtree(&tree, a), [a, b, c]);
        assert_eq!(subtree(&tree, d), [d]);
        assert!(may_stand_below(&tree, d, c));
        assert!(!may_stand_below(&tree, a, c));
        assert!(!may_stand_below(&tree, a, a));
    }

    #[test]
    fn a_tree_has_an_end() {
        let ids: Vec<Id> = (0..DEPTH_MAX + 2).map(|_| Id::new()).collect();
        let tree: Vec<_> =
            ids.iter().enumerate().map(|(n, id)| (*id, n.checked_sub(1).map(|p| ids[p]))).collect();
        assert!(may_stand_below(&tree, Id::new(), ids[DEPTH_MAX - 2]));
        assert!(!may_stand_below(&tree, Id::new(), ids[DEPTH_MAX]));
    }
}
