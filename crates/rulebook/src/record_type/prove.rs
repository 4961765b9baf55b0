use std::collections::{BTreeMap, BTreeSet};

use kernel::{Column, ColumnKind, Dimension, Label, Permission, View};

use super::intern::intern;
use super::{
    FieldKind, FieldSpec, RecordType, RecordTypeSpec, RollupFigure, Visible, fill, measured, public_form,
    rules, slots,
};
use crate::expr::{Condition, Fault, Formula, Kind, Names};

/// What is wrong with a record type: where in its file, the code, its arguments.
#[derive(Debug)]
pub struct Flaw {
    pub path: Vec<(&'static str, Option<usize>)>,
    pub code: &'static str,
    pub args: Vec<(&'static str, String)>,
}

type Path = Vec<(&'static str, Option<usize>)>;

/// What else runs, by which the names in a type are judged.
pub struct Known<'k> {
    pub types: &'k BTreeMap<String, &'k RecordTypeSpec>,
    pub machines: &'k BTreeSet<String>,
    pub views: &'k [View],
}

/// Proves a record type: every name is known, every formula has a kind, every view shows what is there.
pub fn prove(spec: &RecordTypeSpec, pack_id: &str, known: &Known<'_>) -> Result<RecordType, Vec<Flaw>> {
    let mut prover = Prover { spec, known, flaws: Vec::new(), names: rules::base_names() };
    prover.identifiers();
    prover.fields();
    let formulas = prover.formulas();
    // What names a field at fault would be at fault too, and hide the one that is to be mended.
    if !prover.flaws.is_empty() {
        return Err(prover.flaws);
    }
    let checks = prover.checks();
    let choices = prover.choices();
    let rollups = prover.rollups();
    prover.views();
    prover.keys();
    prover.flaws.extend(measured::flaws(spec, known));
    prover.guests();
    let measured_when = prover.measured();
    let clears = prover.clears();
    let fillings = fill::prove(spec, &prover.names, known).unwrap_or_else(|flaws| {
        prover.flaws.extend(flaws);
        Vec::new()
    });
    let budgets_when = prover.budgets();
    let secrecy = prover.secrecy();
    let form_when = public_form::prove(spec, known).unwrap_or_else(|flaws| {
        prover.flaws.extend(flaws);
        None
    });
    let Prover { flaws, names, .. } = prover;
    if !flaws.is_empty() {
        return Err(flaws);
    }
    let proven = Proven {
        formulas,
        checks,
        choices,
        rollups,
        measured_when,
        clears,
        secrecy,
        form_when,
        fillings,
        budgets_when,
    };
    let record_type = build(spec, pack_id, names, proven);
    match slots::assign(&record_type, &BTreeMap::new()) {
        Ok(_) => Ok(record_type),
        Err(_) => Err(vec![Flaw {
            path: vec![("fields", None)],
            code: "rulebook.pack.too_many_fields",
            args: vec![],
        }]),
    }
}

struct Prover<'p> {
    spec: &'p RecordTypeSpec,
    known: &'p Known<'p>,
    flaws: Vec<Flaw>,
    names: Names,
}

impl Prover<'_> {
    fn flaw(&mut self, path: Path, code: &'static str, args: &[(&'static str, &str)]) {
        let args = args.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        self.flaws.push(Flaw { path, code, args });
    }

    fn fault(&mut self, path: Path, fault: Fault) {
        self.flaws.push(Flaw { path, code: fault.code, args: fault.args });
    }

    /// Guests come to what is open in the company, and bring what refers to it and lets guests in, too.
    fn guests(&mut self) {
        let (spec, known) = (self.spec, self.known);
        let Some(guests) = &spec.guests else { return };
        let at = |key, place| vec![("guests", None), (key, place)];
        let closed = spec.visible == Visible::Parties || spec.label > Label::Internal;
        if closed {
            self.flaw(vec![("guests", None)], "rulebook.pack.guests_of_secrets", &[("type", &spec.id)]);
        }
        if guests.files && !guests.comment {
            self.flaw(at("files", None), "rulebook.pack.guests_without_comment", &[]);
        }
        for (place, child) in guests.children.iter().enumerate() {
            let at = at("children", Some(place));
            let Some(of) = known.types.get(&child.record) else {
                self.flaw(at, "rulebook.pack.unknown_record_type", &[("type", &child.record)]);
                continue;
            };
            let refers = |field: &&FieldSpec| {
                field.key == child.by && field.record.as_deref() == Some(spec.id.as_str())
            };
            if !of.fields.iter().any(|field| refers(&field)) {
                self.flaw(at, "rulebook.pack.unknown_field", &[("field", &child.by)]);
            } else if of.guests.is_none() {
                self.flaw(at, "rulebook.pack.child_without_guests", &[("type", &child.record)]);
            }
        }
    }

    fn identifiers(&mut self) {
        if !is_name(&self.spec.id) {
            self.flaw(vec![("id", None)], "rulebook.pack.bad_name", &[("name", &self.spec.id)]);
        }
        let prefix = &self.spec.prefix;
        if prefix.is_empty()
            || prefix.len() > 12
            || !prefix.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
        {
            self.flaw(vec![("prefix", None)], "rulebook.pack.bad_prefix", &[("prefix", prefix)]);
        }
        if let Some(key) = &self.spec.named_by
            && self.spec.fields.iter().all(|f| f.key != *key)
        {
            self.flaw(vec![("named_by", None)], "rulebook.pack.unknown_field", &[("field", key)]);
        }
        if self.spec.named_by.is_none() && self.spec.fields.iter().all(|f| f.kind != FieldKind::Text) {
            self.flaw(vec![("fields", None)], "rulebook.pack.nothing_names_it", &[("type", &self.spec.id)]);
        }
    }

    fn fields(&mut self) {
        let mut seen = BTreeSet::new();
        let spec = self.spec;
        for (place, field) in spec.fields.iter().enumerate() {
            let at = vec![("fields", Some(place)), ("key", None)];
            if !is_name(&field.key) {
                self.flaw(at.clone(), "rulebook.pack.bad_name", &[("name", &field.key)]);
            }
            if !seen.insert(&field.key) || self.names.fields.contains_key(&field.key) {
                self.flaw(at, "rulebook.pack.duplicate", &[("id", &field.key)]);
                continue;
            }
            self.field(place, field);
            if let Some(kind) = rules::kind(field) {
                self.names.fields.insert(field.key.clone(), kind);
            }
            if field.kind == FieldKind::Table {
                self.table(place, field);
            }
        }
    }

    fn field(&mut self, place: usize, field: &FieldSpec) {
        let at = |key: &'static str| vec![("fields", Some(place)), (key, None)];
        let args = [("field", field.key.as_str())];
        let chosen = matches!(field.kind, FieldKind::Choice | FieldKind::Choices);
        if chosen && field.options.is_empty() {
            self.flaw(at("options"), "rulebook.pack.no_options", &args);
        }
        let mut ids = BTreeSet::new();
        if let Some(option) = field.options.iter().find(|option| !ids.insert(&option.id)) {
            self.flaw(at("options"), "rulebook.pack.duplicate", &[("id", &option.id)]);
        }
        if (field.kind == FieldKind::Computed) != field.formula.is_some() {
            self.flaw(at("formula"), "rulebook.pack.formula_expected", &args);
        }
        if (field.kind == FieldKind::Rollup) != field.rollup.is_some() {
            self.flaw(at("rollup"), "rulebook.pack.rollup_expected", &args);
        }
        if (field.kind == FieldKind::Table) == field.fields.is_empty() {
            self.flaw(at("fields"), "rulebook.pack.columns_expected", &args);
        }
        if field.kind == FieldKind::Reference && field.record.is_some() == field.view.is_some() {
            self.flaw(at("record"), "rulebook.pack.reference_expected", &args);
        }
        if let Some(record) = field.record.as_ref().filter(|record| !self.known.types.contains_key(*record)) {
            self.flaw(at("record"), "rulebook.pack.unknown_record_type", &[("type", record)]);
        }
        if let Some(view) = &field.view
            && let Some(found) = self.known.views.iter().find(|known| known.name == view.name)
            && found.column(&view.shows).is_none()
        {
            self.flaw(at("view"), "rulebook.pack.unknown_field", &[("field", &view.shows)]);
        }
    }

    fn table(&mut self, place: usize, field: &FieldSpec) {
        let mut columns = BTreeMap::new();
        for (column_place, column) in field.fields.iter().enumerate() {
            let at = vec![("fields", Some(place)), ("fields", Some(column_place)), ("key", None)];
            let simple = !matches!(
                column.kind,
                FieldKind::Table | FieldKind::Computed | FieldKind::Rollup | FieldKind::File
            );
            if !simple || !is_name(&column.key) {
                self.flaw(at, "rulebook.pack.column_not_simple", &[("field", &column.key)]);
            } else if let Some(kind) = rules::kind(column)
                && columns.insert(column.key.clone(), kind).is_some()
            {
                self.flaw(at, "rulebook.pack.duplicate", &[("id", &column.key)]);
            }
        }
        self.names.tables.insert(field.key.clone(), columns);
    }

    /// Reads the formulas in the order of the file: each may use those before it, so there are no cycles.
    fn formulas(&mut self) -> BTreeMap<String, Formula> {
        let mut formulas = BTreeMap::new();
        let spec = self.spec;
        for (place, field) in spec.fields.iter().enumerate() {
            let Some(source) = &field.formula else { continue };
            match Formula::parse(source, &self.names) {
                // Lengths of time have no column: `in_days` and `in_hours` make numbers of them.
                Ok(formula) if formula.kind() == Kind::Duration => {
                    let path = vec![("fields", Some(place)), ("formula", None)];
                    self.flaw(path, "rulebook.pack.duration_formula", &[("field", &field.key)]);
                }
                Ok(formula) => {
                    self.names.fields.insert(field.key.clone(), formula.kind());
                    formulas.insert(field.key.clone(), formula);
                }
                Err(fault) => self.fault(vec![("fields", Some(place)), ("formula", None)], fault),
            }
        }
        formulas
    }

    fn condition(&mut self, path: Path, source: &str, names: &Names) -> Option<Condition> {
        match Condition::parse(source, names) {
            Ok(condition) => Some(condition),
            Err(fault) => {
                self.fault(path, fault);
                None
            }
        }
    }

    fn checks(&mut self) -> Vec<Condition> {
        let (spec, names) = (self.spec, self.names.clone());
        let mut checks = Vec::new();
        for (place, check) in spec.checks.iter().enumerate() {
            checks.extend(self.condition(vec![("checks", Some(place)), ("when", None)], &check.when, &names));
            if let Some(field) = check.field.as_ref().filter(|key| spec.fields.iter().all(|f| f.key != **key))
            {
                let path = vec![("checks", Some(place)), ("field", None)];
                self.flaw(path, "rulebook.pack.unknown_field", &[("field", field)]);
            }
        }
        checks
    }

    fn choices(&mut self) -> Vec<Option<Condition>> {
        let (spec, names) = (self.spec, self.names.clone());
        let mut choices = Vec::new();
        for (place, choice) in spec.machines.iter().enumerate() {
            let at = |key: &'static str| vec![("machines", Some(place)), (key, None)];
            if !self.known.machines.contains(&choice.machine) {
                self.flaw(at("machine"), "rulebook.pack.unknown_machine", &[("machine", &choice.machine)]);
            }
            let last = place + 1 == spec.machines.len();
            let args = [("type", spec.id.as_str())];
            match &choice.when {
                None if !last => self.flaw(at("when"), "rulebook.pack.machine_else_not_last", &args),
                Some(_) if last => self.flaw(at("when"), "rulebook.pack.machine_no_else", &args),
                _ => {}
            }
            let condition = choice.when.as_ref().and_then(|when| self.condition(at("when"), when, &names));
            choices.push(condition);
        }
        choices
    }

    fn measured(&mut self) -> Vec<Option<Condition>> {
        // The database is asked for them, and it knows no child tables.
        let (spec, names) = (self.spec, Names { tables: BTreeMap::new(), ..self.names.clone() });
        let mut conditions = Vec::new();
        for (place, measured) in spec.measured.iter().enumerate() {
            let path = vec![("measured", Some(place)), ("when", None)];
            let when = measured.when.as_ref();
            conditions.push(when.and_then(|when| self.condition(path, when, &names)));
        }
        conditions
    }

    fn rollups(&mut self) -> BTreeMap<String, Option<Condition>> {
        let mut rollups = BTreeMap::new();
        let (spec, types) = (self.spec, self.known.types);
        for (place, field) in spec.fields.iter().enumerate() {
            let Some(rollup) = &field.rollup else { continue };
            let at = |key: &'static str| vec![("fields", Some(place)), ("rollup", None), (key, None)];
            let Some(other) = types.get(&rollup.record) else {
                self.flaw(at("record"), "rulebook.pack.unknown_record_type", &[("type", &rollup.record)]);
                continue;
            };
            let refers = |f: &FieldSpec| f.key == rollup.by && f.record.as_deref() == Some(spec.id.as_str());
            if !other.fields.iter().any(refers) {
                self.flaw(at("by"), "rulebook.pack.no_such_reference", &[("field", &rollup.by)]);
            }
            let counts = matches!(rollup.figure, RollupFigure::Count | RollupFigure::Share);
            let summed = rollup.of.as_ref().and_then(|of| other.fields.iter().find(|f| f.key == *of));
            if counts == rollup.of.is_some() || (!counts && summed.is_none()) {
                self.flaw(
                    at("of"),
                    "rulebook.pack.unknown_field",
                    &[("field", rollup.of.as_deref().unwrap_or("of"))],
                );
            }
            let names = rules::names_of(other);
            let condition = rollup.condition.as_ref().and_then(|c| self.condition(at("where"), c, &names));
            rollups.insert(field.key.clone(), condition);
        }
        rollups
    }

    fn views(&mut self) {
        let (spec, names) = (self.spec, Names { tables: BTreeMap::new(), ..self.names.clone() });
        let mut ids = BTreeSet::new();
        for (place, view) in spec.views.iter().enumerate() {
            let at = |key: &'static str| vec![("views", Some(place)), (key, None)];
            if !ids.insert(&view.id) || !is_name(&view.id) {
                self.flaw(at("id"), "rulebook.pack.duplicate", &[("id", &view.id)]);
            }
            if let Some(filter) = &view.filter {
                self.condition(at("filter"), &rules::for_nobody(filter), &names);
            }
            let said = [
                ("group_by", &view.group_by),
                ("across", &view.across),
                ("from", &view.from),
                ("to", &view.to),
            ];
            let said =
                said.into_iter().filter_map(|(key, name)| name.as_ref().map(|name| (key, name.as_str())));
            let sort = view.sort.as_deref().map(|sort| ("sort", sort.trim_start_matches('-')));
            let columns = view.columns.iter().map(|column| ("columns", column.as_str()));
            for (key, name) in said.chain(sort).chain(columns) {
                let there = names.fields.contains_key(name) || spec.fields.iter().any(|f| f.key == name);
                if !there {
                    self.flaw(at(key), "rulebook.pack.unknown_field", &[("field", name)]);
                }
            }
        }
    }

    fn clears(&mut self) -> Option<Condition> {
        let clears = self.spec.clears.as_ref()?;
        let is_person = |field: &&FieldSpec| field.key == clears.person && field.kind == FieldKind::Person;
        if self.spec.fields.iter().find(is_person).is_none() {
            let path = vec![("clears", None), ("person", None)];
            self.flaw(path, "rulebook.pack.unknown_field", &[("field", &clears.person)]);
        }
        match Condition::parse(&clears.when, &self.names) {
            Ok(condition) => Some(condition),
            Err(fault) => {
                self.fault(vec![("clears", None), ("when", None)], fault);
                None
            }
        }
    }

    /// Reads what asks for money: an amount, and the year or the thing whose budget it belongs to.
    fn budgets(&mut self) -> Vec<Option<Condition>> {
        let (spec, names) = (self.spec, Names { tables: BTreeMap::new(), ..self.names.clone() });
        let mut conditions = Vec::new();
        for (place, budgets) in spec.budgets.iter().enumerate() {
            let at = |key: &'static str| vec![("budgets", Some(place)), (key, None)];
            let wanted = [
                ("amount", Some(&budgets.amount), FieldKind::Money),
                ("line", budgets.line.as_ref(), FieldKind::Text),
                ("on", budgets.on.as_ref(), FieldKind::Date),
                ("of", budgets.of.as_ref(), FieldKind::Reference),
            ];
            for (key, name, kind) in wanted {
                let Some(name) = name else { continue };
                if !spec.fields.iter().any(|field| field.key == *name && field.kind == kind) {
                    self.flaw(at(key), "rulebook.pack.field_of_other_kind", &[("field", name)]);
                }
            }
            if budgets.on.is_none() && budgets.of.is_none() {
                self.flaw(at("on"), "rulebook.pack.unknown_field", &[("field", "on")]);
            }
            let when = budgets.when.as_ref();
            conditions.push(when.and_then(|when| self.condition(at("when"), when, &names)));
        }
        conditions
    }

    fn secrecy(&mut self) -> Option<Condition> {
        let secrecy = self.spec.secrecy.as_ref()?;
        match Condition::parse(&secrecy.when, &self.names) {
            Ok(condition) => Some(condition),
            Err(fault) => {
                self.fault(vec![("secrecy", None), ("when", None)], fault);
                None
            }
        }
    }

    fn keys(&mut self) {
        let spec = self.spec;
        for (place, key) in spec.keys.iter().enumerate() {
            for name in key.iter().filter(|name| spec.fields.iter().all(|f| f.key != **name)) {
                self.flaw(vec![("keys", Some(place))], "rulebook.pack.unknown_field", &[("field", name)]);
            }
        }
    }
}

fn is_name(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next().is_some_and(|first| first.is_ascii_lowercase())
        && name.len() <= 41
        && letters.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// The expressions of a type, each read.
struct Proven {
    formulas: BTreeMap<String, Formula>,
    checks: Vec<Condition>,
    choices: Vec<Option<Condition>>,
    rollups: BTreeMap<String, Option<Condition>>,
    measured_when: Vec<Option<Condition>>,
    clears: Option<Condition>,
    fillings: Vec<fill::Filling>,
    budgets_when: Vec<Option<Condition>>,
    secrecy: Option<Condition>,
    form_when: Option<Condition>,
}

fn build(spec: &RecordTypeSpec, pack_id: &str, names: Names, proven: Proven) -> RecordType {
    const SCOPED: &[Dimension] = &[Dimension::Brand, Dimension::Department, Dimension::Own];
    let permission =
        |name: &str| Permission { code: intern(&format!("records.{}.{name}", spec.id)), scoped_by: SCOPED };
    let (read, write, read_all) = (permission("read"), permission("write"), permission("read_all"));
    let mut permissions = vec![read, write, read_all];
    permissions.extend(spec.permissions.iter().map(|name| permission(name)));
    // Rows of evidence and figures have no parties: they are for those who see every record.
    let is_narrow = spec.visible == Visible::Parties || spec.secrecy.is_some();
    RecordType {
        noun: intern(&format!("record.{}", spec.id)),
        view: view(spec, &names, if is_narrow { read_all } else { read }),
        spec: spec.clone(),
        pack_id: pack_id.to_owned(),
        read,
        write,
        read_all,
        permissions,
        formulas: proven.formulas,
        checks: proven.checks,
        choices: proven.choices,
        rollups: proven.rollups,
        measured_when: proven.measured_when,
        clears: proven.clears,
        fillings: proven.fillings,
        budgets_when: proven.budgets_when,
        secrecy: proven.secrecy,
        form_when: proven.form_when,
        names,
    }
}

/// Returns the published view of a type: what every record has, then its fields.
fn view(spec: &RecordTypeSpec, names: &Names, permission: Permission) -> View {
    let mut columns: Vec<Column> =
        rules::BASE.iter().map(|(name, kind, _)| Column::new(name, column_kind(*kind))).collect();
    for field in &spec.fields {
        let Some(kind) = names.fields.get(&field.key) else { continue };
        let personal = field.label.is_some_and(|label| label > Label::Internal);
        columns.push(Column { name: intern(&field.key), kind: column_kind(*kind), personal });
    }
    View {
        name: intern(&format!("v_record_{}", spec.id)),
        columns: Vec::leak(columns),
        at: "created_at",
        permission: permission.code,
        link: intern(&format!("/records/{}/{{id}}", spec.id)),
    }
}

fn column_kind(kind: Kind) -> ColumnKind {
    match kind {
        Kind::Boolean => ColumnKind::Boolean,
        Kind::Integer | Kind::Duration | Kind::TimeRange => ColumnKind::Integer,
        Kind::Real => ColumnKind::Real,
        Kind::Text => ColumnKind::Text,
        Kind::Time => ColumnKind::Time,
    }
}
