//! A look: what stands there, what of it is new, and what that opens.

use std::collections::BTreeSet;

use http_kit::App;
use kernel::ports::{WebContent, WebFault, WebSight, WebWanted};
use kernel::{Caller, DAY_MS, Id, Language, Problem, Result, Timestamp};
use serde_json::{Map, Value as Json, json};
use store::{Observation, Query, args};

use super::rules::{self, Find, Verdict};
use super::{Watch, WatchKind, WatchOutcome, WatchRun, WatchState, service, sql};
use crate::Rulebook;
use crate::parameter;
use crate::record::{self, Draft};
use crate::record_type::RecordType;

/// Under which name the product acts.
const ACTS_AS: &str = "watches";
/// Days for which looks are kept.
const RUNS_DAYS: i64 = 92;

/// What was decided about watches (监测政策).
struct Policy {
    interval_minutes: i64,
    failures: i64,
    certificate_days: i64,
}

impl Policy {
    async fn of(app: &App) -> Result<Self> {
        Ok(Self {
            interval_minutes: parameter::get(&app.store, "watch.interval").await?.minutes()?,
            failures: parameter::get(&app.store, "watch.failures").await?.integer()?,
            certificate_days: parameter::get(&app.store, "watch.certificate_days").await?.days()?,
        })
    }
}

/// Looks at everything whose time has come; returns at how much.
pub async fn look_due(app: &App) -> Result<usize> {
    let due: Vec<Watch> = app.store.all(sql::DUE, args![app.store.now()]).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let policy = Policy::of(app).await?;
    let mut looked = 0;
    for watch in due {
        let next = rules::next_at(app.store.now(), minutes(&watch, &policy), None);
        let mut tx = app.store.begin_observation(Observation::Measurement).await?;
        let mine = tx.exec(sql::CLAIM, args![watch.id, watch.next_at, next]).await? == 1;
        tx.commit().await?;
        if !mine {
            continue;
        }
        // One that fails must not keep the others from being looked at.
        match look(app, &watch, &policy).await {
            Ok(_) => looked += 1,
            Err(problem) => {
                tracing::error!(watch = %watch.id, code = %problem.code, source = ?problem.source, "could not look at {}", watch.name);
            }
        }
    }
    Ok(looked)
}

fn minutes(watch: &Watch, policy: &Policy) -> i64 {
    watch.interval_minutes.unwrap_or(policy.interval_minutes)
}

/// Looks now, because somebody asks for it.
pub async fn look_now(app: &App, id: Id) -> Result<WatchRun> {
    let watch: Watch = app.store.get(sql::FIND, args![id]).await?;
    if !watch.active {
        return Err(Problem::conflict("rulebook.watch.not_active"));
    }
    let run = look(app, &watch, &Policy::of(app).await?).await?;
    app.store.get(sql::FIND_RUN, args![run]).await
}

/// Drops looks whose time is up.
pub async fn drop_old(app: &App) -> Result<()> {
    let mut tx = app.store.begin_observation(Observation::Upkeep).await?;
    tx.exec(sql::DROP_RUNS, args![tx.now().plus_days(-RUNS_DAYS)]).await?;
    tx.commit().await
}

async fn look(app: &App, watch: &Watch, policy: &Policy) -> Result<Id> {
    let wanted = WebWanted {
        url: watch.url.clone(),
        feed: watch.kind == WatchKind::Feed,
        selector: watch.selector.clone(),
    };
    let sight = app.ports.web.get()?.look(&wanted).await;
    let mut looked = Looked { sight, read: None, opened: 0, refused: None };
    if let Ok(content) = &looked.sight.found {
        let seen = seen(app, watch.id, &rules::keys(content)).await?;
        let verdict = rules::judge(watch, content, &seen);
        match open_all(app, watch, content, &verdict.finds).await {
            Ok(count) => {
                looked.opened = count;
                looked.read = Some(verdict);
            }
            // What a type does not take is said where people look for it; it is tried again with the next look.
            Err(problem) if problem.status < 500 => looked.refused = Some(said(app, &problem)),
            Err(problem) => return Err(problem),
        }
    }
    let run = settle(app, watch, policy, &looked).await?;
    report(app, watch, policy, &looked.sight).await?;
    Ok(run)
}

/// What came of a look.
struct Looked {
    sight: WebSight,
    /// What was read, where everything that it opens was opened.
    read: Option<Verdict>,
    opened: i64,
    /// Why a record could not be opened.
    refused: Option<String>,
}

fn said(app: &App, problem: &Problem) -> String {
    let fields = problem.fields.iter().map(|field| field.field.clone()).collect::<Vec<_>>().join(", ");
    let words = app.texts.say(Language::default(), &problem.code, &problem.args);
    if fields.is_empty() { words } else { format!("{words} ({fields})") }
}

async fn seen(app: &App, id: Id, keys: &[String]) -> Result<BTreeSet<String>> {
    let mut query = Query::new(sql::SEEN, args![id]);
    query.and_in("seen", keys.iter().map(String::as_str));
    Ok(app.store.list::<String>(query).await?.into_iter().collect())
}

/// Opens a record for each find that none was opened for; returns how many.
async fn open_all(app: &App, watch: &Watch, content: &WebContent, finds: &[Find]) -> Result<i64> {
    let Some(opens) = &watch.opens else { return Ok(0) };
    let record_type = record::record_type(app, opens)?;
    let spec = record_type.spec.watched.as_ref().ok_or_else(|| service::opens_nothing(opens))?;
    let mut count = 0;
    for find in finds {
        let mut tx = app.store.begin(&Caller::system(ACTS_AS)).await?;
        let now = tx.now();
        if tx.exec(sql::SEE, args![watch.id, &find.seen, now]).await? == 0 {
            continue;
        }
        let facts = facts(watch, content, find, now);
        let mut values = record::fill(app, &record_type, &spec.values, &facts, None, now);
        values.extend(watch.opens_values.clone());
        let id =
            record::make(&mut tx, app, &Caller::system(ACTS_AS), &record_type, draft(watch, values)).await?;
        tx.exec_one(sql::OPENED, args![watch.id, &find.seen, id]).await?;
        tx.commit().await?;
        count += 1;
    }
    Ok(count)
}

fn draft(watch: &Watch, values: Map<String, Json>) -> Draft {
    Draft {
        values,
        owner_id: Some(watch.owner_id),
        department_id: watch.department_id,
        brand_id: None,
        reason: Some(watch.name.clone()),
    }
}

/// Returns what the values of a record may name of what was found.
fn facts(watch: &Watch, content: &WebContent, find: &Find, now: Timestamp) -> Map<String, Json> {
    let signal = match (watch.keywords.is_empty(), watch.selector.is_some(), watch.kind) {
        (false, ..) => "keyword",
        (_, true, _) => "price",
        (_, _, WatchKind::Page) => "page",
        (_, _, WatchKind::Feed) => "other",
    };
    let source = match content {
        WebContent::Feed { title, .. } if !title.is_empty() => title,
        _ => &watch.name,
    };
    let link = find.link.as_deref().unwrap_or(&watch.url);
    let title = if find.title.is_empty() { &watch.name } else { &find.title };
    let mut facts = about(watch, now);
    facts.insert("title".into(), json!(title));
    facts.insert("content".into(), json!(format!("{}\n\n{link}", find.content)));
    facts.insert("source".into(), json!(source));
    facts.insert("link".into(), json!(link));
    facts.insert("signal".into(), json!(signal));
    facts.insert("at".into(), json!(find.published_at.filter(|at| *at <= now).unwrap_or(now)));
    facts
}

fn about(watch: &Watch, now: Timestamp) -> Map<String, Json> {
    let mut facts = Map::new();
    facts.insert("watch".into(), json!(watch.name));
    facts.insert("kind".into(), json!(watch.kind));
    facts.insert("url".into(), json!(watch.url));
    facts.insert("at".into(), json!(now));
    facts
        .insert("about".into(), json!(if watch.competitor_id.is_some() { "competitor" } else { "industry" }));
    if let Some(competitor) = watch.competitor_id {
        facts.insert("competitor".into(), json!(competitor));
    }
    facts
}

/// Keeps the look, and where it leaves the watch.
async fn settle(app: &App, watch: &Watch, policy: &Policy, looked: &Looked) -> Result<Id> {
    let mut tx = app.store.begin_observation(Observation::Measurement).await?;
    let (id, now) = (Id::new(), tx.now());
    let (sight, read) = (&looked.sight, looked.read.as_ref());
    for seen in read.iter().flat_map(|read| &read.known) {
        tx.exec(sql::SEE, args![watch.id, seen, now]).await?;
    }
    let fault = sight.found.as_ref().err();
    let kind = fault.map(|fault| fault.kind.as_str());
    let words = fault.map(|fault| fault.detail.as_str()).filter(|detail| !detail.is_empty());
    let detail = words.or(looked.refused.as_deref());
    let digest = read.map(|read| read.digest.as_str());
    let status = sight.status.map(i64::from);
    let outcome = read.map_or(WatchOutcome::Failed, |read| read.outcome).as_str();
    let found = read.map_or(0, |read| i64::try_from(read.found).unwrap_or(i64::MAX));
    let (latency, until) = (sight.latency_ms, sight.certificate_until);
    let (watch_id, opened) = (watch.id, looked.opened);
    let kept = args![id, watch_id, now, outcome, kind, detail, status, latency, until, digest, found, opened];
    tx.exec_one(sql::INSERT_RUN, kept).await?;
    let state = if read.is_some() { WatchState::Ok } else { WatchState::Failing }.as_str();
    let failures = match fault {
        Some(fault) => watch.failures + i64::from(rules::counts(fault.kind)),
        None => 0,
    };
    let next = rules::next_at(now, minutes(watch, policy), sight.retry_after_seconds);
    let words = read.and_then(|read| read.words.as_deref());
    let stand =
        args![watch_id, state, failures, kind, detail, status, latency, until, digest, words, now, next];
    tx.exec_one(sql::STAND, stand).await?;
    tx.commit().await?;
    Ok(id)
}

/// Reports as a risk what cannot be read for some times in a row, and a certificate that ends soon.
async fn report(app: &App, watch: &Watch, policy: &Policy, sight: &WebSight) -> Result<()> {
    let now = app.store.now();
    match &sight.found {
        Ok(_) if watch.risk_id.is_some() => end_report(app, watch).await?,
        Err(fault) if rules::counts(fault.kind) && watch.risk_id.is_none() => {
            let failures = watch.failures + 1;
            if failures >= policy.failures {
                let evidence = evidence_of_fault(app, sight, fault, failures);
                let detector = rules::detector(watch.kind, fault.kind);
                let seen = format!("fault/{}", Id::new());
                open_risk(app, watch, detector, &evidence, &seen, true).await?;
            }
        }
        _ => {}
    }
    let Some(until) = sight.certificate_until else { return Ok(()) };
    let days = (until.ms() - now.ms()).div_euclid(DAY_MS);
    if days >= policy.certificate_days {
        return Ok(());
    }
    let args = [("days".to_owned(), json!(days)), ("until".to_owned(), json!(day_of(app, until)))];
    let evidence =
        app.texts.say(Language::default(), "rulebook.watch.certificate_ends", &args.into_iter().collect());
    // Each certificate is reported once.
    let seen = format!("certificate/{}", until.ms());
    open_risk(app, watch, "certificate", &evidence, &seen, false).await
}

fn day_of(app: &App, at: Timestamp) -> String {
    at.instant().to_zoned(app.settings.time_zone.clone()).date().to_string()
}

fn evidence_of_fault(app: &App, sight: &WebSight, fault: &WebFault, failures: i64) -> String {
    let language = Language::default();
    let none = Default::default();
    let why = app.texts.say(language, &format!("rulebook.watch.fault.{}", fault.kind), &none);
    let args = [
        ("failures".to_owned(), json!(failures)),
        ("why".to_owned(), json!(why)),
        ("detail".to_owned(), json!(fault.detail)),
        ("latency".to_owned(), json!(sight.latency_ms)),
    ];
    app.texts.say(language, "rulebook.watch.unread", &args.into_iter().collect())
}

async fn end_report(app: &App, watch: &Watch) -> Result<()> {
    let mut tx = app.store.begin_observation(Observation::Measurement).await?;
    tx.exec_one(sql::RISK, args![watch.id, None::<Id>]).await?;
    tx.commit().await
}

/// Opens a record of the type that takes what watches report, once for each thing that is reported.
async fn open_risk(
    app: &App,
    watch: &Watch,
    detector: &str,
    evidence: &str,
    seen: &str,
    lasts: bool,
) -> Result<()> {
    let Some((record_type, spec)) = reports_to(app)? else { return Ok(()) };
    let mut tx = app.store.begin(&Caller::system(ACTS_AS)).await?;
    let now = tx.now();
    if tx.exec(sql::SEE, args![watch.id, seen, now]).await? == 0 {
        return Ok(());
    }
    let mut facts = about(watch, now);
    facts.insert("detector".into(), json!(detector));
    facts.insert("evidence".into(), json!(evidence));
    let title = app.texts.say(
        Language::default(),
        &format!("rulebook.watch.detected.{detector}"),
        &[("name".to_owned(), json!(watch.name))].into_iter().collect(),
    );
    facts.insert("title".into(), json!(title));
    let values = record::fill(app, &record_type, &spec, &facts, None, now);
    let caller = Caller::system(ACTS_AS);
    let id = record::make(&mut tx, app, &caller, &record_type, draft(watch, values)).await?;
    tx.exec_one(sql::OPENED, args![watch.id, seen, id]).await?;
    if lasts {
        tx.exec_one(sql::RISK, args![watch.id, id]).await?;
    }
    tx.commit().await
}

type Reported = (std::sync::Arc<RecordType>, std::collections::BTreeMap<String, Json>);

/// Returns the first type that takes what watches report, with its values.
fn reports_to(app: &App) -> Result<Option<Reported>> {
    let book = app.part::<Rulebook>()?;
    let taking = |record_type: &std::sync::Arc<RecordType>| {
        Some((record_type.clone(), record_type.spec.watched.as_ref()?.fault.clone()?))
    };
    Ok(book.record_types().find_map(taking))
}
