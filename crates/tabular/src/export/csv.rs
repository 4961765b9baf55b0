use std::fs::File;
use std::io::{BufWriter, Write};

use kernel::{Problem, Result};

use super::{Written, neutral};

/// Writes rows as CSV in UTF-8 with its mark: Excel takes a CSV without it for the machine's old charset.
pub(super) struct CsvRows(csv::Writer<BufWriter<File>>);

impl CsvRows {
    pub(super) fn new() -> Result<Self> {
        let mut out = BufWriter::new(tempfile::tempfile().map_err(Problem::internal)?);
        out.write_all("\u{feff}".as_bytes()).map_err(Problem::internal)?;
        Ok(Self(csv::Writer::from_writer(out)))
    }

    pub(super) fn write(&mut self, cells: &[Written]) -> Result<()> {
        for cell in cells {
            match cell {
                Written::Empty => self.0.write_field(""),
                Written::Text(text) => self.0.write_field(neutral(text).as_ref()),
                Written::Number(number) => self.0.write_field(number),
                Written::Time(time) => self.0.write_field(time.strftime("%Y-%m-%d %H:%M:%S").to_string()),
            }
            .map_err(Problem::internal)?;
        }
        self.0.write_record(None::<&[u8]>).map_err(Problem::internal)
    }

    pub(super) fn finish(self) -> Result<File> {
        let buffer = self.0.into_inner().map_err(|e| Problem::internal(e.into_error()))?;
        buffer.into_inner().map_err(|e| Problem::internal(e.into_error()))
    }
}
