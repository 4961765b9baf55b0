//! What this domain shows of itself to reports and controls.

use kernel::ColumnKind::{Boolean, Integer, Text, Time};
use kernel::{Column, View};

use crate::permissions::QUERY_READ;

/// Every published view, with the columns of `migrations`.
pub const VIEWS: &[View] = &[
    View {
        name: "v_insight_query",
        columns: &[
            Column::new("id", Text),
            Column::new("owner_id", Text),
            Column::new("sharing", Text),
            Column::new("has_description", Boolean),
            Column::new("created_at", Time),
            Column::new("updated_at", Time),
            Column::new("archived_at", Time),
        ],
        at: "created_at",
        permission: QUERY_READ.code,
        link: "/insight/queries/{id}",
    },
    View {
        name: "v_insight_export",
        columns: &[
            Column::new("id", Text),
            Column::new("at", Time),
            Column::new("actor_id", Text),
            Column::new("actor_name", Text),
            Column::new("row_count", Integer),
            Column::new("has_reason", Boolean),
        ],
        at: "at",
        permission: QUERY_READ.code,
        link: "/system/audit?noun=insight.query&peek={id}",
    },
];
