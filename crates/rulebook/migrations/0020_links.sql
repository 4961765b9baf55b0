-- Where records stand that other domains name by their ids, and nothing of what they say.
CREATE VIEW v_rulebook_record AS
SELECT id, type_id, state, ended, brand_id, department_id, owner_id, created_at
FROM rulebook_record
WHERE archived_at IS NULL;
