use http_kit::App;
use kernel::{Id, Page, PageQuery, Result};
use store::audit::{self, Finding};
use store::{Observation, Query, args};

use super::{AuditVerification, sql};

/// Computes the whole chain anew, holds it against the checkpoints outside the database, and keeps what was found.
///
/// Clause: BA-4.3.3
pub async fn verify(app: &App) -> Result<AuditVerification> {
    let key = audit::public_key(&app.secrets).await?;
    let anchor = crate::build::anchor(&app.settings.data_dir);
    let report = audit::verify(&app.store, &key, Some(&anchor)).await?;
    let (id, problems) = (Id::new(), i64::try_from(report.problems.len()).unwrap_or(i64::MAX));
    let mut tx = app.store.begin_observation(Observation::Measurement).await?;
    let row = args![
        id,
        tx.now(),
        report.holds(),
        report.entries,
        report.sealed,
        report.anchored,
        problems,
        report.problems.first().map(Finding::code),
    ];
    tx.exec_one(sql::INSERT, row).await?;
    tx.commit().await?;
    if !report.holds() {
        tracing::error!(problems, "the audit log does not hold: {problems} findings");
    }
    app.store.get(sql::FIND, args![id]).await
}

/// Returns verifications, newest first.
pub async fn list(app: &App, page: &PageQuery) -> Result<Page<AuditVerification>> {
    let size = page.size()?;
    let mut query = Query::new(sql::LIST, args![]);
    query.and_some("id <", page.after::<Id>()?).push(" ORDER BY id DESC").limit_overfull(size);
    Ok(Page::from_overfull(app.store.list(query).await?, size, |row: &AuditVerification| row.id))
}
