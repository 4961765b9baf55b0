-- What every list is asked for by: the number on a paper, and what came first.
CREATE INDEX rulebook_record_number ON rulebook_record (type_id, number, id);
CREATE INDEX rulebook_record_created ON rulebook_record (type_id, created_at, id);
