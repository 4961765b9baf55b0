//! Revenue (销售额): what orders earned, by month, brand, department and more.

mod api;
mod service;
mod sql;

use kernel::{Currency, Id, Labelled, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub(crate) use api::routes;
pub use service::report;

text_enum! {
    /// By what (维度) revenue is told apart.
    pub enum RevenueBy {
        Month = "month",
        Day = "day",
        Brand = "brand",
        Department = "department",
        Store = "store",
        Source = "source",
    }
}

text_enum! {
    /// Which lines count (口径).
    pub enum Cleaning {
        /// The usual: a customer is known, a sale, more than nothing at a price above nothing.
        Usual = "usual",
        /// Sales, with or without a customer.
        Sales = "sales",
        /// Every movement; cancellations count against sales.
        Net = "net",
    }
}

/// What the report is about.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RevenueFilter {
    /// By what; month where nobody says.
    pub by: Option<RevenueBy>,
    /// Which lines count; the usual where nobody says.
    pub cleaning: Option<Cleaning>,
    /// Only from this time on.
    pub from: Option<Timestamp>,
    /// Only before this time.
    pub to: Option<Timestamp>,
    /// Only from this source.
    #[param(max_length = 60)]
    pub source: Option<String>,
    /// Only of this brand.
    pub brand_id: Option<Id>,
    /// Only of this department of the shop.
    #[param(max_length = 100)]
    pub department: Option<String>,
}

/// Revenue report (销售额报告).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RevenueReport {
    /// By what.
    pub by: RevenueBy,
    /// Which lines count.
    pub cleaning: Cleaning,
    /// One row per key and currency, at most 1,000.
    pub rows: Vec<RevenueRow>,
    /// One row per currency; customers and orders are counted once, however many keys they are in.
    pub totals: Vec<RevenueRow>,
}

impl Labelled for RevenueReport {
    const NOUN: &'static str = "sales.revenue";
}

/// Row of a revenue report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RevenueRow {
    /// The month, brand, department …; absent where lines have none, and in totals.
    pub key: Option<String>,
    /// Currency of the revenue.
    pub currency: Currency,
    /// What was received.
    pub revenue_minor: i64,
    /// Lines that count.
    pub line_count: i64,
    /// Orders that they stand in.
    pub order_count: i64,
    /// Customers who bought.
    pub customer_count: i64,
}
