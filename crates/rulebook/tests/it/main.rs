//! Tests of the rulebook through its services, on both databases.

mod approvals;
mod cadences;
mod controls;
mod expressions;
mod machines;
mod notifications;
mod packs;
mod parameters;
mod records;
mod support;
mod tasks;
