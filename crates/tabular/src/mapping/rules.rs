//! Which column fills which field: proposed by titles, settled by values, checked before the start.

use std::collections::BTreeSet;

use kernel::{Problem, Result};

use super::ColumnUse;
use crate::file::COLUMNS_MAX;
use crate::import::Note;
use crate::target::{FieldKind, FieldSpec};
use crate::value;

/// Values of one column that decide how it is spelled.
const CONSTANT_MAX: usize = 500;

/// Returns a title as it is compared: case, blanks and punctuation do not count.
pub(crate) fn plain(title: &str) -> String {
    title.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Returns true where some field goes by this title.
pub(crate) fn is_known(fields: &[FieldSpec], title: &str) -> bool {
    let title = plain(title);
    !title.is_empty() && fields.iter().any(|field| titles_of(field).any(|alias| plain(alias) == title))
}

fn titles_of(field: &FieldSpec) -> impl Iterator<Item = &'static str> {
    [field.name].into_iter().chain(field.aliases.iter().copied())
}

/// Proposes a column for each field that goes by one of the titles; a column fills one field.
pub(crate) fn propose(fields: &[FieldSpec], titles: &[String]) -> Vec<ColumnUse> {
    let titles_plain: Vec<String> = titles.iter().map(|title| plain(title)).collect();
    let mut taken = BTreeSet::new();
    let mut proposed = Vec::new();
    for field in fields {
        let found = titles_of(field).find_map(|alias| {
            let alias = plain(alias);
            titles_plain
                .iter()
                .enumerate()
                .position(|(place, title)| *title == alias && !taken.contains(&place))
        });
        if let Some(place) = found {
            taken.insert(place);
            let column = ColumnUse::of_column(field.name, place as u32);
            proposed.push(ColumnUse { title: Some(titles[place].clone()), ..column });
        }
    }
    proposed
}

/// Fits a saved mapping to a file: its columns are found by title; `None` where one is missing.
pub(crate) fn fit(saved: &[ColumnUse], titles: &[String]) -> Option<Vec<ColumnUse>> {
    let titles_plain: Vec<String> = titles.iter().map(|title| plain(title)).collect();
    let mut fitted = Vec::with_capacity(saved.len());
    for column in saved {
        let mut column = column.clone();
        if column.constant.is_none() {
            let wanted = plain(column.title.as_deref()?);
            let place = titles_plain.iter().position(|title| *title == wanted)?;
            column.column = Some(place as u32);
        }
        fitted.push(column);
    }
    Some(fitted)
}

/// Decides over the sample how dates and numbers are spelled where nobody said so, and says what was decided.
pub(crate) fn settle(
    fields: &[FieldSpec],
    columns: &mut [ColumnUse],
    titles: &[String],
    sample: &[Vec<String>],
) -> Vec<Note> {
    let mut notes = Vec::new();
    for used in columns {
        let (Some(place), Some(field)) = (used.column, fields.iter().find(|f| f.name == used.field)) else {
            continue;
        };
        let place = place as usize;
        used.title = titles.get(place).cloned();
        let shown = used.title.clone().unwrap_or_else(|| (place + 1).to_string());
        let cells = || sample.iter().filter_map(|row| row.get(place)).map(String::as_str);
        match field.kind {
            FieldKind::Date | FieldKind::Time if used.dates.is_none() => {
                let (order, matters) = value::date_order(cells());
                used.dates = Some(order.unwrap_or(value::DateOrder::DayFirst));
                notes.extend(date_note(order, matters).map(|code| Note::new(code).with("column", shown)));
            }
            FieldKind::Integer | FieldKind::Decimal(_) | FieldKind::Money if used.decimal.is_none() => {
                let mark = value::decimal_mark(cells());
                used.decimal = Some(mark);
                if mark == value::DecimalMark::Comma {
                    notes.push(Note::new("tabular.note.decimal_comma").with("column", shown));
                }
            }
            _ => {}
        }
    }
    notes
}

fn date_note(order: Option<value::DateOrder>, matters: bool) -> Option<&'static str> {
    match order {
        Some(value::DateOrder::DayFirst) => Some("tabular.note.dates_day_first"),
        Some(value::DateOrder::MonthFirst) => Some("tabular.note.dates_month_first"),
        None if matters => Some("tabular.note.dates_ambiguous"),
        None => None,
    }
}

/// Refuses what cannot be a mapping: unknown or doubled fields, columns that no file has.
pub(crate) fn check(fields: &[FieldSpec], columns: &[ColumnUse]) -> Result<()> {
    let mut problem = Problem::unprocessable("tabular.mapping.invalid");
    let mut seen = BTreeSet::new();
    for (place, used) in columns.iter().enumerate() {
        let at = |name: &str| format!("columns.{place}.{name}");
        if !fields.iter().any(|field| field.name == used.field) {
            problem = problem.with_field(at("field"), "tabular.mapping.unknown_field");
        } else if !seen.insert(&used.field) {
            problem = problem.with_field(at("field"), "tabular.mapping.field_twice");
        }
        if used.column.is_some() == used.constant.is_some() {
            problem = problem.with_field(at("column"), "tabular.mapping.column_or_constant");
        }
        if used.column.is_some_and(|column| column as usize >= COLUMNS_MAX) {
            problem = problem.with_field(at("column"), "tabular.mapping.no_such_column");
        }
        if used.constant.as_ref().is_some_and(|constant| constant.chars().count() > CONSTANT_MAX) {
            problem = problem.with_field(at("constant"), "tabular.mapping.constant_too_long");
        }
    }
    if problem.fields.is_empty() { Ok(()) } else { Err(problem) }
}

/// Refuses to start while a field that every row needs is filled by nothing.
pub(crate) fn check_complete(fields: &[FieldSpec], columns: &[ColumnUse]) -> Result<()> {
    let missing: Vec<&str> = fields
        .iter()
        .filter(|field| field.required && !columns.iter().any(|used| used.field == field.name))
        .map(|field| field.name)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let mut problem =
        Problem::unprocessable("tabular.mapping.required_missing").with("fields", missing.join(", "));
    for field in missing {
        problem = problem.with_field(field, "tabular.mapping.required");
    }
    Err(problem)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: &[FieldSpec] = &[
        FieldSpec::required("order_number", FieldKind::Key(60), &["InvoiceNo", "订单号"]),
        FieldSpec::optional("happened_at", FieldKind::Time, &["InvoiceDate", "Date"]),
        FieldSpec::optional("price", FieldKind::Decimal(6), &["UnitPrice"]),
    ];

    fn strings(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn columns_are_proposed_by_title_in_any_spelling() {
        let titles = strings(&["Unit Price", "订单号", "invoice_date"]);
        let proposed = propose(FIELDS, &titles);
        let found: Vec<_> = proposed.iter().map(|used| (used.field.as_str(), used.column)).collect();
        assert_eq!(found, [("order_number", Some(1)), ("happened_at", Some(2)), ("price", Some(0))]);
        assert!(check_complete(FIELDS, &proposed).is_ok());
        assert!(check_complete(FIELDS, &proposed[1..]).is_err());
    }

    #[test]
    fn spelling_is_settled_by_the_values_and_told() {
        let titles = strings(&["no", "Date", "UnitPrice"]);
        let mut columns = propose(FIELDS, &titles);
        let sample = vec![strings(&["1", "03/04/2015", "1,50"]), strings(&["2", "21/04/2015", "2,25"])];
        let notes = settle(FIELDS, &mut columns, &titles, &sample);
        let codes: Vec<_> = notes.iter().map(|note| note.code.as_str()).collect();
        assert_eq!(codes, ["tabular.note.dates_day_first", "tabular.note.decimal_comma"]);
        assert_eq!(columns[1].decimal, Some(value::DecimalMark::Comma));
    }

    #[test]
    fn a_saved_mapping_fits_where_all_its_titles_are() {
        let titles = strings(&["Date", "InvoiceNo"]);
        let saved = propose(FIELDS, &titles);
        let moved = fit(&saved, &strings(&["x", "invoiceno", "DATE"])).expect("both titles are there");
        assert_eq!(moved.iter().map(|used| used.column).collect::<Vec<_>>(), [Some(1), Some(2)]);
        assert!(fit(&saved, &strings(&["Date"])).is_none());
    }

    #[test]
    fn nonsense_is_refused_field_by_field() {
        let mut columns =
            vec![ColumnUse::of_column("order_number", 0), ColumnUse::of_column("order_number", 1)];
        columns.push(ColumnUse { constant: Some("x".into()), ..ColumnUse::of_column("nothing", 5_000) });
        let problem = check(FIELDS, &columns).expect_err("three mistakes");
        assert_eq!(problem.fields.len(), 4);
    }
}
