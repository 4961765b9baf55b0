use std::sync::Arc;

use http_kit::App;
use kernel::{Caller, Id, Language, Problem, Result, Timestamp};
use serde_json::{Map, Value as Json, json};
use store::{Query, Tx, args};

use super::prove::Metric;
use super::service::StateRow;
use super::{Limits, MetricState, bound, rules, series, sql};
use crate::detection;
use crate::notification::{self, Notice, NoticeKind};
use crate::record::{self, Draft};
use crate::record_type::{AlertSpec, RecordType};
use crate::task::Sentence;
use crate::{Rulebook, due};

/// Most alerts that are looked at for being unanswered.
const OVERDUE_MAX: i64 = 500;

/// An alert as its metric sees it.
struct Alert<'a> {
    metric: &'a Metric,
    limits: &'a Limits,
    state: &'a StateRow,
    record_type: Arc<RecordType>,
    spec: AlertSpec,
    /// Its name with that of the series, in three languages.
    titles: [(String, Json); 3],
}

/// Brings the alert of a series in line with where it stands: opens it once, raises it in place, notes that it is over.
pub async fn reconcile(app: &App, metric: &Metric, limits: &Limits, series: &str) -> Result<()> {
    let Some(declared) = &metric.spec.limits else { return Ok(()) };
    let record_type = record::record_type(app, &declared.opens.record)?;
    let Some(spec) = record_type.spec.alert.clone() else { return Ok(()) };
    let titles = series::titled(app, metric, series).await?;
    let caller = Caller::system("metrics");
    let mut tx = app.store.begin(&caller).await?;
    // Two who measure at the same time open one alert.
    tx.lock("rulebook.metric", super::service::lock_id(&metric.spec.id)).await?;
    let states: Vec<StateRow> = tx.all(sql::STATES_OF, args![&metric.spec.id]).await?;
    let Some(state) = states.iter().find(|state| state.series == series) else { return Ok(()) };
    let alert = Alert { metric, limits, state, record_type, spec, titles };
    let moved = match (state.alert_id, state.state) {
        (None, MetricState::Near | MetricState::Over) => {
            let id = open(&mut tx, app, &alert).await?;
            note(&mut tx, state, Some((id, state.state))).await?;
            true
        }
        (Some(id), MetricState::Over) if state.alert_level != Some(MetricState::Over) => {
            raise(&mut tx, app, &alert, id).await?;
            note(&mut tx, state, Some((id, MetricState::Over))).await?;
            true
        }
        (Some(id), MetricState::Ok) => {
            let cleared = cleared(&alert, tx.now());
            record::note(&mut tx, app, &alert.record_type, id, cleared, "clear").await?;
            note(&mut tx, state, None).await?;
            true
        }
        _ => false,
    };
    if moved { tx.commit().await } else { Ok(()) }
}

async fn note(tx: &mut Tx, state: &StateRow, alert: Option<(Id, MetricState)>) -> Result<()> {
    let (id, level) = (alert.map(|(id, _)| id), alert.map(|(_, level)| level.as_str()));
    tx.exec_one(sql::ALERT, args![&state.metric_id, &state.series, id, level]).await
}

/// Makes the record of an alert and tells those who are to act.
async fn open(tx: &mut Tx, app: &App, alert: &Alert<'_>) -> Result<Id> {
    let facts = facts(alert);
    let declared = alert.metric.spec.limits.as_ref();
    let limits = declared.ok_or_else(|| Problem::internal("an alert of a metric without limits"))?;
    let people = record::people(tx, app, &facts, &limits.owner).await?;
    if people.is_empty() {
        tracing::warn!(metric = alert.metric.spec.id, "nobody is to act on {}", alert.metric.spec.id);
    }
    let now = tx.now();
    let mut values = record::fill(app, &alert.record_type, &limits.opens.values, &facts, None, now);
    values.extend(figures(alert, now));
    let named = alert.record_type.named_by().to_owned();
    if !values.contains_key(&named) {
        values.insert(named, json!(sentence(app, alert, Language::default())));
    }
    let id_in = |name: &str| facts.get(name).and_then(Json::as_str).and_then(|id| id.parse().ok());
    let draft = Draft {
        values,
        owner_id: people.first().copied(),
        department_id: id_in("department_id"),
        brand_id: id_in("brand_id"),
        reason: Some(alert.metric.spec.id.clone()),
    };
    let id = record::make(tx, app, &Caller::system("metrics"), &alert.record_type, draft).await?;
    tell(tx, alert, id, &people).await?;
    also(tx, app, alert, (id, people.first().copied()), |at| at <= alert.state.state).await?;
    Ok(id)
}

/// Opens what a limit opens beside its alert, at the levels that are wanted.
async fn also(
    tx: &mut Tx,
    app: &App,
    alert: &Alert<'_>,
    (id, owner): (Id, Option<Id>),
    wanted: impl Fn(MetricState) -> bool,
) -> Result<()> {
    let Some(limits) = &alert.metric.spec.limits else { return Ok(()) };
    for also in limits.also.iter().filter(|also| wanted(also.at)) {
        let mut facts = facts(alert);
        facts.insert("said".into(), json!(sentence(app, alert, Language::default())));
        facts.insert("alert".into(), json!(id));
        let opens = (also.record.as_str(), &also.values);
        detection::open(tx, app, "metrics", opens, &facts, (owner, &alert.metric.spec.id)).await?;
    }
    Ok(())
}

/// Raises an open alert from "near" to "over".
async fn raise(tx: &mut Tx, app: &App, alert: &Alert<'_>, id: Id) -> Result<()> {
    let mut values = figures(alert, tx.now());
    // When it was raised first stays.
    if let Some(at) = &alert.spec.at {
        values.remove(at);
    }
    record::note(tx, app, &alert.record_type, id, values, "raise").await?;
    let Some(limits) = &alert.metric.spec.limits else { return Ok(()) };
    let people = record::people(tx, app, &facts(alert), &limits.owner).await?;
    tell(tx, alert, id, &people).await?;
    also(tx, app, alert, (id, people.first().copied()), |at| at == MetricState::Over).await
}

/// Returns what the record of an alert holds of its metric.
fn figures(alert: &Alert<'_>, now: Timestamp) -> Map<String, Json> {
    let (spec, state) = (&alert.spec, alert.state);
    let over = state.state == MetricState::Over;
    let limit = if over { alert.limits.over } else { alert.limits.near };
    let mut values = Map::new();
    let mut put = |field: Option<&String>, value: Json| {
        if let Some(field) = field
            && !value.is_null()
        {
            values.insert(field.clone(), value);
        }
    };
    put(Some(&spec.metric), json!(alert.metric.spec.id));
    put(spec.series.as_ref(), if state.series.is_empty() { Json::Null } else { json!(state.series) });
    put(spec.level.as_ref(), json!(if over { &spec.over } else { &spec.near }));
    put(spec.at.as_ref(), json!(now));
    let number = |field: Option<&String>, value: Option<f64>| {
        let field = alert.record_type.field(field?)?;
        bound::number(field, alert.metric.spec.unit, value?)
    };
    put(spec.value.as_ref(), number(spec.value.as_ref(), state.value).unwrap_or_default());
    let limit = number(spec.limit.as_ref(), limit.map(|(_, limit)| limit));
    put(spec.limit.as_ref(), limit.unwrap_or_default());
    values
}

fn cleared(alert: &Alert<'_>, now: Timestamp) -> Map<String, Json> {
    let mut values = Map::new();
    if let Some(field) = &alert.spec.cleared_at {
        values.insert(field.clone(), json!(now));
    }
    let field = alert.spec.cleared_value.as_ref().and_then(|key| alert.record_type.field(key));
    if let (Some(field), Some(value)) = (field, alert.state.value)
        && let Some(number) = bound::number(field, alert.metric.spec.unit, value)
    {
        values.insert(field.key.clone(), number);
    }
    values
}

/// Returns what the receivers and the further values of an alert may name.
fn facts(alert: &Alert<'_>) -> Map<String, Json> {
    let mut facts = Map::new();
    facts.insert("metric".into(), json!(alert.metric.spec.id));
    facts.insert("series".into(), json!(alert.state.series));
    facts.insert("level".into(), json!(alert.state.state));
    facts.insert("value".into(), json!(alert.state.value));
    facts.insert("at".into(), json!(alert.state.measured_at));
    // A series by department, brand or person says whose it is.
    if let (Some(by), false) = (alert.metric.by(), alert.state.series.is_empty()) {
        facts.insert(by.to_owned(), json!(alert.state.series));
    }
    facts
}

fn code(state: MetricState) -> &'static str {
    if state == MetricState::Over { "rulebook.metric.alert.over" } else { "rulebook.metric.alert.near" }
}

fn said(alert: &Alert<'_>) -> Sentence {
    let unit = alert.metric.spec.unit;
    let over = alert.state.state == MetricState::Over;
    let limit = if over { alert.limits.over } else { alert.limits.near };
    let mut sentence = Sentence::new(code(alert.state.state))
        .with("value", alert.state.value.map(|value| rules::said(value, unit)).unwrap_or_default())
        .with(
            "limit",
            limit
                .map(|(op, limit)| format!("{} {}", op.sign(), rules::said(limit, unit)))
                .unwrap_or_default(),
        );
    for (name, text) in &alert.titles {
        sentence = sentence.with(name, text.clone());
    }
    sentence
}

fn sentence(app: &App, alert: &Alert<'_>, language: Language) -> String {
    let sentence = said(alert);
    app.texts.say(language, sentence.code, &sentence.args)
}

async fn tell(tx: &mut Tx, alert: &Alert<'_>, id: Id, people: &[Id]) -> Result<()> {
    let notice = Notice {
        kind: NoticeKind::Alert,
        subject_noun: alert.record_type.noun,
        subject_id: id,
        link: format!("/records/{}/{id}", alert.record_type.spec.id),
        title: said(alert),
        group_key: format!("rulebook.metric.alert/{id}/{}", alert.state.state),
        document: false,
    };
    notification::tell(tx, people, &notice).await.map(drop)
}

/// Notes on a record what its metric is after the last action.
pub async fn note_remeasured(app: &App, metric: &Metric, after: Option<Id>) -> Result<()> {
    let Some(id) = after else { return Ok(()) };
    let Some(row) = record::rows(app, &[id]).await?.into_iter().next() else { return Ok(()) };
    let record_type = record::record_type(app, &row.type_id)?;
    let Some(spec) = &record_type.spec.alert else { return Ok(()) };
    let series = spec.series.as_ref().and_then(|key| row.document.get(key)?.as_str()).unwrap_or_default();
    let states: Vec<StateRow> = app.store.all(sql::STATES_OF, args![&metric.spec.id]).await?;
    let Some(state) = states.iter().find(|state| state.series == series) else { return Ok(()) };
    let mut values = Map::new();
    if let Some(at) = &spec.remeasured_at {
        values.insert(at.clone(), json!(state.measured_at));
    }
    let field = spec.remeasured_value.as_ref().and_then(|key| record_type.field(key));
    if let (Some(field), Some(value)) = (field, state.value)
        && let Some(number) = bound::number(field, metric.spec.unit, value)
    {
        values.insert(field.key.clone(), number);
    }
    let mut tx = app.store.begin(&Caller::system("metrics")).await?;
    if record::note(&mut tx, app, &record_type, id, values, "measure").await?.is_some() {
        tx.commit().await?;
    }
    Ok(())
}

/// Does with alerts that nobody answered in time what their type says; returns with how many.
pub async fn escalate_overdue(app: &App) -> Result<usize> {
    let types: Vec<Arc<RecordType>> = app.part::<Rulebook>()?.record_types().cloned().collect();
    let mut count = 0;
    for record_type in types {
        let Some(alert) = &record_type.spec.alert else { continue };
        let (Some(escalate), Some(at)) = (&alert.escalate, &alert.at) else { continue };
        let mut query = Query::new(sql::RECORDS, args![]);
        query.push(record_type.view.name).push(" WHERE ended = FALSE ORDER BY id LIMIT ").bind(OVERDUE_MAX);
        let ids: Vec<Id> = app.store.list(query).await?;
        for row in record::rows(app, &ids).await? {
            let facts = record::facts_of(app, &record_type, &row);
            let raised = facts.get(at).and_then(Json::as_str).and_then(|text| text.parse().ok());
            let Some(raised) = raised else { continue };
            let mut tx = app.store.begin(&Caller::system("metrics")).await?;
            let late = due::after(app, &mut tx, &escalate.after, &facts, raised).await?;
            if late.is_some_and(|late| late < tx.now())
                && record::try_by_product(&mut tx, app, &record_type, row.id, &escalate.action).await?
            {
                tx.commit().await?;
                count += 1;
            }
        }
    }
    Ok(count)
}
