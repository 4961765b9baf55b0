store::sql! {
    /// Version of a machine that was published with this very content.
    pub FIND_VERSION = "SELECT content_hash FROM rulebook_machine_version WHERE machine_id = $1 AND version = $2";
    /// Keeps a version for ever.
    pub INSERT_VERSION = "INSERT INTO rulebook_machine_version \
        (machine_id, version, content_hash, definition, created_at) VALUES ($1, $2, $3, $4, $5)";
    /// Definition that an instance began with.
    pub DEFINITION = "SELECT definition FROM rulebook_machine_version WHERE machine_id = $1 AND version = $2";
    /// Keeps an instance.
    pub INSERT_INSTANCE = "INSERT INTO rulebook_instance \
        (id, machine_id, machine_version, subject_noun, subject_id, state, ended, created_at, updated_at, version) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, 1)";
    /// One instance.
    pub FIND_INSTANCE = "SELECT id, machine_id, machine_version, subject_noun, subject_id, state, ended, \
        created_at, updated_at, version FROM rulebook_instance WHERE id = $1";
    /// The instance by which a record moves.
    pub OF_RECORD = "SELECT i.id, i.machine_id, i.machine_version, i.subject_noun, i.subject_id, i.state, i.ended, \
        i.created_at, i.updated_at, i.version FROM rulebook_record r JOIN rulebook_instance i ON i.id = r.instance_id \
        WHERE r.id = $1";
    /// Moves an instance that stands where the decision saw it.
    pub MOVE = "UPDATE rulebook_instance SET state = $3, ended = $4, updated_at = $5, version = version + 1 \
        WHERE id = $1 AND version = $2";
    /// Keeps a step.
    pub INSERT_STEP = "INSERT INTO rulebook_instance_step \
        (instance_id, position, action, from_state, to_state, facts, actor_id, actor_name, at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    /// Steps of an instance, in order.
    pub STEPS = "SELECT position, action, from_state, to_state, facts, actor_id, actor_name, at \
        FROM rulebook_instance_step WHERE instance_id = $1 ORDER BY position";
    /// Notes a role that somebody took; the first time stays.
    pub TAKE_ROLE = "INSERT INTO rulebook_instance_participant (instance_id, user_id, role, at) \
        VALUES ($1, $2, $3, $4) ON CONFLICT (instance_id, user_id, role) DO NOTHING";
    /// Roles that somebody took in an instance,
    /// and the approval for which the instance waits, with its action. One statement: every move asks for both.
    pub STANDING = "SELECT NULL AS approval_id, role AS word FROM rulebook_instance_participant \
            WHERE instance_id = $1 AND user_id = $2 \
        UNION ALL SELECT id AS approval_id, action AS word FROM rulebook_approval \
            WHERE instance_id = $1 AND state = 'pending'";
    /// Everybody who took a role in an instance.
    pub PARTICIPANTS = "SELECT user_id, role FROM rulebook_instance_participant WHERE instance_id = $1 \
        ORDER BY at, user_id, role";
    /// Where the open instances of older versions stand, and how many of them wait for an approval.
    pub OLDER = "SELECT i.machine_version AS from_version, i.state AS from_state, COUNT(*) AS instances, \
        CAST(SUM(CASE WHEN EXISTS (SELECT 1 FROM rulebook_approval a \
            WHERE a.instance_id = i.id AND a.state = 'pending') THEN 1 ELSE 0 END) AS BIGINT) AS waiting \
        FROM rulebook_instance i WHERE i.machine_id = $1 AND i.machine_version < $2 AND i.ended = FALSE \
        GROUP BY i.machine_version, i.state ORDER BY i.machine_version, i.state";
    /// Keeps the step of each instance that is to be taken to another version.
    pub KEEP_MIGRATION = "INSERT INTO rulebook_instance_step \
        (instance_id, position, action, from_state, to_state, facts, actor_id, actor_name, at) \
        SELECT i.id, i.version + 1, 'migrate', i.state, CAST($4 AS TEXT), NULL, CAST($5 AS TEXT), \
            CAST($6 AS TEXT), CAST($7 AS BIGINT) \
        FROM rulebook_instance i WHERE i.machine_id = $1 AND i.machine_version = $2 AND i.state = $3 \
            AND i.ended = FALSE AND NOT EXISTS (SELECT 1 FROM rulebook_approval a \
                WHERE a.instance_id = i.id AND a.state = 'pending')";
    /// Takes instances to another version.
    pub MIGRATE = "UPDATE rulebook_instance \
        SET machine_version = $4, state = $5, ended = $6, updated_at = $7, version = version + 1 \
        WHERE machine_id = $1 AND machine_version = $2 AND state = $3 AND ended = FALSE \
            AND NOT EXISTS (SELECT 1 FROM rulebook_approval a \
                WHERE a.instance_id = rulebook_instance.id AND a.state = 'pending')";
    /// Warnings about machines that are open tasks.
    pub OPEN_WARNINGS = "SELECT subject_id FROM rulebook_task WHERE kind = $1 AND state = 'open' ORDER BY id";
}
