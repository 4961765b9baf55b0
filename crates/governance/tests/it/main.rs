//! Budgets through their public doors.

mod adjustment;
mod budget;
mod calendar;
mod expenses;
mod money;
mod sample;
mod schema;
mod support;
