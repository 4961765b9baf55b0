use kernel::{Id, Problem, Result, Timestamp};
use serde::Deserialize;
use store::{Query, args};

use super::{Condition, FlagField, Goods, GoodsBy, Library, NumberField, ScoreField, TextField};
use crate::behaviour;
use crate::consent::{Channel, ConsentState, Purpose};

/// What a condition is compiled against: the definitions it refers to, and the time it is asked at.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    /// Segments that it refers to, directly or through others.
    pub library: &'a Library,
    /// The end of all its windows.
    pub now: Timestamp,
}

/// Deepest chain of segments that refer to each other; saving keeps them far below.
const REFERENCES_MAX: usize = 64;

/// Appends ` AND (…)`: the condition on profile `p`, never NULL.
pub fn and_holds(query: &mut Query, tree: &Condition, setting: Setting<'_>) -> Result<()> {
    query.push(" AND ");
    push(query, tree, setting, 0)
}

/// Appends the condition itself.
pub fn push(query: &mut Query, tree: &Condition, setting: Setting<'_>, depth: usize) -> Result<()> {
    match tree {
        Condition::All { of } => push_joined(query, of, " AND ", setting, depth)?,
        Condition::Any { of } => push_joined(query, of, " OR ", setting, depth)?,
        Condition::Not { of } => {
            query.push("(NOT ");
            push(query, of, setting, depth)?;
            query.push(")");
        }
        Condition::InSegment { segment_id } => {
            let inner = setting.library.get(segment_id).filter(|_| depth < REFERENCES_MAX);
            let inner = inner.ok_or_else(|| Problem::conflict("customers.segment.unknown_segment"))?;
            push(query, inner, setting, depth + 1)?;
        }
        leaf => push_leaf(query, leaf, setting.now),
    }
    Ok(())
}

fn push_joined(
    query: &mut Query,
    of: &[Condition],
    with: &'static str,
    setting: Setting<'_>,
    depth: usize,
) -> Result<()> {
    query.push("(");
    for (place, child) in of.iter().enumerate() {
        if place > 0 {
            query.push(with);
        }
        push(query, child, setting, depth)?;
    }
    query.push(")");
    Ok(())
}

fn push_leaf(query: &mut Query, leaf: &Condition, now: Timestamp) {
    match leaf {
        Condition::Text { field, one_of } => {
            let column = text_column(*field);
            query.push("(").push(column).push(" IS NOT NULL AND ").any_of(column, one_of).push(")");
        }
        Condition::Number { field, at_least, at_most } => {
            let column = number_column(*field);
            query.push("(").push(column).push(" IS NOT NULL");
            if let Some(low) = at_least {
                query.push(" AND ").push(column).push(" >= ").bind(*low);
            }
            if let Some(high) = at_most {
                query.push(" AND ").push(column).push(" <= ").bind(*high);
            }
            query.push(")");
        }
        Condition::Flag { field, is } => drop(query.push(flag(*field, *is))),
        Condition::KnownSince { within_days } => {
            query.push("(p.created_at > ").bind(window_start(now, *within_days)).push(")");
        }
        Condition::Tier { one_of } => {
            query
                .push("(p.tier IS NOT NULL AND ")
                .any_of("p.tier", one_of.iter().map(|t| t.as_str()))
                .push(")");
        }
        Condition::Consent { state, channel, purpose, brand_id } => {
            push_consent(query, *state, *channel, *purpose, *brand_id);
        }
        Condition::Ordered { what, at_least, within_days, total_at_least_minor } => {
            let from = window_start(now, *within_days);
            push_ordered(query, what.as_ref(), *at_least, (from, now), *total_at_least_minor);
        }
        Condition::Redeemed { campaign, within_days } => {
            query.push(
                "(p.id IN (SELECT m.profile_id FROM loyalty_redemption r
                 JOIN profile_node m ON m.node_id = r.customer_node_id AND m.until IS NULL WHERE TRUE",
            );
            query.and_some("r.campaign_code =", campaign.as_deref()).and("r.redeemed_at <=", now);
            query.and_some("r.redeemed_at >", within_days.map(|days| window_start(now, days))).push("))");
        }
        Condition::Score { which, at_least, at_most } => push_score(query, *which, *at_least, *at_most),
        Condition::Persona { persona_id } => {
            query.push("(p.id IN (SELECT x.profile_id FROM persona_member x WHERE x.persona_id = ");
            query.bind(*persona_id).push("))");
        }
        Condition::Did { .. } | Condition::DidInOrder { .. } => {
            let differ = if behaviour::holds_without_events(leaf) { "(p.id NOT IN (" } else { "(p.id IN (" };
            query.push(differ).push("SELECT b.profile_id FROM behaviour_exception b WHERE b.condition_id = ");
            query.bind(behaviour::key(leaf)).push("))");
        }
        Condition::All { .. }
        | Condition::Any { .. }
        | Condition::Not { .. }
        | Condition::InSegment { .. } => {
            unreachable!("not a leaf")
        }
    }
}

fn push_score(query: &mut Query, which: ScoreField, at_least: Option<i64>, at_most: Option<i64>) {
    let column = score_column(which);
    query.push("(p.id IN (SELECT x.profile_id FROM profile_score x WHERE ").push(column).push(" IS NOT NULL");
    if let Some(low) = at_least {
        query.push(" AND ").push(column).push(" >= ").bind(low);
    }
    if let Some(high) = at_most {
        query.push(" AND ").push(column).push(" <= ").bind(high);
    }
    query.push("))");
}

/// Returns the beginning of a window that ends now; the beginning itself is outside.
pub fn window_start(now: Timestamp, days: u32) -> Timestamp {
    now.plus_days(-i64::from(days))
}

fn push_consent(
    query: &mut Query,
    state: ConsentState,
    channel: Channel,
    purpose: Purpose,
    brand: Option<Id>,
) {
    query.push(if state == ConsentState::Never { "(p.id NOT IN (" } else { "(p.id IN (" });
    query.push(
        "SELECT m.profile_id FROM consent c
         JOIN profile_node m ON m.node_id = c.node_id AND m.until IS NULL WHERE TRUE",
    );
    query
        .and("c.channel =", channel.as_str())
        .and("c.purpose =", purpose.as_str())
        .and_some("c.brand_id =", brand);
    if state != ConsentState::Never {
        query.and("c.state =", state.as_str());
    }
    query.push("))");
}

/// One pass over the goods' lines of the window, then the people whose orders are enough.
fn push_ordered(
    query: &mut Query,
    what: Option<&Goods>,
    at_least: u32,
    (from, to): (Timestamp, Timestamp),
    total: Option<i64>,
) {
    query.push("(p.id IN (SELECT m.profile_id FROM ");
    push_orders(query, what, from, to);
    query.push(" JOIN profile_node m ON m.node_id = o.customer_node_id AND m.until IS NULL");
    query.push(" GROUP BY m.profile_id HAVING COUNT(*) >= ").bind(i64::from(at_least));
    if let Some(total) = total {
        query.push(" AND SUM(o.total_minor) >= ").bind(total);
    }
    query.push("))");
}

/// Appends `(…) o`: orders of the window with what the goods in them cost, by the index that fits the goods.
fn push_orders(query: &mut Query, what: Option<&Goods>, from: Timestamp, to: Timestamp) {
    match what {
        None => push_whole_orders(query, from, to),
        Some(Goods { by: GoodsBy::Brand, value }) => push_orders_with_brand(query, value, from, to),
        Some(goods) => push_orders_with_lines(query, goods, from, to),
    }
}

/// One range of the index of orders by time.
fn push_whole_orders(query: &mut Query, from: Timestamp, to: Timestamp) {
    query.push(
        "(SELECT s.id AS order_id, s.customer_node_id, s.happened_at, s.total_minor
          FROM v_sales_order s WHERE s.kind = 'sale' AND s.customer_node_id IS NOT NULL",
    );
    query.and("s.happened_at >", from).and("s.happened_at <=", to).push(") o");
}

/// One range of the index of lines by department and time, or one per product. Grouping in the order
/// of that index needs no sorting: a line has the time and the customer of its order.
fn push_orders_with_lines(query: &mut Query, goods: &Goods, from: Timestamp, to: Timestamp) {
    query.push(
        "(SELECT l.order_id, l.customer_node_id, l.happened_at, SUM(l.total_minor) AS total_minor FROM ",
    );
    query.push(match goods.by {
        GoodsBy::Category => "v_catalog_product c JOIN v_sales_order_line l ON l.product_id = c.id",
        _ => "v_sales_order_line l",
    });
    query.push(" WHERE l.kind = 'sale'").and(
        match goods.by {
            GoodsBy::Category => "c.category =",
            GoodsBy::Department => "l.department =",
            GoodsBy::Product | GoodsBy::Brand => "l.product_id =",
        },
        &goods.value,
    );
    query.and("l.happened_at >", from).and("l.happened_at <=", to);
    query.push(
        " AND l.customer_node_id IS NOT NULL GROUP BY l.happened_at, l.customer_node_id, l.order_id) o",
    );
}

/// A brand is on most orders: walking the orders and looking for one line is quicker than its lines.
fn push_orders_with_brand(query: &mut Query, brand: &str, from: Timestamp, to: Timestamp) {
    query.push(
        "(SELECT s.id AS order_id, s.customer_node_id, s.happened_at,
                 (SELECT SUM(l.total_minor) FROM v_sales_order_line l WHERE l.order_id = s.id AND l.brand_id = ",
    );
    query.bind(brand).push(
        ") AS total_minor
          FROM v_sales_order s WHERE s.kind = 'sale' AND s.customer_node_id IS NOT NULL
            AND EXISTS (SELECT 1 FROM v_sales_order_line l WHERE l.order_id = s.id AND l.brand_id = ",
    );
    query.bind(brand).push(")").and("s.happened_at >", from).and("s.happened_at <=", to).push(") o");
}

const fn text_column(field: TextField) -> &'static str {
    match field {
        TextField::City => "p.city",
        TextField::District => "p.district",
        TextField::Language => "p.language",
        TextField::Source => "p.source",
        TextField::AgeBand => "p.age_band",
        TextField::IncomeBand => "p.income_band",
        TextField::Brand => "p.brand_id",
    }
}

const fn number_column(field: NumberField) -> &'static str {
    match field {
        NumberField::HouseholdSize => "p.household_size",
        NumberField::Children => "p.children",
    }
}

/// Digits and amounts as they are, chances in percent.
const fn score_column(which: ScoreField) -> &'static str {
    match which {
        ScoreField::Recency => "x.recency",
        ScoreField::Frequency => "x.frequency",
        ScoreField::Monetary => "x.monetary",
        ScoreField::PAlive => "(x.p_alive * 100)",
        ScoreField::Churn => "((1 - x.p_alive) * 100)",
        ScoreField::ExpectedValue => "x.expected_value_minor",
    }
}

/// A score of one person; no row where there is none.
pub fn score_of(profile: Id, which: ScoreField) -> Query {
    let column = score_column(which);
    let mut query = Query::new("SELECT CAST(", args![]);
    query.push(column).push(" AS DOUBLE PRECISION) FROM profile_score x WHERE ").push(column);
    query.push(" IS NOT NULL").and("x.profile_id =", profile);
    query
}

/// A row where one person belongs to a persona.
pub fn persona_of(profile: Id, persona: Id) -> Query {
    let mut query = Query::new("SELECT x.persona_id FROM persona_member x WHERE TRUE", args![]);
    query.and("x.profile_id =", profile).and("x.persona_id =", persona);
    query
}

const fn flag(field: FlagField, is: bool) -> &'static str {
    match (field, is) {
        (FlagField::Homeowner, true) => "(p.homeowner IS NOT NULL AND p.homeowner)",
        (FlagField::Homeowner, false) => "(p.homeowner IS NOT NULL AND NOT p.homeowner)",
        (FlagField::Married, true) => "(p.married IS NOT NULL AND p.married)",
        (FlagField::Married, false) => "(p.married IS NOT NULL AND NOT p.married)",
        (FlagField::HasEmail, true) => "(p.email_node_id IS NOT NULL)",
        (FlagField::HasEmail, false) => "(p.email_node_id IS NULL)",
        (FlagField::HasMobile, true) => "(p.mobile_node_id IS NOT NULL)",
        (FlagField::HasMobile, false) => "(p.mobile_node_id IS NULL)",
    }
}

/// An order of one person, as far as the goods in question go.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct OrderFact {
    pub order_id: Id,
    pub happened_at: Timestamp,
    pub total_minor: i64,
}

/// A statement of one person about being contacted.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ConsentFact {
    pub state: ConsentState,
    pub happened_at: Timestamp,
}

/// A coupon that one person handed in.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct RedemptionFact {
    pub id: Id,
    pub campaign_code: String,
    pub redeemed_at: Timestamp,
}

/// Orders of one person in a window, oldest first.
pub fn orders_of(profile: Id, what: Option<&Goods>, from: Timestamp, to: Timestamp) -> Query {
    let mut query = Query::new(
        "SELECT o.order_id, o.happened_at, CAST(o.total_minor AS BIGINT) AS total_minor FROM ",
        args![],
    );
    push_orders_of(&mut query, profile, what, from, to);
    query.push(" ORDER BY o.happened_at, o.order_id");
    query
}

/// The same orders asked for by person: CROSS JOIN has SQLite begin with the person's nodes, so that
/// it is one range per node of the index by customer.
fn push_orders_of(query: &mut Query, profile: Id, what: Option<&Goods>, from: Timestamp, to: Timestamp) {
    query.push("(SELECT x.order_id, x.happened_at, SUM(x.total_minor) AS total_minor FROM profile_node m CROSS JOIN ");
    query.push(match what {
        None => {
            "(SELECT id AS order_id, customer_node_id, happened_at, total_minor, kind FROM v_sales_order) x"
        }
        Some(_) => "v_sales_order_line x",
    });
    query.push(" WHERE x.customer_node_id = m.node_id AND m.until IS NULL AND x.kind = 'sale'");
    query.and("m.profile_id =", profile).and("x.happened_at >", from).and("x.happened_at <=", to);
    if let Some(goods) = what {
        let value = &goods.value;
        match goods.by {
            // COALESCE keeps SQLite from the index by department, which holds everybody's lines.
            GoodsBy::Department => drop(query.and("COALESCE(x.department, '') =", value)),
            GoodsBy::Product => drop(query.and("x.product_id =", value)),
            GoodsBy::Brand => drop(query.and("x.brand_id =", value)),
            GoodsBy::Category => {
                query
                    .and("x.product_id IN (SELECT id FROM v_catalog_product WHERE category =", value)
                    .push(")");
            }
        }
    }
    query.push(" GROUP BY x.order_id, x.happened_at) o");
}

/// Standing answers of one person.
pub fn consents_of(profile: Id, channel: Channel, purpose: Purpose, brand: Option<Id>) -> Query {
    let mut query = Query::new(
        "SELECT c.state, c.happened_at FROM profile_node m JOIN consent c ON c.node_id = m.node_id
         WHERE m.profile_id = $1 AND m.until IS NULL",
        args![profile],
    );
    query
        .and("c.channel =", channel.as_str())
        .and("c.purpose =", purpose.as_str())
        .and_some("c.brand_id =", brand);
    query.push(" ORDER BY c.happened_at, c.id");
    query
}

/// Coupons that one person handed in, oldest first.
pub fn redemptions_of(profile: Id, campaign: Option<&str>, from: Option<Timestamp>, to: Timestamp) -> Query {
    let mut query = Query::new(
        "SELECT r.id, r.campaign_code, r.redeemed_at FROM profile_node m
         JOIN loyalty_redemption r ON r.customer_node_id = m.node_id
         WHERE m.profile_id = $1 AND m.until IS NULL",
        args![profile],
    );
    query
        .and_some("r.campaign_code =", campaign)
        .and_some("r.redeemed_at >", from)
        .and("r.redeemed_at <=", to);
    query.push(" ORDER BY r.redeemed_at, r.id");
    query
}
