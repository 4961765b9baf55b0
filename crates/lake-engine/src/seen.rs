//! Seen (已见编号): which events arrived before. A retry carries the same message id and never counts again.
//!
//! Each id is kept with the number of the event that brought it first, so that reading the log again after a crash takes
//! the same decisions. Ids lie in a keyspace for each month of arrival; whole months are dropped.

use std::collections::HashMap;
use std::path::Path;

use fjall::{Database, Keyspace, KeyspaceCreateOptions, PersistMode};
use kernel::{Id, Timestamp};
use sha2::{Digest, Sha256};

use crate::month::Month;

/// Name of an event among all: digest of its source and message id.
pub type Key = [u8; 16];

/// Months before the current one whose ids are kept: at least 30 days, also after a February.
const MONTHS_BEFORE: i32 = 2;
/// Memory for what is read again and again.
const CACHE_BYTES: u64 = 32 * 1024 * 1024;
/// Bytes of new ids before they go to disk. Keys are small, and each of them costs several times its bytes in memory.
const MEMTABLE_BYTES: u64 = 8 * 1024 * 1024;

/// Ids of the last months.
pub struct Seen {
    database: Database,
    months: HashMap<Month, Keyspace>,
}

impl std::fmt::Debug for Seen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Seen").field("months", &self.months.len()).finish_non_exhaustive()
    }
}

/// Returns the key of an event.
pub fn key(source: Id, message_id: &str) -> Key {
    let digest =
        Sha256::new().chain_update(source.to_string()).chain_update([0]).chain_update(message_id).finalize();
    let mut key = Key::default();
    key.copy_from_slice(&digest[..16]);
    key
}

/// An event that asks whether it is the first of its id.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// Its key.
    pub key: Key,
    /// Its number.
    pub number: u64,
    /// When it arrived.
    pub received_at: Timestamp,
}

impl Seen {
    /// Opens the ids, or begins without any.
    pub fn open(dir: &Path) -> fjall::Result<Self> {
        let database = Database::builder(dir).cache_size(CACHE_BYTES).manual_journal_persist(true).open()?;
        let mut seen = Self { database, months: HashMap::new() };
        for name in seen.database.list_keyspace_names() {
            if let Some(month) = Month::parse(&name) {
                seen.month(month)?;
            }
        }
        Ok(seen)
    }

    /// Says of each event whether it is the first with its id, and remembers it.
    pub fn first(&mut self, asked: &[Asked]) -> fjall::Result<Vec<bool>> {
        let mut answers = Vec::with_capacity(asked.len());
        let mut new: HashMap<Key, u64> = HashMap::with_capacity(asked.len());
        let mut batch = self.database.batch();
        for event in asked {
            let known = match new.get(&event.key) {
                Some(number) => Some(*number),
                None => self.find(event)?,
            };
            answers.push(known.is_none_or(|number| number == event.number));
            if known.is_none() {
                new.insert(event.key, event.number);
                let keyspace = self.month(Month::of(event.received_at))?;
                batch.insert(&keyspace, event.key, event.number.to_be_bytes());
            }
        }
        batch.commit()?;
        Ok(answers)
    }

    fn find(&self, event: &Asked) -> fjall::Result<Option<u64>> {
        let current = Month::of(event.received_at);
        // Nearly every id that is known came a moment ago, so the newest month is asked first. The one after is asked,
        // too: clocks of two starts may differ.
        for back in -1..=MONTHS_BEFORE {
            let Some(keyspace) = self.months.get(&current.minus(back)) else { continue };
            if let Some(value) = keyspace.get(event.key)? {
                let bytes: [u8; 8] = value.as_ref().try_into().unwrap_or([0xff; 8]);
                return Ok(Some(u64::from_be_bytes(bytes)));
            }
        }
        Ok(None)
    }

    fn month(&mut self, month: Month) -> fjall::Result<Keyspace> {
        if let Some(keyspace) = self.months.get(&month) {
            return Ok(keyspace.clone());
        }
        let keyspace = self.database.keyspace(&month.to_string(), options)?;
        self.months.insert(month, keyspace.clone());
        Ok(keyspace)
    }

    /// Makes everything that was remembered survive a power cut.
    pub fn persist(&self) -> fjall::Result<()> {
        self.database.persist(PersistMode::SyncAll)
    }

    /// Drops months whose ids no retry can bring any more.
    pub fn forget_before(&mut self, now: Timestamp) -> fjall::Result<()> {
        let oldest = Month::of(now).minus(MONTHS_BEFORE);
        let old: Vec<Month> = self.months.keys().copied().filter(|month| *month < oldest).collect();
        for keyspace in old.iter().filter_map(|month| self.months.remove(month)) {
            self.database.delete_keyspace(keyspace)?;
        }
        Ok(())
    }

    /// Returns true where no id is remembered.
    pub fn is_empty(&self) -> bool {
        self.months.is_empty()
    }
}

fn options() -> KeyspaceCreateOptions {
    KeyspaceCreateOptions::default().max_memtable_size(MEMTABLE_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(message: &str, number: u64, at: &str) -> Asked {
        let at: jiff::Timestamp = at.parse().expect("a time");
        Asked {
            key: key(Id::from_digest([1; 16]), message),
            number,
            received_at: Timestamp::from_ms(at.as_millisecond()),
        }
    }

    #[test]
    fn the_first_counts_and_reading_again_decides_alike() {
        let dir = tempfile::tempdir().expect("a directory");
        let events = [
            asked("a", 1, "2026-11-28T10:00:00Z"),
            asked("b", 2, "2026-11-28T10:00:00Z"),
            asked("a", 3, "2026-11-28T10:00:01Z"),
        ];
        let mut seen = Seen::open(dir.path()).expect("it opens");
        assert_eq!(seen.first(&events).expect("it answers"), [true, true, false]);
        assert_eq!(seen.first(&events).expect("it answers"), [true, true, false]);
        seen.persist().expect("a disk");
        drop(seen);
        let mut again = Seen::open(dir.path()).expect("it opens");
        assert_eq!(again.first(&events[1..]).expect("it answers"), [true, false]);
    }

    #[test]
    fn ids_are_known_for_thirty_days_over_every_turn_of_a_month() {
        let dir = tempfile::tempdir().expect("a directory");
        let mut seen = Seen::open(dir.path()).expect("it opens");
        for (place, (first, again)) in [
            ("2027-01-31T23:59:00Z", "2027-03-02T23:59:00Z"),
            ("2026-11-30T10:00:00Z", "2026-12-30T10:00:00Z"),
            ("2026-12-01T00:00:00Z", "2026-12-30T23:59:59Z"),
        ]
        .into_iter()
        .enumerate()
        {
            let (one, two) = (asked(&format!("m{place}"), 1, first), asked(&format!("m{place}"), 2, again));
            assert_eq!(seen.first(&[one]).expect("it answers"), [true]);
            seen.forget_before(two.received_at).expect("it forgets");
            assert_eq!(seen.first(&[two]).expect("it answers"), [false], "{first}");
        }
        seen.forget_before(asked("x", 1, "2027-08-01T00:00:00Z").received_at).expect("it forgets");
        assert!(seen.is_empty());
    }
}
