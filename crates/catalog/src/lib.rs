//! Floor 3: products with brand, names and dated prices.
//!
//! Architecture invariant: a product's id follows from its source and number
//! (`natural_id(["product", source, sku])`), so that orders name products without asking.

mod permissions;
mod price;
mod product;
pub mod sample;

use http_kit::Module;
use kernel::{Column, ColumnKind, View};
use store::Migration;

pub use product::ProductTarget;

/// Returns everything that this crate adds to the product.
pub fn module() -> Module {
    Module {
        migrations: &[Migration { id: "catalog/0001_init", sql: include_str!("../migrations/0001_init.sql") }],
        texts: include_str!("../texts.yaml"),
        routes: product::routes().merge(price::routes()),
        views: &[PRODUCT_VIEW],
        ..Module::new("catalog")
    }
}

use ColumnKind::{Boolean, Text, Time};

const PRODUCT_VIEW: View = View {
    name: "v_catalog_product",
    columns: &[
        Column::new("id", Text),
        Column::new("source", Text),
        Column::new("sku", Text),
        Column::new("brand_id", Text),
        Column::new("name_zh_hans", Text),
        Column::new("name_zh_hant", Text),
        Column::new("name_en", Text),
        Column::new("department", Text),
        Column::new("category", Text),
        Column::new("kind", Text),
        Column::new("state", Text),
        Column::new("has_brand", Boolean),
        Column::new("has_names", Boolean),
        Column::new("has_price", Boolean),
        Column::new("created_at", Time),
        Column::new("updated_at", Time),
    ],
    at: "created_at",
    permission: "catalog.product.read",
    link: "/products/{id}",
};
