use kernel::{Id, Labelled, LocalText, Timestamp, text_enum};
use lake::Question;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::{IntoParams, ToSchema};

use crate::condition::Condition;

text_enum! {
    /// Kind (洞察类型): what an insight is about.
    pub enum InsightKind {
        /// Something that people want and do not get.
        Need = "need",
        /// A way in which people act.
        Behaviour = "behaviour",
        /// Things that are bought together.
        Basket = "basket",
        /// What people search for.
        Search = "search",
        /// What people say.
        Feedback = "feedback",
        /// Anything else.
        Other = "other",
    }
}

text_enum! {
    /// State (状态) of an insight.
    pub enum InsightState {
        /// It is being written.
        Draft = "draft",
        /// A department is asked to use it.
        Sent = "sent",
        /// The department will use it.
        Accepted = "accepted",
        /// The department will not use it, and said why.
        Declined = "declined",
        /// The department used it, and said how.
        Adopted = "adopted",
    }
}

text_enum! {
    /// Moment (测量时点) of a measurement.
    pub enum InsightMoment {
        /// The window that ends when the insight is sent.
        Before = "before",
        /// The window that begins there.
        After = "after",
    }
}

/// Evidence (依据): what an insight came from, kept so that it can be asked again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum InsightEvidence {
    /// Somebody noticed it; the finding says where.
    Observation {},
    /// A question in SQL.
    Sql {
        /// The saved query, where it is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        query_id: Option<Id>,
        /// The question as it was asked.
        #[schema(min_length = 1, max_length = 20_000)]
        sql: String,
        /// What was filled in.
        #[serde(default)]
        #[schema(value_type = Object)]
        values: serde_json::Map<String, Json>,
    },
    /// Questions about events.
    Events {
        /// The questions.
        #[schema(min_items = 1, max_items = 8)]
        questions: Vec<Question>,
    },
    /// A condition on people.
    Condition {
        /// The condition.
        definition: Condition,
    },
    /// A segment.
    Segment {
        /// The segment.
        segment_id: Id,
    },
    /// What people search for or say.
    Need {
        /// The cluster of the needs page.
        cluster_id: Id,
        /// Its words; written down by the product.
        #[serde(default)]
        words: Vec<String>,
        /// How often; written down by the product.
        #[serde(default)]
        count: i64,
        /// How many people; written down by the product.
        #[serde(default)]
        people: i64,
        /// When it was computed; written down by the product.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        computed_at: Option<Timestamp>,
    },
    /// Two products that are bought together.
    Basket {
        /// The pattern of the needs page.
        pattern_id: Id,
        /// The products; written down by the product.
        #[serde(default)]
        products: Vec<Id>,
        /// Their names; written down by the product.
        #[serde(default)]
        names: Vec<String>,
        /// Baskets with both; written down by the product.
        #[serde(default)]
        baskets: i64,
        /// How much more often than by chance; written down by the product.
        #[serde(default)]
        lift: f64,
        /// When it was computed; written down by the product.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        computed_at: Option<Timestamp>,
    },
    /// A figure of a monthly customer-insight report.
    Report {
        /// The report.
        report_id: Id,
        /// The figure.
        #[schema(min_length = 1, max_length = 100)]
        figure: String,
        /// What it is about, such as a segment.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(max_length = 200)]
        key: Option<String>,
    },
}

/// Insight (客户洞察).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = CustomerInsight)]
pub struct Insight {
    /// Its id.
    pub id: Id,
    /// What it says, in a line.
    pub title: String,
    /// What was found, and what could be done.
    pub finding: String,
    /// What it is about.
    pub kind: InsightKind,
    /// What it came from.
    pub evidence: InsightEvidence,
    /// The people concerned: a segment,
    pub segment_id: Option<Id>,
    /// or a condition on people; neither: nobody in particular, and nothing is measured.
    pub condition: Option<Condition>,
    /// The group in words, as it was when the insight was sent.
    pub group_in_words: Option<LocalText>,
    /// How many people were in the group then.
    pub group_size: Option<i64>,
    /// Where it stands.
    pub state: InsightState,
    /// The department that is asked to use it.
    pub department_id: Option<Id>,
    /// By when the department answers.
    pub due_at: Option<Timestamp>,
    /// True: the time is over, and the department has not answered.
    pub overdue: bool,
    /// When it was sent.
    pub sent_at: Option<Timestamp>,
    /// By whom.
    pub sent_by: Option<Id>,
    /// When the department said yes or no.
    pub answered_at: Option<Timestamp>,
    /// Who said it.
    pub answered_by: Option<Id>,
    /// The reason of a no, or what was remarked with a yes.
    pub answer: Option<String>,
    /// By when the department says what it did.
    pub adopt_by: Option<Timestamp>,
    /// When it said so.
    pub adopted_at: Option<Timestamp>,
    /// Who said it.
    pub adopted_by: Option<Id>,
    /// What was done.
    pub adoption: Option<String>,
    /// Belongs to this brand.
    pub brand_id: Option<Id>,
    /// The department of whoever raised it.
    pub home_department_id: Option<Id>,
    /// Who raised it.
    pub owner_id: Option<Id>,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Counts its changes; for `If-Match`.
    pub version: i64,
}

impl Labelled for Insight {
    const NOUN: &'static str = "customers.insight";
}

/// Measurement (复购率测量) of the group of an insight in one window.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct InsightMeasurement {
    /// Before the insight was sent, or after.
    pub moment: InsightMoment,
    /// Length of the window, in days.
    pub days: i64,
    /// When the window begins.
    pub window_from: Timestamp,
    /// When it ends.
    pub window_until: Timestamp,
    /// When it was measured; absent: the window has not ended yet.
    pub measured_at: Option<Timestamp>,
    /// People of the group who bought in it.
    pub buyers: Option<i64>,
    /// Those of them who bought twice or more.
    pub repeat_buyers: Option<i64>,
    /// Their repeat-purchase rate in percent; absent where nobody bought.
    pub rate: Option<f64>,
    /// Everybody who bought in it.
    pub all_buyers: Option<i64>,
    /// Those of them who bought twice or more.
    pub all_repeat_buyers: Option<i64>,
    /// Everybody's repeat-purchase rate in percent.
    pub all_rate: Option<f64>,
}

/// Insight with its measurements (洞察与测量).
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CustomerInsightDetail)]
pub struct InsightDetail {
    /// The insight.
    #[serde(flatten)]
    pub insight: Insight,
    /// The group in words, as it is now; absent where there is no group, or it is put away.
    pub group_now_in_words: Option<LocalText>,
    /// Before and after: the windows of 30 and of 90 days. Empty until the insight is sent, and without a group.
    pub measurements: Vec<InsightMeasurement>,
}

impl Labelled for InsightDetail {
    const NOUN: &'static str = "customers.insight";
}

/// A new insight; it begins as a draft.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewCustomerInsight)]
pub struct NewInsight {
    /// What it says, in a line.
    #[schema(min_length = 1, max_length = 200)]
    pub title: String,
    /// What was found, and what could be done.
    #[schema(min_length = 1, max_length = 5_000)]
    pub finding: String,
    /// What it is about.
    pub kind: InsightKind,
    /// What it came from.
    pub evidence: InsightEvidence,
    /// The people concerned: a segment,
    #[serde(default)]
    pub segment_id: Option<Id>,
    /// or a condition on people.
    #[serde(default)]
    pub condition: Option<Condition>,
    /// The department that is to use it; may be chosen later.
    #[serde(default)]
    pub department_id: Option<Id>,
    /// Belongs to this brand.
    #[serde(default)]
    pub brand_id: Option<Id>,
}

/// Changes to a draft: an absent field stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = CustomerInsightPatch)]
pub struct InsightPatch {
    /// What it says, in a line.
    #[schema(min_length = 1, max_length = 200)]
    pub title: Option<String>,
    /// What was found, and what could be done.
    #[schema(min_length = 1, max_length = 5_000)]
    pub finding: Option<String>,
    /// What it is about.
    pub kind: Option<InsightKind>,
    /// The people concerned: another segment, in place of any group before,
    pub segment_id: Option<Id>,
    /// or another condition on people.
    pub condition: Option<Condition>,
    /// True: nobody in particular.
    pub without_group: bool,
    /// The department that is to use it.
    pub department_id: Option<Id>,
}

/// Where an insight goes.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SendInsight {
    /// The department; that of the draft when absent.
    #[serde(default)]
    pub department_id: Option<Id>,
    /// By when it answers; after the days of the parameter `insight.answer_days` when absent.
    #[serde(default)]
    pub due_at: Option<Timestamp>,
}

/// A yes of the department.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AcceptInsight {
    /// A remark.
    #[schema(max_length = 2_000)]
    pub remark: Option<String>,
    /// By when it says what it did; after the days of the parameter `insight.adopt_days` when absent.
    pub adopt_by: Option<Timestamp>,
}

/// A no of the department.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclineInsight {
    /// Why.
    #[schema(min_length = 1, max_length = 2_000)]
    pub reason: String,
}

/// What the department did.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AdoptInsight {
    /// What was done.
    #[schema(min_length = 1, max_length = 2_000)]
    pub adoption: String,
}

/// Which insights are wanted.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct InsightFilter {
    /// Part of the title.
    #[param(max_length = 100)]
    pub q: Option<String>,
    /// Only in this state.
    #[param(inline)]
    pub state: Option<InsightState>,
    /// Only of this kind.
    #[param(inline)]
    pub kind: Option<InsightKind>,
    /// Only those for this department.
    pub department_id: Option<Id>,
    /// Only those raised by this user.
    pub owner_id: Option<Id>,
    /// True: only those whose time is over without an answer.
    pub overdue: Option<bool>,
}

/// How the insights of a department stand (部门答复情况).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InsightDepartment {
    /// The department.
    pub department_id: Id,
    /// Sent to it in the period.
    pub sent: i64,
    /// Of these: it said yes, and has not said yet what it did.
    pub accepted: i64,
    /// It said no.
    pub declined: i64,
    /// It used them.
    pub adopted: i64,
    /// Its time is over, and it has not answered.
    pub overdue: i64,
}

/// How insights stand (洞察概况), of those whom the caller may see.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct InsightStanding {
    /// Since when: the first day of the calendar quarter, in the company's time zone.
    pub since: Timestamp,
    /// Drafts, whenever they were written.
    pub drafts: i64,
    /// Sent in the period, by department.
    pub departments: Vec<InsightDepartment>,
}

impl Labelled for InsightStanding {
    const NOUN: &'static str = "customers.insight_standing";
}
