use kernel::Result;
use lake::query::{Column, EventFilter, Question, Span};

use super::asked::Tests;
use super::machine::Machine;
use super::{Funnels, People, Retentions, Tiers, Totals};
use crate::manifest::LakeFile;

/// What a pass looks for (查询计划): the leaves of all questions, each once, and what has to be read for them.
#[derive(Debug)]
pub struct Plan {
    /// Which events are asked about. An event's marks have a bit for each of them.
    pub leaves: Vec<Leaf>,
    /// What the leaves ask of each column.
    pub tests: Tests,
    /// Columns of text that are read as places in a dictionary.
    pub texts: Vec<Column>,
    /// Other columns that are read as they are.
    pub others: Vec<String>,
    /// Columns whose texts are numbered, with the leaves for which they are.
    pub coded: Vec<(Column, Bits)>,
    /// Whether the values are read.
    pub values: bool,
    /// Whether the times are read, also where every event of a file is in every span.
    pub times: bool,
    /// Leaves whose events are taken person by person.
    pub by_person: Bits,
    /// Those of them of which each person's tally is wanted.
    pub tallied: Bits,
    /// Leaves of the steps of funnels, of those that begin alike the longest.
    pub sequences: Vec<Vec<usize>>,
}

/// Which events: those that fit a filter, in a span.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaf {
    /// The filter.
    pub filter: EventFilter,
    /// The span.
    pub span: Span,
}

/// A bit for each leaf.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bits(pub Vec<u64>);

impl Bits {
    /// Returns none of so many.
    pub fn none(leaves: usize) -> Self {
        Self(vec![0; leaves.div_ceil(64).max(1)])
    }

    pub fn set(&mut self, leaf: usize) {
        self.0[leaf / 64] |= 1 << (leaf % 64);
    }

    pub fn clear(&mut self, leaf: usize) {
        self.0[leaf / 64] &= !(1 << (leaf % 64));
    }

    pub fn has(&self, leaf: usize) -> bool {
        self.0[leaf / 64] >> (leaf % 64) & 1 == 1
    }

    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// Returns those that are set.
    pub fn iter(&self) -> impl Iterator<Item = usize> {
        let words = self.0.iter().enumerate();
        words.flat_map(|(place, word)| {
            let rest = |bits: &u64| Some(bits & bits.wrapping_sub(1));
            let each = std::iter::successors(Some(*word), rest).take_while(|bits| *bits != 0);
            each.map(move |bits| place * 64 + bits.trailing_zeros() as usize)
        })
    }

    /// Calls with each leaf that is in both.
    pub fn each_of(&self, marks: &[u64], mut call: impl FnMut(usize)) {
        for (place, (mine, theirs)) in self.0.iter().zip(marks).enumerate() {
            let mut bits = mine & theirs;
            while bits != 0 {
                call(place * 64 + bits.trailing_zeros() as usize);
                bits &= bits - 1;
            }
        }
    }

    /// Returns true where some bit is in both.
    pub fn meets(&self, marks: &[u64]) -> bool {
        self.0.iter().zip(marks).any(|(mine, theirs)| mine & theirs != 0)
    }
}

/// Collects leaves, each once, while machines are made.
#[derive(Debug, Default)]
pub struct Wanted {
    leaves: Vec<Leaf>,
    coded: Vec<(Column, Vec<usize>)>,
    by_person: Vec<usize>,
    tallied: Vec<usize>,
    sequences: Vec<Vec<usize>>,
    values: bool,
    times: bool,
}

impl Wanted {
    /// Returns the number of a leaf.
    pub fn leaf(&mut self, filter: &EventFilter, span: Span) -> usize {
        let leaf = Leaf { filter: filter.clone(), span };
        self.leaves.iter().position(|known| *known == leaf).unwrap_or_else(|| {
            self.leaves.push(leaf);
            self.leaves.len() - 1
        })
    }

    /// Returns the slot of a column's codes, for the events of a leaf.
    pub fn codes(&mut self, column: Column, leaf: usize) -> usize {
        let slot = self.coded.iter().position(|(known, _)| *known == column).unwrap_or_else(|| {
            self.coded.push((column, Vec::new()));
            self.coded.len() - 1
        });
        self.coded[slot].1.push(leaf);
        slot
    }

    /// Asks for the events of a leaf person by person.
    pub fn by_person(&mut self, leaf: usize) {
        self.by_person.push(leaf);
    }

    /// Asks for what each person's events of a leaf come to.
    pub fn tally(&mut self, leaf: usize) {
        self.by_person.push(leaf);
        self.tallied.push(leaf);
    }

    /// Returns the slot of the steps of a funnel: those of another one, too, where one begins as the other does.
    pub fn sequence(&mut self, leaves: &[usize]) -> usize {
        leaves.iter().for_each(|leaf| self.by_person(*leaf));
        let alike = |known: &Vec<usize>| known.starts_with(leaves) || leaves.starts_with(known);
        let slot = self.sequences.iter().position(alike).unwrap_or_else(|| {
            self.sequences.push(Vec::new());
            self.sequences.len() - 1
        });
        if self.sequences[slot].len() < leaves.len() {
            self.sequences[slot] = leaves.to_vec();
        }
        slot
    }

    /// Asks for values.
    pub fn values(&mut self) {
        self.values = true;
    }

    /// Asks for times.
    pub fn times(&mut self) {
        self.times = true;
    }

    fn bits(&self, leaves: &[usize]) -> Bits {
        let mut bits = Bits::none(self.leaves.len());
        leaves.iter().for_each(|leaf| bits.set(*leaf));
        bits
    }
}

/// Plans a pass that answers some questions.
pub fn plan(questions: &[Question]) -> Result<(Plan, Vec<Box<dyn Machine>>)> {
    let mut wanted = Wanted::default();
    let mut machines: Vec<Box<dyn Machine>> = Vec::with_capacity(questions.len());
    for question in questions {
        machines.push(match question {
            Question::Total(total) => Box::new(Totals::new(total, &mut wanted)?),
            Question::Funnel(funnel) => Box::new(Funnels::new(funnel, &mut wanted)),
            Question::Retention(retention) => Box::new(Retentions::new(retention, &mut wanted)?),
            Question::PerPerson(people) => Box::new(People::new(people, &mut wanted)),
            Question::Rfm(rfm) => Box::new(Tiers::new(rfm, &mut wanted)),
        });
    }
    let tests = Tests::of(&wanted.leaves);
    let mut texts: Vec<Column> = tests.texts();
    texts.extend(wanted.coded.iter().map(|(column, _)| *column));
    texts.sort_unstable();
    texts.dedup();
    let coded = wanted.coded.iter().map(|(column, leaves)| (*column, wanted.bits(leaves))).collect();
    let by_person = wanted.bits(&wanted.by_person);
    let tallied = wanted.bits(&wanted.tallied);
    let plan = Plan {
        texts,
        others: Vec::new(),
        coded,
        values: wanted.values || tests.asks_for_values(),
        times: wanted.times,
        by_person,
        tallied,
        sequences: wanted.sequences,
        tests,
        leaves: wanted.leaves,
    };
    Ok((plan, machines))
}

/// What of a file is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// Leaves whose span has some of its events.
    pub leaves: Bits,
    /// Those whose span does not have all of them.
    pub partly: Vec<usize>,
}

impl Plan {
    /// Plans to read columns of the events of one leaf.
    pub fn of_columns(leaf: Leaf, columns: Vec<String>) -> Self {
        let leaves = vec![leaf];
        let tests = Tests::of(&leaves);
        Self {
            texts: tests.texts(),
            others: columns,
            coded: Vec::new(),
            values: tests.asks_for_values(),
            times: false,
            by_person: Bits::none(1),
            tallied: Bits::none(1),
            sequences: Vec::new(),
            tests,
            leaves,
        }
    }

    /// Returns what is wanted of events that happened from one time to another; nothing where no span has any.
    pub fn share(&self, from_at: i64, to_at: i64) -> Option<Share> {
        let mut share = Share { leaves: Bits::none(self.leaves.len()), partly: Vec::new() };
        for (number, Leaf { span, .. }) in self.leaves.iter().enumerate() {
            let (from, to) = bounds(*span);
            if to_at >= from && from_at < to {
                share.leaves.set(number);
                if from_at < from || to_at >= to {
                    share.partly.push(number);
                }
            }
        }
        (!share.leaves.is_empty()).then_some(share)
    }

    /// Returns the files that are read, with what is wanted of each.
    pub fn files<'a>(&self, files: &'a [LakeFile]) -> Vec<(&'a LakeFile, Share)> {
        files
            .iter()
            .filter_map(|file| Some((file, self.share(file.from_at.ms(), file.to_at.ms())?)))
            .collect()
    }
}

/// Returns the bounds of a span, the latter exclusive.
pub fn bounds(span: Span) -> (i64, i64) {
    (span.from.map_or(i64::MIN, |at| at.ms()), span.to.map_or(i64::MAX, |at| at.ms()))
}

#[cfg(test)]
mod tests {
    use kernel::{Id, Timestamp};
    use lake::query::{Measure, Total};

    use super::*;

    fn count(names: &[&str], from: i64, to: i64) -> Question {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        Question::Total(Total {
            filter: EventFilter { names, ..EventFilter::default() },
            span: Span { from: Some(Timestamp::from_ms(from)), to: Some(Timestamp::from_ms(to)) },
            measure: Measure::Count,
            by: None,
            every: None,
            top: None,
        })
    }

    fn file(from: i64, to: i64) -> LakeFile {
        LakeFile {
            id: Id::new(),
            name: format!("{from}-{to}"),
            month: "1970-01".to_owned(),
            level: 0,
            rows: 1,
            bytes: 1,
            first_node: Id::from_digest([0; 16]),
            last_node: Id::from_digest([255; 16]),
            from_at: Timestamp::from_ms(from),
            to_at: Timestamp::from_ms(to),
            sha256: String::new(),
        }
    }

    #[test]
    fn only_files_of_the_time_are_read() {
        let (plan, _) = plan(&[count(&[], 10, 20), count(&[], 15, 40)]).expect("a plan");
        let files = [file(0, 9), file(0, 10), file(10, 14), file(15, 19), file(19, 30), file(40, 50)];
        let planned = plan.files(&files);
        let shares: Vec<(&str, u64, &[usize])> = planned
            .iter()
            .map(|(file, share)| (file.name.as_str(), share.leaves.0[0], share.partly.as_slice()))
            .collect();
        let expected: [(&str, u64, &[usize]); 4] =
            [("0-10", 0b01, &[0]), ("10-14", 0b01, &[]), ("15-19", 0b11, &[]), ("19-30", 0b11, &[0])];
        assert_eq!(shares, expected);
    }

    #[test]
    fn what_several_ask_about_is_looked_for_once() {
        let (plan, machines) =
            plan(&[count(&["a"], 0, 9), count(&["a"], 0, 9), count(&["a"], 0, 8)]).expect("a plan");
        assert_eq!((plan.leaves.len(), machines.len()), (2, 3));
        assert_eq!(
            (plan.texts.as_slice(), plan.times, plan.values),
            ([Column::Name].as_slice(), false, false)
        );
        assert!(plan.by_person.is_empty());
    }

    #[test]
    fn there_may_be_more_leaves_than_bits_in_a_word() {
        let questions: Vec<Question> = (0..100).map(|to| count(&[], 0, to + 1)).collect();
        let (plan, _) = plan(&questions).expect("a plan");
        let share = plan.share(50, 50).expect("some see it");
        assert_eq!(share.leaves.0.len(), 2);
        assert_eq!(share.leaves.0.iter().map(|word| word.count_ones()).sum::<u32>(), 50);
    }
}
