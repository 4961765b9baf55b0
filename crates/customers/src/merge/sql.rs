use kernel::{Id, Timestamp};
use serde::Deserialize;
use store::{Query, args, sql};

use crate::node::{MatchRule, NodeKind};

sql! {
    pub UNDO = "UPDATE profile_merge SET undone_at = $3, undone_by = $4, undo_reason = $5, version = version + 1
        WHERE id = $1 AND version = $2 AND undone_at IS NULL";

    /// Whose each identifier was.
    pub SIDES = "SELECT node_id, came FROM profile_merge_node WHERE merge_id = $1";

    /// A pair that somebody found to be different, whatever was thought before.
    pub DIFFERENT = "INSERT INTO match_candidate (id, left_node_id, right_node_id, rule, probability, weight, agreements,
            state, found_at, decided_at, decided_by, reason, version)
        VALUES ($1, $2, $3, 'staff', 0, 0, '[]', 'distinct', $4, $4, $5, $6, 1)
        ON CONFLICT (left_node_id, right_node_id) DO UPDATE SET state = 'distinct', decided_at = excluded.decided_at,
            decided_by = excluded.decided_by, reason = excluded.reason, version = match_candidate.version + 1";

    /// Whoever joins two people by hand takes back that they are different.
    pub SAME_AFTER_ALL = "UPDATE match_candidate SET state = 'merged', decided_at = $3, decided_by = $4, reason = $5,
            version = version + 1
        WHERE state IN ('open', 'distinct')
          AND ((left_node_id IN (SELECT node_id FROM profile_node WHERE profile_id = $1 AND until IS NULL)
                AND right_node_id IN (SELECT node_id FROM profile_node WHERE profile_id = $2 AND until IS NULL))
            OR (left_node_id IN (SELECT node_id FROM profile_node WHERE profile_id = $2 AND until IS NULL)
                AND right_node_id IN (SELECT node_id FROM profile_node WHERE profile_id = $1 AND until IS NULL)))";

    pub EDGE = "INSERT INTO match_edge (id, left_node_id, right_node_id, rule, score, source, decided_at, decided_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (left_node_id, right_node_id, rule, source) DO UPDATE SET score = excluded.score,
            decided_at = excluded.decided_at, decided_by = excluded.decided_by, retracted_at = NULL, retracted_by = NULL";
}

#[derive(Clone, Debug, Deserialize)]
pub struct MergeRow {
    pub id: Id,
    pub kept_id: Id,
    pub merged_id: Id,
    pub rule: MatchRule,
    pub source: String,
    pub score: f64,
    pub happened_at: Timestamp,
    pub decided_by: Option<Id>,
    pub decided_by_name: Option<String>,
    pub reason: Option<String>,
    pub taken: Vec<String>,
    pub undone_at: Option<Timestamp>,
    pub undone_by: Option<Id>,
    pub undone_by_name: Option<String>,
    pub undo_reason: Option<String>,
    pub version: i64,
}

/// An identifier that came with a merge.
#[derive(Clone, Debug, Deserialize)]
pub struct Came {
    pub merge_id: Id,
    pub id: Id,
    pub kind: NodeKind,
    pub value: String,
}

const SELECT: &str = "SELECT g.id, g.kept_id, g.merged_id, g.rule, g.source, g.score, g.happened_at, g.decided_by,
    d.name AS decided_by_name, g.reason, g.taken, g.undone_at, g.undone_by, u.name AS undone_by_name, g.undo_reason,
    g.version
    FROM profile_merge g
    LEFT JOIN v_identity_user_address d ON d.id = g.decided_by
    LEFT JOIN v_identity_user_address u ON u.id = g.undone_by
    WHERE TRUE";

pub fn one(id: Id) -> Query {
    let mut query = Query::new(SELECT, args![]);
    query.and("g.id =", id);
    query
}

/// Merges into a profile, and into those that became it since; newest first. Index `profile_merge_kept`.
pub fn of_profile(profile: Id) -> Query {
    let mut query = Query::new(SELECT, args![]);
    query
        .push(" AND (g.kept_id IN (SELECT h.profile_id FROM profile_node h JOIN profile_node m ON m.node_id = h.node_id AND m.until IS NULL WHERE m.profile_id = ")
        .bind(profile)
        .push(") OR g.merged_id = ")
        .bind(profile)
        .push(") ORDER BY g.happened_at DESC, g.id DESC LIMIT 200");
    query
}

/// What came with these merges.
pub fn came(merges: &[Id]) -> Query {
    let mut query = Query::new(
        "SELECT x.merge_id, n.id, n.kind, n.value
         FROM profile_merge_node x JOIN identifier_node n ON n.id = x.node_id
         WHERE x.came",
        args![],
    );
    query.and_in("x.merge_id", merges).push(" ORDER BY n.created_at, n.id");
    query
}
