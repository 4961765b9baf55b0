use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;
use http_kit::{App, SecondFactor, SecondFactorPort};
use identity::sample::{SampleOrg, service::id_of};
use kernel::{Caller, Id, Language, ManualClock, PAGE_SIZE_MAX, PageQuery, Problem, Result};
use rulebook::Rulebook;
use rulebook::approval::{self, ApprovalFilter, Decision, NewDecision};
use rulebook::record::{self, ActionInput, NewComment, NewRecord, RecordDetail, RecordFilter, RecordPatch};
use rulebook::record_type::RecordType;
use serde_json::{Map, Value as Json, json};

use super::story::{Act, Deed, Target};
use super::values::{Known, Missing, Reader};

/// What people of the story say instead of a code.
const WORD: &str = "sample";

/// Made-up people have no authenticators: whoever signs is taken at their word, on this stage and nowhere else.
#[derive(Debug)]
struct Word;

#[async_trait]
impl SecondFactorPort for Word {
    async fn check(&self, _: &App, _: Id, code: &str) -> Result<()> {
        if code == WORD { Ok(()) } else { Err(Problem::internal("the story gave another word")) }
    }
}

/// The stage of the sample's story (样例演绎): the product by a clock that stands where the story stands.
pub(super) struct Stage {
    /// The product as it is now; who somebody is does not depend on the story's time.
    now: App,
    app: App,
    clock: ManualClock,
    known: Known,
    emails: BTreeMap<String, String>,
    callers: BTreeMap<String, Caller>,
    /// Types of the records that have a name.
    types: BTreeMap<Id, String>,
}

impl Stage {
    pub fn new(app: &App, org: &SampleOrg, brands: &[(String, Id)], ahead: BTreeSet<String>) -> Self {
        let clock = ManualClock::starting_at(app.store.now());
        let mut played = App { store: app.store.with_clock(Arc::new(clock.clone())), ..app.clone() };
        played.parts.insert(SecondFactor(Arc::new(Word)));
        let short = |email: &str| email.split(['.', '@']).next().unwrap_or_default().to_owned();
        let known = Known {
            people: org.people.iter().map(|p| (short(&p.email), id_of("user", &p.email))).collect(),
            departments: org
                .departments
                .iter()
                .map(|department| (department.code.clone(), id_of("department", &department.code)))
                .collect(),
            brands: brands.iter().cloned().collect(),
            ahead,
            ..Known::default()
        };
        let emails = org.people.iter().map(|p| (short(&p.email), p.email.clone())).collect();
        let (callers, types) = (BTreeMap::new(), BTreeMap::new());
        Self { now: app.clone(), app: played, clock, known, emails, callers, types }
    }

    /// Plays an act; false where what it is about lies ahead.
    pub async fn play(&mut self, act: Act) -> Result<bool> {
        self.clock.set(act.at);
        if let Deed::Create { record, values, owner, department, brand } = &act.deed {
            let places = [owner.as_deref(), department.as_deref(), brand.as_deref()];
            return self.create(&act, record, values, places).await;
        }
        let found = self.found(&act).await?;
        if let Deed::Name(name) = &act.deed {
            let Some((record, id)) = found.first() else { return Ok(false) };
            self.types.insert(*id, record.clone());
            self.known.records.insert(name.clone(), *id);
            return Ok(true);
        }
        for (record, id) in &found {
            self.act_on(&act, record, *id).await?;
        }
        Ok(!found.is_empty())
    }

    async fn create(
        &mut self,
        act: &Act,
        record: &str,
        said: &Map<String, Json>,
        [owner, department, brand]: [Option<&str>; 3],
    ) -> Result<bool> {
        let caller = self.caller(&act.by).await?;
        let Some(values) = self.values(act, &caller, record, said).await? else {
            // What refers to a record that lies ahead lies ahead itself.
            self.known.ahead.extend(act.names().map(str::to_owned));
            return Ok(false);
        };
        let new = NewRecord {
            values,
            owner_id: owner.map(|name| word(&self.known.people, name)).transpose()?,
            department_id: department.map(|code| word(&self.known.departments, code)).transpose()?,
            brand_id: brand.map(|code| word(&self.known.brands, code)).transpose()?,
        };
        let made = record::create(&self.app, &caller, record, new).await?.record;
        if let Target::Named(name) = &act.target {
            self.types.insert(made.id, made.type_id);
            self.known.records.insert(name.clone(), made.id);
        }
        Ok(true)
    }

    /// Returns the records that an act is about; none where they lie ahead.
    async fn found(&mut self, act: &Act) -> Result<Vec<(String, Id)>> {
        match &act.target {
            Target::Named(name) => {
                let id = self.named(name, act)?;
                let known = id.and_then(|id| Some((self.types.get(&id)?.clone(), id)));
                Ok(known.into_iter().collect())
            }
            Target::Made { record, of, field, only } => match self.named(of, act)? {
                Some(source) => {
                    self.matching(record, format!("{field} == '{source}'"), only.as_deref()).await
                }
                None => Ok(Vec::new()),
            },
            Target::Found { record, filter, only } => {
                self.matching(record, filter.clone(), only.as_deref()).await
            }
        }
    }

    /// Returns the record of a name; none where it is made later than today.
    fn named(&self, name: &str, act: &Act) -> Result<Option<Id>> {
        match self.known.record(name, act.turn) {
            Some(id) => Ok(Some(id)),
            None if self.known.lies_ahead(name, act.turn) => Ok(None),
            None => Err(Problem::internal(format!("no record is called {name} yet"))),
        }
    }

    async fn matching(
        &self,
        record: &str,
        filter: String,
        only: Option<&[usize]>,
    ) -> Result<Vec<(String, Id)>> {
        let nothing = || Problem::internal(format!("there is no {record} with {filter}"));
        let asked = RecordFilter {
            filter: Some(filter.clone()),
            sort: Some("number".to_owned()),
            ..RecordFilter::default()
        };
        let page = PageQuery { page_size: Some(PAGE_SIZE_MAX), cursor: None };
        let rows = record::list(&self.app, &Caller::system("sample"), record, &page, &asked).await?.items;
        let wanted = |place: usize| only.is_none_or(|only| only.contains(&place));
        let rows = rows.into_iter().enumerate().filter(|(place, _)| wanted(*place));
        let found: Vec<(String, Id)> = rows.map(|(_, row)| (record.to_owned(), row.id)).collect();
        if found.is_empty() { Err(nothing()) } else { Ok(found) }
    }

    async fn act_on(&mut self, act: &Act, record: &str, id: Id) -> Result<()> {
        let seen = record::find(&self.app, &Caller::system("sample"), record, id).await?;
        let by = match act.by.as_str() {
            "owner" => self.owner(&seen)?,
            name => name.to_owned(),
        };
        let caller = self.caller(&by).await?;
        let (app, version) = (self.app.clone(), seen.record.version);
        match &act.deed {
            Deed::Do { action, values, reason } => {
                let Some(values) = self.values(act, &caller, record, values).await? else { return Ok(()) };
                let mut input = ActionInput { values, reason: reason.clone() };
                input.values.insert("second_factor".to_owned(), json!(WORD));
                record::act(&app, &caller, record, id, version, action, input).await.map(drop)
            }
            Deed::Edit(values) => {
                let Some(values) = self.values(act, &caller, record, values).await? else { return Ok(()) };
                let patch = RecordPatch { values, ..RecordPatch::default() };
                record::update(&app, &caller, record, id, version, patch).await.map(drop)
            }
            Deed::Comment(text) => {
                let new = NewComment { text: text.clone(), files: Vec::new() };
                record::comment(&app, &caller, record, id, new).await.map(drop)
            }
            Deed::Decide { agrees, comment } => self.decide(&caller, id, *agrees, comment.clone()).await,
            Deed::Create { .. } | Deed::Name(_) => Ok(()),
        }
    }

    async fn decide(&self, caller: &Caller, id: Id, agrees: bool, comment: Option<String>) -> Result<()> {
        let filter = ApprovalFilter { subject_id: Some(id), ..ApprovalFilter::default() };
        let mine = approval::list(&self.app, caller, &PageQuery::default(), &filter).await?.items;
        let waiting = mine.first().ok_or_else(|| Problem::internal("nothing waits for whoever decides"))?;
        let decision = if agrees { Decision::Approve } else { Decision::Reject };
        let code = Some(WORD.to_owned());
        let input = NewDecision { step_id: None, decision, comment, content_hash: None, code };
        approval::decide(&self.app, caller, waiting.id, &input).await.map(drop)
    }

    /// Returns the values that an act says; none where a record that they name lies ahead.
    async fn values(
        &mut self,
        act: &Act,
        caller: &Caller,
        record: &str,
        said: &Map<String, Json>,
    ) -> Result<Option<Map<String, Json>>> {
        let record_type = self.record_type(record)?;
        let reader = Reader { known: &self.known, base: &act.base, turn: act.turn };
        let files = reader.files(&record_type, said);
        for name in files {
            self.keep(caller, &name).await?;
        }
        let reader = Reader { known: &self.known, base: &act.base, turn: act.turn };
        match reader.values(&record_type, said) {
            Ok(values) => Ok(Some(values)),
            Err(Missing::Record(name)) if self.known.lies_ahead(&name, act.turn) => Ok(None),
            Err(Missing::Record(name)) => Err(Problem::internal(format!("no record is called {name} yet"))),
            Err(Missing::Word(word)) => Err(Problem::internal(format!("nobody knows {word}"))),
        }
    }

    /// Stores an attachment once; it says itself that it belongs to the sample.
    async fn keep(&mut self, caller: &Caller, name: &str) -> Result<()> {
        if self.known.files.contains_key(name) {
            return Ok(());
        }
        let bytes = format!("{name}\n\n本附件属于样例公司，内容从略。\n");
        let file = record::upload(&self.app, caller, name, "text/plain", bytes.as_bytes()).await?;
        self.known.files.insert(name.to_owned(), json!(file));
        Ok(())
    }

    fn record_type(&self, id: &str) -> Result<Arc<RecordType>> {
        let found = self.app.part::<Rulebook>()?.record_type(id);
        found.ok_or_else(|| Problem::internal(format!("no record type {id}")))
    }

    fn owner(&self, seen: &RecordDetail) -> Result<String> {
        let owner = seen.record.owner_id;
        let found = self.known.people.iter().find(|(_, id)| Some(**id) == owner);
        let nobody = || Problem::internal(format!("{} has no owner among the people", seen.record.number));
        found.map(|(name, _)| name.clone()).ok_or_else(nobody)
    }

    async fn caller(&mut self, name: &str) -> Result<Caller> {
        if let Some(caller) = self.callers.get(name) {
            return Ok(caller.clone());
        }
        let email =
            self.emails.get(name).ok_or_else(|| Problem::internal(format!("nobody is called {name}")))?;
        let caller = identity::cli::caller(&self.now, email, Language::default()).await?;
        self.callers.insert(name.to_owned(), caller.clone());
        Ok(caller)
    }
}

fn word(known: &BTreeMap<String, Id>, name: &str) -> Result<Id> {
    known.get(name).copied().ok_or_else(|| Problem::internal(format!("nobody knows {name}")))
}
