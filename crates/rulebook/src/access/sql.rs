/// Notes accesses; rows follow.
pub const INSERT: &str = "INSERT INTO rulebook_access \
    (id, subject_noun, subject_id, number, act, file_name, user_id, user_name, at, once) VALUES";

/// What is noted once is noted once.
pub const ONCE: &str = "ON CONFLICT (once) DO NOTHING";

/// Accesses; conditions follow.
pub const LIST: &str = "SELECT id, subject_noun, subject_id, number, act, file_name, user_id, user_name, at \
    FROM rulebook_access WHERE TRUE";
