use serde::{Deserialize, Serialize};

/// Value tier (价值层级) by what somebody is expected to bring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueTier {
    /// The best twentieth.
    Top,
    /// The best fifth, without these.
    High,
    /// The better half, without these.
    Middle,
    /// The other half.
    Low,
}

impl ValueTier {
    /// Returns its name in data.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Top => "top",
            Self::High => "high",
            Self::Middle => "middle",
            Self::Low => "low",
        }
    }
}

/// Shares of customers down to which each tier reaches.
pub const SHARES: [(ValueTier, f64); 3] =
    [(ValueTier::Top, 0.05), (ValueTier::High, 0.20), (ValueTier::Middle, 0.50)];

/// Gives everybody their tier, in the order in which they came; who is equal stands in the middle of the equals.
pub fn tiers(values: &[f64]) -> Vec<ValueTier> {
    let mut sorted = values.to_vec();
    sorted.sort_by(|one, other| other.total_cmp(one));
    let tier = |value: &f64| {
        let higher = sorted.partition_point(|other| other > value);
        let reached = sorted.partition_point(|other| other >= value);
        let share = (higher + reached) as f64 / 2.0 / sorted.len() as f64;
        SHARES.iter().find(|(_, down_to)| share < *down_to).map_or(ValueTier::Low, |(tier, _)| *tier)
    };
    values.iter().map(tier).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_customers_are_shared_out() {
        let values: Vec<f64> = (0..100).map(f64::from).collect();
        let found = tiers(&values);
        let count = |tier| found.iter().filter(|one| **one == tier).count();
        assert_eq!(
            [ValueTier::Top, ValueTier::High, ValueTier::Middle, ValueTier::Low].map(count),
            [5, 15, 30, 50]
        );
        assert_eq!((found[99], found[0]), (ValueTier::Top, ValueTier::Low));
        assert_eq!(tiers(&[7.0; 4]), [ValueTier::Low; 4], "where all are equal nobody stands out");
    }
}
