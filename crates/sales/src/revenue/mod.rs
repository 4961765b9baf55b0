//! Revenue (收入): what orders brought, after the usual cleaning.

mod api;
mod sql;

use kernel::{Id, Labelled, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub(crate) use api::routes;

kernel::text_enum! {
    /// By what revenue is split (分组).
    pub enum RevenueBy {
        /// Not at all.
        Total = "total",
        /// By month of the company's calendar.
        Month = "month",
        /// By department of the product.
        Department = "department",
        /// By brand of the product.
        Brand = "brand",
    }
}

/// Revenue of one group (收入). Counted are lines of sales with a known customer, a quantity above 0 and a
/// price above 0: the usual cleaning of order data, so that figures can be held against others'.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Revenue {
    /// The group; empty for the total.
    pub key: Option<String>,
    /// What the company received, in minor units.
    pub total_minor: i64,
    /// Order lines.
    pub lines: i64,
    /// Orders.
    pub orders: i64,
    /// Customers, by the identifier under which they bought.
    pub customers: i64,
}

impl Labelled for Revenue {
    const NOUN: &'static str = "sales.revenue";
}

/// Which revenue is wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RevenueFilter {
    /// By what it is split; not at all when absent.
    pub by: Option<RevenueBy>,
    /// Only of this source.
    #[param(max_length = 64)]
    pub source: Option<String>,
    /// Only of this brand.
    pub brand_id: Option<Id>,
    /// From this time on.
    pub from: Option<Timestamp>,
    /// Before this time.
    pub to: Option<Timestamp>,
}
