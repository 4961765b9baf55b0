use store::sql;

/// The columns of a brand, in no particular order: they go to fields by name.
pub const LIST: &str = "SELECT id, key, names, sender_names, sender_address, link_domains, state, created_by,
    created_at, updated_at, version FROM brand WHERE TRUE";

sql! {
    pub FIND = "SELECT id, key, names, sender_names, sender_address, link_domains, state, created_by,
        created_at, updated_at, version FROM brand WHERE id = $1";
    pub FIND_BY_KEY = "SELECT id, key, names, sender_names, sender_address, link_domains, state, created_by,
        created_at, updated_at, version FROM brand WHERE key = $1";
    pub INSERT = "INSERT INTO brand (id, key, names, sender_names, sender_address, link_domains, state,
        created_by, created_at, updated_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, 1)";
    pub UPDATE = "UPDATE brand SET names = $3, sender_names = $4, sender_address = $5, link_domains = $6,
        state = $7, updated_at = $8, version = version + 1 WHERE id = $1 AND version = $2";
}
