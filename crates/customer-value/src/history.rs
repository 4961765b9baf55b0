/// What somebody bought on one day (一次购买).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Purchase {
    /// The day, counted from any fixed one.
    pub day: i32,
    /// What it cost.
    pub amount: f64,
}

/// One customer's purchases in short (购买概要), in weeks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// Days with a purchase after the first one: x.
    pub repeats: u32,
    /// Age at the last purchase: t_x.
    pub recency: f64,
    /// Time since the first purchase: T.
    pub age: f64,
    /// What a repeated purchase cost on average; 0 without one.
    pub mean_amount: f64,
}

/// Sums one customer's purchases up to a day, in any order; `None` where there were none yet.
///
/// Purchases of one day are one: a till that was asked twice says nothing about how often somebody comes.
pub fn summarise(purchases: &[Purchase], until: i32) -> Option<Summary> {
    let days = by_day(purchases, until);
    let (first, last) = (days.first()?.day, days.last()?.day);
    let repeats = days.len() - 1;
    let total: f64 = days[1..].iter().map(|purchase| purchase.amount).sum();
    Some(Summary {
        repeats: u32::try_from(repeats).unwrap_or(u32::MAX),
        recency: f64::from(last - first) / crate::WEEK,
        age: f64::from(until - first) / crate::WEEK,
        mean_amount: if repeats == 0 { 0.0 } else { total / repeats as f64 },
    })
}

/// Returns one purchase a day, oldest first, up to a day.
pub fn by_day(purchases: &[Purchase], until: i32) -> Vec<Purchase> {
    let mut sorted: Vec<Purchase> = purchases.iter().filter(|one| one.day <= until).copied().collect();
    sorted.sort_by_key(|one| one.day);
    let mut days: Vec<Purchase> = Vec::with_capacity(sorted.len());
    for purchase in sorted {
        match days.last_mut() {
            Some(last) if last.day == purchase.day => last.amount += purchase.amount,
            _ => days.push(purchase),
        }
    }
    days
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn purchases_of_one_day_are_one() {
        let buy = |day, amount| Purchase { day, amount };
        let bought = [buy(21, 7.0), buy(0, 5.0), buy(21, 3.0), buy(35, 20.0), buy(90, 1.0)];
        let summary = summarise(&bought, 70).expect("there are purchases");
        assert_eq!(summary, Summary { repeats: 2, recency: 5.0, age: 10.0, mean_amount: 15.0 });
        assert_eq!(summarise(&bought, -1), None);
    }
}
