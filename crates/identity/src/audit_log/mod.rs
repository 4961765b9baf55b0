//! Audit log (审计日志) as staff may read it: each as far as their grants reach, auditors all of it.

pub mod api;
