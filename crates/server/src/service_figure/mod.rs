//! Service figure (运行指标): what the running product measures of itself every minute, and what it tells its users.

mod api;
mod banner;
mod measure;
mod sql;
mod traffic;

use kernel::{Column, ColumnKind, Id, Labelled, Timestamp, View, text_enum};
use serde::{Deserialize, Serialize};
use store::Migration;
use utoipa::ToSchema;

pub(crate) use api::routes;
pub use measure::measure;
pub use traffic::Traffic;

/// Tables and views of service figures.
pub(crate) const MIGRATIONS: &[Migration] =
    &[Migration { id: "server/0003_service", sql: include_str!("../../migrations/0003_service.sql") }];

const COLUMNS: &[Column] = &[
    Column::new("id", ColumnKind::Text),
    Column::new("at", ColumnKind::Time),
    Column::new("node", ColumnKind::Text),
    Column::new("requests", ColumnKind::Integer),
    Column::new("errors", ColumnKind::Integer),
    Column::new("p95_ms", ColumnKind::Integer),
    Column::new("backlog", ColumnKind::Integer),
    Column::new("disk_free", ColumnKind::Real),
    Column::new("span_seconds", ColumnKind::Integer),
    Column::new("down_seconds", ColumnKind::Integer),
    Column::new("version", ColumnKind::Text),
    Column::new("version_days", ColumnKind::Integer),
    Column::new("certificate_days", ColumnKind::Integer),
];

const fn view(name: &'static str) -> View {
    View {
        name,
        columns: COLUMNS,
        at: "at",
        permission: crate::system::SYSTEM_READ.code,
        link: "/system/health",
    }
}

/// What metrics and controls may read: all rows, and those of the last ten minutes.
pub(crate) const VIEWS: [View; 2] = [view("v_system_service"), view("v_system_service_now")];

/// Figures of one minute (一分钟的运行指标).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct ServiceMinute {
    /// Its id.
    pub id: Id,
    /// When.
    pub at: Timestamp,
    /// Which node.
    pub node: String,
    /// Requests that were answered.
    pub requests: i64,
    /// Those that failed for a reason of the product's own.
    pub errors: i64,
    /// Within this many milliseconds 95 of 100 were answered.
    pub p95_ms: Option<i64>,
    /// Background work that waits.
    pub backlog: i64,
    /// Room on the disk, in percent.
    pub disk_free: Option<f64>,
    /// Seconds since the minute before it.
    pub span_seconds: i64,
    /// Of these, those in which nothing ran.
    pub down_seconds: i64,
    /// Version of the product.
    pub version: String,
    /// Days since this version runs here.
    pub version_days: i64,
    /// Days that the certificate of the own address is still valid.
    pub certificate_days: Option<i64>,
}

impl Labelled for ServiceMinute {
    const NOUN: &'static str = "system.service_minute";
}

text_enum! {
    /// Kind (类别) of what all users are told.
    pub enum BannerKind {
        /// Maintenance that comes or runs.
        Maintenance = "maintenance",
        /// The service is not as it should be.
        Service = "service",
    }
}

/// What all users are told (横幅).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct Banner {
    /// Tells one from another.
    pub id: String,
    /// What it is about.
    pub kind: BannerKind,
    /// The sentence, in the caller's language.
    pub text: String,
    /// When it begins, or began.
    pub starts_at: Option<Timestamp>,
    /// When it ends.
    pub ends_at: Option<Timestamp>,
    /// True where it is so now.
    pub now: bool,
}

impl Labelled for Banner {
    const NOUN: &'static str = "system.banner";
}
