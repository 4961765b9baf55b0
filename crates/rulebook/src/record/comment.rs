use http_kit::App;
use kernel::{Caller, Id, Label, Problem, Result};
use store::{Audit, Tx, args};

use super::{NewComment, Record, RecordComment, names, service, sql};
use crate::notification::{self, Notice, NoticeKind};
use crate::record_type::RecordType;
use crate::task::{self, Sentence};

/// Most characters of a comment.
const BODY_MAX: usize = 5_000;
/// Most characters of a comment in a notice of it.
const SAID_MAX: usize = 200;

/// Returns the comments of a record, oldest first.
pub async fn list(app: &App, caller: &Caller, type_id: &str, id: Id) -> Result<Vec<RecordComment>> {
    service::find(app, caller, type_id, id).await?;
    app.store.all(sql::COMMENTS, args![id]).await
}

/// Tells those whom a record concerns that somebody said something about it: its owner, those whose work it is, and
/// those who spoke before. What was said of something confidential stays where it was said.
async fn tell(tx: &mut Tx, record_type: &RecordType, record: &Record, comment: &RecordComment) -> Result<()> {
    let mut people = task::workers(tx, record_type.noun, record.id).await?;
    people.extend(record.owner_id);
    people.extend(tx.all::<Id>(sql::COMMENTERS, args![record.id]).await?);
    people.retain(|person| Some(*person) != comment.author_id);
    people.sort_unstable();
    people.dedup();
    let open = record.label <= Label::Internal;
    let sentence =
        Sentence::new(if open { "rulebook.notice.comment" } else { "rulebook.notice.comment_kept" });
    let short: String = comment.body.chars().take(SAID_MAX).collect();
    let sentence = sentence.with("number", record.number.as_str()).with("name", comment.author_name.as_str());
    let notice = Notice {
        kind: NoticeKind::Record,
        subject_noun: record_type.noun,
        subject_id: record.id,
        link: format!("/records/{}/{}", record.type_id, record.id),
        title: match open {
            true => sentence.with("title", record.title.as_str()).with("text", short),
            false => sentence,
        },
        group_key: format!("comment/{}", comment.id),
        document: false,
    };
    notification::tell(tx, &people, &notice).await.map(drop)
}

/// Writes a comment; whoever sees a record may say something about it.
pub async fn write(
    app: &App,
    caller: &Caller,
    type_id: &str,
    id: Id,
    new: NewComment,
) -> Result<RecordComment> {
    let record_type = names::record_type(app, type_id)?;
    let record = service::find(app, caller, type_id, id).await?.record;
    let body = new.text.trim().to_owned();
    if body.is_empty() || body.chars().count() > BODY_MAX {
        return Err(Problem::unprocessable("rulebook.record.invalid")
            .with_field("text", "rulebook.record.comment_length"));
    }
    let mut tx = app.store.begin(caller).await?;
    let comment = RecordComment {
        id: Id::new(),
        body,
        author_id: caller.find_user_id(),
        author_name: caller.name().to_owned(),
        created_at: tx.now(),
    };
    let author = comment.author_id;
    let args = args![comment.id, id, &comment.body, author, &comment.author_name, comment.created_at];
    tx.exec(sql::INSERT_COMMENT, args).await?;
    tx.audit(Audit::new("comment", record_type.noun, id).within(record.brand_id, record.department_id))
        .await?;
    tell(&mut tx, &record_type, &record, &comment).await?;
    tx.commit().await?;
    Ok(comment)
}
