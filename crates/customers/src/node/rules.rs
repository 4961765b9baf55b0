use std::collections::{BTreeMap, BTreeSet};

use kernel::{Id, Timestamp};
use sha2::{Digest, Sha256};
use store::secrets::Signer;

use super::NodeKind;

/// Longest identifier, in characters.
const VALUE_MAX: usize = 200;
/// Most identifiers of one person: a value that everybody gives (`none@none.com`) must not glue them together.
pub const NODES_PER_PROFILE_MAX: usize = 50;

/// An identifier after normalisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// What it is.
    pub kind: NodeKind,
    /// The value, normalised.
    pub value: String,
}

impl Key {
    /// Normalises a value as sources spell it; the code of the refusal where it is none of its kind.
    pub fn new(kind: NodeKind, text: &str) -> Result<Self, &'static str> {
        let text = text.trim();
        if text.is_empty() || text.chars().count() > VALUE_MAX || text.chars().any(char::is_control) {
            return Err("customers.node.invalid");
        }
        let value = match kind {
            NodeKind::Email => email(text).ok_or("customers.node.email_invalid")?,
            NodeKind::Mobile => mobile(text).ok_or("customers.node.mobile_invalid")?,
            NodeKind::MemberNumber | NodeKind::UserId | NodeKind::AnonymousId => text.to_owned(),
        };
        Ok(Self { kind, value })
    }

    /// Returns the id under which a new node is kept.
    ///
    /// There are few enough mobile numbers to try them all, and addresses follow from names: a digest that everybody can
    /// compute would tell them, so that of these is keyed. Accounts and devices are named by events, which come in
    /// without asking any database.
    pub fn id(&self, digest: &Signer) -> Id {
        match self.kind {
            NodeKind::Email | NodeKind::Mobile => {
                let text = [self.kind.as_str().as_bytes(), &[0], self.value.as_bytes()].concat();
                Id::from_digest(first_half(&digest.sign(&text)))
            }
            NodeKind::MemberNumber | NodeKind::UserId | NodeKind::AnonymousId => self.older_id(),
        }
    }

    /// Returns the id under which a node is kept that is from before values were sealed.
    pub fn older_id(&self) -> Id {
        node_id(self.kind, &self.value)
    }

    /// Returns true where the value lies sealed: it names or reaches somebody. A card's number says who it is only to the
    /// company, and that of a browser to nobody.
    pub fn is_sealed(&self) -> bool {
        matches!(self.kind, NodeKind::Email | NodeKind::Mobile | NodeKind::UserId)
    }
}

/// Returns the id that belongs to a normalised identifier for ever, where that is not keyed.
pub fn node_id(kind: NodeKind, value: &str) -> Id {
    let mut hash = Sha256::new();
    hash.update(kind.as_str());
    hash.update([0]);
    hash.update(value);
    Id::from_digest(first_half(&hash.finalize().into()))
}

fn first_half(digest: &[u8; 32]) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    bytes
}

/// Lower case throughout: no mail server in use tells `Anna@` from `anna@`.
fn email(text: &str) -> Option<String> {
    let (local, domain) = text.rsplit_once('@')?;
    let plain =
        |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || "@<>,;".contains(c));
    let dotted = domain.contains('.') && domain.split('.').all(|label| !label.is_empty());
    (plain(local) && plain(domain) && dotted).then(|| text.to_lowercase())
}

/// International form; eleven digits that begin with 1 are a Chinese number without its country code.
fn mobile(text: &str) -> Option<String> {
    let bare: String = text.chars().filter(|c| !c.is_whitespace() && !"-.()（）".contains(*c)).collect();
    let (plus, digits) = match bare.strip_prefix('+').or_else(|| bare.strip_prefix("00")) {
        Some(rest) => (true, rest),
        None => (false, bare.as_str()),
    };
    if !(5..=18).contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some(match digits.len() {
        11 if !plus && digits.starts_with('1') => format!("+86{digits}"),
        13 if !plus && digits.starts_with("861") => format!("+{digits}"),
        _ if plus => format!("+{digits}"),
        _ => digits.to_owned(),
    })
}

/// A profile as the match needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its id.
    pub id: Id,
    /// When its oldest node was first seen.
    pub created_at: Timestamp,
    /// How many nodes it has now.
    pub nodes: usize,
}

/// People who turn out to be one, and what is to be done about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Component {
    /// Places of its records in the input.
    pub records: Vec<usize>,
    /// The profile that stays; the first new node's id where nobody was known.
    pub profile: Id,
    /// True where nobody was known.
    pub is_new: bool,
    /// Nodes that were not known before.
    pub new_nodes: Vec<Id>,
    /// Profiles that turn out to be the same person.
    pub merged: Vec<Id>,
    /// True where it would grow beyond all reason: nothing is done then.
    pub too_large: bool,
}

impl Component {
    /// Returns true where an identifier is new or people turn out to be one.
    pub fn learns(&self) -> bool {
        !self.new_nodes.is_empty() || !self.merged.is_empty()
    }
}

/// Puts records together that share a node or a known profile.
///
/// `known` tells whose each node is already. The oldest profile stays.
pub fn components(records: &[Vec<Id>], known: &BTreeMap<Id, Known>) -> Vec<Component> {
    let mut groups = Groups::new(records.len());
    let mut first_of_node = BTreeMap::new();
    let mut first_of_profile = BTreeMap::new();
    for (place, record) in records.iter().enumerate() {
        for node in record {
            groups.join(place, *first_of_node.entry(*node).or_insert(place));
            if let Some(profile) = known.get(node) {
                groups.join(place, *first_of_profile.entry(profile.id).or_insert(place));
            }
        }
    }
    groups.all().into_values().filter_map(|places| component(places, records, known)).collect()
}

fn component(places: Vec<usize>, records: &[Vec<Id>], known: &BTreeMap<Id, Known>) -> Option<Component> {
    let mut seen = BTreeSet::new();
    let mut new_nodes = Vec::new();
    let mut profiles: BTreeMap<Id, Known> = BTreeMap::new();
    for node in places.iter().flat_map(|place| &records[*place]) {
        match known.get(node) {
            Some(profile) => drop(profiles.insert(profile.id, *profile)),
            None if seen.insert(*node) => new_nodes.push(*node),
            None => {}
        }
    }
    let mut oldest_first: Vec<Known> = profiles.into_values().collect();
    oldest_first.sort_by_key(|profile| (profile.created_at, profile.id));
    let size = new_nodes.len() + oldest_first.iter().map(|p| p.nodes).sum::<usize>();
    let mut found = Component {
        profile: oldest_first.first().map(|p| p.id).or_else(|| new_nodes.first().copied())?,
        is_new: oldest_first.is_empty(),
        merged: oldest_first.iter().skip(1).map(|p| p.id).collect(),
        too_large: false,
        records: places,
        new_nodes,
    };
    found.too_large = found.learns() && size > NODES_PER_PROFILE_MAX;
    Some(found)
}

/// Takes out of each record what would join people whom somebody found to be different: the record is about whom its
/// first identifier says, and what is somebody else's is not taken from it.
///
/// `different` holds both orders of each pair. Returns true where anything was taken out.
pub fn keep_apart(
    records: &mut [Vec<Id>],
    known: &BTreeMap<Id, Known>,
    different: &BTreeSet<(Id, Id)>,
) -> bool {
    let mut told_by: BTreeMap<Id, Id> = BTreeMap::new();
    let mut any = false;
    for record in records {
        let owner = |node: &Id| known.get(node).map(|profile| profile.id);
        let Some(about) = record.iter().find_map(owner) else { continue };
        let before = record.len();
        record.retain(|node| match owner(node) {
            Some(other) => !different.contains(&(about, other)),
            // A new identifier goes to the first that names it.
            None => !different.contains(&(about, *told_by.entry(*node).or_insert(about))),
        });
        any |= record.len() < before;
    }
    any
}

/// Disjoint sets of places.
struct Groups(Vec<usize>);

impl Groups {
    fn new(size: usize) -> Self {
        Self((0..size).collect())
    }

    fn root(&mut self, mut place: usize) -> usize {
        while self.0[place] != place {
            self.0[place] = self.0[self.0[place]];
            place = self.0[place];
        }
        place
    }

    fn join(&mut self, left: usize, right: usize) {
        let (left, right) = (self.root(left), self.root(right));
        // The smaller place leads, so that the result does not depend on the order of joins.
        self.0[left.max(right)] = left.min(right);
    }

    fn all(&mut self) -> BTreeMap<usize, Vec<usize>> {
        let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for place in 0..self.0.len() {
            groups.entry(self.root(place)).or_default().push(place);
        }
        groups
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(name: &str) -> Id {
        node_id(NodeKind::UserId, name)
    }

    fn known(entries: &[(&str, &str, i64)]) -> BTreeMap<Id, Known> {
        let profile = |of: &str, at| Known { id: id(of), created_at: Timestamp::from_ms(at), nodes: 1 };
        entries.iter().map(|(node, of, at)| (id(node), profile(of, *at))).collect()
    }

    #[test]
    fn spellings_of_one_identifier_are_one_node() {
        let same = |kind, a, b| assert_eq!(Key::new(kind, a).expect(a), Key::new(kind, b).expect(b));
        same(NodeKind::Email, " Anna.Li@Example.invalid ", "anna.li@example.invalid");
        same(NodeKind::Mobile, "+86 101-2345-6789", "10123456789");
        same(NodeKind::Mobile, "0086 10123456789", "8610123456789");
        assert_ne!(node_id(NodeKind::UserId, "5"), node_id(NodeKind::MemberNumber, "5"));
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in ["anna", "a@b", "a b@c.de", "@c.de", "a@.de", "a@b.c,d@e.f", ""] {
            assert!(Key::new(NodeKind::Email, text).is_err(), "{text}");
        }
        for text in ["12", "call me", "+", "1234567890123456789"] {
            assert!(Key::new(NodeKind::Mobile, text).is_err(), "{text}");
        }
    }

    #[test]
    fn records_that_share_an_identifier_are_one_person() {
        let records = [vec![id("m1"), id("e1")], vec![id("m2")], vec![id("e1"), id("p1")]];
        let found = components(&records, &BTreeMap::new());
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].records, [0, 2]);
        assert_eq!(found[0].new_nodes, [id("m1"), id("e1"), id("p1")]);
        assert!(found[0].is_new && found[0].profile == id("m1"));
        assert_eq!(found[1].records, [1]);
    }

    #[test]
    fn the_oldest_profile_stays() {
        let records = [vec![id("e1"), id("m1"), id("p1")]];
        let found = components(&records, &known(&[("e1", "young", 20), ("m1", "old", 10)]));
        assert_eq!(found[0].profile, id("old"));
        assert_eq!(found[0].merged, [id("young")]);
        assert_eq!(found[0].new_nodes, [id("p1")]);
    }

    #[test]
    fn different_people_are_not_joined_again() {
        let known = known(&[("m1", "one", 1), ("m2", "two", 2), ("p", "one", 1)]);
        let different = BTreeSet::from([(id("one"), id("two")), (id("two"), id("one"))]);
        let mut records = [
            vec![id("m2"), id("p")],
            vec![id("m1"), id("new")],
            vec![id("m2"), id("new")],
            vec![id("m3"), id("p")],
        ];
        assert!(keep_apart(&mut records, &known, &different));
        assert_eq!(
            records,
            [vec![id("m2")], vec![id("m1"), id("new")], vec![id("m2")], vec![id("m3"), id("p")],]
        );
        assert!(components(&records, &known).iter().all(|found| found.merged.is_empty()));
        assert!(!keep_apart(&mut records, &known, &different), "nothing is left to take out");
    }

    #[test]
    fn an_identifier_that_everybody_gives_glues_nobody() {
        let shared = id("none@none.com");
        let records: Vec<Vec<Id>> = (0..60).map(|n| vec![id(&format!("m{n}")), shared]).collect();
        let found = components(&records, &BTreeMap::new());
        assert!(found.len() == 1 && found[0].too_large);
        // Nothing grows when everything is known already.
        let mut of_one = known(&[("a", "a", 1)]);
        of_one.get_mut(&id("a")).expect("just put in").nodes = 90;
        assert!(!components(&[vec![id("a")]], &of_one)[0].too_large);
    }
}
