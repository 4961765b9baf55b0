use serde::Deserialize;
use store::sql;

/// Until where a pass is.
#[derive(Debug, Deserialize)]
pub struct Standing {
    pub mark: String,
    pub after_key: String,
    pub is_finished: bool,
}

sql! {
    pub STANDING = "SELECT mark, after_key, finished_at IS NOT NULL AS is_finished FROM sealing WHERE table_name = $1";

    pub NOTE = "INSERT INTO sealing (table_name, mark, after_key, finished_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (table_name) DO UPDATE SET mark = excluded.mark, after_key = excluded.after_key,
            finished_at = excluded.finished_at";

    /// Numbers of cards, which lie plain, behind an id.
    pub CARDS = "SELECT id, value FROM identifier_node
        WHERE kind = 'member_number' AND erased_at IS NULL AND id > $1 ORDER BY id LIMIT $2";
}
