use kernel::{Id, Label, Labelled, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

text_enum! {
    /// Kind (需求来源) of what a need shows in.
    pub enum NeedKind {
        /// What people search for.
        Search = "search",
        /// What people say: reviews, and free answers to public forms.
        Feedback = "feedback",
    }
}

text_enum! {
    /// Trend (趋势) against the period before, which is of the same length.
    pub enum NeedTrend {
        /// It was not there before.
        New = "new",
        /// At least a quarter more.
        Rising = "rising",
        /// About as much.
        Steady = "steady",
        /// At least a quarter less.
        Falling = "falling",
    }
}

text_enum! {
    /// Cause (触发原因) of a computation of needs.
    pub enum NeedCause {
        /// Every week.
        Weekly = "weekly",
        /// A member of staff asked for it.
        Staff = "staff",
    }
}

/// Cluster (需求聚类): texts that are about the same.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct NeedCluster {
    /// Its id.
    pub id: Id,
    /// The run that found it.
    pub run_id: Id,
    /// What it shows in.
    pub kind: NeedKind,
    /// The words that tell it from others, the strongest first.
    pub words: Vec<String>,
    /// Texts of it, the most frequent first; addresses and numbers in them are masked.
    #[schema(extensions(("x-label" = json!("personal"))))]
    pub examples: Option<Vec<String>>,
    /// How many different texts.
    pub texts: i64,
    /// How often somebody searched for it or said it.
    pub count: i64,
    /// How many people; of answers whose sender nobody knows each counts as one.
    pub people: i64,
    /// How often in the period before.
    pub previous_count: i64,
    /// Against the period before.
    pub trend: NeedTrend,
    /// Of searches: how often for something that no product of the catalogue answers.
    pub unanswered: i64,
    /// True: most of its searches are for something that no product of the catalogue answers (未满足需求).
    pub unmet: bool,
    /// When it was computed.
    pub computed_at: Timestamp,
}

impl Labelled for NeedCluster {
    const NOUN: &'static str = "customers.need";
    const FIELDS: &'static [(&'static str, Label)] = &[("examples", Label::Personal)];
}

/// Basket pattern (购物篮组合): two products that are bought together more often than by chance.
///
/// Support is the share of all baskets that hold both; confidence is the share of the baskets with the one that hold the
/// other too; lift is how many times as often both are together as they would be by chance. Every order counts, unless
/// its customer may not be looked at; each product of it counts once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct BasketPattern {
    /// Its id.
    pub id: Id,
    /// The run that found it.
    pub run_id: Id,
    /// The one product,
    pub first_product_id: Id,
    /// its name,
    pub first_name: Option<String>,
    /// its category,
    pub first_category: Option<String>,
    /// and how many baskets hold it.
    pub first_baskets: i64,
    /// The other product,
    pub second_product_id: Id,
    /// its name,
    pub second_name: Option<String>,
    /// its category,
    pub second_category: Option<String>,
    /// and how many baskets hold it.
    pub second_baskets: i64,
    /// Baskets with both.
    pub baskets: i64,
    /// People who bought both together.
    pub people: i64,
    /// Share of all baskets that hold both, from 0 to 1.
    pub support: f64,
    /// Share of the baskets with the first that hold the second too.
    pub confidence: f64,
    /// Share of the baskets with the second that hold the first too.
    pub reverse_confidence: f64,
    /// How many times as often as by chance.
    pub lift: f64,
    /// When it was computed.
    pub computed_at: Timestamp,
}

impl Labelled for BasketPattern {
    const NOUN: &'static str = "customers.basket_pattern";
}

/// Run (计算记录) of the search for needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct NeedRun {
    /// Its id.
    pub id: Id,
    /// Why it ran.
    pub cause: NeedCause,
    /// When it ran.
    pub happened_at: Timestamp,
    /// Texts since this time; the period before is of the same length.
    pub period_from: Timestamp,
    /// Texts until this time.
    pub period_until: Timestamp,
    /// Baskets since this time; absent where nothing was sold yet.
    pub baskets_from: Option<Timestamp>,
    /// Baskets until this time: that of the latest order.
    pub baskets_until: Option<Timestamp>,
    /// Searches that were read.
    pub searches: i64,
    /// Different terms that were searched for.
    pub terms: i64,
    /// Texts of feedback that were read.
    pub feedback: i64,
    /// Baskets that were read.
    pub baskets: i64,
    /// Clusters that were found.
    pub clusters: i64,
    /// Of these: unmet needs.
    pub unmet: i64,
    /// Basket patterns that were found.
    pub patterns: i64,
}

impl Labelled for NeedRun {
    const NOUN: &'static str = "customers.need_run";
}

/// How needs stand (需求概况).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NeedStanding {
    /// The latest run; absent before the first.
    pub run: Option<NeedRun>,
    /// How many people must have searched for something before it is shown.
    pub people_min: i64,
}

impl Labelled for NeedStanding {
    const NOUN: &'static str = "customers.need_run";
}

/// Answer to the wish that needs are computed anew.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct NeedRequest {
    /// When it was asked for.
    pub requested_at: Timestamp,
}

impl Labelled for NeedRequest {
    const NOUN: &'static str = "customers.need_run";
}

/// Which clusters of the latest run are wanted.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct NeedFilter {
    /// Only what shows in this.
    #[param(inline)]
    pub kind: Option<NeedKind>,
    /// True: only unmet needs.
    pub unmet: Option<bool>,
    /// Only with this trend.
    #[param(inline)]
    pub trend: Option<NeedTrend>,
    /// Of this run instead of the latest; the runs of a quarter are kept.
    pub run_id: Option<Id>,
}

/// What an insight is to say that begins with a need; everything may be left to the product.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NewInsightOfNeed {
    /// What it says, in a line.
    #[schema(min_length = 1, max_length = 200)]
    pub title: Option<String>,
    /// What was found, and what could be done.
    #[schema(min_length = 1, max_length = 5_000)]
    pub finding: Option<String>,
    /// Belongs to this brand.
    pub brand_id: Option<Id>,
}
