//! Helpers for tests: databases that live as long as a test, on both kinds.
