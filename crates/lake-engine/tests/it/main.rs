//! The lake as its users see it: what is acknowledged counts once, on both databases, whatever happens in between.

mod asking;
mod erasing;
mod files;
mod guess;
mod oracle;
mod reading;
mod sql;
mod taking;
mod world;
