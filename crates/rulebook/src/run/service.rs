use std::collections::BTreeMap;

use http_kit::App;
use kernel::{
    Caller, ColumnKind, Id, Label, Language, Page, PageQuery, Permission, Problem, Result, Timestamp, View,
};
use serde_json::{Map, Value as Json, json};
use store::{Observation, Query, Tx, args};

use super::rules::{self, Setting};
use super::{EvidenceRow, Point, RowFilter, Run, RunFilter, Turn, Verdict, sql};
use crate::Rulebook;
use crate::control::{Control, EvidenceKind, Look, Measure, Operator, Signed};
use crate::parameter::{self, Input};
use crate::{attestation, detection, evidence_file};

/// Most rows that a run names by id; all of them are opened by its query.
const ROW_IDS_MAX: i64 = 200;

/// Evaluates every connected control, or those that read one of `views`; returns how many.
pub async fn evaluate_all(app: &App, views: Option<&[String]>) -> Result<usize> {
    let book = app.part::<Rulebook>()?.snapshot();
    let wanted = |control: &Control| {
        views.is_none_or(|views| views.iter().any(|view| control.views().contains(&view.as_str())))
    };
    let runs = measure_all(app, &book, wanted, &parameter::inputs(&app.store).await?).await?;
    let before = latest(app).await?;
    let mut tx = app.store.begin_observation(Observation::Measurement).await?;
    for run in &runs {
        keep(&mut tx, before.get(&run.control_id), run).await?;
    }
    tx.commit().await?;
    for run in &runs {
        if let Some(control) = book.control(&run.control_id) {
            detection::of_run(app, control, run).await?;
        }
    }
    Ok(runs.len())
}

/// Measures the connected controls of a rulebook, which need not be the one that runs, and keeps nothing.
pub(crate) async fn measure_all(
    app: &App,
    book: &Rulebook,
    wanted: impl Fn(&Control) -> bool,
    parameters: &BTreeMap<String, Input>,
) -> Result<Vec<Run>> {
    let mut runs = Vec::new();
    for control in book.controls().iter().filter(|control| wanted(control)) {
        runs.extend(measure(app, control, parameters).await?);
    }
    Ok(runs)
}

/// Evaluates one control now; a control whose view is not connected is refused.
pub async fn evaluate(app: &App, language: Language, control_id: &str) -> Result<Run> {
    let control = find_control(app, control_id)?;
    let parameters = parameter::inputs(&app.store).await?;
    let run = measure(app, control, &parameters).await?.ok_or_else(|| {
        Problem::unavailable("rulebook.control.not_connected").with("view", control.spec.evidence.view())
    })?;
    let before = latest(app).await?;
    let mut tx = app.store.begin_observation(Observation::Measurement).await?;
    let id = keep(&mut tx, before.get(control_id), &run).await?;
    tx.commit().await?;
    detection::of_run(app, control, &run).await?;
    find(app, language, id).await
}

fn find_control<'a>(app: &'a App, id: &str) -> Result<&'a Control> {
    app.part::<Rulebook>()?.control(id).ok_or_else(|| Problem::not_found("access.not_found"))
}

/// What a measurement found.
pub(crate) struct Found {
    pub verdict: Verdict,
    pub value: Option<f64>,
    pub threshold: f64,
    pub population: i64,
    pub counted: i64,
    pub from: Option<Timestamp>,
    pub row_ids: Vec<String>,
}

async fn measure(app: &App, control: &Control, parameters: &BTreeMap<String, Input>) -> Result<Option<Run>> {
    if !control.connected() {
        return Ok(None);
    }
    if let Some(signed) = &control.signed {
        return of_people(app, control, signed, parameters).await.map(Some);
    }
    let Some(measure) = &control.measure else { return Ok(None) };
    let now = app.store.now();
    let zone = &app.settings.time_zone;
    let setting = rules::setting(measure, &control.parameters(), parameters, (now, zone))?;
    let found = look(app, measure, &setting).await?;
    let row_set = rules::proving(measure.kind, found.verdict, found.counted);
    let of_rows = Setting { from: found.from, ..setting.clone() };
    let row_ids = app.store.list(sql::ids(measure, &of_rows, row_set, ROW_IDS_MAX)?).await?;
    let days = |from: Timestamp| (now.ms() - from.ms()).div_euclid(kernel::DAY_MS) + 1;
    let window_days = match &measure.look {
        Look::Periods { .. } => found.from.map(days),
        _ => setting.window_days,
    };
    let run = blank(control, measure.kind, measure.op, now);
    Ok(Some(Run { window_days, inputs: setting.inputs, row_set, ..run.with(Found { row_ids, ..found }) }))
}

async fn look(app: &App, measure: &Measure, setting: &Setting) -> Result<Found> {
    let nothing = Found {
        verdict: Verdict::Insufficient,
        value: None,
        threshold: setting.threshold,
        population: 0,
        counted: 0,
        from: setting.from,
        row_ids: Vec::new(),
    };
    match &measure.look {
        Look::Rows | Look::Newest => {
            let counts: Vec<(i64, i64)> = app.store.list(sql::count(measure, setting)?).await?;
            let (population, counted) = counts.first().copied().unwrap_or_default();
            let (value, verdict) = rules::judge(measure, setting.threshold, population, counted);
            Ok(Found { verdict, value, population, counted, ..nothing })
        }
        Look::Quantity { statistic, of } => {
            let query = sql::figure(measure, setting, *statistic, *of)?;
            let found: Vec<(i64, Option<f64>)> = app.store.list(query).await?;
            let (population, value) = found.first().copied().unwrap_or_default();
            let value = value.filter(|_| population >= measure.minimum_rows.max(1));
            let verdict = value
                .map_or(Verdict::Insufficient, |value| rules::compare(measure.op, value, setting.threshold));
            Ok(Found { verdict, value, population, counted: population, ..nothing })
        }
        Look::Periods { .. } => {
            let first: Vec<Option<i64>> = app.store.list(sql::first(measure, setting)?).await?;
            let first = first.first().copied().flatten().map(Timestamp::from_ms);
            let counts: Vec<Vec<i64>> = app.store.list(sql::periods(measure, setting)?).await?;
            let kept = rules::periods_kept(setting, counts.first().map_or(&[], Vec::as_slice), first);
            Ok(found_in(kept, nothing))
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a handful of periods")]
fn found_in(kept: rules::Kept, nothing: Found) -> Found {
    let (threshold, from) = (kept.asked as f64, kept.from.or(nothing.from));
    if kept.asked == 0 {
        return Found { threshold, from, ..nothing };
    }
    let verdict = if kept.kept >= kept.asked { Verdict::Followed } else { Verdict::Broken };
    let value = Some(kept.kept as f64);
    Found { verdict, value, threshold, population: kept.asked, counted: kept.kept, from, ..nothing }
}

/// Looks at what people signed or brought.
async fn of_people(
    app: &App,
    control: &Control,
    signed: &Signed,
    parameters: &BTreeMap<String, Input>,
) -> Result<Run> {
    let found = match signed.kind {
        EvidenceKind::File => evidence_file::found(app, &control.spec.id).await?,
        _ => attestation::found(app, &control.spec.id, signed).await?,
    };
    let keys = control.parameters();
    let inputs = parameters.iter().filter(|(key, _)| keys.contains(&key.as_str()));
    Ok(Run {
        inputs: inputs.map(|(key, input)| (key.clone(), input.clone())).collect(),
        ..blank(control, signed.kind, Operator::AtLeast, app.store.now()).with(found)
    })
}

fn blank(control: &Control, kind: EvidenceKind, operator: Operator, now: Timestamp) -> Run {
    Run {
        id: Id::new(),
        control_id: control.spec.id.clone(),
        spec_hash: control.spec_hash.clone(),
        kind,
        verdict: Verdict::Insufficient,
        value: None,
        operator,
        threshold: 0.0,
        population: 0,
        counted: 0,
        window_days: None,
        window_from: None,
        window_to: now,
        inputs: BTreeMap::new(),
        row_set: super::RowSet::All,
        row_ids: Vec::new(),
        evaluated_at: now,
        confirmed_at: now,
        why: String::new(),
    }
}

impl Run {
    fn with(self, found: Found) -> Self {
        Self {
            verdict: found.verdict,
            value: found.value,
            threshold: found.threshold,
            population: found.population,
            counted: found.counted,
            window_from: found.from,
            row_ids: found.row_ids,
            ..self
        }
    }
}

/// Keeps a run, or confirms the one before; returns the id of the one that now stands.
async fn keep(tx: &mut Tx, before: Option<&Run>, run: &Run) -> Result<Id> {
    if let Some(before) = before.filter(|before| rules::confirms(before, run)) {
        let now = tx.now();
        tx.exec_one(sql::CONFIRM, sql::confirm(before.id, run, now)).await?;
        return Ok(before.id);
    }
    tx.exec_one(sql::INSERT, sql::insert(run)).await?;
    tx.exec_one(sql::POINT_TO, args![&run.control_id, run.id]).await?;
    Ok(run.id)
}

/// Returns the newest run of each control, by the control's id.
pub async fn latest(app: &App) -> Result<BTreeMap<String, Run>> {
    let runs: Vec<Run> = app.store.all(sql::LATEST, args![]).await?;
    Ok(runs.into_iter().map(|run| (run.control_id.clone(), run)).collect())
}

/// Returns the newest run of a control, explained, where it measured what the control now says.
pub fn of_control(
    app: &App,
    language: Language,
    control: &Control,
    runs: &BTreeMap<String, Run>,
) -> Option<Run> {
    let run = runs.get(&control.spec.id).filter(|run| run.spec_hash == control.spec_hash)?;
    Some(explained(app, language, run.clone()))
}

/// Returns what the trends are made of.
pub async fn points(app: &App) -> Result<Vec<Point>> {
    let since = app.store.now().plus_days(-7 * rules::TREND_WEEKS);
    app.store.all(sql::POINTS, args![since]).await
}

/// Returns the controls whose verdict changed in the last days, newest first.
pub async fn turns(app: &App, language: Language, days: i64) -> Result<Vec<Turn>> {
    let book = app.part::<Rulebook>()?;
    let since = app.store.now().plus_days(-days);
    let mut turns: Vec<Turn> = app.store.all(sql::TURNS, args![since]).await?;
    turns.retain_mut(|turn| match book.control(&turn.control_id) {
        Some(control) => {
            turn.title = control.spec.title.get(language).to_owned();
            turn.clauses = control.spec.clauses.keys().cloned().collect();
            true
        }
        None => false,
    });
    Ok(turns)
}

/// Returns runs, newest first.
pub async fn list(app: &App, language: Language, page: &PageQuery, filter: &RunFilter) -> Result<Page<Run>> {
    let size = page.size()?;
    let mut query = Query::new(sql::LIST, args![]);
    query
        .and_some("control_id =", filter.control.as_deref())
        .and_some("verdict =", filter.verdict.map(Verdict::as_str))
        .and_some("id <", page.after::<Id>()?)
        .push(" ORDER BY id DESC")
        .limit_overfull(size);
    let runs: Vec<Run> = app.store.list(query).await?;
    let runs = runs.into_iter().map(|run| explained(app, language, run)).collect();
    Ok(Page::from_overfull(runs, size, |run: &Run| run.id))
}

/// Returns one run.
pub async fn find(app: &App, language: Language, id: Id) -> Result<Run> {
    Ok(explained(app, language, app.store.get(sql::FIND, args![id]).await?))
}

/// Says in a sentence what a run found.
pub(crate) fn said(app: &App, language: Language, run: &Run) -> String {
    explained(app, language, run.clone()).why
}

fn explained(app: &App, language: Language, run: Run) -> Run {
    let window = match run.window_days {
        Some(days) => {
            let args = BTreeMap::from([("days".to_owned(), json!(days))]);
            app.texts.say(language, "rulebook.run.window.days", &args)
        }
        None => app.texts.say(language, "rulebook.run.window.all", &BTreeMap::new()),
    };
    let (code, args) = rules::why(&run, window);
    Run { why: app.texts.say(language, code, &args), ..run }
}

/// Opens the rows behind a run, as this caller may see them: the view's own permission, scope and masks.
///
/// The measurement is asked again with the window and the parameters of the run; where the control says
/// something else by now, the rows that the run named are shown.
pub async fn rows(
    app: &App,
    caller: &Caller,
    id: Id,
    page: &PageQuery,
    filter: &RowFilter,
) -> Result<Page<EvidenceRow>> {
    let size = page.size()?;
    let run: Run = app.store.get(sql::FIND, args![id]).await?;
    let control = find_control(app, &run.control_id)?;
    let name = control.spec.evidence.rows_view();
    let view = control.measure.as_ref().map(|measure| measure.view).or_else(|| app.view(name));
    let view =
        view.ok_or_else(|| Problem::unavailable("rulebook.control.not_connected").with("view", name))?;
    let scope = caller.scope(permission_of(app, &view)?)?;
    // The newest row alone was looked at: it is what the run names.
    let asked = control
        .measure
        .as_ref()
        .filter(|measure| control.spec_hash == run.spec_hash && !matches!(measure.look, Look::Newest));
    let mut query = match asked {
        Some(measure) => sql::rows(measure, &setting_of(&run), filter.set.unwrap_or(run.row_set), &scope)?,
        None => sql::rows_by_id(&view, &run.row_ids, &scope),
    };
    if let Some((at, last)) = page.after::<(i64, String)>()? {
        sql::after(&mut query, &view, at, &last);
    }
    sql::newest_first(&mut query, &view);
    query.limit_overfull(size);
    let rows: Vec<Vec<Option<String>>> = app.store.list(query).await?;
    let rows = rows.into_iter().map(|cells| row(&view, caller, cells)).collect();
    Ok(Page::from_overfull(rows, size, |row: &EvidenceRow| (row.at.map_or(0, Timestamp::ms), row.id.clone())))
}

/// Returns the permission that a view asks for.
pub(crate) fn permission_of(app: &App, view: &View) -> Result<Permission> {
    app.permission(view.permission)
        .ok_or_else(|| Problem::forbidden("access.missing_permission").with("permission", view.permission))
}

fn setting_of(run: &Run) -> Setting {
    let constants =
        run.inputs.iter().filter_map(|(key, input)| Some((key.clone(), input.constant()?))).collect();
    Setting {
        window_days: run.window_days,
        from: run.window_from,
        to: run.window_to,
        threshold: run.threshold,
        inputs: run.inputs.clone(),
        constants,
        starts: Vec::new(),
        at_least: 0,
    }
}

/// Shapes one row, hiding what is above the caller's clearance; ids and links stay.
pub(crate) fn row(view: &View, caller: &Caller, cells: Vec<Option<String>>) -> EvidenceRow {
    let mut columns = Map::new();
    let mut masked = Vec::new();
    for (column, cell) in view.columns.iter().zip(cells) {
        let hidden = column.personal && caller.clearance < Label::Personal;
        if hidden && cell.is_some() {
            masked.push(column.name.to_owned());
        }
        let value =
            if hidden { Json::Null } else { cell.map_or(Json::Null, |text| value(column.kind, &text)) };
        columns.insert(column.name.to_owned(), value);
    }
    let text = |name: &str| columns.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
    let link = view.columns.iter().fold(view.link.to_owned(), |link, column| {
        link.replace(&format!("{{{}}}", column.name), &text(column.name))
    });
    EvidenceRow { id: text("id"), link, at: text(view.at).parse().ok(), columns, masked }
}

/// Reads a cell that came as text.
fn value(kind: ColumnKind, text: &str) -> Json {
    match kind {
        ColumnKind::Text => json!(text),
        ColumnKind::Integer => text.parse::<i64>().map_or_else(|_| json!(text), |v| json!(v)),
        ColumnKind::Real => text.parse::<f64>().map_or_else(|_| json!(text), |v| json!(v)),
        // SQLite says 1, PostgreSQL says true.
        ColumnKind::Boolean => json!(matches!(text, "1" | "true" | "t")),
        ColumnKind::Time => text.parse().map_or_else(|_| json!(text), |ms| json!(Timestamp::from_ms(ms))),
    }
}
