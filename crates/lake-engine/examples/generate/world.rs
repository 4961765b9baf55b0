use kernel::{DAY_MS, Id};

use crate::random::Random;

/// When the year begins: 2025-01-01T00:00:00Z.
pub const FROM: i64 = 1_735_689_600_000;
const DAYS: [i64; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// Somebody (人).
#[derive(Clone, Copy, Debug)]
pub struct Person {
    /// Their node; people are in the order of it.
    pub node: Id,
    /// Their number.
    pub number: u64,
    /// How much they do, beside others.
    pub weight: f32,
}

/// The made-up company's customers (虚构客户).
#[derive(Debug)]
pub struct World {
    /// What everything follows from.
    pub seed: u64,
    /// In the order of their nodes.
    pub people: Vec<Person>,
    /// Events of one day for each unit of weight.
    pub per_day: f64,
}

impl World {
    /// Makes people who have about so many events in the year.
    pub fn new(seed: u64, people: u64, events: u64) -> Self {
        let mut people: Vec<Person> = (0..people).map(|number| person(seed, number)).collect();
        people.sort_unstable_by_key(|person| person.node);
        let weights: f64 = people.iter().map(|person| f64::from(person.weight)).sum();
        Self { seed, people, per_day: events as f64 / 365.0 / weights }
    }

    /// Returns when a month of the year begins and ends.
    pub fn month(month: usize) -> (i64, i64) {
        let from = FROM + DAYS[..month].iter().sum::<i64>() * DAY_MS;
        (from, from + DAYS[month] * DAY_MS)
    }
}

/// A few people do most of what is done.
fn person(seed: u64, number: u64) -> Person {
    let mut random = Random::of(seed, &[1, number]);
    let mut digest = [0; 16];
    digest[..8].copy_from_slice(&random.next().to_be_bytes());
    digest[8..].copy_from_slice(&random.next().to_be_bytes());
    let weight = (1.0 - random.unit()).powf(-0.6).min(150.0) as f32;
    Person { node: Id::from_digest(digest), number, weight }
}
