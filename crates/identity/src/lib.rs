//! Floor 3: the access door: who may do what to which rows and fields.
//!
//! Architecture invariants: a request becomes somebody in [`Authenticator`] and nowhere else; rights are
//! read anew for every request; nobody gives out what they do not hold; of passwords, cookies, tokens
//! and links only digests are kept.

pub mod access_review;
pub mod account_request;
pub mod alert;
pub mod attempt;
pub mod audit_log;
mod check;
pub mod cli;
pub mod colleague;
pub mod confidential;
pub mod delegation;
pub mod department;
pub mod device;
mod digest;
pub mod door;
pub mod first_admin;
pub mod four_eyes;
pub mod grant;
mod guest;
pub mod handover;
pub mod jobs;
pub mod link;
mod notice;
pub mod people;
pub mod permissions;
pub mod policy;
pub mod position;
pub mod refusal;
pub mod role;
pub mod sample;
mod screen_lock;
mod secrecy;
pub mod security_case;
pub mod session;
pub mod token;
pub mod totp;
pub mod user;
mod views;
mod workload;

use http_kit::{Module, Routes};
use store::Migration;

pub use door::Authenticator;
pub use first_admin::service::bootstrap;
pub use four_eyes::kinds::all as important_changes;
pub use refusal::service::record as record_refusal;
pub use role::service::ensure_built_in;
pub use views::VIEWS;

/// The crate's tables and views.
pub const MIGRATIONS: &[Migration] = &[
    Migration { id: "identity/0001_init", sql: include_str!("../migrations/0001_init.sql") },
    Migration { id: "identity/0002_departments", sql: include_str!("../migrations/0002_departments.sql") },
    Migration { id: "identity/0003_delegation", sql: include_str!("../migrations/0003_delegation.sql") },
    Migration { id: "identity/0004_attempts", sql: include_str!("../migrations/0004_attempts.sql") },
    Migration { id: "identity/0004_secrecy", sql: include_str!("../migrations/0004_secrecy.sql") },
    Migration { id: "identity/0005_scope", sql: include_str!("../migrations/0005_scope.sql") },
    Migration { id: "identity/0006_workload", sql: include_str!("../migrations/0006_workload.sql") },
    Migration { id: "identity/0007_guests", sql: include_str!("../migrations/0007_guests.sql") },
];

/// Texts of every code and permission, in three languages.
pub const TEXTS: &str = include_str!("../texts.yaml");

/// Connects what other domains ask of the staff.
pub fn connect(app: &http_kit::AppState) {
    app.people.connect(std::sync::Arc::new(people::Staff));
}

/// Returns the check of the second factor, as a part of the product.
pub fn second_factor() -> http_kit::SecondFactor {
    http_kit::SecondFactor(std::sync::Arc::new(people::Staff))
}

/// Returns the access door as `server` puts it in.
pub fn module() -> Module {
    Module {
        migrations: MIGRATIONS,
        texts: TEXTS,
        routes: routes(),
        permissions: permissions::INSIDE,
        views: VIEWS,
        jobs: jobs::register,
        ..Module::new("identity")
    }
}

fn routes() -> Routes {
    Routes::new()
        .merge(session::api::routes())
        .merge(screen_lock::api::routes())
        .merge(secrecy::api::routes())
        .merge(first_admin::api::routes())
        .merge(sample::api::routes())
        .merge(link::api::routes())
        .merge(user::api::routes())
        .merge(colleague::api::routes())
        .merge(totp::api::routes())
        .merge(token::api::routes())
        .merge(alert::api::routes())
        .merge(department::api::routes())
        .merge(position::api::routes())
        .merge(workload::api::routes())
        .merge(role::api::routes())
        .merge(grant::api::routes())
        .merge(device::api::routes())
        .merge(confidential::api::routes())
        .merge(security_case::api::routes())
        .merge(handover::api::routes())
        .merge(account_request::api::routes())
        .merge(access_review::api::routes())
        .merge(four_eyes::api::routes())
        .merge(delegation::api::routes())
        .merge(audit_log::api::routes())
}
