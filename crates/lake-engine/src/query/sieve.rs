use std::borrow::Cow;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, TimestampMillisecondType};
use arrow_array::{Array, RecordBatch, UInt32Array};
use arrow_select::take::take_record_batch;
use kernel::{Problem, Result};
use lake::query::Column;
use parquet::arrow::arrow_reader::RowSelection;

use super::plan::{Bits, Plan, bounds};

/// Of so many rows, one has to be kept for the others to be worth reading, too: below, skipping is cheaper.
const DENSE: usize = 2;

/// Rows of a row group that some leaf has (筛选结果), found by the columns that are asked about alone.
#[derive(Debug)]
pub struct Sieve {
    /// How many.
    pub rows: usize,
    /// For each row, a bit for each leaf that it fits.
    pub marks: Vec<u64>,
    /// The columns that were asked about; none where nothing was.
    pub asked: Option<RecordBatch>,
    /// Which rows of the row group they are, where they are not all.
    pub kept: Option<RowSelection>,
}

impl Sieve {
    /// Keeps every row of a row group.
    pub fn all(rows: usize, leaves: &Bits) -> Self {
        Self { rows, marks: repeated(rows, leaves), asked: None, kept: None }
    }

    /// Keeps what fits; `leaves` are those that may have rows here, and `partly` those whose span may end here.
    pub fn of(asked: RecordBatch, plan: &Plan, leaves: &Bits, partly: &[usize]) -> Result<Self> {
        let (rows, words) = (asked.num_rows(), leaves.0.len());
        let mut marks = repeated(rows, leaves);
        for column in plan.tests.texts() {
            mark_texts(&asked, column, plan, words, &mut marks)?;
        }
        mark_values(&asked, plan, words, &mut marks);
        mark_times(&asked, plan, partly, words, &mut marks);
        let kept = met(&marks, words);
        if kept.len() * DENSE >= rows {
            return Ok(Self { rows, marks, asked: Some(asked), kept: None });
        }
        let fitting = kept.iter().flat_map(|row| &marks[*row as usize * words..][..words]).copied().collect();
        let selection = selection(&kept, rows);
        let kept = UInt32Array::from(kept);
        let asked = take_record_batch(&asked, &kept).map_err(Problem::internal)?;
        Ok(Self { rows: kept.len(), marks: fitting, asked: Some(asked), kept: Some(selection) })
    }
}

impl Sieve {
    /// Returns the marks of so many of the rows.
    pub fn marks_of(&self, from: usize, rows: usize) -> &[u64] {
        let words = self.marks.len() / self.rows;
        &self.marks[from * words..(from + rows) * words]
    }
}

fn repeated(rows: usize, leaves: &Bits) -> Vec<u64> {
    match leaves.0.as_slice() {
        [word] => vec![*word; rows],
        several => several.repeat(rows),
    }
}

fn mark_texts(
    asked: &RecordBatch,
    column: Column,
    plan: &Plan,
    words: usize,
    marks: &mut [u64],
) -> Result<()> {
    let found = asked.column_by_name(column.as_str()).and_then(|it| it.as_dictionary_opt::<Int32Type>());
    let found = found.and_then(|it| Some((it.keys(), it.values().as_string_opt::<i32>()?)));
    let Some((keys, dictionary)) = found else {
        return Err(Problem::internal(format!("a file of the lake lacks {column}")));
    };
    // What leaves each text of the dictionary fits, and null as the last.
    let all = plan.tests.all();
    let mut known = Vec::with_capacity((dictionary.len() + 1) * words);
    for place in 0..=dictionary.len() {
        let begin = known.len();
        known.extend_from_slice(&all.0);
        let text = (place < dictionary.len()).then(|| dictionary.value(place));
        plan.tests.text(column, text, &mut known[begin..]);
    }
    let nulls = keys.nulls();
    if words == 1 && nulls.is_none() {
        for (mark, key) in marks.iter_mut().zip(keys.values()) {
            *mark &= known[*key as usize];
        }
        return Ok(());
    }
    for (row, (marks, key)) in marks.chunks_exact_mut(words).zip(keys.values()).enumerate() {
        let there = nulls.is_none_or(|nulls| nulls.is_valid(row));
        let place = if there { *key as usize } else { dictionary.len() } * words;
        for (mark, mine) in marks.iter_mut().zip(&known[place..place + words]) {
            *mark &= mine;
        }
    }
    Ok(())
}

fn mark_values(asked: &RecordBatch, plan: &Plan, words: usize, marks: &mut [u64]) {
    if !plan.tests.asks_for_values() {
        return;
    }
    let values = asked.column_by_name("value").and_then(|it| it.as_primitive_opt::<Float64Type>());
    for (row, marks) in marks.chunks_exact_mut(words).enumerate() {
        let value = values.filter(|values| values.is_valid(row));
        plan.tests.value(value.map(|values| values.value(row)), marks);
    }
}

fn mark_times(asked: &RecordBatch, plan: &Plan, partly: &[usize], words: usize, marks: &mut [u64]) {
    let times = asked.column_by_name("happened_at");
    let Some(times) = times.and_then(|it| it.as_primitive_opt::<TimestampMillisecondType>()) else { return };
    for leaf in partly {
        let (from, to) = bounds(plan.leaves[*leaf].span);
        let (word, bit) = (leaf / 64, 1_u64 << (leaf % 64));
        for (mark, at) in marks.iter_mut().skip(word).step_by(words).zip(times.values()) {
            if *at < from || *at >= to {
                *mark &= !bit;
            }
        }
    }
}

/// Returns the rows that fit any leaf.
fn met(marks: &[u64], words: usize) -> Vec<u32> {
    let any: Cow<'_, [u64]> = if words == 1 {
        Cow::Borrowed(marks)
    } else {
        marks.chunks_exact(words).map(|marks| marks.iter().fold(0, |one, other| one | other)).collect()
    };
    // Written in any case and counted where it fits: nothing to guess for the processor.
    let (mut rows, mut count) = (vec![0; any.len()], 0);
    for (row, mark) in (0_u32..).zip(any.iter()) {
        rows[count] = row;
        count += usize::from(*mark != 0);
    }
    rows.truncate(count);
    rows
}

fn selection(kept: &[u32], rows: usize) -> RowSelection {
    let runs = kept.chunk_by(|row, next| row + 1 == *next);
    let ranges = runs.map(|run| run[0] as usize..run[run.len() - 1] as usize + 1);
    RowSelection::from_consecutive_ranges(ranges, rows)
}
