//! Floor 3: insight (洞察): questions in SQL, saved queries, and the copies of records that they are asked of.
//!
//! Architecture invariants: a question is answered with the rights of whoever asks it, never of whoever wrote it; what
//! somebody may see of a table follows from the permission of the published view that it was copied from; records of
//! other domains are read from published views only.

pub mod permissions;
pub mod projection;
pub mod query;
mod views;
pub mod workbench;

use http_kit::{App, Module};
use store::Migration;
use store::jobs::{Every, Registry};

/// The crate's tables.
pub const MIGRATIONS: &[Migration] = &[
    Migration { id: "insight/0001_init", sql: include_str!("../migrations/0001_init.sql") },
    Migration { id: "insight/0002_evidence", sql: include_str!("../migrations/0002_evidence.sql") },
];

/// Returns what this crate adds to the product.
pub fn module() -> Module {
    Module {
        migrations: MIGRATIONS,
        texts: include_str!("../texts.yaml"),
        routes: workbench::routes().merge(query::routes()),
        views: views::VIEWS,
        jobs,
        ..Module::new("insight")
    }
}

fn jobs(registry: &mut Registry<App>) {
    registry
        .job::<projection::Refresh>()
        .schedule("insight.projection.hourly", Every::hours(1), || projection::Refresh {})
        .on("insight.projection.erasure", projection::after_erasure);
}
