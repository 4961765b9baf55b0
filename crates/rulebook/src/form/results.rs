use std::collections::BTreeMap;

use http_kit::App;
use kernel::{Caller, Id, Page, Result, Timestamp};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use store::{Query, args};
use tabular::export::{ExportFormat, Exported, Sheet, Written, export_rows};

use super::questions::Question;
use super::service::{Form, Place, form_of, links_of};
use super::{FormChannel, FormChoice, FormLink, FormResults, sql, tally};
use crate::record;
use crate::record_type::intern::intern;

/// Most answers that are counted.
const ANSWERS_MAX: u32 = 50_000;

/// A record that answers.
#[derive(Clone, Debug, Deserialize)]
struct Answer {
    number: String,
    state: Option<String>,
    document: Map<String, Json>,
    created_at: Timestamp,
}

/// Finds a place whose answers the caller may read.
async fn place(app: &App, caller: &Caller, parent_type: &str, parent: Id, form_type: &str) -> Result<Place> {
    record::find(app, caller, parent_type, parent).await?;
    let place = Place::of(app, parent_type, parent, form_type).await?;
    let scope = caller.scope(place.record_type.read)?;
    scope.require(place.parent.brand_id, place.parent.department_id, place.parent.owner_id)?;
    Ok(place)
}

/// Returns the records that answer, newest first.
async fn answers(app: &App, place: &Place) -> Result<Vec<Answer>> {
    let mut query = Query::new(sql::ANSWERS, args![]);
    query.push(place.record_type.view.name).push(sql::OF_VIEW).push(intern(&place.form().parent));
    query.push(" = ").bind(place.parent.id).push(" ORDER BY r.id DESC").limit_overfull(ANSWERS_MAX);
    app.store.list(query).await
}

/// Returns what came of a form.
pub async fn results(
    app: &App,
    caller: &Caller,
    parent_type: &str,
    parent: Id,
    form_type: &str,
) -> Result<FormResults> {
    let place = place(app, caller, parent_type, parent, form_type).await?;
    let form = form_of(app, &place).await?;
    let links = match &form {
        Some(form) => links_of(app, form, false).await?,
        None => Vec::new(),
    };
    let found = answers(app, &place).await?;
    let earlier = earlier(app, caller, &place).await?;
    let sum = |of: fn(&FormLink) -> i64| links.iter().map(of).sum::<i64>();
    let (invited, sent) = (sum(|link| link.invited), sum(|link| link.answers));
    Ok(FormResults {
        invited,
        visits: sum(|link| link.visits),
        answers: sent,
        response_rate: tally::share(sent, invited),
        channels: channels(&place, caller, &links, &found),
        states: record::state_titles(app, &place.record_type, caller)?
            .into_iter()
            .map(|(id, title)| FormChoice { id, title })
            .collect(),
        questions: questions(&place, caller, form.as_ref(), &found, earlier.as_ref()),
        compared_with: earlier.as_ref().map(|(title, _)| title.clone()),
        compared_answers: earlier.map_or(0, |(_, found)| i64::try_from(found.len()).unwrap_or(i64::MAX)),
    })
}

/// Returns the answers of the earlier record that this one is compared with, where the caller may see it.
async fn earlier(app: &App, caller: &Caller, place: &Place) -> Result<Option<(String, Vec<Answer>)>> {
    let named = place.form().compared_with.as_ref().and_then(|key| place.parent.document.get(key));
    let Some(id) = named.and_then(Json::as_str).and_then(|text| text.parse::<Id>().ok()) else {
        return Ok(None);
    };
    let types = (&place.parent_type.spec.id, &place.record_type.spec.id);
    match self::place(app, caller, types.0, id, types.1).await {
        Ok(before) => Ok(Some((before.parent.title.clone(), answers(app, &before).await?))),
        // What the caller may not see is not compared with.
        Err(problem) if problem.status < 500 => Ok(None),
        Err(problem) => Err(problem),
    }
}

fn questions(
    place: &Place,
    caller: &Caller,
    form: Option<&Form>,
    found: &[Answer],
    earlier: Option<&(String, Vec<Answer>)>,
) -> Vec<super::FormQuestion> {
    let Some((spec, form)) = place.form().questions.as_ref().zip(form) else { return Vec::new() };
    let shows_texts = place.record_type.spec.label <= caller.clearance;
    let table = |found: &'_ [Answer]| -> Vec<Vec<Json>> {
        found.iter().map(|answer| tally::rows(&answer.document, &spec.answers).to_vec()).collect()
    };
    let (now, then) = (table(found), earlier.map(|(_, found)| table(found)));
    let now: Vec<&[Json]> = now.iter().map(Vec::as_slice).collect();
    let then: Option<Vec<&[Json]>> = then.as_ref().map(|then| then.iter().map(Vec::as_slice).collect());
    let one =
        |question: &Question| tally::question(question, caller.language, &now, then.as_deref(), shows_texts);
    form.questions.iter().map(one).collect()
}

/// Counts records by channel: those of the form and those that somebody noted by hand.
fn channels(place: &Place, caller: &Caller, links: &[FormLink], found: &[Answer]) -> Vec<FormChannel> {
    let Some(field) = place.channel() else { return Vec::new() };
    let form = place.form();
    let mut by: BTreeMap<Option<String>, FormChannel> = BTreeMap::new();
    for link in links {
        let channel = by.entry(link.channel.clone()).or_default();
        channel.links += 1;
        channel.visits += link.visits;
    }
    for answer in found {
        let id = answer.document.get(&field.key).and_then(Json::as_str).map(str::to_owned);
        let channel = by.entry(id).or_default();
        channel.records += 1;
        if let Some(state) = &answer.state {
            *channel.by_state.entry(state.clone()).or_default() += 1;
        }
        let is_outcome = |key: &String| answer.document.get(key).and_then(Json::as_bool) == Some(true);
        if form.outcome.as_ref().is_some_and(is_outcome) {
            *channel.outcomes.get_or_insert(0) += 1;
        }
    }
    if let Some(cost) = &form.cost {
        for row in tally::rows(&place.parent.document, &cost.table) {
            let id = row.get(&cost.channel).and_then(Json::as_str).map(str::to_owned);
            let amount = row.get(&cost.amount).and_then(Json::as_i64).unwrap_or(0);
            *by.entry(id).or_default().cost_minor.get_or_insert(0) += amount;
        }
    }
    let titled = |(id, mut channel): (Option<String>, FormChannel)| {
        let option = field.options.iter().find(|option| Some(&option.id) == id.as_ref());
        channel.title = option.map(|option| option.title.get(caller.language).to_owned());
        if form.outcome.is_some() {
            let outcomes = *channel.outcomes.get_or_insert(0);
            channel.cost_per_outcome_minor =
                channel.cost_minor.filter(|_| outcomes > 0).map(|cost| cost / outcomes);
        }
        FormChannel { channel: id, ..channel }
    };
    by.into_iter().map(titled).collect()
}

/// Writes one row for each answer: its number, when, through which channel, and what was said to each question.
pub async fn export(
    app: &App,
    caller: &Caller,
    (parent_type, parent, form_type): (&str, Id, &str),
    format: ExportFormat,
) -> Result<Exported> {
    let place = place(app, caller, parent_type, parent, form_type).await?;
    if place.record_type.spec.label > caller.clearance {
        return Err(kernel::Problem::not_found("access.not_found"));
    }
    let form = form_of(app, &place).await?;
    let form = form.ok_or_else(|| kernel::Problem::conflict("rulebook.form.not_published"))?;
    let found = answers(app, &place).await?;
    let say = |word: &str| {
        app.texts.say(caller.language, &format!("rulebook.form.export.{word}"), &BTreeMap::new())
    };
    let asked =
        form.questions.iter().map(|question| format!("{} {}", question.code, question.text(caller.language)));
    let sheet = Sheet {
        name: format!("{}-{}", form_type, place.parent.number),
        noun: place.record_type.noun,
        titles: [say("number"), say("at"), say("channel")].into_iter().chain(asked).collect(),
        mark: record::export_mark(app, caller, &place.record_type),
        facts: json!({ "of": place.parent.number }),
    };
    let rows: Vec<Vec<Written>> =
        found.iter().map(|answer| row(app, caller, &place, &form, answer)).collect();
    let mut pages = vec![rows].into_iter();
    let next = |_| {
        let items = pages.next().unwrap_or_default();
        async move { Ok(Page { items, next_cursor: None }) }
    };
    export_rows(app, caller, format, sheet, next, |_| ()).await
}

fn row(app: &App, caller: &Caller, place: &Place, form: &Form, answer: &Answer) -> Vec<Written> {
    let zone = &app.settings.time_zone;
    let channel = place.channel().and_then(|field| {
        let id = answer.document.get(&field.key)?.as_str()?;
        field.options.iter().find(|option| option.id == id)
    });
    let mut cells = vec![
        Written::Text(answer.number.clone()),
        Written::Time(zone.to_datetime(answer.created_at.instant())),
        channel.map_or(Written::Empty, |option| Written::Text(option.title.get(caller.language).to_owned())),
    ];
    let table = place.form().questions.as_ref().map(|spec| tally::rows(&answer.document, &spec.answers));
    for question in &form.questions {
        let own = table.unwrap_or_default().iter().filter(|row| row["question"] == question.code);
        let (mut said, mut number) = (Vec::new(), None);
        for row in own {
            said.extend(row["value"].as_str());
            number = row.get("number").and_then(Json::as_f64);
        }
        cells.push(match (said.is_empty(), number) {
            (true, _) => Written::Empty,
            (false, Some(number)) => Written::Number(number.to_string()),
            (false, None) => Written::Text(said.join("; ")),
        });
    }
    cells
}
