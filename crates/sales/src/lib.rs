//! Floor 3: orders (订单) and their lines, and what they brought.
//!
//! Architecture invariants: an order's identity is (source, number), a line's (order, ordinal), so that
//! recording the same again changes nothing; a cancellation is recorded, nothing is deleted but by
//! undoing the import that brought it.

pub mod order;
mod permissions;
mod revenue;
pub mod sample;

use http_kit::Module;
use kernel::{Column, ColumnKind, View};
use store::Migration;

pub use order::OrderTarget;

/// Returns everything that this crate adds to the product.
pub fn module() -> Module {
    Module {
        migrations: &[Migration { id: "sales/0001_init", sql: include_str!("../migrations/0001_init.sql") }],
        texts: include_str!("../texts.yaml"),
        routes: order::routes().merge(revenue::routes()),
        views: VIEWS,
        ..Module::new("sales")
    }
}

use ColumnKind::{Integer, Text, Time};

const VIEWS: &[View] = &[
    View {
        name: "v_sales_order",
        columns: &[
            Column::new("id", Text),
            Column::new("source", Text),
            Column::new("number", Text),
            Column::new("kind", Text),
            Column::new("customer_node_id", Text),
            Column::new("brand_id", Text),
            Column::new("currency", Text),
            Column::new("total_minor", Integer),
            Column::new("discount_minor", Integer),
            Column::new("coupon_discount_minor", Integer),
            Column::new("line_count", Integer),
            Column::new("happened_at", Time),
            Column::new("recorded_at", Time),
        ],
        at: "happened_at",
        permission: "sales.order.read",
        link: "/customers/orders/{id}",
    },
    View {
        name: "v_sales_order_line",
        columns: &[
            Column::new("id", Text),
            Column::new("order_id", Text),
            Column::new("ordinal", Integer),
            Column::new("kind", Text),
            Column::new("customer_node_id", Text),
            Column::new("product_id", Text),
            Column::new("department", Text),
            Column::new("brand_id", Text),
            Column::new("quantity_milli", Integer),
            Column::new("total_minor", Integer),
            Column::new("happened_at", Time),
        ],
        at: "happened_at",
        permission: "sales.order.read",
        link: "/customers/orders/{order_id}",
    },
];
