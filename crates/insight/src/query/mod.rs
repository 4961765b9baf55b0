//! Query (查询): a question in SQL that somebody keeps, with the chart that shows its answer.

mod api;
mod rules;
mod service;
pub(crate) mod sql;

use kernel::{Id, Labelled, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::{IntoParams, ToSchema};

pub use api::routes;
pub use service::{archive, create, get, list, run, update};

text_enum! {
    /// Kind of a chart (图表类型).
    #[schema(as = QueryChartKind)]
    pub enum ChartKind {
        /// Rows as they are.
        Table = "table",
        /// Bars.
        Bar = "bar",
        /// Lines.
        Line = "line",
        /// Filled lines.
        Area = "area",
        /// A pie.
        Pie = "pie",
        /// One number.
        Number = "number",
    }
}

text_enum! {
    /// With whom a query is shared (共享范围).
    #[schema(as = QuerySharing)]
    pub enum Sharing {
        /// Nobody.
        Private = "private",
        /// Some people.
        People = "people",
        /// Everybody who sees saved queries.
        Company = "company",
    }
}

text_enum! {
    /// Kind of a parameter's values (参数类型).
    #[schema(as = QueryParameterKind)]
    pub enum ParameterKind {
        /// Text.
        Text = "text",
        /// Whole number.
        Integer = "integer",
        /// Number.
        Number = "number",
        /// True or false.
        Boolean = "boolean",
        /// Point in time, as text.
        Time = "time",
    }
}

/// How an answer is shown (图表); columns by their names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = QueryChart)]
pub struct Chart {
    /// Its kind.
    pub kind: ChartKind,
    /// Column along the axis, or of the slices.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub x: Option<String>,
    /// Columns of the values.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub y: Vec<String>,
    /// Column that tells series apart.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub series: Option<String>,
}

/// Parameter (参数) of a query: stands as `$name` in its text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = QueryParameter)]
pub struct Parameter {
    /// Its name.
    #[schema(min_length = 1, max_length = 40, pattern = "^[a-z][a-z0-9_]*$")]
    pub name: String,
    /// What people read.
    #[schema(max_length = 100)]
    pub label: String,
    /// Kind of its values.
    pub kind: ParameterKind,
    /// What holds where nothing is given.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub default: Json,
}

/// Saved query (保存的查询).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SavedQuery {
    /// Its id.
    pub id: Id,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The question.
    pub sql: String,
    /// How its answer is shown.
    pub chart: Chart,
    /// What can be filled in.
    pub parameters: Vec<Parameter>,
    /// With whom it is shared.
    pub sharing: Sharing,
    /// People with whom it is shared, where it is shared with some.
    pub people: Vec<Id>,
    /// Who keeps it.
    pub owner_id: Id,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When it was put away.
    pub archived_at: Option<Timestamp>,
    /// Counts the changes.
    pub version: i64,
}

impl Labelled for SavedQuery {
    const NOUN: &'static str = "insight.query";
}

/// What is kept of a query.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewQuery {
    /// Its name.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// What it is for.
    #[serde(default)]
    #[schema(max_length = 1000)]
    pub description: String,
    /// The question.
    #[schema(min_length = 1, max_length = 20000)]
    pub sql: String,
    /// How its answer is shown.
    pub chart: Chart,
    /// What can be filled in.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub parameters: Vec<Parameter>,
    /// With whom it is shared.
    pub sharing: Sharing,
    /// People with whom it is shared, where it is shared with some.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub people: Vec<Id>,
}

/// Which queries to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct QueryFilter {
    /// Part of the name.
    #[param(max_length = 100)]
    pub q: Option<String>,
}
