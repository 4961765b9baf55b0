macro_rules! forms {
    () => {
        "SELECT id, type_id, parent_type, parent_id, questions, published_at, withdrawn_at FROM rulebook_form"
    };
}

macro_rules! links {
    () => {
        "SELECT l.id, l.form_id, l.token, l.name, l.channel, l.once, l.invited, l.created_at, l.closed_at, \
            (SELECT CAST(COUNT(*) AS BIGINT) FROM rulebook_form_visit v WHERE v.link_id = l.id AND v.human = TRUE) AS visits, \
            (SELECT CAST(COUNT(DISTINCT v.sender) AS BIGINT) FROM rulebook_form_visit v \
                WHERE v.link_id = l.id AND v.human = TRUE) AS visitors, \
            (SELECT CAST(COUNT(*) AS BIGINT) FROM rulebook_form_visit v WHERE v.link_id = l.id AND v.human = FALSE) AS scanners, \
            (SELECT CAST(COUNT(*) AS BIGINT) FROM rulebook_form_answer a WHERE a.link_id = l.id) AS answers \
            FROM rulebook_form_link l"
    };
}

store::sql! {
    /// The form of a type that a record published.
    pub OF_PARENT = concat!(forms!(), " WHERE parent_id = $1 AND type_id = $2");
    /// One form.
    pub FIND = concat!(forms!(), " WHERE id = $1");
    /// Keeps a form, or publishes it again with its questions of today.
    pub PUBLISH = "INSERT INTO rulebook_form \
        (id, type_id, parent_type, parent_id, questions, published_at, published_by, version) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, 1) ON CONFLICT (parent_id, type_id) DO UPDATE SET \
        questions = excluded.questions, withdrawn_at = NULL, version = rulebook_form.version + 1";
    /// Takes a form back.
    pub WITHDRAW = "UPDATE rulebook_form SET withdrawn_at = $2, version = version + 1 WHERE id = $1";
    /// Links of a form, oldest first; by rulebook_form_link_form.
    pub LINKS = concat!(links!(), " WHERE l.form_id = $1 ORDER BY l.id LIMIT 2000");
    /// The link of an address.
    pub BY_TOKEN = "SELECT id, form_id, token, name, channel, once, invited, created_at, closed_at \
        FROM rulebook_form_link WHERE token = $1";
    /// Keeps a link.
    pub INSERT_LINK = "INSERT INTO rulebook_form_link \
        (id, form_id, token, name, channel, once, invited, created_at, created_by) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    /// Closes a link that is open.
    pub CLOSE_LINK = "UPDATE rulebook_form_link SET closed_at = $3 WHERE id = $1 AND form_id = $2 AND closed_at IS NULL";
    /// Answers that were sent in a time, newest first, with the questions as they were asked.
    pub SAID = "SELECT a.id, a.at, f.type_id, f.questions, r.document FROM rulebook_form_answer a \
        JOIN rulebook_form f ON f.id = a.form_id JOIN rulebook_record r ON r.id = a.record_id \
        WHERE a.at >= $1 AND a.at < $2 AND r.archived_at IS NULL ORDER BY a.at DESC, a.id DESC LIMIT $3";
    /// How many answers a form has.
    pub COUNT_ANSWERS = "SELECT CAST(COUNT(*) AS BIGINT) FROM rulebook_form_answer WHERE form_id = $1";
    /// How many answers a link has; by rulebook_form_answer_link.
    pub COUNT_OF_LINK = "SELECT CAST(COUNT(*) AS BIGINT) FROM rulebook_form_answer WHERE link_id = $1";
    /// How many answers came of one page: none or one.
    pub COUNT_OF_PAGE = "SELECT CAST(COUNT(*) AS BIGINT) FROM rulebook_form_answer WHERE form_id = $1 AND nonce = $2";
    /// How many links a form has.
    pub COUNT_LINKS = "SELECT CAST(COUNT(*) AS BIGINT) FROM rulebook_form_link WHERE form_id = $1";
    /// Notes a visit.
    pub VISIT = "INSERT INTO rulebook_form_visit (id, form_id, link_id, at, sender, human) VALUES ($1, $2, $3, $4, $5, $6)";
    /// Visits of one sender since a time; by rulebook_form_visit_link.
    pub RECENT_VISITS = "SELECT CAST(COUNT(*) AS BIGINT) FROM rulebook_form_visit \
        WHERE link_id = $1 AND at > $2 AND sender = $3";
    /// Takes a page, and the person behind it, unless one of them was taken.
    pub TAKE = "INSERT INTO rulebook_form_answer \
        (id, form_id, link_id, nonce, person, consent_text, consent_version, language, at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING";
    /// Notes which record an answer became.
    pub TAKEN = "UPDATE rulebook_form_answer SET record_id = $2 WHERE id = $1";
    /// What one sender sent since a time; by rulebook_form_attempt_sender.
    pub RECENT_ATTEMPTS = "SELECT CAST(COUNT(*) AS BIGINT) FROM rulebook_form_attempt WHERE sender = $1 AND at > $2";
    /// Notes what was sent.
    pub ATTEMPT = "INSERT INTO rulebook_form_attempt (id, sender, at, outcome) VALUES ($1, $2, $3, $4)";
    /// Drops what is old.
    pub DROP_ATTEMPTS = "DELETE FROM rulebook_form_attempt WHERE at < $1";
}

/// Records that answer, with the view of their type as `v`; the reference and its value follow.
pub const ANSWERS: &str =
    "SELECT r.id, r.number, r.state, r.document, r.created_at FROM rulebook_record r JOIN ";
/// Behind the view's name.
pub const OF_VIEW: &str = " v ON v.id = r.id WHERE r.archived_at IS NULL AND v.";
