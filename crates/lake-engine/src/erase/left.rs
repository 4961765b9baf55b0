use std::collections::{BTreeMap, BTreeSet, HashSet};

use kernel::{Id, Result};
use lake::{Event, LakeSearch};
use store::aside;

use crate::engine::{Engine, known_log};
use crate::log::{self, Position, Reader};
use crate::{file, manifest};

/// Name under which what is in sight is reported.
const IN_SIGHT: &str = "lake/recent";

/// What is looked for.
struct Wanted<'a> {
    nodes: &'a BTreeSet<Id>,
    values: Vec<String>,
}

impl Wanted<'_> {
    fn holds(&self, event: &Event) -> bool {
        self.nodes.contains(&event.node)
            || [&event.name, &event.properties, &event.context, &event.message_id]
                .into_iter()
                .any(|text| self.says(text))
            || [&event.user_id, &event.anonymous_id, &event.channel]
                .into_iter()
                .flatten()
                .any(|text| self.says(text))
    }

    fn says(&self, text: &str) -> bool {
        if self.values.is_empty() {
            return false;
        }
        let text = text.to_lowercase();
        self.values.iter().any(|value| text.contains(value))
    }
}

/// Looks through every file on the disk, whether it counts or not, the log and what is in sight.
pub async fn search(engine: &Engine, nodes: &BTreeSet<Id>, values: &[String]) -> Result<LakeSearch> {
    let values = values.iter().map(|value| value.to_lowercase()).filter(|value| !value.is_empty()).collect();
    let wanted = Wanted { nodes, values };
    let mut result = aside(|| -> Result<LakeSearch> {
        let mut result = LakeSearch::default();
        search_files(engine, &wanted, &mut result)?;
        search_log(engine, &wanted, &mut result)?;
        Ok(result)
    })?;
    let in_sight = engine.recent.of(None).into_iter().filter(|event| {
        nodes.contains(&event.node) || wanted.says(&event.properties) || wanted.says(&event.name)
    });
    note(&mut result, IN_SIGHT, in_sight.count());
    Ok(result)
}

fn note(result: &mut LakeSearch, place: &str, found: usize) {
    if found > 0 {
        result.found.push((place.to_owned(), i64::try_from(found).unwrap_or(i64::MAX)));
    }
}

fn search_files(engine: &Engine, wanted: &Wanted<'_>, result: &mut LakeSearch) -> Result<()> {
    let folder = engine.settings.files();
    for name in on_disk(&folder).map_err(|error| file::broken(&folder, error))? {
        let path = folder.join(&name);
        let mut found = 0;
        for piece in file::open(&path)? {
            let rows = file::rows_of(&piece.map_err(|error| file::broken(&path, error))?)?;
            result.events += rows.len() as i64;
            found += rows.iter().filter(|row| wanted.holds(&row.event)).count();
        }
        result.files += 1;
        note(result, &format!("lake/files/{name}"), found);
    }
    Ok(())
}

fn search_log(engine: &Engine, wanted: &Wanted<'_>, result: &mut LakeSearch) -> Result<()> {
    let folder = engine.settings.log();
    let broken = |error| file::broken(&folder, error);
    if !folder.exists() {
        return Ok(());
    }
    let mut found: BTreeMap<u64, usize> = BTreeMap::new();
    for segment in log::segments(&folder).map_err(broken)? {
        result.files += 1;
        let mut reader = Reader::new(&folder, Position { segment, offset: 0 });
        // Up to the next segment: what follows has its own turn.
        while let Some(frame) = reader.next(Position { segment, offset: u64::MAX }).map_err(broken)? {
            result.events += frame.batch.events.len() as i64;
            let held = frame.batch.events.iter().filter(|event| wanted.holds(event)).count();
            *found.entry(segment).or_default() += held;
        }
    }
    for (segment, count) in found {
        note(result, &format!("lake/log/{segment}"), count);
    }
    Ok(())
}

fn on_disk(folder: &std::path::Path) -> std::io::Result<Vec<String>> {
    let mut found = Vec::new();
    if !folder.exists() {
        return Ok(found);
    }
    for month in std::fs::read_dir(folder)? {
        let month = month?;
        if !month.file_type()?.is_dir() {
            continue;
        }
        for entry in std::fs::read_dir(month.path())? {
            let name = format!("{}/{}", month.file_name().display(), entry?.file_name().display());
            if name.ends_with(".parquet") {
                found.push(name);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Returns what some nodes did: what is in files, and what lies in the log of this node alone.
pub async fn events_of(engine: &Engine, nodes: &BTreeSet<Id>, most: usize) -> Result<Vec<Event>> {
    let (Some(first), Some(last)) = (nodes.first(), nodes.last()) else { return Ok(Vec::new()) };
    let files = manifest::live(&engine.store).await?;
    let log = engine.settings.log();
    let cursor = match known_log(&log).map_err(|error| file::broken(&log, error))? {
        Some(log_id) => Some(manifest::cursor(&engine.store, log_id).await?.position),
        None => None,
    };
    aside(|| {
        let mut events = Vec::new();
        for known in files.iter().filter(|file| file.first_node <= *last && file.last_node >= *first) {
            let path = engine.settings.files().join(&known.name);
            for piece in file::open(&path)? {
                let rows = file::rows_of(&piece.map_err(|error| file::broken(&path, error))?)?;
                events.extend(
                    rows.into_iter().map(|row| row.event).filter(|event| nodes.contains(&event.node)),
                );
            }
        }
        if let Some(from) = cursor {
            events.extend(waiting(&log, from, nodes)?);
        }
        let mut seen = HashSet::new();
        events.retain(|event: &Event| seen.insert((event.node, event.message_id.clone())));
        events.sort_by(|one, other| {
            (one.happened_at, &one.message_id).cmp(&(other.happened_at, &other.message_id))
        });
        events.truncate(most);
        Ok(events)
    })
}

fn waiting(log: &std::path::Path, from: Position, nodes: &BTreeSet<Id>) -> Result<Vec<Event>> {
    let mut reader = Reader::new(log, from);
    let mut events = Vec::new();
    let end = Position { segment: u64::MAX, offset: 0 };
    while let Some(frame) = reader.next(end).map_err(|error| file::broken(log, error))? {
        events.extend(frame.batch.events.into_iter().filter(|event| nodes.contains(&event.node)));
    }
    Ok(events)
}
