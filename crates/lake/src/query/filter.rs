use kernel::{Id, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::EventKind;

text_enum! {
    /// Column (列) of an event that questions may name.
    #[schema(as = EventColumn)]
    pub enum Column {
        /// What was done.
        Name = "name",
        /// Its kind.
        Kind = "kind",
        /// By which channel somebody came to the page.
        Channel = "channel",
        /// Path of the page.
        Path = "path",
        /// The product.
        ProductId = "product_id",
        /// The order.
        OrderId = "order_id",
        /// Currency of the value.
        Currency = "currency",
        /// What it was worth: the one column of numbers.
        Value = "value",
        /// Where it came from.
        SourceId = "source_id",
    }
}

impl Column {
    /// Returns true where it holds numbers; all others hold text.
    pub fn is_number(self) -> bool {
        self == Self::Value
    }
}

text_enum! {
    /// How a column is compared (比较方式). An event without a value fits `is_null` alone, as in SQL.
    #[schema(as = EventOperator)]
    pub enum Operator {
        /// Equal.
        Eq = "eq",
        /// Not equal.
        Ne = "ne",
        /// Less; of texts, before it in the order of their UTF-8 bytes.
        Lt = "lt",
        /// Less or equal.
        Le = "le",
        /// Greater.
        Gt = "gt",
        /// Greater or equal.
        Ge = "ge",
        /// A text that has this in it, upper and lower case told apart.
        Contains = "contains",
        /// It has none.
        IsNull = "is_null",
        /// It has one.
        NotNull = "not_null",
    }
}

/// What a column is compared with (比较值).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(as = EventValue)]
pub enum Value {
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
}

/// Condition (条件) on one column of an event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EventCondition)]
pub struct Condition {
    /// The column.
    pub column: Column,
    /// How it is compared.
    pub op: Operator,
    /// With what; absent for `is_null` and `not_null`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
}

/// Which events (事件条件): those that fit everything said here. An empty list asks for nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct EventFilter {
    /// Their name is one of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// Their kind is one of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<EventKind>,
    /// They came from one of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub source_ids: Vec<Id>,
    /// Every one of these holds.
    #[serde(rename = "where", skip_serializing_if = "Vec::is_empty")]
    pub where_: Vec<Condition>,
}

/// Span (时间范围) of when events happened. What is outside is not seen by the question.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = EventSpan)]
pub struct Span {
    /// Since this time, inclusive; since ever when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// Before this time, exclusive; for ever when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Timestamp>,
}

impl Span {
    /// Returns true where the time is in it.
    pub fn has(self, at: Timestamp) -> bool {
        self.from.is_none_or(|from| at >= from) && self.to.is_none_or(|to| at < to)
    }
}
