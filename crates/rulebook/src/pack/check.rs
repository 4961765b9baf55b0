use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use kernel::{Permission, View};

use super::read::{Step, fault, line_of};
use super::{Fault, Folder, Manifest, Pack, Text};
use crate::book::{Book, BookPack};
use crate::detection::{self, DetectionSpec};
use crate::parameter::ParameterSpec;
use crate::{control, machine, parameter};

/// Checks packs that could be read, each alone and all together; every fault is named.
pub fn check(packs: Vec<Pack>, views: &[View], permissions: &[Permission]) -> Result<Book, Vec<Fault>> {
    let mut checker = Checker { faults: Vec::new(), book: Book::default() };
    checker.names(&packs);
    let mut packs = packs;
    let (views, permissions) = checker.record_types(&mut packs, views, permissions);
    let clauses = all_clauses(&packs);
    let kinds: BTreeMap<String, parameter::Kind> =
        packs.iter().flat_map(|pack| &pack.parameters).map(|p| (p.key.clone(), p.kind)).collect();
    checker.metrics(&packs, &clauses, &kinds, &views);
    checker.dashboards(&packs, &clauses, &kinds);
    for (place, pack) in packs.into_iter().enumerate() {
        checker.manifest(&pack.folder, &pack.manifest);
        checker.posters(&pack, &clauses);
        checker.clauses(place, &pack);
        checker.parameters(place, &pack, &clauses);
        checker.cadences(&pack, &clauses);
        checker.controls(&pack, &clauses, &kinds, (&views, &permissions));
        checker.machines(&pack, &kinds, &permissions);
        checker.book.packs.push(BookPack {
            record_types: pack.records.len(),
            controls: pack.controls.len(),
            metrics: pack.metrics.len(),
            dashboards: pack.dashboards.len(),
            machines: pack.machines.into_iter().map(|(_, machine)| machine).collect(),
            folder: pack.folder,
            manifest: pack.manifest,
            parameters: pack.parameters,
        });
    }
    checker.faults.sort();
    if checker.faults.is_empty() { Ok(checker.book) } else { Err(checker.faults) }
}

fn all_clauses(packs: &[Pack]) -> BTreeSet<String> {
    packs.iter().flat_map(|pack| &pack.clauses).map(|clause| clause.id.clone()).collect()
}

pub(super) struct Checker {
    pub(super) faults: Vec<Fault>,
    pub(super) book: Book,
}

impl Checker {
    /// Adds a fault at a value of a file.
    pub(super) fn add(
        &mut self,
        folder: &Folder,
        file: &str,
        path: &[Step],
        code: &'static str,
        args: &[(&str, &str)],
    ) {
        let text = folder.files.get(file).map_or("", String::as_str);
        self.faults.push(fault(&format!("{}/{file}", folder.name), line_of(text, path), code, args));
    }

    /// Finds ids that are taken twice, over all packs.
    fn names(&mut self, packs: &[Pack]) {
        let mut seen = BTreeSet::new();
        for pack in packs {
            let mut name = |file: &'static str, path: Vec<Step>, kind: &str, id: &str| {
                if !seen.insert(format!("{kind} {id}")) {
                    self.add(&pack.folder, file, &path, "rulebook.pack.duplicate", &[("id", id)]);
                }
            };
            name("pack.yaml", vec!["id".into()], "pack", &pack.manifest.id);
            if let Some(document) = &pack.manifest.document {
                name("pack.yaml", vec!["document".into()], "document", document);
            }
            for (place, chapter) in pack.manifest.chapters.iter().enumerate() {
                name("pack.yaml", vec!["chapters".into(), place.into()], "chapter", &chapter.id);
            }
            for (place, clause) in pack.clauses.iter().enumerate() {
                name("clauses.yaml", vec![place.into()], "clause", &clause.id);
            }
            for (place, parameter) in pack.parameters.iter().enumerate() {
                name("parameters.yaml", vec![place.into()], "parameter", &parameter.key);
            }
            for (place, control) in pack.controls.iter().enumerate() {
                name("controls.yaml", vec![place.into()], "control", &control.id);
            }
            for (place, metric) in pack.metrics.iter().enumerate() {
                name("metrics.yaml", vec![place.into()], "metric", &metric.id);
            }
        }
        self.machine_names(packs);
    }

    fn machine_names(&mut self, packs: &[Pack]) {
        let mut seen = BTreeSet::new();
        for pack in packs {
            for (file, machine) in &pack.machines {
                if !seen.insert(&machine.id) {
                    self.add(
                        &pack.folder,
                        file,
                        &["id".into()],
                        "rulebook.pack.duplicate",
                        &[("id", &machine.id)],
                    );
                }
            }
        }
    }

    fn manifest(&mut self, folder: &Folder, manifest: &Manifest) {
        let file = "pack.yaml";
        if manifest.id != folder.name {
            let args = [("id", manifest.id.as_str()), ("folder", folder.name.as_str())];
            self.add(folder, file, &["id".into()], "rulebook.pack.folder_differs", &args);
        }
        self.text(folder, manifest, file, &["texts".into(), "title".into()], &manifest.texts.title);
        for (place, chapter) in manifest.chapters.iter().enumerate() {
            let path = ["chapters".into(), place.into(), "texts".into(), "title".into()];
            self.text(folder, manifest, file, &path, &chapter.texts.title);
        }
    }

    fn posters(&mut self, pack: &Pack, clauses: &BTreeSet<String>) {
        for (place, id) in pack.manifest.posters.iter().enumerate().filter(|(_, id)| !clauses.contains(*id)) {
            let path = ["posters".into(), place.into()];
            self.add(&pack.folder, "pack.yaml", &path, "rulebook.pack.unknown_clause", &[("id", id)]);
        }
    }

    /// Finds a text that lacks the pack's default language.
    pub(super) fn text(
        &mut self,
        folder: &Folder,
        manifest: &Manifest,
        file: &str,
        path: &[Step],
        text: &Text,
    ) {
        let language = manifest.default_language;
        if !text.has(language) {
            let key = path.iter().rev().find_map(|step| match step {
                Step::Key(key) => Some(key.as_str()),
                Step::Item(_) => None,
            });
            let args = [("key", key.unwrap_or_default()), ("language", language.as_str())];
            self.add(folder, file, path, "rulebook.pack.text_missing", &args);
        }
    }

    fn clauses(&mut self, pack_place: usize, pack: &Pack) {
        let (folder, manifest, file) = (&pack.folder, &pack.manifest, "clauses.yaml");
        for (place, clause) in pack.clauses.iter().enumerate() {
            let at = |key: &str| [Step::Item(place), key.into()];
            if manifest.document.as_deref() != Some(clause.document_id()) {
                let args =
                    [("id", clause.id.as_str()), ("document", manifest.document.as_deref().unwrap_or("-"))];
                self.add(folder, file, &at("id"), "rulebook.pack.clause_of_other_document", &args);
            }
            if manifest.chapters.iter().all(|chapter| chapter.id != clause.chapter_id()) {
                let args = [("id", clause.id.as_str()), ("chapter", clause.chapter_id())];
                self.add(folder, file, &at("id"), "rulebook.pack.unknown_chapter", &args);
            }
            self.text(folder, manifest, file, &at("title"), &clause.title);
            self.text(folder, manifest, file, &at("text"), &clause.text);
            self.book.clause_places.insert(clause.id.clone(), self.book.clauses.len());
            self.book.clauses.push((pack_place, clause.clone()));
        }
    }

    /// Finds a clause of a list that no pack has; `step` leads from the list to it.
    pub(super) fn known_clause(
        &mut self,
        folder: &Folder,
        file: &str,
        place: usize,
        step: Step,
        id: &str,
        known: &BTreeSet<String>,
    ) {
        if !known.contains(id) {
            let path = [Step::Item(place), "clauses".into(), step];
            self.add(folder, file, &path, "rulebook.pack.unknown_clause", &[("id", id)]);
        }
    }

    fn parameters(&mut self, pack_place: usize, pack: &Pack, clauses: &BTreeSet<String>) {
        let (folder, manifest, file) = (&pack.folder, &pack.manifest, "parameters.yaml");
        for (place, spec) in pack.parameters.iter().enumerate() {
            for (item, id) in spec.clauses.iter().enumerate() {
                self.known_clause(folder, file, place, item.into(), id, clauses);
            }
            self.text(folder, manifest, file, &[place.into(), "title".into()], &spec.title);
            self.default(folder, place, spec);
            self.book.parameter_places.insert(spec.key.clone(), (pack_place, place));
        }
    }

    fn default(&mut self, folder: &Folder, place: usize, spec: &ParameterSpec) {
        if let Some(code) = parameter::check_default(spec) {
            let args = [("key", spec.key.as_str()), ("kind", spec.kind.as_str())];
            self.add(folder, "parameters.yaml", &[place.into(), "default".into()], code, &args);
        }
    }

    fn controls(
        &mut self,
        pack: &Pack,
        clauses: &BTreeSet<String>,
        kinds: &BTreeMap<String, parameter::Kind>,
        (views, permissions): (&[View], &[Permission]),
    ) {
        let (folder, manifest, file) = (&pack.folder, &pack.manifest, "controls.yaml");
        for (place, spec) in pack.controls.iter().enumerate() {
            for id in spec.clauses.keys() {
                self.known_clause(folder, file, place, id.as_str().into(), id, clauses);
            }
            self.text(folder, manifest, file, &[place.into(), "title".into()], &spec.title);
            self.text(folder, manifest, file, &[place.into(), "rationale".into()], &spec.rationale);
            if let control::EvidenceSpec::Attestation { statement, .. }
            | control::EvidenceSpec::File { statement, .. } = &spec.evidence
            {
                let path = [place.into(), "evidence".into(), "statement".into()];
                self.text(folder, manifest, file, &path, statement);
            }
            self.opened_by_control(folder, place, spec.opens.as_ref());
            match control::compile(spec.clone(), views, kinds, permissions) {
                Ok(control) => self.book.controls.push(control),
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

    /// Checks what a control opens when it is broken.
    fn opened_by_control(&mut self, folder: &Folder, place: usize, opens: Option<&DetectionSpec>) {
        let Some(opens) = opens else { return };
        let types =
            self.book.record_types.values().map(|found| (found.spec.id.clone(), &found.spec)).collect();
        let mut flaws = detection::at_fault(&opens.record, &opens.values, &types);
        if !opens.owner.is_one() {
            flaws.push(("rulebook.pack.one_receiver", "key", "owner".to_owned()));
        }
        for (code, name, value) in flaws {
            self.add(folder, "controls.yaml", &[place.into(), "opens".into()], code, &[(name, &value)]);
        }
    }

    fn machines(
        &mut self,
        pack: &Pack,
        kinds: &BTreeMap<String, parameter::Kind>,
        permissions: &[Permission],
    ) {
        for (file, spec) in &pack.machines {
            self.machine_texts(pack, file, spec);
            self.machine_times(pack, file, spec, kinds);
            match machine::prove(spec.clone(), permissions) {
                Ok(machine) => {
                    self.book.machines.insert(spec.id.clone(), Arc::new(machine));
                }
                Err(flaws) => {
                    for flaw in flaws {
                        let steps = flaw.path.iter().flat_map(|(key, place)| {
                            std::iter::once(Step::from(*key)).chain(place.map(Step::Item))
                        });
                        let args: Vec<(&str, &str)> =
                            flaw.args.iter().map(|(n, v)| (*n, v.as_str())).collect();
                        self.add(&pack.folder, file, &steps.collect::<Vec<_>>(), flaw.code, &args);
                    }
                }
            }
        }
    }

    /// Finds times that wait for days that no policy parameter says.
    fn machine_times(
        &mut self,
        pack: &Pack,
        file: &str,
        spec: &machine::MachineSpec,
        kinds: &BTreeMap<String, parameter::Kind>,
    ) {
        for (place, state) in spec.states.iter().enumerate() {
            let after = state.timed.as_ref().and_then(|timed| timed.after.as_ref());
            if let Some(key) = after.filter(|key| kinds.get(*key) != Some(&parameter::Kind::Days)) {
                let path = ["states".into(), Step::Item(place), "timed".into(), "after".into()];
                let args = [("key", key.as_str())];
                self.add(&pack.folder, file, &path, "rulebook.expression.unknown_parameter", &args);
            }
        }
    }

    fn machine_texts(&mut self, pack: &Pack, file: &str, spec: &machine::MachineSpec) {
        let (folder, manifest) = (&pack.folder, &pack.manifest);
        self.text(folder, manifest, file, &["title".into()], &spec.title);
        for (place, state) in spec.states.iter().enumerate() {
            self.text(folder, manifest, file, &["states".into(), place.into(), "title".into()], &state.title);
        }
        for (place, transition) in spec.transitions.iter().enumerate() {
            let at = |key: &str| ["transitions".into(), Step::Item(place), key.into()];
            self.text(folder, manifest, file, &at("title"), &transition.title);
            if let Some(refusal) = &transition.refuse {
                self.text(folder, manifest, file, &at("refuse"), refusal);
            }
            let steps = transition.approval.iter().flat_map(|approval| &approval.steps);
            for (item, step) in steps.enumerate() {
                let [transitions, place, _] = at("approval");
                let path =
                    [transitions, place, "approval".into(), "steps".into(), item.into(), "title".into()];
                self.text(folder, manifest, file, &path, &step.title);
            }
        }
    }
}
