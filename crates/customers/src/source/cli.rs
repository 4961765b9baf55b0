use std::io::Read;

use http_kit::App;
use kernel::{Caller, Problem, Result};

use super::{LogAccount, NewSource, SourceKind, log_file, service};
use crate::plan::PlanMode;

/// Makes a source from the command line and returns its write key.
pub async fn create_by_command(
    app: &App,
    caller: &Caller,
    name: &str,
    kind: SourceKind,
    purpose: &str,
) -> Result<String> {
    let new = NewSource {
        name: name.to_owned(),
        kind,
        purpose: purpose.to_owned(),
        brand_id: None,
        active: true,
        silent_after_hours: None,
        plan: PlanMode::Off,
        expected: Vec::new(),
    };
    let source = service::create(app, caller, &new).await?;
    Ok(service::write_key(app, caller, source.id).await?.write_key)
}

/// Reads an access log, plain or gzip, for the source of a name.
pub async fn import_log_by_command(
    app: &App,
    caller: &Caller,
    name: &str,
    file: impl Read + Send,
) -> Result<LogAccount> {
    let sources = service::list(app).await?.items;
    let source = sources.iter().find(|source| source.name == name);
    let source =
        source.ok_or_else(|| Problem::not_found("customers.source.name_unknown").with("name", name))?;
    log_file::import_log(app, caller, source.id, file).await
}
