//! People who buy as the models say, drawn from parameters that are known.

use customer_value::{Purchase, PurchaseModel, SpendModel, Summary};

/// Draws that are the same each time.
pub struct Draws(pub u64);

impl Draws {
    pub fn share(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    pub fn normal(&mut self) -> f64 {
        (-2.0 * self.share().ln()).sqrt() * (std::f64::consts::TAU * self.share()).cos()
    }

    fn exponential(&mut self, rate: f64) -> f64 {
        -self.share().ln() / rate
    }

    /// Marsaglia and Tsang 2000.
    fn gamma(&mut self, shape: f64, rate: f64) -> f64 {
        if shape < 1.0 {
            let lift = self.share().powf(1.0 / shape);
            return self.gamma(shape + 1.0, rate) * lift;
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let x = self.normal();
            let v = (1.0 + c * x).powi(3);
            if v > 0.0 && self.share().ln() < 0.5 * x * x + d - d * v + d * v.ln() {
                return d * v / rate;
            }
        }
    }

    fn beta(&mut self, a: f64, b: f64) -> f64 {
        let (x, y) = (self.gamma(a, 1.0), self.gamma(b, 1.0));
        x / (x + y)
    }
}

/// Times of purchases after the first one, in weeks.
fn times(draws: &mut Draws, model: PurchaseModel, weeks: f64) -> Vec<f64> {
    let (rate, leaves) = (draws.gamma(model.r, model.alpha), draws.beta(model.a, model.b));
    let (mut at, mut times) = (0.0, Vec::new());
    loop {
        at += draws.exponential(rate);
        if at > weeks {
            return times;
        }
        times.push(at);
        if draws.share() < leaves {
            return times;
        }
    }
}

/// One customer in short, after so many weeks.
pub fn customer(draws: &mut Draws, model: PurchaseModel, spend: SpendModel, weeks: f64) -> Summary {
    let times = times(draws, model, weeks);
    let scale = draws.gamma(spend.q, spend.v);
    let total: f64 = times.iter().map(|_| draws.gamma(spend.p, scale)).sum();
    Summary {
        repeats: times.len() as u32,
        recency: times.last().copied().unwrap_or(0.0),
        age: weeks,
        mean_amount: if times.is_empty() { 0.0 } else { total / times.len() as f64 },
    }
}

/// One customer's purchases; they came some time in the first half of the days.
pub fn purchases(draws: &mut Draws, model: PurchaseModel, spend: SpendModel, days: i32) -> Vec<Purchase> {
    let first = (draws.share() * f64::from(days) * 0.5) as i32;
    let scale = draws.gamma(spend.q, spend.v);
    let later = times(draws, model, f64::from(days - first) / 7.0);
    let mut bought = vec![Purchase { day: first, amount: draws.gamma(spend.p, scale) }];
    for at in later {
        bought.push(Purchase { day: first + (at * 7.0) as i32, amount: draws.gamma(spend.p, scale) });
    }
    bought
}
