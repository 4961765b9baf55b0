//! Floor 1: the one door to the database.
//!
//! Architecture invariants: the difference between SQLite and PostgreSQL lives here and nowhere
//! else; SQLite's single writer is inside [`Store`], never a lock in a caller; a transaction that
//! changed something and wrote no audit row does not commit.

mod aside;
pub mod audit;
mod copy;
mod defined;
mod error;
pub mod gauges;
pub mod idempotency;
pub mod jobs;
mod migrate;
mod query;
pub mod random;
mod row;
pub mod secrets;
pub mod snapshot;
mod sqlite;
mod statements;
mod store;
#[cfg(feature = "testing")]
pub mod testing;
mod tx;
mod value;
pub mod vault;

pub use aside::aside;
pub use audit::Audit;
pub use defined::DefinedView;
pub use error::OnDuplicate;
#[doc(hidden)]
pub use inventory;
pub use jobs::{Every, Job, JobError, JobKind, Lease, Registry, Runner};
pub use migrate::{Migration, count_migrations, join_migrations};
pub use query::{Query, ScopeColumns};
pub use secrets::Secrets;
pub use statements::{Statement, statements};
pub use store::{Config, Dialect, Store};
pub use tx::{Observation, Tx};
pub use value::{Value, json, sealed};
pub use vault::Vault;

/// What kernel, store and blob say, in three languages.
pub const TEXTS: &str = include_str!("../texts.yaml");
