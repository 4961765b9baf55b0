use std::collections::BTreeMap;
use std::fs::File;
use std::future::Future;
use std::io::Seek;

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use http_kit::App;
use kernel::{Caller, Label, Labelled, PAGE_SIZE_MAX, Page, PageQuery, Problem, Result, project};
use serde::Serialize;
use serde_json::{Value as Json, json};
use store::Audit;
use tokio_util::io::ReaderStream;

use super::csv::CsvRows;
use super::xlsx::XlsxRows;
use super::{ExportColumn, ExportFormat, ExportSpec, ROWS_MAX, Written, rules};
use crate::permissions::EXPORT_RUN;

enum Rows {
    Csv(Box<CsvRows>),
    Xlsx(Box<XlsxRows>),
}

impl Rows {
    fn write(&mut self, cells: &[Written]) -> Result<()> {
        match self {
            Self::Csv(rows) => rows.write(cells),
            Self::Xlsx(rows) => rows.write(cells),
        }
    }

    fn finish(self) -> Result<File> {
        match self {
            Self::Csv(rows) => rows.finish(),
            Self::Xlsx(rows) => rows.finish(),
        }
    }
}

/// A list, written into a file (导出文件).
#[derive(Debug)]
pub struct Exported {
    /// The file, at its beginning.
    pub file: File,
    /// How many rows it holds below its titles.
    pub rows: u64,
    format: ExportFormat,
    name: String,
}

/// What an export is called, what stands over its columns, and what the audit log says of it (导出表).
#[derive(Debug)]
pub struct Sheet {
    /// Name of the file without its ending.
    pub name: String,
    /// Noun of its rows.
    pub noun: &'static str,
    /// Titles of its columns, in order.
    pub titles: Vec<String>,
    /// Who took it out and when, where its rows are confidential: a last row, and the workbook's foot and properties.
    pub mark: Option<String>,
    /// What was asked for, beside the kind of file.
    pub facts: Json,
}

/// Writes a list into a file: `next` returns its pages, one after the other, as the list itself does.
///
/// What the caller may not see stays empty, and the export stands in the audit log with its number of rows;
/// `seen` is told how many rows are written so far.
pub async fn export<T, Next, Pages>(
    app: &App,
    caller: &Caller,
    format: ExportFormat,
    spec: &ExportSpec,
    mut next: Next,
    seen: impl FnMut(u64) + Send,
) -> Result<Exported>
where
    T: Labelled + Serialize,
    Next: FnMut(PageQuery) -> Pages,
    Pages: Future<Output = Result<Page<T>>>,
{
    let title = |column: &ExportColumn| app.texts.say(caller.language, column.title, &Default::default());
    let sheet = Sheet {
        name: spec.name.to_owned(),
        noun: T::NOUN,
        titles: spec.columns.iter().map(title).collect(),
        mark: mark::<T>(app, caller, spec),
        facts: Json::Null,
    };
    let pages = |query| {
        let page = next(query);
        async move {
            let page = page.await?;
            let items = page.items.iter().map(|row| cells(app, caller, spec, row)).collect();
            Ok(Page { items, next_cursor: page.next_cursor })
        }
    };
    export_rows(app, caller, format, sheet, pages, seen).await
}

/// Says who took rows out, and when, where the file shows what is confidential.
fn mark<T: Labelled>(app: &App, caller: &Caller, spec: &ExportSpec) -> Option<String> {
    let shown = |field: &str| spec.columns.iter().any(|column| column.field == field);
    let tells = |(field, label): &&(&str, Label)| {
        *label > Label::Internal && *label <= caller.clearance && shown(field)
    };
    T::FIELDS.iter().find(tells)?;
    let at = app.store.now().instant().to_zoned(app.settings.time_zone.clone());
    let args = BTreeMap::from([
        ("name".to_owned(), json!(caller.name())),
        ("at".to_owned(), json!(at.strftime("%Y-%m-%d %H:%M").to_string())),
    ]);
    Some(app.texts.say(caller.language, "tabular.export.mark", &args))
}

/// Writes rows whose cells are ready into a file; what their caller may not see is left out of them already.
pub async fn export_rows<Next, Pages>(
    app: &App,
    caller: &Caller,
    format: ExportFormat,
    sheet: Sheet,
    mut next: Next,
    mut seen: impl FnMut(u64) + Send,
) -> Result<Exported>
where
    Next: FnMut(PageQuery) -> Pages,
    Pages: Future<Output = Result<Page<Vec<Written>>>>,
{
    caller.require(EXPORT_RUN)?;
    let mut out = match format {
        ExportFormat::Csv => Rows::Csv(Box::new(CsvRows::new()?)),
        ExportFormat::Xlsx => Rows::Xlsx(Box::new(XlsxRows::new(sheet.mark.as_deref()))),
    };
    out.write(&sheet.titles.iter().cloned().map(Written::Text).collect::<Vec<_>>())?;
    let mut query = PageQuery { page_size: Some(PAGE_SIZE_MAX), cursor: None };
    let mut rows = 0;
    loop {
        let page = next(query.clone()).await?;
        rows += page.items.len() as u64;
        if rows > ROWS_MAX {
            return Err(Problem::unprocessable("tabular.export.too_many_rows").with("rows_max", ROWS_MAX));
        }
        for row in &page.items {
            out.write(row)?;
        }
        seen(rows);
        match page.next_cursor {
            Some(cursor) => query.cursor = Some(cursor),
            None => break,
        }
    }
    if let Some(mark) = &sheet.mark {
        let mut last = vec![Written::Empty; sheet.titles.len().max(1)];
        last[0] = Written::Text(mark.clone());
        out.write(&last)?;
    }
    let mut file = tokio::task::spawn_blocking(move || out.finish()).await.map_err(Problem::internal)??;
    file.rewind().map_err(Problem::internal)?;
    record(app, caller, &sheet, format, rows).await?;
    Ok(Exported { file, rows, format, name: sheet.name })
}

fn cells<T: Labelled + Serialize>(app: &App, caller: &Caller, spec: &ExportSpec, row: &T) -> Vec<Written> {
    let seen = project(caller, row);
    let zone = &app.settings.time_zone;
    spec.columns
        .iter()
        .map(|column| rules::written(seen.get(column.field), column.cell, caller.language, zone))
        .collect()
}

async fn record(app: &App, caller: &Caller, sheet: &Sheet, format: ExportFormat, count: u64) -> Result<()> {
    let mut facts = json!({ "format": format });
    if !sheet.facts.is_null() {
        facts["asked"] = sheet.facts.clone();
    }
    let mut tx = app.store.begin(caller).await?;
    tx.audit(Audit::without_row("export", sheet.noun).with(facts).covering(count)).await?;
    tx.commit().await
}

impl IntoResponse for Exported {
    fn into_response(self) -> Response {
        let kind = match self.format {
            ExportFormat::Csv => "text/csv; charset=utf-8",
            ExportFormat::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        };
        let stream = ReaderStream::new(tokio::fs::File::from_std(self.file));
        attachment(&format!("{}.{}", self.name, self.format), kind, Body::from_stream(stream))
    }
}

/// Makes a response that browsers save as a file; `name` is plain ASCII.
pub fn attachment(name: &str, kind: &'static str, body: Body) -> Response {
    let mut response = body.into_response();
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers
        .insert(header::CONTENT_DISPOSITION, disposition.unwrap_or(HeaderValue::from_static("attachment")));
    response
}
