//! Dashboard (看板): tiles over metrics, records and clauses, as a pack declares them.
//!
//! A tile shows a caller what they may see anyway: records by the scope and labels of their type, a metric by the rights
//! of the rows behind it. What they may not see at all is a tile without content, not a refusal of the page.

pub mod api;
mod groups;
mod prove;
mod service;
mod spec;

use kernel::{Labelled, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub(crate) use prove::{Dashboard, Known, prove};
pub use service::{find, list};
pub use spec::{DashboardSpec, TargetSpec, TileSpec};

use crate::clause::Status;
use crate::metric::MetricRow;
use crate::record::Record;
use crate::record_type::{Area, FieldKind};

text_enum! {
    /// Kind (类型) of a tile.
    pub enum TileKind {
        /// A metric with its line.
        Metric = "metric",
        /// A metric against a target.
        Gauge = "gauge",
        /// Records by one field or two.
        Groups = "groups",
        /// Some records.
        List = "list",
        /// Clauses and how they stand.
        Clauses = "clauses",
        /// A text.
        Text = "text",
    }
}

text_enum! {
    /// How (呈现方式) a tile looks.
    #[derive(Default)]
    pub enum TileShows {
        /// A line over time.
        #[default]
        Line = "line",
        /// Bars.
        Bars = "bars",
        /// Coloured cells.
        Heat = "heat",
        /// A table.
        Table = "table",
    }
}

text_enum! {
    /// What is computed of the records of a group.
    #[derive(Default)]
    pub enum GroupFigure {
        /// How many.
        #[default]
        Count = "count",
        /// Their sum.
        Sum = "sum",
        /// Their mean.
        Mean = "mean",
        /// The least.
        Least = "least",
        /// The greatest.
        Greatest = "greatest",
    }
}

/// Dashboard (看板) as lists show it, in the caller's language.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DashboardRow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub title: String,
    /// What it is for.
    pub summary: String,
    /// Area of the navigation.
    pub area: Area,
    /// Clauses that it serves.
    pub clauses: Vec<String>,
}

impl Labelled for DashboardRow {
    const NOUN: &'static str = "rulebook.dashboard";
}

/// A dashboard with its tiles.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DashboardDetail {
    /// The dashboard.
    #[serde(flatten)]
    pub dashboard: DashboardRow,
    /// Its tiles, in order.
    pub tiles: Vec<DashboardTile>,
}

impl Labelled for DashboardDetail {
    const NOUN: &'static str = "rulebook.dashboard";
}

/// Tile (卡片) with what this caller may see of it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DashboardTile {
    /// Its kind.
    pub kind: TileKind,
    /// Its name.
    pub title: String,
    /// True where it takes the whole width.
    pub wide: bool,
    /// How it looks.
    pub shows: TileShows,
    /// True where the caller may see nothing of it.
    pub hidden: bool,
    /// The metric, of `metric` and `gauge`.
    pub metric: Option<MetricRow>,
    /// The metric's values over time, oldest first.
    pub points: Vec<TilePoint>,
    /// What is to be reached, of `gauge`.
    pub target: Option<f64>,
    /// How much of it is reached, in percent.
    pub attainment: Option<f64>,
    /// The groups, of `groups`.
    pub groups: Option<TileGroups>,
    /// The records, of `list`.
    pub list: Option<TileList>,
    /// The clauses, of `clauses`.
    pub clauses: Vec<TileClause>,
    /// The text, of `text`.
    pub text: String,
}

/// A value at a time.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TilePoint {
    /// When.
    pub at: Timestamp,
    /// The value.
    pub value: Option<f64>,
}

/// Records by one field or two.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TileGroups {
    /// Their type.
    pub type_id: String,
    /// The first field.
    pub by: String,
    /// Its name.
    pub by_title: String,
    /// The second field.
    pub across: Option<String>,
    /// Its name.
    pub across_title: Option<String>,
    /// What is computed.
    pub figure: GroupFigure,
    /// Of which field.
    pub of: Option<String>,
    /// The expression by which the records were chosen.
    pub filter: Option<String>,
    /// One cell for each group that has records.
    pub cells: Vec<TileCell>,
}

/// One group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TileCell {
    /// Value of the first field.
    pub by_value: Option<String>,
    /// Its name.
    pub by_title: String,
    /// Value of the second field.
    pub across_value: Option<String>,
    /// Its name.
    pub across_title: Option<String>,
    /// How many records.
    pub records: i64,
    /// The figure; absent where no record has the value.
    pub value: Option<f64>,
}

/// Some records.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TileList {
    /// Their type.
    pub type_id: String,
    /// The view of the type that shows all of them.
    pub view: Option<String>,
    /// The expression by which they were chosen.
    pub filter: Option<String>,
    /// What is shown of each.
    pub columns: Vec<TileColumn>,
    /// The records.
    pub records: Vec<Record>,
    /// True where there are more.
    pub more: bool,
}

/// A column of a list.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TileColumn {
    /// The field, or one of what every record has.
    pub key: String,
    /// Its name; empty for what every record has.
    pub title: String,
    /// Kind of the field; absent for what every record has.
    pub kind: Option<FieldKind>,
}

/// A clause with how it stands.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TileClause {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// How it stands.
    pub status: Status,
}
