//! Questions about the schema. They differ by database and are put together by name, so they are no `sql!`.

/// Tables of SQLite, without its own.
pub(super) const SQLITE_TABLES: &str = "SELECT name FROM sqlite_schema
    WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name";
/// Columns of one table of SQLite.
pub(super) const SQLITE_COLUMNS: &str = "SELECT name, type FROM pragma_table_info($1) ORDER BY name";
/// Whether SQLite numbers rows of any table; the list of numbers is only there then.
pub(super) const SQLITE_HAS_SEQUENCES: &str = "SELECT CAST(COUNT(*) AS BIGINT) FROM sqlite_schema
    WHERE name = 'sqlite_sequence'";
/// Last number of one table of SQLite.
pub(super) const SQLITE_SEQUENCE: &str = "SELECT CAST(seq AS BIGINT) FROM sqlite_sequence WHERE name = $1";
/// References of SQLite that lead nowhere.
pub(super) const SQLITE_DANGLING: &str = "SELECT \"table\" FROM pragma_foreign_key_check LIMIT 1";

/// Tables of PostgreSQL, in the schema that is searched first.
pub(super) const POSTGRES_TABLES: &str = "SELECT tablename::TEXT FROM pg_tables
    WHERE schemaname = current_schema() ORDER BY tablename";
/// Columns of one table of PostgreSQL.
pub(super) const POSTGRES_COLUMNS: &str = "SELECT a.attname::TEXT, format_type(a.atttypid, NULL)
    FROM pg_attribute a
    WHERE a.attrelid = (quote_ident(current_schema()) || '.' || quote_ident($1))::regclass
      AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY a.attname";
/// The column of one table that PostgreSQL numbers itself.
pub(super) const POSTGRES_IDENTITY: &str = "SELECT a.attname::TEXT FROM pg_attribute a
    WHERE a.attrelid = (quote_ident(current_schema()) || '.' || quote_ident($1))::regclass
      AND a.attidentity <> ''";
/// References of PostgreSQL with their text, to be taken away while rows come in and put back after.
pub(super) const POSTGRES_REFERENCES: &str =
    "SELECT c.conrelid::regclass::TEXT, c.conname::TEXT, pg_get_constraintdef(c.oid)
    FROM pg_constraint c
    WHERE c.contype = 'f' AND c.connamespace = current_schema()::regnamespace
    ORDER BY 1, 2";

/// Which migrations made the schema.
pub(super) const MIGRATIONS: &str = "SELECT id, checksum FROM schema_migration ORDER BY id";
