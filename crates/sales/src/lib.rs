//! Floor 3: orders and what they earned.
//!
//! Architecture invariants: an order line is named by (source, order, place), so storing it again
//! changes nothing; a cancellation is a movement of its own, never a deletion; an order without a
//! customer is kept; a customer is an identifier node, never a name.

pub mod order;
pub mod permissions;
mod revenue;
pub mod sample;
mod views;

use http_kit::Module;
use store::Migration;

pub use order::{OrderPlaced, OrderTarget};
pub use revenue::{Cleaning, RevenueBy, RevenueFilter, RevenueReport, RevenueRow, report};

/// The crate's tables.
pub const MIGRATIONS: &[Migration] = &[
    Migration { id: "sales/0001_init", sql: include_str!("../migrations/0001_init.sql") },
    Migration { id: "sales/0002_parts", sql: include_str!("../migrations/0002_parts.sql") },
    Migration { id: "sales/0003_recorded", sql: include_str!("../migrations/0003_recorded.sql") },
];

/// Returns what this crate adds to the product.
pub fn module() -> Module {
    Module {
        migrations: MIGRATIONS,
        texts: include_str!("../texts.yaml"),
        routes: order::routes().merge(revenue::routes()),
        views: views::ALL,
        ..Module::new("sales")
    }
}
