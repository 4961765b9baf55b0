use http_kit::App;
use kernel::{Id, Result};
use rulebook::notification::{self, Notice, NoticeKind};
use rulebook::task::Sentence;
use store::Tx;

use crate::permissions::PRIVACY_MANAGE;

/// Something that the privacy desk has to know.
pub(super) struct Told {
    pub kind: NoticeKind,
    pub noun: &'static str,
    pub id: Id,
    pub link: String,
    pub title: Sentence,
    /// The same for every time that the same thing is said.
    pub key: String,
}

/// Tells everybody who works on the privacy desk, in the transaction that makes it necessary.
pub(super) async fn tell(app: &App, tx: &mut Tx, told: Told) -> Result<()> {
    // Where nobody knows the staff there is nobody to tell; the lists show it all the same.
    let Ok(people) = app.people.get() else { return Ok(()) };
    let users = people.holders_of_permission(tx, PRIVACY_MANAGE.code, None, None).await?;
    let notice = Notice {
        kind: told.kind,
        subject_noun: told.noun,
        subject_id: told.id,
        link: told.link,
        title: told.title,
        group_key: told.key,
        document: false,
    };
    notification::tell(tx, &users, &notice).await.map(drop)
}
