//! Reads rows into any `Deserialize` type, so that the row is the domain type is the response.
//!
//! Columns go to fields by name. Scalars read the column; structs, sequences and maps read JSON text.
//! A tuple reads columns by position, a bare scalar reads the first, `Vec<u8>` reads bytes. Times are numbers here
//! (`is_human_readable` is false) and RFC 3339 in JSON. `#[serde(flatten)]` does not fit a row.
//! A text that lies sealed is opened here, so that no statement has to know which columns are.

use std::borrow::Cow;
use std::ops::Deref;

use kernel::{Problem, Result};
use serde::de::value::{SeqDeserializer, StrDeserializer};
use serde::de::{self, DeserializeOwned, DeserializeSeed, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use sqlx::postgres::PgRow;
use sqlx::{Column, Row, TypeInfo, ValueRef};

use crate::sqlite::Table;
use crate::vault::{Keys, PREFIX, unreadable};

/// What reading a row can say.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct RowError {
    message: String,
    /// True where a sealed value does not open with the keys that are at hand.
    is_sealed: bool,
}

impl RowError {
    pub(crate) fn new(message: String) -> Self {
        Self { message, is_sealed: false }
    }

    fn problem(self) -> Problem {
        match self.is_sealed {
            true => unreadable(&self.message),
            false => Problem::internal(self),
        }
    }
}

impl de::Error for RowError {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Self::new(message.to_string())
    }
}

impl From<sqlx::Error> for RowError {
    fn from(error: sqlx::Error) -> Self {
        Self::new(error.to_string())
    }
}

impl From<serde_json::Error> for RowError {
    fn from(error: serde_json::Error) -> Self {
        Self::new(error.to_string())
    }
}

/// The few questions that both databases' rows answer.
pub(crate) trait Cells {
    fn count(&self) -> usize;
    fn name(&self, index: usize) -> &str;
    fn is_null(&self, index: usize) -> Result<bool, RowError>;
    fn kind(&self, index: usize) -> Kind;
    fn integer(&self, index: usize) -> Result<i64, RowError>;
    fn real(&self, index: usize) -> Result<f64, RowError>;
    fn boolean(&self, index: usize) -> Result<bool, RowError>;
    fn text(&self, index: usize) -> Result<&str, RowError>;
    fn bytes(&self, index: usize) -> Result<&[u8], RowError>;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Integer,
    Real,
    Boolean,
    Bytes,
    Text,
}

impl Cells for PgRow {
    fn count(&self) -> usize {
        self.columns().len()
    }

    fn name(&self, index: usize) -> &str {
        self.columns()[index].name()
    }

    fn is_null(&self, index: usize) -> Result<bool, RowError> {
        Ok(self.try_get_raw(index)?.is_null())
    }

    fn kind(&self, index: usize) -> Kind {
        self.try_get_raw(index).map_or(Kind::Text, |value| kind_of(value.type_info().name()))
    }

    fn integer(&self, index: usize) -> Result<i64, RowError> {
        Ok(self.try_get(index)?)
    }

    fn real(&self, index: usize) -> Result<f64, RowError> {
        Ok(self.try_get(index)?)
    }

    fn boolean(&self, index: usize) -> Result<bool, RowError> {
        Ok(self.try_get(index)?)
    }

    fn text(&self, index: usize) -> Result<&str, RowError> {
        Ok(self.try_get(index)?)
    }

    fn bytes(&self, index: usize) -> Result<&[u8], RowError> {
        Ok(self.try_get(index)?)
    }
}

fn kind_of(sql_type: &str) -> Kind {
    match sql_type {
        "INT8" | "INT4" | "INT2" => Kind::Integer,
        "FLOAT8" | "FLOAT4" => Kind::Real,
        "BOOL" => Kind::Boolean,
        "BYTEA" => Kind::Bytes,
        _ => Kind::Text,
    }
}

/// What a statement returned.
pub(crate) enum Rows {
    Sqlite(Table),
    Postgres(Vec<PgRow>),
}

impl Rows {
    /// Reads them all, opening what is sealed with `keys`.
    pub(crate) fn read<T: DeserializeOwned>(&self, keys: &Keys) -> Result<Vec<T>> {
        match self {
            Self::Sqlite(table) => {
                table.rows().map(|row| read(&row, keys).map_err(RowError::problem)).collect()
            }
            Self::Postgres(rows) => {
                rows.iter().map(|row| read(row, keys).map_err(RowError::problem)).collect()
            }
        }
    }
}

/// Reads a whole row. Not generic over the driver, so that each type's code is compiled once.
fn read<T: DeserializeOwned>(row: &dyn Cells, keys: &Keys) -> Result<T, RowError> {
    T::deserialize(WholeRow(Source { cells: row, keys }))
}

/// A row, and what opens its sealed texts.
#[derive(Clone, Copy)]
struct Source<'r> {
    cells: &'r dyn Cells,
    keys: &'r Keys,
}

impl<'r> Deref for Source<'r> {
    type Target = dyn Cells + 'r;

    fn deref(&self) -> &Self::Target {
        self.cells
    }
}

impl<'r> Source<'r> {
    /// Returns the text of a column as it was before it was sealed.
    fn text(&self, index: usize) -> Result<Cow<'r, str>, RowError> {
        let text = self.cells.text(index)?;
        if !text.starts_with(PREFIX) {
            return Ok(Cow::Borrowed(text));
        }
        let opened = self.keys.open(text);
        opened
            .map(Cow::Owned)
            .ok_or_else(|| RowError { message: self.cells.name(index).to_owned(), is_sealed: true })
    }
}

struct WholeRow<'r>(Source<'r>);

macro_rules! first_column {
    ($($method:ident)+) => { $(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
            Cell { row: self.0, index: 0 }.$method(visitor)
        }
    )+ };
}

impl<'de> de::Deserializer<'de> for WholeRow<'_> {
    type Error = RowError;

    fn is_human_readable(&self) -> bool {
        false
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        visitor.visit_map(Columns { row: self.0, next: 0 })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, RowError> {
        self.deserialize_any(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        self.deserialize_any(visitor)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        visitor.visit_seq(Columns { row: self.0, next: 0 })
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Result<V::Value, RowError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, RowError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, RowError> {
        Cell { row: self.0, index: 0 }.deserialize_enum(name, variants, visitor)
    }

    first_column! {
        deserialize_option deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_f32 deserialize_f64
        deserialize_str deserialize_string deserialize_byte_buf
    }

    serde::forward_to_deserialize_any! {
        i128 u128 char bytes unit unit_struct tuple_struct identifier ignored_any
    }
}

struct Columns<'r> {
    row: Source<'r>,
    next: usize,
}

impl<'r> Columns<'r> {
    fn cell(&mut self) -> Result<Cell<'r>, RowError> {
        let index = self.next;
        if index >= self.row.count() {
            return Err(de::Error::custom("the row has fewer columns than the type has fields"));
        }
        self.next += 1;
        Ok(Cell { row: self.row, index })
    }
}

impl<'de> MapAccess<'de> for Columns<'_> {
    type Error = RowError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, RowError> {
        if self.next >= self.row.count() {
            return Ok(None);
        }
        let key: StrDeserializer<'_, RowError> = self.row.name(self.next).into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, RowError> {
        let name = self.row.name(self.next).to_owned();
        seed.deserialize(self.cell()?).map_err(|error| match error.is_sealed {
            true => error,
            false => RowError::new(format!("column {name}: {}", error.message)),
        })
    }
}

impl<'de> SeqAccess<'de> for Columns<'_> {
    type Error = RowError;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, RowError> {
        if self.next >= self.row.count() {
            return Ok(None);
        }
        seed.deserialize(self.cell()?).map(Some)
    }
}

struct Cell<'r> {
    row: Source<'r>,
    index: usize,
}

impl<'r> Cell<'r> {
    fn text(&self) -> Result<Cow<'r, str>, RowError> {
        self.row.text(self.index)
    }
}

/// Reads JSON text; as a reader, because visitors may ask for any lifetime.
fn json(text: &str) -> serde_json::Deserializer<serde_json::de::IoRead<&[u8]>> {
    serde_json::Deserializer::from_reader(text.as_bytes())
}

macro_rules! texts {
    ($($method:ident)+) => { $(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
            visitor.visit_str(&self.text()?)
        }
    )+ };
}

macro_rules! scalars {
    ($($method:ident => $get:ident, $visit:ident;)+) => { $(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
            visitor.$visit(self.row.$get(self.index)?)
        }
    )+ };
}

impl<'de> de::Deserializer<'de> for Cell<'_> {
    type Error = RowError;

    fn is_human_readable(&self) -> bool {
        false
    }

    texts! { deserialize_char deserialize_str deserialize_string deserialize_identifier }

    scalars! {
        deserialize_bool => boolean, visit_bool;
        deserialize_i8 => integer, visit_i64;
        deserialize_i16 => integer, visit_i64;
        deserialize_i32 => integer, visit_i64;
        deserialize_i64 => integer, visit_i64;
        deserialize_u8 => integer, visit_i64;
        deserialize_u16 => integer, visit_i64;
        deserialize_u32 => integer, visit_i64;
        deserialize_u64 => integer, visit_i64;
        deserialize_f32 => real, visit_f64;
        deserialize_f64 => real, visit_f64;
        deserialize_bytes => bytes, visit_bytes;
        deserialize_byte_buf => bytes, visit_bytes;
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        if self.row.is_null(self.index)? {
            return visitor.visit_unit();
        }
        match self.row.kind(self.index) {
            Kind::Integer => self.deserialize_i64(visitor),
            Kind::Real => self.deserialize_f64(visitor),
            Kind::Boolean => self.deserialize_bool(visitor),
            Kind::Bytes => self.deserialize_seq(visitor),
            Kind::Text => {
                let text = self.text()?;
                // A field of free-form JSON asks for "any": its text is an object or an array.
                if text.starts_with(['{', '[']) {
                    return Ok(de::Deserializer::deserialize_any(&mut json(&text), visitor)?);
                }
                visitor.visit_str(&text)
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        if self.row.is_null(self.index)? { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, RowError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, RowError> {
        let text = self.text()?;
        if text.starts_with('{') {
            return Ok(de::Deserializer::deserialize_enum(&mut json(&text), name, variants, visitor)?);
        }
        let word: StrDeserializer<'_, RowError> = (*text).into_deserializer();
        visitor.visit_enum(word)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        if self.row.kind(self.index) == Kind::Bytes {
            let bytes = self.row.bytes(self.index)?.iter().copied();
            return visitor.visit_seq(SeqDeserializer::<_, RowError>::new(bytes));
        }
        Ok(de::Deserializer::deserialize_seq(&mut json(&self.text()?), visitor)?)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, RowError> {
        Ok(de::Deserializer::deserialize_tuple(&mut json(&self.text()?), len, visitor)?)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        Ok(de::Deserializer::deserialize_map(&mut json(&self.text()?), visitor)?)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, RowError> {
        Ok(de::Deserializer::deserialize_struct(&mut json(&self.text()?), name, fields, visitor)?)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! { i128 u128 unit unit_struct tuple_struct }
}
