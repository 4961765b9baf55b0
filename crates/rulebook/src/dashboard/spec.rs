use serde::{Deserialize, Serialize};

use super::{GroupFigure, TileKind, TileShows};
use crate::pack::Text;
use crate::record_type::Area;

/// A dashboard as a pack declares it; one a file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DashboardSpec {
    /// Its id.
    pub id: String,
    /// Its name.
    pub title: Text,
    /// What it is for.
    #[serde(default)]
    pub summary: Text,
    /// Area of the navigation in which it stands.
    #[serde(default)]
    pub area: Area,
    /// Clauses that it serves.
    #[serde(default)]
    pub clauses: Vec<String>,
    /// Its tiles, in order.
    pub tiles: Vec<TileSpec>,
}

/// Tile (卡片) of a dashboard.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum TileSpec {
    /// A metric: its value, its limits, its line; or one bar for each of its series.
    Metric {
        /// The metric.
        metric: String,
        /// Its name here; the metric's own when absent.
        #[serde(default)]
        title: Option<Text>,
        /// True: one line or bar for each series.
        #[serde(default)]
        series: bool,
        /// True where it takes the whole width.
        #[serde(default)]
        wide: bool,
        /// How it looks.
        #[serde(default)]
        shows: Option<TileShows>,
    },
    /// A metric against a target.
    Gauge {
        /// The metric.
        metric: String,
        /// Its name here; the metric's own when absent.
        #[serde(default)]
        title: Option<Text>,
        /// What is to be reached.
        target: TargetSpec,
        /// True where it takes the whole width.
        #[serde(default)]
        wide: bool,
    },
    /// Records by one field or two.
    Groups {
        /// Their type.
        record: String,
        /// Its name.
        title: Text,
        /// The first field, or `state`.
        by: String,
        /// The second field.
        #[serde(default)]
        across: Option<String>,
        /// What is computed.
        #[serde(default)]
        figure: GroupFigure,
        /// Of which field; for all but counts.
        #[serde(default)]
        of: Option<String>,
        /// Which records; all when absent. `$me` is the reader.
        #[serde(default)]
        filter: Option<String>,
        /// How it looks; bars when absent.
        #[serde(default)]
        shows: Option<TileShows>,
        /// True where it takes the whole width.
        #[serde(default)]
        wide: bool,
    },
    /// Some records.
    List {
        /// Their type.
        record: String,
        /// Its name.
        title: Text,
        /// A view of the type: its filter, its order, its columns.
        #[serde(default)]
        view: Option<String>,
        /// Which of them; all when absent. `$me` is the reader.
        #[serde(default)]
        filter: Option<String>,
        /// The field by which they are sorted, `-` before it for falling.
        #[serde(default)]
        sort: Option<String>,
        /// What is shown of each; the view's own when absent.
        #[serde(default)]
        columns: Vec<String>,
        /// How many at most.
        #[serde(default = "ten")]
        limit: u32,
        /// True where it takes the whole width.
        #[serde(default)]
        wide: bool,
    },
    /// The dashboard's clauses with how they stand.
    Clauses {
        /// Its name.
        #[serde(default)]
        title: Option<Text>,
        /// True where it takes the whole width.
        #[serde(default)]
        wide: bool,
    },
    /// A text.
    Text {
        /// What it says.
        text: Text,
        /// True where it takes the whole width.
        #[serde(default)]
        wide: bool,
    },
}

fn ten() -> u32 {
    10
}

/// What is to be reached (目标值): a number, or what a policy parameter says.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetSpec {
    /// This number.
    #[serde(default)]
    pub value: Option<f64>,
    /// Or what this policy parameter says; lengths of time are counted in the metric's unit.
    #[serde(default)]
    pub parameter: Option<String>,
}

impl TileSpec {
    /// Returns its kind.
    pub fn kind(&self) -> TileKind {
        match self {
            Self::Metric { .. } => TileKind::Metric,
            Self::Gauge { .. } => TileKind::Gauge,
            Self::Groups { .. } => TileKind::Groups,
            Self::List { .. } => TileKind::List,
            Self::Clauses { .. } => TileKind::Clauses,
            Self::Text { .. } => TileKind::Text,
        }
    }

    /// Returns the text without which it says nothing, and the key under which it stands.
    pub fn needed_text(&self) -> Option<(&'static str, &Text)> {
        match self {
            Self::Groups { title, .. } | Self::List { title, .. } => Some(("title", title)),
            Self::Text { text, .. } => Some(("text", text)),
            Self::Metric { title, .. } | Self::Gauge { title, .. } | Self::Clauses { title, .. } => {
                title.as_ref().map(|title| ("title", title))
            }
        }
    }

    /// Returns whether it takes the whole width.
    pub fn wide(&self) -> bool {
        match self {
            Self::Metric { wide, .. }
            | Self::Gauge { wide, .. }
            | Self::Groups { wide, .. }
            | Self::List { wide, .. }
            | Self::Clauses { wide, .. }
            | Self::Text { wide, .. } => *wide,
        }
    }
}
