//! Tests of the rulebook through its services, on both databases.

mod approvals;
mod cadences;
mod calendar;
mod clock;
mod clock_scale;
mod controls;
mod dashboards;
mod detections;
mod evidence;
mod exchange;
mod exports;
mod expressions;
mod machines;
mod metrics;
mod metrics_pack;
mod notifications;
mod pack_life;
mod packs;
mod parameters;
mod record_life;
mod records;
mod staff;
mod support;
mod tasks;
mod waivers;
mod walks;
