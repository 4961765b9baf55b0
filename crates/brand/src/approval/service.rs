//! Gives approvals out, and takes them back.

use http_kit::App;
use kernel::{Caller, Id, Problem, Result};
use serde_json::json;
use store::{Audit, Tx, args};

use super::{Approval, ApprovalToken, sql, token};
use crate::content::service::require;
use crate::content::{self, Content};
use crate::permissions::CONTENT_RELEASE;
use crate::reader::Reader;

/// Returns the valid approval of an item with its token.
pub async fn with_token(app: &App, caller: &Caller, content_id: Id) -> Result<ApprovalToken> {
    let content: Content = app.store.get(content::sql::FIND, args![content_id]).await?;
    require(caller, &content, CONTENT_RELEASE)?;
    let approval = latest(&mut Reader::Store(&app.store), content_id).await?;
    let approval =
        approval.filter(Approval::is_valid).ok_or_else(|| Problem::conflict("brand.release.not_approved"))?;
    let signer = app.secrets.signer(token::KEY).await?;
    Ok(ApprovalToken { token: token::make(&signer, &approval), approval })
}

/// Returns the valid approval of an item, else the last one.
pub(crate) async fn latest(reader: &mut Reader<'_>, content_id: Id) -> Result<Option<Approval>> {
    reader.find(sql::LATEST, args![content_id]).await
}

/// Returns the number of the version that was approved last; 0 where none ever was.
pub(crate) async fn last_approved_number(reader: &mut Reader<'_>, content_id: Id) -> Result<i64> {
    reader.get(sql::LAST_NUMBER, args![content_id]).await
}

/// Keeps a new approval.
pub(crate) async fn give(tx: &mut Tx, approval: &Approval) -> Result<()> {
    let row = args![
        approval.id,
        approval.content_id,
        approval.version_id,
        approval.number,
        approval.review_id,
        &approval.closure_hash,
        approval.approved_by,
        &approval.approved_by_name,
        approval.approved_at,
    ];
    tx.exec(sql::INSERT, row).await.map(drop)
}

/// Takes the valid approval of an item back, where there is one.
pub(crate) async fn void(tx: &mut Tx, content_id: Id, reason: &'static str) -> Result<bool> {
    let now = tx.now();
    if tx.exec(sql::VOID, args![content_id, now, reason]).await? == 0 {
        return Ok(false);
    }
    let entry = Audit::new("void_approval", "brand.content", content_id);
    tx.audit(entry.with(json!({ "reason": reason }))).await?;
    Ok(true)
}
