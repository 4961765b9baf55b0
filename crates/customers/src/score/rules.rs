//! What everybody's orders come to; no database and no clock.

use customer_value::{
    Activity, CUSTOMERS_MIN, Forecast, Horizon, Purchase, REPEAT_BUYERS_MIN, RfmSegment, TooLittle, Trained,
    ValueTier, WEEKS_MIN, digits, summarise, tiers, train,
};
use kernel::{DAY_MS, Id, Timestamp};

use super::{Lack, Lacking, ScoreError, ScoreModel, sql::OrderRow};

/// Below this chance of being a customer no next order is named.
const NEXT_FROM: f64 = 0.5;
const MINOR: f64 = 100.0;

/// One customer's orders in the window.
#[derive(Clone, Debug)]
pub struct Buyer {
    pub profile_id: Id,
    pub purchases: Vec<Purchase>,
    pub orders: i64,
    pub total_minor: i64,
}

/// What is stored of one customer.
#[derive(Clone, Debug)]
pub struct Scored {
    pub profile_id: Id,
    pub activity: Activity,
    pub digits: customer_value::Digits,
    pub segment: RfmSegment,
    pub forecast: Option<(Forecast, ValueTier)>,
}

/// What a run comes to.
#[derive(Debug)]
pub struct Outcome {
    pub trained: Result<Trained, TooLittle>,
    pub repeat_buyers: usize,
    pub scored: Vec<Scored>,
}

/// Counts days of a zone that is so far from UTC.
pub fn day(at: Timestamp, offset_ms: i64) -> i32 {
    i32::try_from((at.ms() + offset_ms).div_euclid(DAY_MS)).unwrap_or(i32::MAX)
}

/// Puts orders that come by customer together.
pub fn add(buyers: &mut Vec<Buyer>, orders: &[OrderRow], offset_ms: i64) {
    for order in orders {
        let purchase =
            Purchase { day: day(order.happened_at, offset_ms), amount: order.total_minor as f64 / MINOR };
        if buyers.last().is_none_or(|last| last.profile_id != order.profile_id) {
            let profile_id = order.profile_id;
            buyers.push(Buyer { profile_id, purchases: Vec::new(), orders: 0, total_minor: 0 });
        }
        if let Some(buyer) = buyers.last_mut() {
            buyer.purchases.push(purchase);
            buyer.orders += 1;
            buyer.total_minor += order.total_minor;
        }
    }
}

/// Trains the models and gives everybody their scores.
pub fn score(buyers: &[Buyer], until: i32, horizon: Horizon) -> Outcome {
    let purchases: Vec<Vec<Purchase>> = buyers.iter().map(|buyer| buyer.purchases.clone()).collect();
    let trained = train(&purchases, until);
    let summaries: Vec<_> = purchases.iter().map(|bought| summarise(bought, until)).collect();
    let activity: Vec<Activity> = buyers.iter().map(|buyer| activity(buyer, until)).collect();
    let forecasts: Option<Vec<(Forecast, ValueTier)>> = trained.as_ref().ok().map(|trained| {
        let forecasts: Vec<Forecast> =
            summaries.iter().flatten().map(|one| trained.model.forecast(one, horizon)).collect();
        let tiers = tiers(&forecasts.iter().map(|one| one.value).collect::<Vec<f64>>());
        forecasts.into_iter().zip(tiers).collect()
    });
    let scored = digits(&activity)
        .into_iter()
        .enumerate()
        .map(|(place, digits)| Scored {
            profile_id: buyers[place].profile_id,
            activity: activity[place],
            digits,
            segment: RfmSegment::of(digits),
            forecast: forecasts.as_ref().and_then(|all| all.get(place).copied()),
        })
        .collect();
    let repeat_buyers = summaries.iter().flatten().filter(|one| one.repeats > 0).count();
    Outcome { trained, repeat_buyers, scored }
}

fn activity(buyer: &Buyer, until: i32) -> Activity {
    let last = buyer.purchases.iter().map(|one| one.day).max().unwrap_or(until);
    Activity { recency_days: i64::from(until - last), orders: buyer.orders, total_minor: buyer.total_minor }
}

/// Says by when somebody has ordered again as likely as not; nothing about those who are rather gone.
pub fn next_order(forecast: &Forecast, until: Timestamp) -> Option<Timestamp> {
    let ms = (forecast.next_days * DAY_MS as f64).round();
    // Beyond a hundred years it is no date anybody needs.
    (forecast.alive >= NEXT_FROM && ms < 36_525.0 * DAY_MS as f64)
        .then(|| Timestamp::from_ms(until.ms() + ms as i64))
}

/// Rounds an amount of major units to minor ones.
pub fn minor(amount: f64) -> i64 {
    (amount * MINOR).round() as i64
}

/// Says what there was too little of.
pub fn lack(why: TooLittle) -> Lack {
    let lack = |what, found, needed| Lack { what, found, needed };
    match why {
        TooLittle::Customers { found } => {
            lack(Lacking::Customers, Some(found as f64), Some(CUSTOMERS_MIN as f64))
        }
        TooLittle::RepeatBuyers { found } => {
            lack(Lacking::RepeatBuyers, Some(found as f64), Some(REPEAT_BUYERS_MIN as f64))
        }
        TooLittle::Weeks { found } => lack(Lacking::Weeks, Some(found), Some(WEEKS_MIN)),
        TooLittle::Shape => lack(Lacking::Shape, None, None),
    }
}

/// Parameters as they are stored.
pub fn model(trained: &Trained) -> ScoreModel {
    let (purchase, spend) = (trained.model.purchase, trained.model.spend);
    ScoreModel {
        r: purchase.r,
        alpha: purchase.alpha,
        a: purchase.a,
        b: purchase.b,
        p: spend.p,
        q: spend.q,
        v: spend.v,
        correlation: trained.correlation,
    }
}

/// The error as it is stored.
pub fn error(trained: &Trained) -> ScoreError {
    let error = trained.error;
    ScoreError {
        learned_weeks: error.learned_weeks,
        predicted_weeks: error.predicted_weeks,
        customers: error.customers as i64,
        orders_mae: error.orders_mae,
        orders_mae_as_before: error.orders_mae_as_before,
        orders_predicted: error.orders_predicted,
        orders_actual: error.orders_actual,
        value_predicted_minor: minor(error.value_predicted),
        value_actual_minor: minor(error.value_actual),
        value_mae_minor: minor(error.value_mae),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_segment_of_the_table_has_a_name_here() {
        for band in customer_value::RFM_SEGMENTS {
            let name = band.segment.as_str();
            assert!(name.parse::<super::super::RfmSegment>().is_ok(), "{name}");
        }
        for (tier, _) in customer_value::SHARES {
            assert!(tier.as_str().parse::<super::super::ValueTier>().is_ok());
        }
    }

    #[test]
    fn an_order_late_in_the_evening_is_of_its_own_day() {
        let at: Timestamp = "2026-10-02T17:00:00Z".parse().expect("a time");
        assert_eq!(day(at, 8 * 3_600_000) - day(at, 0), 1);
    }

    #[test]
    fn few_orders_have_digits_and_no_forecast() {
        let order = |profile_id, days: i64| OrderRow {
            profile_id,
            happened_at: Timestamp::from_ms(0).plus_days(days),
            total_minor: 500,
        };
        let (one, other) = (Id::new(), Id::new());
        let mut buyers = Vec::new();
        add(&mut buyers, &[order(one, 1), order(one, 9), order(other, 5)], 0);
        let outcome = score(&buyers, 10, Horizon { days: 90.0, discount: 0.1 });
        assert!(matches!(outcome.trained, Err(TooLittle::Weeks { .. })));
        assert_eq!((outcome.scored.len(), outcome.repeat_buyers), (2, 1));
        assert_eq!(outcome.scored[0].activity, Activity { recency_days: 1, orders: 2, total_minor: 1_000 });
        assert!(outcome.scored[0].digits.recency > outcome.scored[1].digits.recency);
        assert!(outcome.scored.iter().all(|one| one.forecast.is_none()));
    }
}
