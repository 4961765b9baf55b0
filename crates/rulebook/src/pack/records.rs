use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use kernel::{Label, Permission, View};

use super::check::Checker;
use super::read::Step;
use super::{Pack, Text};
use crate::cadence;
use crate::machine::MachineSpec;
use crate::record_type::{self, FieldSpec, Known, RecordType, RecordTypeSpec};

impl Checker {
    /// Checks the record types of all packs, which may name each other, and gives their machines their fields.
    /// Returns the views and permissions that there are with theirs.
    pub(super) fn record_types(
        &mut self,
        packs: &mut [Pack],
        views: &[View],
        permissions: &[Permission],
    ) -> (Vec<View>, Vec<Permission>) {
        let (mut views, mut permissions) = (views.to_vec(), permissions.to_vec());
        self.record_type_names(packs);
        let machines: BTreeSet<String> =
            packs.iter().flat_map(|pack| &pack.machines).map(|(_, machine)| machine.id.clone()).collect();
        let all = packs.iter().flat_map(|pack| &pack.records).map(|(_, spec)| (spec.id.clone(), spec));
        let types: BTreeMap<String, &RecordTypeSpec> = all.collect();
        let known = Known { types: &types, machines: &machines, views: &views.clone() };
        for pack in &*packs {
            for (file, spec) in &pack.records {
                self.record_texts(pack, file, spec);
                match record_type::prove(spec, &pack.manifest.id, &known) {
                    Ok(found) => {
                        views.push(found.view);
                        permissions.extend(&found.permissions);
                        self.book.record_types.insert(spec.id.clone(), Arc::new(found));
                    }
                    Err(flaws) => flaws.into_iter().for_each(|flaw| self.record_flaw(pack, file, &flaw)),
                }
            }
        }
        let declared: Vec<String> = types.keys().cloned().collect();
        for pack in packs {
            self.record_machines(pack, &declared);
        }
        (views, permissions)
    }

    fn record_type_names(&mut self, packs: &[Pack]) {
        let mut seen = BTreeSet::new();
        for pack in packs {
            for (file, spec) in &pack.records {
                if !seen.insert(&spec.id) {
                    let args = [("id", spec.id.as_str())];
                    self.add(&pack.folder, file, &["id".into()], "rulebook.pack.duplicate", &args);
                }
            }
        }
    }

    fn record_flaw(&mut self, pack: &Pack, file: &str, flaw: &record_type::Flaw) {
        let steps = flaw
            .path
            .iter()
            .flat_map(|(key, place)| std::iter::once(Step::from(*key)).chain(place.map(Step::Item)));
        let args: Vec<(&str, &str)> = flaw.args.iter().map(|(n, v)| (*n, v.as_str())).collect();
        self.add(&pack.folder, file, &steps.collect::<Vec<_>>(), flaw.code, &args);
    }

    /// Puts the fields of the record type among the facts of its machine, so that a published machine is whole.
    fn record_machines(&mut self, pack: &mut Pack, declared: &[String]) {
        let (mut unknown, mut guests_flaws) = (Vec::new(), Vec::new());
        self.filling_actions(pack);
        // A machine of a type at fault says nothing of its own.
        let declared: BTreeSet<String> = declared.iter().cloned().collect();
        let proven = |id: &str| self.book.record_types.contains_key(id) || !declared.contains(id);
        pack.machines.retain(|(_, machine)| machine.record.as_deref().is_none_or(proven));
        for (file, machine) in &mut pack.machines {
            let Some(id) = &machine.record else { continue };
            match self.book.record_types.get(id) {
                Some(found) => {
                    guests_flaws.extend(of_guests(file, machine, found));
                    machine.facts.extend(found.names.fields.clone());
                    machine.tables.extend(found.names.tables.clone());
                }
                None => unknown.push((file.clone(), id.clone())),
            }
        }
        for (file, place, code, name) in guests_flaws {
            let path = ["transitions".into(), Step::Item(place), "guests".into()];
            self.add(&pack.folder, &file, &path, code, &[("field", &name)]);
        }
        for (file, id) in unknown {
            let args = [("type", id.as_str())];
            self.add(&pack.folder, &file, &["record".into()], "rulebook.pack.unknown_record_type", &args);
        }
    }

    /// Checks that fields are filled at actions that a machine of their type has.
    fn filling_actions(&mut self, pack: &Pack) {
        for (file, spec) in &pack.records {
            let of_type = |id: &String| spec.machines.iter().any(|choice| choice.machine == *id);
            let machines = pack.machines.iter().filter(|(_, machine)| of_type(&machine.id));
            let actions: BTreeSet<&str> =
                machines.flat_map(|(_, machine)| &machine.transitions).map(|t| t.action.as_str()).collect();
            for (place, fill) in spec.fills.iter().enumerate() {
                let known = |on: &&String| *on != record_type::fill::MAKE && !actions.contains(on.as_str());
                if let Some(action) = fill.on.iter().find(known) {
                    let path = ["fills".into(), place.into(), "on".into()];
                    self.add(
                        &pack.folder,
                        file,
                        &path,
                        "rulebook.pack.unknown_action",
                        &[("action", action)],
                    );
                }
            }
        }
    }

    /// Checks the cadences of a pack, which may open records of any other.
    pub(super) fn cadences(&mut self, pack: &Pack, clauses: &BTreeSet<String>) {
        let (folder, file) = (&pack.folder, "cadences.yaml");
        for (place, spec) in pack.cadences.iter().enumerate() {
            for (item, id) in spec.clauses.iter().enumerate() {
                self.known_clause(folder, file, place, item.into(), id, clauses);
            }
            self.text(folder, &pack.manifest, file, &[place.into(), "title".into()], &spec.title);
            if self.book.cadences.contains_key(&spec.id) {
                let args = [("id", spec.id.as_str())];
                self.add(folder, file, &[place.into(), "id".into()], "rulebook.pack.duplicate", &args);
            }
            match cadence::prove(spec, &self.book.record_types) {
                Ok(found) => drop(self.book.cadences.insert(spec.id.clone(), Arc::new(found))),
                Err(flaws) => {
                    for flaw in flaws {
                        let keys = flaw.path.iter().map(|key| Step::from(*key));
                        let path: Vec<Step> = std::iter::once(Step::Item(place)).chain(keys).collect();
                        let args: Vec<(&str, &str)> =
                            flaw.args.iter().map(|(n, v)| (*n, v.as_str())).collect();
                        self.add(folder, file, &path, flaw.code, &args);
                    }
                }
            }
        }
    }

    fn record_texts(&mut self, pack: &Pack, file: &str, spec: &RecordTypeSpec) {
        let mut texts: Vec<(Vec<Step>, &Text)> = vec![(vec!["title".into()], &spec.title)];
        texts.extend(
            spec.secrecy.iter().map(|secrecy| (vec!["secrecy".into(), "title".into()], &secrecy.title)),
        );
        for (place, field) in spec.fields.iter().enumerate() {
            field_texts(&["fields".into(), place.into()], field, &mut texts);
        }
        for (place, view) in spec.views.iter().enumerate() {
            texts.push((vec!["views".into(), place.into(), "title".into()], &view.title));
        }
        for (place, check) in spec.checks.iter().enumerate() {
            texts.push((vec!["checks".into(), place.into(), "refuse".into()], &check.refuse));
        }
        if let Some(form) = &spec.public_form {
            let said = [("title", &form.title), ("thanks", &form.thanks), ("consent", &form.consent)];
            texts.extend(said.map(|(key, text)| (vec!["public_form".into(), key.into()], text)));
        }
        for (path, text) in texts {
            self.text(&pack.folder, &pack.manifest, file, &path, text);
        }
    }
}

fn field_texts<'s>(at: &[Step], field: &'s FieldSpec, texts: &mut Vec<(Vec<Step>, &'s Text)>) {
    let under = |more: &[Step]| at.iter().cloned().chain(more.iter().cloned()).collect::<Vec<Step>>();
    texts.push((under(&["title".into()]), &field.title));
    for (place, option) in field.options.iter().enumerate() {
        texts.push((under(&["options".into(), place.into(), "title".into()]), &option.title));
    }
    for (place, column) in field.fields.iter().enumerate() {
        field_texts(&under(&["fields".into(), place.into()]), column, texts);
    }
}

/// Finds steps of guests where the type lets none in, or that ask for fields which guests do not see.
fn of_guests(
    file: &str,
    machine: &MachineSpec,
    found: &RecordType,
) -> Vec<(String, usize, &'static str, String)> {
    let mut flaws = Vec::new();
    for (place, transition) in machine.transitions.iter().enumerate().filter(|(_, t)| t.guests) {
        if found.spec.guests.is_none() {
            let code = "rulebook.pack.guests_not_let_in";
            flaws.push((file.to_owned(), place, code, transition.action.clone()));
        }
        let hidden = |key: &&String| {
            let label = |field: &FieldSpec| field.label.is_some_and(|label| label > Label::Internal);
            found.field(key).is_some_and(|field| !field.guests || field.read_only || label(field))
        };
        if let Some(key) = transition.required_fields.iter().find(hidden) {
            flaws.push((file.to_owned(), place, "rulebook.pack.guests_see_no_field", key.clone()));
        }
    }
    flaws
}
