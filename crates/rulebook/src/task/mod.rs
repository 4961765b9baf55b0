//! Task (待办): the one list behind "my work".
//!
//! A domain opens a task in the transaction that makes it necessary and completes it in the one that
//! does it; nobody ticks a task off by hand.

pub mod api;
pub(crate) mod jobs;
mod moving;
mod remind;
mod service;
pub(crate) mod sql;

use std::collections::BTreeMap;

use kernel::{Id, Labelled, Language, LocalText, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::{IntoParams, ToSchema};

pub use moving::{extend, reassign};
pub(crate) use moving::{is_movable, knows_staff};
pub use remind::{escalate, insist, remind};
pub use service::{cancel, cancel_all, complete, complete_all, count, list, open, pass_on, workers};

text_enum! {
    /// State (状态) of a task.
    pub enum TaskState {
        /// To be done.
        Open = "open",
        /// Done.
        Done = "done",
        /// No longer needed.
        Cancelled = "cancelled",
    }
}

/// Who a task is for.
#[derive(Clone, Debug)]
pub enum Assignee {
    /// One person.
    User(Id),
    /// Whoever holds the permission where the thing is.
    Permission {
        /// The permission's code.
        code: &'static str,
        /// Brand of the thing.
        brand_id: Option<Id>,
        /// Department of the thing.
        department_id: Option<Id>,
    },
}

/// Sentence by its code and arguments; said in the reader's language.
#[derive(Clone, Debug)]
pub struct Sentence {
    /// Key of the text.
    pub code: &'static str,
    /// Values that the text names.
    pub args: BTreeMap<String, Json>,
}

impl Sentence {
    /// Starts a sentence without arguments.
    pub fn new(code: &'static str) -> Self {
        Self { code, args: BTreeMap::new() }
    }

    /// Adds a value that the text names.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Json>) -> Self {
        self.args.insert(name.to_owned(), value.into());
        self
    }

    /// Adds a text that stands in three languages; the sentence names it once per language, such as `action_en`.
    #[must_use]
    pub fn in_three(self, name: &str, text: &LocalText) -> Self {
        let languages = [("zh_hans", Language::ZhHans), ("zh_hant", Language::ZhHant), ("en", Language::En)];
        languages.into_iter().fold(self, |sentence, (suffix, language)| {
            sentence.with(&format!("{name}_{suffix}"), text.get(language))
        })
    }
}

/// Something that can be decided on the task's card (卡片操作).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CardAction {
    /// What is done, such as `approve`.
    pub action: String,
    /// Key of its name in the UI's texts, or its name where a pack gives it one.
    pub title: String,
    /// Its name as a pack gives it, in three languages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub titles: Option<LocalText>,
    /// Method of the request that does it.
    pub method: String,
    /// Path of the request, from `/api/` on.
    pub path: String,
    /// True for the likely one.
    #[serde(default)]
    pub primary: bool,
    /// Name of the body's field that asks for a reason; absent where none is asked for.
    #[serde(default)]
    pub reason_field: Option<String>,
    /// Version of the thing that the card shows; sent as `If-Match`.
    #[serde(default)]
    pub if_match: Option<i64>,
}

/// A task that is to be opened.
#[derive(Clone, Debug)]
pub struct NewTask {
    /// What is to be done, such as `brand.review`.
    pub kind: &'static str,
    /// Noun of the thing.
    pub subject_noun: &'static str,
    /// The thing.
    pub subject_id: Id,
    /// Page of the thing in the UI.
    pub link: String,
    /// What it says.
    pub title: Sentence,
    /// Who it is for.
    pub assignee: Assignee,
    /// Who must not do it and does not see it, such as the author.
    pub not_for: Vec<Id>,
    /// When it must be done.
    pub due_at: Option<Timestamp>,
    /// What can be decided on its card.
    pub actions: Vec<CardAction>,
}

/// A task (待办) as a list shows it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Task {
    /// Its id.
    pub id: Id,
    /// What is to be done.
    pub kind: String,
    /// Where it stands.
    pub state: TaskState,
    /// Noun of the thing.
    pub subject_noun: String,
    /// The thing.
    pub subject_id: Id,
    /// Page of the thing in the UI.
    pub link: String,
    /// What it says, in the caller's language.
    #[serde(default)]
    pub title: String,
    /// Key of the text.
    pub title_code: String,
    /// Values that the text names.
    #[schema(value_type = Object)]
    pub title_args: BTreeMap<String, Json>,
    /// The one person whom it is for.
    pub assignee_user_id: Option<Id>,
    /// The permission whose holders it is for.
    pub assignee_permission: Option<String>,
    /// Brand of the thing.
    pub brand_id: Option<Id>,
    /// Department of the thing.
    pub department_id: Option<Id>,
    /// When it must be done.
    pub due_at: Option<Timestamp>,
    /// True where that time has passed.
    #[serde(default)]
    pub overdue: bool,
    /// What can be decided on its card.
    pub actions: Vec<CardAction>,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it was done or cancelled.
    pub done_at: Option<Timestamp>,
    /// Who did it.
    pub done_by: Option<Id>,
    /// Where it stands among the tasks: the due time, or far off.
    pub urgency: i64,
}

impl Labelled for Task {
    const NOUN: &'static str = "rulebook.task";
}

/// Whom a task is given to, and why.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskReassignment {
    /// Whose it is from now on.
    pub user_id: Id,
    /// Why, 1 to 500 characters.
    #[schema(max_length = 500)]
    pub reason: String,
}

/// Until when a task may take, and why.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskExtension {
    /// When it is due from now on; later than now and than before.
    pub due_at: Timestamp,
    /// Why, 1 to 500 characters.
    #[schema(max_length = 500)]
    pub reason: String,
}

/// Which tasks to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TaskFilter {
    /// False: everybody's tasks (needs `rulebook.task.read`); otherwise mine.
    pub mine: Option<bool>,
    /// Only in this state; open ones when absent.
    pub state: Option<TaskState>,
    /// Only of this kind.
    #[param(max_length = 100)]
    pub kind: Option<String>,
}

/// How many open tasks wait for the caller.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TaskCount {
    /// All of them.
    pub open: i64,
    /// Those whose time has passed.
    pub overdue: i64,
}

impl Labelled for TaskCount {
    const NOUN: &'static str = "rulebook.task_count";
}
