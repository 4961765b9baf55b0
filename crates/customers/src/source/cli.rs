use http_kit::App;
use kernel::{Caller, Result};

use super::{NewSource, SourceKind, service};

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
    };
    let source = service::create(app, caller, &new).await?;
    Ok(service::write_key(app, caller, source.id).await?.write_key)
}
