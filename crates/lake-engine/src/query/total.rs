use kernel::{Result, Timestamp};
use lake::query::{Found, Measure, Total, TotalRow};

use super::calendar::Calendar;
use super::chunk::Chunk;
use super::hash::{Map, Set};
use super::held::{Held, NONE};
use super::machine::{Events, Machine, Tallies};
use super::plan::Wanted;

/// Stands for the whole span, among the periods.
const WHOLE: i64 = i64::MIN;

/// Answers how many and how much (汇总).
#[derive(Debug)]
pub struct Totals {
    leaf: usize,
    measure: Measure,
    /// Slot of the column whose values are told apart.
    distinct: Option<usize>,
    /// Slot of the column by which groups are made.
    by: Option<usize>,
    every: Option<Calendar>,
    top: Option<u32>,
    cells: Vec<Cell>,
    /// Places of the cells, by group and period.
    places: Map<(u32, i64), u32>,
    /// Those of the whole span, by group: most questions have no other.
    whole: Vec<Option<u32>>,
    /// Who is looked at, counted from 1.
    person: u64,
}

#[derive(Debug)]
enum Cell {
    Count(u64),
    People { count: u64, last: u64 },
    Sum { sum: f64, count: u64 },
    Average { sum: f64, count: u64 },
    Min(Option<f64>),
    Max(Option<f64>),
    Percentile(Vec<f64>),
    Distinct(Set<u32>),
}

impl Totals {
    pub fn new(total: &Total, wanted: &mut Wanted) -> Result<Self> {
        let leaf = wanted.leaf(&total.filter, total.span);
        let distinct = match total.measure {
            Measure::Count => None,
            Measure::Distinct(column) => Some(wanted.codes(column, leaf)),
            Measure::People => {
                wanted.by_person(leaf);
                None
            }
            _ => {
                wanted.values();
                None
            }
        };
        let by = total.by.map(|column| wanted.codes(column, leaf));
        let every = total.every.as_ref().map(Calendar::new).transpose()?;
        if every.is_some() {
            wanted.times();
        }
        let (measure, top) = (total.measure, total.top);
        let (cells, places, whole) = (Vec::new(), Map::default(), Vec::new());
        Ok(Self { leaf, measure, distinct, by, every, top, cells, places, whole, person: 1 })
    }

    /// Returns the periods of an event: its own, and the whole span where the greatest groups are wanted.
    fn periods(&mut self, at: i64, held: &mut Held) -> Result<[Option<i64>; 2]> {
        let Some(calendar) = &mut self.every else { return Ok([Some(WHOLE), None]) };
        let period = calendar.of(at, held)?.start;
        Ok([Some(period), self.top.map(|_| WHOLE)])
    }

    fn add(&mut self, group: u32, at: i64, value: Option<f64>, code: u32, held: &mut Held) -> Result<()> {
        for period in self.periods(at, held)?.into_iter().flatten() {
            let place = self.place(group, period, held)?;
            self.cells[place as usize].add(value, code, self.person, held)?;
        }
        Ok(())
    }

    /// Counts many events of a group at once.
    fn count(&mut self, group: u32, events: u64, held: &mut Held) -> Result<()> {
        let place = self.place(group, WHOLE, held)?;
        if let Cell::Count(count) = &mut self.cells[place as usize] {
            *count += events;
        }
        Ok(())
    }

    /// Returns the place of a cell, making it where it is new.
    fn place(&mut self, group: u32, period: i64, held: &mut Held) -> Result<u32> {
        let known = match period {
            WHOLE => self.whole.get(group as usize).copied().flatten(),
            _ => self.places.get(&(group, period)).copied(),
        };
        if let Some(place) = known {
            return Ok(place);
        }
        held.group()?;
        let place = self.cells.len() as u32;
        self.cells.push(Cell::new(self.measure));
        if period == WHOLE {
            let length = self.whole.len().max(group as usize + 1);
            self.whole.resize(length, None);
            self.whole[group as usize] = Some(place);
        } else {
            self.places.insert((group, period), place);
        }
        Ok(place)
    }

    /// Returns the figures, by period and group.
    fn figures(self) -> Vec<(i64, u32, Option<f64>)> {
        let whole = (0_u32..).zip(&self.whole).filter_map(|(group, place)| Some(((group, WHOLE), (*place)?)));
        let places: Map<u32, (u32, i64)> = self
            .places
            .iter()
            .map(|(key, place)| (*key, *place))
            .chain(whole)
            .map(|(key, place)| (place, key))
            .collect();
        let measure = self.measure;
        let cells = (0_u32..).zip(self.cells);
        cells
            .filter_map(|(place, cell)| {
                places.get(&place).map(|(group, period)| (*period, *group, cell.figure(measure)))
            })
            .collect()
    }
}

impl Machine for Totals {
    fn sees(&self) -> Vec<usize> {
        if self.measure == Measure::People { vec![self.leaf] } else { Vec::new() }
    }

    fn rows(&mut self, chunk: &mut Chunk, held: &mut Held) -> Result<()> {
        if self.measure == Measure::People {
            return Ok(());
        }
        if self.measure == Measure::Count
            && self.every.is_none()
            && let Some(slot) = self.by
            && let Some(counts) = chunk.counts(slot, self.leaf, held)?
        {
            return counts.into_iter().try_for_each(|(group, count)| self.count(group, count, held));
        }
        for row in chunk.fitting(self.leaf) {
            let group = self.by.map_or(Ok(NONE), |slot| chunk.code(slot, row, held))?;
            let code = self.distinct.map_or(Ok(NONE), |slot| chunk.code(slot, row, held))?;
            self.add(group, chunk.at(row), chunk.value(row), code, held)?;
        }
        Ok(())
    }

    fn events(&mut self, events: &Events, held: &mut Held) -> Result<()> {
        if self.measure == Measure::People {
            let leaf = self.leaf;
            for (place, event) in events.iter().filter(|(_, event)| event.fits(leaf)) {
                let group = self.by.map_or(NONE, |slot| events.code(place, slot));
                self.add(group, event.at, None, NONE, held)?;
            }
        }
        Ok(())
    }

    fn person_ends(&mut self, _node: u128, _tallies: &Tallies, _held: &mut Held) -> Result<()> {
        self.person += 1;
        Ok(())
    }

    fn found(mut self: Box<Self>, held: &Held) -> Found {
        if self.by.is_none() && self.every.is_none() && self.cells.is_empty() {
            self.cells.push(Cell::new(self.measure));
            self.whole.push(Some(0));
        }
        let (top, has_periods) = (self.top, self.every.is_some());
        let mut figures = self.figures();
        let text = |group: u32| held.text(group);
        // Without a value: after those with one; groups without a value of their column: after those with one.
        figures.sort_by(|(period, group, value), (other_period, other_group, other_value)| {
            let by_value =
                other_value.unwrap_or(f64::NEG_INFINITY).total_cmp(&value.unwrap_or(f64::NEG_INFINITY));
            let (name, other_name) = (text(*group), text(*other_group));
            let by_name = (name.is_none(), name).cmp(&(other_name.is_none(), other_name));
            period.cmp(other_period).then(by_value).then(by_name)
        });
        if let Some(top) = top {
            let whole = figures.iter().take_while(|(period, ..)| *period == WHOLE);
            let kept: Set<u32> = whole.take(top as usize).map(|(_, group, _)| *group).collect();
            figures.retain(|(period, group, _)| kept.contains(group) && !(has_periods && *period == WHOLE));
        }
        let rows = figures.into_iter().map(|(period, group, value)| TotalRow {
            period: (period != WHOLE).then(|| Timestamp::from_ms(period)),
            group: text(group).map(str::to_owned),
            value,
        });
        Found::Total { rows: rows.collect() }
    }
}

impl Cell {
    fn new(measure: Measure) -> Self {
        match measure {
            Measure::Count => Self::Count(0),
            Measure::People => Self::People { count: 0, last: 0 },
            Measure::Sum => Self::Sum { sum: 0.0, count: 0 },
            Measure::Average => Self::Average { sum: 0.0, count: 0 },
            Measure::Min => Self::Min(None),
            Measure::Max => Self::Max(None),
            Measure::Percentile(_) => Self::Percentile(Vec::new()),
            Measure::Distinct(_) => Self::Distinct(Set::default()),
        }
    }

    fn add(&mut self, value: Option<f64>, code: u32, person: u64, held: &mut Held) -> Result<()> {
        match self {
            Self::Count(count) => *count += 1,
            Self::People { count, last } => {
                *count += u64::from(*last != person);
                *last = person;
            }
            Self::Distinct(codes) => {
                if code != NONE && codes.insert(code) {
                    held.value()?;
                }
            }
            Self::Percentile(values) => {
                if let Some(value) = value {
                    held.value()?;
                    values.push(value);
                }
            }
            Self::Sum { sum, count } | Self::Average { sum, count } => {
                *sum += value.unwrap_or_default();
                *count += u64::from(value.is_some());
            }
            Self::Min(least) => *least = [*least, value].into_iter().flatten().reduce(f64::min),
            Self::Max(most) => *most = [*most, value].into_iter().flatten().reduce(f64::max),
        }
        Ok(())
    }

    fn figure(self, measure: Measure) -> Option<f64> {
        match self {
            Self::Count(count) | Self::People { count, .. } => Some(count as f64),
            Self::Distinct(codes) => Some(codes.len() as f64),
            Self::Sum { sum, count } => (count > 0).then_some(sum),
            Self::Average { sum, count } => (count > 0).then(|| sum / count as f64),
            Self::Min(value) | Self::Max(value) => value,
            Self::Percentile(values) => percentile(values, measure),
        }
    }
}

fn percentile(mut values: Vec<f64>, measure: Measure) -> Option<f64> {
    let Measure::Percentile(of) = measure else { return None };
    values.sort_by(f64::total_cmp);
    let place = (values.len().checked_sub(1)?) as f64 * of / 100.0;
    let (low, high) = (place.floor(), place.ceil());
    let (low_value, high_value) = (values[low as usize], values[high as usize]);
    Some(low_value + (high_value - low_value) * (place - low))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_lie_between_the_nearest() {
        let of = |percent| percentile(vec![40.0, 10.0, 30.0, 20.0], Measure::Percentile(percent));
        assert_eq!(
            [of(0.0), of(50.0), of(75.0), of(100.0)],
            [Some(10.0), Some(25.0), Some(32.5), Some(40.0)]
        );
        assert_eq!(percentile(Vec::new(), Measure::Percentile(50.0)), None);
    }
}
