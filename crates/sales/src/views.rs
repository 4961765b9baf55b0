//! Views for segments, reports and controls.

use kernel::{Column, ColumnKind, View};

use crate::permissions::ORDER_READ;

/// Every published view.
pub(crate) const ALL: &[View] = &[
    View {
        name: "v_sales_order",
        columns: &[
            Column::new("id", ColumnKind::Text),
            Column::new("customer_node_id", ColumnKind::Text),
            Column::new("happened_at", ColumnKind::Time),
            Column::new("total_minor", ColumnKind::Integer),
            Column::new("currency", ColumnKind::Text),
            Column::new("source", ColumnKind::Text),
            Column::new("number", ColumnKind::Text),
            Column::new("brand_id", ColumnKind::Text),
            Column::new("kind", ColumnKind::Text),
            Column::new("store", ColumnKind::Text),
            Column::new("line_count", ColumnKind::Integer),
            Column::new("discount_minor", ColumnKind::Integer),
            Column::new("coupon_discount_minor", ColumnKind::Integer),
            Column::new("recorded_at", ColumnKind::Time),
        ],
        at: "happened_at",
        permission: ORDER_READ.code,
        link: "/customers/orders/{id}",
    },
    View {
        name: "v_sales_order_line",
        columns: &[
            Column::new("id", ColumnKind::Text),
            Column::new("order_id", ColumnKind::Text),
            Column::new("ordinal", ColumnKind::Integer),
            Column::new("kind", ColumnKind::Text),
            Column::new("customer_node_id", ColumnKind::Text),
            Column::new("brand_id", ColumnKind::Text),
            Column::new("product_id", ColumnKind::Text),
            Column::new("sku", ColumnKind::Text),
            Column::new("department", ColumnKind::Text),
            Column::new("happened_at", ColumnKind::Time),
            Column::new("quantity_milli", ColumnKind::Integer),
            Column::new("unit_price_micro", ColumnKind::Integer),
            Column::new("discount_minor", ColumnKind::Integer),
            Column::new("coupon_discount_minor", ColumnKind::Integer),
            Column::new("total_minor", ColumnKind::Integer),
        ],
        at: "happened_at",
        permission: ORDER_READ.code,
        link: "/customers/orders/{order_id}",
    },
];
