//! Snapshots: what is kept, in pieces of which each is checked by itself.

use kernel::{Id, Timestamp};
use lake::EventKind;
use lake::query::{Bounds, Column, Condition, EventFilter, Operator, Span, Value};
use serde::{Deserialize, Serialize};

use crate::live::{Limits, Live, News};
use crate::people::NEVER;
use crate::plan::{Held, LeafState, Place, Plan, Tables};
use crate::record::Record;
use crate::{Leaf, LeafTest, Window};

const MAGIC: [u8; 4] = *b"BWls";
/// Counts up whenever what is written changes its meaning.
const VERSION: u16 = 1;
/// Bytes before a piece's content: magic, version, number, checksum.
const HEAD: usize = 14;
/// People of a piece.
const PIECE_PEOPLE: usize = 10_000;

/// Why a snapshot cannot be used (快照不可用): everything must be loaded instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// Another version of the program wrote it.
    #[error("another version wrote the snapshot")]
    OtherVersion,
    /// A piece is not what was written, or stands where another belongs.
    #[error("the snapshot is damaged")]
    Damaged,
    /// Its last piece is missing.
    #[error("the snapshot is incomplete")]
    Incomplete,
}

#[derive(Serialize, Deserialize)]
enum Piece {
    Begins(Box<Begins>),
    People(Vec<(u128, Vec<u8>, bool)>),
    Ends { people: u64 },
}

#[derive(Serialize, Deserialize)]
struct Begins {
    now: i64,
    is_fed: bool,
    leaves: Vec<Option<SavedHeld>>,
    filters: Vec<Option<SavedFilter>>,
    tables: Tables,
}

#[derive(Serialize, Deserialize)]
struct SavedHeld {
    leaf: SavedLeaf,
    shared: u32,
    state: LeafState,
    place: Place,
}

/// Pieces (快照分片) of a snapshot, each about a megabyte or less. Keep their order and where each ends.
pub struct Pieces<'a> {
    live: &'a Live,
    slot: u32,
    number: u32,
    people: u64,
    has_ended: bool,
}

impl Live {
    /// Writes what is kept at this moment.
    pub fn snapshot(&self) -> Pieces<'_> {
        Pieces { live: self, slot: 0, number: 0, people: 0, has_ended: false }
    }

    /// Takes up what was written. Every leaf has the id and the state it had; what came after must be fed again.
    pub fn restore<P: AsRef<[u8]>>(
        limits: Limits,
        pieces: impl IntoIterator<Item = P>,
    ) -> Result<Self, Unusable> {
        let mut pieces = pieces.into_iter();
        let first = pieces.next().ok_or(Unusable::Incomplete)?;
        let Piece::Begins(begins) = open(first.as_ref(), 0)? else { return Err(Unusable::Damaged) };
        let mut live = begins.restored(limits)?;
        let mut restored = 0;
        for (number, piece) in (1..).zip(pieces) {
            match open(piece.as_ref(), number)? {
                Piece::Begins(_) => return Err(Unusable::Damaged),
                Piece::People(people) => {
                    restored += people.len() as u64;
                    people.into_iter().try_for_each(|(id, record, aside)| live.take(id, &record, aside))?;
                }
                Piece::Ends { people } if people == restored => return Ok(live),
                Piece::Ends { .. } => return Err(Unusable::Damaged),
            }
        }
        Err(Unusable::Incomplete)
    }

    fn take(&mut self, id: u128, record: &[u8], is_aside: bool) -> Result<(), Unusable> {
        let mut read = Record::default();
        read.read(record).ok_or(Unusable::Damaged)?;
        let is_known = read.folds.iter().all(|(fold, _)| (*fold as usize) < self.plan.folds.len())
            && read.log.iter().all(|event| (event.class as usize) < self.plan.classes.len());
        if !is_known {
            return Err(Unusable::Damaged);
        }
        let slot = self.people.find_or_add(id);
        if is_aside {
            self.aside.insert(slot);
            return Ok(());
        }
        self.people.keep(slot, record);
        self.open(slot);
        self.look_at_all();
        // What holds is worked out again; it is no news to anybody.
        self.close(slot, NEVER, &mut News::default());
        Ok(())
    }
}

impl Begins {
    fn of(live: &Live) -> Self {
        let plan = &live.plan;
        let held = |held: &Held| SavedHeld {
            leaf: SavedLeaf::of(&held.leaf),
            shared: held.shared,
            state: held.state,
            place: held.place,
        };
        let tables = Tables {
            tracks: plan.tracks.iter().map(|it| it.as_ref().map(|track| track.filters.clone())).collect(),
            folds: plan
                .folds
                .iter()
                .map(|it| it.as_ref().map(|fold| (fold.filter, saved_span(fold.span))))
                .collect(),
            classes: plan.classes.iter().map(|class| class.filters.clone()).collect(),
        };
        Self {
            now: live.now,
            is_fed: live.is_fed,
            leaves: plan.leaves.iter().map(|it| it.as_ref().map(held)).collect(),
            filters: plan.filters.iter().map(|it| it.as_ref().map(SavedFilter::of)).collect(),
            tables,
        }
    }

    fn restored(self, limits: Limits) -> Result<Live, Unusable> {
        let (tracks, folds) = (self.tables.tracks.len(), self.tables.folds.len());
        let has_place = |held: &SavedHeld| match held.place {
            Place::Track(track) => (track as usize) < tracks,
            Place::Fold(fold) => (fold as usize) < folds,
        };
        if !self.leaves.iter().flatten().all(has_place) {
            return Err(Unusable::Damaged);
        }
        let held = |it: SavedHeld| Held {
            shared: it.shared,
            state: it.state,
            ..Held::new(it.leaf.leaf(), it.place)
        };
        let leaves = self.leaves.into_iter().map(|it| it.map(held)).collect();
        let filters = self.filters.into_iter().map(|it| it.map(SavedFilter::filter)).collect();
        let mut live = Live::with(limits, self.now, Plan::restored(leaves, filters, self.tables));
        live.is_fed = self.is_fed;
        Ok(live)
    }
}

impl Iterator for Pieces<'_> {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        if self.has_ended {
            return None;
        }
        let piece =
            if self.number == 0 { Piece::Begins(Box::new(Begins::of(self.live))) } else { self.people() };
        let sealed = seal(&piece, self.number);
        self.number += 1;
        Some(sealed)
    }
}

impl Pieces<'_> {
    fn people(&mut self) -> Piece {
        let mut people = Vec::new();
        while self.slot < self.live.people.slots() && people.len() < PIECE_PEOPLE {
            if self.live.people.is_taken(self.slot) {
                let person = self.live.people.get(self.slot);
                people.push((person.id, person.record.to_vec(), self.live.aside.contains(&self.slot)));
            }
            self.slot += 1;
        }
        self.people += people.len() as u64;
        self.has_ended = people.is_empty();
        if self.has_ended { Piece::Ends { people: self.people } } else { Piece::People(people) }
    }
}

fn seal(piece: &Piece, number: u32) -> Vec<u8> {
    let content = bytes_of(piece);
    let mut sealed = Vec::with_capacity(HEAD + content.len());
    sealed.extend(MAGIC);
    sealed.extend(VERSION.to_le_bytes());
    sealed.extend(number.to_le_bytes());
    sealed.extend(checksum(number, &content).to_le_bytes());
    sealed.extend(content);
    sealed
}

fn open(sealed: &[u8], number: u32) -> Result<Piece, Unusable> {
    let (head, content) = sealed.split_at_checked(HEAD).ok_or(Unusable::Damaged)?;
    if head[..4] != MAGIC {
        return Err(Unusable::Damaged);
    }
    if head[4..6] != VERSION.to_le_bytes() {
        return Err(Unusable::OtherVersion);
    }
    if head[6..10] != number.to_le_bytes() || head[10..] != checksum(number, content).to_le_bytes() {
        return Err(Unusable::Damaged);
    }
    postcard::from_bytes(content).map_err(|_| Unusable::Damaged)
}

fn checksum(number: u32, content: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&number.to_le_bytes());
    hasher.update(content);
    hasher.finalize()
}

/// Writes what cannot fail to be written: its types have no maps, no borrowed sizes and no limits.
fn bytes_of<T: Serialize>(value: &T) -> Vec<u8> {
    postcard::to_stdvec(value).unwrap_or_default()
}

/// A span, as numbers.
pub type SavedSpan = (Option<i64>, Option<i64>);

pub fn saved_span(span: Span) -> SavedSpan {
    (span.from.map(Timestamp::ms), span.to.map(Timestamp::ms))
}

pub fn span_of((from, to): SavedSpan) -> Span {
    Span { from: from.map(Timestamp::from_ms), to: to.map(Timestamp::from_ms) }
}

/// Returns bytes that are the same for equal filters, whatever the order of what they list.
pub fn filter_key(filter: &EventFilter) -> Vec<u8> {
    bytes_of(&SavedFilter::of(filter).ordered())
}

/// Returns bytes that are the same for equal leaves.
pub fn leaf_key(leaf: &Leaf) -> Vec<u8> {
    let mut saved = SavedLeaf::of(leaf);
    saved.filter = saved.filter.ordered();
    if let SavedTest::Sequence { then, .. } = &mut saved.test {
        *then = std::mem::take(then).into_iter().map(SavedFilter::ordered).collect();
    }
    bytes_of(&saved)
}

/// A filter in a form that postcard can read: the lake's own is made for JSON and leaves out what is empty.
#[derive(Serialize, Deserialize)]
struct SavedFilter {
    names: Vec<String>,
    kinds: Vec<EventKind>,
    source_ids: Vec<[u8; 16]>,
    conditions: Vec<(Column, Operator, Option<SavedValue>)>,
}

#[derive(Serialize, Deserialize)]
enum SavedValue {
    Number(f64),
    Text(String),
}

#[derive(Serialize, Deserialize)]
struct SavedLeaf {
    filter: SavedFilter,
    window: SavedWindow,
    test: SavedTest,
}

#[derive(Serialize, Deserialize)]
enum SavedWindow {
    Ever,
    Last(i64),
    Between(SavedSpan),
}

#[derive(Serialize, Deserialize)]
enum SavedTest {
    Count(Option<i64>, Option<i64>),
    Sum(Option<f64>, Option<f64>),
    First(Option<i64>, Option<i64>),
    Last(Option<i64>, Option<i64>),
    Sequence { then: Vec<SavedFilter>, within_ms: i64 },
}

impl SavedFilter {
    fn of(filter: &EventFilter) -> Self {
        let value = |value: &Value| match value {
            Value::Number(number) => SavedValue::Number(*number),
            Value::Text(text) => SavedValue::Text(text.clone()),
        };
        let condition = |it: &Condition| (it.column, it.op, it.value.as_ref().map(value));
        Self {
            names: filter.names.clone(),
            kinds: filter.kinds.clone(),
            source_ids: filter.source_ids.iter().map(|id| id.bytes()).collect(),
            conditions: filter.where_.iter().map(condition).collect(),
        }
    }

    fn ordered(mut self) -> Self {
        self.names.sort_unstable();
        self.names.dedup();
        self.kinds.sort_unstable();
        self.kinds.dedup();
        self.source_ids.sort_unstable();
        self.source_ids.dedup();
        self.conditions.sort_by_cached_key(bytes_of);
        self
    }

    fn filter(self) -> EventFilter {
        let value = |value| match value {
            SavedValue::Number(number) => Value::Number(number),
            SavedValue::Text(text) => Value::Text(text),
        };
        let condition = |(column, op, with): (Column, Operator, Option<SavedValue>)| Condition {
            column,
            op,
            value: with.map(value),
        };
        EventFilter {
            names: self.names,
            kinds: self.kinds,
            source_ids: self.source_ids.into_iter().map(Id::from_bytes).collect(),
            where_: self.conditions.into_iter().map(condition).collect(),
        }
    }
}

impl SavedLeaf {
    fn of(leaf: &Leaf) -> Self {
        let times = |bounds: &Bounds<Timestamp>| {
            (bounds.at_least.map(Timestamp::ms), bounds.at_most.map(Timestamp::ms))
        };
        let test = match &leaf.test {
            LeafTest::Count(bounds) => SavedTest::Count(bounds.at_least, bounds.at_most),
            LeafTest::Sum(bounds) => SavedTest::Sum(bounds.at_least, bounds.at_most),
            LeafTest::First(bounds) => {
                let (least, most) = times(bounds);
                SavedTest::First(least, most)
            }
            LeafTest::Last(bounds) => {
                let (least, most) = times(bounds);
                SavedTest::Last(least, most)
            }
            LeafTest::Sequence { then, within_ms } => SavedTest::Sequence {
                then: then.iter().map(SavedFilter::of).collect(),
                within_ms: *within_ms,
            },
        };
        let window = match leaf.window {
            Window::Ever => SavedWindow::Ever,
            Window::Last { ms } => SavedWindow::Last(ms),
            Window::Between(span) => SavedWindow::Between(saved_span(span)),
        };
        Self { filter: SavedFilter::of(&leaf.filter), window, test }
    }

    fn leaf(self) -> Leaf {
        let at = |ms: Option<i64>| ms.map(Timestamp::from_ms);
        let test = match self.test {
            SavedTest::Count(at_least, at_most) => LeafTest::Count(Bounds { at_least, at_most }),
            SavedTest::Sum(at_least, at_most) => LeafTest::Sum(Bounds { at_least, at_most }),
            SavedTest::First(least, most) => {
                LeafTest::First(Bounds { at_least: at(least), at_most: at(most) })
            }
            SavedTest::Last(least, most) => LeafTest::Last(Bounds { at_least: at(least), at_most: at(most) }),
            SavedTest::Sequence { then, within_ms } => {
                LeafTest::Sequence { then: then.into_iter().map(SavedFilter::filter).collect(), within_ms }
            }
        };
        let window = match self.window {
            SavedWindow::Ever => Window::Ever,
            SavedWindow::Last(ms) => Window::Last { ms },
            SavedWindow::Between(span) => Window::Between(span_of(span)),
        };
        Leaf { filter: self.filter.filter(), window, test }
    }
}
