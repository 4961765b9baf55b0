//! The contract of the store, on SQLite and on PostgreSQL.

mod common;

mod audit;
mod durability;
mod idempotency;
mod jobs;
mod records;
mod secrets;
mod texts;
