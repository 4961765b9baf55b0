//! Detection (自动上报): a control that is broken, or a figure that jumped, opens a record, once until it is over.

mod service;
pub(crate) mod sql;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

pub(crate) use service::{Detected, begin, of_run, open, over};

use crate::machine::ReceiverSpec;
use crate::record_type::RecordTypeSpec;

/// Record that is opened by itself (自动生成记录).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DetectionSpec {
    /// Its type.
    pub record: String,
    /// Its values; `$said` is the sentence that says what happened, other names are facts of what was measured.
    #[serde(default)]
    pub values: BTreeMap<String, Json>,
    /// Who is to act; the first of them owns it.
    pub owner: ReceiverSpec,
}

/// Returns what is wrong with a record that is to be opened: the code, and its argument.
pub(crate) fn at_fault(
    record: &str,
    values: &BTreeMap<String, Json>,
    types: &BTreeMap<String, &RecordTypeSpec>,
) -> Vec<(&'static str, &'static str, String)> {
    let Some(found) = types.get(record) else {
        return vec![("rulebook.pack.unknown_record_type", "type", record.to_owned())];
    };
    let unknown = values.keys().filter(|key| found.fields.iter().all(|field| field.key != **key));
    unknown.map(|key| ("rulebook.pack.unknown_field", "field", key.clone())).collect()
}
