//! Products through their public doors.

mod import;
mod product;
mod sample;
mod world;
