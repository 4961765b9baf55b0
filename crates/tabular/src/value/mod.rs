//! Values (取值): what a cell says, read as the kind of its field. Pure.

mod dates;
mod numbers;
mod words;

use jiff::tz::TimeZone;
use kernel::text_enum;

use crate::target::{Datum, FieldKind, Reject};

text_enum! {
    /// Order (日期顺序) of day and month in dates that begin with neither a year nor a name.
    pub enum DateOrder { DayFirst = "day_first", MonthFirst = "month_first" }
}

text_enum! {
    /// Which sign stands before the fraction (小数点).
    pub enum DecimalMark { Point = "point", Comma = "comma" }
}

pub(crate) use dates::order as date_order;
pub(crate) use numbers::mark as decimal_mark;

/// How the values of one column are spelled.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spelling<'z> {
    pub dates: DateOrder,
    pub decimal: DecimalMark,
    /// Zone of times that name none.
    pub zone: &'z TimeZone,
}

/// Reads a cell; `None` where it is empty, or says so in words such as `NULL`.
pub(crate) fn read(kind: FieldKind, cell: &str, spelling: &Spelling<'_>) -> Result<Option<Datum>, Reject> {
    let cell = cell.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if words::is_nothing(cell) {
        return Ok(None);
    }
    // What its charset did not know: storing it would lose what the file says.
    if cell.contains('\u{fffd}') {
        return Err(Reject::new("tabular.value.undecodable"));
    }
    let datum = match kind {
        FieldKind::Text(max) => words::text(cell, max).map(Datum::Text),
        FieldKind::Key(max) => words::text(numbers::without_zero_fraction(cell), max).map(Datum::Text),
        FieldKind::Integer => numbers::scaled(cell, 0, spelling.decimal).map(Datum::Integer),
        FieldKind::Decimal(places) => numbers::scaled(cell, places, spelling.decimal).map(Datum::Integer),
        FieldKind::Money => numbers::scaled(cell, 2, spelling.decimal).map(Datum::Integer),
        FieldKind::Date => dates::moment(cell, spelling.dates).map(|m| Datum::Day(m.day(spelling.zone))),
        FieldKind::Time => {
            dates::moment(cell, spelling.dates).and_then(|m| m.time(spelling.zone)).map(Datum::Time)
        }
        FieldKind::Boolean => words::truth(cell).map(Datum::Boolean),
        FieldKind::Email => words::email(cell).map(Datum::Text),
        FieldKind::Mobile => words::mobile(numbers::without_zero_fraction(cell)).map(Datum::Text),
        FieldKind::Currency => words::currency(cell).map(Datum::Text),
        FieldKind::Choice(choices) => words::choice(cell, choices).map(Datum::Text),
    };
    datum.map(Some)
}

/// Returns true for numbers, dates and addresses: what no title looks like.
pub(crate) fn looks_like_data(cell: &str) -> bool {
    numbers::scaled(cell, 6, DecimalMark::Point).is_ok()
        || dates::moment(cell, DateOrder::DayFirst).is_ok()
        || dates::moment(cell, DateOrder::MonthFirst).is_ok()
        || words::email(cell).is_ok()
}
