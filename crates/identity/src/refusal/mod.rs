//! Refusal (拒绝记录): every act that the access door refused to somebody who is signed in.

pub mod service;
pub(crate) mod sql;
