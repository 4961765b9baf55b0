//! Verification (核验): the whole audit log computed anew, every day and on request, and what was found.

mod api;
mod jobs;
mod service;
mod sql;

use kernel::{Column, ColumnKind, Id, Labelled, Timestamp, View};
use serde::{Deserialize, Serialize};
use store::Migration;
use utoipa::ToSchema;

pub(crate) use api::routes;
pub(crate) use jobs::register;

/// Tables and views of verifications.
pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    id: "server/0001_verification",
    sql: include_str!("../../migrations/0001_verification.sql"),
}];

/// What controls may read.
pub(crate) const VIEWS: &[View] = &[View {
    name: "v_store_audit_verification",
    columns: &[
        Column::new("id", ColumnKind::Text),
        Column::new("at", ColumnKind::Time),
        Column::new("ok", ColumnKind::Boolean),
        Column::new("entries", ColumnKind::Integer),
        Column::new("sealed", ColumnKind::Integer),
        Column::new("anchored", ColumnKind::Integer),
        Column::new("problems", ColumnKind::Integer),
        Column::new("first_problem", ColumnKind::Text),
    ],
    at: "at",
    permission: crate::system::SYSTEM_READ.code,
    link: "/system/audit",
}];

/// One verification of the audit log (审计核验).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct AuditVerification {
    /// Its id.
    pub id: Id,
    /// When it ran.
    pub at: Timestamp,
    /// True where nothing is wrong.
    pub ok: bool,
    /// Entries in the log.
    pub entries: i64,
    /// Entries that are chained.
    pub sealed: i64,
    /// Signed checkpoints outside the database that it was held against.
    pub anchored: i64,
    /// How many things are wrong.
    pub problems: i64,
    /// Key of the text of the first one.
    pub first_problem: Option<String>,
}

impl Labelled for AuditVerification {
    const NOUN: &'static str = "store.audit_verification";
}
