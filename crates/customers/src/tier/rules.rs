use kernel::{Problem, Result};

use super::{NewTierRule, Thresholds, Tier, TierCounts, TierDefinition, TierMove};

/// The rule until somebody writes another.
pub const DEFAULT: TierDefinition = TierDefinition {
    window_days: 365,
    a: Thresholds { recency_days: 30, order_count: 48, total_minor: 250_000 },
    b: Thresholds { recency_days: 60, order_count: 24, total_minor: 100_000 },
    c: Thresholds { recency_days: 180, order_count: 6, total_minor: 20_000 },
};

const DAYS_MAX: i64 = 3_650;
const ORDERS_MAX: i64 = 100_000;
/// A thousand million in major units: more is a slip of the keyboard.
const TOTAL_MAX: i64 = 100_000_000_000;
const REASON: std::ops::RangeInclusive<usize> = 5..=500;

/// Checks bounds, and that no tier is easier to reach than the one below it.
pub fn check(definition: &TierDefinition) -> Result<()> {
    let mut problem = Problem::unprocessable("customers.tier.invalid");
    if !(1..=DAYS_MAX).contains(&definition.window_days) {
        problem = problem.with_field("definition.window_days", "customers.field.out_of_range");
    }
    let tiers = [("a", definition.a), ("b", definition.b), ("c", definition.c)];
    for (name, tier) in tiers {
        let mut check = |field: &str, sound: bool| {
            if !sound {
                let field = format!("definition.{name}.{field}");
                problem.fields.push(kernel::FieldProblem {
                    field,
                    code: "customers.field.out_of_range".to_owned(),
                    args: Default::default(),
                });
            }
        };
        check("recency_days", (1..=definition.window_days.min(DAYS_MAX)).contains(&tier.recency_days));
        check("order_count", (1..=ORDERS_MAX).contains(&tier.order_count));
        check("total_minor", (0..=TOTAL_MAX).contains(&tier.total_minor));
    }
    for pair in tiers.windows(2) {
        let ((_, higher), (name, lower)) = (pair[0], pair[1]);
        let easier = higher.recency_days > lower.recency_days
            || higher.order_count < lower.order_count
            || higher.total_minor < lower.total_minor;
        if easier {
            problem = problem.with_field(format!("definition.{name}"), "customers.tier.harder_than_above");
        }
    }
    if problem.fields.is_empty() { Ok(()) } else { Err(problem) }
}

/// Checks a rule that is to be applied.
pub fn check_new(new: &NewTierRule) -> Result<()> {
    check(&new.definition)?;
    if REASON.contains(&new.reason.trim().chars().count()) {
        return Ok(());
    }
    Err(Problem::unprocessable("customers.reason_needed")
        .with("min", REASON.start())
        .with("max", REASON.end()))
}

/// Adds up how many are in each tier before and after; `all` holds those who stay, too.
pub fn counts(all: &[TierMove]) -> (TierCounts, TierCounts) {
    let (mut now, mut after) = (TierCounts::default(), TierCounts::default());
    for group in all {
        *place(&mut now, group.from_tier) += group.count;
        *place(&mut after, Some(group.to_tier)) += group.count;
    }
    (now, after)
}

fn place(counts: &mut TierCounts, tier: Option<Tier>) -> &mut i64 {
    match tier {
        Some(Tier::A) => &mut counts.a,
        Some(Tier::B) => &mut counts.b,
        Some(Tier::C) => &mut counts.c,
        Some(Tier::D) => &mut counts.d,
        None => &mut counts.none,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_rule_is_sound() {
        check(&DEFAULT).expect("sound");
    }

    #[test]
    fn no_tier_is_easier_than_the_one_below() {
        let mut rule = DEFAULT;
        rule.b.order_count = rule.a.order_count + 1;
        let problem = check(&rule).expect_err("B asks for more orders than A");
        assert_eq!(problem.fields[0].field, "definition.b");
        let mut rule = DEFAULT;
        rule.a.recency_days = 400;
        let problem = check(&rule).expect_err("longer than the window");
        assert_eq!(problem.fields[0].field, "definition.a.recency_days");
    }

    #[test]
    fn moves_add_up() {
        let all = [
            TierMove { from_tier: None, to_tier: Tier::A, count: 2 },
            TierMove { from_tier: Some(Tier::A), to_tier: Tier::B, count: 3 },
            TierMove { from_tier: Some(Tier::B), to_tier: Tier::B, count: 5 },
        ];
        let (now, after) = counts(&all);
        assert_eq!(now, TierCounts { a: 3, b: 5, none: 2, ..TierCounts::default() });
        assert_eq!(after, TierCounts { a: 2, b: 8, ..TierCounts::default() });
    }
}
