store::sql! {
    /// What somebody is invited to at this moment; what is confidential, kept for parties, done or put away is not.
    pub OPEN = "SELECT g.record_id, g.type_id FROM rulebook_guest g JOIN rulebook_record r ON r.id = g.record_id \
        WHERE g.user_id = $1 AND g.ended_at IS NULL AND g.valid_until > $2 AND r.ended = FALSE \
            AND r.archived_at IS NULL AND r.restricted = FALSE AND r.label IN ('public', 'internal') \
        ORDER BY g.id DESC LIMIT 200";
    /// Invitations to a record, newest first.
    pub LIST = "SELECT g.id, g.record_id, g.user_id, g.name, g.organisation, g.valid_until, g.invited_by, \
            g.invited_by_name, g.ended_at, g.ended_because, g.ended_reason, \
            (SELECT MAX(a.at) FROM rulebook_access a WHERE a.user_id = g.user_id AND a.subject_id = g.record_id) \
                AS last_access_at, \
            g.created_at, g.updated_at, g.version \
        FROM rulebook_guest g WHERE g.record_id = $1 ORDER BY g.id DESC LIMIT 200";
    /// One invitation.
    pub FIND = "SELECT g.id, g.record_id, g.user_id, g.name, g.organisation, g.valid_until, g.invited_by, \
            g.invited_by_name, g.ended_at, g.ended_because, g.ended_reason, \
            (SELECT MAX(a.at) FROM rulebook_access a WHERE a.user_id = g.user_id AND a.subject_id = g.record_id) \
                AS last_access_at, \
            g.created_at, g.updated_at, g.version \
        FROM rulebook_guest g WHERE g.id = $1";
    /// The invitation of a person to a record that has not ended.
    pub LIVE = "SELECT id, version FROM rulebook_guest WHERE record_id = $1 AND user_id = $2 AND ended_at IS NULL";
    /// Keeps an invitation.
    pub INSERT = "INSERT INTO rulebook_guest (id, record_id, type_id, user_id, name, organisation, valid_until, \
        invited_by, invited_by_name, created_at, updated_at, version) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, 1)";
    /// Gives an invitation another end.
    pub PROLONG = "UPDATE rulebook_guest SET valid_until = $3, name = $4, organisation = $5, updated_at = $6, \
        version = version + 1 WHERE id = $1 AND version = $2 AND ended_at IS NULL";
    /// Ends an invitation.
    pub END = "UPDATE rulebook_guest SET ended_at = $2, ended_because = $3, ended_reason = $4, updated_at = $2, \
        version = version + 1 WHERE id = $1 AND ended_at IS NULL";
    /// How long somebody's invitations hold; none where nothing holds.
    pub LAST = "SELECT g.valid_until FROM rulebook_guest g JOIN rulebook_record r ON r.id = g.record_id \
        WHERE g.user_id = $1 AND g.ended_at IS NULL AND g.valid_until > $2 AND r.ended = FALSE \
            AND r.archived_at IS NULL ORDER BY g.valid_until DESC LIMIT 1";
    /// What is over and was not ended yet.
    pub OVER = "SELECT g.id, g.record_id, g.user_id, g.type_id, g.valid_until, r.department_id, r.brand_id \
        FROM rulebook_guest g JOIN rulebook_record r ON r.id = g.record_id WHERE g.ended_at IS NULL \
            AND (g.valid_until <= $1 OR r.ended = TRUE OR r.archived_at IS NOT NULL) ORDER BY g.id LIMIT 500";
    /// The guests of a record whose invitations hold.
    pub OF_RECORD = "SELECT user_id FROM rulebook_guest \
        WHERE record_id = $1 AND ended_at IS NULL AND valid_until > $2";
}

/// What guests did with some records; conditions follow.
pub const ACCESSES: &str = "SELECT id, subject_noun, subject_id, number, act, file_name, user_id, user_name, at \
    FROM rulebook_access WHERE TRUE";
