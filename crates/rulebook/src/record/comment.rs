use std::sync::Arc;

use blob::Hash;
use http_kit::App;
use kernel::{Caller, Id, Label, Problem, Result};
use serde_json::json;
use store::{Audit, Tx, args};

use super::{NewComment, Record, RecordComment, names, secret, service, sql};
use crate::access::Act;
use crate::guest;
use crate::notification::{self, Notice, NoticeKind};
use crate::record_type::RecordType;
use crate::task::{self, Sentence};

/// Most characters of a comment.
const BODY_MAX: usize = 5_000;
/// Most files of a comment.
const FILES_MAX: usize = 10;
/// Most characters of a comment in a notice of it.
const SAID_MAX: usize = 200;

/// Before the id of a comment in the key of its notices.
pub(crate) const GROUP: &str = "comment/";
/// Text of the notice of a comment that mails may carry.
pub(crate) const OPEN: &str = "rulebook.notice.comment";

/// Returns the comments of a record, oldest first.
pub async fn list(app: &App, caller: &Caller, type_id: &str, id: Id) -> Result<Vec<RecordComment>> {
    let record_type = names::record_type(app, type_id)?;
    let record = service::find(app, caller, type_id, id).await?.record;
    if caller.guest {
        secret::note(app, caller, &record_type, std::slice::from_ref(&record), Act::List, None).await?;
    }
    app.store.all(sql::COMMENTS, args![id]).await
}

/// Tells those whom a record concerns that somebody said something about it: its owner, those whose work it is, and
/// those who spoke before. What was said of something confidential stays where it was said.
async fn tell(tx: &mut Tx, record_type: &RecordType, record: &Record, comment: &RecordComment) -> Result<()> {
    let mut people = task::workers(tx, record_type.noun, record.id).await?;
    people.extend(record.owner_id);
    people.extend(tx.all::<Id>(sql::COMMENTERS, args![record.id]).await?);
    people.extend(guest::of_record(tx, record.id).await?);
    people.retain(|person| Some(*person) != comment.author_id);
    people.sort_unstable();
    people.dedup();
    let open = record.label <= Label::Internal;
    let sentence = Sentence::new(if open { OPEN } else { "rulebook.notice.comment_kept" });
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
        group_key: format!("{GROUP}{}", comment.id),
        document: false,
    };
    notification::tell(tx, &people, &notice).await.map(drop)
}

/// Where a comment is written: a record that its writer sees.
pub(crate) struct Place {
    record_type: Arc<RecordType>,
    record: Record,
}

impl Place {
    /// Returns the record's number.
    pub fn number(&self) -> &str {
        &self.record.number
    }
}

/// Finds the record on which somebody may say something: whoever sees it.
pub(crate) async fn place(app: &App, caller: &Caller, type_id: &str, id: Id) -> Result<Place> {
    let record_type = names::record_type(app, type_id)?;
    let record = service::find(app, caller, type_id, id).await?.record;
    Ok(Place { record_type, record })
}

/// Refuses what no comment can be, and files that nobody stored.
pub(crate) async fn checked(
    app: &App,
    caller: &Caller,
    place: &Place,
    new: NewComment,
) -> Result<NewComment> {
    let of_guests = place.record_type.spec.guests.as_ref();
    if caller.guest && !of_guests.is_some_and(|may| may.comment && (may.files || new.files.is_empty())) {
        return Err(Problem::forbidden("access.not_for_guests"));
    }
    let text = new.text.trim().to_owned();
    if (text.is_empty() && new.files.is_empty()) || text.chars().count() > BODY_MAX {
        return Err(Problem::unprocessable("rulebook.record.invalid")
            .with_field("text", "rulebook.record.comment_length"));
    }
    let wrong = || {
        Problem::unprocessable("rulebook.record.invalid").with_field("files", "rulebook.record.file_expected")
    };
    if new.files.len() > FILES_MAX {
        return Err(wrong());
    }
    for file in &new.files {
        let hash: Hash = file.id.parse().map_err(|_| wrong())?;
        if file.name.is_empty() || file.name.chars().count() > 255 || !app.blobs.contains(&hash).await {
            return Err(wrong());
        }
    }
    Ok(NewComment { text, files: new.files })
}

/// Writes a comment that was checked, inside its writer's transaction; `left_out` where it came by mail.
pub(crate) async fn write_in(
    tx: &mut Tx,
    place: &Place,
    new: NewComment,
    left_out: Option<Vec<String>>,
) -> Result<RecordComment> {
    let (author_id, author_name) = (tx.caller().find_user_id(), tx.caller().name().to_owned());
    let Place { record_type, record } = place;
    let comment = RecordComment {
        id: Id::new(),
        body: new.text,
        author_id,
        author_name,
        by_mail: left_out.is_some(),
        files: new.files,
        left_out: left_out.unwrap_or_default(),
        created_at: tx.now(),
    };
    let args = args![
        comment.id,
        record.id,
        &comment.body,
        comment.author_id,
        &comment.author_name,
        comment.by_mail,
        store::json(&comment.files),
        store::json(&comment.left_out),
        comment.created_at
    ];
    tx.exec(sql::INSERT_COMMENT, args).await?;
    let entry = Audit::new("comment", record_type.noun, record.id);
    let facts = json!({ "comment": comment.id, "by_mail": comment.by_mail });
    tx.audit(entry.within(record.brand_id, record.department_id).with(facts)).await?;
    tell(tx, record_type, record, &comment).await?;
    Ok(comment)
}

/// Writes a comment; whoever sees a record may say something about it.
pub async fn write(
    app: &App,
    caller: &Caller,
    type_id: &str,
    id: Id,
    new: NewComment,
) -> Result<RecordComment> {
    let place = place(app, caller, type_id, id).await?;
    let new = checked(app, caller, &place, new).await?;
    let mut tx = app.store.begin(caller).await?;
    let comment = write_in(&mut tx, &place, new, None).await?;
    tx.commit().await?;
    Ok(comment)
}
