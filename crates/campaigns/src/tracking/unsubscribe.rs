//! Unsubscribing (退订): one click in the mail program (RFC 8058) or on our page, with proof.

use http_kit::{App, ConsentChange};
use kernel::{Id, Language, Problem, Result};
use store::{Observation, Tx};

use super::PAGES;
use super::rules::{Hit, Score};
use super::sql::{self, Message};
use super::{EventKind, Likelihood};

/// What mail programs and our own button send (RFC 8058, section 3.2), url-encoded or as a form part.
const ONE_CLICK: (&str, &str) = ("List-Unsubscribe", "One-Click");
/// Only marketing can be unsubscribed from; an order confirmation's link means that, too.
pub(super) const MARKETING: &str = "marketing";

/// Returns true where a body asks for it.
pub(super) fn is_one_click(body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(body);
    text.contains(ONE_CLICK.0) && text.contains(ONE_CLICK.1)
}

/// Returns where a body comes from: our page says so, mail programs say nothing.
pub(super) fn source(body: &[u8]) -> &'static str {
    match String::from_utf8_lossy(body).contains("from=page") {
        true => "unsubscribe_page",
        false => "one_click",
    }
}

/// Withdraws the consent under which a message came; doing it again changes nothing.
pub(super) async fn unsubscribe(
    app: &App,
    message: &Message,
    source: &str,
    language: Language,
    agent: Option<&str>,
) -> Result<()> {
    let brand = message.brand_name.as_ref().map(|names| names.get(language)).unwrap_or_default();
    let shown_text = PAGES.say(app, language, "unsubscribe_sentence", &[("brand", brand)]);
    let mut tx = app.store.begin_observation(Observation::Tracking).await?;
    tx.lock("customers.consent", message.node_id).await?;
    let said = sql::said_in(&mut tx, message.node_id, &message.channel).await?;
    let is_ours = |s: &&sql::Said| s.brand_id == message.brand_id && s.purpose == MARKETING;
    if said.iter().find(is_ours).is_some_and(|s| s.state == "withdrawn") {
        return Ok(());
    }
    let change = Change { brand_id: message.brand_id, purpose: MARKETING, granted: false, shown_text };
    write(&mut tx, app, message, change, source, language).await?;
    note(&mut tx, message, agent, source).await?;
    tx.commit().await
}

/// One statement that a person made on a page.
pub(super) struct Change<'a> {
    pub brand_id: Id,
    pub purpose: &'a str,
    pub granted: bool,
    pub shown_text: String,
}

/// Hands a statement to customers, which keep it with its proof and audit it.
pub(super) async fn write(
    tx: &mut Tx,
    app: &App,
    message: &Message,
    change: Change<'_>,
    source: &str,
    language: Language,
) -> Result<()> {
    let change = ConsentChange {
        node_id: message.node_id,
        brand_id: change.brand_id,
        purpose: change.purpose.to_owned(),
        channel: message.channel.clone(),
        granted: change.granted,
        shown_text: change.shown_text,
        language,
        source: source.to_owned(),
        happened_at: tx.now(),
    };
    app.consents.get()?.change(tx, &change).await
}

/// Notes on the message that it led to this.
pub(super) async fn note(tx: &mut Tx, message: &Message, agent: Option<&str>, source: &str) -> Result<()> {
    let why = match source {
        "one_click" => "one_click",
        "unsubscribe_page" => "unsubscribe_page",
        "preference_page" => "preference_page",
        other => return Err(Problem::internal(format!("no such source of a consent: {other}"))),
    };
    let hit = Hit { kind: EventKind::Unsubscribed, at: tx.now(), link: None, agent, is_head: false };
    // Programs follow links; they do not send forms.
    let score = Score { likelihood: Likelihood::Human, why, covers_before: false };
    sql::insert(tx, message, &hit, score).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_programs_send_it_in_two_shapes_and_others_send_something_else() {
        assert!(is_one_click(b"List-Unsubscribe=One-Click"));
        let part =
            b"--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--";
        assert!(is_one_click(part));
        assert!(!is_one_click(b""));
        assert!(!is_one_click(b"confirm=yes"));
        assert_eq!(source(b"List-Unsubscribe=One-Click"), "one_click");
        assert_eq!(source(b"from=page&List-Unsubscribe=One-Click"), "unsubscribe_page");
    }
}
