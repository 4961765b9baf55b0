use std::sync::Arc;

use http_kit::App;
use kernel::{Caller, PageQuery, Problem, Result};

use super::prove::Dashboard;
use super::{
    DashboardDetail, DashboardRow, DashboardTile, TargetSpec, TileClause, TileColumn, TileList, TilePoint,
    TileShows, TileSpec, groups,
};
use crate::metric::{self, MetricBetter, MetricSight};
use crate::permissions::CLAUSE_READ;
use crate::record::{self, RecordFilter};
use crate::record_type::RecordType;
use crate::{Rulebook, clause, parameter};

/// Points of a tile's line.
const POINTS: usize = 120;

/// Lists the dashboards.
pub fn list(app: &App, caller: &Caller) -> Result<Vec<DashboardRow>> {
    let book = app.part::<Rulebook>()?;
    Ok(book.dashboards().iter().map(|dashboard| row(dashboard, caller)).collect())
}

fn row(dashboard: &Dashboard, caller: &Caller) -> DashboardRow {
    let (spec, language) = (&dashboard.spec, caller.language);
    DashboardRow {
        id: spec.id.clone(),
        title: spec.title.get(language).to_owned(),
        summary: spec.summary.get(language).to_owned(),
        area: spec.area,
        clauses: spec.clauses.clone(),
    }
}

/// Returns a dashboard with what the caller may see of it.
pub async fn find(app: &App, caller: &Caller, id: &str) -> Result<DashboardDetail> {
    let book = app.part::<Rulebook>()?.snapshot();
    let found = book.dashboards().iter().find(|dashboard| dashboard.spec.id == id).cloned();
    let dashboard: Arc<Dashboard> = found.ok_or_else(|| Problem::not_found("access.not_found"))?;
    let mut tiles = Vec::new();
    for spec in &dashboard.spec.tiles {
        tiles.push(tile(app, caller, &dashboard, spec).await?);
    }
    Ok(DashboardDetail { dashboard: row(&dashboard, caller), tiles })
}

/// Returns a tile without content.
fn empty(spec: &TileSpec, caller: &Caller) -> DashboardTile {
    let title = match spec {
        TileSpec::Text { .. } => None,
        _ => spec.needed_text(),
    };
    DashboardTile {
        kind: spec.kind(),
        title: title.map(|(_, title)| title.get(caller.language).to_owned()).unwrap_or_default(),
        wide: spec.wide(),
        shows: TileShows::Line,
        hidden: false,
        metric: None,
        points: Vec::new(),
        target: None,
        attainment: None,
        groups: None,
        list: None,
        clauses: Vec::new(),
        text: String::new(),
    }
}

async fn tile(app: &App, caller: &Caller, dashboard: &Dashboard, spec: &TileSpec) -> Result<DashboardTile> {
    let empty = empty(spec, caller);
    match spec {
        TileSpec::Metric { metric, shows, series, .. } => {
            let usual = if *series { TileShows::Bars } else { TileShows::Line };
            let tile = of_metric(app, caller, metric, empty).await?;
            Ok(DashboardTile { shows: shows.unwrap_or(usual), ..tile })
        }
        TileSpec::Gauge { metric, target, .. } => {
            let tile = of_metric(app, caller, metric, empty).await?;
            against(app, metric, target, tile).await
        }
        TileSpec::Groups { record, shows, .. } => match readable(app, caller, record)? {
            None => Ok(DashboardTile { hidden: true, ..empty }),
            Some(record_type) => Ok(DashboardTile {
                shows: shows.unwrap_or(TileShows::Bars),
                groups: groups::of_records(app, caller, &record_type, spec).await?,
                ..empty
            }),
        },
        TileSpec::List { record, .. } => match readable(app, caller, record)? {
            None => Ok(DashboardTile { hidden: true, ..empty }),
            Some(record_type) => Ok(DashboardTile {
                shows: TileShows::Table,
                list: records(app, caller, &record_type, spec).await?,
                ..empty
            }),
        },
        TileSpec::Clauses { .. } if !caller.may(CLAUSE_READ) => Ok(DashboardTile { hidden: true, ..empty }),
        TileSpec::Clauses { .. } => Ok(DashboardTile {
            shows: TileShows::Table,
            clauses: clauses(app, caller, dashboard).await?,
            ..empty
        }),
        TileSpec::Text { text, .. } => {
            Ok(DashboardTile { text: text.get(caller.language).to_owned(), ..empty })
        }
    }
}

/// Returns a type that the caller may read.
fn readable(app: &App, caller: &Caller, id: &str) -> Result<Option<Arc<RecordType>>> {
    let record_type = record::record_type(app, id)?;
    Ok(caller.may(record_type.read).then_some(record_type))
}

async fn of_metric(app: &App, caller: &Caller, id: &str, tile: DashboardTile) -> Result<DashboardTile> {
    let detail = metric::find(app, caller, id).await?;
    let title = if tile.title.is_empty() { detail.metric.title.clone() } else { tile.title.clone() };
    let step = detail.samples.len().div_ceil(POINTS).max(1);
    // From the newest back, so that the newest always stands.
    let mut points: Vec<TilePoint> = detail
        .samples
        .iter()
        .rev()
        .step_by(step)
        .map(|sample| TilePoint { at: sample.at, value: sample.value })
        .collect();
    points.reverse();
    let hidden = detail.metric.sight == MetricSight::None;
    Ok(DashboardTile { title, hidden, points, metric: Some(detail.metric), ..tile })
}

/// Puts the target beside a metric, and how much of it is reached.
async fn against(app: &App, id: &str, target: &TargetSpec, tile: DashboardTile) -> Result<DashboardTile> {
    let Some(metric) = app.part::<Rulebook>()?.metric(id) else { return Ok(tile) };
    let inputs = parameter::inputs(&app.store).await?;
    let target = metric::in_unit(target.value, target.parameter.as_deref(), metric.spec.unit, &inputs);
    let value = tile.metric.as_ref().and_then(|metric| metric.value);
    let share = |(value, target): (f64, f64)| match metric.spec.better {
        MetricBetter::Higher if target != 0.0 => Some(100.0 * value / target),
        MetricBetter::Lower if value != 0.0 => Some(100.0 * target / value),
        MetricBetter::Lower => Some(100.0),
        MetricBetter::Higher => None,
    };
    Ok(DashboardTile { target, attainment: value.zip(target).and_then(share), ..tile })
}

async fn records(
    app: &App,
    caller: &Caller,
    record_type: &RecordType,
    spec: &TileSpec,
) -> Result<Option<TileList>> {
    let TileSpec::List { record, view, filter, sort, columns, limit, .. } = spec else { return Ok(None) };
    let wanted = RecordFilter {
        filter: filter.clone(),
        view: view.clone(),
        sort: sort.clone(),
        ..RecordFilter::default()
    };
    let page = PageQuery { page_size: Some(*limit), cursor: None };
    let found = record::list(app, caller, record, &page, &wanted).await?;
    let of_view = view.as_ref().and_then(|id| record_type.spec.views.iter().find(|view| view.id == *id));
    let keys = match of_view {
        Some(view) if columns.is_empty() => &view.columns,
        _ => columns,
    };
    let column = |key: &String| TileColumn {
        key: key.clone(),
        title: record_type.field(key).map(|f| f.title.get(caller.language).to_owned()).unwrap_or_default(),
        kind: record_type.field(key).map(|field| field.kind),
    };
    Ok(Some(TileList {
        type_id: record.clone(),
        view: view.clone(),
        filter: filter.clone(),
        columns: keys.iter().map(column).collect(),
        more: found.next_cursor.is_some(),
        records: found.items,
    }))
}

async fn clauses(app: &App, caller: &Caller, dashboard: &Dashboard) -> Result<Vec<TileClause>> {
    let all = clause::all(app, caller.language).await?;
    let of_this = all.into_iter().filter(|clause| dashboard.spec.clauses.contains(&clause.id));
    Ok(of_this.map(|c| TileClause { id: c.id, title: c.title, status: c.status }).collect())
}
