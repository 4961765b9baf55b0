//! Rows (行): columns of Arrow as the values of an answer.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Float64Type, Int64Type, TimestampMillisecondType};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{DataType, Schema, TimeUnit};
use async_trait::async_trait;
use datafusion::arrow::compute::cast;
use kernel::{Problem, Result, Timestamp};
use lake::sql::{AnswerColumn, AnswerKind, AnswerRows, Scanned};
use serde_json::{Number, Value as Json};

use super::workshop::Answer;

#[async_trait]
impl AnswerRows for Answer {
    fn columns(&self) -> &[AnswerColumn] {
        &self.columns
    }

    fn watermark(&self) -> Option<Timestamp> {
        self.watermark
    }

    fn tables(&self) -> &[String] {
        &self.tables
    }

    fn scanned(&self) -> Scanned {
        self.opened()
    }

    async fn next(&mut self) -> Result<Option<Vec<Vec<Json>>>> {
        match self.batch().await? {
            Some(batch) => Ok(Some(rows(&batch)?)),
            None => Ok(None),
        }
    }
}

/// Returns names and kinds of the columns.
pub fn columns(schema: &Schema) -> Vec<AnswerColumn> {
    let column = |field: &Arc<arrow_schema::Field>| AnswerColumn {
        name: field.name().clone(),
        kind: kind(field.data_type()),
    };
    schema.fields().iter().map(column).collect()
}

fn kind(data_type: &DataType) -> AnswerKind {
    match data_type {
        DataType::Dictionary(_, values) => kind(values),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null => AnswerKind::Text,
        whole if whole.is_integer() => AnswerKind::Integer,
        number if number.is_numeric() => AnswerKind::Number,
        DataType::Boolean => AnswerKind::Boolean,
        DataType::Timestamp(..) => AnswerKind::Time,
        DataType::Date32 | DataType::Date64 => AnswerKind::Date,
        _ => AnswerKind::Other,
    }
}

fn rows(batch: &RecordBatch) -> Result<Vec<Vec<Json>>> {
    let mut rows: Vec<Vec<Json>> =
        (0..batch.num_rows()).map(|_| Vec::with_capacity(batch.num_columns())).collect();
    for column in batch.columns() {
        for (row, value) in rows.iter_mut().zip(values(column)?) {
            row.push(value);
        }
    }
    Ok(rows)
}

/// Returns the values of a column: whole and other numbers as such, times and days as text.
fn values(array: &ArrayRef) -> Result<Vec<Json>> {
    let as_type = |wanted: &DataType| cast(array, wanted).map_err(Problem::internal);
    match kind(array.data_type()) {
        AnswerKind::Boolean => Ok(array.as_boolean().iter().map(Json::from).collect()),
        AnswerKind::Integer => match array.data_type() {
            // Larger than Int64: as text it stays exact.
            DataType::UInt64 => texts(&as_type(&DataType::Utf8)?, |text| {
                text.parse::<u64>().map_or_else(|_| Json::from(text), Json::from)
            }),
            _ => {
                let whole = as_type(&DataType::Int64)?;
                Ok(whole.as_primitive::<Int64Type>().iter().map(Json::from).collect())
            }
        },
        AnswerKind::Number => match array.data_type() {
            DataType::Float32 => {
                Ok(array.as_primitive::<Float32Type>().iter().map(|v| number(v.map(f64::from))).collect())
            }
            _ => {
                let real = as_type(&DataType::Float64)?;
                Ok(real.as_primitive::<Float64Type>().iter().map(number).collect())
            }
        },
        AnswerKind::Time => {
            let utc = as_type(&DataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into())))?;
            let time = |at: Option<i64>| at.map_or(Json::Null, |ms| Json::from(spelled(ms)));
            Ok(utc.as_primitive::<TimestampMillisecondType>().iter().map(time).collect())
        }
        AnswerKind::Text | AnswerKind::Date | AnswerKind::Other => {
            texts(&as_type(&DataType::Utf8)?, |text| Json::from(text))
        }
    }
}

fn texts(array: &ArrayRef, read: impl Fn(&str) -> Json) -> Result<Vec<Json>> {
    let array = cast(array, &DataType::Utf8).map_err(Problem::internal)?;
    Ok(array.as_string::<i32>().iter().map(|text| text.map_or(Json::Null, &read)).collect())
}

/// Infinity and what is no number have no place in JSON.
fn number(value: Option<f64>) -> Json {
    value.and_then(Number::from_f64).map_or(Json::Null, Json::Number)
}

fn spelled(ms: i64) -> String {
    jiff::Timestamp::from_millisecond(ms).map_or_else(|_| ms.to_string(), |at| at.to_string())
}

#[cfg(test)]
mod tests {
    use arrow_array::{
        BooleanArray, Date32Array, Decimal128Array, Float64Array, Int32Array, NullArray, StringArray,
        TimestampMillisecondArray, UInt64Array,
    };
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_spelled_as_json_does() {
        let decimal =
            Decimal128Array::from(vec![Some(1_250)]).with_precision_and_scale(10, 2).expect("it fits");
        let cases: Vec<(ArrayRef, Json)> = vec![
            (Arc::new(StringArray::from(vec!["茶"])), json!("茶")),
            (Arc::new(Int32Array::from(vec![7])), json!(7)),
            (Arc::new(UInt64Array::from(vec![u64::MAX])), json!(u64::MAX)),
            (Arc::new(Float64Array::from(vec![f64::NAN])), Json::Null),
            (Arc::new(decimal), json!(12.5)),
            (Arc::new(BooleanArray::from(vec![true])), json!(true)),
            (Arc::new(TimestampMillisecondArray::from(vec![0])), json!("1970-01-01T00:00:00Z")),
            (Arc::new(Date32Array::from(vec![1])), json!("1970-01-02")),
            (Arc::new(NullArray::new(1)), Json::Null),
        ];
        for (array, expected) in cases {
            assert_eq!(values(&array).expect("values"), [expected], "{:?}", array.data_type());
        }
    }
}
