//! Decides a condition for one person from facts; the second opinion to the compiled SQL.

use kernel::Timestamp;

use super::sql::{ConsentFact, OrderFact, RedemptionFact, window_start};
use super::{Condition, FlagField, NumberField, TextField};
use crate::behaviour::{self, Done};
use crate::consent::ConsentState;
use crate::profile::Profile;

/// What decides a leaf, beside the profile itself.
#[derive(Clone, Debug, PartialEq)]
pub enum LeafFacts {
    /// The profile alone.
    Profile,
    /// Orders of the goods in the window.
    Orders(Vec<OrderFact>),
    /// Standing answers.
    Consents(Vec<ConsentFact>),
    /// Coupons handed in.
    Redemptions(Vec<RedemptionFact>),
    /// Events of the kinds in question.
    Events(Vec<Done>),
    /// A score, where there is one.
    Score(Option<f64>),
    /// Whether they belong to the persona.
    Persona(bool),
}

/// Decides a leaf.
pub fn holds(leaf: &Condition, profile: &Profile, facts: &LeafFacts, now: Timestamp) -> bool {
    match (leaf, facts) {
        (Condition::Text { field, one_of }, _) => {
            text(profile, *field).is_some_and(|value| one_of.contains(&value))
        }
        (Condition::Number { field, at_least, at_most }, _) => number(profile, *field)
            .is_some_and(|n| at_least.is_none_or(|low| n >= low) && at_most.is_none_or(|high| n <= high)),
        (Condition::Flag { field, is }, _) => flag(profile, *field) == Some(*is),
        (Condition::KnownSince { within_days }, _) => profile.created_at > window_start(now, *within_days),
        (Condition::Tier { one_of }, _) => profile.tier.is_some_and(|tier| one_of.contains(&tier)),
        (Condition::Consent { state: ConsentState::Never, .. }, LeafFacts::Consents(said)) => said.is_empty(),
        (Condition::Consent { state, .. }, LeafFacts::Consents(said)) => {
            said.iter().any(|c| c.state == *state)
        }
        (Condition::Ordered { at_least, total_at_least_minor, .. }, LeafFacts::Orders(orders)) => {
            let total: i64 = orders.iter().map(|order| order.total_minor).sum();
            orders.len() >= *at_least as usize && total_at_least_minor.is_none_or(|least| total >= least)
        }
        (Condition::Redeemed { .. }, LeafFacts::Redemptions(coupons)) => !coupons.is_empty(),
        (Condition::Did { .. } | Condition::DidInOrder { .. }, LeafFacts::Events(done)) => {
            behaviour::holds(leaf, done, now)
        }
        (Condition::Score { at_least, at_most, .. }, LeafFacts::Score(score)) => score.is_some_and(|n| {
            at_least.is_none_or(|low| n >= low as f64) && at_most.is_none_or(|high| n <= high as f64)
        }),
        (Condition::Persona { .. }, LeafFacts::Persona(belongs)) => *belongs,
        _ => unreachable!("facts are loaded for their leaf"),
    }
}

/// Returns a text of a profile as segments compare it.
pub fn text(profile: &Profile, field: TextField) -> Option<String> {
    match field {
        TextField::City => profile.city.clone(),
        TextField::District => profile.district.clone(),
        TextField::Language => profile.language.map(|language| language.as_str().to_owned()),
        TextField::Source => Some(profile.source.clone()),
        TextField::AgeBand => profile.age_band.map(|band| band.as_str().to_owned()),
        TextField::IncomeBand => profile.income_band.map(|band| band.as_str().to_owned()),
        TextField::Brand => profile.brand_id.map(|id| id.to_string()),
    }
}

/// Returns a number of a profile.
pub fn number(profile: &Profile, field: NumberField) -> Option<i64> {
    match field {
        NumberField::HouseholdSize => profile.household_size,
        NumberField::Children => profile.children,
    }
}

/// Returns a yes or no of a profile.
pub fn flag(profile: &Profile, field: FlagField) -> Option<bool> {
    match field {
        FlagField::Homeowner => profile.homeowner,
        FlagField::Married => profile.married,
        FlagField::HasEmail => Some(profile.email.is_some()),
        FlagField::HasMobile => Some(profile.mobile.is_some()),
    }
}
