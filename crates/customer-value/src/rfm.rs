//! How recently, how often and for how much somebody bought, each as one of five.

use serde::{Deserialize, Serialize};

/// What one customer bought in a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Activity {
    /// Days since the last order.
    pub recency_days: i64,
    /// Orders.
    pub orders: i64,
    /// What they cost together, in minor units.
    pub total_minor: i64,
}

/// The three digits (RFM 分值), 1 (lowest) to 5 each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Digits {
    /// The more recent, the higher.
    pub recency: u8,
    /// The more often, the higher.
    pub frequency: u8,
    /// The more money, the higher.
    pub monetary: u8,
}

impl Digits {
    /// Mean of how often and how much, rounded half up.
    pub fn strength(self) -> u8 {
        (self.frequency + self.monetary).div_ceil(2)
    }
}

/// Gives everybody their digits, in the order in which they came.
///
/// A digit is 1 and one more for each fifth of all customers that is worse. Who is equal gets the same digit; so a digit
/// can be missing where many are equal, and nobody's digit depends on the order of rows.
pub fn digits(all: &[Activity]) -> Vec<Digits> {
    let fifth = |of: fn(&Activity) -> i64| {
        let mut sorted: Vec<i64> = all.iter().map(of).collect();
        sorted.sort_unstable();
        let digit = move |one: &Activity| {
            let worse = sorted.partition_point(|other| *other < of(one));
            u8::try_from(1 + worse * 5 / sorted.len()).unwrap_or(5)
        };
        all.iter().map(digit).collect::<Vec<u8>>()
    };
    let (recency, frequency, monetary) =
        (fifth(|one| -one.recency_days), fifth(|one| one.orders), fifth(|one| one.total_minor));
    let three = |((recency, frequency), monetary)| Digits { recency, frequency, monetary };
    recency.into_iter().zip(frequency).zip(monetary).map(three).collect()
}

/// Segment (RFM 客群) by the digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RfmSegment {
    /// Bought just now, often and for much (重要价值客户).
    Champions,
    /// Buys often and for much (忠诚客户).
    Loyal,
    /// Bought lately, may become loyal (潜力客户).
    PotentialLoyal,
    /// Bought for the first time just now (新客户).
    New,
    /// Bought lately, but little (有苗头的客户).
    Promising,
    /// Was above average, comes less often now (需要关注的客户).
    NeedAttention,
    /// Is about to be forgotten (即将沉睡的客户).
    AboutToSleep,
    /// Bought often and for much, long ago (流失风险客户).
    AtRisk,
    /// Was among the best and stopped coming (不能失去的客户).
    CannotLose,
    /// Came seldom and not for long (沉睡客户).
    Hibernating,
    /// Came seldom, longest ago (已流失客户).
    Lost,
}

/// What digits make a segment: both bounds included, the first that fits counts.
#[derive(Clone, Copy, Debug)]
pub struct Band {
    /// The segment.
    pub segment: RfmSegment,
    /// Recency.
    pub recency: (u8, u8),
    /// Mean of frequency and monetary, see [`Digits::strength`].
    pub strength: (u8, u8),
}

const fn band(segment: RfmSegment, recency: (u8, u8), strength: (u8, u8)) -> Band {
    Band { segment, recency, strength }
}

/// The segments, by digits; every combination has one.
pub const RFM_SEGMENTS: &[Band] = &[
    band(RfmSegment::Champions, (5, 5), (5, 5)),
    band(RfmSegment::Champions, (5, 5), (4, 4)),
    band(RfmSegment::Champions, (4, 4), (5, 5)),
    band(RfmSegment::Loyal, (3, 4), (4, 5)),
    band(RfmSegment::PotentialLoyal, (4, 5), (2, 3)),
    band(RfmSegment::New, (5, 5), (1, 1)),
    band(RfmSegment::Promising, (4, 4), (1, 1)),
    band(RfmSegment::NeedAttention, (3, 3), (3, 3)),
    band(RfmSegment::AboutToSleep, (3, 3), (1, 2)),
    band(RfmSegment::CannotLose, (1, 2), (5, 5)),
    band(RfmSegment::AtRisk, (1, 2), (3, 4)),
    band(RfmSegment::Hibernating, (2, 2), (1, 2)),
    band(RfmSegment::Lost, (1, 1), (1, 2)),
];

impl RfmSegment {
    /// Returns the segment of somebody with these digits.
    pub fn of(digits: Digits) -> Self {
        let within = |(low, high): (u8, u8), digit: u8| (low..=high).contains(&digit);
        let fits =
            |band: &&Band| within(band.recency, digits.recency) && within(band.strength, digits.strength());
        RFM_SEGMENTS.iter().find(fits).map_or(Self::Lost, |band| band.segment)
    }

    /// Returns its name in data.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Champions => "champions",
            Self::Loyal => "loyal",
            Self::PotentialLoyal => "potential_loyal",
            Self::New => "new",
            Self::Promising => "promising",
            Self::NeedAttention => "need_attention",
            Self::AboutToSleep => "about_to_sleep",
            Self::AtRisk => "at_risk",
            Self::CannotLose => "cannot_lose",
            Self::Hibernating => "hibernating",
            Self::Lost => "lost",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bought(recency_days: i64, orders: i64, total_minor: i64) -> Activity {
        Activity { recency_days, orders, total_minor }
    }

    #[test]
    fn five_different_customers_have_five_digits() {
        let all: Vec<Activity> = (1..=5).map(|n| bought(100 - n, n, n * 10)).collect();
        let found: Vec<(u8, u8, u8)> =
            digits(&all).iter().map(|d| (d.recency, d.frequency, d.monetary)).collect();
        assert_eq!(found, [(1, 1, 1), (2, 2, 2), (3, 3, 3), (4, 4, 4), (5, 5, 5)]);
        assert_eq!(digits(&[]), []);
    }

    #[test]
    fn who_is_equal_gets_the_same_digit_whatever_the_order() {
        let mut all = vec![bought(5, 1, 100); 6];
        all.extend([bought(1, 2, 100), bought(1, 3, 900), bought(9, 9, 50), bought(2, 2, 50)]);
        let found = digits(&all);
        assert!(found[..6].iter().all(|one| one.frequency == 1 && *one == found[0]));
        assert_eq!(found[6].frequency, 4, "six of ten are worse");
        assert_eq!(found[6].frequency, found[9].frequency);
        all.reverse();
        let reversed: Vec<Digits> = digits(&all).into_iter().rev().collect();
        assert_eq!(reversed, found);
    }

    #[test]
    fn every_combination_has_a_segment_of_the_table() {
        for recency in 1..=5 {
            for strength in 1..=5 {
                let fits = RFM_SEGMENTS.iter().filter(|band| {
                    (band.recency.0..=band.recency.1).contains(&recency)
                        && (band.strength.0..=band.strength.1).contains(&strength)
                });
                assert!(fits.count() >= 1, "nothing for {recency} and {strength}");
            }
        }
        let digits = |recency, frequency, monetary| Digits { recency, frequency, monetary };
        assert_eq!(RfmSegment::of(digits(5, 5, 5)), RfmSegment::Champions);
        assert_eq!(RfmSegment::of(digits(1, 5, 4)), RfmSegment::CannotLose);
        assert_eq!(RfmSegment::of(digits(1, 1, 1)), RfmSegment::Lost);
        assert_eq!(RfmSegment::of(digits(5, 1, 1)), RfmSegment::New);
    }
}
