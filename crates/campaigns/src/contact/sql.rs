use kernel::{Id, Page, PageQuery, Result, Scope, Timestamp};
use serde::Deserialize;
use store::{Query, ScopeColumns, Store, Tx, Value, args};

use super::{ContactDecision, DecisionFilter, ReasonCount};

/// What the database knows about one send that asks.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    pub send_id: Id,
    pub consent_state: Option<String>,
    pub suppressed: bool,
    pub recent: i64,
    pub time_zone: Option<String>,
}

/// Asks row by row: joined, SQLite would first write down the consent of everybody there is.
const ASKED: &str = "SELECT s.id AS send_id,
    (SELECT c.state FROM v_customers_answer c WHERE c.node_id = s.node_id AND c.brand_id = s.brand_id
        AND c.purpose = s.purpose AND c.channel = s.channel) AS consent_state,
    EXISTS (SELECT 1 FROM v_customers_suppression x
            WHERE x.node_id = s.node_id AND x.channel = s.channel AND x.lifted_at IS NULL) AS suppressed,
    p.time_zone, ";
const FROM: &str = " FROM send s
    LEFT JOIN v_customers_profile p ON p.id = s.profile_id
    WHERE ";
const DECISIONS: &str =
    "SELECT d.id, d.send_id, d.campaign_id, d.profile_id, d.channel, d.purpose, d.outcome, d.reason,
    d.facts, d.local_minute, d.at FROM contact_decision d JOIN campaign c ON c.id = d.campaign_id WHERE TRUE";
const INSERT_DECISIONS: &str = "INSERT INTO contact_decision
    (id, send_id, campaign_id, profile_id, channel, purpose, outcome, reason, facts, local_minute, at) VALUES";
const INSERT_RESERVATIONS: &str =
    "INSERT INTO contact_reservation (send_id, profile_id, brand_id, channel, at) VALUES";

store::sql! {
    // Index contact_decision_campaign.
    REASONS = "SELECT outcome, reason, CAST(COUNT(*) AS BIGINT) AS count FROM contact_decision WHERE campaign_id = $1
        GROUP BY outcome, reason ORDER BY count DESC, reason";
}

pub(super) async fn asked(
    tx: &mut Tx,
    sends: &[Id],
    since: Timestamp,
    per_brand: bool,
) -> Result<Vec<Asked>> {
    let mut query = Query::new(ASKED, args![]);
    query.push(
        "(SELECT CAST(COUNT(*) AS BIGINT) FROM contact_reservation r
          WHERE r.profile_id = s.profile_id AND r.channel = s.channel AND r.at > ",
    );
    query.bind(since);
    if per_brand {
        query.push(" AND r.brand_id = s.brand_id");
    }
    query.push(") AS recent").push(FROM).any_of("s.id", sends);
    tx.list(query).await
}

pub(super) async fn keep(
    tx: &mut Tx,
    decisions: Vec<Vec<Value>>,
    reservations: Vec<Vec<Value>>,
) -> Result<()> {
    tx.insert_many(INSERT_DECISIONS, decisions, "").await?;
    // A message that is tried again keeps the room that it has.
    tx.insert_many(INSERT_RESERVATIONS, reservations, "ON CONFLICT (send_id) DO NOTHING").await?;
    Ok(())
}

/// Frees the room of messages that certainly did not leave.
pub(crate) async fn release(tx: &mut Tx, sends: &[Id]) -> Result<()> {
    if sends.is_empty() {
        return Ok(());
    }
    let mut query = Query::new("DELETE FROM contact_reservation WHERE ", args![]);
    query.any_of("send_id", sends);
    tx.exec_query(query).await.map(drop)
}

pub(super) async fn list(
    store: &Store,
    scope: &Scope,
    filter: &DecisionFilter,
    page: &PageQuery,
) -> Result<Page<ContactDecision>> {
    let size = page.size()?;
    let mut query = Query::new(DECISIONS, args![]);
    query.scope(
        scope,
        ScopeColumns {
            brand: Some("c.brand_id"),
            department: Some("c.department_id"),
            owner: Some("c.owner_id"),
        },
    );
    query
        .and_some("d.campaign_id =", filter.campaign_id)
        .and_some("d.profile_id =", filter.profile_id)
        .and_some("d.outcome =", filter.outcome.as_deref())
        .and_some("d.reason =", filter.reason.as_deref())
        .and_some("d.id <", page.after::<Id>()?);
    query.push(" ORDER BY d.id DESC").limit_overfull(size);
    Ok(Page::from_overfull(store.list(query).await?, size, |d: &ContactDecision| d.id))
}

pub(super) async fn reasons(store: &Store, campaign: Id) -> Result<Vec<ReasonCount>> {
    store.all(REASONS, args![campaign]).await
}
