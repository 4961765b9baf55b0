use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::Folder;

/// Object (对象) of a pack: a clause, a parameter, a control, or a whole file that is one thing.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    /// Its id in its file; empty where the file is one thing.
    pub id: String,
    /// What it says.
    pub value: Json,
    /// How it is written, comments above it included.
    pub text: String,
}

/// The objects of one file, in order, and what stands before them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Objects {
    pub head: String,
    pub objects: Vec<Object>,
}

/// Splits a file into its objects. A list is split by its elements, each by its `id` or `key`; all else is one object.
pub fn objects(text: &str) -> Objects {
    let value: Json = serde_yaml_ng::from_str(text).unwrap_or(Json::Null);
    let whole = || Objects {
        head: String::new(),
        objects: vec![Object { id: String::new(), value: value.clone(), text: text.to_owned() }],
    };
    let Json::Array(items) = &value else { return whole() };
    let ids: Vec<&str> = items.iter().filter_map(id).collect();
    let distinct: std::collections::BTreeSet<&str> = ids.iter().copied().collect();
    if ids.len() != items.len() || distinct.len() != items.len() {
        return whole();
    }
    let (head, texts) = pieces(text);
    // Where the lines do not tell the elements apart, they are written anew.
    let texts = if texts.len() == items.len() { texts } else { items.iter().map(written).collect() };
    let objects = ids.iter().zip(items).zip(texts).map(|((id, value), text)| Object {
        id: (*id).to_owned(),
        value: value.clone(),
        text,
    });
    Objects { head, objects: objects.collect() }
}

fn id(item: &Json) -> Option<&str> {
    item.get("id").or_else(|| item.get("key"))?.as_str()
}

fn written(item: &Json) -> String {
    serde_yaml_ng::to_string(&[item]).unwrap_or_default()
}

/// Cuts a list before each line that begins an element; comments directly above belong to it.
fn pieces(text: &str) -> (String, Vec<String>) {
    let mut head = String::new();
    let mut pieces: Vec<String> = Vec::new();
    let mut waiting = String::new();
    for line in text.split_inclusive('\n') {
        if line.starts_with("- ") {
            pieces.push(std::mem::take(&mut waiting) + line);
        } else if line.starts_with('#') || line.trim().is_empty() {
            waiting.push_str(line);
            if pieces.is_empty() && line.trim().is_empty() {
                head.push_str(&std::mem::take(&mut waiting));
            }
        } else {
            let place = pieces.last_mut().unwrap_or(&mut head);
            place.push_str(&std::mem::take(&mut waiting));
            place.push_str(line);
        }
    }
    if let Some(last) = pieces.last_mut() {
        last.push_str(&waiting);
    }
    for piece in &mut pieces {
        if !piece.ends_with('\n') {
            piece.push('\n');
        }
    }
    (head, pieces)
}

/// Returns the objects of every file of a pack.
pub fn of_folder(folder: &Folder) -> BTreeMap<&str, Objects> {
    folder.files.iter().map(|(file, text)| (file.as_str(), objects(text))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_cut_with_its_comments_and_put_together_again() {
        let text = "# All.\n\n# One.\n- id: a\n  n: 1\n\n# Two.\n- id: b\n  text: |\n    x\n";
        let found = objects(text);
        assert_eq!(found.objects.iter().map(|o| o.id.as_str()).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(found.objects[1].text, "\n# Two.\n- id: b\n  text: |\n    x\n");
        let again: String = found.objects.iter().map(|o| o.text.as_str()).collect();
        assert_eq!(found.head.clone() + &again, text);
    }

    #[test]
    fn what_is_no_list_of_named_things_is_one_object() {
        assert_eq!(objects("id: x\n").objects.len(), 1);
        assert_eq!(objects("- {id: a}\n- {id: a}\n").objects.len(), 1);
    }
}
