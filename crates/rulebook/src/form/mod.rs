//! Public form (对外表单): a page on the public origin on which people without an account make a record, published from
//! the record that it belongs to, such as an opening or a survey.
//!
//! A GET appends an observation and changes nothing else. A page is signed, so that what is sent twice is taken once and
//! no other site can send it. Of a sender only a digest is kept that differs each day.

pub mod api;
mod page;
mod posted;
pub(crate) mod public;
mod questions;
mod results;
mod rules;
mod said;
mod service;
pub(crate) mod sql;
mod take;
mod tally;

use kernel::{Id, Labelled, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use questions::{Question, QuestionKind};
pub use results::{export, results};
pub use said::{Said, said};
pub(crate) use service::types_of;
pub use service::{add_links, close_link, links, list, publish, withdraw};

/// Public form of a record (对外表单), published or not.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RecordForm {
    /// Type of the records that it makes.
    pub form_type: String,
    /// What such a record is called, in the caller's language.
    pub title: String,
    /// When it was published; absent before.
    pub published_at: Option<Timestamp>,
    /// When it was taken back.
    pub withdrawn_at: Option<Timestamp>,
    /// True where it takes answers now.
    pub open: bool,
    /// Why it takes none, in the caller's language.
    pub closed_because: Option<String>,
    /// True where the caller may publish it and make links.
    pub can_publish: bool,
    /// Channels that a link can be for.
    pub channels: Vec<FormChoice>,
    /// How many questions it asks beside its fields.
    pub questions: i64,
    /// Its addresses.
    pub links: Vec<FormLink>,
}

impl Labelled for RecordForm {
    const NOUN: &'static str = "rulebook.form";
}

/// Something that can be chosen in a form (选项).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct FormChoice {
    /// Its id.
    pub id: String,
    /// Its name, in the caller's language.
    pub title: String,
}

/// Address of a form (跟踪链接), for one channel or one person.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct FormLink {
    /// Its id.
    pub id: Id,
    /// What stands in its address.
    #[serde(default, skip_serializing)]
    #[schema(ignore)]
    pub(crate) token: String,
    /// What people call it.
    pub name: String,
    /// The channel that it is for.
    pub channel: Option<String>,
    /// Its address on the public origin; absent where nobody said under which origin receivers reach us.
    #[serde(default)]
    pub url: Option<String>,
    /// True: it takes one answer.
    pub once: bool,
    /// How many people were asked through it.
    pub invited: i64,
    /// How often people opened it.
    pub visits: i64,
    /// By how many, each counted once a day.
    pub visitors: i64,
    /// How often programs opened it.
    pub scanners: i64,
    /// How many answers came through it.
    pub answers: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
}

/// Links that are to be made.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFormLinks {
    /// What people call them; several are numbered.
    #[schema(min_length = 1, max_length = 80)]
    pub name: String,
    /// The channel that they are for.
    #[serde(default)]
    #[schema(max_length = 60)]
    pub channel: Option<String>,
    /// True: each takes one answer.
    #[serde(default)]
    pub once: bool,
    /// How many people are asked through each.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 10_000_000)]
    pub invited: i64,
    /// How many links.
    #[serde(default = "one")]
    #[schema(minimum = 1, maximum = 500)]
    pub count: i64,
}

fn one() -> i64 {
    1
}

/// What came of a form (表单结果): by channel and by question.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct FormResults {
    /// How many people were asked.
    pub invited: i64,
    /// How often the form was opened.
    pub visits: i64,
    /// How many answers came through it.
    pub answers: i64,
    /// Answers of those who were asked, in percent.
    pub response_rate: Option<f64>,
    /// What each channel brought, what was noted by hand included.
    pub channels: Vec<FormChannel>,
    /// Names of the states that answers stand in.
    pub states: Vec<FormChoice>,
    /// What was answered to each question.
    pub questions: Vec<FormQuestion>,
    /// The earlier record with which the answers are compared.
    pub compared_with: Option<String>,
    /// How many answers it has.
    pub compared_answers: i64,
}

impl Labelled for FormResults {
    const NOUN: &'static str = "rulebook.form_results";
}

/// What one channel brought (渠道结果).
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct FormChannel {
    /// Its id; absent for what has none.
    pub channel: Option<String>,
    /// Its name, in the caller's language.
    pub title: Option<String>,
    /// How many links it has.
    pub links: i64,
    /// How often they were opened.
    pub visits: i64,
    /// Records that came from it.
    pub records: i64,
    /// Those of them in each state.
    pub by_state: std::collections::BTreeMap<String, i64>,
    /// Those that count as success, such as hires; absent where nothing does.
    pub outcomes: Option<i64>,
    /// What it cost.
    pub cost_minor: Option<i64>,
    /// What each success cost.
    pub cost_per_outcome_minor: Option<i64>,
}

/// What was answered to a question (题目结果).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct FormQuestion {
    /// Its code.
    pub code: String,
    /// Its kind.
    pub kind: QuestionKind,
    /// What it asks.
    pub text: String,
    /// How many answered it.
    pub answered: i64,
    /// How many of the earlier record answered it.
    pub compared_answered: Option<i64>,
    /// What was chosen.
    pub choices: Vec<FormTally>,
    /// Mean of numbers.
    pub mean: Option<f64>,
    /// Share of promoters less that of detractors, in points (Reichheld 2003).
    pub net_promoter_score: Option<f64>,
    /// The newest texts.
    pub texts: Vec<String>,
}

/// How often something was chosen (选项结果).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct FormTally {
    /// What was chosen.
    pub value: String,
    /// How often.
    pub count: i64,
    /// Its share of those who answered, in percent.
    pub share: f64,
    /// Its share in the earlier record, in percent.
    pub compared_share: Option<f64>,
    /// Share now less share then, in points, with its 95 % confidence interval.
    pub difference: Option<FormDifference>,
}

/// Difference of two shares (占比差) with its 95 % confidence interval, in points (Newcombe 1998, method 10).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FormDifference {
    /// Share now less share then.
    pub points: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// True where the interval does not hold zero.
    pub significant: bool,
}
