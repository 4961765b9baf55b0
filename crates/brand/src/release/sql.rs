use store::sql;

pub const LIST: &str = "SELECT id, content_id, brand_id, department_id, owner_id, version_id, approval_id,
    closure_hash, allowed, reason, args, hash_matches, had_preflight, used_by_kind, used_by, decided_by,
    decided_by_name, decided_at FROM release_decision WHERE TRUE";

sql! {
    pub FIND = "SELECT id, content_id, brand_id, department_id, owner_id, version_id, approval_id,
        closure_hash, allowed, reason, args, hash_matches, had_preflight, used_by_kind, used_by, decided_by,
        decided_by_name, decided_at FROM release_decision WHERE id = $1";
    pub INSERT = "INSERT INTO release_decision (id, content_id, brand_id, department_id, owner_id, version_id,
        approval_id, closure_hash, allowed, reason, args, hash_matches, had_preflight, used_by_kind, used_by,
        decided_by, decided_by_name, decided_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)";
}
