use http_kit::App;
use kernel::{Caller, Result};
use store::Audit;

use super::{Account, ExportFormat, Words, oscal, pdf, xlsx};
use crate::clause;
use crate::control::api::all as all_controls;
use crate::permissions::CLAUSE_READ;
use crate::{parameter, waiver};

/// Writes the rulebook with its evidence; that somebody took it along stands in the audit log.
pub async fn export(app: &App, caller: &Caller, format: ExportFormat) -> Result<Vec<u8>> {
    caller.require(CLAUSE_READ)?;
    let account = account(app, caller).await?;
    let bytes = match format {
        ExportFormat::OscalCatalog => oscal::catalog(&account),
        ExportFormat::OscalComponent => oscal::component(&account),
        ExportFormat::OscalResults => oscal::results(&account),
        ExportFormat::Xlsx => xlsx::write(&account)?,
        ExportFormat::Pdf => pdf::write(&account),
    };
    let mut tx = app.store.begin(caller).await?;
    let facts =
        serde_json::json!({ "format": format, "clauses": account.clauses.len(), "bytes": bytes.len() });
    tx.audit(Audit::without_row("export", "rulebook.clause").with(facts)).await?;
    tx.commit().await?;
    Ok(bytes)
}

async fn account(app: &App, caller: &Caller) -> Result<Account> {
    let (language, now) = (caller.language, app.store.now());
    let zoned = now.instant().to_zoned(app.settings.time_zone.clone());
    Ok(Account {
        now,
        language,
        local_time: zoned.strftime("%Y-%m-%d %H:%M").to_string(),
        total: clause::status(app).await?,
        documents: clause::documents(app, language).await?,
        clauses: clause::all(app, language).await?,
        controls: all_controls(app, language).await?,
        waivers: waiver::standing(app).await?.into_values().collect(),
        parameters: parameter::list(app, language).await?,
        words: Words { texts: app.texts.clone(), language },
    })
}
