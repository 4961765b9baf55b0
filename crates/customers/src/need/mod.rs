//! Needs (需求洞察): what customers search for, what they say, and what they buy together, found by a job.
//!
//! Texts (search terms; answers to public forms and reviews) are compared by the words that they share, weighted by how
//! few other texts have them (TF-IDF, cosine), and joined while groups are on average as alike as asked (average linkage);
//! the same texts always give the same groups. Terms that too few people searched for are not shown. Products are
//! counted by pairs: support, confidence and lift as association rules define them (Agrawal, Imielinski and Swami 1993;
//! Brin and others 1997 for lift).

mod answered;
mod api;
mod basket;
mod cluster;
mod compute;
mod gather;
mod jobs;
mod mask;
pub mod rules;
mod service;
pub(crate) mod sql;
mod types;
mod words;

pub use api::routes;
pub use compute::recompute;
pub use jobs::Recompute;
pub use service::{basket, baskets, get, insight_of_basket, insight_of_need, list, request, runs, standing};
pub(crate) use service::{evidence_of_basket, evidence_of_need};
pub use types::*;
