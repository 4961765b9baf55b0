use rusqlite::types::Value;
use rusqlite::{Result, Statement};

use crate::row::{Cells, Kind, RowError};

/// Rows that a statement returned, copied out of SQLite.
#[derive(Debug)]
pub(crate) struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<Value>>,
}

#[derive(Debug)]
struct Column {
    name: String,
    /// True and false are numbers in SQLite; only the column says what they mean.
    boolean: bool,
}

impl Table {
    /// Runs a statement whose values are bound, to its end.
    pub fn read(statement: &mut Statement<'_>) -> Result<Self> {
        let is_boolean =
            |kind: &str| kind.eq_ignore_ascii_case("boolean") || kind.eq_ignore_ascii_case("bool");
        let mut rows = Vec::new();
        let mut found = statement.raw_query();
        let mut width = None;
        while let Some(row) = found.next()? {
            // Columns are counted after the first step, which prepares anew where the schema has changed.
            let width = *width.get_or_insert_with(|| row.as_ref().column_count());
            rows.push((0..width).map(|place| row.get(place)).collect::<Result<_>>()?);
        }
        drop(found);
        let columns = statement.columns().into_iter().map(|column| Column {
            name: column.name().to_owned(),
            boolean: column.decl_type().is_some_and(is_boolean),
        });
        let columns = columns.collect();
        Ok(Self { columns, rows })
    }

    /// Iterates over the rows.
    pub fn rows(&self) -> impl Iterator<Item = TableRow<'_>> {
        self.rows.iter().map(|cells| TableRow { columns: &self.columns, cells })
    }
}

/// One of the rows.
pub(crate) struct TableRow<'t> {
    columns: &'t [Column],
    cells: &'t [Value],
}

impl TableRow<'_> {
    /// Refuses what is of another kind, which SQLite would convert (a word becomes 0).
    fn other<T>(&self, expected: Kind, index: usize) -> Result<T, RowError> {
        let found = if matches!(self.cells[index], Value::Null) {
            "NULL".to_owned()
        } else {
            format!("{:?}", self.kind(index))
        };
        Err(RowError::new(format!("{expected:?} expected, {found} found")))
    }
}

impl Cells for TableRow<'_> {
    fn count(&self) -> usize {
        self.cells.len()
    }

    fn name(&self, index: usize) -> &str {
        &self.columns[index].name
    }

    fn is_null(&self, index: usize) -> Result<bool, RowError> {
        Ok(matches!(self.cells[index], Value::Null))
    }

    fn kind(&self, index: usize) -> Kind {
        match self.cells[index] {
            Value::Integer(_) if self.columns[index].boolean => Kind::Boolean,
            Value::Integer(_) => Kind::Integer,
            Value::Real(_) => Kind::Real,
            Value::Blob(_) => Kind::Bytes,
            Value::Null | Value::Text(_) => Kind::Text,
        }
    }

    fn integer(&self, index: usize) -> Result<i64, RowError> {
        match self.cells[index] {
            Value::Integer(number) if !self.columns[index].boolean => Ok(number),
            _ => self.other(Kind::Integer, index),
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "a whole number where one with a fraction is asked for")]
    fn real(&self, index: usize) -> Result<f64, RowError> {
        match self.cells[index] {
            Value::Real(number) => Ok(number),
            Value::Integer(number) => Ok(number as f64),
            _ => self.other(Kind::Real, index),
        }
    }

    fn boolean(&self, index: usize) -> Result<bool, RowError> {
        match self.cells[index] {
            Value::Integer(number) => Ok(number != 0),
            _ => self.other(Kind::Boolean, index),
        }
    }

    fn text(&self, index: usize) -> Result<&str, RowError> {
        match &self.cells[index] {
            Value::Text(text) => Ok(text),
            _ => self.other(Kind::Text, index),
        }
    }

    fn bytes(&self, index: usize) -> Result<&[u8], RowError> {
        match &self.cells[index] {
            Value::Blob(bytes) => Ok(bytes),
            _ => self.other(Kind::Bytes, index),
        }
    }
}
