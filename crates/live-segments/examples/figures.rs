//! How fast and how large live leaves are: a line of JSON. Arguments: people, leaves, events a second, seconds.
//!
//! The names of events are skewed as they are in life (the first of 300 makes up about a sixth); leaves are those that
//! people who plan campaigns ask for: so often, so much and step by step within 7, 30 or 90 days.

use std::time::{Duration, Instant};

use kernel::{DAY_MS, Id, Timestamp};
use lake::EventKind;
use lake::query::{Bounds, Column, Condition, EventFilter, Operator, Value};
use live_segments::{EventView, Leaf, LeafTest, Limits, Live, News, Window};

const NAMES: usize = 300;
const NOW: i64 = 1_790_000_000_000;

/// Numbers that look random and are the same each time: splitmix64.
struct Drawn(u64);

impl Drawn {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ mixed >> 31
    }

    fn below(&mut self, most: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(most)) >> 64) as u64
    }

    /// The first places most often, as by Zipf's law.
    fn skewed(&mut self) -> usize {
        let share = self.next() as f64 / u64::MAX as f64;
        ((NAMES as f64 + 1.0).powf(share) - 1.0) as usize % NAMES
    }
}

fn filter(drawn: &mut Drawn, names: &[String]) -> EventFilter {
    let name = names[drawn.skewed()].clone();
    let where_ = match drawn.below(5) {
        0 => vec![Condition {
            column: Column::Value,
            op: Operator::Ge,
            value: Some(Value::Number(10.0 * (1 + drawn.below(5)) as f64)),
        }],
        _ => Vec::new(),
    };
    EventFilter { names: vec![name], where_, ..EventFilter::default() }
}

fn leaf(drawn: &mut Drawn, names: &[String]) -> Leaf {
    let days = [7, 30, 90][drawn.below(3) as usize];
    let least = 1 + drawn.below(5);
    let window = if drawn.below(10) == 0 { Window::Ever } else { Window::Last { ms: days * DAY_MS } };
    let (window, test) = match drawn.below(10) {
        0..6 => (window, LeafTest::Count(Bounds { at_least: Some(least as i64), at_most: None })),
        6..8 => (window, LeafTest::Sum(Bounds { at_least: Some(50.0 * least as f64), at_most: None })),
        8 => (window, LeafTest::Count(Bounds { at_least: None, at_most: Some(0) })),
        _ => {
            let then = (0..1 + drawn.below(2)).map(|_| filter(drawn, names)).collect();
            (Window::Last { ms: days * DAY_MS }, LeafTest::Sequence { then, within_ms: DAY_MS })
        }
    };
    Leaf { filter: filter(drawn, names), window, test }
}

fn event<'a>(drawn: &mut Drawn, names: &'a [String], at: i64) -> EventView<'a> {
    let name = drawn.skewed();
    EventView {
        name: &names[name],
        kind: EventKind::Track,
        source_id: Id::from_bytes([1; 16]),
        channel: None,
        path: None,
        product_id: None,
        order_id: None,
        currency: None,
        value: name.is_multiple_of(4).then(|| drawn.below(10_000) as f64 / 100.0),
        at: Timestamp::from_ms(at),
    }
}

fn person(number: u64) -> u128 {
    u128::from(number) << 64 | u128::from(number.wrapping_mul(0x9E37_79B9_7F4A_7C15))
}

/// Loads a history: of nine people in ten up to 20 events within 90 days, of the others up to 110.
fn load(live: &mut Live, people: u64, drawn: &mut Drawn, names: &[String]) -> usize {
    let (mut news, mut loaded) = (News::default(), 0);
    for number in 0..people {
        let most = if number.is_multiple_of(10) { 110 } else { 20 };
        let events: Vec<EventView<'_>> = (0..drawn.below(most + 1))
            .map(|_| {
                let before = drawn.below(90 * DAY_MS as u64) as i64;
                event(drawn, names, NOW - before)
            })
            .collect();
        loaded += events.len();
        live.load(person(number), &events, Timestamp::from_ms(NOW), &mut news);
        news.changes.clear();
    }
    loaded
}

fn names() -> Vec<String> {
    (0..NAMES).map(|number| format!("Event number {number}")).collect()
}

fn percentile(sorted: &[u64], of: f64) -> f64 {
    let place = ((sorted.len() - 1) as f64 * of).round() as usize;
    sorted[place] as f64 / 1_000.0
}

fn main() {
    let arguments: Vec<u64> = std::env::args().skip(1).filter_map(|it| it.parse().ok()).collect();
    let given = |place: usize, usual| arguments.get(place).copied().unwrap_or(usual);
    let (people, leaves, rate, seconds) =
        (given(0, 1_000_000), given(1, 1_000), given(2, 2_000), given(3, 60));
    let (mut drawn, names) = (Drawn(7), names());
    let mut live = Live::new(Limits::default(), Timestamp::from_ms(NOW));
    let (mut ids, mut news) = (Vec::new(), News::default());
    let adding = Instant::now();
    while ids.len() < leaves as usize {
        let id = live.add(&leaf(&mut drawn, &names)).expect("there is room");
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    let adding = adding.elapsed();

    let loading = Instant::now();
    let loaded = load(&mut live, people, &mut drawn, &names);
    let loading = loading.elapsed();

    // As many events as come in the time, one after the other; some come late, some are dated ahead.
    let (mut taken, mut advances, mut changes, mut late) = (Vec::new(), Vec::new(), 0, 0_u64);
    let begun = Instant::now();
    for second in 0..seconds as i64 {
        let now = NOW + (second + 1) * 1_000;
        let advance = Instant::now();
        live.advance(Timestamp::from_ms(now), &mut news);
        advances.push(advance.elapsed().as_nanos() as u64);
        for _ in 0..rate {
            let person = person(drawn.below(people));
            let shift = match drawn.below(100) {
                0 => 60_000,
                1..5 => -(drawn.below(DAY_MS as u64) as i64),
                _ => 0,
            };
            late += u64::from(shift < 0);
            let event = event(&mut drawn, &names, now + shift);
            let one = Instant::now();
            live.feed(person, &event, Timestamp::from_ms(now), &mut news);
            taken.push(one.elapsed().as_nanos() as u64);
        }
        changes += news.changes.len();
        news.changes.clear();
    }
    let elapsed = begun.elapsed();
    let writing = Instant::now();
    let pieces: Vec<Vec<u8>> = live.snapshot().collect();
    let snapshot_bytes: usize = pieces.iter().map(Vec::len).sum();
    let writing = writing.elapsed();
    let reading = Instant::now();
    let restored = Live::restore(Limits::default(), pieces).expect("what was written");
    let reading = reading.elapsed();
    taken.sort_unstable();
    advances.sort_unstable();
    let ms = |time: Duration| time.as_secs_f64() * 1_000.0;
    let line = serde_json::json!({
        "people": restored.people(), "leaves": ids.len(), "events": taken.len(), "late": late, "changes": changes,
        "events_per_second": taken.len() as f64 / elapsed.as_secs_f64(),
        "event_us": { "p50": percentile(&taken, 0.5), "p99": percentile(&taken, 0.99),
            "p999": percentile(&taken, 0.999), "max": percentile(&taken, 1.0) },
        "advance_1s_us": { "p50": percentile(&advances, 0.5), "max": percentile(&advances, 1.0) },
        "add_all_leaves_ms": ms(adding),
        "load": { "events": loaded, "seconds": loading.as_secs_f64() },
        "bytes": live.bytes(), "bytes_per_person": live.bytes() / live.people().max(1),
        "overloaded": news.overloaded.len(),
        "snapshot": { "bytes": snapshot_bytes, "write_ms": ms(writing), "restore_ms": ms(reading) },
    });
    println!("{line}");
}
