use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::Options;
use crate::compare::{MISSING, Pattern, compare};
use crate::record::{FIELDS, Field, Prepared};

/// Fewest records from which anything can be learned.
const RECORDS_MIN: usize = 200;
/// Fewest expected pairs of one person from which their habits can be learned.
const MATCHES_MIN: f64 = 20.0;
/// Levels, at most.
const LEVELS: usize = 4;
/// No share is nothing: what was never seen is only rare.
const RARE: f64 = 1e-6;

/// There is too little (样本不足) to learn from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLittle;

/// Model (匹配模型): what the levels of each field say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Model {
    fields: Vec<FieldWeights>,
    /// Share of one person's pairs among all pairs.
    prior: f64,
}

/// What the levels of a field say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldWeights {
    /// The field.
    pub field: Field,
    /// From different to the same.
    pub levels: Vec<LevelWeight>,
}

/// What a level says.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LevelWeight {
    /// The level; 0 differs.
    pub level: u8,
    /// Share among pairs of one person.
    pub m: f64,
    /// Share among pairs of two people.
    pub u: f64,
    /// log2(m / u), in bits.
    pub weight: f64,
}

/// How a field of a pair agrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Agreement {
    /// The field.
    pub field: Field,
    /// How close; 0 differs.
    pub level: u8,
    /// The closest that there is.
    pub levels: u8,
    /// What that says, in bits.
    pub weight: f64,
}

/// What is said about a pair.
#[derive(Clone, Debug, PartialEq)]
pub struct Scored {
    /// All weights together, with what is known before anything is compared, in bits.
    pub weight: f64,
    /// The same as a probability.
    pub probability: f64,
    /// Fields that both have.
    pub agreements: Vec<Agreement>,
}

type Shares = [[f64; LEVELS]; FIELDS];

impl Model {
    /// Learns from records and from those of their pairs that share something; nobody labels anything.
    pub fn learn(records: &[Prepared], pairs: &[(u32, u32)], options: &Options) -> Result<Self, TooLittle> {
        if records.len() < RECORDS_MIN || pairs.is_empty() {
            return Err(TooLittle);
        }
        let u = strangers(records, options.samples);
        let mut patterns: BTreeMap<Pattern, f64> = BTreeMap::new();
        for (left, right) in pairs {
            let pattern = compare(&records[*left as usize], &records[*right as usize]);
            *patterns.entry(pattern).or_default() += 1.0;
        }
        let all = records.len() as f64 * (records.len() as f64 - 1.0) / 2.0;
        let (m, prior) = expect_and_maximise(&patterns, &u, all, options);
        if prior * all < MATCHES_MIN || !is_about_people(records, &m) {
            return Err(TooLittle);
        }
        Ok(Self::of(&m, &u, prior))
    }

    /// What is usual where there is too little to learn from: one in a hundred fields of one person differs, one in fifty
    /// has a slip; strangers agree as often as such values are shared in a town. Our own estimates, on the careful side.
    pub fn usual() -> Self {
        let mut m = [[0.0; LEVELS]; FIELDS];
        let mut u = [[0.0; LEVELS]; FIELDS];
        for (place, field) in Field::ALL.into_iter().enumerate() {
            let top = usize::from(field.levels());
            // How often it differs in one person, is the same in two, and is alike in two.
            let (differs, shared, alike) = match field {
                Field::Name => (0.03, 0.02, 0.06),
                Field::GivenName => (0.05, 0.005, 0.06),
                Field::Email | Field::Mobile => (0.20, 0.000_05, 0.004),
                Field::Number => (0.02, 0.000_01, 0.001),
                Field::Born => (0.02, 0.000_1, 0.03),
                Field::Address => (0.20, 0.000_2, 0.20),
                Field::District | Field::Postcode => (0.20, 0.05, 0.05),
                Field::City => (0.10, 0.3, 0.05),
            };
            for level in 0..=top {
                let share = |all: f64| all / (top - 1).max(1) as f64;
                m[place][level] = match level {
                    0 => differs,
                    _ if level == top => 1.0 - differs - 0.02,
                    _ => share(0.02),
                };
                u[place][level] = match level {
                    0 => 1.0 - shared - alike,
                    _ if level == top => shared,
                    _ => share(alike),
                };
            }
        }
        Self::of(&m, &u, 1e-4)
    }

    fn of(m: &Shares, u: &Shares, prior: f64) -> Self {
        let level = |place: usize, level: u8| {
            let (m, u) = (m[place][usize::from(level)].max(RARE), u[place][usize::from(level)].max(RARE));
            LevelWeight { level, m, u, weight: (m / u).log2() }
        };
        let weights = |(place, field): (usize, Field)| FieldWeights {
            field,
            levels: (0..=field.levels()).map(|one| level(place, one)).collect(),
        };
        Self { fields: Field::ALL.into_iter().enumerate().map(weights).collect(), prior }
    }

    /// Returns what each field says.
    pub fn weights(&self) -> &[FieldWeights] {
        &self.fields
    }

    /// Says how likely two records are about one person.
    pub fn score(&self, left: &Prepared, right: &Prepared) -> Scored {
        let pattern = compare(left, right);
        let agreements: Vec<Agreement> = self
            .fields
            .iter()
            .zip(pattern)
            .filter_map(|(field, level)| {
                let weight = field.levels.get(usize::from(level))?.weight;
                Some(Agreement { field: field.field, level, levels: field.field.levels(), weight })
            })
            .collect();
        let before = (self.prior / (1.0 - self.prior)).log2();
        let weight = before + agreements.iter().map(|one| one.weight).sum::<f64>();
        Scored { weight, probability: 1.0 / (1.0 + (-weight).exp2()), agreements }
    }
}

/// Fields that one person seldom has two of.
const OWN: [Field; 5] = [Field::Email, Field::Mobile, Field::Born, Field::Address, Field::Number];
/// Share of one person's pairs in which such fields are the same, on average and at least.
const SAME_MIN: f64 = 0.2;

/// Returns false where what was learned is not one person's pairs: where nobody is there twice, the likeliest explanation
/// of the pairs are people who share a name and nothing else, or whose numbers stand side by side.
fn is_about_people(records: &[Prepared], m: &Shares) -> bool {
    let has = |field: Field| {
        records.iter().any(|record| {
            let value = match field {
                Field::Email => &record.email,
                Field::Mobile => &record.mobile,
                Field::Born => &record.born,
                Field::Address => &record.address,
                _ => &record.number,
            };
            !value.is_empty()
        })
    };
    let places = Field::ALL.into_iter().enumerate().filter(|(_, field)| OWN.contains(field) && has(*field));
    let same: Vec<f64> = places.map(|(place, field)| m[place][usize::from(field.levels())]).collect();
    same.is_empty() || same.iter().sum::<f64>() / same.len() as f64 >= SAME_MIN
}

/// Levels of pairs that are drawn blindly: nearly all of them are two people.
fn strangers(records: &[Prepared], samples: usize) -> Shares {
    let mut counts = [[0.0; LEVELS]; FIELDS];
    // A fixed sequence (Knuth's linear congruential generator), so that the same people give the same model.
    let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut draw = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % records.len()
    };
    for _ in 0..samples {
        let (left, right) = (draw(), draw());
        if left != right {
            count(&mut counts, &compare(&records[left], &records[right]), 1.0);
        }
    }
    shares(&counts)
}

fn count(counts: &mut Shares, pattern: &Pattern, weight: f64) {
    for (levels, level) in counts.iter_mut().zip(pattern).filter(|(_, level)| **level != MISSING) {
        levels[usize::from(*level)] += weight;
    }
}

/// Shares of counts; a field that nobody has says nothing.
fn shares(counts: &Shares) -> Shares {
    let mut shares = [[0.0; LEVELS]; FIELDS];
    for (place, field) in Field::ALL.into_iter().enumerate() {
        let levels = usize::from(field.levels()) + 1;
        let all: f64 = counts[place][..levels].iter().sum();
        for level in 0..levels {
            shares[place][level] = match all > 0.0 {
                // Half a case more of each, so that nothing is impossible.
                true => (counts[place][level] + 0.5) / (all + 0.5 * levels as f64),
                false => 1.0 / levels as f64,
            };
        }
    }
    shares
}

/// Learns `m` and the share of one person's pairs among `all` pairs; pairs that share nothing are taken for two people.
fn expect_and_maximise(
    patterns: &BTreeMap<Pattern, f64>,
    u: &Shares,
    all: f64,
    options: &Options,
) -> (Shares, f64) {
    let mut m = [[0.0; LEVELS]; FIELDS];
    for (place, field) in Field::ALL.into_iter().enumerate() {
        let top = usize::from(field.levels());
        (0..=top).for_each(|level| m[place][level] = if level == top { 0.9 } else { 0.1 / top as f64 });
    }
    let mut prior = (patterns.values().sum::<f64>() / all / 10.0).clamp(1e-9, 0.1);
    for _ in 0..options.rounds {
        let (mut counts, mut matches) = ([[0.0; LEVELS]; FIELDS], 0.0);
        for (pattern, pairs) in patterns {
            let odds = likelihood(pattern, &m) * prior;
            let expected = pairs * odds / (odds + likelihood(pattern, u) * (1.0 - prior));
            matches += expected;
            count(&mut counts, pattern, expected);
        }
        let next = shares(&counts);
        let moved = (0..FIELDS).flat_map(|f| (0..LEVELS).map(move |l| (f, l)));
        let moved = moved.map(|(f, l)| (next[f][l] - m[f][l]).abs()).fold(0.0, f64::max);
        m = next;
        prior = (matches / all).clamp(1e-12, 0.5);
        if moved < options.tolerance {
            break;
        }
    }
    (m, prior)
}

fn likelihood(pattern: &Pattern, shares: &Shares) -> f64 {
    let known = pattern.iter().zip(shares).filter(|(level, _)| **level != MISSING);
    known.map(|(level, levels)| levels[usize::from(*level)].max(RARE)).product()
}
