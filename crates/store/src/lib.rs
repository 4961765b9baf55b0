//! Floor 1: the one door to the database.
//!
//! Architecture invariants: the difference between SQLite and PostgreSQL lives here and nowhere
//! else; SQLite's single writer is inside [`Store`], never a lock in a caller; a transaction that
//! changed something and wrote no audit row does not commit.

pub mod audit;
mod error;
mod migrate;
mod query;
pub mod random;
mod row;
mod statements;
#[expect(clippy::module_inception, reason = "the crate is named for its main type")]
mod store;
mod tx;
mod value;

pub use audit::Audit;
pub use error::OnDuplicate;
#[doc(hidden)]
pub use inventory;
pub use migrate::Migration;
pub use query::{Query, ScopeColumns};
pub use statements::{Statement, statements};
pub use store::{Config, Dialect, Store};
pub use tx::{Observation, Tx};
pub use value::{Value, json};
