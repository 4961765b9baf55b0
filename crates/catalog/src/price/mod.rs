//! Price (价格) of a product, with the time for which it holds.

mod api;
mod rules;
mod service;
mod sql;

use kernel::{Currency, Id, Label, Labelled, Timestamp, UnitPrice};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub(crate) use api::routes;
pub(crate) use service::row;
pub(crate) use sql::{INSERT_HEAD, UPSERT_TAIL};

/// Price (价格) with its time; of the prices that hold, the one that began last counts.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Price {
    /// Its id.
    pub id: Id,
    /// The product.
    pub product_id: Id,
    /// What a customer pays for one, in millionths.
    pub price: UnitPrice,
    /// What it costs us, in millionths.
    #[schema(value_type = Option<i64>, extensions(("x-label" = json!("secret"))))]
    pub purchase_price: Option<UnitPrice>,
    /// Currency of both.
    pub currency: Currency,
    /// From when it holds.
    pub valid_from: Timestamp,
    /// Until when it holds; for good where absent.
    pub valid_to: Option<Timestamp>,
    /// The import that set it.
    pub import_id: Option<Id>,
    /// Who set it.
    pub created_by: Option<Id>,
    /// When it was set.
    pub created_at: Timestamp,
}

impl Labelled for Price {
    const NOUN: &'static str = "catalog.price";
    const FIELDS: &'static [(&'static str, Label)] = &[("purchase_price", Label::Secret)];
}

/// Price to be set; one that begins at the same moment is replaced.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPrice {
    /// What a customer pays for one, in millionths.
    #[schema(value_type = i64, minimum = 0, maximum = 1_000_000_000_000_000_i64)]
    pub price: UnitPrice,
    /// What it costs us, in millionths.
    #[serde(default)]
    #[schema(value_type = Option<i64>, minimum = 0, maximum = 1_000_000_000_000_000_i64)]
    pub purchase_price: Option<UnitPrice>,
    /// Currency of both; the company's where nobody says.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// From when it holds; now where nobody says.
    #[serde(default)]
    pub valid_from: Option<Timestamp>,
    /// Until when it holds; for good where absent.
    #[serde(default)]
    pub valid_to: Option<Timestamp>,
}
