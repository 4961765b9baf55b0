//! The rulebook as a workbook: one sheet each for clauses, controls, waivers and parameters.

use kernel::{Problem, Result, Timestamp};
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use super::Account;

/// Longest text that a cell of Excel holds.
const TEXT_MAX: usize = 32_767;

/// Writes the workbook.
pub fn write(account: &Account) -> Result<Vec<u8>> {
    let mut workbook = Workbook::new();
    let sheets = [
        (
            "clauses",
            &[
                "clause",
                "document",
                "department",
                "title",
                "text",
                "status",
                "derived",
                "stale",
                "overridden",
                "controls",
                "checked",
            ][..],
            clauses(account),
        ),
        (
            "controls",
            &[
                "control",
                "title",
                "clauses",
                "kind",
                "connected",
                "verdict",
                "value",
                "required",
                "population",
                "counted",
                "why",
                "checked",
            ][..],
            controls(account),
        ),
        (
            "waivers",
            &["clause", "status", "reason", "requested_by", "signed_by", "signed", "expires"][..],
            waivers(account),
        ),
        (
            "parameters",
            &["parameter", "title", "value", "default", "unit", "clauses", "changed"][..],
            parameters(account),
        ),
    ];
    for (name, columns, rows) in sheets {
        let sheet = workbook.add_worksheet();
        put(account, sheet, name, columns, rows).map_err(Problem::internal)?;
    }
    workbook.save_to_buffer().map_err(Problem::internal)
}

fn put(
    account: &Account,
    sheet: &mut Worksheet,
    name: &str,
    columns: &[&str],
    rows: Vec<Vec<Cell>>,
) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    sheet.set_name(account.words.say(&format!("sheet_{name}")))?;
    sheet.set_freeze_panes(1, 0)?;
    for (column, key) in (0_u16..).zip(columns) {
        sheet.write_string_with_format(0, column, account.words.say(&format!("column_{key}")), &bold)?;
        sheet.set_column_width(
            column,
            if matches!(*key, "title" | "text" | "why" | "reason") { 48 } else { 16 },
        )?;
    }
    for (row, cells) in (1_u32..).zip(rows) {
        for (column, cell) in (0_u16..).zip(cells) {
            match cell {
                // A string cell is never a formula.
                Cell::Text(text) => {
                    sheet.write_string(row, column, text.chars().take(TEXT_MAX).collect::<String>())?
                }
                Cell::Number(number) => sheet.write_number(row, column, number)?,
                Cell::Empty => continue,
            };
        }
    }
    Ok(())
}

enum Cell {
    Text(String),
    Number(f64),
    Empty,
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text.to_owned()) }
    }
}

impl From<&String> for Cell {
    fn from(text: &String) -> Self {
        text.as_str().into()
    }
}

fn number(value: i64) -> Cell {
    #[expect(clippy::cast_precision_loss, reason = "row counts stay far below 2^53")]
    Cell::Number(value as f64)
}

fn at(time: Option<Timestamp>) -> Cell {
    time.map_or(Cell::Empty, |at| Cell::Text(at.instant().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()))
}

fn yes(account: &Account, yes: bool) -> Cell {
    if yes { Cell::Text(account.words.say("yes")) } else { Cell::Empty }
}

fn clauses(account: &Account) -> Vec<Vec<Cell>> {
    let status = |status: crate::clause::Status| Cell::Text(account.words.say(&format!("status_{status}")));
    let rows = account.clauses.iter().map(|clause| {
        vec![
            (&clause.id).into(),
            (&clause.document).into(),
            (&clause.department_title).into(),
            (&clause.title).into(),
            (&clause.text).into(),
            status(clause.status),
            status(clause.derived_status),
            yes(account, clause.stale),
            yes(account, clause.overridden),
            number(i64::from(clause.controls)),
            at(clause.checked_at),
        ]
    });
    rows.collect()
}

fn controls(account: &Account) -> Vec<Vec<Cell>> {
    let rows = account.controls.iter().map(|control| {
        let run = control.run.as_ref();
        let clauses = control.clauses.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
        vec![
            (&control.id).into(),
            (&control.title).into(),
            Cell::Text(clauses),
            control.kind.as_str().into(),
            yes(account, control.connected),
            run.map_or(Cell::Empty, |run| Cell::Text(account.words.say(&format!("status_{}", run.verdict)))),
            run.and_then(|run| run.value).map_or(Cell::Empty, Cell::Number),
            run.map_or(Cell::Empty, |run| Cell::Text(format!("{} {}", run.operator.sign(), run.threshold))),
            run.map_or(Cell::Empty, |run| number(run.population)),
            run.map_or(Cell::Empty, |run| number(run.counted)),
            run.map_or(Cell::Empty, |run| (&run.why).into()),
            at(run.map(|run| run.confirmed_at)),
        ]
    });
    rows.collect()
}

fn waivers(account: &Account) -> Vec<Vec<Cell>> {
    let rows = account.waivers.iter().map(|waiver| {
        vec![
            (&waiver.clause_id).into(),
            Cell::Text(account.words.say(&format!("status_{}", waiver.shown_status))),
            (&waiver.reason).into(),
            (&waiver.requested_by_name).into(),
            waiver.decided_by_name.as_deref().unwrap_or_default().into(),
            at(waiver.decided_at),
            at(waiver.expires_at),
        ]
    });
    rows.collect()
}

fn parameters(account: &Account) -> Vec<Vec<Cell>> {
    let plain = |value: &serde_json::Value| match value.as_str() {
        Some(text) => text.into(),
        None => Cell::Text(value.to_string()),
    };
    let rows = account.parameters.iter().map(|parameter| {
        vec![
            (&parameter.key).into(),
            (&parameter.title).into(),
            plain(&parameter.value),
            plain(&parameter.default),
            (&parameter.unit).into(),
            Cell::Text(parameter.clauses.join(", ")),
            yes(account, parameter.changed),
        ]
    });
    rows.collect()
}
