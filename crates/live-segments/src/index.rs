use std::collections::HashMap;

use lake::EventKind;
use lake::query::{Column, EventFilter, Operator, Value};

use crate::EventView;

/// Index (索引) of filters by what nearly all of them name, so that an event meets only those that it can concern.
#[derive(Debug, Default)]
pub struct Index {
    by_name: HashMap<String, Vec<u32>>,
    by_kind: HashMap<EventKind, Vec<u32>>,
    rest: Vec<u32>,
}

impl Index {
    pub fn add(&mut self, number: u32, filter: &EventFilter) {
        let names = names(filter);
        if !names.is_empty() {
            for name in names {
                let numbers = self.by_name.entry(name.to_owned()).or_default();
                // A name may be listed twice.
                if numbers.last() != Some(&number) {
                    numbers.push(number);
                }
            }
        } else if !filter.kinds.is_empty() {
            for kind in &filter.kinds {
                let numbers = self.by_kind.entry(*kind).or_default();
                if numbers.last() != Some(&number) {
                    numbers.push(number);
                }
            }
        } else {
            self.rest.push(number);
        }
    }

    /// Returns the filters that an event may fit.
    pub fn candidates(&self, event: &EventView<'_>) -> impl Iterator<Item = u32> + '_ {
        let named = self.by_name.get(event.name).map_or(&[][..], Vec::as_slice);
        let of_kind = self.by_kind.get(&event.kind).map_or(&[][..], Vec::as_slice);
        named.iter().chain(of_kind).chain(&self.rest).copied()
    }
}

/// Returns the names of which an event must have one; none where any will do.
fn names(filter: &EventFilter) -> Vec<&str> {
    if !filter.names.is_empty() {
        return filter.names.iter().map(String::as_str).collect();
    }
    let named = filter.where_.iter().find_map(|condition| match &condition.value {
        Some(Value::Text(name)) if condition.column == Column::Name && condition.op == Operator::Eq => {
            Some(name.as_str())
        }
        _ => None,
    });
    named.into_iter().collect()
}
