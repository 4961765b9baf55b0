store::sql! {
    /// Asks for an approval.
    pub INSERT = "INSERT INTO rulebook_approval \
        (id, instance_id, machine_id, machine_version, transition, subject_noun, subject_id, subject_title, \
         subject_link, subject_version, content_hash, action, action_names, from_state, to_state, rejected_state, \
         facts, money, signed, state, requested_by, requested_by_name, requested_at, version) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, 'pending', \
         $20, $21, $22, 1)";
    /// One approval.
    pub FIND = "SELECT id, instance_id, machine_id, machine_version, transition, subject_noun, subject_id, \
        subject_title, subject_link, subject_version, content_hash, action, action_names, from_state, to_state, \
        rejected_state, money, signed, state, reason, requested_by, requested_by_name, requested_at, decided_at, version \
        FROM rulebook_approval WHERE id = $1";
    /// The facts of which it was asked.
    pub FACTS = "SELECT facts FROM rulebook_approval WHERE id = $1";
    /// The approval that a thing waits for.
    pub PENDING = "SELECT id FROM rulebook_approval \
        WHERE subject_noun = $1 AND subject_id = $2 AND state = 'pending'";
    /// Ends an approval.
    pub END = "UPDATE rulebook_approval SET state = $2, reason = $3, decided_at = $4, version = version + 1 \
        WHERE id = $1 AND state = 'pending'";
    /// Counts a change.
    pub TOUCH = "UPDATE rulebook_approval SET version = version + 1 WHERE id = $1";
    /// Keeps a step.
    pub INSERT_STEP = "INSERT INTO rulebook_approval_step \
        (id, approval_id, step_id, position, wave, names, mode, needed, state) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    /// Keeps a role that nobody who decides a step may have taken.
    pub INSERT_SEPARATION = "INSERT INTO rulebook_approval_separation (step_id, role) VALUES ($1, $2) \
        ON CONFLICT (step_id, role) DO NOTHING";
    /// Steps of an approval, in order.
    pub STEPS = "SELECT id, approval_id, step_id, position, wave, names, mode, needed, state, opened_at, due_at, \
        late_at, reminded_at, closed_at FROM rulebook_approval_step WHERE approval_id = $1 ORDER BY position";
    /// One step.
    pub STEP = "SELECT id, approval_id, step_id, position, wave, names, mode, needed, state, opened_at, due_at, \
        late_at, reminded_at, closed_at FROM rulebook_approval_step WHERE id = $1";
    /// Lets a step wait for those who decide it.
    pub OPEN_STEP = "UPDATE rulebook_approval_step SET state = 'open', opened_at = $2, due_at = $3, needed = $4 \
        WHERE id = $1 AND state = 'waiting'";
    /// Ends a step.
    pub CLOSE_STEP = "UPDATE rulebook_approval_step SET state = $2, closed_at = $3 WHERE id = $1 AND state = 'open'";
    /// What is not needed any more.
    pub SKIP_REST = "UPDATE rulebook_approval_step SET state = 'skipped', closed_at = $2 \
        WHERE approval_id = $1 AND state IN ('waiting', 'open')";
    /// Notes that a step is late.
    pub LATE = "UPDATE rulebook_approval_step SET late_at = $2 WHERE id = $1 AND late_at IS NULL";
    /// Notes that those who owe a step were reminded.
    pub REMINDED = "UPDATE rulebook_approval_step SET reminded_at = $2 WHERE id = $1";
    /// Steps that wait, those that are due first.
    pub OPEN_STEPS = "SELECT id, approval_id FROM rulebook_approval_step WHERE state = 'open' AND id > $1 \
        ORDER BY id LIMIT 200";
    /// Notes somebody who may decide.
    pub INSERT_DECIDER = "INSERT INTO rulebook_approval_decider \
        (id, step_id, user_id, user_name, for_user_id, for_user_name, delegation_id, escalated, by_mail, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, FALSE, $9) \
        ON CONFLICT (step_id, user_id, for_user_id) DO NOTHING";
    /// Who may decide a step.
    pub DECIDERS = "SELECT id, step_id, user_id, user_name, for_user_id, for_user_name, delegation_id, escalated, \
        decision, comment, by_mail, decided_at FROM rulebook_approval_decider WHERE step_id = $1 \
        ORDER BY created_at, id";
    /// Who may decide any step of an approval.
    pub ALL_DECIDERS = "SELECT d.id, d.step_id, d.user_id, d.user_name, d.for_user_id, d.for_user_name, \
        d.delegation_id, d.escalated, d.decision, d.comment, d.by_mail, d.decided_at \
        FROM rulebook_approval_decider d JOIN rulebook_approval_step s ON s.id = d.step_id \
        WHERE s.approval_id = $1 ORDER BY d.created_at, d.id";
    /// Keeps a decision.
    pub DECIDE = "UPDATE rulebook_approval_decider SET decision = $4, comment = $5, by_mail = $6, decided_at = $7, \
        delegation_id = $8 \
        WHERE step_id = $1 AND user_id = $2 AND for_user_id = $3 AND decision IS NULL";
    /// Takes back who may no longer decide and did not.
    pub REMOVE_DECIDER = "DELETE FROM rulebook_approval_decider WHERE id = $1 AND decision IS NULL";
    /// Keeps a link.
    pub INSERT_LINK = "INSERT INTO rulebook_approval_link \
        (id, digest, approval_id, step_id, user_id, decision, subject_version, content_hash, expires_at, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    /// One link.
    pub LINK = "SELECT approval_id, step_id, user_id, decision, content_hash, expires_at, used_at, voided_at \
        FROM rulebook_approval_link WHERE digest = $1";
    /// Uses a link up.
    pub USE_LINK = "UPDATE rulebook_approval_link SET used_at = $2 \
        WHERE digest = $1 AND used_at IS NULL AND voided_at IS NULL AND expires_at > $2";
    /// Makes the links of one person for a step useless.
    pub VOID_LINKS = "UPDATE rulebook_approval_link SET voided_at = $3 \
        WHERE step_id = $1 AND user_id = $2 AND used_at IS NULL AND voided_at IS NULL";
    /// Makes all links of an approval useless.
    pub VOID_ALL_LINKS = "UPDATE rulebook_approval_link SET voided_at = $2 \
        WHERE approval_id = $1 AND used_at IS NULL AND voided_at IS NULL";
    /// Makes all links of a step useless.
    pub VOID_STEP_LINKS = "UPDATE rulebook_approval_link SET voided_at = $2 \
        WHERE step_id = $1 AND used_at IS NULL AND voided_at IS NULL";
    /// Forgets links that ran out long ago.
    pub SWEEP_LINKS = "DELETE FROM rulebook_approval_link WHERE expires_at < $1";
}

/// Approvals; conditions follow.
pub const LIST: &str = "SELECT a.id, a.instance_id, a.machine_id, a.machine_version, a.transition, a.subject_noun, \
    a.subject_id, a.subject_title, a.subject_link, a.subject_version, a.content_hash, a.action, a.action_names, \
    a.from_state, a.to_state, a.rejected_state, a.money, a.signed, a.state, a.reason, a.requested_by, a.requested_by_name, \
    a.requested_at, a.decided_at, a.version FROM rulebook_approval a WHERE TRUE";
/// Narrows to approvals with a step that waits for somebody; the caller adds whom and closes the bracket.
pub const WAITS_FOR: &str = " AND EXISTS (SELECT 1 FROM rulebook_approval_step s \
    JOIN rulebook_approval_decider d ON d.step_id = s.id \
    WHERE s.approval_id = a.id AND s.state = 'open' AND d.decision IS NULL AND d.user_id = ";
/// Steps of several approvals; the caller adds which.
pub const STEPS_OF: &str = "SELECT id, approval_id, step_id, position, wave, names, mode, needed, state, opened_at, \
    due_at, late_at, reminded_at, closed_at FROM rulebook_approval_step WHERE TRUE";
