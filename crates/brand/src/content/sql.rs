use store::sql;

pub const LIST: &str =
    "SELECT id, brand_id, department_id, owner_id, kind, title, languages, state, instance_id,
    campaign_id, plan_id, number, version_id, created_by, created_at, updated_at, version FROM content WHERE TRUE";

sql! {
    pub FIND = "SELECT id, brand_id, department_id, owner_id, kind, title, languages, state, instance_id,
        campaign_id, plan_id, number, version_id, created_by, created_at, updated_at, version FROM content WHERE id = $1";
    pub INSERT = "INSERT INTO content (id, brand_id, department_id, owner_id, kind, title, languages, state,
        instance_id, number, version_id, created_by, created_at, updated_at, version, campaign_id, plan_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10, $11, $12, $12, 1, $13, $14)";
    pub UPDATE = "UPDATE content SET title = $3, languages = $4, owner_id = $5, department_id = $6,
        updated_at = $7, campaign_id = $8, plan_id = $9, version = version + 1 WHERE id = $1 AND version = $2";
    /// Whether there is such a campaign.
    pub CAMPAIGN = "SELECT id FROM v_campaigns_campaign WHERE id = $1";
    /// A new version becomes the current one.
    pub SET_CURRENT = "UPDATE content SET number = $3, version_id = $4, updated_at = $5, version = version + 1
        WHERE id = $1 AND version = $2";
    /// The state machine moved the item.
    pub SET_STATE = "UPDATE content SET state = $2, updated_at = $3, version = version + 1 WHERE id = $1";
    pub VERSION = "SELECT id, content_id, number, variants, digest, note, restored_from, created_by, created_at
        FROM content_version WHERE id = $1";
    pub VERSION_BY_NUMBER = "SELECT id, content_id, number, variants, digest, note, restored_from, created_by,
        created_at FROM content_version WHERE content_id = $1 AND number = $2";
    pub VERSIONS = "SELECT id, content_id, number, variants, digest, note, restored_from, created_by, created_at
        FROM content_version WHERE content_id = $1 AND number < $2 ORDER BY number DESC LIMIT $3";
    pub INSERT_VERSION = "INSERT INTO content_version (id, content_id, number, variants, digest, note,
        restored_from, created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    /// Who wrote the versions after one number, and the version with another.
    pub AUTHORS = "SELECT DISTINCT created_by FROM content_version
        WHERE content_id = $1 AND (number > $2 OR number = $3)";
}
