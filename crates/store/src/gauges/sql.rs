use crate::statements::sql_on;

sql_on! { Sqlite:
    /// Version and clock of SQLite: those of this program and this machine.
    pub(super) ABOUT_SQLITE = "SELECT 'SQLite ' || sqlite_version() AS version,
        CAST(ROUND((julianday('now') - 2440587.5) * 86400000.0) AS BIGINT) AS now";
}

sql_on! { Postgres:
    /// Version and clock of the PostgreSQL server.
    pub(super) ABOUT_POSTGRES = "SELECT 'PostgreSQL ' || CURRENT_SETTING('server_version') AS version,
        CAST(EXTRACT(EPOCH FROM CLOCK_TIMESTAMP()) * 1000 AS BIGINT) AS now";
}

crate::sql! {
    /// Jobs by kind and state.
    pub(super) JOBS = "SELECT kind, state, COUNT(*) AS count FROM job
        GROUP BY kind, state
        ORDER BY kind, state";
    /// Events before their relay.
    pub(super) OUTBOX = "SELECT COUNT(*) AS count, MIN(created_at) AS oldest_at FROM outbox_event
        WHERE relayed_at IS NULL";
    /// Entries before the sealer.
    pub(super) UNSEALED = "SELECT COUNT(*) AS count, MIN(e.at) AS oldest_at
        FROM audit_unsealed u JOIN audit_entry e ON e.id = u.entry_id";
}
