macro_rules! columns {
    () => {
        "SELECT id, name, opens, mapping, key_path, per_minute, owner_id, department_id, active, used_at, created_at, \
            updated_at, version FROM rulebook_intake"
    };
}

store::sql! {
    /// All intakes, by name.
    pub LIST = concat!(columns!(), " ORDER BY name, id");
    /// One intake.
    pub FIND = concat!(columns!(), " WHERE id = $1");
    /// The intake that a secret opens.
    pub BY_DIGEST = concat!(columns!(), " WHERE digest = $1");
    /// Keeps an intake.
    pub INSERT = "INSERT INTO rulebook_intake (id, name, opens, mapping, key_path, per_minute, owner_id, \
        department_id, active, digest, created_at, created_by, updated_at, version) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $11, 1)";
    /// Changes what the caller saw.
    pub CHANGE = "UPDATE rulebook_intake SET name = $3, opens = $4, mapping = $5, key_path = $6, per_minute = $7, \
        owner_id = $8, department_id = $9, active = $10, updated_at = $11, version = version + 1 \
        WHERE id = $1 AND version = $2";
    /// Puts a new secret in the place of the old one.
    pub SECRET = "UPDATE rulebook_intake SET digest = $3, updated_at = $4, version = version + 1 \
        WHERE id = $1 AND version = $2";
    /// Notes that something came.
    pub USED = "UPDATE rulebook_intake SET used_at = $2 WHERE id = $1";
    /// How much came since a time; by rulebook_intake_entry_at.
    pub RECENT = "SELECT CAST(COUNT(*) AS BIGINT) FROM rulebook_intake_entry WHERE intake_id = $1 AND at > $2";
    /// Keeps what came.
    pub INSERT_ENTRY = "INSERT INTO rulebook_intake_entry (id, intake_id, at, kind, outcome, code, fields, record_id) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    /// Drops refusals whose time is up.
    pub DROP_REFUSED = "DELETE FROM rulebook_intake_entry WHERE outcome <> 'opened' AND intake_id = $1 AND at < $2";
    /// Takes a key, unless it was taken.
    pub SEE = "INSERT INTO rulebook_intake_seen (intake_id, sender_key, record_id, at) VALUES ($1, $2, NULL, $3) \
        ON CONFLICT (intake_id, sender_key) DO NOTHING";
    /// Notes which record it became.
    pub OPENED = "UPDATE rulebook_intake_seen SET record_id = $3 WHERE intake_id = $1 AND sender_key = $2";
    /// The record that a key became.
    pub KNOWN = "SELECT r.id, r.number FROM rulebook_intake_seen s JOIN rulebook_record r ON r.id = s.record_id \
        WHERE s.intake_id = $1 AND s.sender_key = $2";
    /// Number of a record.
    pub NUMBER = "SELECT id, number FROM rulebook_record WHERE id = $1";
}

/// Entries; conditions follow.
pub const ENTRIES: &str = "SELECT id, intake_id, at, kind, outcome, code, fields, record_id FROM rulebook_intake_entry \
    WHERE TRUE";
