use kernel::{Id, Page, PageQuery, Result, Timestamp};
use store::{Query, Store, Tx, args};

use super::DroppedMail;

const LIST: &str =
    "SELECT id, message_id, sender, recipient, subject, file, size_bytes, received_at, simulated_at,
    behaviour FROM mail_drop_message WHERE TRUE";

store::sql! {
    INSERT = "INSERT INTO mail_drop_message
        (id, message_id, sender, recipient, subject, file, size_bytes, received_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    GET = "SELECT id, message_id, sender, recipient, subject, file, size_bytes, received_at, simulated_at,
        behaviour FROM mail_drop_message WHERE id = $1";
    // Index mail_drop_message_waiting.
    WAITING = "SELECT id, message_id, sender, recipient, subject, file, size_bytes, received_at, simulated_at,
        behaviour FROM mail_drop_message WHERE simulated_at IS NULL AND received_at <= $2 ORDER BY id LIMIT $1";
    SIMULATED = "UPDATE mail_drop_message SET simulated_at = $2, behaviour = $3 WHERE id = $1";
}

pub(super) async fn insert(tx: &mut Tx, mail: &DroppedMail) -> Result<()> {
    let row = args![
        mail.id,
        &mail.message_id,
        &mail.sender,
        &mail.recipient,
        &mail.subject,
        &mail.file,
        mail.size_bytes,
        mail.received_at,
    ];
    tx.exec_one(INSERT, row).await
}

pub(super) async fn get(store: &Store, id: Id) -> Result<DroppedMail> {
    store.get(GET, args![id]).await
}

/// Returns a page, newest first; ids grow with time.
pub(super) async fn list(
    store: &Store,
    page: &PageQuery,
    recipient: Option<&str>,
) -> Result<Page<DroppedMail>> {
    let size = page.size()?;
    let mut query = Query::new(LIST, args![]);
    query.and_some("recipient =", recipient);
    query.and_some("id <", page.after::<Id>()?);
    query.push(" ORDER BY id DESC").limit_overfull(size);
    Ok(Page::from_overfull(store.list(query).await?, size, |mail: &DroppedMail| mail.id))
}

/// Returns messages that nobody treated yet and that arrived by `until`.
pub(crate) async fn waiting(store: &Store, limit: i64, until: Timestamp) -> Result<Vec<DroppedMail>> {
    store.all(WAITING, args![limit, until]).await
}

pub(crate) async fn mark_simulated(tx: &mut Tx, id: Id, at: Timestamp, behaviour: &str) -> Result<()> {
    tx.exec_one(SIMULATED, args![id, at, behaviour]).await
}
