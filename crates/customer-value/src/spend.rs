//! What a purchase costs: the gamma-gamma model.
//!
//! What one person pays varies around their own mean as a gamma distribution does (shape p); the means differ between
//! people as its own scale does (q, v). How often somebody buys says nothing about how much, or the model does not fit.

use serde::{Deserialize, Serialize};

use crate::history::Summary;
use crate::minimise::minimise;
use crate::special::ln_gamma;

const LN_MAX: f64 = 12.0;
/// Customers that are looked at, at most; of more every so many are taken.
const CUSTOMERS_MAX: usize = 100_000;

/// Spend model (客单价模型): gamma-gamma.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpendModel {
    /// Shape of one person's amounts.
    pub p: f64,
    /// Shape of the means of people; above 1, or there would be no mean of all.
    pub q: f64,
    /// Their scale, in the money's units.
    pub v: f64,
}

/// Least excess of the parameter `q` over 1.
const ABOVE_MIN: f64 = 0.02;

impl SpendModel {
    /// Fits the model to those who bought again and paid for it; `None` where the search does not come to rest,
    /// or what somebody spends would have no mean.
    pub fn fit(customers: &[Summary]) -> Option<Self> {
        let paid: Vec<(f64, f64)> = paying(customers).collect();
        let every = paid.len().div_ceil(CUSTOMERS_MAX).max(1);
        let paid: Vec<(f64, f64)> = paid.into_iter().step_by(every).collect();
        if paid.is_empty() {
            return None;
        }
        let mean = paid.iter().map(|(_, amount)| amount).sum::<f64>() / paid.len() as f64;
        // The search knows no units: amounts are in means of all.
        let scaled: Vec<(f64, f64)> = paid.iter().map(|(times, amount)| (*times, amount / mean)).collect();
        let lowest = minimise([1.0, 1.0, 0.0], 0.7, |logs| {
            let penalty: f64 = logs.iter().map(|log| (log.abs() - LN_MAX).max(0.0).powi(2)).sum();
            penalty - Self::at(logs).mean_likelihood(&scaled)
        });
        let found = Self::at(&lowest.at);
        // Where q is 1, what somebody unknown spends has no mean: amounts are then of several kinds, not of one.
        let has_mean = found.q > 1.0 + ABOVE_MIN;
        (lowest.settled && has_mean).then_some(Self { v: found.v * mean, ..found })
    }

    fn at(logs: &[f64; 3]) -> Self {
        let [p, above, v] = logs.map(|log| log.clamp(-LN_MAX - 1.0, LN_MAX + 1.0).exp());
        Self { p, q: 1.0 + above, v }
    }

    fn mean_likelihood(&self, paid: &[(f64, f64)]) -> f64 {
        let Self { p, q, v } = *self;
        let of_one = |(times, mean): &(f64, f64)| {
            let px = p * times;
            ln_gamma(px + q) - ln_gamma(px) - ln_gamma(q)
                + q * v.ln()
                + (px - 1.0) * mean.ln()
                + px * times.ln()
                - (px + q) * (v + times * mean).ln()
        };
        paid.iter().map(of_one).sum::<f64>() / paid.len() as f64
    }

    /// What a purchase of this customer costs on average, as far as can be told (预期客单价).
    pub fn expected(&self, customer: &Summary) -> f64 {
        let px = self.p * f64::from(customer.repeats);
        let told = f64::from(customer.repeats) * customer.mean_amount.max(0.0);
        self.p * (self.v + told) / (px + self.q - 1.0)
    }
}

/// Times and mean amount of those who bought again and paid for it.
pub fn paying(customers: &[Summary]) -> impl Iterator<Item = (f64, f64)> {
    customers
        .iter()
        .filter(|one| one.repeats > 0 && one.mean_amount > 0.0)
        .map(|one| (f64::from(one.repeats), one.mean_amount))
}

/// How much times and amounts go together, -1 to 1; the model asks for about 0.
pub fn correlation(customers: &[Summary]) -> f64 {
    let paid: Vec<(f64, f64)> = paying(customers).collect();
    let n = paid.len() as f64;
    let (mean_x, mean_y) =
        paid.iter().fold((0.0, 0.0), |(x, y), (times, amount)| (x + times / n, y + amount / n));
    let (mut xy, mut xx, mut yy) = (0.0, 0.0, 0.0);
    for (times, amount) in paid {
        let (dx, dy) = (times - mean_x, amount - mean_y);
        (xy, xx, yy) = (xy + dx * dy, xx + dx * dx, yy + dy * dy);
    }
    if xx > 0.0 && yy > 0.0 { xy / (xx * yy).sqrt() } else { 0.0 }
}
