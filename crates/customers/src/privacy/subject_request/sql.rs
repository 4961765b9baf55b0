use kernel::{Id, Timestamp};
use store::{Query, args, sql};

use crate::privacy::Urgency;

sql! {
    pub INSERT = "INSERT INTO subject_request (id, number, kind, regime, state, profile_id, contact, channel, note,
            received_at, due_at, reminded, created_at, created_by, version)
        VALUES ($1, $2, $3, $4, 'open', $5, $6, $7, $8, $9, $10, 'none', $11, $12, 1)";

    pub COUNT = "SELECT CAST(COUNT(*) AS BIGINT) FROM subject_request";

    pub VERIFY = "UPDATE subject_request SET state = 'verified', verified_at = $3, verified_by = $4, verified_means = $5,
        verified_detail = $6, profile_id = $7, version = version + 1
        WHERE id = $1 AND version = $2 AND state = 'open'";

    pub DECIDE = "UPDATE subject_request SET state = $3, decided_at = $4, decided_by = $5, reason = $6, ground = $7,
        result = $8, version = version + 1 WHERE id = $1 AND version = $2 AND state IN ('open', 'verified')";

    pub EXTEND = "UPDATE subject_request SET due_at = $3, extended_because = $4, reminded = 'none', version = version + 1
        WHERE id = $1 AND version = $2 AND state IN ('open', 'verified') AND extended_because IS NULL";

    /// Says how far the work on a request is.
    pub NOTE_RESULT = "UPDATE subject_request SET result = $2, reason = COALESCE($3, reason), version = version + 1
        WHERE id = $1";

    /// Ends a request whose background work is over.
    pub FINISH = "UPDATE subject_request SET state = 'done', decided_at = $2, decided_by = COALESCE($3, decided_by),
        result = $4, version = version + 1 WHERE id = $1 AND state = 'verified'";

    /// Requests that are near their end or beyond it, and of which the desk was not told.
    pub TO_REMIND = "SELECT id, number, due_at, reminded FROM subject_request
        WHERE state IN ('open', 'verified') AND due_at <= $1 AND reminded <> 'overdue' ORDER BY due_at, id LIMIT 500";

    pub REMINDED = "UPDATE subject_request SET reminded = $2 WHERE id = $1";

    /// Forgets what requests say about somebody who was erased.
    pub FORGET = "UPDATE subject_request SET contact = NULL, note = NULL, verified_detail = NULL, version = version + 1
        WHERE profile_id = $1 AND (contact IS NOT NULL OR note IS NOT NULL OR verified_detail IS NOT NULL)";

    /// Files that were made for somebody.
    pub FILES = "SELECT id, result FROM subject_request WHERE profile_id = $1 AND kind IN ('access', 'portability')
        AND result IS NOT NULL";
}

/// Requests, with who worked on them; index `subject_request_due`.
pub fn list() -> Query {
    Query::new(
        "SELECT r.id, r.number, r.kind, r.regime, r.state, r.profile_id, r.contact, r.channel, r.note, r.received_at,
            r.due_at, r.extended_because, r.verified_at, r.verified_by, v.name AS verified_by_name, r.verified_means,
            r.verified_detail, r.decided_at, r.decided_by, d.name AS decided_by_name, r.reason, r.ground, r.result,
            r.created_at, r.created_by, r.version
         FROM subject_request r
         LEFT JOIN v_identity_user_address v ON v.id = r.verified_by
         LEFT JOIN v_identity_user_address d ON d.id = r.decided_by
         WHERE TRUE",
        args![],
    )
}

pub fn one(id: Id) -> Query {
    let mut query = list();
    query.and("r.id =", id);
    query
}

/// Narrows to what is so urgent.
pub fn and_urgent(query: &mut Query, urgency: Urgency, now: Timestamp, soon: Timestamp) {
    match urgency {
        Urgency::Overdue => {
            query.push(" AND r.state IN ('open', 'verified')").and("r.due_at <=", now);
        }
        Urgency::DueSoon => {
            query
                .push(" AND r.state IN ('open', 'verified')")
                .and("r.due_at >", now)
                .and("r.due_at <=", soon);
        }
        Urgency::None => {
            query.push(" AND (r.state NOT IN ('open', 'verified') OR r.due_at > ").bind(soon).push(")");
        }
    }
}

/// What is known about one person, part by part, for the file that they get.
pub mod parts {
    use kernel::Id;
    use store::{Query, args};

    pub fn consents(profile: Id) -> Query {
        Query::new(
            "SELECT e.id, n.kind AS address_kind, n.value AS address, e.brand_id, e.purpose, e.channel, e.state,
                e.happened_at, e.recorded_at, e.given_by, e.source, t.text_version, t.body AS text, t.language, e.reason
             FROM profile_node m JOIN consent_event e ON e.node_id = m.node_id
             JOIN identifier_node n ON n.id = e.node_id
             LEFT JOIN consent_text t ON t.id = e.text_id
             WHERE m.profile_id = $1 AND m.until IS NULL ORDER BY e.happened_at, e.id",
            args![profile],
        )
    }

    pub fn suppressions(profile: Id) -> Query {
        Query::new(
            "SELECT s.id, n.value AS address, s.channel, s.reason, s.detail, s.source, s.happened_at, s.expires_at,
                s.lifted_at
             FROM profile_node m JOIN suppression s ON s.node_id = m.node_id JOIN identifier_node n ON n.id = s.node_id
             WHERE m.profile_id = $1 AND m.until IS NULL ORDER BY s.happened_at, s.id",
            args![profile],
        )
    }

    pub fn tiers(profile: Id) -> Query {
        Query::new(
            "SELECT from_tier, to_tier, last_order_at, order_count, total_minor, happened_at FROM tier_change
             WHERE profile_id = $1 ORDER BY happened_at, run_id",
            args![profile],
        )
    }

    pub fn redemptions(profile: Id) -> Query {
        Query::new(
            "SELECT r.id, r.coupon_upc, r.campaign_code, r.redeemed_at, r.source
             FROM profile_node m JOIN loyalty_redemption r ON r.customer_node_id = m.node_id
             WHERE m.profile_id = $1 AND m.until IS NULL ORDER BY r.redeemed_at, r.id",
            args![profile],
        )
    }

    pub fn requests(profile: Id) -> Query {
        Query::new(
            "SELECT number, kind, regime, state, channel, note, received_at, due_at, decided_at, reason
             FROM subject_request WHERE profile_id = $1 ORDER BY received_at, id",
            args![profile],
        )
    }

    pub fn orders(profile: Id) -> Query {
        Query::new(
            "SELECT o.id, o.happened_at, o.kind, o.total_minor, o.currency, o.source, o.brand_id
             FROM profile_node m JOIN v_sales_order o ON o.customer_node_id = m.node_id
             WHERE m.profile_id = $1 AND m.until IS NULL ORDER BY o.happened_at, o.id",
            args![profile],
        )
    }

    pub fn order_lines(profile: Id) -> Query {
        Query::new(
            "SELECT l.order_id, l.happened_at, l.kind, l.product_id, l.department, l.total_minor
             FROM profile_node m JOIN v_sales_order_line l ON l.customer_node_id = m.node_id
             WHERE m.profile_id = $1 AND m.until IS NULL ORDER BY l.happened_at, l.order_id, l.product_id",
            args![profile],
        )
    }

    pub fn sends(profile: Id) -> Query {
        Query::new(
            "SELECT s.id, s.campaign_id, s.brand_id, s.channel, s.purpose, s.state, s.reason, s.attempted_at, s.sent_at,
                s.created_at
             FROM v_campaigns_send s WHERE s.profile_id = $1 ORDER BY s.created_at, s.id",
            args![profile],
        )
    }

    pub fn deliveries(profile: Id) -> Query {
        Query::new(
            "SELECT e.id, e.send_id, e.campaign_id, e.kind, e.likelihood, e.at
             FROM v_campaigns_delivery_event e WHERE e.profile_id = $1 ORDER BY e.at, e.id",
            args![profile],
        )
    }
}
