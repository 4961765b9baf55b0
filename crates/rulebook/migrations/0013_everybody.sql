-- What each of some people got one of: by the record that brought it about, what it was, and the person.
CREATE TABLE rulebook_record_each (
    source_id TEXT NOT NULL REFERENCES rulebook_record (id),
    effect TEXT NOT NULL,
    person_id TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    PRIMARY KEY (source_id, effect, person_id)
);
