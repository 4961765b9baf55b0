use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, TimestampMillisecondType};
use arrow_array::{
    Array, ArrayRef, FixedSizeBinaryArray, Float64Array, PrimitiveArray, RecordBatch, StringArray,
    TimestampMillisecondArray,
};
use kernel::{Problem, Result};
use lake::query::Column;

use super::held::{Held, NONE};
use super::plan::{Bits, Plan};

/// Code of a text that was not numbered yet.
const UNSEEN: u32 = u32::MAX;

/// Rows of a file (数据块), as they are read: texts are places in a dictionary.
#[derive(Debug, Default)]
pub struct Chunk {
    /// How many.
    pub rows: usize,
    /// Rows that are taken person by person.
    pub hits: Vec<u32>,
    /// Those of them that follow each other and are one person's.
    pub runs: Vec<Run>,
    /// For each row, a bit for each leaf that it fits.
    marks: Vec<u64>,
    words: usize,
    nodes: Option<FixedSizeBinaryArray>,
    times: Option<TimestampMillisecondArray>,
    values: Option<Float64Array>,
    texts: Vec<Texts>,
}

/// Rows of one person (同人行段): their places among the hits.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    /// Whose they are.
    pub node: u128,
    from: u32,
    to: u32,
}

impl Run {
    /// Returns how many they are.
    pub fn len(self) -> usize {
        (self.to - self.from) as usize
    }

    /// Returns their places.
    pub fn places(self) -> std::ops::Range<usize> {
        self.from as usize..self.to as usize
    }
}

/// A column of texts whose values are numbered.
#[derive(Debug)]
struct Texts {
    keys: PrimitiveArray<Int32Type>,
    dictionary: StringArray,
    /// Codes of the texts of the dictionary.
    codes: Vec<u32>,
}

impl Chunk {
    /// Takes the next rows of a file: their marks, and their columns in one or two parts.
    pub fn take(&mut self, rows: usize, marks: &[u64], parts: &[RecordBatch], plan: &Plan) -> Result<()> {
        self.rows = rows;
        self.words = plan.by_person.0.len();
        self.marks.clear();
        self.marks.extend_from_slice(marks);
        let column = |name: &str| parts.iter().find_map(|part| part.column_by_name(name));
        self.nodes = column("node").and_then(|it| it.as_fixed_size_binary_opt()).cloned();
        let times = column("happened_at");
        self.times = times.and_then(|it| it.as_primitive_opt::<TimestampMillisecondType>()).cloned();
        self.values = column("value").and_then(|it| it.as_primitive_opt::<Float64Type>()).cloned();
        let mut before = std::mem::take(&mut self.texts).into_iter();
        for (wanted, _) in &plan.coded {
            self.texts.push(Texts::take(column(wanted.as_str()), *wanted, before.next())?);
        }
        self.hits.clear();
        self.runs.clear();
        if let Some(nodes) = &self.nodes {
            find_hits(&self.marks, &plan.by_person, &mut self.hits);
            find_runs(nodes, &self.hits, &mut self.runs)?;
        }
        Ok(())
    }

    /// Appends when the rows of a run happened, and their marks.
    pub fn read(&self, run: Run, ats: &mut Vec<i64>, marks: &mut Vec<u64>) {
        let hits = &self.hits[run.places()];
        let (first, last) = (hits[0] as usize, hits[hits.len() - 1] as usize);
        if last - first + 1 == hits.len() {
            match &self.times {
                Some(times) => ats.extend_from_slice(&times.values()[first..=last]),
                None => ats.resize(ats.len() + hits.len(), 0),
            }
            marks.extend_from_slice(&self.marks[first * self.words..(last + 1) * self.words]);
            return;
        }
        for row in hits.iter().map(|row| *row as usize) {
            ats.push(self.at(row));
            marks.extend_from_slice(self.marks_of(row));
        }
    }

    /// Appends the values of the rows of a run.
    pub fn read_values(&self, run: Run, values: &mut Vec<Option<f64>>) {
        values.extend(self.hits[run.places()].iter().map(|row| self.value(*row as usize)));
    }

    /// Returns the marks of a row.
    pub fn marks_of(&self, row: usize) -> &[u64] {
        marks_of(&self.marks, self.words, row)
    }

    /// Returns the rows that fit a leaf.
    pub fn fitting(&self, leaf: usize) -> impl Iterator<Item = usize> + use<> {
        let (words, word, bit) = (self.words, leaf / 64, leaf % 64);
        let fits: Vec<u32> = (0..self.rows)
            .filter(|row| self.marks[row * words + word] >> bit & 1 == 1)
            .map(|row| row as u32)
            .collect();
        fits.into_iter().map(|row| row as usize)
    }

    /// Returns how many rows of a leaf have each code of a coded column; nothing where its texts hardly repeat, so that
    /// it would be no faster than to go from row to row.
    pub fn counts(&mut self, slot: usize, leaf: usize, held: &mut Held) -> Result<Option<Vec<(u32, u64)>>> {
        let (words, texts) = (self.words, &mut self.texts[slot]);
        let null = texts.dictionary.len();
        if null > self.rows / 2 {
            return Ok(None);
        }
        let mut counts = vec![0; null + 1];
        let nulls = texts.keys.nulls();
        let marks = self.marks.iter().skip(leaf / 64).step_by(words);
        for (row, (key, mark)) in texts.keys.values().iter().zip(marks).enumerate() {
            let there = nulls.is_none_or(|nulls| nulls.is_valid(row));
            counts[if there { *key as usize } else { null }] += mark >> (leaf % 64) & 1;
        }
        let mut coded = Vec::new();
        for (key, count) in counts.into_iter().enumerate().filter(|(_, count)| *count > 0) {
            coded.push((if key == null { NONE } else { texts.code(key, held)? }, count));
        }
        Ok(Some(coded))
    }

    /// Returns when it happened.
    pub fn at(&self, row: usize) -> i64 {
        self.times.as_ref().map_or(0, |times| times.value(row))
    }

    /// Returns its value.
    pub fn value(&self, row: usize) -> Option<f64> {
        self.values.as_ref().filter(|values| values.is_valid(row)).map(|values| values.value(row))
    }

    /// Returns the code of a coded column.
    pub fn code(&mut self, slot: usize, row: usize, held: &mut Held) -> Result<u32> {
        let texts = &mut self.texts[slot];
        if texts.keys.is_null(row) {
            return Ok(NONE);
        }
        texts.code(texts.keys.value(row) as usize, held)
    }
}

impl Texts {
    /// Takes a column; what is known of its dictionary stays where that is the one of the piece before.
    fn take(found: Option<&ArrayRef>, column: Column, before: Option<Self>) -> Result<Self> {
        let found = found.and_then(|it| it.as_dictionary_opt::<Int32Type>());
        let found =
            found.and_then(|it| Some((it.keys().clone(), it.values().as_string_opt::<i32>()?.clone())));
        let Some((keys, dictionary)) = found else {
            return Err(Problem::internal(format!("a file of the lake lacks {column}")));
        };
        if let Some(known) = before
            && same(&known.dictionary, &dictionary)
        {
            return Ok(Self { keys, ..known });
        }
        let codes = vec![UNSEEN; dictionary.len()];
        Ok(Self { keys, dictionary, codes })
    }

    /// Returns the code of a text of the dictionary.
    fn code(&mut self, key: usize, held: &mut Held) -> Result<u32> {
        if self.codes[key] == UNSEEN {
            self.codes[key] = held.code(self.dictionary.value(key))?;
        }
        Ok(self.codes[key])
    }
}

/// Finds the rows that some leaf wants.
fn find_hits(marks: &[u64], wanted: &Bits, hits: &mut Vec<u32>) {
    let [wanted] = wanted.0.as_slice() else {
        let rows = (0_u32..).zip(marks.chunks_exact(wanted.0.len()));
        hits.extend(rows.filter(|(_, marks)| wanted.meets(marks)).map(|(row, _)| row));
        return;
    };
    // Written in any case and counted where it fits: nothing to guess for the processor.
    hits.resize(marks.len(), 0);
    let mut count = 0;
    for (row, mark) in (0_u32..).zip(marks) {
        hits[count] = row;
        count += usize::from(mark & wanted != 0);
    }
    hits.truncate(count);
}

/// Finds whose they are.
fn find_runs(nodes: &FixedSizeBinaryArray, hits: &[u32], runs: &mut Vec<Run>) -> Result<()> {
    let (nodes, rest) = nodes.value_data().as_chunks::<16>();
    if !rest.is_empty() {
        return Err(Problem::internal("a node is sixteen bytes"));
    }
    let mut last: Option<&[u8; 16]> = None;
    for (place, row) in (0_u32..).zip(hits) {
        let node = &nodes[*row as usize];
        if last != Some(node) {
            runs.push(Run { node: u128::from_be_bytes(*node), from: place, to: place });
            last = Some(node);
        }
        if let Some(run) = runs.last_mut() {
            run.to = place + 1;
        }
    }
    Ok(())
}

fn marks_of(marks: &[u64], words: usize, row: usize) -> &[u64] {
    &marks[row * words..(row + 1) * words]
}

/// Returns true where both are the same memory. Both are held, so that it cannot have been used again meanwhile.
fn same(one: &StringArray, other: &StringArray) -> bool {
    one.len() == other.len()
        && std::ptr::eq(one.value_offsets().as_ptr(), other.value_offsets().as_ptr())
        && std::ptr::eq(one.value_data().as_ptr(), other.value_data().as_ptr())
}
