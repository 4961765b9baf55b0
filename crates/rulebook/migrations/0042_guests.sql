-- Guests: people from outside who were invited to one record, until a day.
CREATE TABLE rulebook_guest (
    id TEXT PRIMARY KEY,
    record_id TEXT NOT NULL REFERENCES rulebook_record (id),
    type_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    name TEXT NOT NULL,
    organisation TEXT NOT NULL,
    valid_until BIGINT NOT NULL,
    invited_by TEXT,
    invited_by_name TEXT NOT NULL,
    ended_at BIGINT,
    ended_because TEXT CHECK (ended_because IN ('over', 'withdrawn', 'record_ended')),
    ended_reason TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
-- One invitation at a time for each person and record.
CREATE UNIQUE INDEX rulebook_guest_live ON rulebook_guest (record_id, user_id) WHERE ended_at IS NULL;
CREATE INDEX rulebook_guest_user ON rulebook_guest (user_id, ended_at);
CREATE INDEX rulebook_guest_record ON rulebook_guest (record_id, id);
CREATE INDEX rulebook_guest_over ON rulebook_guest (ended_at, valid_until);

-- Invitations with how their guests used them; names of people stay where they are.
CREATE VIEW v_rulebook_guest AS
SELECT g.id AS id, g.type_id AS type_id, g.record_id AS record_id, r.number AS number, g.user_id AS user_id,
       g.valid_until AS valid_until, g.ended_at AS ended_at, g.ended_because AS ended_because,
       g.created_at AS created_at, r.department_id AS department_id,
       CASE WHEN r.ended = TRUE OR r.archived_at IS NOT NULL THEN TRUE ELSE FALSE END AS record_ended,
       COALESCE(r.archived_at, r.closed_at) AS record_ended_at,
       (SELECT CAST(COUNT(*) AS BIGINT) FROM rulebook_access a
            WHERE a.user_id = g.user_id AND a.at >= g.created_at) AS accesses,
       (SELECT MAX(a.at) FROM rulebook_access a WHERE a.user_id = g.user_id AND a.at >= g.created_at) AS last_access_at,
       -- Looks after the end: the door lets none pass, and this is where one would show.
       (SELECT CAST(COUNT(*) AS BIGINT) FROM rulebook_access a
            WHERE a.user_id = g.user_id AND a.subject_id = g.record_id AND a.act <> 'refused'
                AND a.at >= COALESCE(g.ended_at, g.valid_until)
                AND NOT EXISTS (SELECT 1 FROM rulebook_guest o WHERE o.user_id = g.user_id
                    AND o.record_id = g.record_id AND o.id <> g.id AND o.created_at <= a.at
                    AND COALESCE(o.ended_at, o.valid_until) > a.at)) AS late_accesses
FROM rulebook_guest g JOIN rulebook_record r ON r.id = g.record_id;
