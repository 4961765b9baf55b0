-- Lists that somebody took out of the product as a file, as the audit log keeps them.
CREATE VIEW v_system_export AS
SELECT CAST(id AS TEXT) AS id, at, noun, actor_id, brand_id, department_id, row_count
FROM audit_entry WHERE action = 'export';
