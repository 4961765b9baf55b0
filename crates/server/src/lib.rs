//! Floor 4: puts the domains together: configuration, router, ports, jobs, migrations, embedded UI.
//!
//! Architecture invariant: nothing depends on this crate but the binary and the tests.

mod build;
pub mod config;
mod doctor;
mod export;
mod http;
mod logging;
mod modules;
mod ports;
pub mod sample;
mod serve;
mod service_figure;
mod system;
mod upgrade;
mod verification;

pub use build::{Built, build, check_pack, document, migrations, open_store, texts_in_print};
pub use config::Config;
pub use doctor::{Check, check_place, doctor};
pub use export::{Wanted, export};
pub use http::{openapi, router};
pub use logging::{fallback as log_fallback, start as start_logging};
pub use modules::modules;
pub use serve::{Listening, serve, work};
pub use service_figure::measure as measure_service;
