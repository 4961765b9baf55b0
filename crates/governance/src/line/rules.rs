//! How an amount is spread over months.

use kernel::{Problem, Result};

use super::{SpreadInput, SpreadPattern};

/// Largest weight of a month: products with amounts stay inside 128 bits with room to spare.
const WEIGHT_MAX: i64 = 1_000_000_000_000;

/// Returns true where twelve months are the annual amount together, none below nothing.
pub(crate) fn sums_up(annual: i64, months: &[i64]) -> bool {
    months.len() == 12
        && months.iter().all(|month| *month >= 0)
        && months.iter().map(|month| i128::from(*month)).sum::<i128>() == i128::from(annual)
}

/// Spreads an amount by weights to the last minor unit: what rounding leaves goes to the largest remainders, the
/// earlier month first.
pub(crate) fn spread(annual: i64, weights: &[i64]) -> Option<Vec<i64>> {
    let total: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
    if weights.len() != 12 || total <= 0 || weights.iter().any(|w| !(0..=WEIGHT_MAX).contains(w)) {
        return None;
    }
    let share = |weight: i64| i128::from(annual) * i128::from(weight);
    let mut months: Vec<i64> =
        weights.iter().map(|w| i64::try_from(share(*w) / total).unwrap_or(0)).collect();
    let mut places: Vec<usize> = (0..12).collect();
    places.sort_by_key(|place| (-(share(weights[*place]) % total), *place));
    let rest = annual - months.iter().sum::<i64>();
    for place in places.into_iter().take(usize::try_from(rest).unwrap_or(0)) {
        months[place] += 1;
    }
    Some(months)
}

/// Returns the weights that a pattern stands for; `last_year` is what was spent then.
pub(crate) fn weights(input: &SpreadInput, last_year: &[i64]) -> Result<Vec<i64>> {
    let invalid = |field: &str, code: &'static str| {
        Problem::unprocessable("governance.input_invalid").with_field(field, code)
    };
    match input.pattern {
        SpreadPattern::Equal => Ok(vec![1; 12]),
        SpreadPattern::Seasonal => {
            input.weights.clone().ok_or_else(|| invalid("weights", "governance.line.weights"))
        }
        SpreadPattern::Period => {
            let (from, to) = (input.from_month.unwrap_or(0), input.to_month.unwrap_or(0));
            if !(1..=12).contains(&from) || !(from..=12).contains(&to) {
                return Err(invalid("from_month", "governance.field.month"));
            }
            Ok((1..=12).map(|month| i64::from((from..=to).contains(&month))).collect())
        }
        SpreadPattern::LastYear if last_year.iter().any(|spent| *spent > 0) => {
            Ok(last_year.iter().map(|spent| (*spent).max(0)).collect())
        }
        SpreadPattern::LastYear => Err(Problem::unprocessable("governance.line.no_last_year")),
    }
}

/// Returns true for a short name that files can carry.
pub(crate) fn is_code(code: &str) -> bool {
    (1..=40).contains(&code.len())
        && code.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_loses_no_minor_unit() {
        let months = spread(1_000, &[1; 12]).expect("equal weights");
        assert!(sums_up(1_000, &months));
        assert_eq!(months[..5], [84, 84, 84, 84, 83]);
        let months =
            spread(999_999_999_999, &[0, 0, 7, 3, 0, 0, 0, 0, 0, 0, 1, 11]).expect("seasonal weights");
        assert!(sums_up(999_999_999_999, &months));
        assert_eq!(months[0], 0);
        assert!(spread(10, &[0; 12]).is_none());
        assert!(spread(10, &[1; 11]).is_none());
    }

    #[test]
    fn months_below_nothing_do_not_sum_up() {
        assert!(!sums_up(10, &[-1, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
    }
}
