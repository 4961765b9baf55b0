//! Budgets through their public doors.

mod adjustment;
mod budget;
mod calendar;
mod expenses;
mod money;
mod schema;
mod support;
