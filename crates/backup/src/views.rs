//! What backups show of themselves to controls and reports.

use kernel::{Column, ColumnKind as Kind, View};

use crate::permissions::{BACKUP_READ, LOSS_MANAGE};

const fn text(name: &'static str) -> Column {
    Column::new(name, Kind::Text)
}

const fn time(name: &'static str) -> Column {
    Column::new(name, Kind::Time)
}

const fn yes_no(name: &'static str) -> Column {
    Column::new(name, Kind::Boolean)
}

const fn number(name: &'static str) -> Column {
    Column::new(name, Kind::Integer)
}

/// The published views.
pub const VIEWS: &[View] = &[
    View {
        name: "v_backup_run",
        columns: &[
            text("id"),
            time("at"),
            text("begun_by"),
            text("state"),
            yes_no("verified"),
            time("verified_at"),
            number("took_ms"),
            number("row_count"),
            number("file_count"),
            number("size_bytes"),
        ],
        at: "at",
        permission: BACKUP_READ.code,
        link: "/system/backups?run={id}",
    },
    View {
        name: "v_backup_restore_test",
        columns: &[
            text("id"),
            text("run_id"),
            time("at"),
            text("begun_by"),
            yes_no("passed"),
            number("took_ms"),
            number("row_count"),
            number("file_count"),
        ],
        at: "at",
        permission: BACKUP_READ.code,
        link: "/system/backups?tab=tests",
    },
    View {
        name: "v_backup_alert",
        columns: &[text("id"), text("kind"), text("run_id"), time("at"), time("cleared_at")],
        at: "at",
        permission: BACKUP_READ.code,
        link: "/system/backups",
    },
    View {
        name: "v_backup_loss",
        columns: &[
            text("id"),
            text("state"),
            time("at"),
            text("department_id"),
            text("superior_id"),
            time("reported_at"),
            time("acknowledged_at"),
            text("acknowledged_by"),
            yes_no("acknowledged"),
        ],
        at: "at",
        permission: LOSS_MANAGE.code,
        link: "/system/losses/{id}",
    },
];
