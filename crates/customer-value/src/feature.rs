//! What people are compared by, as numbers that have the same say each.

use std::collections::BTreeMap;

use crate::cluster::Points;

/// Values of a choice that are told apart, at most; the rarer ones are one.
const CHOICES_MAX: usize = 12;
/// From here on a number is so lopsided that its logarithm is compared.
const LOPSIDED: f64 = 1.5;

/// Feature (特征): something that is known about people.
#[derive(Clone, Debug)]
pub struct Feature {
    /// Its name in data.
    pub name: String,
    /// One value for each person, in the same order for all features.
    pub values: Values,
}

/// Values of a feature; `None` where it is not known.
#[derive(Clone, Debug)]
pub enum Values {
    /// Numbers.
    Numbers(Vec<Option<f64>>),
    /// One of a few.
    Choices(Vec<Option<String>>),
}

impl Values {
    /// Returns how many people there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Numbers(values) => values.len(),
            Self::Choices(values) => values.len(),
        }
    }

    /// Returns true where there is nobody.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Puts people into a space in which every feature that differs between them has the same say: the mean square of the
/// distance between two people is 2 in each of them.
pub fn points(features: &[Feature]) -> Points {
    let people = features.first().map_or(0, |feature| feature.values.len());
    let columns: Vec<Vec<f64>> = features.iter().flat_map(|feature| columns(&feature.values)).collect();
    let width = columns.len();
    let mut values = vec![0.0; people * width];
    for (column, numbers) in columns.iter().enumerate() {
        for (person, number) in numbers.iter().enumerate() {
            values[person * width + column] = *number;
        }
    }
    Points { values, width }
}

fn columns(values: &Values) -> Vec<Vec<f64>> {
    match values {
        Values::Numbers(numbers) => number(numbers).into_iter().collect(),
        Values::Choices(chosen) => choices(chosen),
    }
}

/// Mean and standard deviation of what is known.
pub fn spread(numbers: &[Option<f64>]) -> (f64, f64) {
    let known: Vec<f64> = numbers.iter().flatten().copied().collect();
    let n = known.len().max(1) as f64;
    let mean = known.iter().sum::<f64>() / n;
    let variance = known.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / n;
    (mean, variance.sqrt())
}

/// Standardised; who is not known stands in the middle. Nothing where all are the same.
fn number(numbers: &[Option<f64>]) -> Option<Vec<f64>> {
    let (mean, deviation) = spread(numbers);
    let third: f64 = numbers.iter().flatten().map(|value| (value - mean).powi(3)).sum();
    let known = numbers.iter().flatten().count().max(1) as f64;
    let skewness = third / known / deviation.powi(3);
    let positive = numbers.iter().flatten().all(|value| *value >= 0.0);
    let level = |value: f64| if positive && skewness > LOPSIDED { value.ln_1p() } else { value };
    let levelled: Vec<Option<f64>> = numbers.iter().map(|value| value.map(level)).collect();
    let (mean, deviation) = spread(&levelled);
    let standard = |value: &Option<f64>| value.map_or(0.0, |value| (value - mean) / deviation);
    (deviation > 1e-9).then(|| levelled.iter().map(standard).collect())
}

/// One column for each value, not known among them. Nothing where all are the same.
fn choices(chosen: &[Option<String>]) -> Vec<Vec<f64>> {
    let mut counts: BTreeMap<Option<&str>, usize> = BTreeMap::new();
    for value in chosen {
        *counts.entry(value.as_deref()).or_default() += 1;
    }
    let mut common: Vec<(Option<&str>, usize)> = counts.into_iter().collect();
    common.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    common.truncate(CHOICES_MAX);
    let n = chosen.len() as f64;
    let rest = n - common.iter().map(|(_, count)| *count as f64).sum::<f64>();
    let same = common.iter().map(|(_, count)| (*count as f64 / n).powi(2)).sum::<f64>() + (rest / n).powi(2);
    if same > 1.0 - 1e-9 {
        return Vec::new();
    }
    let scale = (1.0 / (1.0 - same)).sqrt();
    let mut columns: Vec<Vec<f64>> = common
        .iter()
        .map(|(value, _)| {
            chosen.iter().map(|one| if one.as_deref() == *value { scale } else { 0.0 }).collect()
        })
        .collect();
    if rest > 0.0 {
        let is_rare = |one: &Option<String>| common.iter().all(|(value, _)| one.as_deref() != *value);
        columns.push(chosen.iter().map(|one| if is_rare(one) { scale } else { 0.0 }).collect());
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean_square(points: &Points) -> f64 {
        let n = points.len();
        let mut sum = 0.0;
        for one in 0..n {
            for other in 0..n {
                sum +=
                    points.get(one).iter().zip(points.get(other)).map(|(a, b)| (a - b).powi(2)).sum::<f64>();
            }
        }
        sum / (n * n) as f64
    }

    #[test]
    fn every_feature_has_the_same_say() {
        let number = Values::Numbers((0..50).map(|n| Some(f64::from(n))).collect());
        let choice = Values::Choices((0..50).map(|n| (n % 7 > 0).then(|| format!("{}", n % 3))).collect());
        let same = Values::Choices(vec![None; 50]);
        for (values, width) in [(number, 1), (choice, 4)] {
            let points = points(&[Feature { name: "f".into(), values }]);
            assert_eq!(points.width, width);
            assert!((mean_square(&points) - 2.0).abs() < 1e-9, "{}", mean_square(&points));
        }
        assert_eq!(points(&[Feature { name: "f".into(), values: same }]).width, 0);
    }

    #[test]
    fn a_few_rich_people_do_not_squeeze_the_rest_together() {
        let mut money = vec![Some(1.0); 40];
        money.extend(vec![Some(100.0); 40]);
        money.push(Some(1_000_000.0));
        let points = points(&[Feature { name: "money".into(), values: Values::Numbers(money) }]);
        assert!(points.get(40)[0] - points.get(0)[0] > 1.0, "{:?}", points.get(40));
    }
}
