use super::{
    AlertSpec, FieldKind, FieldSpec, Flaw, FreezeSpec, GatheredSpec, Known, MeasuredSpec, RecordTypeSpec,
};

/// Kinds that take a value of a metric.
const NUMBERS: &[FieldKind] = &[FieldKind::Number, FieldKind::Percent, FieldKind::Money, FieldKind::Duration];
/// Kinds that take when it was measured.
const TIMES: &[FieldKind] = &[FieldKind::Date, FieldKind::Time];

type Path = Vec<(&'static str, Option<usize>)>;

/// Finds what is wrong with what a type says of metrics and watches: fields that are not there, or of another kind.
pub fn flaws(spec: &RecordTypeSpec, known: &Known<'_>) -> Vec<Flaw> {
    let mut found = Vec::new();
    for (place, measured) in spec.measured.iter().enumerate() {
        let flaws = of_measured(spec, measured, known).into_iter().map(|mut flaw| {
            // The keys stand in the element at this place.
            if let Some(first) = flaw.path.first_mut() {
                first.1 = Some(place);
            }
            flaw
        });
        found.extend(flaws);
    }
    if let Some(alert) = &spec.alert {
        found.extend(of_alert(spec, alert, known));
    }
    if let Some(freezes) = &spec.freezes {
        found.extend(of_freezes(spec, freezes));
    }
    found.extend(spec.gathered.iter().flat_map(|gathered| of_gathered(spec, gathered, known)));
    if let Some(watched) = &spec.watched {
        let none = std::collections::BTreeMap::new();
        for (key, values) in [("values", &watched.values), ("fault", watched.fault.as_ref().unwrap_or(&none))]
        {
            let unknown = values.keys().filter(|name| spec.fields.iter().all(|field| field.key != **name));
            let path = ["watched", key];
            found.extend(unknown.map(|name| flaw(&path, "rulebook.pack.unknown_field", &[("field", name)])));
        }
    }
    found
}

fn flaw(path: &[&'static str], code: &'static str, args: &[(&'static str, &str)]) -> Flaw {
    let args = args.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    let path: Path = path.iter().map(|key| (*key, None)).collect();
    Flaw { path, code, args }
}

/// Finds a name that is no field of one of these kinds.
fn wrong(
    fields: &[FieldSpec],
    path: [&'static str; 2],
    name: Option<&String>,
    kinds: &[FieldKind],
) -> Option<Flaw> {
    let name = name?;
    let fits = fields.iter().any(|field| field.key == *name && kinds.contains(&field.kind));
    (!fits).then(|| flaw(&path, "rulebook.pack.field_of_other_kind", &[("field", name)]))
}

fn of_measured(spec: &RecordTypeSpec, measured: &MeasuredSpec, known: &Known<'_>) -> Vec<Flaw> {
    let check = |key, name, kinds| wrong(&spec.fields, ["measured", key], name, kinds);
    let mut found: Vec<Flaw> = [
        check("metric", Some(&measured.metric), &[FieldKind::Metric]),
        check("value", Some(&measured.value), NUMBERS),
        check("at", measured.at.as_ref(), TIMES),
        check("rows", measured.rows.as_ref(), NUMBERS),
        check(
            "series",
            measured.series.as_ref(),
            &[
                FieldKind::Text,
                FieldKind::Choice,
                FieldKind::Brand,
                FieldKind::Department,
                FieldKind::Reference,
                FieldKind::Person,
            ],
        ),
    ]
    .into_iter()
    .flatten()
    .collect();
    let Some(breach) = &measured.breach else { return found };
    found.extend(check("breach", Some(&breach.field), &[FieldKind::Computed, FieldKind::Boolean]));
    let path = ["measured", "breach", "record"];
    match known.types.get(&breach.record) {
        None => {
            found.push(flaw(&path, "rulebook.pack.unknown_record_type", &[("type", &breach.record)]));
        }
        Some(other) => {
            let own = ["owner_id", "department_id", "brand_id"];
            let unknown = |key: &&String| {
                other.fields.iter().all(|field| field.key != **key) && !own.contains(&key.as_str())
            };
            let path = ["measured", "breach", "values"];
            let unknown = breach.values.keys().filter(unknown);
            found.extend(unknown.map(|key| flaw(&path, "rulebook.pack.unknown_field", &[("field", key)])));
        }
    }
    found
}

fn of_gathered(spec: &RecordTypeSpec, gathered: &GatheredSpec, known: &Known<'_>) -> Vec<Flaw> {
    let texts = &[FieldKind::Text];
    let mut found: Vec<Flaw> =
        wrong(&spec.fields, ["gathered", "key"], Some(&gathered.key), texts).into_iter().collect();
    let unknown = gathered.values.keys().filter(|key| spec.fields.iter().all(|field| field.key != **key));
    let path = ["gathered", "values"];
    found.extend(unknown.map(|key| flaw(&path, "rulebook.pack.unknown_field", &[("field", key)])));
    for register in &gathered.known_as {
        let path = ["gathered", "known_as"];
        match known.types.get(&register.record) {
            Some(other) => found.extend(wrong(&other.fields, path, Some(&register.field), texts)),
            None => {
                let args = [("type", register.record.as_str())];
                found.push(flaw(&path, "rulebook.pack.unknown_record_type", &args));
            }
        }
    }
    if !gathered.owner.is_one() {
        found.push(flaw(&["gathered", "owner"], "rulebook.pack.one_receiver", &[]));
    }
    found
}

fn of_alert(spec: &RecordTypeSpec, alert: &AlertSpec, known: &Known<'_>) -> Vec<Flaw> {
    let check = |key, name, kinds| wrong(&spec.fields, ["alert", key], name, kinds);
    let mut found: Vec<Flaw> = [
        check("metric", Some(&alert.metric), &[FieldKind::Metric]),
        check("series", alert.series.as_ref(), &[FieldKind::Text]),
        check("level", alert.level.as_ref(), &[FieldKind::Choice]),
        check("value", alert.value.as_ref(), NUMBERS),
        check("limit", alert.limit.as_ref(), NUMBERS),
        check("at", alert.at.as_ref(), &[FieldKind::Time]),
        check("cleared_at", alert.cleared_at.as_ref(), &[FieldKind::Time]),
        check("cleared_value", alert.cleared_value.as_ref(), NUMBERS),
        check("remeasured_at", alert.remeasured_at.as_ref(), &[FieldKind::Time]),
        check("remeasured_value", alert.remeasured_value.as_ref(), NUMBERS),
        check("false_alarm", alert.false_alarm.as_ref(), &[FieldKind::Boolean]),
        check("answered_at", alert.answered_at.as_ref(), &[FieldKind::Time]),
    ]
    .into_iter()
    .flatten()
    .collect();
    let level = alert.level.as_ref().and_then(|level| spec.fields.iter().find(|field| field.key == *level));
    for option in [&alert.near, &alert.over] {
        if level.is_some_and(|level| level.options.iter().all(|known| known.id != *option)) {
            found.push(flaw(&["alert", "level"], "rulebook.pack.unknown_field", &[("field", option)]));
        }
    }
    let Some(missed) = &alert.missed else { return found };
    let Some(other) = known.types.get(&missed.record) else {
        let args = [("type", missed.record.as_str())];
        found.push(flaw(&["alert", "missed"], "rulebook.pack.unknown_record_type", &args));
        return found;
    };
    let path = ["alert", "missed"];
    found.extend(wrong(&other.fields, path, Some(&missed.metric), &[FieldKind::Metric]));
    found.extend(wrong(&other.fields, path, Some(&missed.at), &[FieldKind::Time]));
    found
}

fn of_freezes(spec: &RecordTypeSpec, freezes: &FreezeSpec) -> Vec<Flaw> {
    let table = spec.fields.iter().find(|f| f.key == freezes.table && f.kind == FieldKind::Table);
    let Some(table) = table else {
        let args = [("field", freezes.table.as_str())];
        return vec![flaw(&["freezes", "table"], "rulebook.pack.field_of_other_kind", &args)];
    };
    let check = |key, name, kinds| wrong(&table.fields, ["freezes", key], name, kinds);
    let found = [
        check("metric", Some(&freezes.metric), &[FieldKind::Metric]),
        check("value", Some(&freezes.value), NUMBERS),
        check("at", freezes.at.as_ref(), TIMES),
        check("name", freezes.name.as_ref(), &[FieldKind::Text]),
        check("unit", freezes.unit.as_ref(), &[FieldKind::Text]),
    ];
    found.into_iter().flatten().collect()
}
