use http_kit::App;
use kernel::{Caller, Id, Problem, Result};
use store::{Audit, args};

use super::{NewComment, RecordComment, names, service, sql};

/// Most characters of a comment.
const BODY_MAX: usize = 5_000;

/// Returns the comments of a record, oldest first.
pub async fn list(app: &App, caller: &Caller, type_id: &str, id: Id) -> Result<Vec<RecordComment>> {
    service::find(app, caller, type_id, id).await?;
    app.store.all(sql::COMMENTS, args![id]).await
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
    tx.commit().await?;
    Ok(comment)
}
