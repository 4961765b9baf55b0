//! Order (订单): what somebody bought, as one source knows it.

mod api;
pub mod place;
mod rules;
pub(crate) mod sql;
mod target;

use kernel::{Currency, Id, Labelled, Timestamp, UnitPrice};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub(crate) use api::routes;
pub(crate) use rules::{add, month};
pub use target::OrderTarget;

kernel::text_enum! {
    /// Kind (种类) of an order.
    pub enum OrderKind {
        /// Something was bought.
        Sale = "sale",
        /// Something bought earlier was taken back.
        Cancellation = "cancellation",
    }
}

/// An order (订单).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Order {
    /// Id, which follows from source and number.
    pub id: Id,
    /// The system that knows it.
    pub source: String,
    /// Its number there.
    pub number: String,
    /// Kind.
    pub kind: OrderKind,
    /// The identifier under which the customer bought; absent where nobody said who they are.
    pub customer_node_id: Option<Id>,
    /// Its brand, where all lines are of one.
    pub brand_id: Option<Id>,
    /// Shop or site in words.
    pub store: Option<String>,
    /// Currency.
    pub currency: Currency,
    /// What the company received, in minor units.
    pub total_minor: i64,
    /// The company's own discounts, in minor units.
    pub discount_minor: i64,
    /// What coupons paid, in minor units.
    pub coupon_discount_minor: i64,
    /// Number of lines.
    pub line_count: i64,
    /// Month by the company's calendar, `2026-11`.
    pub month: String,
    /// When it was bought.
    pub happened_at: Timestamp,
    /// When we learned of it.
    pub recorded_at: Timestamp,
}

impl Labelled for Order {
    const NOUN: &'static str = "sales.order";
}

/// A line of an order (订单行).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Line {
    /// The order.
    pub order_id: Id,
    /// Its place on the order, from 1.
    pub ordinal: i64,
    /// Kind of the order.
    pub kind: OrderKind,
    /// The customer of the order.
    pub customer_node_id: Option<Id>,
    /// When it was bought.
    pub happened_at: Timestamp,
    /// The product.
    pub product_id: Option<Id>,
    /// The product's number on the line.
    pub sku: String,
    /// The product's name on the line.
    pub description: Option<String>,
    /// The product's department.
    pub department: Option<String>,
    /// The product's brand.
    pub brand_id: Option<Id>,
    /// Units in thousandths; negative when taken back.
    pub quantity_milli: i64,
    /// Price of one unit in millionths of the currency's major unit.
    pub unit_price_micro: UnitPrice,
    /// What the company received, in minor units.
    pub total_minor: i64,
    /// The company's own discounts, in minor units.
    pub discount_minor: i64,
    /// What coupons paid, in minor units.
    pub coupon_discount_minor: i64,
}

impl Labelled for Line {
    const NOUN: &'static str = "sales.line";
}

/// An order with its lines.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct OrderDetail {
    /// The order.
    pub order: Order,
    /// Its lines in order; at most 1,000.
    pub lines: Vec<Line>,
}

impl Labelled for OrderDetail {
    const NOUN: &'static str = "sales.order_detail";
}

/// Which orders are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OrderFilter {
    /// Only of this person.
    pub profile_id: Option<Id>,
    /// Only of this source.
    #[param(max_length = 64)]
    pub source: Option<String>,
    /// Only of this kind.
    pub kind: Option<OrderKind>,
    /// From this time on.
    pub from: Option<Timestamp>,
    /// Before this time.
    pub to: Option<Timestamp>,
}

/// A new order.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOrder {
    /// The system that knows it, 1 to 64 characters.
    pub source: String,
    /// Its number there, 1 to 64 characters.
    pub number: String,
    /// The customer's member number, where known.
    pub member_number: Option<String>,
    /// The customer's e-mail address, where known and no member number is.
    pub email: Option<String>,
    /// Shop or site in words.
    pub store: Option<String>,
    /// Currency; the company's when absent.
    pub currency: Option<Currency>,
    /// When it was bought; now when absent.
    pub happened_at: Option<Timestamp>,
    /// Its lines, 1 to 1,000.
    pub lines: Vec<NewLine>,
}

/// A line of a new order.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLine {
    /// The product's number, as its source knows it.
    pub sku: String,
    /// The product's name on the line.
    pub description: Option<String>,
    /// The source of the product; that of the order when absent.
    pub product_source: Option<String>,
    /// Units in thousandths; negative when taken back.
    pub quantity_milli: i64,
    /// Price of one unit in millionths of the currency's major unit.
    pub unit_price_micro: UnitPrice,
}

/// Returns the brand that all lines share.
pub(crate) fn brand(lines: &[Line]) -> Option<Id> {
    rules::brand(lines.iter())
}
