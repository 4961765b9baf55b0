//! Groups of people who are alike, what tells each of them from all others, and whether they would be found again.

use std::collections::BTreeMap;

use crate::cluster::{Points, adjusted_rand, assign, centres, silhouette};
use crate::draw::Draw;
use crate::feature::{Feature, Values, points, spread};

/// People, at least.
pub const PEOPLE_MIN: usize = 50;
/// People that centres are looked for among, at most; everybody then goes to the nearest.
const FIT_MAX: usize = 10_000;
/// People on whom silhouettes are measured, at most: it compares each with each.
const SILHOUETTE_MAX: usize = 1_000;
/// Pairs of halves that stability is measured on.
const HALVES: usize = 5;
const SEED: u64 = 20_050_614;
/// Traits of a group, at most.
const TRAITS_MAX: usize = 12;

/// How many groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupsWanted {
    /// So many.
    Exactly(usize),
    /// As many, between these, as have the best silhouette.
    Best(usize, usize),
}

/// Why there are no groups: too few people, or nothing in which they differ (数据不足).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooFewPeople {
    /// People.
    pub people: usize,
    /// True where they are enough, but the same in everything.
    pub all_alike: bool,
}

/// What tells a group from everybody (群体特点).
#[derive(Clone, Debug, PartialEq)]
pub struct Trait {
    /// The feature.
    pub feature: String,
    /// The value whose share is meant; absent for a number, whose mean is meant.
    pub value: Option<String>,
    /// Mean or share in the group.
    pub group: f64,
    /// Mean or share of everybody.
    pub overall: f64,
    /// The one by the other; absent where everybody's is 0.
    pub lift: Option<f64>,
    /// How far apart, in standard deviations of everybody.
    pub distance: f64,
}

/// Group of people who are alike (群体).
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// People.
    pub size: usize,
    /// What tells it from everybody, the most telling first.
    pub traits: Vec<Trait>,
}

/// Groups that were found (群体划分).
#[derive(Clone, Debug, PartialEq)]
pub struct Personas {
    /// The groups, the largest first.
    pub groups: Vec<Group>,
    /// The group of each person, in the order in which they came.
    pub of: Vec<usize>,
    /// How well they stand apart, -1 to 1.
    pub silhouette: f64,
    /// How much of it is found again in halves of the people, by adjusted Rand index; the mean of several.
    pub stability: f64,
    /// Numbers of groups that were tried, with their silhouettes.
    pub tried: Vec<(usize, f64)>,
}

/// Finds groups of people who are alike.
pub fn group(features: &[Feature], wanted: GroupsWanted) -> Result<Personas, TooFewPeople> {
    let points = points(features);
    let people = features.first().map_or(0, |feature| feature.values.len());
    if people < PEOPLE_MIN || points.width == 0 {
        return Err(TooFewPeople { people, all_alike: people >= PEOPLE_MIN });
    }
    let mut draw = Draw::seeded(SEED);
    let fitted = points.some(&draw.some_of(people, FIT_MAX));
    let judged = fitted.some(&draw.some_of(fitted.len(), SILHOUETTE_MAX));
    let (low, high) = match wanted {
        GroupsWanted::Exactly(k) => (k, k),
        GroupsWanted::Best(low, high) => (low, high),
    };
    let (mut tried, mut best) = (Vec::new(), None);
    for k in low.max(2)..=high.max(low).min(people / 2) {
        let found = centres(&fitted, k, SEED);
        let score = silhouette(&judged.values, judged.width, &assign(&judged, &found));
        tried.push((k, score));
        if best.as_ref().is_none_or(|(_, highest)| score > *highest) {
            best = Some((found, score));
        }
    }
    let (found, silhouette) = best.ok_or(TooFewPeople { people, all_alike: false })?;
    let (of, k) = by_size(&assign(&points, &found), found.len());
    let groups = (0..k).map(|group| describe(features, &of, group)).collect();
    let stability = stability(&fitted, found.len(), &mut draw);
    Ok(Personas { groups, of, silhouette, stability, tried })
}

/// Numbers groups from the largest on, without empty ones.
fn by_size(of: &[usize], k: usize) -> (Vec<usize>, usize) {
    let mut counts = vec![0_usize; k];
    for group in of {
        counts[*group] += 1;
    }
    let mut order: Vec<usize> = (0..k).filter(|group| counts[*group] > 0).collect();
    order.sort_by_key(|group| std::cmp::Reverse(counts[*group]));
    let mut place = vec![0; k];
    for (number, group) in order.iter().enumerate() {
        place[*group] = number;
    }
    (of.iter().map(|group| place[*group]).collect(), order.len())
}

/// Groups two halves, drawn with repeats, each for itself and compares how they would group everybody.
fn stability(points: &Points, k: usize, draw: &mut Draw) -> f64 {
    let n = points.len();
    let mut half = |seed: u64| {
        let drawn: Vec<usize> = (0..n.div_ceil(2)).map(|_| draw.below(n)).collect();
        assign(points, &centres(&points.some(&drawn), k, seed))
    };
    let pair = |round: usize| {
        let seed = SEED.wrapping_add(2 * round as u64 + 1);
        adjusted_rand(&half(seed), &half(seed + 1))
    };
    (0..HALVES).map(pair).sum::<f64>() / HALVES as f64
}

fn describe(features: &[Feature], of: &[usize], group: usize) -> Group {
    let inside: Vec<bool> = of.iter().map(|one| *one == group).collect();
    let size = inside.iter().filter(|one| **one).count();
    let mut traits: Vec<Trait> = features.iter().flat_map(|feature| traits(feature, &inside)).collect();
    traits.sort_by(|one, other| other.distance.abs().total_cmp(&one.distance.abs()));
    traits.truncate(TRAITS_MAX);
    Group { size, traits }
}

fn traits(feature: &Feature, inside: &[bool]) -> Vec<Trait> {
    match &feature.values {
        Values::Numbers(numbers) => number(&feature.name, numbers, inside).into_iter().collect(),
        Values::Choices(chosen) => choices(&feature.name, chosen, inside),
    }
}

fn number(name: &str, numbers: &[Option<f64>], inside: &[bool]) -> Option<Trait> {
    let (overall, deviation) = spread(numbers);
    let here: Vec<Option<f64>> =
        numbers.iter().zip(inside).filter(|(_, inside)| **inside).map(|(value, _)| *value).collect();
    let known = here.iter().flatten().count();
    let (group, _) = spread(&here);
    (known > 0 && deviation > 1e-9).then(|| Trait {
        feature: name.to_owned(),
        value: None,
        group,
        overall,
        lift: (overall != 0.0).then(|| group / overall),
        distance: (group - overall) / deviation,
    })
}

/// Shares among those of whom the value is known.
fn choices(name: &str, chosen: &[Option<String>], inside: &[bool]) -> Vec<Trait> {
    let mut counts: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
    let (mut known, mut known_here) = (0.0, 0.0);
    for (value, inside) in chosen.iter().zip(inside) {
        let Some(value) = value else { continue };
        let count = counts.entry(value).or_default();
        (known, count.0) = (known + 1.0, count.0 + 1.0);
        if *inside {
            (known_here, count.1) = (known_here + 1.0, count.1 + 1.0);
        }
    }
    if known_here == 0.0 {
        return Vec::new();
    }
    let one = |(value, (all, here)): (&str, (f64, f64))| {
        let (group, overall) = (here / known_here, all / known);
        let deviation = (overall * (1.0 - overall)).sqrt();
        (deviation > 1e-9).then(|| Trait {
            feature: name.to_owned(),
            value: Some(value.to_owned()),
            group,
            overall,
            lift: Some(group / overall),
            distance: (group - overall) / deviation,
        })
    };
    counts.into_iter().filter_map(one).collect()
}
