//! What is kept of one person, written as tightly as it can be read back fast.

use crate::leaf::Summary;

/// An event that some leaf may still need (留存事件).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Logged {
    pub at: i64,
    /// Which filters it fits.
    pub class: u32,
    pub micros: i128,
}

/// Record (人员记录): everything that is known of one person's events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// Sequences without a moving window that were completed: they hold for good, and need no event any more.
    pub done: Vec<u32>,
    /// Summaries of events that count for good, by fold.
    pub folds: Vec<(u32, Summary)>,
    /// Events in the order of time.
    pub log: Vec<Logged>,
}

impl Record {
    pub fn clear(&mut self) {
        self.done.clear();
        self.folds.clear();
        self.log.clear();
    }

    pub fn is_empty(&self) -> bool {
        self.done.is_empty() && self.folds.is_empty() && self.log.is_empty()
    }

    /// Puts an event where its time is, behind others of the same.
    pub fn insert(&mut self, event: Logged) {
        let place = match self.log.last() {
            Some(last) if last.at > event.at => self.log.partition_point(|other| other.at <= event.at),
            _ => self.log.len(),
        };
        self.log.insert(place, event);
    }

    pub fn fold(&mut self, fold: u32, at: i64, micros: i128) {
        self.fold_mut(fold).add(at, micros);
    }

    pub fn summary(&self, fold: u32) -> Summary {
        let place = self.folds.binary_search_by_key(&fold, |(id, _)| *id);
        place.map_or_else(|_| Summary::default(), |place| self.folds[place].1)
    }

    pub fn fold_mut(&mut self, fold: u32) -> &mut Summary {
        let place = match self.folds.binary_search_by_key(&fold, |(id, _)| *id) {
            Ok(place) => place,
            Err(place) => {
                self.folds.insert(place, (fold, Summary::default()));
                place
            }
        };
        &mut self.folds[place].1
    }

    /// Takes over what another has: the two are one person.
    pub fn join(&mut self, other: &Self) {
        for leaf in &other.done {
            self.finish(*leaf);
        }
        for (fold, summary) in &other.folds {
            self.fold_mut(*fold).join(summary);
        }
        self.log.extend_from_slice(&other.log);
        self.log.sort_by_key(|event| event.at);
    }

    pub fn finish(&mut self, leaf: u32) {
        if !self.done.contains(&leaf) {
            self.done.push(leaf);
        }
    }

    /// Writes it; an empty one is no byte.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.clear();
        if self.is_empty() {
            return;
        }
        put(out, self.done.len() as u128);
        self.done.iter().for_each(|leaf| put(out, u128::from(*leaf)));
        put(out, self.folds.len() as u128);
        for (fold, summary) in &self.folds {
            put(out, u128::from(*fold));
            put(out, u128::from(summary.count));
            put(out, zigzag(summary.sum));
            put(out, zigzag(i128::from(summary.first)));
            put(out, zigzag(i128::from(summary.last) - i128::from(summary.first)));
        }
        let mut before = 0;
        for event in &self.log {
            put(out, zigzag(i128::from(event.at) - i128::from(before)));
            before = event.at;
            let has_value = event.micros != 0;
            put(out, u128::from(event.class) << 1 | u128::from(has_value));
            if has_value {
                put(out, zigzag(event.micros));
            }
        }
    }

    /// Reads what was written; nothing where it is something else.
    pub fn read(&mut self, bytes: &[u8]) -> Option<()> {
        self.clear();
        let mut rest = bytes;
        if rest.is_empty() {
            return Some(());
        }
        for _ in 0..take(&mut rest)? {
            self.done.push(u32::try_from(take(&mut rest)?).ok()?);
        }
        for _ in 0..take(&mut rest)? {
            let fold = u32::try_from(take(&mut rest)?).ok()?;
            let count = u64::try_from(take(&mut rest)?).ok()?;
            let sum = unzigzag(take(&mut rest)?);
            let first = unzigzag(take(&mut rest)?);
            let last = i64::try_from(first.checked_add(unzigzag(take(&mut rest)?))?).ok()?;
            let first = i64::try_from(first).ok()?;
            self.folds.push((fold, Summary { count, sum, first, last }));
        }
        let mut at = 0_i64;
        while !rest.is_empty() {
            at = i64::try_from(i128::from(at).checked_add(unzigzag(take(&mut rest)?))?).ok()?;
            let class = take(&mut rest)?;
            let micros = if class & 1 == 1 { unzigzag(take(&mut rest)?) } else { 0 };
            self.log.push(Logged { at, class: u32::try_from(class >> 1).ok()?, micros });
        }
        Some(())
    }
}

/// Small magnitudes become small numbers, whatever their sign.
fn zigzag(number: i128) -> u128 {
    (number << 1 ^ number >> 127) as u128
}

fn unzigzag(number: u128) -> i128 {
    (number >> 1) as i128 ^ -((number & 1) as i128)
}

fn put(out: &mut Vec<u8>, number: u128) {
    let mut number = number;
    while number > 0x7F {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn take(rest: &mut &[u8]) -> Option<u128> {
    // Nearly all numbers fit a word, which is several times as fast.
    let mut small = 0_u64;
    for (place, byte) in rest.iter().enumerate().take(9) {
        small |= u64::from(byte & 0x7F) << (7 * place);
        if byte & 0x80 == 0 {
            *rest = &rest[place + 1..];
            return Some(u128::from(small));
        }
    }
    let mut number = 0_u128;
    for (place, byte) in rest.iter().enumerate().take(19) {
        number |= u128::from(byte & 0x7F) << (7 * place);
        if byte & 0x80 == 0 {
            *rest = &rest[place + 1..];
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let mut record = Record { done: vec![3, 900], ..Record::default() };
        record.fold(7, -5, i128::from(i64::MAX) * 1_000);
        record.fold(2, i64::MAX, -12);
        record.fold(2, i64::MIN, 0);
        for (at, class, micros) in [(9, 1, 0), (i64::MAX, 70_000, -1), (i64::MIN, 2, 1 << 100), (9, 4, 1)] {
            record.insert(Logged { at, class, micros });
        }
        let order: Vec<u32> = record.log.iter().map(|event| event.class).collect();
        assert_eq!(order, [2, 1, 4, 70_000]);
        let (mut bytes, mut again) = (Vec::new(), Record::default());
        record.write(&mut bytes);
        assert_eq!((again.read(&bytes), &again), (Some(()), &record));
        assert!(again.read(&bytes[..bytes.len() - 1]).is_none());
        Record::default().write(&mut bytes);
        assert_eq!((bytes.len(), again.read(&bytes), again.is_empty()), (0, Some(()), true));
    }

    #[test]
    fn an_event_takes_about_ten_bytes() {
        let mut record = Record::default();
        for day in 0..30 {
            record.insert(Logged {
                at: 1_790_000_000_000 + day * 86_400_123,
                class: 200,
                micros: 19_990_000,
            });
        }
        let mut bytes = Vec::new();
        record.write(&mut bytes);
        assert!(bytes.len() <= 30 * 11 + 10, "{}", bytes.len());
    }
}
