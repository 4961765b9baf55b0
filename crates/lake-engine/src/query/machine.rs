use kernel::Result;
use lake::query::Found;

use super::chunk::Chunk;
use super::held::Held;
use super::plan::{Bits, Plan};

/// What answers one question (状态机) while events pass by.
pub trait Machine: Send + std::fmt::Debug {
    /// Sees rows of a file, in no order.
    fn rows(&mut self, _chunk: &mut Chunk, _held: &mut Held) -> Result<()> {
        Ok(())
    }

    /// Sees some of a person's events, in the order of time; what follows of the same person is later.
    fn events(&mut self, _events: &Events, _held: &mut Held) -> Result<()> {
        Ok(())
    }

    /// Returns the leaves whose events it sees person by person; where a person has none of them it is not asked.
    fn sees(&self) -> Vec<usize> {
        Vec::new()
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
        if self.wanted.meets(&events.met) {
            events.iter().for_each(|event| self.add_one(event));
        }
    }

    fn add_one(&mut self, event: Event<'_>) {
        for (place, (wanted, marks)) in self.wanted.0.iter().zip(event.marks).enumerate() {
            let mut bits = wanted & marks;
            while bits != 0 {
                let tally = &mut self.of[place * 64 + bits.trailing_zeros() as usize];
                if tally.count == 0 {
                    tally.first = event.at;
                }
                tally.count += 1;
                tally.sum += event.value.unwrap_or_default();
                tally.last = event.at;
                bits &= bits - 1;
            }
        }
    }

    /// Returns what those of a leaf come to.
    pub fn of(&self, leaf: usize) -> Tally {
        self.of[leaf]
    }

    /// Begins with the next person.
    pub fn clear(&mut self) {
        self.of.fill(Tally::default());
    }
}

/// Some of a person's events (个人事件).
#[derive(Debug, Default)]
pub struct Events {
    words: usize,
    slots: usize,
    ats: Vec<i64>,
    values: Vec<Option<f64>>,
    marks: Vec<u64>,
    codes: Vec<u32>,
    /// A bit for each leaf that some of them fits.
    pub met: Vec<u64>,
    /// The events in the order of time, where they came in another.
    order: Option<Vec<u32>>,
}

/// One of them.
#[derive(Clone, Copy, Debug)]
pub struct Event<'a> {
    /// When it happened.
    pub at: i64,
    /// Its value.
    pub value: Option<f64>,
    marks: &'a [u64],
    codes: &'a [u32],
}

impl Event<'_> {
    /// Returns true where it fits a leaf.
    pub fn fits(&self, leaf: usize) -> bool {
        self.marks[leaf / 64] >> (leaf % 64) & 1 == 1
    }

    /// Returns the code of a coded column.
    pub fn code(&self, slot: usize) -> u32 {
        self.codes[slot]
    }
}

impl Events {
    pub fn new(plan: &Plan) -> Self {
        let words = plan.by_person.0.len();
        Self { words, slots: plan.coded.len(), met: vec![0; words], ..Self::default() }
    }

    pub fn is_empty(&self) -> bool {
        self.ats.is_empty()
    }

    pub fn clear(&mut self) {
        self.ats.clear();
        self.values.clear();
        self.marks.clear();
        self.codes.clear();
        self.met.fill(0);
        self.order = None;
    }

    /// Adds a row.
    pub fn add(&mut self, chunk: &mut Chunk, row: usize, plan: &Plan, held: &mut Held) -> Result<()> {
        Held::fits(self.ats.len() + 1)?;
        self.ats.push(chunk.at(row));
        self.values.push(chunk.value(row));
        self.marks.extend_from_slice(chunk.marks_of(row));
        self.met.iter_mut().zip(chunk.marks_of(row)).for_each(|(met, mark)| *met |= mark);
        for (slot, (_, leaves)) in plan.coded.iter().enumerate() {
            let wanted = leaves.meets(chunk.marks_of(row));
            self.codes.push(if wanted { chunk.code(slot, row, held)? } else { super::held::NONE });
        }
        Ok(())
    }

    /// Puts them in the order of time.
    pub fn sort(&mut self) {
        if !self.ats.is_sorted() {
            let mut order: Vec<u32> = (0..self.ats.len() as u32).collect();
            order.sort_by_key(|place| self.ats[*place as usize]);
            self.order = Some(order);
        }
    }

    /// Returns them.
    pub fn iter(&self) -> impl Iterator<Item = Event<'_>> {
        (0..self.ats.len()).map(|place| {
            let place = self.order.as_ref().map_or(place, |order| order[place] as usize);
            Event {
                at: self.ats[place],
                value: self.values[place],
                marks: &self.marks[place * self.words..(place + 1) * self.words],
                codes: &self.codes[place * self.slots..(place + 1) * self.slots],
            }
        })
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
                events.met.iter_mut().zip(&marks.0).for_each(|(met, mark)| *met |= mark);
                events.marks.extend(marks.0);
                events.codes.extend(plan.coded.iter().map(|_| code));
            }
            events.sort();
            let mut tallies = Tallies::new(&plan);
            tallies.add(&events);
            machine.events(&events, &mut held).expect("room");
            machine.person_ends(node as u128, &tallies, &mut held).expect("room");
        }
        machine.found(&held)
    }
}
