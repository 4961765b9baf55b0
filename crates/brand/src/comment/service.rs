//! What can be done with remarks.

use http_kit::App;
use kernel::{Caller, Id, Page, PageQuery, Problem, Result};
use store::{Audit, Tx, args};

use super::{Comment, CommentField, NewComment, sql};
use crate::check::{Faults, REMARK_MAX, behind_every_id};
use crate::content::service::require;
use crate::content::{self, Content};
use crate::permissions::CONTENT_READ;

/// Last line that a remark can be pinned on.
const LINE_MAX: i64 = 100_000;

/// Returns the remarks on an item, newest first.
pub async fn list(app: &App, caller: &Caller, content_id: Id, page: &PageQuery) -> Result<Page<Comment>> {
    let size = page.size()?;
    let content: Content = app.store.get(content::sql::FIND, args![content_id]).await?;
    require(caller, &content, CONTENT_READ)?;
    let before = page.after::<String>()?.unwrap_or_else(behind_every_id);
    let rows = app.store.all(sql::LIST, args![content_id, before, i64::from(size) + 1]).await?;
    Ok(Page::from_overfull(rows, size, |comment: &Comment| comment.id))
}

/// Makes a remark on the current version.
pub async fn create(app: &App, caller: &Caller, content_id: Id, new: NewComment) -> Result<Comment> {
    let mut tx = app.store.begin(caller).await?;
    let content: Content = tx.get(content::sql::FIND, args![content_id]).await?;
    require(caller, &content, CONTENT_READ)?;
    let id = insert(&mut tx, caller, &content, None, &new).await?;
    let entry = Audit::new("comment", "brand.content", content_id);
    tx.audit(entry.within(Some(content.brand_id), content.department_id)).await?;
    let made = tx.get(sql::FIND, args![id]).await?;
    tx.commit().await?;
    Ok(made)
}

/// Settles a remark; settling it twice changes nothing.
pub async fn resolve(app: &App, caller: &Caller, id: Id) -> Result<Comment> {
    let mut tx = app.store.begin(caller).await?;
    let comment: Comment = tx.get(sql::FIND, args![id]).await?;
    let content: Content = tx.get(content::sql::FIND, args![comment.content_id]).await?;
    require(caller, &content, CONTENT_READ)?;
    if tx.exec(sql::RESOLVE, args![id, caller.find_user_id(), tx.now()]).await? == 0 {
        return Ok(comment);
    }
    let entry = Audit::new("resolve_comment", "brand.content", content.id);
    tx.audit(entry.within(Some(content.brand_id), content.department_id)).await?;
    let settled = tx.get(sql::FIND, args![id]).await?;
    tx.commit().await?;
    Ok(settled)
}

/// Writes a remark; the caller has been let in already.
pub(crate) async fn insert(
    tx: &mut Tx,
    caller: &Caller,
    content: &Content,
    review_id: Option<Id>,
    new: &NewComment,
) -> Result<Id> {
    Faults::default()
        .unless(!new.body.trim().is_empty(), "body", "brand.input.empty")
        .remark(&new.body, REMARK_MAX, "body")
        .unless(
            new.line.is_none_or(|line| (1..=LINE_MAX).contains(&line)),
            "line",
            "brand.input.out_of_range",
        )
        .end()?;
    if new.field.is_some() && new.language.is_none() {
        return Err(Problem::unprocessable("brand.input.invalid").with_field("language", "brand.input.empty"));
    }
    let id = Id::new();
    let row = args![
        id,
        content.id,
        content.version_id,
        review_id,
        new.language.map(|language| language.as_str()),
        new.field.map(CommentField::as_str),
        new.line,
        &new.body,
        caller.find_user_id(),
        caller.name(),
        tx.now(),
    ];
    tx.exec(sql::INSERT, row).await?;
    Ok(id)
}
