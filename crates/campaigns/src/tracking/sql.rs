use kernel::{Id, Language, LocalText, Page, PageQuery, Result, Scope, Timestamp};
use serde::Deserialize;
use store::{Query, ScopeColumns, Store, Tx, args};

use super::rules::{Earlier, Hit, Score};
use super::{DeliveryEvent, EventFilter};

/// A message as the public pages need it.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Message {
    pub id: Id,
    pub campaign_id: Id,
    pub campaign_name: String,
    pub profile_id: Id,
    pub node_id: Id,
    pub brand_id: Id,
    pub brand_name: Option<LocalText>,
    pub release_id: Id,
    pub channel: String,
    pub language: Option<Language>,
    pub message_id: String,
    pub attempted_at: Option<Timestamp>,
    pub sent_at: Option<Timestamp>,
    pub address: Option<String>,
    pub name: Option<String>,
    pub given_name: Option<String>,
    pub city: Option<String>,
    pub tier: Option<String>,
}

/// What one contact point said about one brand and purpose.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Said {
    pub brand_id: Id,
    pub purpose: String,
    pub state: String,
}

const LIST: &str =
    "SELECT e.id, e.send_id, e.campaign_id, e.profile_id, e.kind, e.at, e.link_number, e.likelihood,
    e.agent, e.detail FROM delivery_event e JOIN campaign c ON c.id = e.campaign_id WHERE TRUE";

store::sql! {
    MESSAGE = "SELECT s.id, s.campaign_id, c.name AS campaign_name, s.profile_id, s.node_id, s.brand_id, c.brand_name,
        s.release_id, s.channel, s.language, s.message_id, s.attempted_at, s.sent_at, n.address,
        p.name, p.given_name, p.city, p.tier
        FROM send s
        JOIN campaign c ON c.id = s.campaign_id
        LEFT JOIN v_customers_address n ON n.id = s.node_id
        LEFT JOIN v_customers_profile p ON p.id = s.profile_id
        WHERE s.id = $1";
    TARGET = "SELECT url FROM tracked_link WHERE campaign_id = $1 AND number = $2";
    LINKS = "SELECT CAST(COUNT(*) AS BIGINT) FROM tracked_link WHERE campaign_id = $1";
    // Index delivery_event_send.
    EARLIER = "SELECT at, link_number, agent FROM delivery_event
        WHERE send_id = $1 AND kind IN ('opened', 'clicked') ORDER BY at DESC, id DESC LIMIT $2";
    INSERT = "INSERT INTO delivery_event
        (id, send_id, campaign_id, profile_id, kind, at, link_number, likelihood, agent, detail)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    // Index delivery_event_send.
    RESCORE = "UPDATE delivery_event SET likelihood = 'scanner', detail = $4
        WHERE send_id = $1 AND at >= $2 AND agent = $3 AND kind IN ('opened', 'clicked') AND likelihood <> 'scanner'";
    SAID = "SELECT brand_id, purpose, state FROM v_customers_consent WHERE node_id = $1 AND channel = $2
        ORDER BY brand_id, purpose";
    // Index campaign_brand.
    BRAND_NAME = "SELECT brand_name FROM campaign WHERE brand_id = $1 AND brand_name IS NOT NULL
        ORDER BY launched_at DESC, id DESC LIMIT 1";
}

#[derive(Deserialize)]
struct Named {
    brand_name: LocalText,
}

pub(super) async fn message(store: &Store, send: Id) -> Result<Option<Message>> {
    store.find(MESSAGE, args![send]).await
}

/// Returns where a link leads.
pub(super) async fn target(store: &Store, campaign: Id, number: i64) -> Result<Option<String>> {
    store.find(TARGET, args![campaign, number]).await
}

pub(super) async fn links(tx: &mut Tx, campaign: Id) -> Result<i64> {
    tx.get(LINKS, args![campaign]).await
}

/// Returns the latest visits to a message, at most `limit`.
pub(super) async fn earlier(tx: &mut Tx, send: Id, limit: i64) -> Result<Vec<Earlier>> {
    tx.all(EARLIER, args![send, limit]).await
}

pub(super) async fn insert(tx: &mut Tx, message: &Message, hit: &Hit<'_>, score: Score) -> Result<()> {
    let row = args![
        Id::new(),
        message.id,
        message.campaign_id,
        message.profile_id,
        hit.kind.as_str(),
        hit.at,
        hit.link,
        score.likelihood.as_str(),
        hit.agent,
        score.why,
    ];
    tx.exec_one(INSERT, row).await
}

pub(super) async fn rescore(tx: &mut Tx, send: Id, since: Timestamp, agent: &str, why: &str) -> Result<u64> {
    tx.exec(RESCORE, args![send, since, agent, why]).await
}

/// Returns what a contact point said, per brand and purpose.
pub(super) async fn said(store: &Store, node: Id, channel: &str) -> Result<Vec<Said>> {
    store.all(SAID, args![node, channel]).await
}

/// The same as a transaction sees it.
pub(super) async fn said_in(tx: &mut Tx, node: Id, channel: &str) -> Result<Vec<Said>> {
    tx.all(SAID, args![node, channel]).await
}

/// Returns a brand's name as its last launched campaign had it.
pub(super) async fn brand_name(store: &Store, brand: Id) -> Result<Option<LocalText>> {
    Ok(store.find::<Named>(BRAND_NAME, args![brand]).await?.map(|row| row.brand_name))
}

pub(super) async fn list(
    store: &Store,
    scope: &Scope,
    campaign: Id,
    filter: &EventFilter,
    page: &PageQuery,
) -> Result<Page<DeliveryEvent>> {
    let size = page.size()?;
    let mut query = Query::new(LIST, args![]);
    query.scope(
        scope,
        ScopeColumns {
            brand: Some("c.brand_id"),
            department: Some("c.department_id"),
            owner: Some("c.owner_id"),
        },
    );
    query
        .and("e.campaign_id =", campaign)
        .and_some("e.kind =", filter.kind.map(|kind| kind.as_str()))
        .and_some("e.likelihood =", filter.likelihood.map(|likelihood| likelihood.as_str()))
        .and_some("e.send_id =", filter.send_id)
        .and_some("e.link_number =", filter.link)
        .and_some("e.id <", page.after::<Id>()?);
    // Index delivery_event_list.
    query.push(" ORDER BY e.id DESC").limit_overfull(size);
    Ok(Page::from_overfull(store.list(query).await?, size, |event: &DeliveryEvent| event.id))
}
