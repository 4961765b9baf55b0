//! What of a question's conditions files of events are searched by (检索条件).

use std::str::FromStr;

use datafusion::common::ScalarValue;
use datafusion::logical_expr::expr::InList;
use datafusion::logical_expr::{BinaryExpr, Expr, Operator};
use kernel::Timestamp;
use lake::query::{self, Condition, EventFilter, Span, Value};

use super::table::times;
use crate::query::Leaf;

/// Returns what rows that fit all conditions fit as well: their times, and what is asked of single columns of text.
/// Whatever else there is, is left to be looked at row by row.
pub fn leaf(filters: &[Expr]) -> Leaf {
    let mut filter = EventFilter::default();
    filters.iter().for_each(|condition| narrow(condition, &mut filter));
    let (from, to) = times(filters);
    let from = (from > i64::MIN).then(|| Timestamp::from_ms(from));
    let to = to.checked_add(1).map(Timestamp::from_ms);
    Leaf { filter, span: Span { from, to } }
}

fn narrow(condition: &Expr, filter: &mut EventFilter) {
    if let Expr::BinaryExpr(BinaryExpr { left, op: Operator::And, right }) = condition {
        narrow(left, filter);
        narrow(right, filter);
    } else if let Some((column, op, text)) = compared(condition) {
        filter.where_.push(Condition { column, op, value: Some(Value::Text(text)) });
    } else if let Some((query::Column::Name, names)) = one_of(condition)
        && filter.names.is_empty()
    {
        filter.names = names;
    }
}

/// Reads a comparison of a column of text with a text.
fn compared(condition: &Expr) -> Option<(query::Column, query::Operator, String)> {
    let Expr::BinaryExpr(BinaryExpr { left, op, right }) = condition else { return None };
    let (column, op, text) = match (column(left), text(right)) {
        (Some(column), Some(text)) => (column, *op, text),
        _ => (column(right)?, op.swap()?, text(left)?),
    };
    let op = match op {
        Operator::Eq => query::Operator::Eq,
        Operator::NotEq => query::Operator::Ne,
        Operator::Lt => query::Operator::Lt,
        Operator::LtEq => query::Operator::Le,
        Operator::Gt => query::Operator::Gt,
        Operator::GtEq => query::Operator::Ge,
        _ => return None,
    };
    Some((column, op, text))
}

/// Reads a list of texts, one of which a column has to be. Short lists come as comparisons joined by OR.
fn one_of(condition: &Expr) -> Option<(query::Column, Vec<String>)> {
    match condition {
        Expr::InList(InList { expr, list, negated: false }) => {
            Some((column(expr)?, list.iter().map(text).collect::<Option<_>>()?))
        }
        Expr::BinaryExpr(BinaryExpr { left, op: Operator::Or, right }) => {
            let ((one, mut texts), (other, more)) = (one_of(left)?, one_of(right)?);
            texts.extend(more);
            (one == other).then_some((one, texts))
        }
        _ => match compared(condition)? {
            (column, query::Operator::Eq, text) => Some((column, vec![text])),
            _ => None,
        },
    }
}

fn column(expr: &Expr) -> Option<query::Column> {
    let Expr::Column(column) = expr else { return None };
    query::Column::from_str(&column.name).ok().filter(|column| !column.is_number())
}

fn text(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Literal(
            ScalarValue::Utf8(text) | ScalarValue::LargeUtf8(text) | ScalarValue::Utf8View(text),
            _,
        ) => text.clone(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use datafusion::logical_expr::{col, lit};

    use super::*;

    fn condition(column: query::Column, op: query::Operator, text: &str) -> Condition {
        Condition { column, op, value: Some(Value::Text(text.to_owned())) }
    }

    #[test]
    fn conditions_on_texts_and_times_are_searched_by() {
        let at = |at| lit(ScalarValue::TimestampMillisecond(Some(at), Some("UTC".into())));
        let either = col("name").eq(lit("a")).or(col("name").eq(lit("b")));
        let filters = [
            either.and(col("channel").not_eq(lit("mail"))),
            col("happened_at").gt_eq(at(5)),
            at(9).gt(col("happened_at")),
            lit("p-1").lt(col("product_id")),
        ];
        let Leaf { filter, span } = leaf(&filters);
        assert_eq!(filter.names, ["a", "b"]);
        let channel = condition(query::Column::Channel, query::Operator::Ne, "mail");
        let product = condition(query::Column::ProductId, query::Operator::Gt, "p-1");
        assert_eq!(filter.where_, [channel, product]);
        assert_eq!((span.from.map(Timestamp::ms), span.to.map(Timestamp::ms)), (Some(5), Some(10)));
    }

    #[test]
    fn nothing_is_left_out_that_a_condition_may_let_through() {
        let filters = [
            col("name").eq(lit("a")).or(col("channel").eq(lit("b"))),
            col("name").eq(lit("a")).or(col("name").not_eq(lit("b"))),
            col("name").in_list(vec![lit("a")], true),
            col("value").eq(lit("3")),
            col("message_id").eq(lit("m")),
            col("name").eq(lit(ScalarValue::Utf8(None))),
        ];
        assert_eq!(leaf(&filters), Leaf { filter: EventFilter::default(), span: Span::default() });
    }
}
