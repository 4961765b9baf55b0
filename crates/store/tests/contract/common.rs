//! What the stories share.

use kernel::{Actor, Caller, Id, Language};
use store::Migration;

/// A table with every kind of column.
pub const MIGRATIONS: &[Migration] = &[Migration {
    id: "test/0001_thing",
    sql: "CREATE TABLE thing (
        id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, size BIGINT, weight DOUBLE PRECISION, heavy BOOLEAN,
        picture {bytes}, day TEXT, seen_at BIGINT, state TEXT, tags TEXT, extra TEXT, brand_id TEXT,
        department_id TEXT, owner_id TEXT, version BIGINT NOT NULL DEFAULT 1, CHECK (size >= 0));
    CREATE TABLE part (id TEXT PRIMARY KEY, thing_id TEXT NOT NULL REFERENCES thing (id))",
}];

/// Somebody.
pub fn user(name: &str) -> Caller {
    let mut caller = Caller::anonymous(Language::En, "request-1".to_owned());
    caller.actor = Actor::User { id: Id::new(), name: name.to_owned(), by_token: false };
    caller
}
