//! Rulebook (制度): all packs as they run, read and checked once at the start.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::path::Path;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use http_kit::{App, Module};
use kernel::{Language, Permission, Problem, Result, TextBook, View};

use crate::cadence::Cadence;
use crate::calendar;
use crate::clause::ClauseSpec;
use crate::control::Control;
use crate::dashboard::Dashboard;
use crate::machine::{Machine, MachineSpec};
use crate::metric::Metric;
use crate::pack::{self, Fault, Folder, Manifest};
use crate::parameter::ParameterSpec;
use crate::record;
use crate::record_type::{RecordType, Slot};

/// The rulebook as it runs; cheap to clone. A clone sees later editions, a [`Rulebook::snapshot`] does not.
#[derive(Clone, Debug)]
pub struct Rulebook(Arc<Edition>);

/// One edition of the rulebook and those that came after it; reading it reads the newest.
///
/// An edition is never taken away while the product runs: whoever holds a reference into one keeps it. Packs are
/// applied by hand, a few times a day at most, and an edition takes a few megabytes.
#[derive(Debug)]
struct Edition {
    book: Arc<Book>,
    /// The number that the database gave it; 0 for what the product brings.
    number: i64,
    next: OnceLock<Arc<Edition>>,
}

impl Edition {
    fn new(book: Arc<Book>, number: i64) -> Arc<Self> {
        Arc::new(Self { book, number, next: OnceLock::new() })
    }

    fn newest(&self) -> &Self {
        let mut edition = self;
        while let Some(next) = edition.next.get() {
            edition = next;
        }
        edition
    }
}

impl Deref for Edition {
    type Target = Book;

    fn deref(&self) -> &Book {
        &self.newest().book
    }
}

/// Where the fields of each type stand.
type Slots = BTreeMap<String, Arc<BTreeMap<String, Slot>>>;

/// One pack as it runs.
#[derive(Debug)]
pub(crate) struct BookPack {
    pub folder: Folder,
    pub manifest: Manifest,
    pub parameters: Vec<ParameterSpec>,
    pub machines: Vec<MachineSpec>,
    /// How many record types it brings.
    pub record_types: usize,
    /// How many controls it brings.
    pub controls: usize,
    /// How many metrics it brings.
    pub metrics: usize,
    /// How many dashboards it brings.
    pub dashboards: usize,
}

/// What an edition holds.
#[derive(Debug, Default)]
pub(crate) struct Book {
    pub packs: Vec<BookPack>,
    /// Clauses in the order of documents, with the place of their pack.
    pub clauses: Vec<(usize, ClauseSpec)>,
    pub clause_places: BTreeMap<String, usize>,
    pub controls: Vec<Control>,
    /// Places of parameters: pack, place inside.
    pub parameter_places: BTreeMap<String, (usize, usize)>,
    pub machines: BTreeMap<String, Arc<Machine>>,
    pub record_types: BTreeMap<String, Arc<RecordType>>,
    pub cadences: BTreeMap<String, Arc<Cadence>>,
    pub metrics: BTreeMap<String, Arc<Metric>>,
    /// Dashboards in the order of the files.
    pub dashboards: Vec<Arc<Dashboard>>,
    /// Known once what runs is published.
    slots: RwLock<Slots>,
    /// Working calendars that were compiled while the program runs.
    pub calendars: calendar::Cache,
}

impl Rulebook {
    /// Reads and checks the shipped packs and those under `directory`, which go before shipped ones of
    /// the same id; any fault refuses the whole.
    pub fn load(
        directory: Option<&Path>,
        views: &[View],
        permissions: &[Permission],
    ) -> Result<std::result::Result<Self, Vec<Fault>>> {
        let mut folders = pack::shipped();
        if let Some(directory) = directory {
            let own = pack::under(directory)?;
            folders.retain(|shipped| own.iter().all(|folder| folder.name != shipped.name));
            folders.extend(own);
        }
        Ok(Self::from_folders(folders, views, permissions))
    }

    /// Reads and checks these packs.
    pub fn from_folders(
        folders: Vec<Folder>,
        views: &[View],
        permissions: &[Permission],
    ) -> std::result::Result<Self, Vec<Fault>> {
        let mut packs = Vec::new();
        let mut faults = Vec::new();
        for folder in folders {
            match pack::read(folder) {
                Ok(pack) => packs.push(pack),
                Err(found) => faults.extend(found),
            }
        }
        // What names another pack can only be judged once all of them could be read.
        if !faults.is_empty() {
            return Err(faults);
        }
        pack::check(packs, views, permissions).map(|book| Self(Edition::new(Arc::new(book), 0)))
    }

    /// Returns the newest edition alone: what is read of it is of one moment, whatever is applied meanwhile.
    #[must_use]
    pub fn snapshot(&self) -> Self {
        let newest = self.0.newest();
        Self(Edition::new(newest.book.clone(), newest.number))
    }

    /// Puts another rulebook in the place of the newest edition.
    fn replace(&self, by: &Self, number: i64) {
        let mut next = Edition::new(by.0.newest().book.clone(), number);
        // Two that are applied at once stand one after the other.
        while let Err(refused) = self.0.newest().next.set(next) {
            next = refused;
        }
    }

    /// Returns the number of the newest edition.
    pub(crate) fn number(&self) -> i64 {
        self.0.newest().number
    }

    /// Returns the packs that the product and its configuration bring: those of the first edition.
    pub(crate) fn sources(&self) -> Vec<Folder> {
        self.0.book.packs.iter().map(|pack| pack.folder.clone()).collect()
    }

    /// Returns a running pack.
    pub(crate) fn pack(&self, id: &str) -> Option<&BookPack> {
        self.0.packs.iter().find(|pack| pack.manifest.id == id)
    }

    /// Returns a policy parameter with the id of its pack.
    pub fn parameter(&self, key: &str) -> Option<(&str, &ParameterSpec)> {
        let (pack, place) = self.0.parameter_places.get(key)?;
        let pack = &self.0.packs[*pack];
        Some((&pack.manifest.id, &pack.parameters[*place]))
    }

    /// Returns the newest version of a machine.
    pub(crate) fn machine(&self, id: &str) -> Option<Arc<Machine>> {
        self.0.machines.get(id).cloned()
    }

    /// Returns the machines that run, by their ids.
    pub(crate) fn machines(&self) -> impl Iterator<Item = &Machine> {
        self.0.machines.values().map(Arc::as_ref)
    }

    /// Returns a record type by its id.
    pub fn record_type(&self, id: &str) -> Option<Arc<RecordType>> {
        self.0.record_types.get(id).cloned()
    }

    /// Returns the record types, by their ids.
    pub fn record_types(&self) -> impl Iterator<Item = &Arc<RecordType>> {
        self.0.record_types.values()
    }

    pub(crate) fn calendars(&self) -> &calendar::Cache {
        &self.0.calendars
    }

    pub(crate) fn cadences(&self) -> impl Iterator<Item = &Arc<Cadence>> {
        self.0.cadences.values()
    }

    /// Returns the metrics, by their ids.
    pub(crate) fn metrics(&self) -> impl Iterator<Item = &Metric> {
        self.0.metrics.values().map(Arc::as_ref)
    }

    /// Returns a metric by its id.
    pub(crate) fn metric(&self, id: &str) -> Option<Arc<Metric>> {
        self.0.metrics.get(id).cloned()
    }

    pub(crate) fn dashboards(&self) -> &[Arc<Dashboard>] {
        &self.0.dashboards
    }

    /// Returns where the fields of a type stand; nothing before it was published.
    pub(crate) fn slots(&self, type_id: &str) -> Arc<BTreeMap<String, Slot>> {
        self.0.slots.read().unwrap_or_else(PoisonError::into_inner).get(type_id).cloned().unwrap_or_default()
    }

    pub(crate) fn set_slots(&self, slots: Slots) {
        *self.0.slots.write().unwrap_or_else(PoisonError::into_inner) = slots;
    }

    pub(crate) fn packs(&self) -> &[BookPack] {
        &self.0.packs
    }

    /// Returns the clauses in the order of the documents, each with its pack.
    pub(crate) fn clauses(&self) -> impl Iterator<Item = (&BookPack, &ClauseSpec)> {
        self.0.clauses.iter().map(|(pack, clause)| (&self.0.packs[*pack], clause))
    }

    /// Returns the ids of all clauses, in the order of the documents.
    pub fn clause_ids(&self) -> impl Iterator<Item = &str> {
        self.0.clauses.iter().map(|(_, clause)| clause.id.as_str())
    }

    /// Returns the title of a clause in the pack's first language that has one.
    pub fn clause_title(&self, id: &str) -> Option<String> {
        self.clause(id).map(|(_, clause)| clause.title.get(Language::default()).to_owned())
    }

    pub(crate) fn clause(&self, id: &str) -> Option<(&BookPack, &ClauseSpec)> {
        let (pack, clause) = &self.0.clauses[*self.0.clause_places.get(id)?];
        Some((&self.0.packs[*pack], clause))
    }

    pub(crate) fn controls(&self) -> &[Control] {
        &self.0.controls
    }

    pub(crate) fn control(&self, id: &str) -> Option<&Control> {
        self.0.controls.iter().find(|control| control.spec.id == id)
    }

    /// Counts what a pack holds.
    pub(crate) fn contents(&self, id: &str) -> pack::Contents {
        let pack = self.0.packs.iter().position(|pack| pack.manifest.id == id);
        let found = pack.map(|place| &self.0.packs[place]);
        pack::Contents {
            clauses: self.0.clauses.iter().filter(|(place, _)| Some(*place) == pack).count(),
            parameters: found.map_or(0, |pack| pack.parameters.len()),
            machines: found.map_or(0, |pack| pack.machines.len()),
            controls: found.map_or(0, |pack| pack.controls),
            record_types: found.map_or(0, |pack| pack.record_types),
            metrics: found.map_or(0, |pack| pack.metrics),
            dashboards: found.map_or(0, |pack| pack.dashboards),
        }
    }

    /// Returns the controls whose view no domain publishes, with the view's name.
    pub fn unconnected(&self) -> Vec<(&str, &str)> {
        let open = self.0.controls.iter().filter(|control| !control.connected());
        open.map(|control| (control.spec.id.as_str(), control.spec.evidence.view())).collect()
    }
}

/// Checks a pack in a folder together with the shipped ones, as it would run beside these modules;
/// returns what it holds, or every fault as `file:line: reason`.
pub fn check_folder(folder: &Path, modules: &[Module]) -> std::result::Result<pack::Contents, Vec<String>> {
    let mut texts = TextBook::default();
    let own_texts = http_kit::read_texts("rulebook", crate::TEXTS).and_then(|read| texts.extend(read));
    own_texts.map_err(|reason| vec![reason])?;
    let say = |problem: Problem| texts.say(Language::En, &problem.code, &problem.args);
    let own = pack::folder(folder).map_err(|problem| vec![say(problem)])?;
    let name = own.name.clone();
    let mut folders = pack::shipped();
    folders.retain(|shipped| shipped.name != name);
    folders.push(own);
    let views: Vec<View> = modules.iter().flat_map(|module| module.views).copied().collect();
    let mut permissions: Vec<Permission> =
        modules.iter().flat_map(|module| module.routes.permissions()).collect();
    permissions.extend(modules.iter().flat_map(|module| module.permissions));
    match Rulebook::from_folders(folders, &views, &permissions) {
        Ok(book) => Ok(book.contents(&name)),
        Err(faults) => Err(faults.iter().map(|fault| fault.say(&texts, Language::En)).collect()),
    }
}

/// Reads and checks the packs against what `app` publishes, and puts them among its parts.
pub fn install(app: &mut App, directory: Option<&Path>) -> Result<()> {
    let book = Rulebook::load(directory, app.views.fixed(), app.permissions.fixed())?;
    let book = book.map_err(|faults| refusal(&faults, &app.texts, Language::En))?;
    for (control, view) in book.unconnected() {
        tracing::info!(control, view, "control {control} is not connected: nobody publishes {view}");
    }
    register(app, &book);
    app.parts.insert(book);
    Ok(())
}

/// What the packs keep records of has permissions, names for them, and views like any other noun.
fn register(app: &App, book: &Rulebook) {
    app.views.bring(book.record_types().map(|record_type| record_type.view));
    app.permissions
        .bring(book.record_types().flat_map(|record_type| record_type.permissions.iter().copied()));
    app.texts.bring(book.record_types().flat_map(|record_type| record::texts(record_type)));
}

/// Lets another rulebook run from now on.
pub(crate) fn take_up(app: &App, book: &Rulebook, number: i64) -> Result<()> {
    register(app, book);
    app.part::<Rulebook>()?.replace(book, number);
    Ok(())
}

/// Turns faults into one problem that names each as `file:line: reason`.
pub fn refusal(faults: &[Fault], texts: &TextBook, language: Language) -> Problem {
    let lines: Vec<String> = faults.iter().map(|fault| fault.say(texts, language)).collect();
    Problem::unavailable("rulebook.pack.faulty").with("count", faults.len()).with("faults", lines.join("\n"))
}
