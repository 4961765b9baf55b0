use std::collections::BTreeMap;

use kernel::{Id, Language, Timestamp};
use serde::Deserialize;
use serde_json::Value as Json;
use store::{Query, args, sql};

use super::Record;
use crate::profile::facts::Facts;
use crate::profile::{AgeBand, IncomeBand};

pub const INSERT: &str = "INSERT INTO profile_record
    (id, node_id, source, import_id, told_at, told_by, name, given_name, address, city, district, language, time_zone,
     age_band, income_band, household_size, children, homeowner, married, attributes, cleared) VALUES";

sql! {
    /// Puts into a profile what its records come to.
    pub SETTLE = "UPDATE profile SET name = $2, given_name = $3, address = $4, city = $5, district = $6, language = $7,
        time_zone = $8, age_band = $9, income_band = $10, household_size = $11, children = $12, homeowner = $13,
        married = $14, attributes = $15 WHERE id = $1";

    /// What an import told about people whom it made and who were put away with it.
    pub FORGET_IMPORT = "DELETE FROM profile_record WHERE import_id = $1 AND node_id IN (
        SELECT m.node_id FROM profile_node m JOIN profile p ON p.id = m.profile_id
        WHERE m.until IS NULL AND p.archived_at = $2)";
}

/// What was told about the identifiers of one person; index `profile_record_node`.
pub fn of_profile(profile: Id) -> Query {
    Query::new(
        "SELECT r.id, r.node_id, r.source, r.told_at, r.name, r.given_name, r.address, r.city, r.district, r.language,
            r.time_zone, r.age_band, r.income_band, r.household_size, r.children, r.homeowner, r.married,
            r.attributes, r.cleared
         FROM profile_node m JOIN profile_record r ON r.node_id = m.node_id
         WHERE m.profile_id = $1 AND m.until IS NULL ORDER BY r.told_at, r.id",
        args![profile],
    )
}

/// A record as it lies in its columns.
#[derive(Deserialize)]
pub struct Row {
    id: Id,
    node_id: Id,
    source: String,
    told_at: Timestamp,
    name: Option<String>,
    given_name: Option<String>,
    address: Option<String>,
    city: Option<String>,
    district: Option<String>,
    language: Option<Language>,
    time_zone: Option<String>,
    age_band: Option<AgeBand>,
    income_band: Option<IncomeBand>,
    household_size: Option<i64>,
    children: Option<i64>,
    homeowner: Option<bool>,
    married: Option<bool>,
    attributes: BTreeMap<String, Json>,
    cleared: Vec<String>,
}

impl From<Row> for Record {
    fn from(row: Row) -> Self {
        let facts = Facts {
            name: row.name,
            given_name: row.given_name,
            address: row.address,
            city: row.city,
            district: row.district,
            language: row.language,
            time_zone: row.time_zone,
            age_band: row.age_band,
            income_band: row.income_band,
            household_size: row.household_size,
            children: row.children,
            homeowner: row.homeowner,
            married: row.married,
            attributes: row.attributes,
        };
        let Row { id, node_id, source, told_at, cleared, .. } = row;
        Self { id, node_id, source, told_at, facts, cleared }
    }
}
