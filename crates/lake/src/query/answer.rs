use kernel::{Id, Label, Labelled, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Answer (答案) to one question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = EventAnswer)]
pub struct Answer {
    /// Until when every event that arrived was counted; absent before the first. What arrived later may be in, too.
    pub watermark: Option<Timestamp>,
    /// What was found.
    #[serde(flatten)]
    pub found: Found,
}

impl Labelled for Answer {
    const NOUN: &'static str = "lake.answer";
    const FIELDS: &'static [(&'static str, Label)] = &[("nodes", Label::Personal)];
}

/// What was found (结果), of the same type as the question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
#[schema(as = EventFound)]
pub enum Found {
    /// The figures: by period, then the greatest first (equal ones in the order of their group), none last.
    Total {
        /// The rows.
        rows: Vec<TotalRow>,
    },
    /// One row, or one for each group: those that most people began first, equal ones in the order of their group.
    Funnel {
        /// The rows.
        rows: Vec<FunnelRow>,
    },
    /// The cohorts in the order of time.
    Retention {
        /// The rows.
        rows: Vec<RetentionRow>,
    },
    /// The people.
    PerPerson {
        /// How many.
        people: i64,
        /// The first of them, where asked for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(extensions(("x-label" = json!("personal"))))]
        nodes: Option<Vec<Id>>,
    },
    /// The cells that have people, in the order of their groups.
    Rfm {
        /// The rows.
        rows: Vec<RfmRow>,
    },
}

/// A figure (汇总行).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = EventTotalRow)]
pub struct TotalRow {
    /// When the period begins; absent where none were asked for.
    pub period: Option<Timestamp>,
    /// Value of the column by which groups are made; absent for events without, and where none were asked for.
    pub group: Option<String>,
    /// The figure; absent where no event has a value.
    pub value: Option<f64>,
}

/// A funnel (漏斗行).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = EventFunnelRow)]
pub struct FunnelRow {
    /// Value of the first event's column; absent for events without, and where no groups were asked for.
    pub group: Option<String>,
    /// People who reached each step.
    pub steps: Vec<i64>,
}

/// A cohort (留存行).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = EventRetentionRow)]
pub struct RetentionRow {
    /// When its period begins.
    pub cohort: Timestamp,
    /// People who began in it.
    pub people: i64,
    /// Those of them who came back, in its own period and in each after it; without the periods that only begin when
    /// the span has ended.
    pub back: Vec<i64>,
}

/// A cell (RFM 单元).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = EventRfmRow)]
pub struct RfmRow {
    /// Group by when they did it last; the greatest has the latest.
    pub recency: u32,
    /// Group by how often; the greatest has the most.
    pub frequency: u32,
    /// Group by what it was worth; the greatest has the most.
    pub monetary: u32,
    /// People.
    pub people: i64,
    /// What it was worth.
    pub value: f64,
}
