use kernel::{Id, Timestamp};
use serde::Deserialize;
use store::{Query, args, sql};

use super::HitChannel;

sql! {
    pub INSERT = "INSERT INTO decoy (id, profile_id, label, state, created_at, created_by, version)
        VALUES ($1, $2, $3, 'planted', $4, $5, 1)";
    pub MARK = "UPDATE profile SET is_decoy = TRUE WHERE id = $1";
    pub RETIRE = "UPDATE decoy SET state = 'retired', retired_at = $3, version = version + 1
        WHERE id = $1 AND version = $2 AND state = 'planted'";
    /// A decoy that does not stand there any more is put away like anybody else.
    pub PUT_AWAY = "UPDATE profile SET archived_at = $2, updated_at = $2, version = version + 1 WHERE id = $1";
    pub BY_NODE = "SELECT d.id FROM decoy d JOIN profile_node m ON m.profile_id = d.profile_id WHERE m.node_id = $1";
    pub INSERT_HIT = "INSERT INTO decoy_hit (id, decoy_id, channel, happened_at, recorded_at, recorded_by, sender, note)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    pub EXPORTS = "SELECT x.id, x.at, x.actor_id, x.actor_name, x.rows FROM decoy_export e
        JOIN profile_export x ON x.id = e.export_id
        WHERE e.decoy_id = $1 AND x.at <= $2 ORDER BY x.at DESC, x.id DESC LIMIT 50";
    pub COUNT_EXPORTS = "SELECT CAST(COUNT(*) AS BIGINT) FROM decoy_export e JOIN profile_export x ON x.id = e.export_id
        WHERE e.decoy_id = $1 AND x.at <= $2";
}

pub fn list() -> Query {
    Query::new(
        "SELECT d.id, d.profile_id, d.label, p.name, e.value AS email, m.value AS mobile, d.state,
            (SELECT CAST(COUNT(*) AS BIGINT) FROM decoy_hit h WHERE h.decoy_id = d.id) AS hits,
            (SELECT MAX(h.happened_at) FROM decoy_hit h WHERE h.decoy_id = d.id) AS last_hit_at,
            (SELECT CAST(COUNT(*) AS BIGINT) FROM decoy_export x WHERE x.decoy_id = d.id) AS exports,
            d.created_at, d.created_by, d.version
         FROM decoy d JOIN profile p ON p.id = d.profile_id
         LEFT JOIN identifier_node e ON e.id = p.email_node_id
         LEFT JOIN identifier_node m ON m.id = p.mobile_node_id
         WHERE TRUE",
        args![],
    )
}

/// A hit as it lies in its columns.
#[derive(Debug, Deserialize)]
pub struct HitRow {
    pub id: Id,
    pub decoy_id: Id,
    pub label: String,
    pub channel: HitChannel,
    pub happened_at: Timestamp,
    pub recorded_at: Timestamp,
    pub sender: Option<String>,
    pub note: Option<String>,
}

pub fn hits() -> Query {
    Query::new(
        "SELECT h.id, h.decoy_id, d.label, h.channel, h.happened_at, h.recorded_at, h.sender, h.note
         FROM decoy_hit h JOIN decoy d ON d.id = h.decoy_id WHERE TRUE",
        args![],
    )
}
