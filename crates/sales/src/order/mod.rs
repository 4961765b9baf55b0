//! Order (订单) and its lines.

mod api;
mod draft;
mod import;
pub(crate) mod lookup;
mod part;
pub mod place;
pub(crate) mod rules;
pub(crate) mod service;
pub(crate) mod sql;

use kernel::{Currency, DomainEvent, Id, Labelled, Timestamp, UnitPrice, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub use api::export_file;
pub(crate) use api::routes;
pub(crate) use draft::{LineDraft, OrderDraft, Origin, day_of, main_brand, store as store_orders};
pub use import::OrderTarget;

text_enum! {
    /// Kind (类型) of a movement.
    pub enum OrderKind {
        /// Something was bought.
        Sale = "sale",
        /// Something was given back or taken out again.
        Cancellation = "cancellation",
        /// The books were put right.
        Adjustment = "adjustment",
    }
}

/// Order (订单): what one customer bought at one moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Order {
    /// Its id: that of its number at its source, for ever.
    pub id: Id,
    /// Who gave it its number.
    pub source: String,
    /// Its number there.
    pub number: String,
    /// What kind of movement it is: a sale where any line is one.
    pub kind: OrderKind,
    /// The brand, where it is one brand's.
    pub brand_id: Option<Id>,
    /// Who bought; orders without a customer are kept.
    pub customer_node_id: Option<Id>,
    /// The shop.
    pub store: Option<String>,
    /// Currency of its amounts.
    pub currency: Currency,
    /// How many lines it has.
    pub line_count: i64,
    /// What was received for it, after discounts; what a manufacturer's coupon paid is part of it.
    pub total_minor: i64,
    /// Discounts that are already off the total.
    pub discount_minor: i64,
    /// The part of the total that coupons paid.
    pub coupon_discount_minor: i64,
    /// When it happened.
    pub happened_at: Timestamp,
    /// When we learned of it.
    pub recorded_at: Timestamp,
    /// The import that made it.
    pub import_id: Option<Id>,
    /// Who recorded it.
    pub created_by: Option<Id>,
}

impl Labelled for Order {
    const NOUN: &'static str = "sales.order";
}

/// Order line (订单行).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct OrderLine {
    /// The order.
    pub order_id: Id,
    /// Its place in the order, from 1.
    pub ordinal: i64,
    /// What kind of movement it is.
    pub kind: OrderKind,
    /// Who bought.
    pub customer_node_id: Option<Id>,
    /// The brand.
    pub brand_id: Option<Id>,
    /// The product, described in the catalogue or not.
    pub product_id: Option<Id>,
    /// The product's number as it stood on the line.
    pub sku: Option<String>,
    /// The text as it stood on the line.
    pub description: Option<String>,
    /// Department of the shop at that time.
    pub department: Option<String>,
    /// How many, in thousandths.
    pub quantity_milli: i64,
    /// Price of one, in millionths.
    pub unit_price_micro: UnitPrice,
    /// Discounts that are already off the total.
    pub discount_minor: i64,
    /// The part of the total that coupons paid.
    pub coupon_discount_minor: i64,
    /// What was received for it.
    pub total_minor: i64,
    /// When it happened.
    pub happened_at: Timestamp,
    /// On which day, by the company's calendar when it was recorded.
    pub happened_on: kernel::Day,
    /// The import that made it.
    pub import_id: Option<Id>,
}

/// Order with its lines.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct OrderDetail {
    /// The order.
    pub order: Order,
    /// Its lines, in order.
    pub lines: Vec<OrderLine>,
}

impl Labelled for OrderDetail {
    const NOUN: &'static str = "sales.order";
}

/// Order to be recorded, such as one that a shop took.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOrder {
    /// Who gives it its number, such as `shop`.
    #[schema(min_length = 1, max_length = 60)]
    pub source: String,
    /// Its number there; the same number again is the same order.
    #[schema(min_length = 1, max_length = 80)]
    pub number: String,
    /// Who bought, by identifier node; or by one of the three below.
    #[serde(default)]
    pub customer_node_id: Option<Id>,
    /// Who bought, by member number.
    #[serde(default)]
    #[schema(max_length = 80)]
    pub member_number: Option<String>,
    /// Who bought, by e-mail address.
    #[serde(default)]
    #[schema(max_length = 254)]
    pub email: Option<String>,
    /// Who bought, by mobile number.
    #[serde(default)]
    #[schema(max_length = 20)]
    pub mobile: Option<String>,
    /// The brand; that of the products where they share one and nobody says.
    #[serde(default)]
    pub brand_id: Option<Id>,
    /// The shop.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub store: Option<String>,
    /// Currency of its amounts; the company's where nobody says.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// When it happened; now where nobody says.
    #[serde(default)]
    pub happened_at: Option<Timestamp>,
    /// Its lines.
    #[schema(min_items = 1, max_items = 500)]
    pub lines: Vec<NewLine>,
}

/// Line of an order to be recorded.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLine {
    /// The product's number.
    #[schema(min_length = 1, max_length = 80)]
    pub sku: String,
    /// Who gave the product its number; the order's source where nobody says.
    #[serde(default)]
    #[schema(max_length = 60)]
    pub product_source: Option<String>,
    /// Text of the line; the product's name where nobody says.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub description: Option<String>,
    /// Department of the shop; the product's where nobody says.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub department: Option<String>,
    /// How many, in thousandths; negative for what is given back.
    #[schema(minimum = -1_000_000_000_000_i64, maximum = 1_000_000_000_000_i64)]
    pub quantity_milli: i64,
    /// Price of one, in millionths.
    #[schema(value_type = i64, minimum = 0, maximum = 1_000_000_000_000_000_i64)]
    pub unit_price_micro: UnitPrice,
    /// Discount, taken off the total.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1_000_000_000_000_i64)]
    pub discount_minor: i64,
    /// The part of the total that a coupon pays.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1_000_000_000_000_i64)]
    pub coupon_discount_minor: i64,
}

impl Default for NewLine {
    /// One piece of nothing, for free; to be filled in.
    fn default() -> Self {
        Self {
            sku: String::new(),
            product_source: None,
            description: None,
            department: None,
            quantity_milli: 1_000,
            unit_price_micro: UnitPrice(0),
            discount_minor: 0,
            coupon_discount_minor: 0,
        }
    }
}

/// Which orders to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OrderFilter {
    /// Only of these identifier nodes, separated by commas; at most 50.
    #[param(max_length = 1900)]
    pub customer_node_ids: Option<String>,
    /// Only from this time on.
    pub from: Option<Timestamp>,
    /// Only before this time.
    pub to: Option<Timestamp>,
    /// Only from this source.
    #[param(max_length = 60)]
    pub source: Option<String>,
    /// Only with this number.
    #[param(max_length = 80)]
    pub number: Option<String>,
    /// Only of this brand.
    pub brand_id: Option<Id>,
    /// Only of this kind.
    pub kind: Option<OrderKind>,
}

/// An order was recorded as it happened (已下单); imports do not say so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderPlaced {
    /// The order.
    pub order_id: Id,
    /// Who bought.
    pub customer_node_id: Option<Id>,
    /// The brand.
    pub brand_id: Option<Id>,
    /// When.
    pub happened_at: Timestamp,
    /// For how much.
    pub total_minor: i64,
    /// In which currency.
    pub currency: Currency,
    /// Who gave it its number.
    pub source: String,
    /// Its number.
    pub number: String,
}

impl DomainEvent for OrderPlaced {
    const KIND: &'static str = "sales.order.placed";
}
