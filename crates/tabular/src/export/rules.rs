//! How values become cells.

use std::borrow::Cow;

use jiff::tz::TimeZone;
use kernel::{Language, Timestamp};
use serde_json::Value as Json;

use super::{ExportCell, Local, Written};

/// Keeps a cell from being run as a formula by whoever opens the file; numbers stay numbers.
///
/// Spreadsheets begin formulas at `=`, `+`, `-`, `@`, at their full-width forms, and after tab and line breaks.
pub(crate) fn neutral(cell: &str) -> Cow<'_, str> {
    let dangerous = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if dangerous && !is_number(cell) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

fn is_number(cell: &str) -> bool {
    let digits = cell.strip_prefix(['-', '+']).unwrap_or(cell);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    all_digits(whole) && all_digits(fraction)
}

/// Returns a value as its column writes it; what is hidden from the caller is empty already.
pub(crate) fn written(
    value: Option<&Json>,
    cell: ExportCell,
    language: Language,
    zone: &TimeZone,
) -> Written {
    let Some(value) = value.filter(|v| !v.is_null()) else { return Written::Empty };
    match (cell, value) {
        (ExportCell::Local, local) => match serde_json::from_value::<Local>(local.clone()) {
            Ok(text) => Written::Text(text.get(language).to_owned()),
            Err(_) => Written::Text(plain(local)),
        },
        (ExportCell::Integer, Json::Number(number)) => Written::Number(number.to_string()),
        (ExportCell::Decimal(places), Json::Number(number)) => match number.as_i64() {
            Some(scaled) => Written::Number(decimal(scaled, places)),
            None => Written::Number(number.to_string()),
        },
        (ExportCell::Time, Json::String(text)) => match text.parse::<Timestamp>() {
            Ok(time) => Written::Time(zone.to_datetime(time.instant())),
            Err(_) => Written::Text(text.clone()),
        },
        (_, other) => Written::Text(plain(other)),
    }
}

fn plain(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Writes a scaled number with all its places.
pub fn decimal(number: i64, places: u8) -> String {
    if places == 0 {
        return number.to_string();
    }
    let scale = 10_u64.pow(u32::from(places));
    let (whole, rest) = (number.unsigned_abs() / scale, number.unsigned_abs() % scale);
    format!("{}{whole}.{rest:0width$}", if number < 0 { "-" } else { "" }, width = usize::from(places))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn formulas_get_a_quote_and_numbers_do_not() {
        for (cell, expected) in [
            ("=1+1", "'=1+1"),
            ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
            ("-2+3", "'-2+3"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("＝1", "'＝1"),
            ("-12.50", "-12.50"),
            ("+8613800000000", "+8613800000000"),
            ("a=b", "a=b"),
            ("", ""),
        ] {
            assert_eq!(neutral(cell), expected, "{cell:?}");
        }
    }

    #[test]
    fn times_are_the_companys_and_texts_the_callers() {
        let zone = TimeZone::get("Asia/Shanghai").expect("a zone of the bundled database");
        let time = written(Some(&"2026-11-22T08:00:00Z".into()), ExportCell::Time, Language::En, &zone);
        assert_eq!(time, Written::Time(jiff::civil::datetime(2026, 11, 22, 16, 0, 0, 0)));
        let name = serde_json::json!({ "zh-Hans": "茶", "zh-Hant": "茶", "en": "Tea" });
        assert_eq!(written(Some(&name), ExportCell::Local, Language::En, &zone), Written::Text("Tea".into()));
        assert_eq!(written(Some(&Json::Null), ExportCell::Text, Language::En, &zone), Written::Empty);
        let price = written(Some(&2_550_000.into()), ExportCell::Decimal(6), Language::En, &zone);
        assert_eq!(price, Written::Number("2.550000".into()));
    }

    proptest! {
        #[test]
        fn no_cell_begins_a_formula(cell in "[=+\\-@\t\r\n＝a1. ]{0,8}") {
            let shown = neutral(&cell);
            let begins = shown.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝']);
            prop_assert!(!begins || is_number(&shown));
        }
    }
}
