use std::collections::BTreeMap;
use std::fs::File;
use std::io::Seek;
use std::sync::Arc;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http_kit::App;
use jiff::tz::TimeZone;
use kernel::{Caller, Label, Labelled, Page, Problem, Result, Timestamp};
use lake::sql::{AnswerKind, AnswerRows, Asked, Sql};
use serde_json::{Value as Json, json};
use store::Audit;
use tabular::export::{ExportFormat, Exported, ROWS_MAX, Sheet, Written, attachment, export_rows};
use tabular::permissions::EXPORT_RUN;
use tokio::sync::Mutex;
use tokio_util::io::ReaderStream;

use super::{ExportSql, ResultFormat, SqlResult, rules, sight};
use crate::permissions::QUERY_RUN;
use crate::query::SavedQuery;

/// An answer in a file (结果文件).
#[derive(Debug)]
pub enum ResultFile {
    /// A table as people open it.
    Sheet(Exported),
    /// Columns, for programs.
    Parquet(File),
}

/// Writes an answer into a file; who wanted it and why stands in the audit log first.
pub async fn export(app: &App, caller: &Caller, wanted: &ExportSql) -> Result<ResultFile> {
    caller.require(QUERY_RUN)?;
    caller.require(EXPORT_RUN)?;
    let reason = rules::check_reason(&wanted.reason)?;
    let sight = sight::of(app, caller);
    let asked = Asked { sql: wanted.sql.clone(), values: wanted.values.clone(), tables: sight.seen.clone() };
    let lake = app.part::<Sql>()?;
    let file = match wanted.format {
        ResultFormat::Parquet => {
            let mut file = tempfile::tempfile().map_err(Problem::internal)?;
            let own = file.try_clone().map_err(Problem::internal)?;
            let written = lake.write_parquet(asked, ROWS_MAX, own).await;
            let rows = written.map_err(|problem| sight.explained(problem))?;
            record(app, caller, wanted, reason, Some(rows)).await?;
            file.rewind().map_err(Problem::internal)?;
            ResultFile::Parquet(file)
        }
        ResultFormat::Csv | ResultFormat::Xlsx => {
            let answer = lake.open(asked).await.map_err(|problem| sight.explained(problem))?;
            record(app, caller, wanted, reason, None).await?;
            let format =
                if wanted.format == ResultFormat::Csv { ExportFormat::Csv } else { ExportFormat::Xlsx };
            ResultFile::Sheet(sheet(app, caller, format, answer).await?)
        }
    };
    Ok(file)
}

async fn record(
    app: &App,
    caller: &Caller,
    wanted: &ExportSql,
    reason: &str,
    rows: Option<u64>,
) -> Result<()> {
    let facts = json!({ "format": wanted.format, "sql": wanted.sql, "values": wanted.values });
    let entry = Audit::without_row("export", SavedQuery::NOUN).because(reason).with(facts);
    let mut tx = app.store.begin(caller).await?;
    tx.audit(match rows {
        Some(rows) => entry.covering(rows),
        None => entry,
    })
    .await?;
    tx.commit().await
}

async fn sheet(
    app: &App,
    caller: &Caller,
    format: ExportFormat,
    answer: Box<dyn AnswerRows>,
) -> Result<Exported> {
    let kinds: Arc<[AnswerKind]> = answer.columns().iter().map(|column| column.kind).collect();
    let sheet = Sheet {
        name: "result".to_owned(),
        noun: SqlResult::NOUN,
        titles: answer.columns().iter().map(|column| column.name.clone()).collect(),
        mark: mark(app, caller),
        facts: Json::Null,
    };
    let (answer, zone) = (Arc::new(Mutex::new(answer)), app.settings.time_zone.clone());
    let next = |_| {
        let (answer, kinds, zone) = (answer.clone(), kinds.clone(), zone.clone());
        async move {
            let rows = answer.lock().await.next().await?;
            let next_cursor = rows.as_ref().map(|_| "more".to_owned());
            let cells =
                |row: Vec<Json>| row.iter().zip(&*kinds).map(|(v, kind)| cell(v, *kind, &zone)).collect();
            Ok(Page { items: rows.unwrap_or_default().into_iter().map(cells).collect(), next_cursor })
        }
    };
    export_rows(app, caller, format, sheet, next, |_| ()).await
}

/// Says who took rows out, and when, where they may hold what is confidential.
fn mark(app: &App, caller: &Caller) -> Option<String> {
    if caller.clearance < Label::Personal {
        return None;
    }
    let at = app.store.now().instant().to_zoned(app.settings.time_zone.clone());
    let args = BTreeMap::from([
        ("name".to_owned(), json!(caller.name())),
        ("at".to_owned(), json!(at.strftime("%Y-%m-%d %H:%M").to_string())),
    ]);
    Some(app.texts.say(caller.language, "tabular.export.mark", &args))
}

fn cell(value: &Json, kind: AnswerKind, zone: &TimeZone) -> Written {
    match (value, kind) {
        (Json::Null, _) => Written::Empty,
        (Json::Number(number), _) => Written::Number(number.to_string()),
        (Json::String(text), AnswerKind::Time) => match text.parse::<Timestamp>() {
            Ok(time) => Written::Time(zone.to_datetime(time.instant())),
            Err(_) => Written::Text(text.clone()),
        },
        (Json::String(text), _) => Written::Text(text.clone()),
        (other, _) => Written::Text(other.to_string()),
    }
}

impl IntoResponse for ResultFile {
    fn into_response(self) -> Response {
        match self {
            Self::Sheet(sheet) => sheet.into_response(),
            Self::Parquet(file) => {
                let stream = ReaderStream::new(tokio::fs::File::from_std(file));
                attachment("result.parquet", "application/vnd.apache.parquet", Body::from_stream(stream))
            }
        }
    }
}
