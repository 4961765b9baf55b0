use http_kit::StandIn;
use kernel::{Id, Timestamp};
use serde::Deserialize;

/// Longest chain of people who stand in for each other.
pub const CHAIN_MAX: usize = 3;
/// Longest window: what lasts longer is another job, not a delegation.
pub const DAYS_MAX: i64 = 366;

/// A delegation as the rules see it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Link {
    /// Its id.
    pub id: Id,
    /// For whom.
    pub from_user_id: Id,
    /// Who stands in.
    pub to_user_id: Id,
    /// Kinds of tasks; all of them where the list is empty.
    pub task_kinds: Vec<String>,
    /// Its first moment.
    pub valid_from: Timestamp,
    /// The moment before which it ends.
    pub valid_to: Timestamp,
}

impl Link {
    fn covers(&self, kind: &str, at: Timestamp) -> bool {
        self.valid_from <= at
            && at < self.valid_to
            && (self.task_kinds.is_empty() || self.task_kinds.iter().any(|k| k == kind))
    }
}

/// Why a delegation is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It would come back to where it began.
    Circle,
    /// Too many people would stand in for each other.
    TooLong,
}

/// What several delegations have in common: a window and kinds of tasks.
#[derive(Clone)]
struct Common {
    from: Timestamp,
    to: Timestamp,
    /// Empty: all kinds.
    kinds: Vec<String>,
}

impl Common {
    fn of(link: &Link) -> Self {
        Self { from: link.valid_from, to: link.valid_to, kinds: link.task_kinds.clone() }
    }

    /// Narrows to what a further delegation has in common; `None` where there is nothing.
    fn with(&self, link: &Link) -> Option<Self> {
        let (from, to) = (self.from.max(link.valid_from), self.to.min(link.valid_to));
        let kinds = match (self.kinds.is_empty(), link.task_kinds.is_empty()) {
            (true, _) => link.task_kinds.clone(),
            (false, true) => self.kinds.clone(),
            (false, false) => {
                let both: Vec<String> =
                    self.kinds.iter().filter(|kind| link.task_kinds.contains(kind)).cloned().collect();
                if both.is_empty() {
                    return None;
                }
                both
            }
        };
        (from < to).then_some(Self { from, to, kinds })
    }
}

/// Checks a new delegation against those that are there: no circle, no chain that is too long, at no moment.
pub fn check(links: &[Link], new: &Link) -> Result<(), Fault> {
    if new.from_user_id == new.to_user_id {
        return Err(Fault::Circle);
    }
    for (common, after) in paths(links, &Common::of(new), new)? {
        let before = longest(links, &common, new.from_user_id, new.to_user_id, 0)?;
        if before + 1 + after > CHAIN_MAX {
            return Err(Fault::TooLong);
        }
    }
    Ok(())
}

/// Returns every way on from whoever stands in, with what it has in common and its length.
fn paths(links: &[Link], common: &Common, new: &Link) -> Result<Vec<(Common, usize)>, Fault> {
    let mut found = vec![(common.clone(), 0)];
    let mut open = vec![(common.clone(), new.to_user_id, 0)];
    while let Some((common, at, length)) = open.pop() {
        for link in links.iter().filter(|link| link.from_user_id == at) {
            let Some(narrowed) = common.with(link) else { continue };
            if link.to_user_id == new.from_user_id {
                return Err(Fault::Circle);
            }
            if length + 1 >= CHAIN_MAX {
                return Err(Fault::TooLong);
            }
            found.push((narrowed.clone(), length + 1));
            open.push((narrowed, link.to_user_id, length + 1));
        }
    }
    Ok(found)
}

/// Returns the length of the longest chain that leads to `at`.
fn longest(links: &[Link], common: &Common, at: Id, stop: Id, depth: usize) -> Result<usize, Fault> {
    if depth > CHAIN_MAX {
        return Err(Fault::TooLong);
    }
    let mut most = 0;
    for link in links.iter().filter(|link| link.to_user_id == at) {
        let Some(narrowed) = common.with(link) else { continue };
        if link.from_user_id == stop {
            return Err(Fault::Circle);
        }
        most = most.max(1 + longest(links, &narrowed, link.from_user_id, stop, depth + 1)?);
    }
    Ok(most)
}

/// Returns who stands in for these people: chains are followed to their bound, circles and people who may not act
/// are not.
pub fn stand_ins(
    links: &[Link],
    people: &[Id],
    kind: &str,
    at: Timestamp,
    may_act: impl Fn(Id) -> bool,
) -> Vec<StandIn> {
    let now: Vec<&Link> = links.iter().filter(|link| link.covers(kind, at)).collect();
    let mut found: Vec<StandIn> = Vec::new();
    for person in people {
        let mut seen = vec![*person];
        let mut wave = vec![*person];
        for _ in 0..CHAIN_MAX {
            let mut next = Vec::new();
            for link in now.iter().filter(|link| wave.contains(&link.from_user_id)) {
                let deputy = link.to_user_id;
                if seen.contains(&deputy) || !may_act(deputy) {
                    continue;
                }
                seen.push(deputy);
                next.push(deputy);
                found.push(StandIn { deputy_id: deputy, for_id: *person, delegation_id: link.id });
            }
            wave = next;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: i64) -> Timestamp {
        Timestamp::from_ms(0).plus_days(day)
    }

    fn link(from: Id, to: Id, days: (i64, i64), kinds: &[&str]) -> Link {
        Link {
            id: Id::new(),
            from_user_id: from,
            to_user_id: to,
            task_kinds: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
            valid_from: at(days.0),
            valid_to: at(days.1),
        }
    }

    fn deputies(links: &[Link], person: Id, kind: &str, day: i64) -> Vec<Id> {
        stand_ins(links, &[person], kind, at(day), |_| true).iter().map(|found| found.deputy_id).collect()
    }

    #[test]
    fn a_window_begins_with_its_first_moment_and_ends_before_its_last() {
        let (a, b) = (Id::new(), Id::new());
        let links = [link(a, b, (1, 3), &[])];
        assert!(deputies(&links, a, "x", 0).is_empty());
        assert_eq!(deputies(&links, a, "x", 1), [b]);
        assert_eq!(deputies(&links, a, "x", 2), [b]);
        assert!(deputies(&links, a, "x", 3).is_empty());
        // Two windows that touch never overlap.
        assert_eq!(check(&links, &link(b, a, (3, 5), &[])), Ok(()));
        assert_eq!(check(&links, &link(b, a, (2, 5), &[])), Err(Fault::Circle));
    }

    #[test]
    fn a_chain_is_followed_to_its_bound() {
        let people: Vec<Id> = (0..6).map(|_| Id::new()).collect();
        let chain: Vec<Link> = people.windows(2).map(|two| link(two[0], two[1], (0, 9), &[])).collect();
        assert_eq!(deputies(&chain, people[0], "x", 1), people[1..=CHAIN_MAX]);
        assert_eq!(check(&chain[..2], &chain[2]), Ok(()));
        assert_eq!(check(&chain[..3], &chain[3]), Err(Fault::TooLong));
        // In the middle and at the front it is as long.
        assert_eq!(
            check(&[chain[0].clone(), chain[2].clone(), chain[3].clone()], &chain[1]),
            Err(Fault::TooLong)
        );
        assert_eq!(check(&chain[1..4], &chain[0]), Err(Fault::TooLong));
        // At another time or for other work it is none.
        assert_eq!(check(&chain[..3], &link(people[3], people[4], (9, 12), &[])), Ok(()));
    }

    #[test]
    fn kinds_of_work_are_delegated_one_by_one() {
        let (a, b) = (Id::new(), Id::new());
        let links = [link(a, b, (0, 9), &["x"])];
        assert!(deputies(&links, a, "y", 1).is_empty());
        assert_eq!(check(&links, &link(b, a, (0, 9), &["y"])), Ok(()));
        assert_eq!(check(&links, &link(b, a, (0, 9), &[])), Err(Fault::Circle));
    }

    #[test]
    fn circles_are_not_followed_and_who_left_stands_in_for_nobody() {
        let (a, b, c) = (Id::new(), Id::new(), Id::new());
        let links = [link(a, b, (0, 9), &[]), link(b, a, (0, 9), &[]), link(a, c, (0, 9), &[])];
        assert_eq!(deputies(&links, a, "x", 1), [b, c]);
        let found = stand_ins(&links, &[a], "x", at(1), |id| id != b);
        assert_eq!(found.iter().map(|f| f.deputy_id).collect::<Vec<_>>(), [c]);
        assert_eq!(check(&links[..1], &link(a, a, (0, 9), &[])), Err(Fault::Circle));
    }
}
