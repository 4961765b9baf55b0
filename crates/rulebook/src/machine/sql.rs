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
    /// Roles that somebody took in an instance.
    pub ROLES = "SELECT role FROM rulebook_instance_participant WHERE instance_id = $1 AND user_id = $2";
}
