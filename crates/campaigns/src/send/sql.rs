use std::collections::BTreeMap;

use kernel::{Id, Language, Page, PageQuery, Result, Scope, Timestamp};
use serde::Deserialize;
use store::{Query, ScopeColumns, Store, Tx, Value, args};

use super::{Send, SendFilter};

/// A member of the audience on its way into the ledger.
#[derive(Debug, Deserialize)]
pub(super) struct Member {
    pub profile_id: Id,
    pub node_id: Option<Id>,
    pub language: Option<Language>,
}

/// A planned message that may be claimed.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Planned {
    pub id: Id,
    pub profile_id: Id,
    pub node_id: Id,
    pub brand_id: Id,
    pub message_id: String,
    pub language: Option<Language>,
    pub attempts: i64,
    pub address: Option<String>,
    pub name: Option<String>,
    pub given_name: Option<String>,
    pub city: Option<String>,
    pub tier: Option<String>,
}

const LIST: &str =
    "SELECT s.id, s.campaign_id, s.profile_id, s.node_id, n.address, s.channel, s.message_id, s.language,
    s.state, s.reason, s.attempts, s.not_before, s.attempted_at, s.sent_at, s.reply, s.created_at
    FROM send s JOIN campaign c ON c.id = s.campaign_id
    LEFT JOIN v_customers_address n ON n.id = s.node_id WHERE TRUE";
pub(super) const INSERT: &str = "INSERT INTO send
    (id, campaign_id, release_id, profile_id, node_id, brand_id, channel, purpose, dedupe_key, message_id, language,
     state, reason, not_before, created_at) VALUES";
const INSERT_EVENTS: &str = "INSERT INTO delivery_event
    (id, send_id, campaign_id, profile_id, kind, at, likelihood, detail) VALUES";

store::sql! {
    AUDIENCE = "SELECT profile_id, node_id, language FROM v_customers_audience_member
        WHERE audience_id = $1 AND profile_id > $2 ORDER BY profile_id LIMIT $3";
    // Index send_queue.
    DUE = "SELECT s.id, s.profile_id, s.node_id, s.brand_id, s.message_id, s.language, s.attempts, n.address,
        p.name, p.given_name, p.city, p.tier
        FROM send s
        LEFT JOIN v_customers_address n ON n.id = s.node_id
        LEFT JOIN v_customers_profile p ON p.id = s.profile_id
        WHERE s.campaign_id = $1 AND s.state = 'intent' AND s.not_before <= $2
        ORDER BY s.not_before, s.id LIMIT $3";
    // Index send_queue.
    NEXT = "SELECT not_before FROM send WHERE campaign_id = $1 AND state = 'intent' ORDER BY not_before, id LIMIT 1";
    UNSETTLED = "SELECT CAST(COUNT(*) AS BIGINT) FROM send WHERE campaign_id = $1 AND state IN ('intent', 'attempting')";
    // Index send_attempted.
    RECENT = "SELECT CAST(COUNT(*) AS BIGINT) FROM send WHERE campaign_id = $1 AND attempted_at > $2";
    // Index send_attempted, campaign by campaign.
    RECENT_OF_ALL = "SELECT CAST(COUNT(*) AS BIGINT) FROM campaign c
        JOIN send s ON s.campaign_id = c.id AND s.attempted_at > $1";
    SETTLED = "UPDATE send SET state = $3, reason = $4, reply = $5, settled_at = $6, not_before = $7, lease_id = NULL,
        leased_until = NULL WHERE lease_id = $1 AND id = $2 AND state = 'attempting'";
    // Index send_leased.
    LOST = "UPDATE send SET state = 'unknown', reason = 'campaigns.send.worker_lost', settled_at = $1, lease_id = NULL,
        leased_until = NULL WHERE state = 'attempting' AND leased_until < $1";
    LEFT = "UPDATE send SET state = 'unknown', reason = 'campaigns.send.worker_lost', settled_at = $1, lease_id = NULL,
        leased_until = NULL WHERE state = 'attempting' AND attempted_at < $2";
    LINKS = "SELECT url, number FROM tracked_link WHERE campaign_id = $1 ORDER BY number";
    INSERT_LINK = "INSERT INTO tracked_link (id, campaign_id, number, url) VALUES ($1, $2, $3, $4)
        ON CONFLICT DO NOTHING";
    FIND = "SELECT s.id, s.campaign_id, s.profile_id, s.node_id, n.address, s.channel, s.message_id, s.language,
        s.state, s.reason, s.attempts, s.not_before, s.attempted_at, s.sent_at, s.reply, s.created_at
        FROM send s LEFT JOIN v_customers_address n ON n.id = s.node_id WHERE s.id = $1";
    SETTLE_BY_HAND = "UPDATE send SET state = $2, reason = $3, settled_at = $4,
        sent_at = CASE WHEN $2 = 'sent' THEN attempted_at ELSE sent_at END WHERE id = $1 AND state = 'unknown'";
}

pub(super) async fn audience(tx: &mut Tx, audience: Id, after: &str, limit: i64) -> Result<Vec<Member>> {
    tx.all(AUDIENCE, args![audience, after, limit]).await
}

pub(super) async fn due(tx: &mut Tx, campaign: Id, now: Timestamp, limit: i64) -> Result<Vec<Planned>> {
    tx.all(DUE, args![campaign, now, limit]).await
}

/// Returns when the next message of a campaign is due.
pub(super) async fn next_due(store: &Store, campaign: Id) -> Result<Option<Timestamp>> {
    store.find(NEXT, args![campaign]).await
}

/// Counts messages that are planned or under way.
pub(crate) async fn unsettled(tx: &mut Tx, campaign: Id) -> Result<i64> {
    tx.get(UNSETTLED, args![campaign]).await
}

/// Returns true where no message is planned or under way.
pub(crate) async fn all_settled(store: &Store, campaign: Id) -> Result<bool> {
    Ok(store.get::<i64>(UNSETTLED, args![campaign]).await? == 0)
}

/// Counts tries since `since`, for the rate of a campaign.
pub(super) async fn tried_since(tx: &mut Tx, campaign: Id, since: Timestamp) -> Result<i64> {
    tx.get(RECENT, args![campaign, since]).await
}

/// Counts tries of all campaigns since `since`, for the rate of the connection.
pub(super) async fn tried_by_all_since(tx: &mut Tx, since: Timestamp) -> Result<i64> {
    tx.get(RECENT_OF_ALL, args![since]).await
}

/// Makes rows durable before the wire.
pub(super) async fn attempt(tx: &mut Tx, ids: &[Id], lease: Id, until: Timestamp) -> Result<u64> {
    let mut query = Query::new("UPDATE send SET state = 'attempting', reason = NULL, lease_id = ", args![]);
    query.bind(lease).push(", leased_until = ").bind(until).push(", attempted_at = ").bind(tx.now());
    query.push(", attempts = attempts + 1 WHERE state = 'intent' AND ").any_of("id", ids);
    tx.exec_query(query).await
}

pub(super) async fn suppress(tx: &mut Tx, ids: &[Id], reason: &str) -> Result<u64> {
    let mut query = Query::new("UPDATE send SET state = 'suppressed', reason = ", args![]);
    query.bind(reason).push(", settled_at = ").bind(tx.now());
    query.push(" WHERE state = 'intent' AND ").any_of("id", ids);
    tx.exec_query(query).await
}

pub(super) async fn defer(tx: &mut Tx, ids: &[Id], reason: &str, until: Timestamp) -> Result<u64> {
    let mut query = Query::new("UPDATE send SET reason = ", args![]);
    query.bind(reason).push(", not_before = ").bind(until);
    query.push(" WHERE state = 'intent' AND ").any_of("id", ids);
    tx.exec_query(query).await
}

/// Settles messages that the server took, in one statement; returns how many still were ours.
pub(super) async fn sent(tx: &mut Tx, lease: Id, ids: &[Id]) -> Result<u64> {
    let mut query = Query::new(
        "UPDATE send SET state = 'sent', reason = NULL, leased_until = NULL, lease_id = NULL, sent_at = ",
        args![],
    );
    query
        .bind(tx.now())
        .push(", settled_at = ")
        .bind(tx.now())
        .push(" WHERE state = 'attempting' AND lease_id = ");
    query.bind(lease).push(" AND ").any_of("id", ids);
    tx.exec_query(query).await
}

/// Settles one message otherwise.
pub(super) async fn settled(
    tx: &mut Tx,
    lease: Id,
    id: Id,
    to: &super::rules::Settled,
    reply: &str,
) -> Result<u64> {
    let now = tx.now();
    let settled_at = (to.state != super::SendState::Intent).then_some(now);
    let row = args![lease, id, to.state.as_str(), to.reason, reply, settled_at, to.not_before.unwrap_or(now)];
    tx.exec(SETTLED, row).await
}

/// Marks as unknown what a lost worker left behind.
pub(super) async fn give_up_lost(tx: &mut Tx) -> Result<u64> {
    tx.exec(LOST, args![tx.now()]).await
}

/// Marks as unknown what was on the wire before `arrival`, when the workers of that time are gone.
pub(super) async fn give_up_before(tx: &mut Tx, arrival: Timestamp) -> Result<u64> {
    tx.exec(LEFT, args![tx.now(), arrival]).await
}

pub(super) async fn events(tx: &mut Tx, rows: Vec<Vec<Value>>) -> Result<u64> {
    tx.insert_many(INSERT_EVENTS, rows, "").await
}

#[derive(Deserialize)]
struct Link {
    url: String,
    number: i64,
}

/// Returns the number of each counted target of a campaign.
pub(crate) async fn links(store: &Store, campaign: Id) -> Result<BTreeMap<String, i64>> {
    let links: Vec<Link> = store.all(LINKS, args![campaign]).await?;
    Ok(links.into_iter().map(|link| (link.url, link.number)).collect())
}

pub(super) async fn insert_link(tx: &mut Tx, campaign: Id, number: i64, url: &str) -> Result<u64> {
    tx.exec(INSERT_LINK, args![Id::new(), campaign, number, url]).await
}

pub(super) async fn find(store: &Store, id: Id) -> Result<Send> {
    store.get(FIND, args![id]).await
}

pub(super) async fn settle_by_hand(tx: &mut Tx, id: Id, state: super::SendState, reason: &str) -> Result<()> {
    tx.exec_one(SETTLE_BY_HAND, args![id, state.as_str(), reason, tx.now()]).await
}

pub(super) async fn list(
    store: &Store,
    scope: &Scope,
    campaign: Id,
    filter: &SendFilter,
    page: &PageQuery,
) -> Result<Page<Send>> {
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
        .and("s.campaign_id =", campaign)
        .and_some("s.state =", filter.state.map(|s| s.as_str()))
        .and_some("s.profile_id =", filter.profile_id)
        .and_some("s.language =", filter.language.map(Language::as_str))
        .and_some("s.id >", page.after::<Id>()?);
    narrow(&mut query, filter);
    query.push(" ORDER BY s.id").limit_overfull(size);
    Ok(Page::from_overfull(store.list(query).await?, size, |s: &Send| s.id))
}

/// Narrows by what became of the messages; the same conditions as the figures count by.
fn narrow(query: &mut Query, filter: &SendFilter) {
    if filter.open == Some(true) {
        query.push(" AND s.state IN ('intent', 'attempting')");
    }
    if filter.delivered == Some(true) {
        query.push(
            " AND s.state = 'sent'
              AND NOT EXISTS (SELECT 1 FROM delivery_event e WHERE e.send_id = s.id AND e.kind = 'bounced')",
        );
    }
    if let Some(kind) = filter.seen {
        query
            .push(" AND EXISTS (SELECT 1 FROM delivery_event e WHERE e.send_id = s.id AND e.kind = ")
            .bind(kind.as_str());
        if filter.raw != Some(true) {
            query.push(" AND e.likelihood = 'human'");
        }
        query.and_some("e.link_number =", filter.link).push(")");
    }
}
