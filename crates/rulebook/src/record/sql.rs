use store::args;

use super::write::Row;
use crate::record_type::{Class, Slot};

store::sql! {
    /// A type as it was published.
    pub TYPE = "SELECT type_id, version, slots, view_definition FROM rulebook_record_type WHERE type_id = $1";
    /// All types as they were published.
    pub TYPES = "SELECT type_id, version, slots, view_definition FROM rulebook_record_type";
    /// Keeps what a type now is.
    pub PUBLISH_TYPE = "INSERT INTO rulebook_record_type \
        (type_id, version, pack_id, slots, view_definition, last_number, published_at) \
        VALUES ($1, $2, $3, $4, $5, 0, $6) \
        ON CONFLICT (type_id) DO UPDATE SET version = excluded.version, pack_id = excluded.pack_id, \
        slots = excluded.slots, view_definition = excluded.view_definition, published_at = excluded.published_at";
    /// Version of a type that was published with this very content.
    pub FIND_TYPE_VERSION = "SELECT content_hash FROM rulebook_record_type_version WHERE type_id = $1 AND version = $2";
    /// Keeps a version for ever.
    pub INSERT_TYPE_VERSION = "INSERT INTO rulebook_record_type_version \
        (type_id, version, content_hash, definition, created_at) VALUES ($1, $2, $3, $4, $5)";
    /// The next number of a type.
    pub NEXT_NUMBER = "UPDATE rulebook_record_type SET last_number = last_number + 1 WHERE type_id = $1 \
        RETURNING last_number";
    /// One record.
    pub FIND = "SELECT id, type_id, type_version, number, title, state, ended, instance_id, brand_id, department_id, owner_id, label, restricted, document, content_hash, created_at, updated_at, closed_at, archived_at, created_by, version \
        FROM rulebook_record WHERE id = $1";
    /// Keeps a record.
    pub INSERT = "INSERT INTO rulebook_record \
        (id, type_id, type_version, number, title, search, state, ended, instance_id, brand_id, department_id, \
         owner_id, label, restricted, document, content_hash, created_at, updated_at, closed_at, archived_at, created_by, version, \
         s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, \
         s12, s13, s14, s15, s16, s17, s18, s19, s20, s21, s22, \
         s23, s24, n1, n2, n3, n4, n5, n6, n7, n8, n9, \
         n10, n11, n12, n13, n14, n15, n16, n17, n18, n19, n20, \
         n21, n22, n23, n24, r1, r2, r3, r4, r5, r6, r7, \
         r8, b1, b2, b3, b4, b5, b6, b7, b8) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, \
         $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, \
         $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51, $52, $53, $54, $55, $56, $57, $58, $59, $60, \
         $61, $62, $63, $64, $65, $66, $67, $68, $69, $70, $71, $72, $73, $74, $75, $76, $77, $78, $79, $80, \
         $81, $82, $83, $84, $85, $86)";
    /// Writes a record that is as the decision saw it.
    pub UPDATE = "UPDATE rulebook_record SET \
         title = $3, search = $4, state = $5, ended = $6, brand_id = $7, department_id = $8, owner_id = $9, label = $10, \
         document = $11, content_hash = $12, updated_at = $13, closed_at = $14, archived_at = $15, type_version = $16, version = $17, s1 = $18, \
         s2 = $19, s3 = $20, s4 = $21, s5 = $22, s6 = $23, s7 = $24, s8 = $25, s9 = $26, \
         s10 = $27, s11 = $28, s12 = $29, s13 = $30, s14 = $31, s15 = $32, s16 = $33, s17 = $34, \
         s18 = $35, s19 = $36, s20 = $37, s21 = $38, s22 = $39, s23 = $40, s24 = $41, n1 = $42, \
         n2 = $43, n3 = $44, n4 = $45, n5 = $46, n6 = $47, n7 = $48, n8 = $49, n9 = $50, \
         n10 = $51, n11 = $52, n12 = $53, n13 = $54, n14 = $55, n15 = $56, n16 = $57, n17 = $58, \
         n18 = $59, n19 = $60, n20 = $61, n21 = $62, n22 = $63, n23 = $64, n24 = $65, r1 = $66, \
         r2 = $67, r3 = $68, r4 = $69, r5 = $70, r6 = $71, r7 = $72, r8 = $73, b1 = $74, \
         b2 = $75, b3 = $76, b4 = $77, b5 = $78, b6 = $79, b7 = $80, b8 = $81, restricted = $82 \
        WHERE id = $1 AND version = $2";
    /// Names a party.
    pub ADD_PARTY = "INSERT INTO rulebook_record_party (record_id, user_id) VALUES ($1, $2) \
        ON CONFLICT (record_id, user_id) DO NOTHING";
    /// Whether somebody is a party.
    pub IS_PARTY = "SELECT user_id FROM rulebook_record_party WHERE record_id = $1 AND user_id = $2";
    /// Keeps a change.
    pub INSERT_CHANGE = "INSERT INTO rulebook_record_change \
        (record_id, version, action, from_state, to_state, changes, reason, actor_id, actor_name, at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    /// Keeps a comment.
    pub INSERT_COMMENT = "INSERT INTO rulebook_record_comment \
        (id, record_id, body, author_id, author_name, by_mail, files, left_out, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    /// Files that came with the comments on a record.
    pub COMMENT_FILES = "SELECT files FROM rulebook_record_comment WHERE record_id = $1 AND files <> '[]'";
    /// Who commented on a record.
    pub COMMENTERS = "SELECT DISTINCT author_id FROM rulebook_record_comment \
        WHERE record_id = $1 AND author_id IS NOT NULL";
    /// Comments of a record, oldest first.
    pub COMMENTS = "SELECT id, body, author_id, author_name, by_mail, files, left_out, created_at \
        FROM rulebook_record_comment \
        WHERE record_id = $1 ORDER BY id LIMIT 500";
    /// Notes that somebody got theirs.
    pub TAKE_EACH = "INSERT INTO rulebook_record_each (source_id, effect, person_id, opened_at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (source_id, effect, person_id) DO NOTHING";
    /// Who got theirs.
    pub EACH = "SELECT person_id FROM rulebook_record_each WHERE source_id = $1 AND effect = $2";
    /// Records that brought something about for everybody and have not ended.
    pub BEGUN = "SELECT r.id FROM rulebook_record r WHERE r.type_id = $1 AND r.ended = FALSE \
        AND r.archived_at IS NULL AND EXISTS (SELECT 1 FROM rulebook_record_each e \
            WHERE e.source_id = r.id AND e.effect = $2 AND e.person_id = '') ORDER BY r.id LIMIT 1000";
    /// What somebody owns and is not done, but for one record and for what they owe in person.
    pub OWNED = "SELECT id FROM rulebook_record WHERE owner_id = $1 AND id <> $2 AND ended = FALSE \
        AND archived_at IS NULL AND NOT EXISTS (SELECT 1 FROM rulebook_task t WHERE t.subject_id = rulebook_record.id \
            AND t.kind = 'rulebook.record.banner' AND t.state = 'open') ORDER BY id LIMIT $3";
    /// Notes that a row of an import became a record.
    pub INSERT_IMPORTED = "INSERT INTO rulebook_record_import (type_id, row_key, record_id, import_id, created_at) \
        VALUES ($1, $2, $3, $4, $5)";
    /// What an import made and nobody took back yet.
    pub IMPORTED = "SELECT row_key, record_id FROM rulebook_record_import WHERE import_id = $1 \
        ORDER BY record_id DESC LIMIT $2";
    /// Lets a row come again.
    pub FORGET_IMPORTED = "DELETE FROM rulebook_record_import WHERE type_id = $1 AND row_key = $2";
    /// What is kept of a record's changes.
    pub KEPT = "SELECT version, changes FROM rulebook_record_change WHERE record_id = $1";
    /// Takes what is forgotten out of a change.
    pub FORGET = "UPDATE rulebook_record_change SET changes = $3 WHERE record_id = $1 AND version = $2";
    /// How many records and changes name a file; asked once for each file that is forgotten.
    pub NAMES_FILE = "SELECT CAST((SELECT COUNT(*) FROM rulebook_record WHERE document LIKE $1)         + (SELECT COUNT(*) FROM rulebook_record_change WHERE changes LIKE $1) AS BIGINT)";
    /// How many comments a record has, and how many people from outside see it now.
    pub COUNTS = "SELECT (SELECT CAST(COUNT(*) AS BIGINT) FROM rulebook_record_comment WHERE record_id = $1) AS comments, \
        (SELECT CAST(COUNT(*) AS BIGINT) FROM rulebook_guest \
            WHERE record_id = $1 AND ended_at IS NULL AND valid_until > $2) AS guests";
}

/// Changes of records; conditions follow.
pub const CHANGES: &str = "SELECT version, action, from_state, to_state, changes, reason, actor_id, actor_name, at \
    FROM rulebook_record_change WHERE record_id = $1";

/// Records by id; conditions follow.
pub const SOME: &str = "SELECT id, type_id, type_version, number, title, state, ended, instance_id, brand_id, department_id, owner_id, label, restricted, document, content_hash, created_at, updated_at, closed_at, archived_at, created_by, version \
    FROM rulebook_record WHERE TRUE";

/// Titles of records; conditions follow.
pub const TITLES: &str = "SELECT id, title, number FROM rulebook_record WHERE TRUE";

/// Rows that became records, by what they say; conditions follow.
pub const IMPORTED_ROWS: &str = "SELECT row_key, record_id FROM rulebook_record_import WHERE TRUE";

/// Records that others may name; conditions follow.
pub const NAMED: &str =
    "SELECT id, title, number FROM rulebook_record WHERE archived_at IS NULL AND restricted = FALSE";

/// Ids of the rows of a type's view; its name and conditions follow.
pub const IDS: &str = "SELECT id FROM ";

/// Columns of a type's view, put together.
pub const COLUMNS: &str = "SELECT ";

/// Counts by a column; its name follows.
pub const GROUPS: &str = "SELECT CAST(";

/// Names of the rows of another domain's view; its name and conditions follow.
pub const NAMES: &str = "SELECT id, name FROM ";

/// A column of another domain's view, by id; its name, the view and conditions follow.
pub const SHOWN: &str = "SELECT CAST(id AS TEXT) AS id, CAST(";

/// Ids of the rows of another domain's view, as text; its name and conditions follow.
pub const ROW_IDS: &str = "SELECT CAST(id AS TEXT) AS id FROM ";

/// Records that refer to another one; type, column and order follow.
pub const REFERRING: &str = "SELECT id FROM rulebook_record WHERE archived_at IS NULL";

/// Records with the same key; type and columns follow.
pub const SAME_KEY: &str = "SELECT number FROM rulebook_record WHERE archived_at IS NULL";

/// Whether somebody who is no party is kept out; the reader's id and a bracket follow.
pub const NOT_RESTRICTED: &str = " AND (restricted = FALSE OR EXISTS (SELECT 1 FROM rulebook_record_party p \
    WHERE p.record_id = v.id AND p.user_id = ";

/// Or somebody is a party; the reader's id and a bracket follow.
pub const OR_PARTY: &str = " OR EXISTS (SELECT 1 FROM rulebook_record_party p \
    WHERE p.record_id = rulebook_record.id AND p.user_id = ";

/// Columns of the slots, in the order of the statements.
pub fn slots() -> impl Iterator<Item = Slot> {
    let of = |class: Class, count: u8| (1..=count).map(move |number| Slot { class, number });
    of(Class::Text, 24).chain(of(Class::Whole, 24)).chain(of(Class::Real, 8)).chain(of(Class::Truth, 8))
}

/// Returns the arguments that keep a record.
pub fn insert(row: &Row) -> Vec<store::Value> {
    let mut values = args![
        row.id,
        &row.type_id,
        row.type_version,
        &row.number,
        &row.title,
        &row.search,
        row.state.as_deref(),
        row.ended,
        row.instance_id,
        row.brand_id,
        row.department_id,
        row.owner_id,
        super::rules::label_word(row.label),
        row.restricted,
        store::json(&row.document),
        &row.content_hash,
        row.created_at,
        row.updated_at,
        row.closed_at,
        row.archived_at,
        row.created_by,
        row.version,
    ];
    values.extend(slots().map(|slot| row.slot(slot)));
    values
}

/// Returns the arguments that write a record over the version that was read.
pub fn update(row: &Row, read: i64) -> Vec<store::Value> {
    let mut values = args![
        row.id,
        read,
        &row.title,
        &row.search,
        row.state.as_deref(),
        row.ended,
        row.brand_id,
        row.department_id,
        row.owner_id,
        super::rules::label_word(row.label),
        store::json(&row.document),
        &row.content_hash,
        row.updated_at,
        row.closed_at,
        row.archived_at,
        row.type_version,
        row.version,
    ];
    values.extend(slots().map(|slot| row.slot(slot)));
    values.push(row.restricted.into());
    values
}

/// Values of a view's column with how often they stand there, first and last; the column, the view and conditions follow.
pub const VALUES: &str = "SELECT CAST(";
/// Values of a field; the field, the view and conditions follow.
pub const NAMES_OF: &str = "SELECT CAST(";
