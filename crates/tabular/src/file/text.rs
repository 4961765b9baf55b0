use std::io::{BufRead, BufReader, Read};
use std::ops::ControlFlow;

use kernel::{Problem, Result};

use super::guard::{COLUMNS_MAX, Meter, ROW_BYTES_MAX};
use super::{RawRow, Separator, damaged};

type VisitMut<'v> = dyn FnMut(&mut RawRow) -> Result<ControlFlow<()>> + 'v;

/// Hands the rows of a decoded text to `visit`.
pub(super) fn rows(
    text: impl Read,
    separator: Separator,
    meter: &Meter,
    visit: &mut VisitMut<'_>,
) -> Result<()> {
    match separator.byte() {
        Some(byte) => separated(text, byte, meter, visit),
        None => by_blanks(text, meter, visit),
    }
}

impl Separator {
    /// Returns the byte between two cells; none for runs of blanks.
    pub(super) fn byte(self) -> Option<u8> {
        match self {
            Self::Comma => Some(b','),
            Self::Tab => Some(b'\t'),
            Self::Semicolon => Some(b';'),
            Self::Pipe => Some(b'|'),
            Self::Blanks => None,
        }
    }
}

fn separated(text: impl Read, separator: u8, meter: &Meter, visit: &mut VisitMut<'_>) -> Result<()> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .buffer_capacity(64 * 1024)
        .from_reader(text);
    let mut row = RawRow::default();
    while reader.read_record(&mut row.cells).map_err(csv_problem)? {
        row.number += 1;
        if let ControlFlow::Break(()) = hand_over(&mut row, meter, visit)? {
            break;
        }
    }
    Ok(())
}

fn by_blanks(text: impl Read, meter: &Meter, visit: &mut VisitMut<'_>) -> Result<()> {
    let mut reader = BufReader::with_capacity(64 * 1024, text);
    let mut row = RawRow::default();
    let mut line = String::new();
    loop {
        line.clear();
        // The guard below stops a line that never ends; this bounds what is decoded of it.
        if (&mut reader).take(2 * ROW_BYTES_MAX).read_line(&mut line).map_err(damaged)? == 0 {
            return Ok(());
        }
        row.number += 1;
        row.cells = line.split_whitespace().collect::<Vec<_>>().into();
        if let ControlFlow::Break(()) = hand_over(&mut row, meter, visit)? {
            return Ok(());
        }
    }
}

fn hand_over(row: &mut RawRow, meter: &Meter, visit: &mut VisitMut<'_>) -> Result<ControlFlow<()>> {
    meter.row_ends();
    if row.cells.len() > COLUMNS_MAX {
        return Err(Problem::unprocessable("tabular.file.too_many_columns").with("columns_max", COLUMNS_MAX));
    }
    row.bytes = meter.packed();
    visit(row)
}

fn csv_problem(error: csv::Error) -> Problem {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => damaged(error),
        other => Problem::internal(format!("{other:?}")),
    }
}
