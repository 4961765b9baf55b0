//! The lake as its users see it: what is acknowledged counts once, on both databases, whatever happens in between.

mod files;
mod taking;
mod world;
