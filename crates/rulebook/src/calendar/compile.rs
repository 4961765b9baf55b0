use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use kernel::{Problem, Result, Timestamp};

use super::rules::{self, DayPlan};
use super::{CalendarSpec, ExceptionSpec};

/// First and last year that can be asked about: working time is about records, not about history.
const YEAR_MIN: i16 = 1970;
const YEAR_MAX: i16 = 2199;
/// Seconds of a day by the clock on the wall.
const DAY_SECONDS: i64 = 86_400;

/// One version of a calendar from its first day on.
#[derive(Debug)]
struct Layer {
    from: Date,
    spec: CalendarSpec,
    zone: TimeZone,
    exceptions: BTreeMap<Date, usize>,
}

impl Layer {
    fn exception(&self, date: Date) -> Option<&ExceptionSpec> {
        self.exceptions.get(&date).map(|place| &self.spec.exceptions[*place])
    }
}

/// Calendar (工作日历) compiled for questions: every day follows the newest version that is in force on it.
///
/// Years are compiled when they are first asked about. Ends are exclusive: at 18:00 a calendar that opens
/// from 09:00 to 18:00 is closed.
#[derive(Debug)]
pub struct Compiled {
    layers: Vec<Layer>,
    table: RwLock<Arc<Table>>,
}

impl Compiled {
    /// Compiles versions, the oldest first; each says from which day on it is in force.
    pub fn new(versions: Vec<(Date, CalendarSpec)>) -> Result<Self> {
        let layers: Result<Vec<Layer>> = versions.into_iter().map(|(from, spec)| layer(from, spec)).collect();
        let empty = Arc::new(Table { from: YEAR_MAX, to: YEAR_MIN, ..Table::default() });
        Ok(Self { layers: layers?, table: RwLock::new(empty) })
    }

    /// Returns the earliest time by which so many seconds were worked after `at`; with negative seconds, the
    /// latest from which on they were worked before it.
    pub fn add_work(&self, at: Timestamp, seconds: i64) -> Result<Timestamp> {
        self.add_ms(at, seconds.saturating_mul(1_000))
    }

    /// Returns how many whole seconds are worked between two times; negative where `to` is before `from`.
    pub fn work_between(&self, from: Timestamp, to: Timestamp) -> Result<i64> {
        Ok(self.ms_between(from, to)? / 1_000)
    }

    /// Does what [`Self::add_work`] does, in milliseconds.
    pub fn add_ms(&self, at: Timestamp, work: i64) -> Result<Timestamp> {
        if work == 0 {
            return Ok(at);
        }
        let year = year_of(at)?;
        let mut reach: i16 = 1;
        loop {
            let (from, to) = if work > 0 { (year, year + reach) } else { (year - reach, year) };
            let (from, to) = (from.max(YEAR_MIN), to.min(YEAR_MAX));
            if let Some(found) = self.table(from, to).add(at.ms(), work) {
                return Ok(Timestamp::from_ms(found));
            }
            if (work > 0 && to == YEAR_MAX) || (work < 0 && from == YEAR_MIN) {
                return Err(out_of_range());
            }
            reach = reach.saturating_mul(2).min(YEAR_MAX - YEAR_MIN);
        }
    }

    /// Does what [`Self::work_between`] does, in milliseconds.
    pub fn ms_between(&self, from: Timestamp, to: Timestamp) -> Result<i64> {
        let (first, last) = (from.min(to), from.max(to));
        let table = self.table(year_of(first)?, year_of(last)?);
        Ok(table.worked(to.ms()) - table.worked(from.ms()))
    }

    /// Returns true where the calendar is open at this time.
    pub fn is_open(&self, at: Timestamp) -> Result<bool> {
        let year = year_of(at)?;
        Ok(self.table(year, year).open_until(at.ms()).is_some())
    }

    /// Returns the first time from `at` on at which the calendar is open.
    pub fn next_open(&self, at: Timestamp) -> Result<Timestamp> {
        if self.is_open(at)? {
            return Ok(at);
        }
        // The first millisecond that is worked ends one after it begins.
        Ok(self.add_ms(at, 1)?.plus_ms(-1))
    }

    /// Returns how a day is worked.
    pub(super) fn plan(&self, date: Date) -> Option<DayPlan> {
        let layer = self.layer(date)?;
        Some(rules::plan(&layer.spec, layer.exception(date), date))
    }

    fn layer(&self, date: Date) -> Option<&Layer> {
        // Before the first version the first one holds: there is nothing else to say.
        self.layers.iter().rev().find(|layer| layer.from <= date).or_else(|| self.layers.first())
    }

    fn table(&self, from: i16, to: i16) -> Arc<Table> {
        let known = self.table.read().map_or_else(|p| p.into_inner().clone(), |table| table.clone());
        if known.from <= from && to <= known.to {
            return known;
        }
        let (from, to) = (from.min(known.from), to.max(known.to));
        let table = Arc::new(self.compile(from, to));
        *self.table.write().unwrap_or_else(std::sync::PoisonError::into_inner) = table.clone();
        table
    }

    fn compile(&self, from: i16, to: i16) -> Table {
        let (begin, end) = (midnight(Date::constant(from, 1, 1)), midnight(Date::constant(to + 1, 1, 1)));
        let segments: Vec<Segments> =
            self.layers.iter().map(|layer| Segments::of(&layer.zone, begin, end)).collect();
        let mut open: Vec<(i64, i64)> = Vec::new();
        // A day in a zone may begin a day before or after that day in UTC, and hours may run into the next.
        let mut date = Date::constant(from - 1, 12, 29);
        let last = Date::constant(to + 1, 1, 3);
        while date <= last {
            if let Some(place) = self.place(date) {
                let layer = &self.layers[place];
                let plan = rules::plan(&layer.spec, layer.exception(date), date);
                for (start, stop) in plan.hours {
                    let local = midnight(date);
                    let hours = (local + i64::from(start) * 60, local + i64::from(stop) * 60);
                    segments[place].push_utc(hours, (begin, end), &mut open);
                }
            }
            let Ok(next) = date.tomorrow() else { break };
            date = next;
        }
        Table::new(from, to, open)
    }

    fn place(&self, date: Date) -> Option<usize> {
        let newest = self.layers.iter().rposition(|layer| layer.from <= date);
        newest.or(if self.layers.is_empty() { None } else { Some(0) })
    }
}

fn layer(from: Date, spec: CalendarSpec) -> Result<Layer> {
    let zone = rules::zone(&spec.time_zone)
        .ok_or_else(|| Problem::internal(format!("no time zone {}", spec.time_zone)))?;
    let exceptions = spec.exceptions.iter().enumerate().map(|(place, e)| (e.date.0, place)).collect();
    Ok(Layer { from, spec, zone, exceptions })
}

fn year_of(at: Timestamp) -> Result<i16> {
    let year = at.instant().to_zoned(TimeZone::UTC).year();
    if (YEAR_MIN..=YEAR_MAX).contains(&year) { Ok(year) } else { Err(out_of_range()) }
}

fn out_of_range() -> Problem {
    Problem::unprocessable("rulebook.calendar.out_of_range").with("from", YEAR_MIN).with("to", YEAR_MAX)
}

/// Seconds since the epoch of a midnight, as if the day were one of UTC.
fn midnight(date: Date) -> i64 {
    let days = Date::constant(1970, 1, 1).until((jiff::Unit::Day, date)).map_or(0, |span| span.get_days());
    i64::from(days) * DAY_SECONDS
}

/// Times of one offset each, as a zone had them: from when on, and by how many seconds it is ahead of UTC.
#[derive(Debug)]
struct Segments(Vec<(i64, i64)>);

impl Segments {
    fn of(zone: &TimeZone, begin: i64, end: i64) -> Self {
        let Ok(start) = jiff::Timestamp::from_second(begin - 3 * DAY_SECONDS) else { return Self(vec![]) };
        let first = i64::from(zone.to_offset(start).seconds());
        let mut segments = vec![(i64::MIN, first)];
        for change in zone.following(start) {
            let at = change.timestamp().as_second();
            if at > end + 3 * DAY_SECONDS {
                break;
            }
            segments.push((at, i64::from(change.offset().seconds())));
        }
        Self(segments)
    }

    /// Adds the times in UTC at which the clock on the wall is within these hours: what falls into a gap
    /// begins when the gap is over, and hours that come twice count twice.
    fn push_utc(&self, hours: (i64, i64), bounds: (i64, i64), open: &mut Vec<(i64, i64)>) {
        for (place, (since, offset)) in self.0.iter().enumerate() {
            let until = self.0.get(place + 1).map_or(i64::MAX, |(at, _)| *at);
            let start = (hours.0 - offset).max(*since).max(bounds.0);
            let stop = (hours.1 - offset).min(until).min(bounds.1);
            if start < stop {
                open.push((start, stop));
            }
        }
    }
}

/// The open times of some years in UTC milliseconds: sorted, apart from each other, with what was worked
/// before each.
#[derive(Debug, Default)]
struct Table {
    from: i16,
    to: i16,
    starts: Vec<i64>,
    ends: Vec<i64>,
    before: Vec<i64>,
    total: i64,
}

impl Table {
    fn new(from: i16, to: i16, mut open: Vec<(i64, i64)>) -> Self {
        open.sort_unstable();
        let mut table = Self { from, to, ..Self::default() };
        for (start, end) in open.into_iter().map(|(start, end)| (start * 1_000, end * 1_000)) {
            match table.ends.last_mut() {
                Some(last) if start <= *last => *last = end.max(*last),
                _ => {
                    table.starts.push(start);
                    table.ends.push(end);
                }
            }
        }
        for (start, end) in table.starts.iter().zip(&table.ends) {
            table.before.push(table.total);
            table.total += end - start;
        }
        table
    }

    /// Returns what was worked until `at`, since the table begins.
    fn worked(&self, at: i64) -> i64 {
        match self.starts.partition_point(|start| *start <= at).checked_sub(1) {
            None => 0,
            Some(place) => self.before[place] + at.min(self.ends[place]) - self.starts[place],
        }
    }

    fn add(&self, at: i64, work: i64) -> Option<i64> {
        let target = self.worked(at) + work;
        if target < 0 || target > self.total {
            return None;
        }
        // Forward to the end of the last stretch worked, backward to the beginning of the first.
        let behind = if work > 0 {
            self.before.partition_point(|before| *before < target)
        } else {
            self.before.partition_point(|before| *before <= target)
        };
        let place = behind.checked_sub(1)?;
        Some(self.starts[place] + target - self.before[place])
    }

    fn open_until(&self, at: i64) -> Option<i64> {
        let place = self.starts.partition_point(|start| *start <= at).checked_sub(1)?;
        let end = self.ends[place];
        (at < end).then_some(end)
    }
}
