-- Decisions that are signed with the second factor.
ALTER TABLE rulebook_approval ADD COLUMN signed BOOLEAN NOT NULL DEFAULT FALSE;
DROP VIEW v_rulebook_approval;
CREATE VIEW v_rulebook_approval AS
SELECT a.id, a.subject_noun, a.subject_id, a.action, a.state, a.requested_by, a.requested_at, a.decided_at,
    (SELECT COUNT(*) FROM rulebook_approval_step s WHERE s.approval_id = a.id AND s.state <> 'skipped') AS steps,
    NOT EXISTS (SELECT 1 FROM rulebook_approval_step s
        WHERE s.approval_id = a.id AND s.due_at IS NOT NULL
            AND (s.late_at IS NOT NULL OR s.closed_at > s.due_at)) AS on_time,
    NOT EXISTS (SELECT 1 FROM rulebook_approval_decider d
        JOIN rulebook_approval_step s ON s.id = d.step_id
        WHERE s.approval_id = a.id AND d.decided_at IS NOT NULL
            AND (d.user_id = a.requested_by OR d.for_user_id = a.requested_by
                OR EXISTS (SELECT 1 FROM rulebook_approval_separation r
                    JOIN rulebook_instance_participant p ON p.role = r.role AND p.instance_id = a.instance_id
                    WHERE r.step_id = s.id AND p.at <= d.decided_at
                        AND (p.user_id = d.user_id OR p.user_id = d.for_user_id)))) AS separate,
    a.signed
FROM rulebook_approval a;
