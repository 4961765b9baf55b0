use serde::Deserialize;

crate::statements::sql_on! { Sqlite:
    /// Adds an entry.
    pub(crate) ADD_SQLITE = "INSERT INTO audit_entry
        (at, actor_kind, actor_id, actor_name, request_id, action, noun, noun_id, brand_id, department_id,
         reason, changes, row_count)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    /// Puts the entry that was just added before the sealer.
    pub(crate) WAIT_SQLITE = "INSERT INTO audit_unsealed (entry_id) VALUES (last_insert_rowid())";
}

crate::statements::sql_on! { Postgres:
    /// Adds an entry and puts it before the sealer, in one step.
    pub(crate) ADD_POSTGRES = "WITH added AS (INSERT INTO audit_entry
        (at, actor_kind, actor_id, actor_name, request_id, action, noun, noun_id, brand_id, department_id,
         reason, changes, row_count)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING id)
        INSERT INTO audit_unsealed (entry_id) SELECT id FROM added";
}

crate::sql! {
    /// Entries; conditions follow. Lists are served by the primary key and the audit_entry_* indexes.
    pub(super) ENTRIES = "SELECT id, at, actor_kind, actor_id, actor_name, request_id, action, noun, noun_id,
        brand_id, department_id, reason, changes, row_count
        FROM audit_entry WHERE TRUE";

    /// Looks for entries before the sealer.
    pub(super) PEEK_UNSEALED = "SELECT entry_id FROM audit_unsealed LIMIT 1";
    /// Entries before the sealer.
    pub(super) UNSEALED = "SELECT e.id, e.at, e.actor_kind, e.actor_id, e.actor_name, e.request_id, e.action,
        e.noun, e.noun_id, e.brand_id, e.department_id, e.reason, e.changes, e.row_count
        FROM audit_unsealed u JOIN audit_entry e ON e.id = u.entry_id
        ORDER BY u.entry_id LIMIT $1";
    /// Takes entries from before the sealer; which ones follows.
    pub(super) SEALED = "DELETE FROM audit_unsealed WHERE TRUE";
    /// End of the chain.
    pub(super) LAST_SEAL = "SELECT position, hash FROM audit_seal ORDER BY position DESC LIMIT 1";
    /// Links from a position on.
    pub(super) SEALS_AFTER = "SELECT position, entry_id, hash FROM audit_seal
        WHERE position > $1 ORDER BY position LIMIT $2";

    /// Keeps a checkpoint.
    pub(super) CHECKPOINT = "INSERT INTO audit_checkpoint (position, hash, at, signature)
        VALUES ($1, $2, $3, $4) ON CONFLICT (position) DO NOTHING";
    /// The last checkpoint.
    pub(super) LAST_CHECKPOINT = "SELECT position, hash, at, signature FROM audit_checkpoint
        ORDER BY position DESC LIMIT 1";
    /// Checkpoints from a position on.
    pub(super) CHECKPOINTS = "SELECT position, hash, at, signature FROM audit_checkpoint
        WHERE position > $1 ORDER BY position LIMIT $2";

    /// How many entries there are, and how many wait for the sealer.
    pub(super) COUNT = "SELECT (SELECT COUNT(*) FROM audit_entry) AS entries,
        (SELECT COUNT(*) FROM audit_unsealed) AS waiting";
    /// Entries that are neither chained nor before the sealer.
    pub(super) STRAYS = "SELECT id FROM audit_entry e
        WHERE NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s.entry_id = e.id)
          AND NOT EXISTS (SELECT 1 FROM audit_unsealed u WHERE u.entry_id = e.id)
        ORDER BY id LIMIT $1";
}

/// Head of the insert of links.
pub(super) const SEALS: &str = "INSERT INTO audit_seal (position, entry_id, hash) VALUES";

/// A link with its entry.
#[derive(Debug, Deserialize)]
pub(super) struct Seal {
    pub position: i64,
    pub entry_id: i64,
    pub hash: String,
}
