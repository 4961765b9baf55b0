//! Orders through their public doors.

mod import;
mod order;
mod real_data;
mod sample;
mod world;
