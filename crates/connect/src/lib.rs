//! Floor 2: adapters to the outside world and their local simulators. No business rule lives here.
//!
//! Architecture invariant: all outbound HTTP goes through [`Outbound`], whose filter refuses
//! private addresses unless they are allowed by name.

mod mail_drop;
mod message;
mod outbound;
mod permissions;
mod simulator;
mod smtp;
mod web;
mod webhook;

use http_kit::Module;
use store::Migration;

pub use mail_drop::MailDrop;
pub use outbound::Outbound;
pub use simulator::{Shop, Shops};
pub use smtp::{SmtpConfig, SmtpMail, TlsMode};
pub use web::Web;
pub use webhook::Webhooks;

/// Returns everything that this crate adds to the product.
pub fn module() -> Module {
    Module {
        migrations: &[Migration {
            id: "connect/0001_init",
            sql: include_str!("../migrations/0001_init.sql"),
        }],
        texts: include_str!("../texts.yaml"),
        routes: mail_drop::routes().merge(simulator::routes()),
        jobs: simulator::register,
        ..Module::new("connect")
    }
}
