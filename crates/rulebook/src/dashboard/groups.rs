use std::collections::BTreeMap;

use http_kit::App;
use kernel::{Caller, Id, Result};

use super::{GroupFigure, TileCell, TileGroups, TileSpec};
use crate::record::{self, FiguresBy, RecordFilter};
use crate::record_type::RecordType;

/// Returns records by one field or two, as far as the caller may see them; nothing where a field is above them.
pub async fn of_records(
    app: &App,
    caller: &Caller,
    record_type: &RecordType,
    spec: &TileSpec,
) -> Result<Option<TileGroups>> {
    let TileSpec::Groups { record, by, across, figure, of, filter, .. } = spec else { return Ok(None) };
    let fields = [Some(by), across.as_ref(), of.as_ref()].into_iter().flatten();
    if !fields.into_iter().all(|name| record::readable(record_type, caller, name)) {
        return Ok(None);
    }
    let wanted = RecordFilter { filter: filter.clone(), ..RecordFilter::default() };
    let figures = FiguresBy { by, across: across.as_deref(), figure: *figure, of: of.as_deref() };
    let found = record::figures(app, caller, record, &figures, &wanted).await?;
    let values =
        |pick: fn(&record::Figures) -> Option<&String>| found.iter().filter_map(pick).cloned().collect();
    let by_titles = titles(app, caller, record_type, by, values(|f| f.by_value.as_ref())).await?;
    let across_titles = match across {
        Some(across) => titles(app, caller, record_type, across, values(|f| f.across_value.as_ref())).await?,
        None => BTreeMap::new(),
    };
    let title = |titles: &BTreeMap<String, String>, value: &str| {
        titles.get(value).cloned().unwrap_or_else(|| value.to_owned())
    };
    let cells = found.into_iter().map(|cell| TileCell {
        by_title: cell.by_value.as_ref().map(|value| title(&by_titles, value)).unwrap_or_default(),
        across_title: cell.across_value.as_ref().map(|value| title(&across_titles, value)),
        value: if *figure == GroupFigure::Count { None } else { cell.value },
        by_value: cell.by_value,
        across_value: cell.across_value,
        records: cell.records,
    });
    let name = |key: &str| record_type.field(key).map(|f| f.title.get(caller.language).to_owned());
    Ok(Some(TileGroups {
        type_id: record.clone(),
        by: by.clone(),
        by_title: name(by).unwrap_or_default(),
        across: across.clone(),
        across_title: across.as_ref().map(|key| name(key).unwrap_or_default()),
        figure: *figure,
        of: of.clone(),
        filter: filter.clone(),
        cells: cells.collect(),
    }))
}

/// Returns the names of a field's values: options, states, people, departments, brands, records, metrics.
async fn titles(
    app: &App,
    caller: &Caller,
    record_type: &RecordType,
    key: &str,
    values: Vec<String>,
) -> Result<BTreeMap<String, String>> {
    if key == "state" {
        return record::state_titles(app, record_type, caller);
    }
    if let Some(field) = record_type.field(key).filter(|field| !field.options.is_empty()) {
        let one = |option: &crate::record_type::OptionSpec| {
            (option.id.clone(), option.title.get(caller.language).to_owned())
        };
        return Ok(field.options.iter().map(one).collect());
    }
    let ids: Vec<Id> = values.iter().filter_map(|value| value.parse().ok()).collect();
    if ids.is_empty() { Ok(BTreeMap::new()) } else { record::names_of_ids(app, caller, &ids).await }
}
