use std::collections::BTreeMap;

use http_kit::App;
use kernel::{Caller, Id, Language, Result};
use serde_json::Value as Json;

use super::prove::Metric;
use crate::Rulebook;
use crate::record::in_three_languages;

/// Returns the name of a metric with that of one of its series in three languages, for sentences that are said later.
pub async fn titled(app: &App, metric: &Metric, series: &str) -> Result<[(String, Json); 3]> {
    let mut found =
        in_three_languages("title", &metric.spec.title).map(|(name, title)| (name, Json::from(title)));
    if series.is_empty() {
        return Ok(found);
    }
    for (language, (_, title)) in [Language::ZhHans, Language::ZhHant, Language::En].iter().zip(&mut found) {
        let names = titles(app, *language, metric, &[series]).await?;
        let name = names.get(series).map_or(series, String::as_str);
        *title = Json::from(format!("{} · {name}", title.as_str().unwrap_or_default()));
    }
    Ok(found)
}

/// Returns the names of series, by their keys, as far as something has a name for them.
pub async fn titles(
    app: &App,
    language: Language,
    metric: &Metric,
    keys: &[&str],
) -> Result<BTreeMap<String, String>> {
    let (Some(by), Some(measure)) = (metric.by(), metric.measure()) else { return Ok(BTreeMap::new()) };
    if keys.is_empty() {
        return Ok(BTreeMap::new());
    }
    let ids: Vec<Id> = keys.iter().filter_map(|key| key.parse().ok()).collect();
    if !ids.is_empty() {
        let caller = Caller { language, ..Caller::system("metrics") };
        return crate::record::names_of_ids(app, &caller, &ids).await;
    }
    let book = app.part::<Rulebook>()?;
    if by == "step" || by == "machine_id" {
        return Ok(keys
            .iter()
            .filter_map(|key| Some(((*key).to_owned(), step(book, language, key)?)))
            .collect());
    }
    // A choice of a record type has names for its options; a state has one in its machine.
    let of_view = book.record_types().find(|record_type| record_type.view.name == measure.view.name);
    let Some(record_type) = of_view else { return Ok(BTreeMap::new()) };
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    if by == "state" {
        let machines = record_type.spec.machines.iter().filter_map(|choice| book.machine(&choice.machine));
        for machine in machines {
            let states = machine.spec.states.iter();
            found.extend(states.map(|state| (state.id.clone(), state.title.get(language).to_owned())));
        }
    }
    let options = record_type.field(by).map(|field| field.options.as_slice()).unwrap_or_default();
    found.extend(options.iter().map(|option| (option.id.clone(), option.title.get(language).to_owned())));
    Ok(found)
}

/// Returns the name of a machine, or of one of its states: `risk` or `risk/assessed`.
fn step(book: &Rulebook, language: Language, key: &str) -> Option<String> {
    let (machine, state) = key.split_once('/').unwrap_or((key, ""));
    let machine = book.machine(machine)?;
    let title = machine.spec.title.get(language).to_owned();
    let state = machine.spec.states.iter().find(|known| known.id == state);
    Some(state.map_or(title.clone(), |state| format!("{title} · {}", state.title.get(language))))
}
