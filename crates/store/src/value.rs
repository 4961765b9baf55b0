use kernel::{Day, Id, Timestamp};
use serde::Serialize;

/// A value on its way into a statement; NULLs keep their type because PostgreSQL asks for it.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Text, ids, days, JSON.
    Text(Option<String>),
    /// Whole numbers, times.
    Integer(Option<i64>),
    /// Numbers with a fraction.
    Real(Option<f64>),
    /// True or false.
    Boolean(Option<bool>),
    /// Bytes.
    Bytes(Option<Vec<u8>>),
    /// Text that lies encrypted in the database; made with [`sealed`].
    Sealed(Option<String>),
}

/// Marks a text as one that names or reaches a person (加密存储): it is encrypted when it is bound, and rows that are read
/// hold it opened.
pub fn sealed(text: impl Into<Value>) -> Value {
    match text.into() {
        Value::Text(text) => Value::Sealed(text),
        other => other,
    }
}

macro_rules! into_value {
    ($($source:ty => $variant:ident, |$v:ident| $convert:expr;)+) => { $(
        impl From<$source> for Value {
            fn from($v: $source) -> Self { Self::$variant(Some($convert)) }
        }
        impl From<Option<$source>> for Value {
            fn from(value: Option<$source>) -> Self { Self::$variant(value.map(|$v| $convert)) }
        }
    )+ };
}

into_value! {
    String => Text, |v| v;
    &str => Text, |v| v.to_owned();
    &String => Text, |v| v.clone();
    Id => Text, |v| v.to_string();
    &Id => Text, |v| v.to_string();
    Day => Text, |v| v.to_string();
    i64 => Integer, |v| v;
    i32 => Integer, |v| i64::from(v);
    u32 => Integer, |v| i64::from(v);
    Timestamp => Integer, |v| v.ms();
    f64 => Real, |v| v;
    bool => Boolean, |v| v;
    Vec<u8> => Bytes, |v| v;
    &[u8] => Bytes, |v| v.to_vec();
}

/// Writes plain data as the JSON text of a column.
pub fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("a column holds plain data")
}

/// Collects the values of a statement, in the order of `$1, $2, …`.
#[macro_export]
macro_rules! args {
    () => { ::std::vec::Vec::<$crate::Value>::new() };
    ($($value:expr),+ $(,)?) => { ::std::vec![$($crate::Value::from($value)),+] };
}
