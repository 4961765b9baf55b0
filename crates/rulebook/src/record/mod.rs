//! Record (记录): one thing that a company keeps record of, as its record type declares.
//!
//! Every way to write one goes through `write`: its values fit the type, its checks hold, its state follows its machine,
//! and the row, its history, its tasks, its effects and the audit row commit together.

mod about;
mod accept;
mod act;
pub mod api;
mod approval;
mod budgeted;
mod comment;
mod effects;
mod everybody;
mod export;
mod file;
mod fill;
mod follow;
mod forget;
mod gather;
mod import;
pub(crate) mod jobs;
mod list;
mod measured;
mod moving;
mod names;
mod print;
mod publish;
mod rollup;
mod rules;
mod secret;
mod service;
mod sql;
mod standing;
mod timed;
mod work;
mod write;

use std::collections::BTreeMap;

use kernel::{Id, Label, Labelled, LocalText, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use utoipa::{IntoParams, ToSchema};

use crate::record_type::RecordType;

pub(crate) use about::about;
pub use act::act;
pub(crate) use act::{by_product as act_by_product, try_by_product};
pub use approval::RecordApprovals;
pub use budgeted::{BudgetOf, Budgeted, budgeted};
pub use comment::write as comment;
pub(crate) use comment::{
    GROUP as COMMENT_GROUP, OPEN as COMMENT_OPEN, checked as checked_comment, place as commented,
    write_in as comment_in,
};
pub(crate) use effects::fill;
pub use everybody::newcomers;
pub use export::export;
pub(crate) use export::whole_mark as export_mark;
pub use file::upload;
pub use follow::{WorkChange, follow};
pub use gather::gather;
pub use import::RecordTargets;
pub(crate) use list::{Figures, FiguresBy, figures, load, readable, visible};
pub use list::{groups, list};
pub(crate) use names::{of_ids as names_of_ids, record_type};
pub(crate) use print::print_for_mail;
pub(crate) use publish::{load_slots, publish};
pub(crate) use rules::{in_three_languages, labels_up_to, readable as sees};
pub(crate) use service::load_in;
pub use service::{archive, create, find, history, open, related, update};
pub(crate) use service::{facts_of, rows, state_titles};
pub(crate) use sql::{FIND, IDS};
pub use standing::{Standing, standing};
pub(crate) use work::{BANNER, DAILY, people};
pub use write::{Draft, make};
pub(crate) use write::{Noted, Row, note};

/// A record (记录) as lists show it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = RecordRow)]
pub struct Record {
    /// Its id.
    pub id: Id,
    /// Its type.
    pub type_id: String,
    /// Its number, such as `RISK-0001`.
    pub number: String,
    /// What names it.
    pub title: String,
    /// Where it stands; absent where its type has no machine.
    pub state: Option<String>,
    /// The name of that state, in the caller's language.
    pub state_title: Option<String>,
    /// True where nothing more is to be done.
    pub ended: bool,
    /// Its values, by field; those above the caller's clearance are left out and named in `masked`.
    #[schema(value_type = Object)]
    pub values: Map<String, Json>,
    /// Fields that this caller may not see.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub masked: Vec<String>,
    /// Names of the people, departments, brands and things that stand in it, by id.
    pub names: BTreeMap<String, String>,
    /// Whose it is.
    pub owner_id: Option<Id>,
    /// Department that it belongs to.
    pub department_id: Option<Id>,
    /// Brand that it belongs to.
    pub brand_id: Option<Id>,
    /// Its confidentiality.
    pub label: Label,
    /// What it is kept secret as, such as a trade secret, in the caller's language; absent where it is not.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub secrecy: Option<String>,
    /// Who made it.
    pub created_by: Option<Id>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When it reached an end.
    pub closed_at: Option<Timestamp>,
    /// When it was put away.
    pub archived_at: Option<Timestamp>,
    /// Counts its changes.
    pub version: i64,
}

impl Labelled for Record {
    // Its values were masked by the labels of its type before this is made.
    const NOUN: &'static str = "rulebook.record";
}

/// A record with what may be done with it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RecordDetail {
    /// The record.
    #[serde(flatten)]
    pub record: Record,
    /// What may be done next, and why not where it may not.
    pub actions: Vec<RecordAction>,
    /// True where the caller may change its values.
    pub can_write: bool,
    /// How many comments it has.
    pub comments_count: i64,
    /// How many guests can see it.
    pub guests_count: i64,
}

impl Labelled for RecordDetail {
    const NOUN: &'static str = "rulebook.record";
}

/// What may be done with a record (可执行的操作).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RecordAction {
    /// The action.
    pub action: String,
    /// Its name, in the caller's language.
    pub title: String,
    /// Where it leads, as far as is known.
    pub to: Option<String>,
    /// True where the caller may do it now.
    pub allowed: bool,
    /// Key of the text that says why not.
    pub code: Option<String>,
    /// The sentence that says why not.
    pub reason: Option<String>,
    /// Fields and facts that it asks for.
    pub fields: Vec<String>,
    /// True where others have to agree first.
    pub approval: bool,
}

/// Record to be made.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRecord {
    /// Its values, by field.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub values: Map<String, Json>,
    /// Whose it is; the maker's when absent.
    pub owner_id: Option<Id>,
    /// Its department; the maker's when absent.
    pub department_id: Option<Id>,
    /// Its brand.
    pub brand_id: Option<Id>,
}

/// Change of a record; what is absent stays, null empties a value.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordPatch {
    /// Values that change.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub values: Map<String, Json>,
    /// Whose it is from now on; null: nobody's.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Id>)]
    pub owner_id: Option<Option<Id>>,
    /// Its department from now on; null: none.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Id>)]
    pub department_id: Option<Option<Id>>,
    /// Its brand from now on; null: none.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Id>)]
    pub brand_id: Option<Option<Id>>,
    /// Its confidentiality from now on.
    pub label: Option<Label>,
    /// Why.
    #[schema(max_length = 500)]
    pub reason: Option<String>,
}

/// Tells what is given as null from what is not given.
fn given<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Option<Id>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// What an action is done with.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionInput {
    /// Values of fields and facts that it asks for.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub values: Map<String, Json>,
    /// Why.
    #[schema(max_length = 500)]
    pub reason: Option<String>,
}

/// One change of a record, as it is kept (变更记录).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RecordChange {
    /// The record's version from then on.
    pub version: i64,
    /// What was done: `create`, `change`, `archive`, or an action of its machine.
    pub action: String,
    /// Its name, in the caller's language.
    #[serde(default)]
    pub action_title: String,
    /// Where the record stood.
    pub from_state: Option<String>,
    /// Where it stood then.
    pub to_state: Option<String>,
    /// `{field: [before, after]}`.
    #[schema(value_type = Object)]
    pub changes: Map<String, Json>,
    /// Why.
    pub reason: Option<String>,
    /// Who did it; absent where the product did.
    pub actor_id: Option<Id>,
    /// Their name.
    pub actor_name: String,
    /// When.
    pub at: Timestamp,
}

impl Labelled for RecordChange {
    const NOUN: &'static str = "rulebook.record_change";
}

/// Which records to list, and in which order.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RecordFilter {
    /// An expression over the fields, such as `score >= 15 && !ended`; `$me` is the caller.
    #[param(max_length = 2000)]
    pub filter: Option<String>,
    /// Words that stand in the number, the title or another text.
    #[param(max_length = 200)]
    pub search: Option<String>,
    /// The field by which they are sorted, `-` before it for falling; newest first when absent.
    #[param(max_length = 60)]
    pub sort: Option<String>,
    /// A view of the type: its filter and its order.
    #[param(max_length = 60)]
    pub view: Option<String>,
    /// Only in this state.
    #[param(max_length = 60)]
    pub state: Option<String>,
    /// True: only mine.
    pub mine: Option<bool>,
}

/// A record type as the navigation shows it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RecordTypeRow {
    /// Its id.
    pub id: String,
    /// Its name, of one.
    pub title: String,
    /// Its name, of many.
    pub plural: String,
    /// What it is for.
    pub summary: String,
    /// Area of the navigation.
    pub area: crate::record_type::Area,
    /// Letters before the running number.
    pub prefix: String,
    /// Clauses that it serves.
    pub clauses: Vec<String>,
    /// True where the caller may make and change records of it.
    pub can_write: bool,
}

impl Labelled for RecordTypeRow {
    const NOUN: &'static str = "rulebook.record_type";
}

/// A comment on a record (评论).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RecordComment {
    /// Its id.
    pub id: Id,
    /// What it says.
    pub body: String,
    /// Who wrote it.
    pub author_id: Option<Id>,
    /// Their name.
    pub author_name: String,
    /// True where it came as a reply to a mail.
    pub by_mail: bool,
    /// Files that came with it.
    pub files: Vec<RecordFile>,
    /// Names of files that a mail brought and that were not taken.
    pub left_out: Vec<String>,
    /// When.
    pub created_at: Timestamp,
}

impl Labelled for RecordComment {
    const NOUN: &'static str = "rulebook.record_comment";
}

/// Comment to be written.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewRecordComment)]
pub struct NewComment {
    /// What it says.
    #[schema(max_length = 5000)]
    pub text: String,
    /// Files that were stored for it; with some, it need not say anything.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub files: Vec<RecordFile>,
}

/// Records of one type that refer to another record (相关记录).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RelatedRecords {
    /// Their type.
    pub type_id: String,
    /// The type's name, of many.
    pub title: String,
    /// The field by which they refer.
    pub field: String,
    /// The newest of them.
    pub items: Vec<Record>,
    /// True where there are more.
    pub more: bool,
}

impl Labelled for RelatedRecords {
    const NOUN: &'static str = "rulebook.related_records";
}

/// Returns the names of a type's permissions, in three languages.
pub(crate) fn texts(record_type: &RecordType) -> BTreeMap<String, LocalText> {
    rules::permission_texts(record_type)
}

/// A file that was stored for a field (附件).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RecordFile {
    /// SHA-256 of its bytes.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Bytes.
    pub size: i64,
    /// Media type that the sender said.
    pub media_type: String,
}

impl Labelled for RecordFile {
    const NOUN: &'static str = "rulebook.record_file";
}

/// How many records stand in one group (分组计数).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RecordGroup {
    /// Value of the first field, as text.
    pub by_value: Option<String>,
    /// Value of the second field, as text.
    pub across_value: Option<String>,
    /// How many.
    pub records: i64,
}

impl Labelled for RecordGroup {
    const NOUN: &'static str = "rulebook.record_group";
}
