use std::fs::File;

use kernel::{Problem, Result};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::Written;

/// Longest text that a cell of Excel holds.
const TEXT_MAX: usize = 32_767;
/// Longest mark at the foot of a page; Excel takes 255 characters.
const MARK_MAX: usize = 200;

/// Writes rows as a workbook of one sheet; rows go to a temporary file as they come.
pub(super) struct XlsxRows {
    workbook: Workbook,
    next: u32,
    time: Format,
}

impl XlsxRows {
    /// Starts a workbook; a mark stands in its properties and at the foot of every printed page.
    pub(super) fn new(mark: Option<&str>) -> Self {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet_with_constant_memory();
        if let Some(mark) = mark {
            let short: String = mark.chars().take(MARK_MAX).collect();
            sheet.set_footer(short.replace('&', "&&"));
            workbook.set_properties(&DocProperties::new().set_comment(mark));
        }
        Self { workbook, next: 0, time: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss") }
    }

    /// A string cell is never a formula, so nothing is quoted here.
    pub(super) fn write(&mut self, cells: &[Written]) -> Result<()> {
        let row = self.next;
        self.next += 1;
        let time_format = self.time.clone();
        let sheet = self.workbook.worksheet_from_index(0).map_err(Problem::internal)?;
        for (column, cell) in cells.iter().enumerate() {
            put(sheet, row, column as u16, cell, &time_format).map_err(Problem::internal)?;
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<File> {
        let mut file = tempfile::tempfile().map_err(Problem::internal)?;
        self.workbook.save_to_writer(&mut file).map_err(Problem::internal)?;
        Ok(file)
    }
}

fn put(sheet: &mut Worksheet, row: u32, column: u16, cell: &Written, time: &Format) -> Result<(), XlsxError> {
    match cell {
        Written::Empty => Ok(()),
        Written::Text(text) => {
            let short: String = text.chars().take(TEXT_MAX).collect();
            sheet.write_string(row, column, short).map(drop)
        }
        Written::Number(number) => match number.parse::<f64>() {
            // Excel keeps 15 digits; longer numbers are ids and stay text.
            Ok(value) if number.len() <= 15 => sheet.write_number(row, column, value).map(drop),
            _ => sheet.write_string(row, column, number).map(drop),
        },
        Written::Time(at) => {
            let day = ExcelDateTime::from_ymd(at.year().max(1900) as u16, at.month() as u8, at.day() as u8)?;
            let moment = day.and_hms(at.hour() as u16, at.minute() as u8, at.second() as u8)?;
            sheet.write_datetime_with_format(row, column, &moment, time).map(drop)
        }
    }
}
