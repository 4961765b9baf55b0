use std::collections::{BTreeMap, BTreeSet};

use super::{FieldSpec, RecordType};
use crate::expr::Kind;

/// A column of the table of records (列槽) in which a field stands, besides its place in the whole document.
///
/// Records are documents with columns for what lists filter and sort by: a type needs no table of its own, a new
/// version no migration, and both databases run the same statements. `docs/performance.md` has the figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot {
    pub class: Class,
    /// From 1.
    pub number: u8,
}

/// Kind of a slot's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Text.
    Text,
    /// Whole numbers, times and lengths of time.
    Whole,
    /// Numbers with a fraction.
    Real,
    /// Yes or no.
    Truth,
}

impl Class {
    /// Returns how many slots of the class there are; the first ones are indexed.
    const fn size(self) -> u8 {
        match self {
            Self::Text | Self::Whole => 24,
            Self::Real | Self::Truth => 8,
        }
    }

    const fn letter(self) -> char {
        match self {
            Self::Text => 's',
            Self::Whole => 'n',
            Self::Real => 'r',
            Self::Truth => 'b',
        }
    }

    /// Returns the class for values of a kind.
    pub fn of(kind: Kind) -> Self {
        match kind {
            Kind::Text => Self::Text,
            Kind::Integer | Kind::Time | Kind::Duration | Kind::TimeRange => Self::Whole,
            Kind::Real => Self::Real,
            Kind::Boolean => Self::Truth,
        }
    }
}

impl Slot {
    /// Returns the name of its column.
    pub fn column(self) -> String {
        format!("{}{}", self.class.letter(), self.number)
    }

    /// Reads the name of a column.
    pub fn read(column: &str) -> Option<Self> {
        let class = match column.chars().next()? {
            's' => Class::Text,
            'n' => Class::Whole,
            'r' => Class::Real,
            'b' => Class::Truth,
            _ => return None,
        };
        column[1..].parse().ok().map(|number| Self { class, number })
    }
}

/// Gives every field of a type a slot; those that have one keep it, so that what is stored stays where it is.
/// Returns the class that has too few where there are too many fields.
pub fn assign(
    record_type: &RecordType,
    known: &BTreeMap<String, Slot>,
) -> Result<BTreeMap<String, Slot>, Class> {
    let mut taken: BTreeSet<Slot> = known.values().copied().collect();
    let mut slots = BTreeMap::new();
    for field in wanted(record_type) {
        let Some(kind) = record_type.names.fields.get(&field.key) else { continue };
        let class = Class::of(*kind);
        let slot = match known.get(&field.key).filter(|slot| slot.class == class) {
            Some(slot) => *slot,
            None => (1..=class.size())
                .map(|number| Slot { class, number })
                .find(|slot| !taken.contains(slot))
                .ok_or(class)?,
        };
        taken.insert(slot);
        slots.insert(field.key.clone(), slot);
    }
    Ok(slots)
}

/// Returns the fields, first those that lists filter and sort by: the first slots of a class are indexed.
fn wanted(record_type: &RecordType) -> Vec<&FieldSpec> {
    let spec = &record_type.spec;
    let named = |key: &str| {
        spec.views.iter().any(|view| {
            let said = [&view.sort, &view.group_by, &view.across, &view.from, &view.to];
            said.into_iter().flatten().any(|name| name.trim_start_matches('-') == key)
                || view.filter.as_ref().is_some_and(|filter| filter.contains(key))
        })
    };
    let first = |field: &&FieldSpec| {
        field.unique
            || field.record.is_some()
            || spec.keys.iter().flatten().any(|key| *key == field.key)
            || named(&field.key)
    };
    let (mut fields, others): (Vec<_>, Vec<_>) = spec.fields.iter().partition(first);
    fields.extend(others);
    fields
}
