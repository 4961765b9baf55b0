//! Settles a batch after the wire, in one transaction.

use http_kit::App;
use kernel::ports::MailOutcome;
use kernel::{Id, Result};
use store::{Observation, Tx, args};

use super::rules::{self, Settled};
use super::sql::{self, Planned};
use super::{SendState, SettleInput};
use crate::campaign::get_scoped;
use crate::contact::release_reservations;
use crate::permissions::SEND_SETTLE;

/// What became of one message.
#[derive(Debug)]
pub(super) struct Tried {
    pub message: Planned,
    pub outcome: MailOutcome,
}

/// Writes what became of a batch; rows whose lease was lost meanwhile stay as they are.
pub(super) async fn settle(app: &App, campaign: Id, lease: Id, batch: Vec<Tried>) -> Result<()> {
    let mut tx = app.store.begin_observation(Observation::SendStep).await?;
    let (mut sent, mut freed, mut events) = (Vec::new(), Vec::new(), Vec::new());
    for tried in &batch {
        let settled = rules::settle(&tried.outcome, tried.message.attempts + 1, tx.now());
        if let Some((kind, detail)) = event(&settled, &tried.outcome) {
            let m = &tried.message;
            events.push(args![Id::new(), m.id, campaign, m.profile_id, kind, tx.now(), "system", detail]);
        }
        if settled.frees_cap {
            freed.push(tried.message.id);
        }
        if settled.state == SendState::Sent {
            sent.push(tried.message.id);
            continue;
        }
        sql::settled(&mut tx, lease, tried.message.id, &settled, words(&tried.outcome)).await?;
        if settled.suppress {
            suppress(&mut tx, app, tried).await?;
        }
    }
    if !sent.is_empty() {
        sql::sent(&mut tx, lease, &sent).await?;
    }
    sql::events(&mut tx, events).await?;
    release_reservations(&mut tx, &freed).await?;
    tx.commit().await
}

async fn suppress(tx: &mut Tx, app: &App, tried: &Tried) -> Result<()> {
    let consents = app.consents.get()?;
    consents.suppress(tx, tried.message.node_id, "email", "hard_bounce", words(&tried.outcome)).await
}

fn words(outcome: &MailOutcome) -> &str {
    match outcome {
        MailOutcome::Accepted { reply } | MailOutcome::Refused { reply, .. } => reply,
        MailOutcome::NotSent { reason } | MailOutcome::Unknown { reason } => reason,
    }
}

/// Returns the observation that a try leaves behind.
fn event<'a>(settled: &Settled, outcome: &'a MailOutcome) -> Option<(&'static str, &'a str)> {
    match settled.state {
        SendState::Sent => Some(("accepted", words(outcome))),
        SendState::Failed => Some(("bounced", words(outcome))),
        _ => None,
    }
}

/// Settles by hand a send whose fate is unknown; it is never sent again.
pub(super) async fn by_hand(
    app: &App,
    caller: &kernel::Caller,
    id: Id,
    input: SettleInput,
) -> Result<super::Send> {
    let send = sql::find(&app.store, id).await?;
    let campaign = get_scoped(app, caller, SEND_SETTLE, send.campaign_id).await?;
    if !matches!(input.state, SendState::Sent | SendState::Failed) {
        return Err(kernel::Problem::unprocessable("campaigns.send.settle_as_sent_or_failed"));
    }
    let reason = input.reason.trim();
    if reason.is_empty() || reason.chars().count() > 500 {
        return Err(kernel::Problem::unprocessable("campaigns.campaign.reason_length"));
    }
    let mut tx = app.store.begin(caller).await?;
    sql::settle_by_hand(&mut tx, id, input.state, "campaigns.send.settled_by_hand").await?;
    let entry = store::Audit::new("settle", "campaigns.send", id)
        .within(Some(campaign.brand_id), campaign.department_id)
        .because(reason)
        .with(serde_json::json!({ "state": input.state }));
    tx.audit(entry).await?;
    tx.commit().await?;
    sql::find(&app.store, id).await
}
