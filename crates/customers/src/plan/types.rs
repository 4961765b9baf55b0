use kernel::{Id, Labelled, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::source::wire::Fault;

text_enum! {
    /// Kind (事件类别) of events that can be planned.
    pub enum PlannedKind {
        /// Somebody did something that has a name.
        Track = "track",
        /// Somebody saw a page.
        Page = "page",
        /// Somebody saw a screen of an app.
        Screen = "screen",
        /// Somebody said who they are.
        Identify = "identify",
    }
}

text_enum! {
    /// State (方案状态) of a planned event.
    pub enum PlanState {
        /// It is being written; nothing is held against it.
        Draft = "draft",
        /// It is in force.
        Live = "live",
        /// It is not to be sent any more.
        Retired = "retired",
    }
}

text_enum! {
    /// Kind (属性类型) of a property.
    pub enum PropertyKind {
        /// Text.
        Text = "text",
        /// Number.
        Number = "number",
        /// Number without a fraction.
        Integer = "integer",
        /// True or false.
        Boolean = "boolean",
        /// Time or day as RFC 3339 writes it.
        Time = "time",
        /// List.
        List = "list",
        /// Object.
        Object = "object",
    }
}

text_enum! {
    /// What happens with properties that nobody planned (未规划属性).
    pub enum ExtraProperties {
        /// They are welcome.
        Allow = "allow",
        /// The event breaks the plan.
        Quarantine = "quarantine",
    }
}

text_enum! {
    /// Plan mode (方案执行方式) of a source.
    pub enum PlanMode {
        /// Its events are not held against the plan.
        Off = "off",
        /// Its events count, and breaches are counted.
        Observe = "observe",
        /// Events that break the plan go to quarantine.
        Enforce = "enforce",
    }
}

text_enum! {
    /// Reason (不符原因) for which an event breaks the plan.
    pub enum BreachReason {
        /// No definition in force names it, or none for this source.
        NotPlanned = "not_planned",
        /// It is not to be sent any more.
        Retired = "retired",
        /// A required property is absent or empty.
        Missing = "missing",
        /// A property has another kind than planned.
        WrongKind = "wrong_kind",
        /// A property has a value that is none of its choices.
        NotAChoice = "not_a_choice",
        /// Nobody planned the property.
        Extra = "extra",
    }
}

text_enum! {
    /// Data kind (数据类别) that a source brings.
    pub enum DataKind {
        /// Pages and screens.
        Traffic = "traffic",
        /// What people do.
        Behaviour = "behaviour",
        /// Orders.
        Sales = "sales",
        /// Who people are.
        Identity = "identity",
        /// What people do on social platforms: events named `Social …`.
        Social = "social",
        /// How ads run: events named `Ad …`.
        Ads = "ads",
    }
}

/// Property (属性) of a planned event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlannedProperty {
    /// Its name.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// Its kind.
    pub kind: PropertyKind,
    /// True: an event without it breaks the plan.
    #[serde(default)]
    pub required: bool,
    /// The values that it may have; empty: any. Of texts and numbers only.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub choices: Vec<String>,
    /// True: it says something about a person.
    #[serde(default)]
    pub personal: bool,
    /// What it means.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub description: String,
}

/// Definition (定义) of a planned event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlanDefinition {
    /// What it means.
    pub description: String,
    /// Its state.
    pub state: PlanState,
    /// Its properties.
    pub properties: Vec<PlannedProperty>,
    /// What happens with others.
    pub extra: ExtraProperties,
    /// The sources that send it; empty: every source.
    pub sources: Vec<Id>,
}

/// Planned event (埋点事件).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PlannedEvent {
    /// Its id.
    pub id: Id,
    /// Its kind.
    pub kind: PlannedKind,
    /// Its name; only track events have one.
    pub name: Option<String>,
    /// What it is to be.
    #[serde(flatten)]
    pub definition: PlanDefinition,
    /// Why it changed last.
    pub reason: String,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Who changed it last.
    pub updated_by: Option<Id>,
    /// Counts its versions; for `If-Match`.
    pub version: i64,
}

impl Labelled for PlannedEvent {
    const NOUN: &'static str = "customers.planned_event";
}

/// Version (版本) of a planned event.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PlannedEventVersion {
    /// Counts from 1.
    pub number: i64,
    /// What the event was to be.
    pub definition: PlanDefinition,
    /// Why it changed.
    pub reason: String,
    /// When.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: Option<Id>,
}

/// Planned event with its versions (埋点事件与版本), newest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PlannedEventHistory {
    /// The event as it is.
    #[serde(flatten)]
    pub event: PlannedEvent,
    /// What it was.
    pub versions: Vec<PlannedEventVersion>,
}

impl Labelled for PlannedEventHistory {
    const NOUN: &'static str = PlannedEvent::NOUN;
}

/// Which planned events are wanted.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PlanFilter {
    /// Only in this state.
    #[param(inline)]
    pub state: Option<PlanState>,
    /// Only those whose name contains this.
    #[param(max_length = 200)]
    pub text: Option<String>,
}

/// An event that is to be planned.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPlannedEvent {
    /// Its kind.
    pub kind: PlannedKind,
    /// Its name, of a track event.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 200)]
    pub name: Option<String>,
    /// What it means.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub description: String,
    /// Its state.
    #[serde(default = "draft")]
    pub state: PlanState,
    /// Its properties.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub properties: Vec<PlannedProperty>,
    /// What happens with others.
    #[serde(default = "allow")]
    pub extra: ExtraProperties,
    /// The sources that send it; empty: every source.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub sources: Vec<Id>,
    /// Why it is planned.
    #[serde(default)]
    #[schema(max_length = 300)]
    pub reason: String,
}

const fn draft() -> PlanState {
    PlanState::Draft
}

const fn allow() -> ExtraProperties {
    ExtraProperties::Allow
}

/// What a planned event becomes, whole.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePlannedEvent {
    /// What it means.
    #[schema(max_length = 500)]
    pub description: String,
    /// Its state.
    pub state: PlanState,
    /// Its properties.
    #[schema(max_items = 200)]
    pub properties: Vec<PlannedProperty>,
    /// What happens with others.
    pub extra: ExtraProperties,
    /// The sources that send it; empty: every source.
    #[schema(max_items = 200)]
    pub sources: Vec<Id>,
    /// Why it changes.
    #[schema(min_length = 1, max_length = 300)]
    pub reason: String,
}

/// An event that is tried out.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TryPlannedEvent {
    /// The event as a source would send it: JSON, with its type.
    #[schema(min_length = 2, max_length = 32768)]
    pub body: String,
}

/// What is wrong with an event that was tried out (试算结果).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TriedEvent {
    /// Why it could not be read.
    pub fault: Option<Fault>,
    /// The field at fault.
    pub field: Option<String>,
    /// In what it breaks the plan.
    pub violations: Vec<PlanViolation>,
}

impl Labelled for TriedEvent {
    const NOUN: &'static str = "customers.tried_event";
}

/// In what an event breaks the plan (不符项).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlanViolation {
    /// The field: `event`, `properties.price`, `traits.email`.
    pub field: String,
    /// What is wrong with it.
    pub reason: BreachReason,
    /// The kind that was planned, where that is what is wrong.
    pub expected: Option<String>,
    /// The kind that came.
    pub found: Option<String>,
}
