//! Audit log (审计日志): who did what, when, with which reason, chained so that changes show.

use kernel::{Actor, Caller, Id, Label, Labelled, Timestamp};
use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::{Value, args};

mod anchor;
mod rules;
mod sealer;
mod service;
pub(crate) mod sql;
mod verify;

pub use rules::{Checkpoint, PublicKey};
pub use sealer::{Sealer, public_key};
pub use service::{AuditEntry, AuditFilter, list};
pub use verify::{Finding, FindingKind, Report, verify};

/// What stands in place of a personal or secret value.
const HIDDEN: &str = "[hidden]";

/// One entry on its way into the log, written with [`crate::Tx::audit`].
#[derive(Debug, Clone)]
pub struct Audit {
    action: &'static str,
    noun: &'static str,
    noun_id: Option<String>,
    brand_id: Option<Id>,
    department_id: Option<Id>,
    reason: Option<String>,
    changes: Option<Json>,
    row_count: i64,
}

impl Audit {
    /// Starts an entry: `action` is a verb such as `approve`, `noun` such as `brand.content`.
    pub fn new(action: &'static str, noun: &'static str, id: impl ToString) -> Self {
        Self { noun_id: Some(id.to_string()), ..Self::without_row(action, noun) }
    }

    /// Starts an entry about no single row.
    pub fn without_row(action: &'static str, noun: &'static str) -> Self {
        Self {
            action,
            noun,
            noun_id: None,
            brand_id: None,
            department_id: None,
            reason: None,
            changes: None,
            row_count: 1,
        }
    }

    /// Adds the marks by which readers of the log may be narrowed.
    #[must_use]
    pub fn within(mut self, brand: Option<Id>, department: Option<Id>) -> Self {
        self.brand_id = brand;
        self.department_id = department;
        self
    }

    /// Adds the reason that the actor gave.
    #[must_use]
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// Adds facts that hold no personal values.
    #[must_use]
    pub fn with(mut self, facts: impl Serialize) -> Self {
        self.changes = Some(serde_json::to_value(facts).expect("facts are plain data"));
        self
    }

    /// Adds the fields that differ; values above `Internal` are named, never kept.
    #[must_use]
    pub fn change<T: Labelled + Serialize>(mut self, before: Option<&T>, after: Option<&T>) -> Self {
        let changes = difference(&fields(before), &fields(after), T::FIELDS);
        self.changes = Some(Json::Object(changes));
        self
    }

    /// Says that this one entry stands for so many rows (bulk acts: one entry per chunk).
    #[must_use]
    pub fn covering(mut self, rows: u64) -> Self {
        self.row_count = i64::try_from(rows).unwrap_or(i64::MAX);
        self
    }

    pub(crate) fn into_row(self, caller: &Caller, at: Timestamp) -> Vec<Value> {
        let (kind, id) = match &caller.actor {
            Actor::Anonymous => ("anonymous", None),
            Actor::User { id, by_token: false, .. } => ("user", Some(*id)),
            Actor::User { id, .. } => ("token", Some(*id)),
            Actor::System(_) => ("system", None),
        };
        args![
            at,
            kind,
            id,
            caller.name(),
            &caller.request_id,
            self.action,
            self.noun,
            self.noun_id,
            self.brand_id,
            self.department_id,
            self.reason,
            self.changes.map(|c| c.to_string()),
            self.row_count,
        ]
    }
}

fn fields<T: Serialize>(row: Option<&T>) -> Map<String, Json> {
    match row.map(|r| serde_json::to_value(r).expect("a row is plain data")) {
        Some(Json::Object(fields)) => fields,
        _ => Map::new(),
    }
}

/// Returns `{field: [before, after]}` of the fields that differ.
fn difference(
    before: &Map<String, Json>,
    after: &Map<String, Json>,
    labels: &[(&str, Label)],
) -> Map<String, Json> {
    let mut changes = Map::new();
    for name in before.keys().chain(after.keys()) {
        let (old, new) = (before.get(name).unwrap_or(&Json::Null), after.get(name).unwrap_or(&Json::Null));
        if old == new || changes.contains_key(name) {
            continue;
        }
        let hidden = labels.iter().any(|(field, label)| field == name && *label > Label::Internal);
        let shown =
            |value: &Json| if hidden && !value.is_null() { Json::from(HIDDEN) } else { value.clone() };
        changes.insert(name.clone(), Json::Array(vec![shown(old), shown(new)]));
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_kept_and_personal_values_never_are() {
        let before = serde_json::json!({"city": "杭州", "email": "a@b.invalid", "tier": "A"});
        let after = serde_json::json!({"city": "上海", "email": "c@d.invalid", "tier": "A"});
        let (Json::Object(before), Json::Object(after)) = (before, after) else { unreachable!() };
        let changes = difference(&before, &after, &[("email", Label::Personal)]);
        let expected = serde_json::json!({"city": ["杭州", "上海"], "email": [HIDDEN, HIDDEN]});
        assert_eq!(Json::Object(changes), expected);
    }
}
