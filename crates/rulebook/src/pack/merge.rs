use std::collections::{BTreeMap, BTreeSet};

use super::Folder;
use super::diff::{ObjectChange, of_object};
use super::object::{Object, Objects, objects};

/// What came of putting a shipped upgrade and a company's own changes together (三方合并).
#[derive(Clone, Debug)]
pub struct Merged {
    pub folder: Folder,
    /// Objects that both changed, as the shipped side would have them: the company's own stays until somebody decides.
    pub conflicts: Vec<ObjectChange>,
}

/// Puts what changed from `base` to `shipped` into `own`, object by object; nothing that was changed by hand is lost.
pub fn merge(base: &Folder, shipped: &Folder, own: &Folder) -> Merged {
    let files: BTreeSet<&String> = [base, shipped, own].into_iter().flat_map(|f| f.files.keys()).collect();
    let mut merged =
        Merged { folder: Folder { name: own.name.clone(), files: BTreeMap::new() }, conflicts: Vec::new() };
    for file in files {
        let of = |folder: &Folder| folder.files.get(file).map(|text| objects(text));
        let (base, shipped, own) = (of(base), of(shipped), of(own));
        if let Some(text) = of_file(file, base, shipped, own, &mut merged.conflicts) {
            merged.folder.files.insert(file.clone(), text);
        }
    }
    merged
}

fn of_file(
    file: &str,
    base: Option<Objects>,
    shipped: Option<Objects>,
    own: Option<Objects>,
    conflicts: &mut Vec<ObjectChange>,
) -> Option<String> {
    let head = own.as_ref().or(shipped.as_ref()).map(|objects| objects.head.clone()).unwrap_or_default();
    let list = |side: Option<Objects>| side.map(|objects| objects.objects).unwrap_or_default();
    let (base, shipped, own) = (list(base), list(shipped), list(own));
    let mut ids: Vec<&str> = shipped.iter().map(|object| object.id.as_str()).collect();
    // What only the company has stands behind what the product has.
    for object in &own {
        if !ids.contains(&object.id.as_str()) {
            ids.push(&object.id);
        }
    }
    let mut kept: Vec<&Object> = Vec::new();
    for id in ids {
        kept.extend(choose(file, id, [&base, &shipped, &own], conflicts));
    }
    // What the product took away, while the company had changed it, was kept above; nothing left is no file.
    if kept.is_empty() {
        None
    } else {
        Some(head + &kept.iter().map(|o| o.text.as_str()).collect::<String>())
    }
}

fn choose<'o>(
    file: &str,
    id: &str,
    [base, shipped, own]: [&'o [Object]; 3],
    conflicts: &mut Vec<ObjectChange>,
) -> Option<&'o Object> {
    fn find<'o>(side: &'o [Object], id: &str) -> Option<&'o Object> {
        side.iter().find(|object| object.id == id)
    }
    let (base, shipped, own) = (find(base, id), find(shipped, id), find(own, id));
    let value = |object: Option<&'o Object>| object.map(|object| &object.value);
    if value(own) == value(base) {
        return shipped;
    }
    if value(shipped) != value(base) && value(shipped) != value(own) {
        conflicts.extend(of_object(file, id, value(own), value(shipped)));
    }
    own
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(text: &str) -> Folder {
        Folder { name: "p".into(), files: [("controls.yaml".to_owned(), text.to_owned())].into() }
    }

    #[test]
    fn an_upgrade_arrives_beside_own_changes_and_never_over_them() {
        let base =
            folder("# Head.\n\n- {id: a, n: 1}\n- {id: b, n: 1}\n- {id: c, n: 1}\n- {id: gone, n: 1}\n");
        let shipped =
            folder("# Head.\n\n- {id: a, n: 2}\n- {id: b, n: 2}\n- {id: c, n: 1}\n- {id: new, n: 1}\n");
        let own = folder(
            "# Head.\n\n- {id: a, n: 1}\n- {id: b, n: 9}\n# Ours.\n- {id: c, n: 5}\n- {id: gone, n: 1}\n- {id: mine}\n",
        );
        let merged = merge(&base, &shipped, &own);
        assert_eq!(
            merged.folder.files["controls.yaml"],
            "# Head.\n\n- {id: a, n: 2}\n- {id: b, n: 9}\n# Ours.\n- {id: c, n: 5}\n- {id: new, n: 1}\n- {id: mine}\n"
        );
        assert_eq!(merged.conflicts.len(), 1);
        assert_eq!(
            (merged.conflicts[0].id.as_str(), merged.conflicts[0].values[0].path.as_str()),
            ("b", "n")
        );
    }

    #[test]
    fn an_object_that_the_product_dropped_stays_where_it_was_changed() {
        let (base, own) = (folder("- {id: a, n: 1}\n- {id: b}\n"), folder("- {id: a, n: 2}\n- {id: b}\n"));
        let merged = merge(&base, &folder("- {id: b}\n"), &own);
        assert_eq!(merged.folder.files["controls.yaml"], "- {id: b}\n- {id: a, n: 2}\n");
        assert_eq!(merged.conflicts.len(), 1);
    }
}
