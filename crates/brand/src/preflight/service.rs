//! Runs the pre-flight and keeps what it found.

use http_kit::App;
use kernel::{Caller, Id, Page, PageQuery, Result, Timestamp};
use store::{Observation, args, json};

use super::pack::{SHIPPED, WordPack};
use super::rules::{self, Item};
use super::{LinkState, Links, PreflightRun, sql, words};
use crate::check::behind_every_id;
use crate::closure;
use crate::closure::service::Loaded;
use crate::content::service::require;
use crate::content::{self, Content};
use crate::finding::{Finding, Severity};
use crate::permissions::CONTENT_READ;
use crate::reader::Reader;

/// Most links that one run asks for: bounds how long it takes.
const LINKS_MAX: usize = 30;

/// Checks an item as it stands now and keeps the run.
pub async fn run(app: &App, caller: &Caller, content_id: Id) -> Result<PreflightRun> {
    let loaded = closure::service::load(&mut Reader::Store(&app.store), app, content_id).await?;
    require(caller, &loaded.content, CONTENT_READ)?;
    let mut run = check(app, &loaded, caller.find_user_id()).await;
    keep(app, &run).await?;
    say(app, caller, &mut run);
    Ok(run)
}

/// Returns the runs of an item, newest first.
pub async fn list(app: &App, caller: &Caller, id: Id, page: &PageQuery) -> Result<Page<PreflightRun>> {
    let size = page.size()?;
    let content: Content = app.store.get(content::sql::FIND, args![id]).await?;
    require(caller, &content, CONTENT_READ)?;
    let before = page.after::<String>()?.unwrap_or_else(behind_every_id);
    let mut rows: Vec<PreflightRun> =
        app.store.all(sql::LIST, args![id, before, i64::from(size) + 1]).await?;
    for run in &mut rows {
        say(app, caller, run);
    }
    Ok(Page::from_overfull(rows, size, |run| run.id))
}

/// Returns the word pack that is in use.
pub fn word_pack() -> &'static WordPack {
    &SHIPPED.pack
}

/// Returns the last run on exactly this closure.
pub(crate) async fn latest(
    reader: &mut Reader<'_>,
    content_id: Id,
    hash: &str,
) -> Result<Option<PreflightRun>> {
    reader.find(sql::LATEST, args![content_id, hash]).await
}

/// Returns true where a run may still be relied on.
pub(crate) fn is_fresh(run: &PreflightRun, now: Timestamp) -> bool {
    rules::is_fresh(run.run_at, &run.word_pack_date, &SHIPPED.pack.date, now)
}

/// Writes the sentences of a run in the caller's language.
pub(crate) fn say(app: &App, caller: &Caller, run: &mut PreflightRun) {
    for finding in &mut run.findings {
        finding.say(&app.texts, caller.language);
    }
}

async fn check(app: &App, loaded: &Loaded, by: Option<Id>) -> PreflightRun {
    let now = app.store.now();
    let item = Item {
        brand: &loaded.brand,
        languages: &loaded.content.languages,
        variants: &loaded.variants,
        library: &loaded.library,
        now,
    };
    let (mut findings, links) = rules::check(&item, &SHIPPED);
    findings.extend(live(app, links).await);
    rules::sort(&mut findings);
    let hits = findings.iter().filter(|finding| finding.code == words::TERM).count();
    PreflightRun {
        id: Id::new(),
        content_id: loaded.content.id,
        version_id: loaded.version.id,
        closure_hash: loaded.hash.clone(),
        verdict: rules::verdict(&findings),
        serious_count: rules::count(&findings, Severity::Serious),
        warning_count: rules::count(&findings, Severity::Warning),
        info_count: rules::count(&findings, Severity::Info),
        word_pack: SHIPPED.pack.pack.clone(),
        word_pack_date: SHIPPED.pack.date.clone(),
        word_hits: i64::try_from(hits).unwrap_or(i64::MAX),
        findings,
        run_by: by,
        run_at: now,
    }
}

/// Asks whether links lead somewhere; what cannot be judged from here is said, not guessed.
async fn live(app: &App, links: Vec<(String, Finding)>) -> Vec<Finding> {
    if links.is_empty() {
        return Vec::new();
    }
    let unjudged = |count: usize| Finding::info("brand.preflight.links_unjudged").with("count", count);
    let Ok(Links(checker)) = app.part::<Links>() else { return vec![unjudged(links.len())] };
    let (mut findings, mut unknown) = (Vec::new(), links.len().saturating_sub(LINKS_MAX));
    let mut known: Vec<(String, LinkState)> = Vec::new();
    for (target, finding) in links.into_iter().take(LINKS_MAX) {
        let seen = known.iter().find(|(other, _)| *other == target).map(|(_, state)| state.clone());
        let state = match seen {
            Some(state) => state,
            // Names that are reserved for examples lead nowhere by design (RFC 2606).
            None if rules::is_reserved(&target) => LinkState::Unknown,
            None => {
                let state = checker.check(&target).await;
                known.push((target, state.clone()));
                state
            }
        };
        match state {
            LinkState::Alive => {}
            LinkState::Dead { status } => findings.push(finding.with("status", status)),
            LinkState::Unknown => unknown += 1,
        }
    }
    if unknown > 0 {
        findings.push(unjudged(unknown));
    }
    findings
}

async fn keep(app: &App, run: &PreflightRun) -> Result<()> {
    let mut tx = app.store.begin_observation(Observation::Measurement).await?;
    let row = args![
        run.id,
        run.content_id,
        run.version_id,
        &run.closure_hash,
        run.verdict.as_str(),
        json(&run.findings),
        run.serious_count,
        run.warning_count,
        run.info_count,
        &run.word_pack,
        &run.word_pack_date,
        run.word_hits,
        run.run_by,
        run.run_at,
    ];
    tx.exec(sql::INSERT, row).await?;
    tx.commit().await
}
