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
/// From this parameter `b` on, somebody leaves so rarely that the usual formula loses its digits.
const RARELY: f64 = 1_000.0;
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
        if let Some(stays) = self.expected_of_stayers(customer, weeks) {
            return stays * self.alive(customer);
        }
        let ends = a + b + x - 1.0;
        let z = weeks / (alpha + customer.age + weeks);
        // Euler's transformation: the powers of (r + x), which leave the range of numbers, cancel each other.
        let series = (1.0 - z).powf(a - 1.0) * hypergeometric(ends - r - x, a - 1.0, ends, z);
        (ends / (a - 1.0) * (1.0 - series) * self.alive(customer)).max(0.0)
    }

    /// Purchases of somebody who is still a customer, where hardly anybody leaves: the formula takes numbers from each other
    /// there that are equal but for their last digits.
    ///
    /// The mean over the rate of purchase, gamma (r + x, alpha + T), and the chance of leaving, beta (a, b + x), of
    /// `(1 - exp(-rate * chance * weeks)) / chance`, as a series in the moments of that chance. `None` where too many leave
    /// for it to end soon.
    fn expected_of_stayers(&self, customer: &Summary, weeks: f64) -> Option<f64> {
        let Self { r, alpha, a, b } = *self;
        let x = f64::from(customer.repeats);
        let (shape, share) = (r + x, weeks / (alpha + customer.age));
        if b < RARELY || shape * share * (a + 5.0) > 0.1 * b {
            return None;
        }
        let mut term = shape * share;
        let mut sum = term;
        for n in 1..50 {
            let n = f64::from(n);
            term *= -(shape + n) / (n + 1.0) * share * (a + n - 1.0) / (a + b + x + n - 1.0);
            sum += term;
            if term.abs() < 1e-14 * sum {
                break;
            }
        }
        Some(sum)
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Both ways of reckoning agree where both can be used.
    #[test]
    fn what_hardly_anybody_leaves_is_reckoned_alike() {
        let customer = Summary { repeats: 12, recency: 30.0, age: 35.0, mean_amount: 0.0 };
        let model = PurchaseModel { r: 1.2, alpha: 4.0, a: 0.7, b: 1_500.0 };
        let series = model.expected_of_stayers(&customer, 13.0).expect("hardly anybody leaves");
        let (ends, z) = (model.a + model.b + 12.0 - 1.0, 13.0_f64 / (4.0 + 35.0 + 13.0));
        let formula = ends / (model.a - 1.0)
            * (1.0 - (1.0_f64 - z).powf(model.a - 1.0) * hypergeometric(ends - 13.2, model.a - 1.0, ends, z));
        assert!((series - formula).abs() < 1e-6 * formula, "{series} {formula}");
        // Nobody leaves: the rate alone counts.
        let stays = PurchaseModel { b: 1e6, a: 1e-6, ..model };
        let expected = stays.expected(&customer, 13.0);
        assert!((expected - 13.2 / 39.0 * 13.0).abs() < 1e-3, "{expected}");
    }
}
