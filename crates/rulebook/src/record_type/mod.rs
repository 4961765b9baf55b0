//! Record type (记录类型): what a company keeps records of, as a pack declares it.
//!
//! One declaration yields the storage, the operations, the published view `v_record_<id>`, the forms and the lists.
//! A record keeps the version of its type that it was last written with; a new version only adds or relaxes.

pub(crate) mod fill;
pub(crate) mod intern;
mod measured;
mod prove;
pub(crate) mod public_form;
pub(crate) mod rules;
pub(crate) mod schema;
mod slots;

use std::collections::BTreeMap;

use kernel::{Label, Permission, View, text_enum};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::expr::{self, Condition, Formula};
use crate::machine::DueSpec;
use crate::pack::Text;

pub(crate) use prove::{Flaw, Known, prove};
pub(crate) use slots::{Class, Slot, assign};

/// A record type as a pack declares it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordTypeSpec {
    /// Its id, such as `risk`; the address is `/api/v1/records/risk`.
    pub id: String,
    /// Its version, counted up by whoever changes it.
    pub version: i64,
    /// Its name, of one record.
    pub title: Text,
    /// Its name, of many records.
    #[serde(default)]
    pub plural: Option<Text>,
    /// What it is for: the sentence over an empty list.
    #[serde(default)]
    pub summary: Text,
    /// Area of the navigation in which it stands.
    #[serde(default)]
    pub area: Area,
    /// Letters before the running number, such as `RISK`.
    pub prefix: String,
    /// The field that names a record; the first text field when absent.
    #[serde(default)]
    pub named_by: Option<String>,
    /// Its fields, in the order of the form.
    pub fields: Vec<FieldSpec>,
    /// Fields whose values together stand only once among records that are not archived.
    #[serde(default)]
    pub keys: Vec<Vec<String>>,
    /// What must never be true of a record, over its fields; the sentence says what to do.
    #[serde(default)]
    pub checks: Vec<CheckSpec>,
    /// The machine that records pass through: the first whose condition holds when a record is made.
    #[serde(default)]
    pub machines: Vec<MachineChoice>,
    /// Ways to look at many records; a plain list is always there.
    #[serde(default)]
    pub views: Vec<ViewSpec>,
    /// Confidentiality (密级) of a new record: whoever has less clearance does not see it at all.
    #[serde(default = "internal")]
    pub label: Label,
    /// Who sees a record among those who may read the type.
    #[serde(default)]
    pub visible: Visible,
    /// What its records are kept secret as, from the day they are made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secrecy: Option<SecrecySpec>,
    /// Further permissions that its machines name: `records.<id>.<name>`.
    #[serde(default)]
    pub permissions: Vec<String>,
    /// Where records of it are what lets a person see what is secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clears: Option<ClearsSpec>,
    /// Days after its end for which a record is kept at least; for ever when absent.
    #[serde(default)]
    pub retention_days: Option<i64>,
    /// Clauses that it serves, shown on its pages.
    #[serde(default)]
    pub clauses: Vec<String>,
    /// Fields that the metric which a record names fills by itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub measured: Vec<MeasuredSpec>,
    /// Where what stands of an alert that a metric opens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alert: Option<AlertSpec>,
    /// Figures of a child table that an action freezes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub freezes: Option<FreezeSpec>,
    /// Fields that the product fills from what it knows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fills: Vec<fill::FillSpec>,
    /// Records that ask for money, so that budgets begin with them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub budgets: Vec<BudgetsSpec>,
    /// What a watch puts into a record of it that it opens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub watched: Option<WatchedSpec>,
    /// Records that are opened for what comes from where no register knows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gathered: Vec<GatheredSpec>,
    /// What people from outside may do who are invited to a record; nobody is where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guests: Option<GuestsSpec>,
    /// A page on which people without an account make a record of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_form: Option<public_form::PublicFormSpec>,
}

/// What guests (外部协作者) of a record may do. Which steps they may take stands in its machines.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GuestsSpec {
    /// True where they may comment.
    #[serde(default)]
    pub comment: bool,
    /// True where their comments may bring files.
    #[serde(default)]
    pub files: bool,
    /// Records of other types that come with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<GuestChildSpec>,
}

/// Records that come with another (随同开放) for its guests.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GuestChildSpec {
    /// Their type, which says what guests may do with them.
    pub record: String,
    /// The field by which they refer to the other.
    pub by: String,
}

/// What a record asks for in a budget (预算来源): that of a year, or that of the thing it belongs to.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BudgetsSpec {
    /// The field with the amount, of kind money.
    pub amount: String,
    /// The cost group, as budgets name it.
    pub group: String,
    /// The text field with the code of the line, where the record names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
    /// The date whose year the amount falls into.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
    /// The reference to the thing whose budget it is part of, such as a project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// Only records on which this holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
}

/// Records that are opened (登记外来源) for each value of a view's column that no record of a register names.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GatheredSpec {
    /// The published view.
    pub view: String,
    /// Its column.
    pub column: String,
    /// The time by which rows are cut; the view's own when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// How many days it looks back.
    pub days: i64,
    /// Who knows a value: fields of records that have not ended.
    pub known_as: Vec<KnownAsSpec>,
    /// The text that takes the value; there is one record for each.
    pub key: String,
    /// Further values; `$value`, `$count`, `$first_at` and `$last_at` are what was found.
    #[serde(default)]
    pub values: BTreeMap<String, Json>,
    /// Who is to act; the first of them owns it.
    pub owner: crate::machine::ReceiverSpec,
}

/// A field (登记字段) of a register that names what it knows.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownAsSpec {
    /// Type of the register's records.
    pub record: String,
    /// The text.
    pub field: String,
}

/// What a watch puts (监测填入) into a record that it opens.
///
/// Values name `$title`, `$content`, `$source`, `$link`, `$watch`, `$url`, `$at`, `$competitor`, `$signal` (`keyword`,
/// `price`, `page`, `other`) and `$about` (`competitor`, `industry`); those of a fault `$detector` and `$evidence`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WatchedSpec {
    /// Of what was found; a watch can open records of this type where there are some.
    #[serde(default)]
    pub values: BTreeMap<String, Json>,
    /// Of what cannot be read; the first type that has some takes what all watches report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<BTreeMap<String, Json>>,
}

/// What records of a type are kept secret as (定密), such as trade secrets: as long as it holds, a record is for those
/// whom it names and for holders of `records.<id>.read_all`, says so in a banner, and leaves only with a mark.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecrecySpec {
    /// What it is called.
    pub title: Text,
    /// When a record is secret, over its fields.
    pub when: String,
}

/// What lets a person see what is secret (涉密准入), such as a confidentiality agreement that is in force.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClearsSpec {
    /// The field that names the person.
    pub person: String,
    /// When a record holds, over its fields.
    pub when: String,
    /// The policy parameter that says whether it is asked for; yes or no.
    pub parameter: String,
}

fn internal() -> Label {
    Label::Internal
}

text_enum! {
    /// Area (导航分区) of the product in which records of a type stand.
    #[derive(Default)]
    pub enum Area {
        /// The rulebook itself.
        Rulebook = "rulebook",
        /// Brand.
        Brand = "brand",
        /// Customers.
        Customers = "customers",
        /// Campaigns.
        Campaigns = "campaigns",
        /// Channels.
        Channels = "channels",
        /// Insight: research, reports.
        Insight = "insight",
        /// Plans and money.
        #[default]
        Plans = "plans",
        /// People.
        People = "people",
        /// System.
        System = "system",
    }
}

text_enum! {
    /// Who sees a record (可见范围).
    #[derive(Default)]
    pub enum Visible {
        /// Whoever may read the type where the record is.
        #[default]
        Scope = "scope",
        /// Only those whom the record names, and holders of `records.<id>.read_all`.
        Parties = "parties",
    }
}

text_enum! {
    /// Kind of a field (字段类型).
    pub enum FieldKind {
        /// One line of text.
        Text = "text",
        /// Text of many lines with simple marks (Markdown).
        RichText = "rich_text",
        /// A number; `decimals` says how many places.
        Number = "number",
        /// An amount in minor units of the company's currency.
        Money = "money",
        /// A share in percent.
        Percent = "percent",
        /// Yes or no.
        Boolean = "boolean",
        /// A day.
        Date = "date",
        /// A point in time.
        Time = "time",
        /// A length of time in minutes.
        Duration = "duration",
        /// One of `options`.
        Choice = "choice",
        /// Some of `options`.
        Choices = "choices",
        /// A member of staff.
        Person = "person",
        /// A department.
        Department = "department",
        /// A brand.
        Brand = "brand",
        /// A record of the type `record`, or a row of the published view `view`.
        Reference = "reference",
        /// Rows with `fields` of their own.
        Table = "table",
        /// Files.
        File = "file",
        /// One to five.
        Rating = "rating",
        /// The value of `formula`.
        Computed = "computed",
        /// A figure over the records that refer to this one.
        Rollup = "rollup",
        /// One of the metrics that run, by its id.
        Metric = "metric",
    }
}

/// Field (字段) of a record type.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldSpec {
    /// Its key.
    pub key: String,
    /// Its kind.
    pub kind: FieldKind,
    /// Its name.
    pub title: Text,
    /// What to write, below the field.
    #[serde(default)]
    pub hint: Text,
    /// True where a record cannot be made without it.
    #[serde(default)]
    pub required: bool,
    /// First value: a literal, `$today`, `$now`, `$caller`, `$department`, or `$plus_days(n)`.
    #[serde(default)]
    pub default: Option<Json>,
    /// Confidentiality of its values.
    #[serde(default)]
    pub label: Option<Label>,
    /// What can be chosen.
    #[serde(default)]
    pub options: Vec<OptionSpec>,
    /// The record type that it refers to.
    #[serde(default)]
    pub record: Option<String>,
    /// The published view that it refers to, and the column that names a row.
    #[serde(default)]
    pub view: Option<ReferenceView>,
    /// Columns of a child table; simple kinds only.
    #[serde(default)]
    pub fields: Vec<FieldSpec>,
    /// Places after the point.
    #[serde(default)]
    pub decimals: u8,
    /// Least number, least number of rows or files.
    #[serde(default)]
    pub minimum: Option<f64>,
    /// Greatest number, most rows or files, most characters of a text.
    #[serde(default)]
    pub maximum: Option<f64>,
    /// How its value is computed.
    #[serde(default)]
    pub formula: Option<String>,
    /// How its value is summed up.
    #[serde(default)]
    pub rollup: Option<RollupSpec>,
    /// True where no two records that are not archived have the same.
    #[serde(default)]
    pub unique: bool,
    /// True where only machines write it.
    #[serde(default)]
    pub read_only: bool,
    /// True where the person named here is a party of the record (see [`Visible::Parties`]).
    #[serde(default)]
    pub party: bool,
    /// False where guests of the record do not see it.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub guests: bool,
}

fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_yes(value: &bool) -> bool {
    *value
}

/// One of the things that can be chosen (选项).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OptionSpec {
    /// Its id.
    pub id: String,
    /// Its name.
    pub title: Text,
    /// How it looks: `good`, `warning`, `bad`, `neutral`, `info`.
    #[serde(default)]
    pub tone: Option<String>,
}

/// A published view as the other side of a reference (引用视图).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReferenceView {
    /// Its name, such as `v_campaigns_campaign`.
    pub name: String,
    /// The column that names a row.
    pub shows: String,
}

/// Figure over the records that refer to this one (汇总).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RollupSpec {
    /// Their type.
    pub record: String,
    /// The field by which they refer to this one.
    pub by: String,
    /// What is computed.
    pub figure: RollupFigure,
    /// The field that is summed; for sums, least, greatest and mean.
    #[serde(default)]
    pub of: Option<String>,
    /// Which of them count, over their fields; all when absent.
    #[serde(default, rename = "where")]
    pub condition: Option<String>,
}

text_enum! {
    /// What a rollup computes (汇总方式).
    pub enum RollupFigure {
        /// How many.
        Count = "count",
        /// Their sum.
        Sum = "sum",
        /// The least.
        Least = "least",
        /// The greatest.
        Greatest = "greatest",
        /// Their mean.
        Mean = "mean",
        /// Share of those that count among all, in percent.
        Share = "share",
        /// That of the newest.
        Latest = "latest",
    }
}

/// Fields that a metric fills (自动取数) on each new sample, while the record is open.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeasuredSpec {
    /// The field of kind metric that names the metric.
    pub metric: String,
    /// The field that takes the value.
    pub value: String,
    /// The field that takes the time or day of the sample.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// The field that takes the number of rows behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<String>,
    /// The field that names the series; the metric as a whole where it is empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<String>,
    /// Only records on which this holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// What is opened when a value makes a field true that was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub breach: Option<BreachSpec>,
}

/// What a value beyond a record's own limit opens (超限处置).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BreachSpec {
    /// The computed field that says that the value is beyond.
    pub field: String,
    /// Type of the record that is opened for its owner.
    pub record: String,
    /// Its values; `$id` is the record, `$<field>` a fact of it.
    #[serde(default)]
    pub values: BTreeMap<String, Json>,
}

/// Where what stands of an alert (预警字段) that a metric opens.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlertSpec {
    /// The field of kind metric.
    pub metric: String,
    /// The text that says of which series.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<String>,
    /// The choice that says how bad it is ...
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// ... its option for "near" ...
    #[serde(default = "near")]
    pub near: String,
    /// ... and its option for "over".
    #[serde(default = "over")]
    pub over: String,
    /// The number that takes the value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The number that takes the limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<String>,
    /// The time that takes when it was raised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// The time that takes when the value was back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cleared_at: Option<String>,
    /// The number that takes the value which was back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cleared_value: Option<String>,
    /// The time of the measurement after the last action.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remeasured_at: Option<String>,
    /// The value of the measurement after the last action.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remeasured_value: Option<String>,
    /// What the product does with an alert that nobody answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalate: Option<EscalateSpec>,
    /// The truth that says that it was false.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub false_alarm: Option<String>,
    /// The time at which somebody answered it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<String>,
    /// Records of what happened, among which reviews look for what no alert warned of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missed: Option<MissedSpec>,
}

/// Records of what happened (漏报来源): one that names a metric and that no alert went before was missed.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MissedSpec {
    /// Their type.
    pub record: String,
    /// The field of kind metric that says which one should have warned.
    pub metric: String,
    /// The time at which it happened.
    pub at: String,
}

fn near() -> String {
    "near".to_owned()
}

fn over() -> String {
    "over".to_owned()
}

/// What is done with an alert that nobody answered (逾期上报).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EscalateSpec {
    /// The action, where the record's machine allows it.
    pub action: String,
    /// How long after it was raised.
    pub after: DueSpec,
}

/// Figures of a child table that an action freezes (数据固化): rows that name a metric take its newest sample.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FreezeSpec {
    /// The child table.
    pub table: String,
    /// The actions, before their guards are asked.
    pub on: Vec<String>,
    /// Its column of kind metric.
    pub metric: String,
    /// The column that takes the value.
    pub value: String,
    /// The column that takes the time or day of the sample.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// The column that takes the name of the metric.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The column that takes the unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
}

/// What must never be true of a record (校验).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckSpec {
    /// The condition under which the record is refused.
    pub when: String,
    /// What to do; the sentence that people read.
    pub refuse: Text,
    /// The field beside which it is said.
    #[serde(default)]
    pub field: Option<String>,
}

/// A machine with the condition under which it is the one (适用状态机).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MachineChoice {
    /// The machine.
    pub machine: String,
    /// When; absent on the last: "else".
    #[serde(default)]
    pub when: Option<String>,
}

text_enum! {
    /// Way to look at many records (视图类型).
    pub enum ViewKind {
        /// Rows.
        List = "list",
        /// Cards in columns.
        Board = "board",
        /// Days of a month.
        Calendar = "calendar",
        /// Bars over time.
        Gantt = "gantt",
        /// Counts by two choices.
        Matrix = "matrix",
        /// A tree by a reference to the same type.
        Tree = "tree",
        /// What happened, by day.
        Timeline = "timeline",
    }
}

/// View (视图) of many records.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ViewSpec {
    /// Its id.
    pub id: String,
    /// Its kind.
    pub kind: ViewKind,
    /// Its name.
    pub title: Text,
    /// Which records; all when absent. `$me` is the caller.
    #[serde(default)]
    pub filter: Option<String>,
    /// The field by which they are sorted, `-` before it for falling; newest first when absent.
    #[serde(default)]
    pub sort: Option<String>,
    /// Columns of a list, or what a card shows.
    #[serde(default)]
    pub columns: Vec<String>,
    /// Columns of a board, rows of a matrix, parent of a tree: a field, or `state`.
    #[serde(default)]
    pub group_by: Option<String>,
    /// Columns of a matrix.
    #[serde(default)]
    pub across: Option<String>,
    /// When a bar or an entry begins.
    #[serde(default)]
    pub from: Option<String>,
    /// When a bar ends.
    #[serde(default)]
    pub to: Option<String>,
}

/// A record type that was proven: formulas are read, its view and its permissions are known.
#[derive(Clone, Debug)]
pub struct RecordType {
    /// As the pack declares it.
    pub spec: RecordTypeSpec,
    /// The pack that it comes from.
    pub pack_id: String,
    /// Its noun, `record.<id>`.
    pub noun: &'static str,
    /// The published view of its records.
    pub view: View,
    /// May read.
    pub read: Permission,
    /// May make and change.
    pub write: Permission,
    /// May see records that do not name them, where only parties see them.
    pub read_all: Permission,
    /// All of them, the further ones included.
    pub permissions: Vec<Permission>,
    pub(crate) formulas: BTreeMap<String, Formula>,
    pub(crate) checks: Vec<Condition>,
    pub(crate) choices: Vec<Option<Condition>>,
    pub(crate) rollups: BTreeMap<String, Option<Condition>>,
    /// Which records a metric fills, one for each of `measured`.
    pub(crate) measured_when: Vec<Option<Condition>>,
    /// When a record of it lets its person see what is secret.
    pub(crate) clears: Option<Condition>,
    /// Which records ask for money, one for each of `budgets`.
    pub(crate) budgets_when: Vec<Option<Condition>>,
    /// How its fields are filled, one for each of `fills`.
    pub(crate) fillings: Vec<fill::Filling>,
    pub(crate) secrecy: Option<Condition>,
    /// Of which records its public form is, over their fields.
    pub(crate) form_when: Option<Condition>,
    /// What an expression over it may name.
    pub(crate) names: expr::Names,
}

impl RecordType {
    /// Returns a field by its key.
    pub fn field(&self, key: &str) -> Option<&FieldSpec> {
        self.spec.fields.iter().find(|field| field.key == key)
    }

    /// Returns the key of the field that names a record.
    pub fn named_by(&self) -> &str {
        let first = || self.spec.fields.iter().find(|field| field.kind == FieldKind::Text);
        self.spec.named_by.as_deref().or_else(|| first().map(|field| field.key.as_str())).unwrap_or_default()
    }
}
