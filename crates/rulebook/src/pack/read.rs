use std::collections::BTreeMap;
use std::fmt;

use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

use super::{Fault, Folder, Manifest, Pack};

/// Step of a path into a YAML file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The value of a key.
    Key(String),
    /// An element, from 0.
    Item(usize),
}

impl From<&str> for Step {
    fn from(key: &str) -> Self {
        Self::Key(key.to_owned())
    }
}

impl From<usize> for Step {
    fn from(item: usize) -> Self {
        Self::Item(item)
    }
}

/// Reads the files of one pack; every file at fault is named.
pub fn read(folder: Folder) -> Result<Pack, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut pack = Parts::default();
    for (path, text) in &folder.files {
        let file = format!("{}/{path}", folder.name);
        let read = match path.as_str() {
            "pack.yaml" => parse(&file, text).map(|manifest| pack.manifest = Some(manifest)),
            "clauses.yaml" => parse(&file, text).map(|clauses| pack.clauses = clauses),
            "parameters.yaml" => parse(&file, text).map(|parameters| pack.parameters = parameters),
            "cadences.yaml" => parse(&file, text).map(|cadences| pack.cadences = cadences),
            "metrics.yaml" => parse(&file, text).map(|metrics| pack.metrics = metrics),
            "controls.yaml" => parse(&file, text).map(|controls| pack.controls = controls),
            path if path.starts_with("machines/") => {
                parse(&file, text).map(|machine| pack.machines.push((path.to_owned(), machine)))
            }
            path if path.starts_with("records/") => {
                parse(&file, text).map(|record| pack.records.push((path.to_owned(), record)))
            }
            path if path.starts_with("dashboards/") => {
                parse(&file, text).map(|dashboard| pack.dashboards.push((path.to_owned(), dashboard)))
            }
            path => Err(fault(&file, 0, "rulebook.pack.unknown_file", &[("path", path)])),
        };
        faults.extend(read.err());
    }
    if !folder.files.contains_key("pack.yaml") {
        faults.push(fault(&format!("{}/pack.yaml", folder.name), 0, "rulebook.pack.no_manifest", &[]));
    }
    match pack.manifest {
        Some(manifest) if faults.is_empty() => Ok(Pack {
            folder,
            manifest,
            clauses: pack.clauses,
            parameters: pack.parameters,
            controls: pack.controls,
            machines: pack.machines,
            records: pack.records,
            cadences: pack.cadences,
            metrics: pack.metrics,
            dashboards: pack.dashboards,
        }),
        _ => Err(faults),
    }
}

#[derive(Default)]
struct Parts {
    manifest: Option<Manifest>,
    clauses: Vec<crate::clause::ClauseSpec>,
    parameters: Vec<crate::parameter::ParameterSpec>,
    controls: Vec<crate::control::ControlSpec>,
    machines: Vec<(String, crate::machine::MachineSpec)>,
    records: Vec<(String, crate::record_type::RecordTypeSpec)>,
    cadences: Vec<crate::cadence::CadenceSpec>,
    metrics: Vec<crate::metric::MetricSpec>,
    dashboards: Vec<(String, crate::dashboard::DashboardSpec)>,
}

fn parse<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, Fault> {
    serde_yaml_ng::from_str(text).map_err(|error| {
        let line = error.location().map_or(0, |place| place.line());
        fault(file, line, "rulebook.pack.yaml", &[("reason", &error.to_string())])
    })
}

/// Makes a fault.
pub fn fault(file: &str, line: usize, code: &'static str, args: &[(&str, &str)]) -> Fault {
    let args: BTreeMap<String, String> =
        args.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Fault { file: file.to_owned(), line, code, args }
}

/// Returns the line of the value at `path`, or of the nearest value around it.
///
/// The parser keeps no places in what it returns, but it does name the place of an error: so the file
/// is read once more up to that value, and the reading fails there on purpose.
pub fn line_of(text: &str, path: &[Step]) -> usize {
    (0..=path.len()).rev().find_map(|length| exact_line(text, &path[..length])).unwrap_or(0)
}

fn exact_line(text: &str, path: &[Step]) -> Option<usize> {
    let error = Seek(path).deserialize(serde_yaml_ng::Deserializer::from_str(text)).err()?;
    error.to_string().contains(FOUND).then(|| error.location().map_or(0, |place| place.line()))
}

const FOUND: &str = "the value that was looked for";

struct Seek<'p>(&'p [Step]);

impl<'de> DeserializeSeed<'de> for Seek<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

macro_rules! scalars {
    ($($name:ident: $kind:ty),+) => { $(
        fn $name<E: de::Error>(self, _: $kind) -> Result<(), E> { self.end() }
    )+ };
}

impl Seek<'_> {
    fn end<E: de::Error>(&self) -> Result<(), E> {
        if self.0.is_empty() { Err(E::custom(FOUND)) } else { Ok(()) }
    }
}

impl<'de> Visitor<'de> for Seek<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    scalars!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64, visit_str: &str);

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        self.end()
    }

    fn visit_none<E: de::Error>(self) -> Result<(), E> {
        self.end()
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        self.end()?;
        let mut place = 0;
        loop {
            let wanted = self.0.first() == Some(&Step::Item(place));
            let more = if wanted {
                items.next_element_seed(Seek(&self.0[1..]))?.is_some()
            } else {
                items.next_element::<IgnoredAny>()?.is_some()
            };
            if !more {
                return Ok(());
            }
            place += 1;
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        self.end()?;
        while let Some(key) = entries.next_key::<String>()? {
            if self.0.first() == Some(&Step::Key(key)) {
                entries.next_value_seed(Seek(&self.0[1..]))?;
            } else {
                entries.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "id: a\nitems:\n  - name: one\n  - name: two\n    tags: [x, y]\nlast: 3\n";

    #[test]
    fn a_value_is_found_on_its_line() {
        assert_eq!(line_of(TEXT, &["id".into()]), 1);
        assert_eq!(line_of(TEXT, &["items".into(), 0.into()]), 3);
        assert_eq!(line_of(TEXT, &["items".into(), 1.into(), "tags".into(), 1.into()]), 5);
        assert_eq!(line_of(TEXT, &["last".into()]), 6);
        // What is not there is shown where it would be.
        assert_eq!(line_of(TEXT, &["items".into(), 1.into(), "absent".into()]), 4);
    }
}
