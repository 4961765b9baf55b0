use std::fs::File;
use std::future::Future;
use std::io::Seek;

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use http_kit::App;
use kernel::{Caller, Labelled, PAGE_SIZE_MAX, Page, PageQuery, Problem, Result, project};
use serde::Serialize;
use store::Audit;
use tokio_util::io::ReaderStream;

use super::csv::CsvRows;
use super::xlsx::XlsxRows;
use super::{ExportFormat, ExportSpec, ROWS_MAX, Written, rules};
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
    name: &'static str,
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
    mut seen: impl FnMut(u64) + Send,
) -> Result<Exported>
where
    T: Labelled + Serialize,
    Next: FnMut(PageQuery) -> Pages,
    Pages: Future<Output = Result<Page<T>>>,
{
    caller.require(EXPORT_RUN)?;
    let mut out = match format {
        ExportFormat::Csv => Rows::Csv(Box::new(CsvRows::new()?)),
        ExportFormat::Xlsx => Rows::Xlsx(Box::new(XlsxRows::new())),
    };
    let title = |code: &str| Written::Text(app.texts.say(caller.language, code, &Default::default()));
    out.write(&spec.columns.iter().map(|column| title(column.title)).collect::<Vec<_>>())?;
    let mut query = PageQuery { page_size: Some(PAGE_SIZE_MAX), cursor: None };
    let mut rows = 0;
    loop {
        let page = next(query.clone()).await?;
        rows += page.items.len() as u64;
        if rows > ROWS_MAX {
            return Err(Problem::unprocessable("tabular.export.too_many_rows").with("rows_max", ROWS_MAX));
        }
        for row in &page.items {
            out.write(&cells(app, caller, spec, row))?;
        }
        seen(rows);
        match page.next_cursor {
            Some(cursor) => query.cursor = Some(cursor),
            None => break,
        }
    }
    let mut file = tokio::task::spawn_blocking(move || out.finish()).await.map_err(Problem::internal)??;
    file.rewind().map_err(Problem::internal)?;
    record(app, caller, T::NOUN, format, rows).await?;
    Ok(Exported { file, rows, format, name: spec.name })
}

fn cells<T: Labelled + Serialize>(app: &App, caller: &Caller, spec: &ExportSpec, row: &T) -> Vec<Written> {
    let seen = project(caller, row);
    let zone = &app.settings.time_zone;
    spec.columns
        .iter()
        .map(|column| rules::written(seen.get(column.field), column.cell, caller.language, zone))
        .collect()
}

async fn record(
    app: &App,
    caller: &Caller,
    noun: &'static str,
    format: ExportFormat,
    count: u64,
) -> Result<()> {
    let mut tx = app.store.begin(caller).await?;
    tx.audit(
        Audit::without_row("export", noun).with(serde_json::json!({ "format": format })).covering(count),
    )
    .await?;
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
