use async_trait::async_trait;
use http_kit::{ConsentChange, ConsentPort};
use kernel::{Id, Problem, Result};
use store::Tx;

use super::{ConsentState, GivenBy, NewConsent, ShownText, record};
use crate::suppression::{NewSuppression, suppress};

/// Keeps consent and suppression for the other domains.
#[derive(Debug, Clone, Copy, Default)]
pub struct Consents;

#[async_trait]
impl ConsentPort for Consents {
    async fn change(&self, tx: &mut Tx, change: &ConsentChange) -> Result<()> {
        let state = if change.granted { ConsentState::Granted } else { ConsentState::Withdrawn };
        let consent = NewConsent {
            node_id: change.node_id,
            brand_id: change.brand_id,
            purpose: word(&change.purpose)?,
            channel: word(&change.channel)?,
            state,
            happened_at: change.happened_at,
            given_by: GivenBy::Person,
            source: change.source.clone(),
            text: Some(ShownText {
                version: format!("{}/{}", change.source, change.language.as_str()),
                body: change.shown_text.clone(),
            }),
            ip_hash: None,
            reason: None,
            import_id: None,
        };
        record(tx, &[consent]).await
    }

    async fn suppress(
        &self,
        tx: &mut Tx,
        node_id: Id,
        channel: &str,
        reason: &str,
        detail: &str,
    ) -> Result<()> {
        let entry = NewSuppression {
            node_id,
            channel: word(channel)?,
            reason: word(reason)?,
            detail: Some(detail.chars().take(DETAIL_MAX).collect()),
            source: "delivery".to_owned(),
            happened_at: tx.now(),
            expires_at: None,
        };
        suppress(tx, &[entry]).await
    }
}

/// Longest words of a mail server that are kept, in characters.
const DETAIL_MAX: usize = 500;

fn word<T: std::str::FromStr<Err = String>>(text: &str) -> Result<T> {
    text.parse().map_err(|error: String| Problem::internal(error))
}
