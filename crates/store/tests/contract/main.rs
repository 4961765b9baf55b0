//! The contract of the store, on SQLite and on PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

mod audit;
mod durability;
mod gauges;
mod group;
mod idempotency;
mod jobs;
mod records;
mod secrets;
mod texts;
mod vault;
