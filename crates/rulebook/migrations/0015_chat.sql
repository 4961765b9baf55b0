-- Endpoints that are told only of what concerns one record, such as a project.
ALTER TABLE rulebook_webhook_endpoint ADD COLUMN record_id TEXT REFERENCES rulebook_record (id);
