-- Who heads a department, for whoever must report to them.
CREATE VIEW v_identity_department AS
SELECT id, code, parent_id, head_id, archived_at FROM identity_department;
