//! What is beyond doubt, what a person decides, and what is nothing.

use kernel::Result;
use record_linkage::{Field, Scored};
use store::Store;

use super::FieldAgreement;

/// Policy parameter: from which probability pairs are joined by rule, in percent; 100: never.
const AUTO: &str = "identity.match_auto";
/// Policy parameter: from which probability pairs are shown to somebody, in percent.
const REVIEW: &str = "identity.match_review";

/// Borders between joining, asking and leaving alone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    /// From here on pairs are joined by rule; absent: never.
    pub auto_from: Option<f64>,
    /// From here on somebody is asked.
    pub review_from: f64,
}

/// Returns the borders in force.
pub async fn thresholds(store: &Store) -> Result<Thresholds> {
    let auto = rulebook::parameter::get(store, AUTO).await?.percent()? / 100.0;
    let review = rulebook::parameter::get(store, REVIEW).await?.percent()? / 100.0;
    Ok(Thresholds { auto_from: (auto < 1.0).then_some(auto), review_from: review })
}

/// What is to be done about a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// They are joined.
    Join,
    /// Somebody is asked.
    Ask,
    /// They are two people.
    Leave,
}

impl Thresholds {
    /// Decides about a pair.
    ///
    /// A family shares address and name and is not one person: nobody is joined by rule unless something agrees that is
    /// one person's own, and nothing of that kind differs.
    pub fn verdict(&self, scored: &Scored) -> Verdict {
        match self.auto_from {
            Some(from) if scored.probability >= from && is_own(scored) => Verdict::Join,
            _ if scored.probability >= self.review_from => Verdict::Ask,
            _ => Verdict::Leave,
        }
    }
}

/// Fields that are one person's own, as far as any field is.
const OWN: [Field; 3] = [Field::Email, Field::Number, Field::Born];
/// Fields in which two members of a family differ.
const TELLING: [Field; 3] = [Field::GivenName, Field::Born, Field::Number];

fn is_own(scored: &Scored) -> bool {
    let level = |field: Field| scored.agreements.iter().find(|one| one.field == field);
    let agrees = |field: &Field| level(*field).is_some_and(|one| one.level == one.levels);
    let differs = |field: &Field| level(*field).is_some_and(|one| one.level == 0);
    let named = [Field::Name, Field::GivenName].iter().all(|field| !differs(field));
    named && OWN.iter().any(agrees) && !TELLING.iter().any(differs)
}

/// Returns what speaks for a pair and against it, the strongest first.
pub fn agreements(scored: &Scored) -> Vec<FieldAgreement> {
    let mut found: Vec<FieldAgreement> = scored
        .agreements
        .iter()
        .map(|one| FieldAgreement {
            field: one.field.as_str().to_owned(),
            level: i64::from(one.level),
            levels: i64::from(one.levels),
            weight: one.weight,
        })
        .collect();
    found.sort_by(|one, other| other.weight.abs().total_cmp(&one.weight.abs()));
    found
}

#[cfg(test)]
mod tests {
    use record_linkage::Agreement;

    use super::*;

    fn scored(probability: f64, levels: &[(Field, u8, u8)]) -> Scored {
        let agreement = |(field, level, levels): &(Field, u8, u8)| Agreement {
            field: *field,
            level: *level,
            levels: *levels,
            weight: 1.0,
        };
        Scored { weight: 10.0, probability, agreements: levels.iter().map(agreement).collect() }
    }

    #[test]
    fn a_family_is_not_joined_by_rule() {
        let borders = Thresholds { auto_from: Some(0.99), review_from: 0.5 };
        let family = [(Field::Name, 3, 3), (Field::Address, 2, 2), (Field::Mobile, 1, 1)];
        assert_eq!(borders.verdict(&scored(0.999, &family)), Verdict::Ask);
        let same = [(Field::Name, 3, 3), (Field::GivenName, 3, 3), (Field::Email, 2, 2)];
        assert_eq!(borders.verdict(&scored(0.999, &same)), Verdict::Join);
        let sisters = [(Field::Name, 3, 3), (Field::GivenName, 0, 3), (Field::Email, 2, 2)];
        assert_eq!(borders.verdict(&scored(0.999, &sisters)), Verdict::Ask);
    }

    #[test]
    fn what_is_unlikely_is_left_alone() {
        let borders = Thresholds { auto_from: None, review_from: 0.5 };
        assert_eq!(borders.verdict(&scored(0.49, &[])), Verdict::Leave);
        assert_eq!(borders.verdict(&scored(1.0, &[(Field::Email, 2, 2)])), Verdict::Ask);
    }
}
