//! Floor 0: probabilistic record linkage (记录匹配): which records are about the same person.
//!
//! The method is that of Fellegi and Sunter (A Theory for Record Linkage, 1969): each field of a pair agrees to a level;
//! how much a level says is the ratio of how often it is seen among pairs of one person (`m`) and of two (`u`). `u` is
//! counted on random pairs, `m` and the share of pairs of one person are learned by expectation maximisation (Dempster,
//! Laird and Rubin 1977, for this use Winkler 1988) from pairs that share something; nobody has to label anything.
//!
//! Architecture invariants: pure (no IO, no clock, no random source: samples are drawn by a fixed sequence), and the same
//! records give the same model.

mod block;
mod cluster;
mod compare;
mod model;
mod normalise;
mod record;

pub use block::{Blocked, Skipped, block};
pub use cluster::clusters;
pub use model::{Agreement, FieldWeights, LevelWeight, Model, Scored, TooLittle};
pub use record::{Field, Prepared, Record};

/// How far a search goes.
#[derive(Clone, Debug)]
pub struct Options {
    /// Records that share a key, at most: a number that everybody gives says nothing about anybody.
    pub block_max: usize,
    /// Pairs, at most.
    pub pairs_max: usize,
    /// Random pairs on which `u` is counted.
    pub samples: usize,
    /// Rounds of learning, at most.
    pub rounds: usize,
    /// Learning ends when no share moves by more than this.
    pub tolerance: f64,
}

impl Default for Options {
    fn default() -> Self {
        Self { block_max: 200, pairs_max: 50_000_000, samples: 500_000, rounds: 50, tolerance: 1e-4 }
    }
}
