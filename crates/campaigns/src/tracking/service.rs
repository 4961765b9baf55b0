//! Observes visits of tracked places; changes nothing but the observations.

use http_kit::App;
use kernel::{Problem, Result, Timestamp};
use store::Observation;

use super::EventKind;
use super::rules::{self, Hit};
use super::sql::{self, Message};
use crate::send::Links;
use crate::send::render::HONEYPOT;

/// Visits that are kept of one message; whoever comes more often tells nothing new.
const VISITS_MAX: i64 = 200;
/// Longest name of a visiting program that is kept, in characters.
const AGENT_CHARS_MAX: usize = 300;

/// Who visits, as the request says it.
#[derive(Debug, Clone, Default)]
pub(super) struct Visitor {
    agent: Option<String>,
    is_head: bool,
}

impl Visitor {
    pub(super) fn new(agent: Option<&str>, is_head: bool) -> Self {
        Self { agent: agent.map(|agent| agent.chars().take(AGENT_CHARS_MAX).collect()), is_head }
    }
}

/// Returns the message that a token names; what is forged, broken or from a test is "not found".
pub(super) async fn message(app: &App, token: &str) -> Result<Message> {
    let send = Links::of(app).await?.read(token)?;
    sql::message(&app.store, send).await?.ok_or_else(|| Problem::not_found("campaigns.link.invalid"))
}

/// Notes that the images of a message were loaded.
pub(super) async fn opened(app: &App, token: &str, visitor: &Visitor) -> Result<()> {
    let message = message(app, token).await?;
    observe(app, &message, EventKind::Opened, None, visitor).await
}

/// Notes that a link was followed and returns where it leads; the hidden one leads nowhere.
pub(super) async fn clicked(app: &App, token: &str, link: i64, visitor: &Visitor) -> Result<Option<String>> {
    let message = message(app, token).await?;
    let target = match link {
        HONEYPOT => None,
        link => {
            let target = sql::target(&app.store, message.campaign_id, link).await?;
            Some(target.ok_or_else(|| Problem::not_found("campaigns.link.invalid"))?)
        }
    };
    // Whoever follows a link arrives, even while nothing can be written down.
    if let Err(problem) = observe(app, &message, EventKind::Clicked, Some(link), visitor).await {
        tracing::error!(send.id = %message.id, "a click was not noted: {problem}");
    }
    Ok(target)
}

async fn observe(
    app: &App,
    message: &Message,
    kind: EventKind,
    link: Option<i64>,
    visitor: &Visitor,
) -> Result<()> {
    let mut tx = app.store.begin_observation(Observation::Tracking).await?;
    // Visits of one sweep come at the same moment and must see each other.
    tx.lock("campaigns.send", message.id).await?;
    let earlier = sql::earlier(&mut tx, message.id, VISITS_MAX).await?;
    if earlier.len() as i64 >= VISITS_MAX {
        return Ok(());
    }
    let links = match kind {
        EventKind::Clicked => sql::links(&mut tx, message.campaign_id).await?,
        _ => 0,
    };
    let agent = visitor.agent.as_deref();
    let hit = Hit { kind, at: tx.now(), link, agent, is_head: visitor.is_head };
    let score = rules::score(&hit, left_at(message), &earlier, links);
    if let (true, Some(agent)) = (score.covers_before, agent) {
        sql::rescore(&mut tx, message.id, rules::sweep_begins(hit.at), agent, score.why).await?;
    }
    sql::insert(&mut tx, message, &hit, score).await?;
    tx.commit().await
}

/// A message whose fate is unknown has arrived after all when somebody looks at it.
fn left_at(message: &Message) -> Option<Timestamp> {
    message.sent_at.or(message.attempted_at)
}
