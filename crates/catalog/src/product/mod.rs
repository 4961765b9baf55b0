//! Product (商品): what is sold, as one source knows it.

mod api;
mod rules;
mod service;
pub(crate) mod sql;
mod target;

use kernel::{Id, Labelled, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub(crate) use api::routes;
pub(crate) use service::get_scoped;
pub use target::ProductTarget;

kernel::text_enum! {
    /// State (状态) of a product.
    pub enum ProductState {
        /// Can be sold.
        Active = "active",
        /// Is no longer sold; stays for history.
        Discontinued = "discontinued",
    }
}

/// A product (商品).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Product {
    /// Id, which follows from source and number.
    pub id: Id,
    /// Version, for If-Match.
    pub version: i64,
    /// The system that knows it.
    pub source: String,
    /// Its number there.
    pub sku: String,
    /// Its brand.
    pub brand_id: Option<Id>,
    /// Name in simplified Chinese.
    pub name_zh_hans: String,
    /// Name in traditional Chinese.
    pub name_zh_hant: String,
    /// Name in English.
    pub name_en: String,
    /// Department of the shop.
    pub department: Option<String>,
    /// Category within the department.
    pub category: Option<String>,
    /// Type within the category.
    pub kind: Option<String>,
    /// Package size in words.
    pub size: Option<String>,
    /// Manufacturer.
    pub manufacturer: Option<String>,
    /// State.
    pub state: ProductState,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Labelled for Product {
    const NOUN: &'static str = "catalog.product";
}

/// What a person writes about a product; on a change, what is absent stays.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductInput {
    /// Its number; needed for a new one and fixed afterwards.
    pub sku: Option<String>,
    /// Its brand.
    pub brand_id: Option<Id>,
    /// Name in simplified Chinese.
    pub name_zh_hans: Option<String>,
    /// Name in traditional Chinese.
    pub name_zh_hant: Option<String>,
    /// Name in English.
    pub name_en: Option<String>,
    /// Department of the shop.
    pub department: Option<String>,
    /// Category within the department.
    pub category: Option<String>,
    /// Type within the category.
    pub kind: Option<String>,
    /// Package size in words.
    pub size: Option<String>,
    /// Manufacturer.
    pub manufacturer: Option<String>,
    /// State.
    pub state: Option<ProductState>,
}

/// A product as it was (商品版本).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ProductVersion {
    /// The product.
    pub product_id: Id,
    /// Which version.
    pub version: i64,
    /// What it was.
    pub facts: Product,
    /// Since when.
    pub at: Timestamp,
    /// Who changed it.
    pub changed_by: Option<Id>,
}

impl Labelled for ProductVersion {
    const NOUN: &'static str = "catalog.product_version";
}

/// Which products are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ProductFilter {
    /// Part of a name, or a number.
    #[param(max_length = 120)]
    pub q: Option<String>,
    /// Only of this brand.
    pub brand_id: Option<Id>,
    /// Only of this department.
    #[param(max_length = 120)]
    pub department: Option<String>,
    /// Only of this category.
    #[param(max_length = 120)]
    pub category: Option<String>,
    /// Only in this state.
    pub state: Option<ProductState>,
}

/// A department with the number of its products (部门).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DepartmentCount {
    /// Department.
    pub department: String,
    /// Its products.
    pub count: i64,
}

impl Labelled for DepartmentCount {
    const NOUN: &'static str = "catalog.department";
}
