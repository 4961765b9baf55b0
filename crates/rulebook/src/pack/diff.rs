use std::collections::{BTreeMap, BTreeSet};

use kernel::{Labelled, text_enum};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;

use super::Folder;
use super::object::{Object, Objects, of_folder};

text_enum! {
    /// What became of an object.
    pub enum ChangeKind {
        /// It is new.
        Added = "added",
        /// It is gone.
        Removed = "removed",
        /// It says something else.
        Changed = "changed",
    }
}

/// Change of one object of a pack (差异).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ObjectChange {
    /// The file that it stands in.
    pub file: String,
    /// What it is: `clause`, `parameter`, `control`, `manifest`, or the name of its folder.
    pub kind: String,
    /// Its id; empty where the file is one thing.
    pub id: String,
    /// What became of it.
    pub change: ChangeKind,
    /// The values that differ, for one that changed.
    pub values: Vec<ValueChange>,
}

/// Change of one value (值变更).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ValueChange {
    /// Where it stands, such as `evidence.threshold.value`.
    pub path: String,
    /// The value before; absent where there was none.
    #[schema(value_type = Option<serde_json::Value>)]
    pub before: Option<Json>,
    /// The value from then on; absent where there is none.
    #[schema(value_type = Option<serde_json::Value>)]
    pub after: Option<Json>,
}

/// How two versions of a pack differ (制度包差异).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PackDiff {
    /// The objects that differ, by file.
    pub changes: Vec<ObjectChange>,
}

impl Labelled for PackDiff {
    const NOUN: &'static str = "rulebook.pack_diff";
}

/// Compares two versions of a pack, object by object.
pub fn diff(before: &Folder, after: &Folder) -> PackDiff {
    let (before, after) = (of_folder(before), of_folder(after));
    let files: BTreeSet<&str> = before.keys().chain(after.keys()).copied().collect();
    let nothing = Objects::default();
    let mut changes = Vec::new();
    for file in files {
        let old = before.get(file).unwrap_or(&nothing);
        let new = after.get(file).unwrap_or(&nothing);
        changes.extend(of_file(file, &old.objects, &new.objects));
    }
    PackDiff { changes }
}

fn of_file(file: &str, before: &[Object], after: &[Object]) -> Vec<ObjectChange> {
    let by_id = |objects: &[Object]| -> BTreeMap<String, Json> {
        objects.iter().map(|object| (object.id.clone(), object.value.clone())).collect()
    };
    let (old, new) = (by_id(before), by_id(after));
    let mut ids: Vec<&String> = before.iter().map(|object| &object.id).collect();
    ids.extend(after.iter().map(|object| &object.id).filter(|id| !old.contains_key(*id)));
    ids.into_iter().filter_map(|id| of_object(file, id, old.get(id), new.get(id))).collect()
}

/// Compares one object; nothing where it says the same.
pub fn of_object(file: &str, id: &str, before: Option<&Json>, after: Option<&Json>) -> Option<ObjectChange> {
    let (change, values) = match (before, after) {
        (Some(before), Some(after)) if before == after => return None,
        (Some(before), Some(after)) => {
            let mut values = Vec::new();
            compare(String::new(), Some(before), Some(after), &mut values);
            (ChangeKind::Changed, values)
        }
        (None, Some(_)) => (ChangeKind::Added, Vec::new()),
        (Some(_), None) => (ChangeKind::Removed, Vec::new()),
        (None, None) => return None,
    };
    Some(ObjectChange { file: file.to_owned(), kind: kind(file), id: id.to_owned(), change, values })
}

fn kind(file: &str) -> String {
    match file {
        "pack.yaml" => "manifest".to_owned(),
        _ => {
            let name = file.split_once('/').map_or(file.trim_end_matches(".yaml"), |(folder, _)| folder);
            name.strip_suffix('s').unwrap_or(name).to_owned()
        }
    }
}

fn compare(path: String, before: Option<&Json>, after: Option<&Json>, found: &mut Vec<ValueChange>) {
    if before == after {
        return;
    }
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match (before, after) {
        (Some(Json::Object(old)), Some(Json::Object(new))) => {
            let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
            for name in names {
                compare(below(name), old.get(name), new.get(name), found);
            }
        }
        (Some(Json::Array(old)), Some(Json::Array(new))) if old.len() == new.len() => {
            for (place, (old, new)) in old.iter().zip(new).enumerate() {
                compare(format!("{path}[{place}]"), Some(old), Some(new), found);
            }
        }
        _ => found.push(ValueChange { path, before: before.cloned(), after: after.cloned() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(text: &str) -> Folder {
        Folder { name: "p".into(), files: [("controls.yaml".to_owned(), text.to_owned())].into() }
    }

    #[test]
    fn a_difference_is_named_by_object_and_value() {
        let before = folder("- {id: a, t: {n: 1, m: 2}}\n- {id: b}\n");
        let after = folder("- {id: c}\n- {id: a, t: {n: 3, m: 2}}\n");
        let found = diff(&before, &after).changes;
        let said: Vec<(&str, &str, ChangeKind)> =
            found.iter().map(|c| (c.kind.as_str(), c.id.as_str(), c.change)).collect();
        assert_eq!(
            said,
            [
                ("control", "a", ChangeKind::Changed),
                ("control", "b", ChangeKind::Removed),
                ("control", "c", ChangeKind::Added)
            ]
        );
        assert_eq!(found[0].values[0].path, "t.n");
        assert_eq!(found[0].values[0].after, Some(serde_json::json!(3)));
        assert!(diff(&before, &before).changes.is_empty());
    }
}
