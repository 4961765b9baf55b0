//! Fits both models and says how wrong they were about what they had not seen.

use serde::{Deserialize, Serialize};

use crate::WEEK;
use crate::history::{Purchase, Summary, by_day, summarise};
use crate::purchase::PurchaseModel;
use crate::spend::{SpendModel, correlation, paying};

/// Customers in the first part of the window, at least.
pub const CUSTOMERS_MIN: usize = 200;
/// Of these, who bought again and paid for it, at least.
pub const REPEAT_BUYERS_MIN: usize = 50;
/// Weeks of purchases, at least.
pub const WEEKS_MIN: f64 = 12.0;
/// Share of the window that is held back to be predicted.
pub const HOLD_OUT: f64 = 0.3;
/// Steps in which values to come are discounted, in weeks.
const STEP: f64 = 4.0;
const WEEKS_A_YEAR: f64 = 365.25 / WEEK;

/// Why there is no model (数据不足): a result of its own, not a failure.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "lacks", rename_all = "snake_case")]
pub enum TooLittle {
    /// Too few customers.
    Customers {
        /// So many there are.
        found: usize,
    },
    /// Too few who bought again.
    RepeatBuyers {
        /// So many there are.
        found: usize,
    },
    /// Purchases of too short a time.
    Weeks {
        /// So many there are.
        found: f64,
    },
    /// The likelihood has no highest place.
    Shape,
}

/// How far ahead, and what later money is worth (预测范围).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Horizon {
    /// Days.
    pub days: f64,
    /// By this share money of a year later is worth less.
    pub discount: f64,
}

/// Both models.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// How often.
    pub purchase: PurchaseModel,
    /// For how much.
    pub spend: SpendModel,
}

/// What is to be expected of one customer (客户预测).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Forecast {
    /// Chance that they are still a customer.
    pub alive: f64,
    /// Orders in the horizon.
    pub orders: f64,
    /// What an order costs.
    pub order_value: f64,
    /// What they bring in the horizon, discounted.
    pub value: f64,
    /// Days until they have ordered again as likely as not, given that they are a customer; from the window's end on.
    pub next_days: f64,
}

/// How wrong a model was about the time that it had not seen (预测误差).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Error {
    /// Weeks that it learned from.
    pub learned_weeks: f64,
    /// Weeks that it predicted.
    pub predicted_weeks: f64,
    /// Customers that it predicted for.
    pub customers: usize,
    /// Orders: mean of the absolute error by customer.
    pub orders_mae: f64,
    /// The same for saying that everybody goes on as before.
    pub orders_mae_as_before: f64,
    /// Orders of all that it predicted.
    pub orders_predicted: f64,
    /// Orders of all that there were.
    pub orders_actual: f64,
    /// Money of all that it predicted.
    pub value_predicted: f64,
    /// Money of all that there was.
    pub value_actual: f64,
    /// Money: mean of the absolute error by customer.
    pub value_mae: f64,
}

/// What training came to (训练结果).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trained {
    /// The models, fitted to the whole window.
    pub model: Model,
    /// How wrong they were when they had seen the first part only.
    pub error: Error,
    /// Customers.
    pub customers: usize,
    /// Those who bought again.
    pub repeat_buyers: usize,
    /// How much the number of orders and their amounts go together; the models suppose not at all.
    pub correlation: f64,
}

impl Model {
    /// Fits both models to customers as they stand at one day.
    pub fn fit(customers: &[Summary]) -> Result<Self, TooLittle> {
        let purchase = PurchaseModel::fit(customers).ok_or(TooLittle::Shape)?;
        let spend = SpendModel::fit(customers).ok_or(TooLittle::Shape)?;
        Ok(Self { purchase, spend })
    }

    /// Says what is to be expected of one customer.
    pub fn forecast(&self, customer: &Summary, horizon: Horizon) -> Forecast {
        let weeks = horizon.days / WEEK;
        let order_value = self.spend.expected(customer);
        let (mut value, mut before, mut at) = (0.0, 0.0, 0.0);
        while at < weeks {
            let step = STEP.min(weeks - at);
            at += step;
            let until = self.purchase.expected(customer, at);
            let worth = (1.0 + horizon.discount).powf(-(at - step / 2.0) / WEEKS_A_YEAR);
            value += (until - before) * order_value * worth;
            before = until;
        }
        Forecast {
            alive: self.purchase.alive(customer),
            orders: before,
            order_value,
            value,
            next_days: self.purchase.next_purchase(customer, 0.5) * WEEK,
        }
    }
}

/// Fits the models to everybody's purchases up to a day: first without the last part, which they then predict, and once
/// more with all of it.
pub fn train(customers: &[Vec<Purchase>], until: i32) -> Result<Trained, TooLittle> {
    let days = customers.iter().flatten().map(|one| one.day).filter(|day| *day <= until);
    let first = days.min().unwrap_or(until);
    let weeks = f64::from(until - first) / WEEK;
    if weeks < WEEKS_MIN {
        return Err(TooLittle::Weeks { found: weeks });
    }
    let split = until - (f64::from(until - first) * HOLD_OUT) as i32;
    let error = hold_out(customers, split, until, first)?;
    let all: Vec<Summary> = customers.iter().filter_map(|bought| summarise(bought, until)).collect();
    Ok(Trained {
        model: Model::fit(&all)?,
        error,
        customers: all.len(),
        repeat_buyers: all.iter().filter(|one| one.repeats > 0).count(),
        correlation: correlation(&all),
    })
}

fn hold_out(customers: &[Vec<Purchase>], split: i32, until: i32, first: i32) -> Result<Error, TooLittle> {
    let seen: Vec<(&Vec<Purchase>, Summary)> =
        customers.iter().filter_map(|bought| Some((bought, summarise(bought, split)?))).collect();
    let summaries: Vec<Summary> = seen.iter().map(|(_, summary)| *summary).collect();
    if summaries.len() < CUSTOMERS_MIN {
        return Err(TooLittle::Customers { found: summaries.len() });
    }
    let repeat_buyers = paying(&summaries).count();
    if repeat_buyers < REPEAT_BUYERS_MIN {
        return Err(TooLittle::RepeatBuyers { found: repeat_buyers });
    }
    let model = Model::fit(&summaries)?;
    let mut error = Error {
        learned_weeks: f64::from(split - first) / WEEK,
        predicted_weeks: f64::from(until - split) / WEEK,
        customers: seen.len(),
        orders_mae: 0.0,
        orders_mae_as_before: 0.0,
        orders_predicted: 0.0,
        orders_actual: 0.0,
        value_predicted: 0.0,
        value_actual: 0.0,
        value_mae: 0.0,
    };
    let n = seen.len() as f64;
    for (bought, summary) in &seen {
        let later: Vec<Purchase> = by_day(bought, until).into_iter().filter(|one| one.day > split).collect();
        let (orders, value) = (later.len() as f64, later.iter().map(|one| one.amount).sum::<f64>());
        let predicted = model.purchase.expected(summary, error.predicted_weeks);
        let worth = predicted * model.spend.expected(summary);
        let as_before = if summary.age > 0.0 {
            f64::from(summary.repeats) / summary.age * error.predicted_weeks
        } else {
            0.0
        };
        error.orders_mae += (predicted - orders).abs() / n;
        error.orders_mae_as_before += (as_before - orders).abs() / n;
        error.orders_predicted += predicted;
        error.orders_actual += orders;
        error.value_mae += (worth - value).abs() / n;
        error.value_predicted += worth;
        error.value_actual += value;
    }
    Ok(error)
}
