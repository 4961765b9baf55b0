//! Views for segments, reports and controls.

use kernel::{Column, ColumnKind, View};

use crate::permissions::PRODUCT_READ;

/// Every published view.
pub(crate) const ALL: &[View] = &[View {
    name: "v_catalog_product",
    columns: &[
        Column::new("id", ColumnKind::Text),
        Column::new("brand_id", ColumnKind::Text),
        Column::new("source", ColumnKind::Text),
        Column::new("sku", ColumnKind::Text),
        Column::new("name", ColumnKind::Text),
        Column::new("search_text", ColumnKind::Text),
        Column::new("department", ColumnKind::Text),
        Column::new("category", ColumnKind::Text),
        Column::new("product_type", ColumnKind::Text),
        Column::new("package_size", ColumnKind::Text),
        Column::new("manufacturer", ColumnKind::Text),
        Column::new("state", ColumnKind::Text),
        Column::new("has_brand", ColumnKind::Boolean),
        Column::new("has_price", ColumnKind::Boolean),
        Column::new("created_at", ColumnKind::Time),
        Column::new("updated_at", ColumnKind::Time),
    ],
    at: "created_at",
    permission: PRODUCT_READ.code,
    link: "/products/{id}",
}];
