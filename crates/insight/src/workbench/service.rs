use std::time::Instant;

use http_kit::App;
use kernel::{Caller, Language, LocalText, Result};
use lake::Lake;
use lake::sql::{AnswerRows, Asked, Copied, EVENTS, Seen, Sql, Table};

use super::{RunSql, SqlResult, SqlTable, SqlTableColumn, rules, sight};
use crate::permissions::QUERY_RUN;

/// Answers a question.
pub async fn run(app: &App, caller: &Caller, run: &RunSql) -> Result<SqlResult> {
    caller.require(QUERY_RUN)?;
    let most = rules::limit(run.limit)?;
    let begun = Instant::now();
    let sight = sight::of(app, caller);
    let asked = Asked { sql: run.sql.clone(), values: run.values.clone(), tables: sight.seen.clone() };
    let opened = app.part::<Sql>()?.open(asked).await;
    let mut answer = opened.map_err(|problem| sight.explained(problem))?;
    let mut rows = Vec::new();
    let mut cut = false;
    while let Some(more) = answer.next().await? {
        rows.extend(more);
        if rows.len() > most {
            rows.truncate(most);
            cut = true;
            break;
        }
    }
    Ok(SqlResult {
        columns: answer.columns().to_vec(),
        rows_total: (!cut).then_some(rows.len() as u64),
        rows,
        cut,
        watermark: answer.watermark(),
        elapsed_ms: begun.elapsed().as_millis() as u64,
        scanned: answer.scanned(),
        masked: masked(&sight.seen, answer.as_ref()),
    })
}

fn masked(seen: &[Seen], answer: &dyn AnswerRows) -> Vec<String> {
    let asked = seen.iter().filter(|seen| answer.tables().iter().any(|name| name == seen.table.name));
    let hidden = asked.flat_map(|seen| {
        let hidden = seen.table.columns.iter().filter(|column| seen.masks(column));
        hidden.map(|column| format!("{}.{}", seen.table.name, column.name))
    });
    hidden.collect()
}

/// Returns every table, with what the caller may see of it.
pub async fn tables(app: &App, caller: &Caller) -> Result<Vec<SqlTable>> {
    caller.require(QUERY_RUN)?;
    let sight = sight::of(app, caller);
    let copies = app.part::<Sql>()?.copies().await?;
    let events = app.part::<Lake>()?.stats().await?;
    let mut tables: Vec<SqlTable> = Vec::new();
    for seen in &sight.seen {
        tables.push(table(app, &copies, &seen.table, Some(seen)));
    }
    for (refused, _) in &sight.refused {
        tables.push(table(app, &copies, refused, None));
    }
    if let Some(table) = tables.iter_mut().find(|table| table.name == EVENTS.name) {
        (table.watermark, table.rows) = (events.watermark, Some(events.events));
    }
    Ok(tables)
}

fn table(app: &App, copies: &[Copied], table: &Table, seen: Option<&Seen>) -> SqlTable {
    let copy = copies.iter().find(|copy| copy.table_name == table.name);
    let column = |column: &lake::sql::TableColumn| SqlTableColumn {
        name: column.name.to_owned(),
        kind: rules::kind(column.kind),
        text: text(
            app,
            &[
                &format!("insight.column.{}.{}", table.name, column.name),
                &format!("insight.column.{}", column.name),
            ],
        ),
        masked: seen.is_none_or(|seen| seen.masks(column)),
    };
    SqlTable {
        name: table.name.to_owned(),
        text: text(app, &[&format!("insight.table.{}", table.name)]),
        watermark: copy.map(|copy| copy.watermark),
        rows: copy.map(|copy| copy.rows),
        allowed: seen.is_some(),
        narrowed: seen.is_some_and(|seen| seen.rows != lake::sql::Rows::All),
        columns: table.columns.iter().map(column).collect(),
    }
}

/// Returns the text of the first of these codes that has one.
fn text(app: &App, codes: &[&str]) -> LocalText {
    let say = |language| {
        let none = Default::default();
        let found = codes.iter().find(|code| app.texts.contains(code)).unwrap_or(&codes[codes.len() - 1]);
        app.texts.say(language, found, &none)
    };
    LocalText { zh_hans: say(Language::ZhHans), zh_hant: say(Language::ZhHant), en: say(Language::En) }
}
