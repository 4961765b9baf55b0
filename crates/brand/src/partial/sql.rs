use store::sql;

pub const LIST: &str = "SELECT id, brand_id, department_id, owner_id, key, title, state, number, version_id,
    created_by, created_at, updated_at, version FROM partial WHERE TRUE";

sql! {
    pub FIND = "SELECT id, brand_id, department_id, owner_id, key, title, state, number, version_id,
        created_by, created_at, updated_at, version FROM partial WHERE id = $1";
    pub INSERT = "INSERT INTO partial (id, brand_id, department_id, owner_id, key, title, state, number,
        version_id, created_by, created_at, updated_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $9, $10, $10, 1)";
    pub UPDATE = "UPDATE partial SET title = $3, state = $4, number = $5, version_id = $6, updated_at = $7,
        version = version + 1 WHERE id = $1 AND version = $2";
    pub VERSION = "SELECT id, partial_id, number, sources, digest, created_by, created_at
        FROM partial_version WHERE id = $1";
    pub VERSIONS = "SELECT id, partial_id, number, sources, digest, created_by, created_at
        FROM partial_version WHERE partial_id = $1 AND number < $2 ORDER BY number DESC LIMIT $3";
    pub INSERT_VERSION = "INSERT INTO partial_version (id, partial_id, number, sources, digest, created_by,
        created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    /// The current words of every partial that content of a brand can name.
    pub OF_BRAND = "SELECT p.id, p.key, p.state, v.id AS version_id, v.sources, v.digest
        FROM partial p JOIN partial_version v ON v.id = p.version_id WHERE p.brand_id = $1 ORDER BY p.key";
    pub APPROVED_USES = "SELECT CAST(COUNT(*) AS BIGINT) FROM content_part p
        JOIN content_approval a ON a.content_id = p.content_id AND a.state = 'valid'
        WHERE p.noun = 'brand.partial' AND p.noun_id = $1";
}
