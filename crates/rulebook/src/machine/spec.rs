use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::pack::Text;

/// Who something is for (对象): exactly one of its fields is given, and `when` where it is not for them always.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ReceiverSpec {
    /// The person whom this fact names: `owner_id`, `created_by` or a field of kind person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The people in a column of a child table, such as `readers.who`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<String>,
    /// The manager of whoever this fact names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manager_of: Option<String>,
    /// The head of the department that this fact names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head_of: Option<String>,
    /// Whoever holds this role, by its code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Whoever holds this permission where the thing is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permission: Option<String>,
    /// This person, by id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Only where this holds, over the facts of the machine, such as `amount > 100000`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
}

impl ReceiverSpec {
    /// Returns true where exactly one of its ways of naming somebody is given.
    pub fn is_one(&self) -> bool {
        let ways = [
            &self.field,
            &self.rows,
            &self.manager_of,
            &self.head_of,
            &self.role,
            &self.permission,
            &self.user,
        ];
        ways.into_iter().flatten().count() == 1
    }
}

/// How long something may take (时限): exactly one of its fields is given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DueSpec {
    /// So many hours of working time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub working_hours: Option<i64>,
    /// So many working days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub working_days: Option<i64>,
    /// So many days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<i64>,
    /// The time that this fact holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// As many days or hours as this policy parameter says, by its kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
}

/// Work that waits for somebody (待办事项) while a thing stands in a state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkSpec {
    /// Whose work it is.
    pub who: ReceiverSpec,
    /// What is to be done; the thing's title stands before it.
    pub title: Text,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<DueSpec>,
    /// Actions that can be taken on the task's own card.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<String>,
    /// True where it stays at the top of the home page until it is done.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub banner: bool,
    /// True where its person is reminded each day while it is late, not only once.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub daily: bool,
}

/// What the product does by itself (定时动作) once a time has come, while a thing stands in a state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimedSpec {
    /// The action that it does.
    pub action: String,
    /// The time, or day, that this fact holds.
    pub at: String,
    /// So many days later, by this policy parameter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// Chain of approvals (审批链).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApprovalSpec {
    /// Its steps; those of one `group` run at the same time, the others one after the other.
    pub steps: Vec<StepSpec>,
    /// The state that a rejection leads to; absent: the thing stays where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rejected: Option<String>,
    /// True where money moves: a decision by e-mail asks for the second factor too.
    #[serde(default)]
    pub money: bool,
    /// True where whoever decides signs: with the second factor, at that moment.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub signed: bool,
}

/// Step of an approval (审批步骤).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepSpec {
    /// Its id.
    pub id: String,
    /// Its name.
    pub title: Text,
    /// When it is needed, over the facts of the machine, such as `amount > 100000`; always when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// Steps with the same group run at the same time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Who decides; several entries add up.
    pub who: Vec<ApproverSpec>,
    /// How many of them have to agree: `any`, `all` or `{quorum: 2}`.
    #[serde(default, with = "serde_yaml_ng::with::singleton_map")]
    pub mode: Mode,
    /// Roles of the machine that nobody who decides may ever have taken in this instance.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub separate_from: Vec<String>,
    /// The role that those who decide take.
    #[serde(default, rename = "as", skip_serializing_if = "Option::is_none")]
    pub takes: Option<String>,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<DueSpec>,
    /// What happens when it is late: `remind`, `reject` or `{escalate: {…}}`.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        with = "serde_yaml_ng::with::singleton_map_recursive"
    )]
    pub on_timeout: Option<OnTimeout>,
    /// False where nobody may stand in.
    #[serde(default = "yes")]
    pub delegable: bool,
}

fn yes() -> bool {
    true
}

/// One who decides (审批人): a receiver, or a person by id.
pub type ApproverSpec = ReceiverSpec;

/// How many have to agree (会签方式).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// One of them.
    #[default]
    Any,
    /// All of them.
    All,
    /// At least so many.
    Quorum(u32),
}

/// What happens when a step is late (超时处理).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnTimeout {
    /// Those who owe it are reminded.
    Remind,
    /// These decide too from then on.
    Escalate(ReceiverSpec),
    /// It counts as rejected.
    Reject,
}

/// Of whom each gets one (逐人开启).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EverybodySpec {
    /// Everybody who works here.
    All,
    /// Everybody of the department that this fact names, or that has this code, and of those below it.
    Department(String),
    /// Everybody who holds a permission that the document, named by this fact, binds.
    Holders(String),
}

/// What a transition brings about (流转效果).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum EffectSpec {
    /// Sets fields: a literal, `$now`, `$caller`, or `$<field>` for the value of another fact.
    Set(BTreeMap<String, Json>),
    /// Makes a record of another type, its fields filled like those of `set`.
    Create {
        /// Its type.
        record: String,
        /// Its first values; `$id` is the thing that moved.
        values: BTreeMap<String, Json>,
        /// One for each row of this child table; `$row.<column>` is the row's value.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        for_each: Option<String>,
        /// One for each of these people, `$person`; whoever joins before the thing has ended gets one too.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        for_each_person: Option<EverybodySpec>,
    },
    /// Tells somebody.
    Notify {
        /// Whom.
        who: Vec<ReceiverSpec>,
        /// What; the thing's title stands before it.
        text: Text,
        /// True where the mail brings the record along, as a document.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        document: bool,
    },
    /// Moves somebody to another post with what they may do, and their open work to somebody else.
    MovePerson {
        /// The field that names them.
        person: String,
        /// The field that names the post, a row of `v_identity_position`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        position: Option<String>,
        /// The child table of roles, rows of `v_identity_role` in its column `role`; `change` is `give` or `take`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        roles: Option<String>,
        /// The field that names who takes over the open work.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        work_to: Option<String>,
    },
    /// Puts the limits that were accepted in a table of an alert review in force, as its caller may.
    AcceptLimits {
        /// The table, a row for each metric.
        table: String,
        /// Its column of metrics.
        metric: String,
        /// Its column of limits.
        limit: String,
        /// Its column that says which are accepted.
        accepted: String,
    },
    /// Takes what these fields held out of the record's history, and its files out of the store; `set` empties them.
    Forget(Vec<String>),
    /// Does the same action on the records that refer to this one by a field.
    Cascade {
        /// Their type.
        record: String,
        /// The field by which they refer.
        by: String,
        /// What is done with those that can do it.
        action: String,
    },
}
