//! Floor 3: backups, restore tests, and what is done when data are lost.
//!
//! Architecture invariants: a backup has its name only once it is whole; nothing is ever restored over data
//! that are there; what is said to be verified was read again from beginning to end.

pub mod alert;
pub mod archive;
pub mod loss;
pub mod permissions;
mod place;
pub mod policy;
pub mod restore_test;
pub mod run;
pub mod said;
mod views;

use http_kit::{App, Module, Routes};
use store::{Migration, Registry};

pub use place::{Place, Places};
pub use views::VIEWS;

/// The crate's tables and views.
pub const MIGRATIONS: &[Migration] =
    &[Migration { id: "backup/0001_init", sql: include_str!("../migrations/0001_init.sql") }];

/// Texts of every code and permission, in three languages.
pub const TEXTS: &str = include_str!("../texts.yaml");

/// Returns backups as `server` puts them in.
pub fn module() -> Module {
    Module {
        migrations: MIGRATIONS,
        texts: TEXTS,
        routes: Routes::new()
            .merge(run::api::routes())
            .merge(restore_test::api::routes())
            .merge(loss::api::routes()),
        views: VIEWS,
        jobs: register,
        ..Module::new("backup")
    }
}

fn register(registry: &mut Registry<App>) {
    run::jobs::register(registry);
    restore_test::jobs::register(registry);
    loss::jobs::register(registry);
}
