//! Tests of the crate on both databases.
