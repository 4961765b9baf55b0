use kernel::Id;
use store::{Query, args, sql};

use super::ProfileFilter;
use crate::consent::{Channel, ConsentState, Purpose};

/// Every read of profiles begins like this, so that the row is always whole.
const SELECT: &str = "SELECT p.id, p.name, p.given_name, cn.value AS member_number, en.value AS email,
       mn.value AS mobile, p.address, p.city, p.district, p.language, p.time_zone, p.age_band, p.income_band,
       p.household_size, p.children, p.homeowner, p.married, p.source, p.attributes, p.tier, p.tier_since,
       p.brand_id, p.department_id, p.owner_id, p.created_at, p.updated_at, p.version
FROM profile p
LEFT JOIN identifier_node cn ON cn.id = p.member_node_id
LEFT JOIN identifier_node en ON en.id = p.email_node_id
LEFT JOIN identifier_node mn ON mn.id = p.mobile_node_id
WHERE TRUE";

pub const UPSERT_FACTS: &str = "INSERT INTO profile
    (id, source, created_at, updated_at, name, given_name, address, city, district, language, time_zone, age_band,
     income_band, household_size, children, homeowner, married, attributes) VALUES";
/// The profile is always there; only what was told replaces what is known.
pub const MERGE_FACTS: &str = "ON CONFLICT (id) DO UPDATE SET
    name = COALESCE(excluded.name, profile.name),
    given_name = COALESCE(excluded.given_name, profile.given_name),
    address = COALESCE(excluded.address, profile.address),
    city = COALESCE(excluded.city, profile.city),
    district = COALESCE(excluded.district, profile.district),
    language = COALESCE(excluded.language, profile.language),
    time_zone = COALESCE(excluded.time_zone, profile.time_zone),
    age_band = COALESCE(excluded.age_band, profile.age_band),
    income_band = COALESCE(excluded.income_band, profile.income_band),
    household_size = COALESCE(excluded.household_size, profile.household_size),
    children = COALESCE(excluded.children, profile.children),
    homeowner = COALESCE(excluded.homeowner, profile.homeowner),
    married = COALESCE(excluded.married, profile.married),
    attributes = excluded.attributes,
    source = CASE WHEN profile.source = 'observed' THEN excluded.source ELSE profile.source END,
    updated_at = excluded.updated_at,
    archived_at = NULL,
    version = profile.version + 1";

sql! {
    pub UPDATE = "UPDATE profile SET name = $3, given_name = $4, address = $5, city = $6, district = $7,
        language = $8, time_zone = $9, age_band = $10, income_band = $11, household_size = $12, children = $13,
        homeowner = $14, married = $15, brand_id = $16, department_id = $17, owner_id = $18,
        updated_at = $19, version = version + 1
        WHERE id = $1 AND version = $2 AND merged_into IS NULL AND archived_at IS NULL";

    pub USE_EMAIL_FIRST = "UPDATE profile SET email_node_id = $2 WHERE id = $1";
    pub USE_MOBILE_FIRST = "UPDATE profile SET mobile_node_id = $2 WHERE id = $1";

    /// Takes back what an import made and nobody touched since: what it told is forgotten, the person is put away.
    pub UNDO_IMPORT = "UPDATE profile SET name = NULL, given_name = NULL, address = NULL, city = NULL, district = NULL,
        language = NULL, time_zone = NULL, age_band = NULL, income_band = NULL, household_size = NULL,
        children = NULL, homeowner = NULL, married = NULL, attributes = '{}', source = 'observed',
        import_id = NULL, import_version = NULL, archived_at = $3, updated_at = $3, version = version + 1
        WHERE id IN (
            SELECT p.id FROM profile p
            WHERE p.import_id = $1 AND p.version = p.import_version AND p.merged_into IS NULL
              AND NOT EXISTS (SELECT 1 FROM profile_node m JOIN v_sales_order o ON o.customer_node_id = m.node_id
                              WHERE m.profile_id = p.id AND m.until IS NULL)
            LIMIT $2)";

    pub MERGED_INTO = "SELECT merged_into FROM profile WHERE id = $1 AND merged_into IS NOT NULL";
}

/// One profile, merged ones included.
pub fn one(id: Id) -> Query {
    let mut query = Query::new(SELECT, args![]);
    query.and("p.id =", id);
    query
}

/// Profiles with these ids, whatever became of them.
pub fn by_ids(ids: &[Id]) -> Query {
    let mut query = Query::new(SELECT, args![]);
    query.and_in("p.id", ids);
    query
}

/// The list of people; index `profile_newest`, or the filter's own.
pub fn list() -> Query {
    let mut query = Query::new(SELECT, args![]);
    query.push(" AND p.merged_into IS NULL AND p.archived_at IS NULL");
    query
}

/// Narrows to people with an answer about being contacted.
pub fn and_consent(query: &mut Query, filter: &ProfileFilter, state: ConsentState) {
    let channel = filter.consent_channel.unwrap_or(Channel::Email);
    let purpose = filter.consent_purpose.unwrap_or(Purpose::Marketing);
    query.push(if state == ConsentState::Never { " AND NOT" } else { " AND" });
    query.push(
        " EXISTS (SELECT 1 FROM profile_node m JOIN consent c ON c.node_id = m.node_id
        WHERE m.profile_id = p.id AND m.until IS NULL",
    );
    query.and("c.channel =", channel.as_str()).and("c.purpose =", purpose.as_str());
    query.and_some("c.brand_id =", filter.consent_brand_id);
    if state != ConsentState::Never {
        query.and("c.state =", state.as_str());
    }
    query.push(")");
}

/// What a person's orders add up to, by currency; narrowed further by what the caller may see.
pub fn orders(profile: Id) -> Query {
    Query::new(
        "SELECT o.currency, CAST(COUNT(*) AS BIGINT) AS order_count, CAST(SUM(o.total_minor) AS BIGINT) AS total_minor,
                MIN(o.happened_at) AS first_at, MAX(o.happened_at) AS last_at
         FROM profile_node m
         JOIN v_sales_order o ON o.customer_node_id = m.node_id
         WHERE m.profile_id = $1 AND m.until IS NULL",
        args![profile],
    )
}

/// Notes which profiles an import made.
pub fn mark_import(import: Id, profiles: &[Id]) -> Query {
    let mut query = Query::new("UPDATE profile SET import_id = $1 WHERE TRUE", args![import]);
    query.and_in("id", profiles);
    query
}

/// Notes in which version an import left the profiles that it made.
pub fn mark_import_version(import: Id, profiles: &[Id]) -> Query {
    let mut query =
        Query::new("UPDATE profile SET import_version = version WHERE import_id = $1", args![import]);
    query.and_in("id", profiles);
    query
}
