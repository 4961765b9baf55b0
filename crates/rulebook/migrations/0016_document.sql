-- A notice may bring its record along, as a document.
ALTER TABLE rulebook_notification ADD COLUMN document BOOLEAN NOT NULL DEFAULT FALSE;
