//! Tests of the rulebook through its services, on both databases.

mod approvals;
mod cadences;
mod controls;
mod evidence;
mod exports;
mod expressions;
mod machines;
mod pack_life;
mod notifications;
mod packs;
mod parameters;
mod records;
mod support;
mod tasks;
mod waivers;
