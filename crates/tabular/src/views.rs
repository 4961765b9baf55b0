//! Views for reports and controls.

use kernel::{Column, ColumnKind, View};

use crate::permissions::IMPORT_READ;

/// Every published view.
pub(crate) const ALL: &[View] = &[View {
    name: "v_tabular_import",
    columns: &[
        Column::new("id", ColumnKind::Text),
        Column::new("noun", ColumnKind::Text),
        Column::new("source", ColumnKind::Text),
        Column::new("brand_id", ColumnKind::Text),
        Column::new("state", ColumnKind::Text),
        Column::new("read_count", ColumnKind::Integer),
        Column::new("stored_count", ColumnKind::Integer),
        Column::new("rejected_count", ColumnKind::Integer),
        Column::new("present_count", ColumnKind::Integer),
        Column::new("rejected_share", ColumnKind::Real),
        Column::new("created_at", ColumnKind::Time),
        Column::new("finished_at", ColumnKind::Time),
    ],
    at: "created_at",
    permission: IMPORT_READ.code,
    link: "/customers/imports/{id}",
}];
