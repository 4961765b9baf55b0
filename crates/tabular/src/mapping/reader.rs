use jiff::tz::TimeZone;
use kernel::Result;

use super::{ColumnUse, rules};
use crate::file::RawRow;
use crate::target::{Datum, FieldSpec, MappedRow, Reject};
use crate::value::{self, DateOrder, DecimalMark, Spelling};

/// Reads raw rows as a mapping says; made once per file.
pub(crate) struct RowReader {
    fields: &'static [FieldSpec],
    sources: Vec<Source>,
    zone: TimeZone,
}

enum Source {
    Nothing,
    Constant(Datum),
    Column { place: usize, dates: DateOrder, decimal: DecimalMark },
}

impl RowReader {
    /// Compiles a mapping; refuses constants that their fields cannot hold.
    pub(crate) fn new(fields: &'static [FieldSpec], columns: &[ColumnUse], zone: TimeZone) -> Result<Self> {
        rules::check(fields, columns)?;
        let mut reader = Self { fields, sources: Vec::with_capacity(fields.len()), zone };
        for field in fields {
            let used = columns.iter().find(|used| used.field == field.name);
            let source = used.map_or(Ok(Source::Nothing), |used| reader.source(field, used))?;
            reader.sources.push(source);
        }
        Ok(reader)
    }

    fn source(&self, field: &FieldSpec, used: &ColumnUse) -> Result<Source> {
        let dates = used.dates.unwrap_or(DateOrder::DayFirst);
        let decimal = used.decimal.unwrap_or(DecimalMark::Point);
        if let Some(place) = used.column {
            return Ok(Source::Column { place: place as usize, dates, decimal });
        }
        let spelling = Spelling { dates, decimal, zone: &self.zone };
        let constant = used.constant.as_deref().unwrap_or_default();
        match value::read(field.kind, constant, &spelling) {
            Ok(Some(datum)) => Ok(Source::Constant(datum)),
            Ok(None) => Ok(Source::Nothing),
            Err(reject) => {
                let problem = kernel::Problem::unprocessable("tabular.mapping.invalid");
                Err(problem.with_field(field.name, reject.code))
            }
        }
    }

    /// Reads one row; the first thing wrong with it is why it is rejected.
    pub(crate) fn read(&self, raw: &RawRow) -> Result<MappedRow, Reject> {
        let mut values = Vec::with_capacity(self.fields.len());
        for (field, source) in self.fields.iter().zip(&self.sources) {
            let value = match source {
                Source::Nothing => None,
                Source::Constant(datum) => Some(datum.clone()),
                Source::Column { place, dates, decimal } => {
                    let spelling = Spelling { dates: *dates, decimal: *decimal, zone: &self.zone };
                    let cell = raw.cells.get(*place).unwrap_or_default();
                    value::read(field.kind, cell, &spelling).map_err(|reject| reject.of(field.name))?
                }
            };
            if value.is_none() && field.required {
                return Err(Reject::new("tabular.value.missing").of(field.name));
            }
            values.push(value);
        }
        Ok(MappedRow { number: raw.number, values })
    }
}
