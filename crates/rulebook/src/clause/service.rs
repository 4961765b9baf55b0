use std::collections::BTreeMap;

use http_kit::App;
use kernel::{Language, Page, PageQuery, Problem, Result, Timestamp};

use super::rules::{self, Standing, Word};
use super::{
    Clause, ClauseDetail, ClauseFilter, ClauseSpec, CoverageRow, CoverageWeek, Document, Status,
    StatusCounts, Summary,
};
use crate::Rulebook;
use crate::book::BookPack;
use crate::control::{self, Control, Coverage};
use crate::parameter;
use crate::run::{self, Point, Run, Verdict, rules::trend, rules::weeks};
use crate::waiver::{self, Waiver};

/// Policy parameter that says after how many hours evidence is too old.
const STALE_HOURS: &str = "rulebook.run.stale_hours";

/// The rulebook with its newest runs: what every answer about clauses is derived from.
pub(crate) struct Scene<'a> {
    app: &'a App,
    pub book: &'a Rulebook,
    pub runs: BTreeMap<String, Run>,
    /// Waivers that stand, by clause.
    pub waivers: BTreeMap<String, Waiver>,
    /// Controls by clause.
    controls: BTreeMap<&'a str, Vec<&'a Control>>,
    stale_hours: i64,
    now: Timestamp,
    language: Language,
}

impl<'a> Scene<'a> {
    pub async fn load(app: &'a App, book: &'a Rulebook, language: Language) -> Result<Self> {
        Self::with(app, book, run::latest(app).await?, language).await
    }

    async fn with(
        app: &'a App,
        book: &'a Rulebook,
        runs: BTreeMap<String, Run>,
        language: Language,
    ) -> Result<Self> {
        let mut controls: BTreeMap<&str, Vec<&Control>> = BTreeMap::new();
        for control in book.controls() {
            for clause in control.spec.clauses.keys() {
                controls.entry(clause).or_default().push(control);
            }
        }
        let stale_hours = parameter::get(&app.store, STALE_HOURS).await?.integer()?;
        let waivers = waiver::standing(app).await?;
        Ok(Self { app, book, runs, waivers, controls, stale_hours, now: app.store.now(), language })
    }

    pub fn controls_of(&self, clause_id: &str) -> &[&'a Control] {
        self.controls.get(clause_id).map_or(&[], Vec::as_slice)
    }

    /// Returns how a clause stands, a waiver put in.
    pub fn standing(&self, clause: &ClauseSpec) -> Standing {
        let derived = self.derived(clause);
        match self.waivers.get(&clause.id) {
            Some(waiver) => Standing { status: waiver.shown_status, overridden: true, ..derived },
            None => derived,
        }
    }

    fn derived(&self, clause: &ClauseSpec) -> Standing {
        let connected = self.controls_of(&clause.id).iter().filter(|control| control.connected());
        let words: Vec<Word> = connected
            .map(|control| {
                let run = self.runs.get(&control.spec.id).filter(|run| run.spec_hash == control.spec_hash);
                Word {
                    coverage: control.spec.clauses.get(&clause.id).copied().unwrap_or(Coverage::Partial),
                    occasional: control.spec.occasional,
                    verdict: run.map(|run| run.verdict),
                    checked_at: run.map(|run| run.confirmed_at),
                }
            })
            .collect();
        rules::derive(&words, self.now, self.stale_hours)
    }

    pub fn shown(&self, pack: &BookPack, clause: &ClauseSpec) -> Clause {
        let standing = self.standing(clause);
        let text = |text: &crate::pack::Text| text.get(self.language).to_owned();
        Clause {
            id: clause.id.clone(),
            document: pack.manifest.document.clone().unwrap_or_default(),
            chapter: clause.chapter_id().to_owned(),
            section: text(&clause.section),
            title: text(&clause.title),
            text: text(&clause.text),
            department: clause.department.clone(),
            department_title: self.department(&clause.department),
            status: standing.status,
            derived_status: self.derived(clause).status,
            coverage: standing.coverage,
            stale: standing.stale,
            overridden: standing.overridden,
            assessable: clause.assessable,
            controls: u32::try_from(self.controls_of(&clause.id).len()).unwrap_or(u32::MAX),
            checked_at: standing.checked_at,
        }
    }

    /// Returns the department's name; a company's own key that has no text stands for itself.
    pub fn department(&self, key: &str) -> String {
        let code = format!("rulebook.department.{key}");
        if self.app.texts.contains(&code) {
            self.app.texts.say(self.language, &code, &BTreeMap::new())
        } else {
            key.to_owned()
        }
    }

    fn counts(&self, wanted: impl Fn(&BookPack, &ClauseSpec) -> bool) -> StatusCounts {
        let mut counts = StatusCounts::default();
        for (_, clause) in self.book.clauses().filter(|(pack, clause)| wanted(pack, clause)) {
            counts.add(&self.standing(clause));
        }
        counts
    }
}

/// Returns how many clauses stand how.
pub async fn status(app: &App) -> Result<StatusCounts> {
    let book = app.part::<Rulebook>()?.snapshot();
    Ok(Scene::load(app, &book, Language::default()).await?.counts(|_, _| true))
}

/// Returns how every clause of a rulebook would stand with these runs, by id, in the order of the documents.
pub(crate) async fn standings(app: &App, book: &Rulebook, runs: Vec<Run>) -> Result<Vec<(String, Standing)>> {
    let runs = runs.into_iter().map(|run| (run.control_id.clone(), run)).collect();
    let scene = Scene::with(app, book, runs, Language::default()).await?;
    Ok(book.clauses().map(|(_, clause)| (clause.id.clone(), scene.standing(clause))).collect())
}

/// Returns the documents with their chapters.
pub async fn documents(app: &App, language: Language) -> Result<Vec<Document>> {
    let book = app.part::<Rulebook>()?.snapshot();
    let scene = Scene::load(app, &book, language).await?;
    let past = Past::load(app, &scene).await?;
    let packs = scene.book.packs().iter().filter_map(|pack| Some((pack, pack.manifest.document.as_ref()?)));
    let documents = packs.map(|(pack, code)| {
        let chapters = pack.manifest.chapters.iter().map(|chapter| {
            let title = chapter.texts.title.get(language).to_owned();
            coverage_row(&scene, &past, &chapter.id, title, |clause| clause.chapter_id() == chapter.id)
        });
        Document {
            id: code.clone(),
            title: pack.manifest.texts.title.get(language).to_owned(),
            summary: pack.manifest.texts.summary.get(language).to_owned(),
            pack_id: pack.manifest.id.clone(),
            counts: scene.counts(|_, clause| clause.document_id() == code),
            trend: past.trend(&scene, |clause| clause.document_id() == code),
            chapters: chapters.collect(),
        }
    });
    Ok(documents.collect())
}

/// Returns how all clauses stand, by document and by department.
pub async fn summary(app: &App, language: Language) -> Result<Summary> {
    let book = app.part::<Rulebook>()?.snapshot();
    let scene = Scene::load(app, &book, language).await?;
    let past = Past::load(app, &scene).await?;
    let mut departments: Vec<&str> =
        scene.book.clauses().map(|(_, clause)| clause.department.as_str()).collect();
    departments.sort_unstable();
    departments.dedup();
    let departments = departments.into_iter().map(|key| {
        coverage_row(&scene, &past, key, scene.department(key), |clause| clause.department == key)
    });
    let packs = scene.book.packs().iter().filter_map(|pack| Some((pack, pack.manifest.document.as_ref()?)));
    let documents = packs.map(|(pack, code)| {
        let title = pack.manifest.texts.title.get(language).to_owned();
        coverage_row(&scene, &past, code, title, |clause| clause.document_id() == code)
    });
    Ok(Summary {
        total: scene.counts(|_, _| true),
        documents: documents.collect(),
        departments: departments.collect(),
        trend: past.trend(&scene, |_| true),
    })
}

fn coverage_row(
    scene: &Scene<'_>,
    past: &Past,
    id: &str,
    title: String,
    wanted: impl Fn(&ClauseSpec) -> bool,
) -> CoverageRow {
    CoverageRow {
        id: id.to_owned(),
        title,
        counts: scene.counts(|_, clause| wanted(clause)),
        trend: past.trend(scene, wanted),
    }
}

/// How each clause stood at the end of each of the last weeks.
struct Past {
    weeks: Vec<Timestamp>,
    by_clause: BTreeMap<String, Vec<Option<Verdict>>>,
}

impl Past {
    async fn load(app: &App, scene: &Scene<'_>) -> Result<Self> {
        let points = run::points(app).await?;
        let (weeks, by_control) = (weeks(scene.now), by_control(&points));
        let verdicts = |controls: &[&Control]| {
            clause_trend(controls, &by_control, &weeks).into_iter().map(|week| week.verdict).collect()
        };
        let by_clause =
            scene.controls.iter().map(|(clause, controls)| ((*clause).to_owned(), verdicts(controls)));
        Ok(Self { by_clause: by_clause.collect(), weeks })
    }

    fn trend(&self, scene: &Scene<'_>, wanted: impl Fn(&ClauseSpec) -> bool) -> Vec<CoverageWeek> {
        let week = |from: &Timestamp| CoverageWeek { from: *from, covered: 0, followed: 0, broken: 0 };
        let mut trend: Vec<CoverageWeek> = self.weeks.iter().map(week).collect();
        let clauses = scene.book.clauses().filter(|(_, clause)| wanted(clause));
        for verdicts in clauses.filter_map(|(_, clause)| self.by_clause.get(&clause.id)) {
            for (week, verdict) in trend.iter_mut().zip(verdicts) {
                week.covered += u32::from(verdict.is_some());
                week.followed += u32::from(*verdict == Some(Verdict::Followed));
                week.broken += u32::from(*verdict == Some(Verdict::Broken));
            }
        }
        trend
    }
}

fn by_control(points: &[Point]) -> BTreeMap<&str, Vec<&Point>> {
    let mut by_control: BTreeMap<&str, Vec<&Point>> = BTreeMap::new();
    for point in points {
        by_control.entry(&point.control_id).or_default().push(point);
    }
    by_control
}

fn clause_trend(
    controls: &[&Control],
    points: &BTreeMap<&str, Vec<&Point>>,
    weeks: &[Timestamp],
) -> Vec<super::TrendWeek> {
    let trends: Vec<Vec<Option<Verdict>>> = controls
        .iter()
        .map(|control| trend(points.get(control.spec.id.as_str()).map_or(&[], Vec::as_slice), weeks))
        .collect();
    rules::weekly(weeks, &trends)
}

/// Returns clauses in the order of the documents.
pub async fn list(
    app: &App,
    language: Language,
    page: &PageQuery,
    filter: &ClauseFilter,
) -> Result<Page<Clause>> {
    let size = page.size()?;
    let book = app.part::<Rulebook>()?.snapshot();
    let scene = Scene::load(app, &book, language).await?;
    let after: Option<String> = page.after()?;
    let mut clauses = scene.book.clauses();
    if let Some(last) = after {
        clauses
            .find(|(_, clause)| clause.id == last)
            .ok_or_else(|| Problem::bad_request("page.cursor_invalid"))?;
    }
    let wanted = size as usize + 1;
    let items: Vec<Clause> = clauses
        .map(|(pack, clause)| scene.shown(pack, clause))
        .filter(|clause| matches(clause, filter))
        .take(wanted)
        .collect();
    Ok(Page::from_overfull(items, size, |clause| clause.id.clone()))
}

/// Returns every clause, in the order of the documents.
pub(crate) async fn all(app: &App, language: Language) -> Result<Vec<Clause>> {
    let book = app.part::<Rulebook>()?.snapshot();
    let scene = Scene::load(app, &book, language).await?;
    Ok(book.clauses().map(|(pack, clause)| scene.shown(pack, clause)).collect())
}

fn matches(clause: &Clause, filter: &ClauseFilter) -> bool {
    let is = |wanted: &Option<String>, value: &str| wanted.as_deref().is_none_or(|wanted| wanted == value);
    let words = filter.q.as_deref().unwrap_or_default().to_lowercase();
    let texts = [&clause.id, &clause.title, &clause.text, &clause.section].map(|text| text.to_lowercase());
    is(&filter.document, &clause.document)
        && is(&filter.chapter, &clause.chapter)
        && is(&filter.department, &clause.department)
        && filter.status.is_none_or(|status| status == clause.status)
        && filter.covered.is_none_or(|covered| covered == (clause.status != Status::Uncovered))
        && words.split_whitespace().all(|word| texts.iter().any(|text| text.contains(word)))
}

/// Returns one clause with its controls, parameters and trend.
pub async fn find(app: &App, language: Language, id: &str) -> Result<ClauseDetail> {
    let book = app.part::<Rulebook>()?.snapshot();
    let scene = Scene::load(app, &book, language).await?;
    let (pack, clause) = scene.book.clause(id).ok_or_else(|| Problem::not_found("access.not_found"))?;
    let points = run::points(app).await?;
    let (by_control, weeks) = (by_control(&points), weeks(scene.now));
    let controls = scene.controls_of(id);
    let chapter = pack.manifest.chapters.iter().find(|chapter| chapter.id == clause.chapter_id());
    let parameters = parameter::list(app, language).await?;
    Ok(ClauseDetail {
        clause: scene.shown(pack, clause),
        document_title: pack.manifest.texts.title.get(language).to_owned(),
        chapter_title: chapter.map(|c| c.texts.title.get(language).to_owned()).unwrap_or_default(),
        software: clause.software.get(language).to_owned(),
        evidence: clause.evidence.get(language).to_owned(),
        controls: controls
            .iter()
            .map(|control| {
                let run = run::of_control(app, language, control, &scene.runs);
                let trend = clause_trend(&[control], &by_control, &weeks);
                control::shown(control, language, run, trend)
            })
            .collect(),
        parameters: parameters.into_iter().filter(|p| p.clauses.iter().any(|clause| clause == id)).collect(),
        trend: clause_trend(controls, &by_control, &weeks),
        waivers: waiver::of_clause(app, id).await?,
    })
}
