//! What a set may be, how people become features, and which group is which; no database and no clock.

use std::collections::{BTreeMap, BTreeSet};

use customer_value::{Feature, GroupsWanted, Personas, Trait, Values};
use kernel::{DAY_MS, Id, Problem, Result, Timestamp};

use super::sql::{Person, Spent};
use super::{NewPersonaSet, PersonaFeature, PersonaTrait};

pub const NAME_MAX: usize = 100;
const FEATURES_MAX: usize = 12;
const GROUPS: std::ops::RangeInclusive<i64> = 2..=12;
/// Numbers of groups that are tried where nobody says how many.
const TRIED: (usize, usize) = (2, 8);
/// Departments whose shares are compared, the largest ones.
const DEPARTMENTS_MAX: usize = 8;
/// Between the feature's name and the department in a name of the analysis.
const OF: &str = "department:";

/// Checks a new set.
pub fn check(new: &NewPersonaSet) -> Result<()> {
    let mut problem = Problem::unprocessable("customers.persona.invalid");
    if !is_name(&new.name) {
        problem = problem.with_field("name", "customers.persona.name_length");
    }
    let different: BTreeSet<PersonaFeature> = new.features.iter().copied().collect();
    if different.is_empty() || different.len() != new.features.len() || different.len() > FEATURES_MAX {
        problem = problem.with_field("features", "customers.persona.features_count");
    }
    if new.group_count.is_some_and(|count| !GROUPS.contains(&count)) {
        problem = problem.with_field("group_count", "customers.field.out_of_range");
    }
    if problem.fields.is_empty() { Ok(()) } else { Err(problem) }
}

/// Checks what somebody calls a persona.
pub fn check_name(name: &str) -> Result<()> {
    if is_name(name) {
        return Ok(());
    }
    Err(Problem::unprocessable("customers.persona.invalid")
        .with_field("name", "customers.persona.name_length"))
}

fn is_name(name: &str) -> bool {
    (1..=NAME_MAX).contains(&name.trim().chars().count())
}

/// Says how many groups are looked for.
pub fn wanted(group_count: Option<i64>) -> GroupsWanted {
    match group_count.and_then(|count| usize::try_from(count).ok()) {
        Some(count) => GroupsWanted::Exactly(count),
        None => GroupsWanted::Best(TRIED.0, TRIED.1),
    }
}

/// Makes people comparable.
pub fn features(
    chosen: &[PersonaFeature],
    people: &[Person],
    spent: &[Spent],
    now: Timestamp,
) -> Vec<Feature> {
    let one = |feature: &PersonaFeature| match values(*feature, people, now) {
        Some(values) => vec![Feature { name: feature.as_str().to_owned(), values }],
        None => departments(people, spent),
    };
    chosen.iter().flat_map(one).collect()
}

fn values(feature: PersonaFeature, people: &[Person], now: Timestamp) -> Option<Values> {
    let numbers =
        |of: &dyn Fn(&Person) -> Option<f64>| Some(Values::Numbers(people.iter().map(of).collect()));
    let choices =
        |of: &dyn Fn(&Person) -> Option<String>| Some(Values::Choices(people.iter().map(of).collect()));
    let yes = |is: bool| if is { "yes".to_owned() } else { "no".to_owned() };
    match feature {
        PersonaFeature::RecencyDays => numbers(&|p| Some(p.recency_days as f64)),
        PersonaFeature::OrderCount => numbers(&|p| Some(p.order_count as f64)),
        PersonaFeature::OrderValue => numbers(&|p| Some(p.total_minor as f64 / p.order_count.max(1) as f64)),
        PersonaFeature::Total => numbers(&|p| Some(p.total_minor as f64)),
        PersonaFeature::PAlive => numbers(&|p| p.p_alive),
        PersonaFeature::ExpectedValue => numbers(&|p| p.expected_value_minor.map(|minor| minor as f64)),
        PersonaFeature::HouseholdSize => numbers(&|p| p.household_size.map(|n| n as f64)),
        PersonaFeature::Children => numbers(&|p| p.children.map(|n| n as f64)),
        PersonaFeature::DaysKnown => {
            numbers(&|p| Some((now.ms() - p.created_at.ms()).div_euclid(DAY_MS) as f64))
        }
        PersonaFeature::AgeBand => choices(&|p| p.age_band.clone()),
        PersonaFeature::IncomeBand => choices(&|p| p.income_band.clone()),
        PersonaFeature::City => choices(&|p| p.city.clone()),
        PersonaFeature::Language => choices(&|p| p.language.clone()),
        PersonaFeature::Source => choices(&|p| Some(p.source.clone())),
        PersonaFeature::Tier => choices(&|p| p.tier.clone()),
        PersonaFeature::Homeowner => choices(&|p| p.homeowner.map(yes)),
        PersonaFeature::Married => choices(&|p| p.married.map(yes)),
        PersonaFeature::Department => None,
    }
}

/// Shares of what each person spends in the departments where most is spent.
fn departments(people: &[Person], spent: &[Spent]) -> Vec<Feature> {
    let (mut sums, mut totals) = (BTreeMap::<&str, i64>::new(), BTreeMap::<Id, i64>::new());
    for one in spent {
        *sums.entry(&one.department).or_default() += one.total_minor;
        *totals.entry(one.profile_id).or_default() += one.total_minor;
    }
    let mut largest: Vec<(&str, i64)> = sums.into_iter().collect();
    largest.sort_by_key(|(name, sum)| (std::cmp::Reverse(*sum), *name));
    largest.truncate(DEPARTMENTS_MAX);
    let share = |department: &str| {
        let here: BTreeMap<Id, i64> = spent
            .iter()
            .filter(|one| one.department == department)
            .map(|one| (one.profile_id, one.total_minor))
            .collect();
        let of_person = |person: &Person| {
            let total = totals.get(&person.id).copied().filter(|total| *total > 0)?;
            Some(here.get(&person.id).copied().unwrap_or(0) as f64 / total as f64)
        };
        people.iter().map(of_person).collect()
    };
    largest
        .into_iter()
        .map(|(name, _)| Feature { name: format!("{OF}{name}"), values: Values::Numbers(share(name)) })
        .collect()
}

/// Says what tells each group from everybody, as it is stored.
pub fn traits(found: &[Trait]) -> Vec<PersonaTrait> {
    let one = |of: &Trait| {
        let (feature, value) = match of.feature.strip_prefix(OF) {
            Some(department) => (PersonaFeature::Department, Some(department.to_owned())),
            None => (of.feature.parse().ok()?, of.value.clone()),
        };
        Some(PersonaTrait {
            feature,
            value,
            group: of.group,
            overall: of.overall,
            lift: of.lift,
            distance: of.distance,
        })
    };
    found.iter().filter_map(one).collect()
}

/// Says which persona each group was before: the one that has most people in common, where that is at least half of the
/// smaller of the two.
pub fn same_as_before(before: &BTreeMap<Id, Id>, people: &[Person], found: &Personas) -> Vec<Option<Id>> {
    let (mut common, mut sizes) = (BTreeMap::<(usize, Id), usize>::new(), BTreeMap::<Id, usize>::new());
    for persona in before.values() {
        *sizes.entry(*persona).or_default() += 1;
    }
    for (person, group) in people.iter().zip(&found.of) {
        if let Some(persona) = before.get(&person.id) {
            *common.entry((*group, *persona)).or_default() += 1;
        }
    }
    let mut pairs: Vec<((usize, Id), usize)> = common.into_iter().collect();
    pairs.sort_by_key(|(pair, count)| (std::cmp::Reverse(*count), *pair));
    let (mut same, mut taken) = (vec![None; found.groups.len()], BTreeSet::new());
    for ((group, persona), count) in pairs {
        let smaller = found.groups[group].size.min(sizes[&persona]);
        if same[group].is_none() && count * 2 >= smaller && taken.insert(persona) {
            same[group] = Some(persona);
        }
    }
    same
}

#[cfg(test)]
mod tests {
    use customer_value::Group;

    use super::*;

    fn person(id: Id) -> Person {
        serde_json::from_value(
            serde_json::json!({ "id": id, "recency_days": 1, "order_count": 1, "total_minor": 500,
            "created_at": "2026-01-01T00:00:00Z", "source": "test" }),
        )
        .expect("a person")
    }

    fn grouped(of: Vec<usize>, sizes: &[usize]) -> Personas {
        let groups = sizes.iter().map(|size| Group { size: *size, traits: Vec::new() }).collect();
        Personas { groups, of, silhouette: 0.0, stability: 0.0, tried: Vec::new() }
    }

    #[test]
    fn a_group_keeps_its_id_while_half_of_it_stays() {
        let people: Vec<Person> = (0..8).map(|_| person(Id::new())).collect();
        let (one, other) = (Id::new(), Id::new());
        let before =
            people.iter().enumerate().map(|(n, p)| (p.id, if n < 4 { one } else { other })).collect();
        let found = grouped(vec![1, 1, 1, 0, 0, 0, 0, 0], &[5, 3]);
        assert_eq!(same_as_before(&before, &people, &found), [Some(other), Some(one)]);
        let found = grouped(vec![0, 1, 2, 3, 0, 1, 2, 3], &[2, 2, 2, 2]);
        let kept: Vec<Id> = same_as_before(&before, &people, &found).into_iter().flatten().collect();
        assert_eq!(kept.len(), 2, "each is kept by one group at most");
        assert_eq!(same_as_before(&BTreeMap::new(), &people, &found), [None; 4]);
    }

    #[test]
    fn shares_of_departments_become_features() {
        let people = [person(Id::new()), person(Id::new())];
        let spent = |person: usize, department: &str, total_minor| Spent {
            profile_id: people[person].id,
            department: department.to_owned(),
            total_minor,
        };
        let spent = [spent(0, "PRODUCE", 300), spent(0, "MEAT", 100)];
        let found = features(&[PersonaFeature::Department], &people, &spent, Timestamp::from_ms(0));
        assert_eq!(found[0].name, "department:PRODUCE");
        let Values::Numbers(shares) = &found[0].values else { panic!("numbers") };
        assert_eq!(shares, &[Some(0.75), None]);
    }
}
