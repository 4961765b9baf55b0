//! The whole product, headless, on both databases: what no crate can prove alone.
//!
//! One test binary, so that the product links once. A test acts through the API, the public pages, the mail
//! drop and the injected clock, never by SQL.
#![cfg(test)]

mod backups;
mod behaviour;
mod controls;
mod duties;
mod forms;
mod golden;
mod guests;
mod harness;
mod idempotency;
mod intakes;
mod main_job;
mod own_pack;
mod plan;
mod refusals;
mod replies;
mod reviews;
mod service;
mod sources;
mod watches;
mod work;
