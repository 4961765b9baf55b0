use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, TimestampMillisecondType};
use arrow_array::{
    Array, ArrayRef, FixedSizeBinaryArray, Float64Array, PrimitiveArray, RecordBatch, StringArray,
    TimestampMillisecondArray,
};
use kernel::{Problem, Result};
use lake::query::Column;

use super::held::{Held, NONE};
use super::plan::Plan;

/// Code of a text that was not numbered yet.
const UNSEEN: u32 = u32::MAX;

/// Rows of a file (数据块), as they are read: texts are places in a dictionary.
#[derive(Debug, Default)]
pub struct Chunk {
    /// How many.
    pub rows: usize,
    /// Rows that are taken person by person.
    pub hits: Vec<u32>,
    /// For each row, a bit for each leaf that it fits.
    marks: Vec<u64>,
    words: usize,
    nodes: Option<FixedSizeBinaryArray>,
    times: Option<TimestampMillisecondArray>,
    values: Option<Float64Array>,
    texts: Vec<Texts>,
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
        if self.nodes.is_some() {
            let rows = (0..self.rows as u32)
                .filter(|row| plan.by_person.meets(marks_of(&self.marks, self.words, *row as usize)));
            self.hits.extend(rows);
        }
        Ok(())
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

    /// Returns whose a row is.
    pub fn node(&self, row: usize) -> u128 {
        let mut node = [0; 16];
        if let Some(nodes) = &self.nodes {
            node.copy_from_slice(nodes.value(row));
        }
        u128::from_be_bytes(node)
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

fn marks_of(marks: &[u64], words: usize, row: usize) -> &[u64] {
    &marks[row * words..(row + 1) * words]
}

/// Returns true where both are the same memory. Both are held, so that it cannot have been used again meanwhile.
fn same(one: &StringArray, other: &StringArray) -> bool {
    one.len() == other.len()
        && std::ptr::eq(one.value_offsets().as_ptr(), other.value_offsets().as_ptr())
        && std::ptr::eq(one.value_data().as_ptr(), other.value_data().as_ptr())
}
