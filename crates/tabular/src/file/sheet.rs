use std::io::{Read, Seek};
use std::ops::ControlFlow;
use std::path::Path;

use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use kernel::{Problem, Result};

use super::guard::{COLUMNS_MAX, Meter};
use super::{Layout, Packing, RawRow, damaged, unpack};

type VisitMut<'v> = dyn FnMut(&mut RawRow) -> Result<ControlFlow<()>> + 'v;

/// Hands the rows of one sheet to `visit`, cell by cell as the sheet is unpacked.
pub(super) fn rows(path: &Path, layout: &Layout, meter: &Meter, visit: &mut VisitMut<'_>) -> Result<()> {
    let file = unpack::workbook(path, layout.packing, meter)?;
    let mut workbook = Xlsx::new(std::io::BufReader::new(meter.counted(file))).map_err(xlsx_problem)?;
    let names = visible(&workbook);
    let sheet = match &layout.sheet {
        Some(name) if names.contains(name) => name.clone(),
        Some(name) => return Err(Problem::unprocessable("tabular.file.no_such_sheet").with("sheet", name)),
        None => names.into_iter().next().ok_or_else(|| Problem::unprocessable("tabular.file.empty"))?,
    };
    let mut cells = workbook.worksheet_cells_reader(&sheet).map_err(xlsx_problem)?;
    let mut row: Vec<String> = Vec::new();
    let mut raw = RawRow::default();
    while let Some(cell) = cells.next_cell().map_err(xlsx_problem)? {
        let (place, column) = cell.get_position();
        let number = u64::from(place) + 1;
        if number != raw.number {
            if raw.number > 0
                && let ControlFlow::Break(()) = hand_over(&mut raw, &mut row, meter, visit)?
            {
                return Ok(());
            }
            raw.number = number;
        }
        put(&mut row, column as usize, text(cell.get_value()))?;
    }
    if raw.number > 0 {
        // The last row; whether the visitor wants more no longer matters.
        let _ = hand_over(&mut raw, &mut row, meter, visit)?;
    }
    Ok(())
}

/// Returns the names of the visible sheets, in order.
pub(super) fn sheets(path: &Path, packing: Packing) -> Result<Vec<String>> {
    let file = unpack::workbook(path, packing, &Meter::default())?;
    let workbook = Xlsx::new(std::io::BufReader::new(file)).map_err(xlsx_problem)?;
    Ok(visible(&workbook))
}

fn visible<R: Read + Seek>(workbook: &Xlsx<R>) -> Vec<String> {
    let shown = |s: &&calamine::Sheet| s.typ == SheetType::WorkSheet && s.visible == SheetVisible::Visible;
    workbook.sheets_metadata().iter().filter(shown).map(|s| s.name.clone()).collect()
}

fn put(row: &mut Vec<String>, column: usize, text: String) -> Result<()> {
    if text.is_empty() {
        return Ok(());
    }
    if column >= COLUMNS_MAX {
        return Err(Problem::unprocessable("tabular.file.too_many_columns").with("columns_max", COLUMNS_MAX));
    }
    if row.len() <= column {
        row.resize(column + 1, String::new());
    }
    row[column] = text;
    Ok(())
}

fn hand_over(
    raw: &mut RawRow,
    row: &mut Vec<String>,
    meter: &Meter,
    visit: &mut VisitMut<'_>,
) -> Result<ControlFlow<()>> {
    raw.cells = std::mem::take(row).into();
    raw.bytes = meter.packed();
    visit(raw)
}

/// Writes a cell as a person would have typed it: dates as ISO, whole numbers without fraction.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(truth) => truth.to_string(),
        DataRef::DateTime(time) if time.is_datetime() => {
            time.as_datetime().map_or_else(String::new, |moment| moment.to_string())
        }
        DataRef::DateTime(duration) => duration.as_f64().to_string(),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

fn xlsx_problem(error: XlsxError) -> Problem {
    match error {
        XlsxError::Io(error) => damaged(error),
        XlsxError::Password => Problem::unprocessable("tabular.file.encrypted"),
        other => {
            let mut problem = Problem::unprocessable("tabular.file.damaged");
            problem.source = Some(Box::new(other));
            problem
        }
    }
}
