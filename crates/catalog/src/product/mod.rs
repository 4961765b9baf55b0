//! Product (商品): what is sold, with its names in three languages.

mod api;
mod import;
pub(crate) mod rules;
pub(crate) mod service;
pub(crate) mod sql;

use kernel::{Currency, Id, Label, Labelled, LocalText, Timestamp, UnitPrice, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub use api::export_file;
pub(crate) use api::routes;
pub use import::ProductTarget;

text_enum! {
    /// State (状态) of a product.
    pub enum ProductState {
        /// Sold.
        Active = "active",
        /// Sold no more; its history stays.
        Discontinued = "discontinued",
    }
}

/// Product (商品) with the price that holds now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Product {
    /// Its id: that of its number at its source, for ever.
    pub id: Id,
    /// The brand that it carries.
    pub brand_id: Option<Id>,
    /// Who gave it its number.
    pub source: String,
    /// Its number there (SKU).
    pub sku: String,
    /// Its names.
    pub names: LocalText,
    /// Department of the shop.
    pub department: Option<String>,
    /// Category.
    pub category: Option<String>,
    /// Kind within the category.
    pub product_type: Option<String>,
    /// Size of the package.
    pub package_size: Option<String>,
    /// Who makes it.
    pub manufacturer: Option<String>,
    /// Whether it is sold.
    pub state: ProductState,
    /// Price that holds now, in millionths.
    pub price: Option<UnitPrice>,
    /// What it costs us, in millionths.
    #[schema(value_type = Option<i64>, extensions(("x-label" = json!("secret"))))]
    pub purchase_price: Option<UnitPrice>,
    /// Currency of both.
    pub currency: Option<Currency>,
    /// The import that made it.
    pub import_id: Option<Id>,
    /// Who made it.
    pub created_by: Option<Id>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub updated_at: Timestamp,
    /// For If-Match.
    pub version: i64,
}

impl Labelled for Product {
    const NOUN: &'static str = "catalog.product";
    const FIELDS: &'static [(&'static str, Label)] = &[("purchase_price", Label::Secret)];
}

/// Product to be made.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProduct {
    /// The brand that it carries.
    #[serde(default)]
    pub brand_id: Option<Id>,
    /// Who gave it its number; `import`, as for files, where nobody says.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 60)]
    pub source: Option<String>,
    /// Its number (SKU).
    #[schema(min_length = 1, max_length = 80)]
    pub sku: String,
    /// Its names; one language is enough.
    pub names: LocalText,
    /// Department of the shop.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub department: Option<String>,
    /// Category.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub category: Option<String>,
    /// Kind within the category.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub product_type: Option<String>,
    /// Size of the package.
    #[serde(default)]
    #[schema(max_length = 60)]
    pub package_size: Option<String>,
    /// Who makes it.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub manufacturer: Option<String>,
}

/// Change of a product; what is absent stays, what is empty is cleared.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductPatch {
    /// The brand that it carries.
    #[serde(default)]
    pub brand_id: Option<Id>,
    /// Its names.
    #[serde(default)]
    pub names: Option<LocalText>,
    /// Department of the shop.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub department: Option<String>,
    /// Category.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub category: Option<String>,
    /// Kind within the category.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub product_type: Option<String>,
    /// Size of the package.
    #[serde(default)]
    #[schema(max_length = 60)]
    pub package_size: Option<String>,
    /// Who makes it.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub manufacturer: Option<String>,
    /// Whether it is sold.
    #[serde(default)]
    pub state: Option<ProductState>,
}

/// Which products to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ProductFilter {
    /// Text in number or name.
    #[param(max_length = 100)]
    pub q: Option<String>,
    /// Only of this brand.
    pub brand_id: Option<Id>,
    /// Only of this department.
    #[param(max_length = 100)]
    pub department: Option<String>,
    /// Only of this category.
    #[param(max_length = 100)]
    pub category: Option<String>,
    /// Only from this source.
    #[param(max_length = 60)]
    pub source: Option<String>,
    /// Only in this state.
    pub state: Option<ProductState>,
}

/// What a product was before a change (商品版本).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ProductVersion {
    /// The product.
    pub product_id: Id,
    /// The version that was replaced.
    pub version: i64,
    /// The product as it was; prices have their own history.
    pub snapshot: Product,
    /// When it was replaced.
    pub replaced_at: Timestamp,
    /// Who replaced it.
    pub replaced_by: Option<Id>,
}

impl Labelled for ProductVersion {
    const NOUN: &'static str = "catalog.product_version";
}

/// Department of the shop (商品部门) with the number of its products.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DepartmentCount {
    /// Its name; absent for products without one.
    pub department: Option<String>,
    /// Products of it.
    pub product_count: i64,
}

impl Labelled for DepartmentCount {
    const NOUN: &'static str = "catalog.department";
}
