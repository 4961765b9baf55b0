use kernel::{Id, Timestamp};
use lake::EventKind;
use lake::query::{Bounds, EventFilter, Span};

/// Condition on events (事件条件): what one person's events must come to.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaf {
    /// Which events; of a sequence, its first step.
    pub filter: EventFilter,
    /// Of which time.
    pub window: Window,
    /// What they come to.
    pub test: LeafTest,
}

/// Window (时间窗) in which events count. Nothing that lies ahead of now counts in any of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// Since ever.
    Ever,
    /// Within the last so many milliseconds: `now - ms < happened_at <= now`.
    Last {
        /// How many.
        ms: i64,
    },
    /// Between two fixed times.
    Between(Span),
}

/// Test (判定) of one person's events.
///
/// Who has none has a count and a sum of 0, which may well be within the bounds; no first, no last and no sequence.
#[derive(Clone, Debug, PartialEq)]
pub enum LeafTest {
    /// How many there are.
    Count(Bounds<i64>),
    /// Sum of their `value`, in millionths (see [`micros`]); those without one count as 0.
    Sum(Bounds<f64>),
    /// When the first happened.
    First(Bounds<Timestamp>),
    /// When the last happened.
    Last(Bounds<Timestamp>),
    /// They follow each other as the steps of `lake`'s funnel: there are different events, one for each step in turn,
    /// none earlier than the one before, the last at most `within_ms` after the first, all of them in the window.
    Sequence {
        /// What comes after the leaf's own filter, in this order.
        then: Vec<EventFilter>,
        /// From the first event to the last, at most.
        within_ms: i64,
    },
}

/// Event (事件), as the lake's columns have it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EventView<'a> {
    /// What was done; empty where it has no name.
    pub name: &'a str,
    /// Its kind.
    pub kind: EventKind,
    /// Where it came from.
    pub source_id: Id,
    /// By which channel somebody came to the page.
    pub channel: Option<&'a str>,
    /// Path of the page.
    pub path: Option<&'a str>,
    /// The product.
    pub product_id: Option<&'a str>,
    /// The order.
    pub order_id: Option<&'a str>,
    /// Currency of the value.
    pub currency: Option<&'a str>,
    /// What it was worth.
    pub value: Option<f64>,
    /// When it happened.
    pub at: Timestamp,
}

/// Returns a value in millionths, rounded to the nearest.
///
/// Sums are whole numbers of these: the order of the events makes no difference, an event that leaves a window takes away
/// exactly what it brought, and 0.1 + 0.2 is 0.3. What is beyond 10^24 counts as that; what is no number, as 0.
pub fn micros(value: f64) -> i128 {
    const MOST: i128 = 10_i128.pow(30);
    ((value * 1e6).round() as i128).clamp(-MOST, MOST)
}

/// A test, made ready to be asked (判定规则); bounds are inclusive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    Count(i64, i64),
    Sum(i128, i128),
    First(i64, i64),
    Last(i64, i64),
    Sequence { steps: usize, within_ms: i64 },
}

/// What events come to (小结).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    pub count: u64,
    pub sum: i128,
    pub first: i64,
    pub last: i64,
}

impl Rule {
    pub fn of(test: &LeafTest) -> Self {
        match test {
            LeafTest::Count(bounds) => {
                Self::Count(bounds.at_least.unwrap_or(i64::MIN), bounds.at_most.unwrap_or(i64::MAX))
            }
            LeafTest::Sum(bounds) => {
                let [least, most] = [bounds.at_least, bounds.at_most];
                if least.is_some_and(f64::is_nan) || most.is_some_and(f64::is_nan) {
                    return Self::Sum(i128::MAX, i128::MIN);
                }
                Self::Sum(least.map_or(i128::MIN, sum_bound), most.map_or(i128::MAX, sum_bound))
            }
            LeafTest::First(bounds) => Self::First(from(bounds), to(bounds)),
            LeafTest::Last(bounds) => Self::Last(from(bounds), to(bounds)),
            LeafTest::Sequence { then, within_ms } => {
                Self::Sequence { steps: then.len() + 1, within_ms: *within_ms }
            }
        }
    }

    /// Returns true where a summary is within the bounds; never for a sequence.
    pub fn fits(&self, summary: &Summary) -> bool {
        let any = summary.count > 0;
        match self {
            Self::Count(least, most) => {
                let count = i64::try_from(summary.count).unwrap_or(i64::MAX);
                (*least..=*most).contains(&count)
            }
            Self::Sum(least, most) => (*least..=*most).contains(&summary.sum),
            Self::First(least, most) => any && (*least..=*most).contains(&summary.first),
            Self::Last(least, most) => any && (*least..=*most).contains(&summary.last),
            Self::Sequence { .. } => false,
        }
    }
}

fn from(bounds: &Bounds<Timestamp>) -> i64 {
    bounds.at_least.map_or(i64::MIN, Timestamp::ms)
}

fn to(bounds: &Bounds<Timestamp>) -> i64 {
    bounds.at_most.map_or(i64::MAX, Timestamp::ms)
}

/// A bound that no value reaches is no bound: sums may well grow beyond the greatest value.
fn sum_bound(bound: f64) -> i128 {
    if bound.is_infinite() {
        return if bound > 0.0 { i128::MAX } else { i128::MIN };
    }
    micros(bound)
}

impl Summary {
    pub fn add(&mut self, at: i64, micros: i128) {
        self.first = if self.count == 0 { at } else { self.first.min(at) };
        self.last = if self.count == 0 { at } else { self.last.max(at) };
        self.count += 1;
        self.sum = self.sum.saturating_add(micros);
    }

    pub fn join(&mut self, other: &Self) {
        if self.count == 0 || other.count == 0 {
            if self.count == 0 {
                *self = *other;
            }
            return;
        }
        self.count += other.count;
        self.sum = self.sum.saturating_add(other.sum);
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
    }
}

impl Window {
    /// Returns true where an event that happened then counts now.
    pub fn has(self, at: i64, now: i64) -> bool {
        at <= now
            && match self {
                Self::Ever => true,
                Self::Last { ms } => at > now.saturating_sub(ms),
                Self::Between(span) => span.has(Timestamp::from_ms(at)),
            }
    }
}
