//! Tests of the rulebook through its services, on both databases.

mod approvals;
mod controls;
mod expressions;
mod machines;
mod packs;
mod parameters;
mod support;
mod tasks;
