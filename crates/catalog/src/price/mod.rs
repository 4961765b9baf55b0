//! Price (价格): what a product costs, and from when to when.

mod api;
mod sql;

use kernel::{Currency, Id, Label, Labelled, Timestamp, UnitPrice};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub(crate) use api::routes;

kernel::text_enum! {
    /// Kind (种类) of a price.
    pub enum PriceKind {
        /// What customers pay without any promotion.
        List = "list",
        /// What the company paid; confidential.
        Purchase = "purchase",
    }
}

/// A dated price (价格).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Price {
    /// Id.
    pub id: Id,
    /// The product.
    pub product_id: Id,
    /// Kind.
    pub kind: PriceKind,
    /// Price in millionths of the currency's major unit; absent where the caller may not see it.
    pub price_micro: Option<UnitPrice>,
    /// Currency.
    pub currency: Currency,
    /// From when it holds.
    pub valid_from: Timestamp,
    /// Until when; open while it holds.
    pub valid_to: Option<Timestamp>,
    /// Why it was set.
    pub reason: String,
    /// When it was recorded.
    pub created_at: Timestamp,
    /// Who set it.
    pub created_by: Option<Id>,
}

impl Labelled for Price {
    const NOUN: &'static str = "catalog.price";
}

/// A purchase price, whose amount is a company secret (进货价).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PurchasePrice(pub Price);

impl Labelled for PurchasePrice {
    const NOUN: &'static str = "catalog.purchase_price";
    const FIELDS: &'static [(&'static str, Label)] = &[("price_micro", Label::Secret)];
}

/// A new price.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPrice {
    /// Kind.
    pub kind: PriceKind,
    /// Price in millionths of the currency's major unit, 0 to 10^15.
    pub price_micro: UnitPrice,
    /// Currency; the company's when absent.
    pub currency: Option<Currency>,
    /// From when it holds; now when absent.
    pub valid_from: Option<Timestamp>,
    /// Why it is set.
    pub reason: String,
}
