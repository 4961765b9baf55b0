//! Orders on their way into the tables, collected from rows.

use std::collections::HashMap;

use jiff::tz::TimeZone;
use kernel::{Currency, Day, Id, Result, Timestamp};
use store::{Tx, Value, args};

use super::{OrderKind, part, rules, sql};

/// An order with what its new lines add up to.
#[derive(Clone, Debug)]
pub(crate) struct OrderDraft {
    pub id: Id,
    pub source: String,
    pub number: String,
    pub brand_id: Option<Id>,
    pub customer_node_id: Option<Id>,
    pub store: Option<String>,
    pub currency: Currency,
    pub happened_at: Timestamp,
    pub happened_on: Day,
    pub lines: Vec<LineDraft>,
}

/// A line that is not there yet.
#[derive(Clone, Debug)]
pub(crate) struct LineDraft {
    pub ordinal: i64,
    pub kind: OrderKind,
    pub brand_id: Option<Id>,
    pub product_id: Option<Id>,
    pub sku: Option<String>,
    pub description: Option<String>,
    pub department: Option<String>,
    pub quantity_milli: i64,
    pub unit_price_micro: i64,
    pub discount_minor: i64,
    pub coupon_discount_minor: i64,
    pub total_minor: i64,
}

/// Who records orders, and from where.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin {
    pub import_id: Option<Id>,
    pub created_by: Option<Id>,
}

/// Returns the day of a moment by the company's calendar.
pub(crate) fn day_of(at: Timestamp, zone: &TimeZone) -> Day {
    Day(zone.to_datetime(at.instant()).date())
}

/// Returns the brand that took most of an order.
pub(crate) fn main_brand(lines: &[LineDraft]) -> Option<Id> {
    let mut sums: Vec<(Option<Id>, i64)> = Vec::new();
    for line in lines {
        match sums.iter_mut().find(|(brand, _)| *brand == line.brand_id) {
            Some((_, sum)) => *sum += line.total_minor,
            None => sums.push((line.brand_id, line.total_minor)),
        }
    }
    sums.into_iter().max_by_key(|(_, sum)| *sum).and_then(|(brand, _)| brand)
}

/// Stores orders and lines; lines of an order that is there add to it.
pub(crate) async fn store(tx: &mut Tx, orders: &[OrderDraft], origin: Origin) -> Result<()> {
    let now = tx.now();
    let with_lines = || orders.iter().filter(|order| !order.lines.is_empty());
    let rows = with_lines().map(|order| order_row(order, origin, now)).collect();
    tx.insert_many(sql::ORDER_HEAD, rows, sql::ORDER_TAIL).await?;
    let count = orders.iter().map(|order| order.lines.len()).sum();
    let mut rows = Vec::with_capacity(count);
    for order in orders {
        let texts = Shared::of(order, origin);
        rows.extend(order.lines.iter().map(|line| line_row(order, &texts, line)));
    }
    tx.insert_many(sql::LINE_HEAD, rows, "").await?;
    part::recount(tx, &with_lines().map(|order| order.id).collect::<Vec<_>>()).await
}

fn order_row(order: &OrderDraft, origin: Origin, now: Timestamp) -> Vec<Value> {
    let sum = |amount: fn(&LineDraft) -> i64| order.lines.iter().map(amount).fold(0, i64::saturating_add);
    let kind = order.lines.iter().map(|line| line.kind).reduce(rules::together).unwrap_or(OrderKind::Sale);
    args![
        order.id,
        &order.source,
        &order.number,
        kind.as_str(),
        order.brand_id,
        order.customer_node_id,
        order.store.as_deref(),
        order.currency.as_str(),
        order.lines.len() as i64,
        sum(|line| line.total_minor),
        sum(|line| line.discount_minor),
        sum(|line| line.coupon_discount_minor),
        order.happened_at,
        now,
        origin.import_id,
        origin.created_by,
    ]
}

/// What all lines of an order repeat, written once.
struct Shared {
    order_id: String,
    customer_node_id: Option<String>,
    happened_on: String,
    import_id: Option<String>,
}

impl Shared {
    fn of(order: &OrderDraft, origin: Origin) -> Self {
        Self {
            order_id: order.id.to_string(),
            customer_node_id: order.customer_node_id.map(|id| id.to_string()),
            happened_on: order.happened_on.to_string(),
            import_id: origin.import_id.map(|id| id.to_string()),
        }
    }
}

fn line_row(order: &OrderDraft, shared: &Shared, line: &LineDraft) -> Vec<Value> {
    args![
        &shared.order_id,
        line.ordinal,
        line.kind.as_str(),
        shared.customer_node_id.as_deref(),
        line.brand_id,
        line.product_id,
        line.sku.as_deref(),
        line.description.as_deref(),
        line.department.as_deref(),
        line.quantity_milli,
        line.unit_price_micro,
        line.discount_minor,
        line.coupon_discount_minor,
        line.total_minor,
        order.happened_at,
        &shared.happened_on,
        shared.import_id.as_deref(),
    ]
}

/// Orders in the order in which they came, found by id.
#[derive(Debug, Default)]
pub(crate) struct Drafts {
    pub orders: Vec<OrderDraft>,
    places: HashMap<Id, usize>,
}

impl Drafts {
    /// Returns the order, making it from its first row.
    pub(crate) fn entry(&mut self, id: Id, make: impl FnOnce() -> OrderDraft) -> &mut OrderDraft {
        let next = self.orders.len();
        let place = *self.places.entry(id).or_insert(next);
        if place == next {
            self.orders.push(make());
        }
        &mut self.orders[place]
    }
}
