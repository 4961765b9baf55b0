use http_kit::App;
use kernel::{Caller, Result};
use lake::Lake;
use store::args;

use super::{PrivacyOverview, sql};
use crate::permissions::PRIVACY_READ;
use crate::privacy::due_soon_days;

/// Days that count as lately.
const LATELY: i64 = 30;

/// Returns how the privacy desk stands.
pub async fn get(app: &App, caller: &Caller) -> Result<PrivacyOverview> {
    caller.require(PRIVACY_READ)?;
    let (now, days) = (app.store.now(), due_soon_days(&app.store).await?);
    let args = args![now, now.plus_days(days), now.plus_days(-LATELY)];
    let counts: PrivacyOverview = app.store.get(sql::COUNTS, args).await?;
    Ok(PrivacyOverview { late_events_refused: app.part::<Lake>()?.refused().await?, ..counts })
}
