use kernel::Result;
use lake::query::Found;

use super::chunk::{Chunk, Run};
use super::held::Held;
use super::plan::{Bits, Plan};
use super::sequence::Sequence;

/// What answers one question (状态机) while events pass by.
pub trait Machine: Send + std::fmt::Debug {
    /// Sees rows of a file, in no order.
    fn rows(&mut self, _chunk: &mut Chunk, _held: &mut Held) -> Result<()> {
        Ok(())
    }

    /// Sees all of a person's events of a month, in the order of time; what follows of the same person is later.
    fn events(&mut self, _events: &Events, _held: &mut Held) -> Result<()> {
        Ok(())
    }

    /// Returns the leaves whose events it sees person by person; it is not asked of a month without any of them.
    fn sees(&self) -> Vec<usize> {
        Vec::new()
    }

    /// Returns the leaves of which it wants to know when a person's events are over; it is not asked of people without any.
    fn ends(&self) -> Vec<usize> {
        self.sees()
    }

    /// Has seen all of a person's events, and what they come to.
    fn person_ends(&mut self, _node: u128, _tallies: &Tallies, _held: &mut Held) -> Result<()> {
        Ok(())
    }

    /// Says what it found.
    fn found(self: Box<Self>, held: &Held) -> Found;
}

/// What a person's events of each leaf come to (个人小计), reckoned once for all questions that ask.
#[derive(Debug, Default)]
pub struct Tallies {
    wanted: Bits,
    of: Vec<Tally>,
}

/// What a person's events of one leaf come to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    /// How many.
    pub count: i64,
    /// Sum of their values.
    pub sum: f64,
    /// When the first happened.
    pub first: i64,
    /// When the last happened.
    pub last: i64,
}

impl Tallies {
    pub fn new(plan: &Plan) -> Self {
        Self { wanted: plan.tallied.clone(), of: vec![Tally::default(); plan.leaves.len()] }
    }

    /// Adds events that are later than those before.
    pub fn add(&mut self, events: &Events) {
        if self.wanted.meets(&events.met.0) {
            events.iter().for_each(|(_, event)| self.add_one(event));
        }
    }

    fn add_one(&mut self, event: Event<'_>) {
        let Self { wanted, of } = self;
        wanted.each_of(event.marks, |leaf| {
            let tally = &mut of[leaf];
            if tally.count == 0 {
                tally.first = event.at;
            }
            tally.count += 1;
            tally.sum += event.value.unwrap_or_default();
            tally.last = event.at;
        });
    }

    /// Returns what those of a leaf come to.
    pub fn of(&self, leaf: usize) -> Tally {
        self.of[leaf]
    }

    /// Begins with the next person; `met` has a bit for each leaf of which the last one had events.
    pub fn clear(&mut self, met: &Bits) {
        let Self { wanted, of } = self;
        wanted.each_of(&met.0, |leaf| of[leaf] = Tally::default());
    }
}

/// Some of a person's events (个人事件).
#[derive(Debug, Default)]
pub struct Events {
    words: usize,
    slots: usize,
    ats: Vec<i64>,
    /// None at all where no question asks for values.
    values: Vec<Option<f64>>,
    marks: Vec<u64>,
    codes: Vec<u32>,
    /// A bit for each leaf that some of them fits.
    pub met: Bits,
    /// The events in the order of time, where they came in another.
    order: Option<Vec<u32>>,
    sequences: Vec<Sequence>,
}

/// One of them.
#[derive(Clone, Copy, Debug)]
pub struct Event<'a> {
    /// When it happened.
    pub at: i64,
    /// Its value.
    pub value: Option<f64>,
    /// A bit for each leaf that it fits.
    pub marks: &'a [u64],
}

impl Event<'_> {
    /// Returns true where it fits a leaf.
    pub fn fits(&self, leaf: usize) -> bool {
        self.marks[leaf / 64] >> (leaf % 64) & 1 == 1
    }
}

impl Events {
    pub fn new(plan: &Plan) -> Self {
        let words = plan.by_person.0.len();
        let sequences = plan.sequences.iter().map(|leaves| Sequence::new(leaves, plan.leaves.len()));
        let sequences = sequences.collect();
        Self {
            words,
            slots: plan.coded.len(),
            met: Bits::none(plan.leaves.len()),
            sequences,
            ..Self::default()
        }
    }

    pub fn is_empty(&self) -> bool {
        self.ats.is_empty()
    }

    pub fn clear(&mut self) {
        self.ats.clear();
        self.values.clear();
        self.marks.clear();
        self.codes.clear();
        self.met.0.fill(0);
        self.order = None;
    }

    /// Adds rows of one person.
    pub fn add(&mut self, chunk: &mut Chunk, run: Run, plan: &Plan, held: &mut Held) -> Result<()> {
        Held::fits(self.ats.len() + run.len())?;
        let begin = self.marks.len();
        chunk.read(run, &mut self.ats, &mut self.marks);
        if plan.values {
            chunk.read_values(run, &mut self.values);
        }
        for marks in self.marks[begin..].chunks_exact(self.words) {
            self.met.0.iter_mut().zip(marks).for_each(|(met, mark)| *met |= mark);
        }
        if self.slots > 0 {
            for place in run.places() {
                let row = chunk.hits[place] as usize;
                for (slot, (_, leaves)) in plan.coded.iter().enumerate() {
                    let wanted = leaves.meets(chunk.marks_of(row));
                    self.codes.push(if wanted { chunk.code(slot, row, held)? } else { super::held::NONE });
                }
            }
        }
        Ok(())
    }

    /// Puts them in the order of time, and finds the steps of funnels among them.
    pub fn ready(&mut self) {
        if !self.ats.is_sorted() {
            let mut order: Vec<u32> = (0..self.ats.len() as u32).collect();
            order.sort_by_key(|place| self.ats[*place as usize]);
            self.order = Some(order);
        }
        let mut sequences = std::mem::take(&mut self.sequences);
        for sequence in &mut sequences {
            sequence.clear();
            if sequence.meets(&self.met.0) {
                self.iter().for_each(|(place, event)| sequence.add(place, event));
            }
        }
        self.sequences = sequences;
    }

    /// Returns them, each with its place.
    pub fn iter(&self) -> impl Iterator<Item = (usize, Event<'_>)> {
        (0..self.ats.len()).map(|place| {
            let place = self.order.as_ref().map_or(place, |order| order[place] as usize);
            let marks = &self.marks[place * self.words..(place + 1) * self.words];
            let value = self.values.get(place).copied().flatten();
            (place, Event { at: self.ats[place], value, marks })
        })
    }

    /// Returns the code of a coded column.
    pub fn code(&self, place: usize, slot: usize) -> u32 {
        self.codes[place * self.slots + slot]
    }

    /// Returns the steps of a funnel among them.
    pub fn sequence(&self, slot: usize) -> &Sequence {
        &self.sequences[slot]
    }
}

/// Shows events to the machine of one question, without files.
#[cfg(test)]
pub mod testing {
    use std::time::Duration;

    use lake::query::{Column, EventFilter, Question};

    use super::*;
    use crate::query::held::NONE;
    use crate::query::plan::{bounds, plan};

    /// Event of a test: when, what, and by which channel.
    pub type Happened<'a> = (i64, &'a str, Option<&'a str>);

    /// Asks for a name.
    pub fn named(name: &str) -> EventFilter {
        EventFilter { names: vec![name.to_owned()], ..EventFilter::default() }
    }

    /// Returns what a question finds among some people's events; the value of an event is its time.
    pub fn found(question: Question, people: &[&[Happened<'_>]]) -> Found {
        question.check().expect("a question that makes sense");
        let (plan, mut machines) = plan(&[question]).expect("a plan");
        let mut machine = machines.remove(0);
        let mut held = Held::new(Duration::from_secs(60));
        for (node, happened) in people.iter().enumerate() {
            let mut events = Events::new(&plan);
            for (at, name, channel) in *happened {
                let mut marks = plan.tests.all();
                plan.tests.text(Column::Name, Some(name), &mut marks.0);
                plan.tests.text(Column::Channel, *channel, &mut marks.0);
                for (leaf, of) in plan.leaves.iter().enumerate() {
                    let (from, to) = bounds(of.span);
                    if *at < from || *at >= to {
                        marks.clear(leaf);
                    }
                }
                let code = channel.map_or(NONE, |channel| held.code(channel).expect("room"));
                events.ats.push(*at);
                events.values.push(Some(*at as f64));
                events.met.0.iter_mut().zip(&marks.0).for_each(|(met, mark)| *met |= mark);
                events.marks.extend(marks.0);
                events.codes.extend(plan.coded.iter().map(|_| code));
            }
            events.ready();
            let mut tallies = Tallies::new(&plan);
            tallies.add(&events);
            machine.events(&events, &mut held).expect("room");
            machine.person_ends(node as u128, &tallies, &mut held).expect("room");
        }
        machine.found(&held)
    }
}
