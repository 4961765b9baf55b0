use kernel::Id;
use store::{Query, args, sql};

const SELECT: &str = "SELECT q.id, q.name, q.description, q.sql, q.chart, q.parameters, q.sharing, q.people,
       q.owner_id, q.created_at, q.updated_at, q.archived_at, q.version
FROM insight_query q
WHERE TRUE";

sql! {
    pub INSERT = "INSERT INTO insight_query (id, name, description, sql, chart, parameters, sharing, people, owner_id,
        created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)";

    pub UPDATE = "UPDATE insight_query SET name = $3, description = $4, sql = $5, chart = $6, parameters = $7,
        sharing = $8, people = $9, updated_at = $10, version = version + 1
        WHERE id = $1 AND version = $2 AND archived_at IS NULL";

    pub ARCHIVE = "UPDATE insight_query SET archived_at = $3, updated_at = $3, version = version + 1
        WHERE id = $1 AND version = $2 AND archived_at IS NULL";

    pub FORGET_READERS = "DELETE FROM insight_query_reader WHERE query_id = $1";

    pub ADD_READER = "INSERT INTO insight_query_reader (query_id, user_id) VALUES ($1, $2)
        ON CONFLICT (query_id, user_id) DO NOTHING";
}

/// Queries; conditions follow. Index insight_query_newest.
pub fn list() -> Query {
    Query::new(SELECT, args![])
}

/// Narrows to what somebody may see: their own, and what is shared with them.
pub fn seen_by(query: &mut Query, user: Id) {
    query.push(" AND (q.owner_id = ").bind(user);
    query.push(
        " OR q.sharing = 'company' OR (q.sharing = 'people' AND EXISTS (
        SELECT 1 FROM insight_query_reader r WHERE r.query_id = q.id AND r.user_id = ",
    );
    query.bind(user).push(")))");
}

pub fn one(id: Id) -> Query {
    let mut query = list();
    query.and("q.id =", id);
    query
}
