use store::sql;

pub const LIST: &str = "SELECT id, brand_id, department_id, owner_id, key, title, alt_texts, rights_until,
    rights_note, state, number, blob_hash, content_type, width, height, byte_size, created_by, created_at,
    updated_at, version FROM asset WHERE TRUE";

sql! {
    pub FIND = "SELECT id, brand_id, department_id, owner_id, key, title, alt_texts, rights_until,
        rights_note, state, number, blob_hash, content_type, width, height, byte_size, created_by, created_at,
        updated_at, version FROM asset WHERE id = $1";
    /// All pictures that content of a brand can name.
    pub OF_BRAND = "SELECT id, brand_id, department_id, owner_id, key, title, alt_texts, rights_until,
        rights_note, state, number, blob_hash, content_type, width, height, byte_size, created_by, created_at,
        updated_at, version FROM asset WHERE brand_id = $1 ORDER BY key";
    pub INSERT = "INSERT INTO asset (id, brand_id, department_id, owner_id, key, title, alt_texts, rights_until,
        rights_note, state, number, blob_hash, content_type, width, height, byte_size, created_by, created_at,
        updated_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $18, 1)";
    pub UPDATE = "UPDATE asset SET title = $3, alt_texts = $4, rights_until = $5, rights_note = $6, state = $7,
        number = $8, blob_hash = $9, content_type = $10, width = $11, height = $12, byte_size = $13,
        updated_at = $14, version = version + 1 WHERE id = $1 AND version = $2";
    pub INSERT_VERSION = "INSERT INTO asset_version (id, asset_id, number, blob_hash, content_type, width,
        height, byte_size, created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    /// The type of a file that some asset has or had.
    pub FILE_TYPE = "SELECT content_type FROM asset_version WHERE blob_hash = $1 LIMIT 1";
}
