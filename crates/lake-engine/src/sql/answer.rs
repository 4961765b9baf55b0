use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use datafusion::common::metadata::ScalarAndMetadata;
use datafusion::common::{ParamValues, ScalarValue};
use datafusion::dataframe::DataFrame;
use datafusion::execution::context::{SQLOptions, SessionContext};
use datafusion::logical_expr::LogicalPlan;
use datafusion::sql::parser::Statement;
use futures::StreamExt;
use kernel::{Problem, Result};
use lake::sql::{Asked, Seen, Table};
use serde_json::Value as Json;
use tokio::sync::mpsc::Sender;

use super::statement::{self, Ask};
use super::workshop::{Ground, Told};
use super::{fault, session};

/// Finds an answer and tells it piece by piece; ends where nobody listens any more.
pub async fn find(ground: Ground, asked: Asked, sender: Sender<Result<Told>>) {
    let last = match told(&ground, &asked, &sender).await {
        Ok(()) => Ok(Told::End),
        Err(problem) => Err(problem),
    };
    // Whoever went away does not want to know.
    let _ = sender.send(last).await;
}

async fn told(ground: &Ground, asked: &Asked, sender: &Sender<Result<Told>>) -> Result<()> {
    match statement::read(&asked.sql)? {
        Ask::Tables => whole(sender, vec![], tables(&asked.tables)?).await,
        Ask::Columns(name) => {
            let seen = statement::known(&name, &asked.tables)?;
            whole(sender, vec![], columns(seen)?).await
        }
        Ask::Plan(statement) => {
            let (context, plan, names) = planned(ground, asked, *statement).await?;
            let plan = context.state().optimize(&plan).map_err(|error| fault::of(error, ground))?;
            let text = plan.display_indent().to_string();
            whole(sender, names, texts(&["plan"], vec![text.lines().map(str::to_owned).collect()])?).await
        }
        Ask::Rows(statement) => {
            let (context, plan, names) = planned(ground, asked, *statement).await?;
            let frame = DataFrame::new(context.state(), plan);
            let mut stream = frame.execute_stream().await.map_err(|error| fault::of(error, ground))?;
            if !tell(sender, Told::Head(stream.schema(), names)).await {
                return Ok(());
            }
            while let Some(batch) = stream.next().await {
                let batch = batch.map_err(|error| fault::of(error, ground))?;
                if batch.num_rows() > 0 && !tell(sender, Told::Rows(batch)).await {
                    return Ok(());
                }
            }
            Ok(())
        }
    }
}

async fn tell(sender: &Sender<Result<Told>>, told: Told) -> bool {
    sender.send(Ok(told)).await.is_ok()
}

async fn whole(sender: &Sender<Result<Told>>, names: Vec<String>, batch: RecordBatch) -> Result<()> {
    if tell(sender, Told::Head(batch.schema(), names)).await {
        tell(sender, Told::Rows(batch)).await;
    }
    Ok(())
}

/// Plans a query: only tables that are there for whoever asks, and nothing but reading.
async fn planned(
    ground: &Ground,
    asked: &Asked,
    statement: Statement,
) -> Result<(SessionContext, LogicalPlan, Vec<String>)> {
    let names = statement::tables(&statement, &asked.tables)?;
    let context = session::make(ground, asked, &names)?;
    let plan =
        context.state().statement_to_plan(statement).await.map_err(|error| fault::of(error, ground))?;
    SQLOptions::new()
        .with_allow_ddl(false)
        .with_allow_dml(false)
        .with_allow_statements(false)
        .verify_plan(&plan)
        .map_err(|_| Problem::unprocessable("insight.query.not_read_only").with("statement", ""))?;
    let plan = plan.with_param_values(values(&asked.values)).map_err(|error| fault::of(error, ground))?;
    Ok((context, plan, names))
}

fn values(values: &BTreeMap<String, Json>) -> ParamValues {
    let scalar = |value: &Json| match value {
        Json::Bool(truth) => ScalarValue::Boolean(Some(*truth)),
        Json::Number(number) => match number.as_i64() {
            Some(whole) => ScalarValue::Int64(Some(whole)),
            None => ScalarValue::Float64(number.as_f64()),
        },
        Json::String(text) => ScalarValue::Utf8(Some(text.clone())),
        _ => ScalarValue::Utf8(None),
    };
    let named = |(name, value): (&String, &Json)| (name.clone(), ScalarAndMetadata::from(scalar(value)));
    ParamValues::Map(values.iter().map(named).collect::<HashMap<_, _>>())
}

fn tables(seen: &[Seen]) -> Result<RecordBatch> {
    texts(&["table"], vec![seen.iter().map(|seen| seen.table.name.to_owned()).collect()])
}

fn columns(seen: &Seen) -> Result<RecordBatch> {
    let Table { columns, .. } = seen.table;
    let names = columns.iter().map(|column| column.name);
    let kinds = columns.iter().map(|column| format!("{:?}", column.kind).to_lowercase());
    let masked: Vec<bool> = columns.iter().map(|column| seen.masks(column)).collect();
    let schema = Schema::new(vec![
        Field::new("column", DataType::Utf8, false),
        Field::new("kind", DataType::Utf8, false),
        Field::new("masked", DataType::Boolean, false),
    ]);
    let arrays: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from_iter_values(names)),
        Arc::new(StringArray::from_iter_values(kinds)),
        Arc::new(BooleanArray::from(masked)),
    ];
    RecordBatch::try_new(Arc::new(schema), arrays).map_err(Problem::internal)
}

fn texts(names: &[&str], columns: Vec<Vec<String>>) -> Result<RecordBatch> {
    let fields: Vec<Field> = names.iter().map(|name| Field::new(*name, DataType::Utf8, false)).collect();
    let arrays = columns.into_iter().map(|texts| Arc::new(StringArray::from(texts)) as ArrayRef).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).map_err(Problem::internal)
}
