use kernel::{Id, Labelled, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

text_enum! {
    /// Part (章节) of a report.
    pub enum ReportPart {
        /// How many customers, and how many came and went.
        Customers = "customers",
        /// By tier.
        Tiers = "tiers",
        /// By RFM segment.
        Rfm = "rfm",
        /// Who bought again.
        Repeat = "repeat",
        /// How scores are spread.
        Scores = "scores",
        /// What people search for, say and buy together.
        Needs = "needs",
        /// Segments that grew and shrank.
        Segments = "segments",
        /// What became of insights.
        Insights = "insights",
        /// How sound the data are.
        Quality = "quality",
    }
}

text_enum! {
    /// Unit (单位) of a figure.
    pub enum FigureUnit {
        /// People, or things that are counted.
        Count = "count",
        /// Percent.
        Percent = "percent",
        /// Money in the currency's smallest unit.
        Minor = "minor",
        /// How many times as much.
        Times = "times",
    }
}

text_enum! {
    /// Figure (指标) of a report; its definition is in the answer, in the reader's language.
    pub enum ReportFigureCode {
        /// Customers who are known at the end of the month.
        Customers = "customers",
        /// Those who became known in the month.
        NewCustomers = "new_customers",
        /// Those who bought in the month.
        ActiveCustomers = "active_customers",
        /// Those whose first order that is known was in the month.
        FirstBuyers = "first_buyers",
        /// Those whose last order became older than the days of the parameter `insight.lost_days` in the month.
        LostCustomers = "lost_customers",
        /// Customers of a tier when the report was written.
        TierCustomers = "tier_customers",
        /// Moves of customers to a higher tier in the month.
        TierUp = "tier_up",
        /// Moves of customers to a lower tier in the month.
        TierDown = "tier_down",
        /// Customers of an RFM segment when the report was written.
        RfmCustomers = "rfm_customers",
        /// Of those who bought in the month, the percentage who bought at least twice in it.
        RepeatRate = "repeat_rate",
        /// The same over the 90 days that end with the month.
        RepeatRateQuarter = "repeat_rate_quarter",
        /// Of those who bought in the month before, the percentage who bought in this month too.
        Retention = "retention",
        /// Customers whose probability of having left is half or more when the report was written.
        ChurnRisk = "churn_risk",
        /// Customers of a value tier when the report was written.
        ValueTierCustomers = "value_tier_customers",
        /// What the customers of a value tier are expected to bring.
        ValueTierExpected = "value_tier_expected",
        /// How often people searched for something, by cluster.
        SearchNeed = "search_need",
        /// How often people said something, by cluster.
        FeedbackNeed = "feedback_need",
        /// How often people searched for something that no product answers, by cluster.
        UnmetNeed = "unmet_need",
        /// How many times as often two products are bought together as by chance.
        BasketLift = "basket_lift",
        /// People in a segment when the report was written.
        SegmentSize = "segment_size",
        /// Insights that were sent in the month.
        InsightsSent = "insights_sent",
        /// Insights that were accepted in the month.
        InsightsAccepted = "insights_accepted",
        /// Insights that were declined in the month.
        InsightsDeclined = "insights_declined",
        /// Insights that were used in the month.
        InsightsAdopted = "insights_adopted",
        /// Insights without an answer whose time was over when the report was written.
        InsightsOverdue = "insights_overdue",
        /// Percentage of customers about whom nothing is open on the worklist.
        SoundData = "sound_data",
        /// Percentage of customers with an e-mail address or a mobile number.
        Reachable = "reachable",
    }
}

/// Figure (指标值) as it is kept in a report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptFigure {
    /// Which one.
    pub code: ReportFigureCode,
    /// What it is about where there are several, such as a segment's id.
    pub key: Option<String>,
    /// What that is called.
    pub name: Option<String>,
    /// Its value; absent: there is nothing to divide by.
    pub value: Option<f64>,
}

/// Figure (指标值) of a report, beside that of the month before.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ReportFigure {
    /// Which one.
    pub code: ReportFigureCode,
    /// Where in the report.
    pub part: ReportPart,
    /// What it is about where there are several, such as a segment's id.
    pub key: Option<String>,
    /// What that is called, in the reader's language where the product names it.
    pub name: Option<String>,
    /// What the figure is called, in the reader's language.
    pub title: String,
    /// How it is computed, in the reader's language.
    pub definition: String,
    /// Its unit.
    pub unit: FigureUnit,
    /// Its value; absent: there is nothing to divide by.
    pub value: Option<f64>,
    /// That of the report of the month before; absent where it has none.
    pub before: Option<f64>,
    /// Value less that; of percentages in percentage points.
    pub change: Option<f64>,
}

impl Labelled for ReportFigure {
    const NOUN: &'static str = "customers.insight_report";
}

text_enum! {
    /// Use (是否采用) of a report.
    pub enum ReportUse {
        /// The department uses it.
        Used = "used",
        /// It does not.
        NotUsed = "not_used",
    }
}

/// Recipient (收件部门) of a report, with its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReportRecipient {
    /// Its id.
    pub id: Id,
    /// The department.
    pub department_id: Id,
    /// By when it answers.
    pub due_at: Timestamp,
    /// Whether it uses the report; absent before it answered.
    pub answer: Option<ReportUse>,
    /// What for, or why not.
    pub note: Option<String>,
    /// When it answered.
    pub answered_at: Option<Timestamp>,
    /// Who answered.
    pub answered_by: Option<Id>,
    /// True: the time is over, and it has not answered.
    pub overdue: bool,
}

/// Report (客户洞察月报) of a month.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct InsightReport {
    /// Its id.
    pub id: Id,
    /// The month, such as `2026-10`.
    pub month: String,
    /// Its first moment, in the company's time zone.
    pub month_from: Timestamp,
    /// The first moment of the next one.
    pub month_until: Timestamp,
    /// When it was written.
    pub written_at: Timestamp,
    /// Who had it written; absent where it was the product itself.
    pub written_by: Option<Id>,
    /// Currency of its amounts.
    pub currency: String,
    /// Departments that it goes to.
    pub recipients: i64,
    /// Those of them that answered.
    pub answered: i64,
}

impl Labelled for InsightReport {
    const NOUN: &'static str = "customers.insight_report";
}

/// Report with its figures (客户洞察月报正文).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct InsightReportDetail {
    /// The report.
    #[serde(flatten)]
    pub report: InsightReport,
    /// The report of the month before, where there is one.
    pub before_id: Option<Id>,
    /// Its figures, in the order of its parts.
    pub figures: Vec<ReportFigure>,
    /// Who it goes to, and what they said.
    pub departments: Vec<ReportRecipient>,
}

impl Labelled for InsightReportDetail {
    const NOUN: &'static str = "customers.insight_report";
}

/// The month whose report is to be written now.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteReport {
    /// A month that is over, such as `2026-10`.
    #[schema(min_length = 7, max_length = 7, pattern = "^[0-9]{4}-[0-9]{2}$")]
    pub month: String,
}

/// What a department says to a report.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerReport {
    /// The department.
    pub department_id: Id,
    /// Whether it uses the report.
    pub answer: ReportUse,
    /// What for, or why not.
    #[schema(min_length = 1, max_length = 2_000)]
    pub note: String,
}
