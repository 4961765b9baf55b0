use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::path::PathBuf;

use arrow_array::RecordBatch;
use arrow_select::interleave::interleave_record_batch;
use kernel::{Problem, Result};
use parquet::arrow::arrow_reader::ParquetRecordBatchReader;

use crate::file::{self, broken, orders};
use crate::row::Order;

/// Rows of a piece that is handed on.
const PIECE_ROWS: usize = 8_192;

/// Hands on the rows of several files in order, piece by piece, those that `keep` wants.
///
/// In memory are one piece of each file, and the one that is handed on.
pub fn merge(
    paths: &[PathBuf],
    keep: impl Fn(&Order) -> bool,
    mut hand_on: impl FnMut(&RecordBatch) -> Result<()>,
) -> Result<()> {
    let mut inputs = Vec::with_capacity(paths.len());
    let mut heads = BinaryHeap::new();
    for (place, path) in paths.iter().enumerate() {
        let mut input = Input { path: path.clone(), reader: file::open(path)?, piece: None, row: 0 };
        if input.advance()? {
            heads.push(Reverse((input.order()?, place)));
        }
        inputs.push(input);
    }
    let mut output = Output::default();
    while let Some(Reverse((order, place))) = heads.pop() {
        let input = &mut inputs[place];
        if keep(&order) {
            output.take(place, input);
        }
        input.row += 1;
        let used_up = input.is_used_up();
        if output.rows.len() >= PIECE_ROWS || (used_up && output.holds(place)) {
            output.hand_on(&mut hand_on)?;
        }
        if !used_up || input.advance()? {
            heads.push(Reverse((input.order()?, place)));
        }
    }
    output.hand_on(&mut hand_on)
}

struct Input {
    path: PathBuf,
    reader: ParquetRecordBatchReader,
    piece: Option<RecordBatch>,
    row: usize,
}

impl Input {
    fn is_used_up(&self) -> bool {
        self.piece.as_ref().is_none_or(|piece| self.row >= piece.num_rows())
    }

    /// Takes the next piece; false at the end.
    fn advance(&mut self) -> Result<bool> {
        self.row = 0;
        loop {
            self.piece = self.reader.next().transpose().map_err(|error| broken(&self.path, error))?;
            match &self.piece {
                None => return Ok(false),
                Some(piece) if piece.num_rows() > 0 => return Ok(true),
                Some(_) => {}
            }
        }
    }

    fn order(&self) -> Result<Order> {
        let piece = self.piece.as_ref().ok_or_else(|| Problem::internal("a piece of a file is missing"))?;
        Ok(orders(piece)?.at(self.row))
    }
}

/// Rows that are to be handed on, as places in pieces of the inputs.
#[derive(Default)]
struct Output {
    pieces: Vec<(usize, RecordBatch)>,
    rows: Vec<(usize, usize)>,
}

impl Output {
    fn take(&mut self, place: usize, input: &Input) {
        let at = self.pieces.iter().position(|(of, _)| *of == place);
        let at = at.or_else(|| {
            self.pieces.push((place, input.piece.clone()?));
            Some(self.pieces.len() - 1)
        });
        self.rows.extend(at.map(|at| (at, input.row)));
    }

    fn holds(&self, place: usize) -> bool {
        self.pieces.iter().any(|(of, _)| *of == place)
    }

    fn hand_on(&mut self, hand_on: &mut impl FnMut(&RecordBatch) -> Result<()>) -> Result<()> {
        if !self.rows.is_empty() {
            let pieces: Vec<&RecordBatch> = self.pieces.iter().map(|(_, piece)| piece).collect();
            hand_on(&interleave_record_batch(&pieces, &self.rows).map_err(Problem::internal)?)?;
        }
        self.pieces.clear();
        self.rows.clear();
        Ok(())
    }
}
