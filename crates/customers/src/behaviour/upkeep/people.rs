//! Whose each identifier is, as far as it was looked at: what is kept of somebody are the events of exactly these.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kernel::Id;

/// Whose identifiers are (归属表).
#[derive(Debug, Default)]
pub struct People {
    owners: HashMap<Id, Id>,
    /// How many identifiers each person has.
    nodes: HashMap<Id, u32>,
}

/// What follows where identifiers moved (归属变化).
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Moves {
    /// Whole people who became others, as (who stays, who goes).
    pub merges: Vec<(u128, u128)>,
    /// People to be read anew, with all identifiers that they have now.
    pub loads: BTreeMap<u128, Vec<Id>>,
    /// Profiles that have other identifiers than before.
    pub touched: BTreeSet<Id>,
}

/// Returns the number under which a profile is kept.
pub fn person(profile: Id) -> u128 {
    u128::from_be_bytes(profile.bytes())
}

/// Returns the number under which an identifier is kept that is nobody's: a profile may have the id of an identifier.
fn nobody(node: Id) -> u128 {
    !person(node)
}

/// Returns the profile that is kept under a number; none for an identifier. Every id has its variant's bit set.
pub fn profile(person: u128) -> Option<Id> {
    let bytes = person.to_be_bytes();
    (bytes[8] & 0x80 != 0).then(|| Id::from_bytes(bytes))
}

impl People {
    /// Begins with these, as (identifier, profile).
    pub fn new(owners: Vec<(Id, Id)>) -> Self {
        let mut nodes = HashMap::new();
        for (_, profile) in &owners {
            *nodes.entry(*profile).or_default() += 1;
        }
        Self { owners: owners.into_iter().collect(), nodes }
    }

    /// Returns under which number what an identifier did is kept.
    pub fn of(&self, node: Id) -> u128 {
        self.owners.get(&node).map_or_else(|| nobody(node), |profile| person(*profile))
    }

    /// Returns the identifiers of these people.
    pub fn nodes_of(&self, people: &BTreeSet<u128>) -> BTreeMap<u128, Vec<Id>> {
        let mut found: BTreeMap<u128, Vec<Id>> = people.iter().map(|person| (*person, Vec::new())).collect();
        for (node, owner) in &self.owners {
            if let Some(nodes) = found.get_mut(&person(*owner)) {
                nodes.push(*node);
            }
        }
        for (number, nodes) in &mut found {
            if profile(*number).is_none() {
                let node = Id::from_bytes((!*number).to_be_bytes());
                nodes.extend((!self.owners.contains_key(&node)).then_some(node));
            }
        }
        found
    }

    /// Returns identifiers that are somebody's here and are not among these.
    pub fn lacking(&self, owners: &[(Id, Id)]) -> Vec<Id> {
        let there: std::collections::HashSet<Id> = owners.iter().map(|(node, _)| *node).collect();
        self.owners.keys().filter(|node| !there.contains(node)).copied().collect()
    }

    /// Takes over whose identifiers are, as (identifier, profile or nobody); what is said last of one counts.
    pub fn take(&mut self, told: impl IntoIterator<Item = (Id, Option<Id>)>) -> Moves {
        let mut moved: HashMap<Id, (u128, u128)> = HashMap::new();
        for (node, owner) in told {
            let before = self.of(node);
            self.set(node, owner);
            let after = self.of(node);
            if before != after {
                moved.entry(node).or_insert((before, after)).1 = after;
            }
        }
        moved.retain(|_, (before, after)| before != after);
        let mut moves = Moves::default();
        let mut targets: HashMap<u128, BTreeSet<u128>> = HashMap::new();
        for (before, after) in moved.values() {
            targets.entry(*before).or_default().insert(*after);
            moves.touched.extend([*before, *after].into_iter().filter_map(profile));
        }
        self.sort_out(&targets, &mut moves);
        moves
    }

    fn set(&mut self, node: Id, owner: Option<Id>) {
        let before = match owner {
            Some(owner) => self.owners.insert(node, owner),
            None => self.owners.remove(&node),
        };
        if let Some(count) = before.and_then(|before| self.nodes.get_mut(&before)) {
            *count -= 1;
        }
        if let Some(before) = before.filter(|before| self.nodes.get(before) == Some(&0)) {
            self.nodes.remove(&before);
        }
        if let Some(owner) = owner {
            *self.nodes.entry(owner).or_default() += 1;
        }
    }

    /// Whoever went whole to one other, who lost nothing, is joined with them; everybody else is read anew.
    fn sort_out(&self, targets: &HashMap<u128, BTreeSet<u128>>, moves: &mut Moves) {
        let is_gone = |number: u128| profile(number).is_none_or(|profile| !self.nodes.contains_key(&profile));
        let whole_to = |from: u128, to: &BTreeSet<u128>| match to.first() {
            Some(into) if to.len() == 1 && is_gone(from) && !targets.contains_key(into) => Some(*into),
            _ => None,
        };
        let mut anew = BTreeSet::new();
        for (from, to) in targets {
            if whole_to(*from, to).is_none() {
                anew.insert(*from);
                anew.extend(to);
            }
        }
        for (from, to) in targets {
            match whole_to(*from, to) {
                Some(into) if anew.contains(&into) => {
                    anew.insert(*from);
                }
                Some(into) => moves.merges.push((into, *from)),
                None => {}
            }
        }
        if !anew.is_empty() {
            moves.loads = self.nodes_of(&anew);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u8) -> Id {
        Id::from_digest([number; 16])
    }

    #[test]
    fn an_identifier_and_the_profile_of_the_same_id_are_two() {
        let people = People::new(vec![(id(2), id(1))]);
        assert_eq!((people.of(id(2)), people.of(id(1))), (person(id(1)), nobody(id(1))));
        assert_eq!((profile(person(id(1))), profile(nobody(id(1)))), (Some(id(1)), None));
        let mut people = people;
        let moves = people.take([(id(1), Some(id(1)))]);
        assert_eq!(moves.merges, [(person(id(1)), nobody(id(1)))]);
        assert_eq!(moves.touched, [id(1)].into());
    }

    #[test]
    fn who_goes_whole_is_joined_and_who_goes_in_part_is_read_anew() {
        let mut people = People::new(vec![(id(1), id(1)), (id(2), id(2)), (id(3), id(2))]);
        let moves = people.take([(id(2), Some(id(1))), (id(3), Some(id(1)))]);
        assert_eq!((moves.merges, moves.loads.len()), (vec![(person(id(1)), person(id(2)))], 0));
        let moves = people.take([(id(3), Some(id(2)))]);
        assert!(moves.merges.is_empty());
        let mut here = moves.loads[&person(id(1))].clone();
        here.sort();
        assert_eq!((here, &moves.loads[&person(id(2))]), (vec![id(1), id(2)], &vec![id(3)]));
    }

    #[test]
    fn who_goes_to_somebody_who_is_read_anew_is_read_there() {
        let mut people = People::new(vec![(id(1), id(1)), (id(2), id(1)), (id(3), id(3)), (id(4), id(4))]);
        let moves = people.take([(id(2), Some(id(3))), (id(4), Some(id(3)))]);
        assert!(moves.merges.is_empty());
        assert_eq!(moves.loads[&person(id(4))], []);
        assert_eq!(moves.loads[&person(id(3))].len(), 3);
    }

    #[test]
    fn what_is_nobodys_again_is_read_anew() {
        let mut people = People::new(vec![(id(1), id(1)), (id(2), id(1))]);
        assert_eq!(people.lacking(&[(id(1), id(1))]), [id(2)]);
        let moves = people.take([(id(2), None), (id(2), None)]);
        assert_eq!(moves.loads[&nobody(id(2))], [id(2)]);
        assert_eq!(moves.loads[&person(id(1))], [id(1)]);
        assert_eq!(people.take([(id(2), None)]), Moves::default());
    }
}
