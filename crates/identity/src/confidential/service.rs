use http_kit::App;
use kernel::{Caller, Result};
use store::{Audit, Store, args};

use super::{ConfidentialAreas, sql};
use crate::check::Check;
use crate::permissions::DEVICE_MANAGE;
use crate::role::rules::matches;

/// Returns the patterns of the confidential areas.
pub(crate) async fn patterns(store: &Store) -> Result<Vec<String>> {
    store.all(sql::ALL, args![]).await
}

/// Returns the confidential areas.
pub async fn get(app: &App) -> Result<ConfidentialAreas> {
    Ok(ConfidentialAreas { patterns: patterns(&app.store).await? })
}

/// Says anew which areas are confidential; from the next request on, unregistered devices are refused there.
pub async fn put(app: &App, caller: &Caller, mut areas: ConfidentialAreas) -> Result<ConfidentialAreas> {
    areas.patterns.sort();
    areas.patterns.dedup();
    let mut check = Check::new();
    check.that(areas.patterns.len() <= 100, "patterns", "identity.role.pattern_count");
    for (place, pattern) in areas.patterns.iter().enumerate().take(100) {
        let stands = app.permissions.all().iter().any(|permission| matches(pattern, permission.code));
        // Whoever could not register a device any more could never get out again.
        let escapes = !matches(pattern, DEVICE_MANAGE.code);
        check.that(stands, &format!("patterns[{place}]"), "identity.role.unknown_permission").that(
            escapes,
            &format!("patterns[{place}]"),
            "identity.confidential.device_register",
        );
    }
    check.finish()?;
    let mut tx = app.store.begin(caller).await?;
    let before = ConfidentialAreas { patterns: tx.all(sql::ALL, args![]).await? };
    tx.exec(sql::CLEAR, args![]).await?;
    for pattern in &areas.patterns {
        tx.exec(sql::INSERT, args![pattern, tx.now(), caller.find_user_id()]).await?;
    }
    let entry = Audit::without_row("update", "identity.confidential_area");
    tx.audit(entry.change(Some(&before), Some(&areas))).await?;
    tx.commit().await?;
    Ok(areas)
}
