//! Backups as files: what is in them, what is found when they are damaged, and where they restore to.

mod archive;
mod schema;
mod support;
