-- Programs are told of more than notices: what happened stands with the delivery itself.
ALTER TABLE rulebook_notification_delivery ADD COLUMN event_type TEXT;
ALTER TABLE rulebook_notification_delivery ADD COLUMN event_data TEXT;
ALTER TABLE rulebook_notification_delivery ADD COLUMN event_link TEXT;
ALTER TABLE rulebook_notification_delivery ADD COLUMN event_title_code TEXT;
ALTER TABLE rulebook_notification_delivery ADD COLUMN event_title_args TEXT;
