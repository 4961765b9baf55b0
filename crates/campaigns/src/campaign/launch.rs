//! Launch: the release door opens the content, the audience is frozen, the ledger is filled.

use http_kit::App;
use kernel::ports::ReleaseUse;
use kernel::{Caller, Id, Problem, Result};

use super::{Campaign, budget, rules, service, sql};
use crate::permissions::CAMPAIGN_LAUNCH;
use crate::send;

/// Launches a campaign now.
pub async fn launch(app: &App, caller: &Caller, id: Id, version: i64) -> Result<Campaign> {
    let before = service::get_scoped(app, caller, CAMPAIGN_LAUNCH, id).await?;
    rules::require_ready(&before)?;
    if app.settings.public_url.is_none() {
        return Err(Problem::unavailable("campaigns.send.public_url_missing"));
    }
    app.ports.mail.get()?;
    let content = before.content_id.expect("checked by require_ready");
    let approval = before.approval.as_deref().expect("checked by require_ready");
    let segment = before.segment_id.expect("checked by require_ready");
    // What the machine refuses is refused before a door has written anything down.
    let mut tx = app.store.begin(caller).await?;
    service::advance(&mut tx, app, caller, &service::Move::to("launch"), &mut before.clone()).await?;
    drop(tx);
    // Both doors record their decision themselves; doing it again for the same campaign gives the same answer.
    let usage = ReleaseUse { kind: "campaign", used_by: id };
    let released = app.ports.release.get()?.release(caller, content, approval, usage).await?;
    if released.brand_id != before.brand_id {
        return Err(Problem::conflict("campaigns.campaign.content_of_another_brand"));
    }
    let audience = app.ports.audience.get()?.freeze(caller, segment, id).await?;
    let mut after = Campaign {
        version,
        release_id: Some(released.release_id),
        brand_name: Some(released.brand_name),
        audience_id: Some(audience.id),
        audience_count: Some(audience.count),
        audience_watermark: Some(audience.watermark),
        ..before.clone()
    };
    let mut tx = app.store.begin(caller).await?;
    service::advance(&mut tx, app, caller, &service::Move::to("launch"), &mut after).await?;
    match budget::reserve(&mut tx, app, caller, &after).await? {
        Ok(commitment) => after.commitment_id = commitment,
        Err(refusal) => {
            drop(tx);
            return Err(app.money.get()?.keep_refusal(caller, refusal).await?);
        }
    }
    sql::set_launched(&mut tx, &after).await?;
    send::expand_later(&mut tx, id).await?;
    tx.audit(service::entry("launch", &after).change(Some(&before), Some(&after))).await?;
    tx.commit().await?;
    sql::find(&app.store, id).await
}
