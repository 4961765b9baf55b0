use kernel::{Id, Timestamp};
use store::{Query, args, sql};

use super::EntryKind;

sql! {
    /// Sources through which the product tells itself what it knows.
    pub OWN_SOURCES = "SELECT id FROM event_source WHERE kind = 'internal'";
}

/// Place in the timeline after which a page begins: time, kind, id.
pub type Place = (Timestamp, EntryKind, String);

/// One kind's entries of one person before a place, latest first; `None` where the kind needs a view
/// that the caller cannot read.
///
/// Every statement gives `x`: id, at, what, detail, reference, amount_minor, currency; index of each:
/// the one by node (or profile) and time.
pub fn entries(kind: EntryKind, profile: Id) -> Query {
    let text = match kind {
        EntryKind::Order => {
            "SELECT 'order' AS kind, x.id, x.happened_at AS at, x.kind AS what, x.source AS detail,
                    x.brand_id AS reference, x.total_minor AS amount_minor, x.currency
             FROM profile_node m JOIN v_sales_order x ON x.customer_node_id = m.node_id
             WHERE m.profile_id = $1 AND m.until IS NULL"
        }
        EntryKind::Redemption => {
            "SELECT 'redemption' AS kind, x.id, x.redeemed_at AS at, 'redeemed' AS what, x.coupon_upc AS detail,
                    x.campaign_code AS reference, CAST(NULL AS BIGINT) AS amount_minor,
                    CAST(NULL AS TEXT) AS currency
             FROM profile_node m JOIN loyalty_redemption x ON x.customer_node_id = m.node_id
             WHERE m.profile_id = $1 AND m.until IS NULL"
        }
        EntryKind::Consent => {
            "SELECT 'consent' AS kind, x.id, x.happened_at AS at, x.state AS what,
                    x.channel || '/' || x.purpose AS detail, x.brand_id AS reference,
                    CAST(NULL AS BIGINT) AS amount_minor, CAST(NULL AS TEXT) AS currency
             FROM profile_node m JOIN consent_event x ON x.node_id = m.node_id
             WHERE m.profile_id = $1 AND m.until IS NULL"
        }
        EntryKind::Suppression => {
            "SELECT 'suppression' AS kind, x.id, x.happened_at AS at, x.reason AS what, x.channel AS detail,
                    CAST(NULL AS TEXT) AS reference, CAST(NULL AS BIGINT) AS amount_minor,
                    CAST(NULL AS TEXT) AS currency
             FROM profile_node m JOIN suppression x ON x.node_id = m.node_id
             WHERE m.profile_id = $1 AND m.until IS NULL"
        }
        EntryKind::Tier => {
            "SELECT 'tier' AS kind, x.run_id AS id, x.happened_at AS at, x.to_tier AS what, x.from_tier AS detail,
                    CAST(NULL AS TEXT) AS reference, CAST(NULL AS BIGINT) AS amount_minor,
                    CAST(NULL AS TEXT) AS currency
             FROM tier_change x WHERE x.profile_id = $1"
        }
        EntryKind::Send => {
            "SELECT 'send' AS kind, x.id, x.at, x.state AS what, CAST(NULL AS TEXT) AS detail,
                    x.campaign_id AS reference, CAST(NULL AS BIGINT) AS amount_minor,
                    CAST(NULL AS TEXT) AS currency
             FROM v_campaigns_send x WHERE x.profile_id = $1"
        }
        EntryKind::Delivery => {
            "SELECT 'delivery' AS kind, x.id, x.at, x.kind AS what, CAST(NULL AS TEXT) AS detail,
                    x.campaign_id AS reference, CAST(NULL AS BIGINT) AS amount_minor,
                    CAST(NULL AS TEXT) AS currency
             FROM v_campaigns_delivery_event x WHERE x.profile_id = $1"
        }
        EntryKind::Event => unreachable!("events are in the lake"),
    };
    Query::new(text, args![profile])
}

/// Narrows to what stands before a place; kinds order entries of the same moment.
pub fn and_before(query: &mut Query, kind: EntryKind, place: &Place) {
    let (time, id) = match kind {
        EntryKind::Order | EntryKind::Consent | EntryKind::Suppression => ("x.happened_at", "x.id"),
        EntryKind::Redemption => ("x.redeemed_at", "x.id"),
        EntryKind::Tier => ("x.happened_at", "x.run_id"),
        EntryKind::Send | EntryKind::Delivery | EntryKind::Event => ("x.at", "x.id"),
    };
    let (at, last_kind, last_id) = place;
    match kind.cmp(last_kind) {
        std::cmp::Ordering::Less => {
            query.push(" AND ").push(time).push(" <= ").bind(*at);
        }
        std::cmp::Ordering::Greater => {
            query.push(" AND ").push(time).push(" < ").bind(*at);
        }
        std::cmp::Ordering::Equal => {
            query.push(" AND (").push(time).push(", ").push(id).push(") < (").bind(*at).push(", ");
            query.bind(last_id.as_str()).push(")");
        }
    }
}

/// Orders one kind's entries, latest first.
pub fn latest_first(query: &mut Query) {
    query.push(" ORDER BY 3 DESC, 2 DESC");
}
