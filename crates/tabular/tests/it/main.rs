//! The importer and the exporter through their public doors.

mod common;
mod export;
mod files;
mod import;
