//! Price list (价目表): the prices that hold now, of one brand and one department of goods.
//!
//! Nothing is stored here: prices belong to products, and a list is what of them holds together.

mod api;
mod service;
mod sql;

use kernel::{Currency, Id, Labelled, Timestamp, UnitPrice};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub(crate) use api::routes;

/// Price list (价目表) as it holds now.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PriceList {
    /// The brand; absent for goods without one.
    pub brand_id: Option<Id>,
    /// The department of goods.
    pub department: Option<String>,
    /// Currency of its prices.
    pub currency: Currency,
    /// How many products have a price on it.
    pub products: i64,
    /// The lowest price for one, in millionths.
    #[schema(value_type = i64)]
    pub lowest: UnitPrice,
    /// The highest price for one, in millionths.
    #[schema(value_type = i64)]
    pub highest: UnitPrice,
    /// When the newest of its prices began to hold.
    pub changed_at: Timestamp,
}

impl Labelled for PriceList {
    const NOUN: &'static str = "catalog.price_list";
}

/// Which price lists are wanted.
#[derive(Clone, Copy, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PriceListFilter {
    /// Only of this brand.
    pub brand_id: Option<Id>,
}
