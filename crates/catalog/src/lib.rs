//! Floor 3: products, their versions and dated prices.
//!
//! Architecture invariant: a product's id belongs for ever to (source, number), so that order lines
//! name a product before anybody described it; what a product was before a change is kept.

pub mod permissions;
mod price;
mod price_list;
mod product;
pub mod sample;
mod views;

use http_kit::Module;
use store::Migration;

pub use price::{NewPrice, Price};
pub use price_list::{PriceList, PriceListFilter};
pub use product::{NewProduct, Product, ProductFilter, ProductState, ProductTarget, export_file};

/// The crate's tables.
pub const MIGRATIONS: &[Migration] = &[
    Migration { id: "catalog/0001_init", sql: include_str!("../migrations/0001_init.sql") },
    Migration { id: "catalog/0002_search", sql: include_str!("../migrations/0002_search.sql") },
];

/// Returns what this crate adds to the product.
pub fn module() -> Module {
    Module {
        migrations: MIGRATIONS,
        texts: include_str!("../texts.yaml"),
        routes: product::routes().merge(price::routes()).merge(price_list::routes()),
        views: views::ALL,
        ..Module::new("catalog")
    }
}
