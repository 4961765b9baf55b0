use kernel::Id;
use serde::Deserialize;
use store::{Query, args, sql};

use crate::condition::Condition;

const SELECT: &str =
    "SELECT s.id, s.name, s.description, s.state, s.version_id, s.version_number, v.definition,
       s.member_count, s.counted_at, s.brand_id, s.department_id, s.owner_id, s.created_at, s.updated_at,
       s.created_by, s.archived_at, s.version
FROM segment s
JOIN segment_version v ON v.id = s.version_id
WHERE TRUE";

sql! {
    pub INSERT = "INSERT INTO segment (id, name, description, state, version_id, version_number, brand_id,
        department_id, owner_id, created_at, updated_at, created_by)
        VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8, $9, $9, $8)";

    pub INSERT_VERSION = "INSERT INTO segment_version (id, segment_id, number, definition, created_at, created_by)
        VALUES ($1, $2, $3, $4, $5, $6)";

    pub UPDATE = "UPDATE segment SET name = $3, description = $4, state = $5, version_id = $6, version_number = $7,
        archived_at = NULL, updated_at = $8, version = version + 1
        WHERE id = $1 AND version = $2";

    /// A count of another condition says nothing about this one.
    pub FORGET_COUNT = "UPDATE segment SET member_count = NULL, counted_at = NULL WHERE id = $1";

    pub ARCHIVE = "UPDATE segment SET state = 'archived', archived_at = $3, updated_at = $3, version = version + 1
        WHERE id = $1 AND version = $2 AND state <> 'archived'";

    pub STORE_COUNT = "UPDATE segment SET member_count = $3, counted_at = $4 WHERE id = $1 AND version_id = $2";

    pub VERSIONS = "SELECT id, number, definition, created_at, created_by FROM segment_version
        WHERE segment_id = $1 ORDER BY number DESC LIMIT 200";

    pub ACTIVE = "SELECT id FROM segment WHERE state = 'active' ORDER BY id";

    /// Where members of this definition are kept event by event.
    pub LIVE_VERSION = "SELECT segment_id FROM segment_live
        WHERE segment_id = $1 AND version_id = $2 AND follows_events";

    pub EVALUATED = "SELECT full_at FROM segment_live WHERE segment_id = $1 AND version_id = $2";

    pub HOOKS = "SELECT endpoint_id, on_enter, on_leave FROM segment_hook WHERE segment_id = $1 ORDER BY endpoint_id";
    pub FORGET_HOOKS = "DELETE FROM segment_hook WHERE segment_id = $1";
    pub INSERT_HOOK = "INSERT INTO segment_hook (segment_id, endpoint_id, on_enter, on_leave) VALUES ($1, $2, $3, $4)";
    pub NAME = "SELECT name FROM segment WHERE id = $1";
    /// Something that belongs to it changed.
    pub TOUCH = "UPDATE segment SET updated_at = $3, version = version + 1 WHERE id = $1 AND version = $2";

    pub SIZES = "SELECT day, members FROM segment_size WHERE segment_id = $1 ORDER BY day DESC LIMIT 400";

    /// Segments that are in use and would be left hanging.
    pub ALL_IN_USE = "SELECT s.id, s.name, v.definition FROM segment s JOIN segment_version v ON v.id = s.version_id
        WHERE s.state <> 'archived' ORDER BY s.id";
}

/// Index segment_newest.
pub fn list() -> Query {
    Query::new(SELECT, args![])
}

pub fn one(id: Id) -> Query {
    let mut query = list();
    query.and("s.id =", id);
    query
}

/// What others refer to.
#[derive(Debug, Deserialize)]
pub struct Named {
    pub id: Id,
    pub name: String,
    pub definition: Condition,
}

pub fn named(ids: &[Id]) -> Query {
    let mut query = Query::new(
        "SELECT s.id, s.name, v.definition FROM segment s JOIN segment_version v ON v.id = s.version_id
         WHERE s.state <> 'archived'",
        args![],
    );
    query.and_in("s.id", ids);
    query
}

/// People who are there at all; conditions and scope follow.
pub fn count() -> Query {
    Query::new(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM profile p
         WHERE p.merged_into IS NULL AND p.archived_at IS NULL AND NOT p.is_decoy",
        args![],
    )
}

/// Beginning of a count of several conditions in one pass: `SELECT total, …`.
pub fn breakdown_head() -> Query {
    Query::new("SELECT CAST(COUNT(*) AS BIGINT)", args![])
}

pub const PART_HEAD: &str = ", CAST(COALESCE(SUM(CASE WHEN ";
pub const PART_TAIL: &str = " THEN 1 ELSE 0 END), 0) AS BIGINT)";
pub const BREAKDOWN_TAIL: &str =
    " FROM profile p WHERE p.merged_into IS NULL AND p.archived_at IS NULL AND NOT p.is_decoy";

/// Who entered and left; a scope and the tail follow.
pub fn changes(id: Id) -> Query {
    Query::new(
        "SELECT c.profile_id, c.change, c.at FROM segment_change c JOIN profile p ON p.id = c.profile_id
         WHERE c.segment_id = $1",
        args![id],
    )
}

/// Index segment_change_newest.
pub const CHANGES_TAIL: &str = " ORDER BY c.at DESC, c.id DESC LIMIT 1000";
