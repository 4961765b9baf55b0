use std::collections::BTreeSet;

use crate::node::{Node, NodeKind};

/// Shortest numbers and names of accounts that mean one person wherever they stand, in characters.
const TELLING_MIN: usize = 8;
/// Shortest street address that does.
const ADDRESS_MIN: usize = 6;

/// Returns the values by which somebody can be found in any text.
///
/// Names are not among them: others bear the same. Nor are short numbers, which stand in texts that mean something else.
pub fn sought(nodes: &[Node], addresses: &[String]) -> BTreeSet<String> {
    let mut sought = BTreeSet::new();
    for node in nodes {
        let value = node.value.as_str();
        match node.kind {
            NodeKind::Email => drop(sought.insert(value.to_owned())),
            NodeKind::Mobile => drop(sought.insert(bare(value).to_owned())),
            _ if value.chars().count() >= TELLING_MIN => drop(sought.insert(value.to_owned())),
            _ => {}
        }
    }
    sought.extend(
        addresses.iter().map(|text| text.trim().to_owned()).filter(|a| a.chars().count() >= ADDRESS_MIN),
    );
    sought
}

/// A mobile number as it stands in every spelling without blanks: others leave the country away.
fn bare(number: &str) -> &str {
    number.strip_prefix("+86").or_else(|| number.strip_prefix('+')).unwrap_or(number)
}

/// Returns true for tables that keep what they have by nature: the log, which is chained, and answers that are kept for a
/// day so that a request is not carried out twice.
pub fn keeps_by_nature(table: &str) -> bool {
    matches!(table, "audit_entry" | "idempotency_key")
}

#[cfg(test)]
mod tests {
    use kernel::{Id, Timestamp};

    use super::*;

    fn node(kind: NodeKind, value: &str) -> Node {
        let at = Timestamp::from_ms(0);
        Node { id: Id::new(), kind, value: value.to_owned(), since: at, created_at: at }
    }

    #[test]
    fn only_what_means_one_person_is_looked_for() {
        let nodes = [
            node(NodeKind::Email, "anna@example.invalid"),
            node(NodeKind::Mobile, "+8613800000000"),
            node(NodeKind::MemberNumber, "17"),
            node(NodeKind::UserId, "user-2026-0001"),
        ];
        let sought = sought(&nodes, &["湖滨路 8 号 3 单元".into(), "杭州".into()]);
        let expected = ["13800000000", "anna@example.invalid", "user-2026-0001", "湖滨路 8 号 3 单元"];
        assert_eq!(sought.iter().map(String::as_str).collect::<Vec<_>>(), expected);
    }
}
