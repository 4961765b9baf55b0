use http_kit::App;
use jiff::{ToSpan, Zoned};
use kernel::{Problem, Result, Timestamp};
use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::day;

/// Minutes between acts that follow each other without a time of their own.
const PAUSE_MINUTES: i64 = 30;

/// What a file holds: a record that somebody makes (`new`), those that came of another record (`made`, `of`, `field`),
/// or those that an expression finds (`found`, `where`).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// Type of a record that somebody makes.
    new: Option<String>,
    /// Type of a record that an effect made.
    made: Option<String>,
    /// For what an effect made: the record that it refers to.
    of: Option<String>,
    /// For what an effect made: the field by which it refers.
    field: Option<String>,
    /// Type of records that are there already.
    found: Option<String>,
    /// Which of these.
    r#where: Option<String>,
    /// Which of those that were made or found, in the order of their numbers from 0 on; all when absent.
    only: Option<Vec<usize>>,
    /// The name by which others refer to it.
    r#as: Option<String>,
    /// Who makes it.
    by: Option<String>,
    /// When.
    at: Option<String>,
    /// Told once from each of these days on.
    #[serde(default)]
    each: Vec<String>,
    owner: Option<String>,
    department: Option<String>,
    brand: Option<String>,
    #[serde(default)]
    values: Map<String, Json>,
    #[serde(default)]
    then: Vec<Then>,
}

/// What happens to it afterwards: one of its fields `do`, `edit`, `comment` is given.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Then {
    r#do: Option<String>,
    edit: Option<Map<String, Json>>,
    comment: Option<String>,
    /// Who does it; `owner` for whoever owns the record.
    by: Option<String>,
    at: Option<String>,
    values: Map<String, Json>,
    reason: Option<String>,
    /// Those who agree, one after the other.
    approved_by: Vec<String>,
    /// Who does not agree, and why stands in `reason_of_rejection`.
    rejected_by: Option<String>,
    reason_of_rejection: Option<String>,
}

/// Which records an act is about.
#[derive(Clone, Debug)]
pub(super) enum Target {
    /// The one of this name.
    Named(String),
    /// What effects made of the record of this name.
    Made { record: String, of: String, field: String, only: Option<Vec<usize>> },
    /// Those of a type that an expression finds.
    Found { record: String, filter: String, only: Option<Vec<usize>> },
}

/// What is done.
#[derive(Clone, Debug)]
pub(super) enum Deed {
    Create {
        record: String,
        values: Map<String, Json>,
        owner: Option<String>,
        department: Option<String>,
        brand: Option<String>,
    },
    /// The first of them is known by this name from now on.
    Name(String),
    Do {
        action: String,
        values: Map<String, Json>,
        reason: Option<String>,
    },
    Edit(Map<String, Json>),
    Comment(String),
    Decide {
        agrees: bool,
        comment: Option<String>,
    },
}

/// One act of the story, at its time.
#[derive(Clone, Debug)]
pub(super) struct Act {
    pub file: String,
    pub place: String,
    pub at: Timestamp,
    /// The day from which its dates and words count.
    pub base: Zoned,
    pub by: String,
    pub target: Target,
    pub deed: Deed,
    /// Which telling of its entry it belongs to.
    pub turn: Option<usize>,
}

/// Reads a file of the sample and lays its acts out in time.
pub(super) fn read(app: &App, file: &str, yaml: &str) -> Result<Vec<Act>> {
    let wrong = |what: String| Problem::internal(format!("sample/{file}: {what}"));
    let entries: Vec<Entry> = serde_yaml_ng::from_str(yaml).map_err(|error| wrong(error.to_string()))?;
    let today = day::today(app.store.now(), &app.settings.time_zone);
    let mut acts = Vec::new();
    for (place, entry) in entries.iter().enumerate() {
        let name = entry.r#as.clone().unwrap_or_else(|| format!("{file}#{place}"));
        let bases: Vec<(Option<usize>, Zoned)> = match entry.each.is_empty() {
            true => vec![(None, today.clone())],
            false => {
                let base = |(turn, text): (usize, &String)| Some((Some(turn), day::moment(text, &today)?));
                let bases: Option<Vec<_>> = entry.each.iter().enumerate().map(base).collect();
                bases.ok_or_else(|| wrong(format!("{name}: a day in each")))?
            }
        };
        for (turn, base) in bases {
            let teller = Teller { file, name: turned(&name, turn), entry, base, turn };
            acts.extend(teller.acts().map_err(&wrong)?);
        }
    }
    Ok(acts)
}

/// Returns the name of one telling of an entry.
pub(super) fn turned(name: &str, turn: Option<usize>) -> String {
    turn.map_or_else(|| name.to_owned(), |turn| format!("{name}#{turn}"))
}

struct Teller<'t> {
    file: &'t str,
    name: String,
    entry: &'t Entry,
    base: Zoned,
    turn: Option<usize>,
}

impl Act {
    /// Returns the name that a record has from this act on.
    pub fn names(&self) -> Option<&str> {
        match (&self.deed, &self.target) {
            (Deed::Name(name), _) => Some(name),
            (Deed::Create { .. }, Target::Named(name)) => Some(name),
            _ => None,
        }
    }
}

impl Teller<'_> {
    fn acts(&self) -> Result<Vec<Act>, String> {
        let entry = self.entry;
        let begins = entry.at.as_deref().or_else(|| entry.then.first().and_then(|then| then.at.as_deref()));
        let mut at = self.moment(begins.unwrap_or("today"))?;
        let (first, target) = self.first()?;
        let mut by = entry.by.clone().unwrap_or_else(|| "owner".to_owned());
        let mut acts: Vec<Act> = first.into_iter().map(|deed| self.act(&at, &by, &target, deed)).collect();
        for then in &entry.then {
            at = match &then.at {
                Some(text) => self.moment(text)?,
                None => later(&at),
            };
            by = then.by.clone().unwrap_or(by);
            let deed = match then {
                Then { r#do: Some(action), .. } => Deed::Do {
                    action: action.clone(),
                    values: then.values.clone(),
                    reason: then.reason.clone(),
                },
                Then { edit: Some(values), .. } => Deed::Edit(values.clone()),
                Then { comment: Some(text), .. } => Deed::Comment(text.clone()),
                _ => return Err(format!("{}: a step does nothing", self.name)),
            };
            acts.push(self.act(&at, &by, &target, deed));
            for who in &then.approved_by {
                at = later(&at);
                acts.push(self.act(&at, who, &target, Deed::Decide { agrees: true, comment: None }));
            }
            if let Some(who) = &then.rejected_by {
                at = later(&at);
                let comment = then.reason_of_rejection.clone();
                acts.push(self.act(&at, who, &target, Deed::Decide { agrees: false, comment }));
            }
        }
        Ok(acts)
    }

    /// Returns how the entry begins, and what its acts are about.
    fn first(&self) -> Result<(Option<Deed>, Target), String> {
        let entry = self.entry;
        let naming = entry.r#as.is_some().then(|| Deed::Name(self.name.clone()));
        let only = entry.only.clone();
        match (&entry.new, &entry.made, &entry.found) {
            (Some(record), None, None) => {
                let (owner, department, brand) =
                    (entry.owner.clone(), entry.department.clone(), entry.brand.clone());
                let (record, values) = (record.clone(), entry.values.clone());
                let deed = Deed::Create { record, values, owner, department, brand };
                Ok((Some(deed), Target::Named(self.name.clone())))
            }
            (None, Some(record), None) => {
                let (of, field) =
                    entry.of.clone().zip(entry.field.clone()).ok_or_else(|| self.incomplete())?;
                Ok((naming, Target::Made { record: record.clone(), of, field, only }))
            }
            (None, None, Some(record)) => {
                let filter = entry.r#where.as_ref().ok_or_else(|| self.incomplete())?;
                let filter = day::fill(filter, &self.base);
                Ok((naming, Target::Found { record: record.clone(), filter, only }))
            }
            _ => Err(self.incomplete()),
        }
    }

    fn incomplete(&self) -> String {
        format!("{}: either new, or made with of and field, or found with where", self.name)
    }

    fn act(&self, at: &Zoned, by: &str, target: &Target, deed: Deed) -> Act {
        let what = match &deed {
            Deed::Create { record, .. } => record.clone(),
            Deed::Do { action, .. } => action.clone(),
            Deed::Name(_) => "as".to_owned(),
            Deed::Edit(_) => "edit".to_owned(),
            Deed::Comment(_) => "comment".to_owned(),
            Deed::Decide { .. } => format!("decided by {by}"),
        };
        Act {
            file: self.file.to_owned(),
            place: format!("{} {what}", self.name),
            at: day::stamp(at),
            base: self.base.clone(),
            by: by.to_owned(),
            target: target.clone(),
            deed,
            turn: self.turn,
        }
    }

    fn moment(&self, text: &str) -> Result<Zoned, String> {
        day::moment(text, &self.base).ok_or_else(|| format!("{}: no such time: {text}", self.name))
    }
}

fn later(at: &Zoned) -> Zoned {
    at.checked_add(PAUSE_MINUTES.minutes()).unwrap_or_else(|_| at.clone())
}
