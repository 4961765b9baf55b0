//! Stories of brands and content, on both databases.

mod checking;
mod library;
mod releasing;
mod reviewing;
mod samples;
mod support;
mod texts;
mod writing;
