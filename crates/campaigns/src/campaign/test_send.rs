//! Test send: the content as it would arrive, to the caller's own address, outside all figures.

use http_kit::App;
use kernel::ports::{MailOutcome, ReleaseUse};
use kernel::{Caller, Id, Problem, Result};

use super::{service, sql};
use crate::permissions::CAMPAIGN_WRITE;
use crate::send::Links;
use crate::send::render::{Receiver, Renderer};

/// Sends every language variant once to the caller.
pub async fn send(app: &App, caller: &Caller, id: Id) -> Result<()> {
    let campaign = service::get_scoped(app, caller, CAMPAIGN_WRITE, id).await?;
    let content = campaign.content_id.zip(campaign.approval.clone());
    let (content, approval) =
        content.ok_or_else(|| Problem::conflict("campaigns.campaign.approval_missing"))?;
    let (address, name) = sql::staff_address(&app.store, caller.user_id()?).await?;
    let usage = ReleaseUse { kind: "test_send", used_by: Id::new() };
    let released = app.ports.release.get()?.release(caller, content, &approval, usage).await?;
    let links = Links::of(app).await?;
    let receiver =
        Receiver { address, first_name: name.clone(), name, tier: "A".to_owned(), city: String::new() };
    let languages: Vec<_> = released.variants.iter().map(|v| v.language).collect();
    // Nothing is counted, and the places name a send that is in no ledger.
    let renderer = Renderer::new(released, &campaign.name, None)?;
    for language in languages {
        let token = Id::new();
        let message_id =
            format!("test-{token}@{}", receiver.address.rsplit('@').next().unwrap_or("localhost"));
        let mail = renderer.mail(&receiver, Some(language), &links.places(token), &message_id)?;
        match app.ports.mail.get()?.send(&mail).await {
            MailOutcome::Accepted { .. } => {}
            MailOutcome::Refused { reply, .. } => return Err(refused(&reply)),
            MailOutcome::NotSent { reason } | MailOutcome::Unknown { reason } => {
                return Err(refused(&reason));
            }
        }
    }
    let mut tx = app.store.begin(caller).await?;
    sql::set_tested(&mut tx, id).await?;
    tx.audit(service::entry("test", &campaign)).await?;
    tx.commit().await
}

fn refused(reason: &str) -> Problem {
    Problem::unavailable("campaigns.send.test_refused").with("reason", reason)
}
