use std::collections::BTreeMap;

use http_kit::App;
use kernel::{Caller, Id, Labelled, Page, PageQuery, Problem, Result};
use serde_json::json;
use store::{Audit, Store, Tx, args};
use tabular::export::{ExportCell, ExportColumn, ExportFormat, ExportSpec, Exported, export};

use super::notice::{self, RECIPIENT, TO_ANSWER};
use super::rules::{self, Month};
use super::{
    AnswerReport, InsightReport, InsightReportDetail, KeptFigure, ReportFigure, ReportFigureCode,
    ReportRecipient, WriteReport, figures, sql,
};
use crate::permissions::{INSIGHT_REPORT_ANSWER, INSIGHT_REPORT_READ, INSIGHT_REPORT_WRITE};

/// Policy parameter: the day of the month on which the report of the month before is written.
const DAY: &str = "insight_report.day";
/// Policy parameter: days that a department has to say whether it uses a report.
const ANSWER_DAYS: &str = "insight_report.answer_days";
/// Policy parameter: codes of the departments that reports go to.
const DEPARTMENTS: &str = "insight_report.departments";
/// Most characters of an answer.
const NOTE_MAX: usize = 2_000;

/// Returns reports, newest first.
pub async fn list(app: &App, caller: &Caller, page: &PageQuery) -> Result<Page<InsightReport>> {
    caller.require(INSIGHT_REPORT_READ)?;
    let size = page.size()?;
    let mut query = sql::reports();
    if let Some(month) = page.after::<String>()? {
        query.and("r.month <", month);
    }
    query.push(" ORDER BY r.month DESC").limit_overfull(size);
    let rows = app.store.list(query).await?;
    Ok(Page::from_overfull(rows, size, |row: &InsightReport| row.month.clone()))
}

/// Returns one report beside that of the month before.
pub async fn get(app: &App, caller: &Caller, id: Id) -> Result<InsightReportDetail> {
    caller.require(INSIGHT_REPORT_READ)?;
    detail(app, caller, id).await
}

async fn detail(app: &App, caller: &Caller, id: Id) -> Result<InsightReportDetail> {
    let report: Option<InsightReport> = app.store.list(sql::one(id)).await?.pop();
    let report = report.ok_or_else(|| Problem::not_found("access.not_found"))?;
    let month = Month::read(&report.month)?;
    let before_id: Option<Id> = app.store.find(sql::OF_MONTH, args![month.previous().to_string()]).await?;
    let before = match before_id {
        Some(before) => kept(&app.store, before).await?,
        None => Vec::new(),
    };
    let own = kept(&app.store, id).await?;
    let figures = own.into_iter().map(|figure| shown(app, caller, figure, &before)).collect();
    let departments: Vec<ReportRecipient> =
        app.store.all(sql::RECIPIENTS, args![id, app.store.now()]).await?;
    Ok(InsightReportDetail { report, before_id, figures, departments })
}

async fn kept(store: &Store, report: Id) -> Result<Vec<KeptFigure>> {
    let text: String = store.get(sql::FIGURES, args![report]).await?;
    serde_json::from_str(&text).map_err(Problem::internal)
}

fn shown(app: &App, caller: &Caller, figure: KeptFigure, before: &[KeptFigure]) -> ReportFigure {
    let say = |what: &str, of: &str| {
        let code = format!("customers.insight_report.{what}.{of}");
        app.texts.say(caller.language, &code, &BTreeMap::new())
    };
    let (part, unit) = rules::place(figure.code);
    let earlier = rules::same(&figure, before);
    // What the product itself names is kept by its key only, and said in the reader's language.
    let of_product = match figure.code {
        ReportFigureCode::RfmCustomers => figure.key.as_deref().map(|key| say("rfm", key)),
        ReportFigureCode::ValueTierCustomers | ReportFigureCode::ValueTierExpected => {
            figure.key.as_deref().map(|key| say("value_tier", key))
        }
        ReportFigureCode::TierCustomers => figure.key.clone(),
        _ => None,
    };
    ReportFigure {
        code: figure.code,
        part,
        name: of_product.or(figure.name),
        key: figure.key,
        title: say("figure", figure.code.as_str()),
        definition: say("definition", figure.code.as_str()),
        unit,
        value: figure.value,
        before: earlier,
        change: rules::change(figure.value, earlier),
    }
}

/// Writes the report of a month that is over, on somebody's wish.
pub async fn write(app: &App, caller: &Caller, wanted: &WriteReport) -> Result<InsightReportDetail> {
    caller.require(INSIGHT_REPORT_WRITE)?;
    let id = write_month(app, caller, &wanted.month).await?;
    detail(app, caller, id).await
}

/// Writes the report of the month before where it is due and not there; returns its id.
pub(super) async fn write_due(app: &App, caller: &Caller) -> Result<Option<Id>> {
    let (now, zone) = (app.store.now(), &app.settings.time_zone);
    let day = rulebook::parameter::get(&app.store, DAY).await?.integer()?;
    if rules::day_of_month(now, zone) < day {
        return Ok(None);
    }
    let month = Month::before(now, zone).to_string();
    let there: Option<Id> = app.store.find(sql::OF_MONTH, args![&month]).await?;
    match there {
        Some(_) => Ok(None),
        None => write_month(app, caller, &month).await.map(Some),
    }
}

/// Writes the report of a month, and sends it to the departments that are to use it; returns its id.
pub async fn write_month(app: &App, caller: &Caller, month: &str) -> Result<Id> {
    let month = Month::read(month)?;
    let (from, until) = month.span(&app.settings.time_zone)?;
    if until > app.store.now() {
        return Err(Problem::conflict("customers.insight_report.not_over"));
    }
    let there: Option<Id> = app.store.find(sql::OF_MONTH, args![month.to_string()]).await?;
    if there.is_some() {
        return Err(exists());
    }
    let figures = figures::gather(app, month).await?;
    let days = rulebook::parameter::get(&app.store, ANSWER_DAYS).await?.days()?;
    let departments = rulebook::parameter::get(&app.store, DEPARTMENTS).await?.text()?;
    let mut tx = app.store.begin(caller).await?;
    // Of two that write at once one comes first.
    tx.lock("customers.insight_report", Id::from_digest([0; 16])).await?;
    let there: Option<Id> = tx.find(sql::OF_MONTH, args![month.to_string()]).await?;
    if there.is_some() {
        return Err(exists());
    }
    let (id, now) = (Id::new(), tx.now());
    let currency = app.settings.currency.as_str();
    let row = args![
        id,
        month.to_string(),
        from,
        until,
        now,
        caller.find_user_id(),
        currency,
        store::json(&figures),
    ];
    tx.exec_one(sql::INSERT, row).await?;
    let due_at = now.plus_days(days);
    let recipients = departments_of(app, &mut tx, &departments).await?;
    for department in &recipients {
        let recipient = Id::new();
        tx.exec_one(sql::INSERT_RECIPIENT, args![recipient, id, *department, due_at]).await?;
        notice::send(app, &mut tx, (id, &month.to_string()), (recipient, *department), due_at).await?;
    }
    let facts =
        json!({ "month": month.to_string(), "figures": figures.len(), "departments": recipients.len() });
    tx.audit(Audit::new("write", InsightReport::NOUN, id).with(facts)).await?;
    tx.commit().await?;
    Ok(id)
}

fn exists() -> Problem {
    Problem::conflict("customers.insight_report.exists")
}

/// Returns the departments with these codes, of those that are there.
async fn departments_of(app: &App, tx: &mut Tx, codes: &str) -> Result<Vec<Id>> {
    let Ok(people) = app.people.get() else { return Ok(Vec::new()) };
    let units = people.units(tx).await?;
    let wanted = codes.split([',', '，', '、', ' ']).map(str::trim).filter(|code| !code.is_empty());
    let mut found: Vec<Id> = Vec::new();
    for code in wanted {
        let unit = units.iter().find(|unit| unit.code == code).map(|unit| unit.id);
        found.extend(unit.filter(|id| !found.contains(id)));
    }
    Ok(found)
}

/// Says for a department whether it uses a report.
pub async fn answer(app: &App, caller: &Caller, id: Id, said: &AnswerReport) -> Result<InsightReportDetail> {
    let note = said.note.trim();
    if note.is_empty() || note.chars().count() > NOTE_MAX {
        return Err(Problem::unprocessable("customers.insight_report.invalid")
            .with_field("note", "customers.insight_report.note_needed"));
    }
    let department = said.department_id;
    caller.scope(INSIGHT_REPORT_ANSWER)?.require(None, Some(department), None)?;
    let mut tx = app.store.begin(caller).await?;
    let now = tx.now();
    let there: Vec<ReportRecipient> = tx.all(sql::RECIPIENTS, args![id, now]).await?;
    let before = there.iter().find(|recipient| recipient.department_id == department);
    let before = before.ok_or_else(|| Problem::not_found("access.not_found"))?;
    let row = args![id, department, said.answer.as_str(), note, now, caller.find_user_id()];
    if tx.exec(sql::ANSWER, row).await? == 0 {
        return Err(Problem::conflict("customers.insight_report.answered_already"));
    }
    rulebook::task::complete(&mut tx, RECIPIENT, before.id, TO_ANSWER, caller.find_user_id()).await?;
    let facts = json!({ "answer": said.answer, "department_id": department });
    let audit = Audit::new("answer", InsightReport::NOUN, id)
        .within(None, Some(department))
        .because(note)
        .with(facts);
    tx.audit(audit).await?;
    tx.commit().await?;
    detail(app, caller, id).await
}

const EXPORT: ExportSpec = ExportSpec {
    name: "customer-insight-report",
    columns: &[
        ExportColumn::new("title", "customers.insight_report.column.title", ExportCell::Text),
        ExportColumn::new("name", "customers.insight_report.column.name", ExportCell::Text),
        ExportColumn::new("value", "customers.insight_report.column.value", ExportCell::Integer),
        ExportColumn::new("before", "customers.insight_report.column.before", ExportCell::Integer),
        ExportColumn::new("change", "customers.insight_report.column.change", ExportCell::Integer),
        ExportColumn::new("unit", "customers.insight_report.column.unit", ExportCell::Text),
        ExportColumn::new("definition", "customers.insight_report.column.definition", ExportCell::Text),
    ],
};

/// Writes a report into a file: each figure with its definition.
pub async fn export_file(app: &App, caller: &Caller, id: Id, format: ExportFormat) -> Result<Exported> {
    let report = get(app, caller, id).await?;
    let next = |_: PageQuery| {
        let rows = report.figures.clone();
        async move { Ok(Page::whole(rows)) }
    };
    export(app, caller, format, &EXPORT, next, |_| ()).await
}
