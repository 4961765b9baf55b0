//! How often customers buy and until when they are customers: the BG/NBD model.
//!
//! While somebody is a customer they buy at a rate that differs between people as a gamma distribution does (r, alpha);
//! after each purchase they may leave for good, with a chance that differs as a beta distribution does (a, b).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::history::Summary;
use crate::minimise::minimise;
use crate::special::{hypergeometric, ln_add, ln_gamma};

/// Logarithms of parameters stay within this: beyond it nothing can be told apart.
const LN_MAX: f64 = 12.0;
/// Different histories that are looked at, at most; of more every so many are taken.
const HISTORIES_MAX: usize = 100_000;

/// Purchase model (购买模型): BG/NBD, time in weeks.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PurchaseModel {
    /// Shape of the rates of purchase.
    pub r: f64,
    /// Their scale, in weeks.
    pub alpha: f64,
    /// Leaving speaks for this…
    pub a: f64,
    /// …staying for that.
    pub b: f64,
}

/// Customers with the same history.
struct Alike {
    repeats: usize,
    recency: f64,
    age: f64,
    count: f64,
}

impl PurchaseModel {
    /// Fits the model by maximum likelihood; `None` where the search does not come to rest.
    pub fn fit(customers: &[Summary]) -> Option<Self> {
        let alike = alike(customers);
        let count: f64 = alike.iter().map(|one| one.count).sum();
        let mean_age = alike.iter().map(|one| one.count * one.age).sum::<f64>() / count;
        let start = [0.0, (mean_age / 4.0).max(0.1).ln(), 0.0, 1.0];
        let lowest = minimise(start, 0.7, |logs| {
            let penalty: f64 = logs.iter().map(|log| (log.abs() - LN_MAX).max(0.0).powi(2)).sum();
            penalty - Self::at(logs).mean_likelihood(&alike, count)
        });
        lowest.settled.then(|| Self::at(&lowest.at))
    }

    fn at(logs: &[f64; 4]) -> Self {
        let [r, alpha, a, b] = logs.map(|log| log.clamp(-LN_MAX - 1.0, LN_MAX + 1.0).exp());
        Self { r, alpha, a, b }
    }

    /// Logarithm of the likelihood of these customers.
    pub fn ln_likelihood(&self, customers: &[Summary]) -> f64 {
        let alike = alike(customers);
        let count: f64 = alike.iter().map(|one| one.count).sum();
        self.mean_likelihood(&alike, count) * count
    }

    /// Mean over customers of the logarithm of the likelihood.
    fn mean_likelihood(&self, alike: &[Alike], count: f64) -> f64 {
        let Self { r, alpha, a, b } = *self;
        let of_repeats = |x: f64| {
            ln_gamma(r + x) - ln_gamma(r) + r * alpha.ln() + ln_gamma(a + b) + ln_gamma(b + x)
                - ln_gamma(b)
                - ln_gamma(a + b + x)
        };
        // Histories are sorted by the number of purchases.
        let (mut repeats, mut known) = (usize::MAX, 0.0);
        let mut sum = 0.0;
        for one in alike {
            let x = one.repeats as f64;
            if one.repeats != repeats {
                (repeats, known) = (one.repeats, of_repeats(x));
            }
            let stays = -(r + x) * (alpha + one.age).ln();
            let left = match one.repeats {
                0 => f64::NEG_INFINITY,
                _ => a.ln() - (b + x - 1.0).ln() - (r + x) * (alpha + one.recency).ln(),
            };
            sum += one.count * (known + ln_add(stays, left));
        }
        sum / count
    }

    /// Chance that somebody is still a customer (活跃概率).
    pub fn alive(&self, customer: &Summary) -> f64 {
        let Self { r, alpha, a, b } = *self;
        if customer.repeats == 0 {
            return 1.0;
        }
        let x = f64::from(customer.repeats);
        let odds = a.ln() - (b + x - 1.0).ln()
            + (r + x) * ((alpha + customer.age).ln() - (alpha + customer.recency).ln());
        1.0 / (1.0 + odds.exp())
    }

    /// Purchases to be expected of somebody in the next weeks (预期购买次数).
    pub fn expected(&self, customer: &Summary, weeks: f64) -> f64 {
        let Self { r, alpha, b, .. } = *self;
        // The formula has a hole at a = 1, around which it is smooth.
        let a = if (self.a - 1.0).abs() < 1e-6 { 1.0 + 1e-6 } else { self.a };
        let x = f64::from(customer.repeats);
        let ends = a + b + x - 1.0;
        let z = weeks / (alpha + customer.age + weeks);
        // Euler's transformation: the powers of (r + x), which leave the range of numbers, cancel each other.
        let series = (1.0 - z).powf(a - 1.0) * hypergeometric(ends - r - x, a - 1.0, ends, z);
        (ends / (a - 1.0) * (1.0 - series) * self.alive(customer)).max(0.0)
    }

    /// Weeks until somebody has bought again with this chance, given that they are a customer (下次购买间隔).
    pub fn next_purchase(&self, customer: &Summary, chance: f64) -> f64 {
        let shape = self.r + f64::from(customer.repeats);
        (self.alpha + customer.age) * ((-(1.0 - chance).ln() / shape).exp() - 1.0)
    }

    /// Chance that somebody buys in the next weeks at all.
    pub fn buys(&self, customer: &Summary, weeks: f64) -> f64 {
        let shape = self.r + f64::from(customer.repeats);
        let known = self.alpha + customer.age;
        self.alive(customer) * (1.0 - (known / (known + weeks)).powf(shape))
    }
}

fn alike(customers: &[Summary]) -> Vec<Alike> {
    let every = customers.len().div_ceil(HISTORIES_MAX).max(1);
    let mut counted: BTreeMap<(u32, u64, u64), f64> = BTreeMap::new();
    for one in customers.iter().step_by(every) {
        // Times are not negative, so their bits stand in the order of their values.
        *counted.entry((one.repeats, one.recency.to_bits(), one.age.to_bits())).or_default() += 1.0;
    }
    let history = |((repeats, recency, age), count)| Alike {
        repeats: repeats as usize,
        recency: f64::from_bits(recency),
        age: f64::from_bits(age),
        count,
    };
    counted.into_iter().map(history).collect()
}
