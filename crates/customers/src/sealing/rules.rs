use store::vault::SealedColumns;

use crate::node::NodeKind;

const fn nodes(rows: &'static str) -> SealedColumns {
    SealedColumns { table: "identifier_node", key: "id", columns: &["value"], rows }
}

/// Identifiers whose values lie sealed, by kind.
pub const NODES: &[(NodeKind, SealedColumns)] = &[
    (NodeKind::Email, nodes("kind = 'email' AND erased_at IS NULL")),
    (NodeKind::Mobile, nodes("kind = 'mobile' AND erased_at IS NULL")),
    (NodeKind::UserId, nodes("kind = 'user_id' AND erased_at IS NULL")),
];
/// People as they are known now.
pub const PROFILES: SealedColumns =
    SealedColumns { table: "profile", key: "id", columns: &["name", "given_name", "address"], rows: "TRUE" };
/// Everything else that names or reaches somebody: what sources told, and free text that an erasure empties.
pub const OTHERS: &[SealedColumns] = &[
    SealedColumns {
        table: "profile_record",
        key: "id",
        columns: &["name", "given_name", "address"],
        rows: "TRUE",
    },
    SealedColumns { table: "consent_event", key: "id", columns: &["reason"], rows: "TRUE" },
    SealedColumns { table: "suppression", key: "id", columns: &["detail"], rows: "TRUE" },
    SealedColumns {
        table: "subject_request",
        key: "id",
        columns: &["contact", "note", "verified_detail"],
        rows: "TRUE",
    },
    SealedColumns { table: "decoy_hit", key: "id", columns: &["sender", "note"], rows: "TRUE" },
    SealedColumns { table: "quarantined_event", key: "id", columns: &["body"], rows: "TRUE" },
];

/// Returns every table with sealed columns; that of identifiers once for each kind.
pub fn all() -> impl Iterator<Item = &'static SealedColumns> {
    NODES.iter().map(|(_, columns)| columns).chain([&PROFILES]).chain(OTHERS)
}
