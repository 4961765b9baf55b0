use super::NeedTrend;

/// From how much more, or less, something rises or falls.
const QUARTER: f64 = 0.25;

/// Says how something goes against the period before.
pub fn trend(count: i64, before: i64) -> NeedTrend {
    let (now, then) = (count as f64, before as f64);
    match before {
        0 => NeedTrend::New,
        _ if now >= then * (1.0 + QUARTER) => NeedTrend::Rising,
        _ if now <= then * (1.0 - QUARTER) => NeedTrend::Falling,
        _ => NeedTrend::Steady,
    }
}

/// Says whether most of what was searched for has no product.
pub fn is_unmet(count: i64, unanswered: i64) -> bool {
    unanswered > 0 && unanswered * 2 > count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trend_needs_a_quarter() {
        assert_eq!(trend(3, 0), NeedTrend::New);
        assert_eq!(trend(5, 4), NeedTrend::Rising);
        assert_eq!(trend(4, 4), NeedTrend::Steady);
        assert_eq!(trend(3, 4), NeedTrend::Falling);
    }

    #[test]
    fn unmet_is_what_mostly_has_no_product() {
        assert!(is_unmet(3, 2));
        assert!(!is_unmet(4, 2));
        assert!(!is_unmet(0, 0));
    }
}
