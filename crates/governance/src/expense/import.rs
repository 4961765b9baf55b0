use std::collections::{BTreeMap, BTreeSet, HashMap};

use async_trait::async_trait;
use http_kit::App;
use kernel::{Currency, Day, Id, Permission, Result};
use serde::Deserialize;
use store::{Query, Tx, args};
use tabular::{FieldKind, FieldSpec, ImportRef, MappedRow, Reject, RowOutcome, Target, natural_id};

use super::service::{NOUN, insert, take_back};
use super::{Expense, NewEntry, sql};
use crate::alert;
use crate::budget::{self, Budget};
use crate::check::AMOUNT_MAX;
use crate::ledger::EntryKind;
use crate::ledger::service::{Because, balance, post};
use crate::line;
use crate::permissions::EXPENSE_CREATE;

/// Import of expenses (费用导入): bills that already happened, one a row; they are recorded even where the line has not
/// enough left, and the line is shown as overrun then.
#[derive(Debug, Clone, Copy)]
pub struct ExpenseTarget;

const LINE: usize = 0;
const ON: usize = 1;
const AMOUNT: usize = 2;
const CURRENCY: usize = 3;
const SUPPLIER: usize = 4;
const DESCRIPTION: usize = 5;
const EXTERNAL_ID: usize = 6;
const BUDGET: usize = 7;

const FIELDS: &[FieldSpec] = &[
    FieldSpec::required(
        "line",
        FieldKind::Key(40),
        &["Line", "Budget line", "Line code", "科目", "预算科目", "科目编码", "預算科目", "科目編號"],
    ),
    FieldSpec::required(
        "happened_on",
        FieldKind::Date,
        &["Date", "Bill date", "日期", "发生日期", "發生日期", "账单日期"],
    ),
    FieldSpec::required(
        "amount",
        FieldKind::Money,
        &["Amount", "Cost", "Spend", "金额", "费用", "金額", "費用"],
    ),
    FieldSpec::optional("currency", FieldKind::Currency, &["Currency", "币种", "幣別"]),
    FieldSpec::optional(
        "supplier",
        FieldKind::Text(200),
        &["Supplier", "Vendor", "Platform", "供应商", "平台", "供應商"],
    ),
    FieldSpec::optional(
        "description",
        FieldKind::Text(500),
        &["Description", "Note", "说明", "摘要", "說明"],
    ),
    FieldSpec::required(
        "external_id",
        FieldKind::Key(80),
        &[
            "Bill",
            "Bill no",
            "Invoice",
            "Invoice no",
            "Number",
            "单号",
            "账单号",
            "发票号",
            "單號",
            "發票號碼",
            "帳單編號",
        ],
    ),
    FieldSpec::optional("budget", FieldKind::Text(80), &["Budget", "预算", "预算名称", "預算", "預算名稱"]),
];

#[async_trait]
impl Target for ExpenseTarget {
    fn noun(&self) -> &'static str {
        "expenses"
    }

    fn fields(&self) -> &'static [FieldSpec] {
        FIELDS
    }

    fn permission(&self) -> Permission {
        EXPENSE_CREATE
    }

    async fn store(
        &self,
        _: &App,
        tx: &mut Tx,
        import: &ImportRef,
        rows: Vec<MappedRow>,
    ) -> Result<Vec<RowOutcome>> {
        let lines: Vec<KnownLine> = tx.list(known_lines(import, &rows)).await?;
        let bills: Vec<Result<NewEntry, Reject>> = rows.iter().map(|row| read(row, import, &lines)).collect();
        let mut known = known(tx, bills.iter().flatten().map(|bill| bill.id)).await?;
        let (mut outcomes, mut new) = (Vec::with_capacity(rows.len()), Vec::new());
        for bill in bills {
            outcomes.push(match bill {
                Err(reject) => reject.into(),
                Ok(bill) => match known.get(&bill.id) {
                    Some(Some(seen)) if same(seen, &bill) => RowOutcome::Unchanged,
                    Some(Some(_)) => {
                        let reject = Reject::new("governance.expense.differs").of("external_id");
                        reject.with("number", bill.external_id).into()
                    }
                    _ => {
                        known.insert(bill.id, Some(Seen::of(&bill)));
                        new.push(bill);
                        RowOutcome::Stored
                    }
                },
            });
        }
        record(tx, new).await?;
        Ok(outcomes)
    }

    async fn undo(&self, _: &App, tx: &mut Tx, import_id: Id, limit: u32) -> Result<u64> {
        let expenses: Vec<Expense> = tx.all(sql::TO_UNDO, args![import_id, limit]).await?;
        let mut count = 0;
        for expense in by_cell(expenses, |expense| (expense.line_id, expense.month)).into_values().flatten() {
            count += u64::from(take_back(tx, &expense, "import undone").await?);
        }
        Ok(count)
    }
}

/// What an import asks of lines.
#[derive(Clone, Debug, Deserialize)]
struct KnownLine {
    id: Id,
    code: String,
    contingency: bool,
    budget_id: Id,
    year: i64,
    name: String,
    currency: Currency,
    brand_id: Option<Id>,
}

fn known_lines(import: &ImportRef, rows: &[MappedRow]) -> Query {
    let years: BTreeSet<i64> =
        rows.iter().filter_map(|row| row.day(ON)).map(|day| i64::from(day.0.year())).collect();
    let codes: BTreeSet<&str> = rows.iter().filter_map(|row| row.text(LINE)).collect();
    let mut query = Query::new(sql::LINES, args![]);
    query.and_in("b.year", years).and_in("l.code", codes).and_some("b.brand_id =", import.brand_id);
    query
}

/// Reads a row: which line of which budget pays, and what.
fn read(row: &MappedRow, import: &ImportRef, lines: &[KnownLine]) -> Result<NewEntry, Reject> {
    let missing = |field: &str| Reject::new("tabular.value.missing").of(field);
    let code = row.text(LINE).ok_or_else(|| missing("line"))?;
    let on: Day = row.day(ON).ok_or_else(|| missing("happened_on"))?;
    let amount = row.integer(AMOUNT).ok_or_else(|| missing("amount"))?;
    let number = row.text(EXTERNAL_ID).ok_or_else(|| missing("external_id"))?;
    let budget = row.text(BUDGET);
    let fits = |line: &&KnownLine| {
        line.code == code
            && line.year == i64::from(on.0.year())
            && budget.is_none_or(|name| line.name == name)
            && import.brand_id.is_none_or(|brand| line.brand_id == Some(brand))
    };
    let mut found = lines.iter().filter(fits);
    let line = found.next();
    let line = line.ok_or_else(|| Reject::new("governance.expense.no_line").of("line").with("line", code))?;
    if found.next().is_some() {
        return Err(Reject::new("governance.expense.ambiguous").of("budget").with("line", code));
    }
    if line.contingency {
        return Err(Reject::new("governance.expense.contingency").of("line").with("line", code));
    }
    let said = row.text(CURRENCY).map_or(import.currency.as_str(), |code| code);
    if said != line.currency.as_str() {
        let reject = Reject::new("governance.expense.currency").of("currency");
        return Err(reject.with("currency", line.currency.as_str()));
    }
    if amount == 0 || amount.abs() > AMOUNT_MAX {
        return Err(Reject::new("governance.field.amount").of("amount"));
    }
    Ok(NewEntry {
        id: natural_id(&["expense", &import.source, number]),
        budget_id: line.budget_id,
        line_id: line.id,
        month: i64::from(on.0.month()),
        happened_on: on,
        amount_minor: amount,
        supplier: row.text(SUPPLIER).map(str::to_owned),
        description: row.text(DESCRIPTION).or(row.text(SUPPLIER)).unwrap_or(number).to_owned(),
        source: import.source.clone(),
        external_id: number.to_owned(),
        commitment_id: None,
        over: false,
        import_id: Some(import.id),
    })
}

/// What tells a bill that is there from another.
struct Seen {
    line_id: Id,
    happened_on: Day,
    amount_minor: i64,
}

impl Seen {
    fn of(bill: &NewEntry) -> Self {
        Self { line_id: bill.line_id, happened_on: bill.happened_on, amount_minor: bill.amount_minor }
    }
}

fn same(seen: &Seen, bill: &NewEntry) -> bool {
    (seen.line_id, seen.happened_on, seen.amount_minor) == (bill.line_id, bill.happened_on, bill.amount_minor)
}

/// Returns the bills that are there; those that were taken back count as not there.
async fn known(tx: &mut Tx, ids: impl Iterator<Item = Id>) -> Result<HashMap<Id, Option<Seen>>> {
    let mut query = Query::new(sql::KNOWN, args![]);
    query.and_in("e.id", ids.collect::<BTreeSet<_>>());
    let rows: Vec<Expense> = tx.list(query).await?;
    let seen = |row: Expense| {
        let seen =
            Seen { line_id: row.line_id, happened_on: row.happened_on, amount_minor: row.amount_minor };
        (row.id, row.reversed_at.is_none().then_some(seen))
    };
    Ok(rows.into_iter().map(seen).collect())
}

/// Rows by line and month, in a fixed order: two imports at the same time do not wait for each other in a circle.
fn by_cell<T>(rows: Vec<T>, cell: impl Fn(&T) -> (Id, i64)) -> BTreeMap<(Id, i64), Vec<T>> {
    let mut cells: BTreeMap<(Id, i64), Vec<T>> = BTreeMap::new();
    for row in rows {
        cells.entry(cell(&row)).or_default().push(row);
    }
    cells
}

async fn record(tx: &mut Tx, bills: Vec<NewEntry>) -> Result<()> {
    for ((line_id, month), bills) in by_cell(bills, |bill| (bill.line_id, bill.month)) {
        for mut bill in bills {
            let because = Because { noun: NOUN, id: bill.id, reason: &bill.description };
            post(tx, line_id, month, &[(EntryKind::Expense, bill.amount_minor)], because, true).await?;
            // The balance is locked by the movement: what it says is what this bill left.
            bill.over = bill.amount_minor > 0 && balance(tx, line_id, month).await?.overrun;
            insert(tx, &bill).await?;
        }
        let line: line::Line = tx.get(line::sql::FIND, args![line_id]).await?;
        let budget: Budget = tx.get(budget::sql::FIND, args![line.budget_id]).await?;
        alert::service::after_move(tx, &budget, &line, month).await?;
    }
    Ok(())
}
