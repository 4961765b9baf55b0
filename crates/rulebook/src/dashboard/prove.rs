use std::collections::BTreeMap;
use std::sync::Arc;

use kernel::ColumnKind;

use super::{DashboardSpec, GroupFigure, TargetSpec, TileSpec};
use crate::expr::{Condition, Names};
use crate::metric::MetricSpec;
use crate::parameter;
use crate::record_type::rules::for_nobody;
use crate::record_type::{RecordType, RecordTypeSpec};

/// Most records of a tile.
const RECORDS_MAX: u32 = 50;

/// A dashboard that was proven (看板).
#[derive(Clone, Debug)]
pub struct Dashboard {
    pub spec: DashboardSpec,
}

/// What is wrong with a tile: which, the key, the code, its arguments.
#[derive(Debug)]
pub struct Flaw {
    pub tile: usize,
    pub key: &'static str,
    pub code: &'static str,
    pub args: Vec<(&'static str, String)>,
}

/// What else runs, by which the names in a dashboard are judged.
pub struct Known<'k> {
    pub types: &'k BTreeMap<String, &'k RecordTypeSpec>,
    pub proven: &'k BTreeMap<String, Arc<RecordType>>,
    pub metrics: &'k BTreeMap<&'k str, &'k MetricSpec>,
    pub parameters: &'k BTreeMap<String, parameter::Kind>,
}

/// Proves a dashboard: its metrics, types, fields and views are there.
pub fn prove(spec: &DashboardSpec, known: &Known<'_>) -> Result<Dashboard, Vec<Flaw>> {
    let mut flaws = Vec::new();
    for (tile, declared) in spec.tiles.iter().enumerate() {
        Prover { tile, known, flaws: &mut flaws }.tile(declared);
    }
    if flaws.is_empty() { Ok(Dashboard { spec: spec.clone() }) } else { Err(flaws) }
}

struct Prover<'p> {
    tile: usize,
    known: &'p Known<'p>,
    flaws: &'p mut Vec<Flaw>,
}

impl Prover<'_> {
    fn flaw(&mut self, key: &'static str, code: &'static str, args: &[(&'static str, &str)]) {
        let args = args.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        self.flaws.push(Flaw { tile: self.tile, key, code, args });
    }

    fn tile(&mut self, tile: &TileSpec) {
        match tile {
            TileSpec::Metric { metric, series, .. } => {
                self.metric(metric);
                let by = |spec: &&MetricSpec| spec.figure.as_ref().is_some_and(|figure| figure.by.is_some());
                if *series && self.known.metrics.get(metric.as_str()).is_some_and(|spec| !by(spec)) {
                    self.flaw("series", "rulebook.pack.no_series", &[("metric", metric)]);
                }
            }
            TileSpec::Gauge { metric, target, .. } => {
                self.metric(metric);
                self.target(target);
            }
            TileSpec::Groups { record, by, across, figure, of, filter, .. } => {
                let Some(record_type) = self.record_type(record) else { return };
                for (key, name) in [("by", Some(by)), ("across", across.as_ref())] {
                    self.column(
                        &record_type,
                        key,
                        name,
                        &[ColumnKind::Text, ColumnKind::Integer, ColumnKind::Boolean],
                    );
                }
                if (*figure == GroupFigure::Count) == of.is_some() {
                    self.flaw("of", "rulebook.pack.unknown_field", &[("field", "of")]);
                }
                self.column(&record_type, "of", of.as_ref(), &[ColumnKind::Integer, ColumnKind::Real]);
                self.filter(&record_type, filter.as_deref());
            }
            TileSpec::List { record, view, filter, sort, columns, limit, .. } => {
                let Some(record_type) = self.record_type(record) else { return };
                if let Some(view) =
                    view.as_ref().filter(|id| record_type.spec.views.iter().all(|v| v.id != **id))
                {
                    self.flaw("view", "rulebook.pack.unknown_field", &[("field", view)]);
                }
                let sort = sort.as_deref().map(|sort| sort.trim_start_matches('-'));
                for (key, name) in sort
                    .map(|name| ("sort", name))
                    .into_iter()
                    .chain(columns.iter().map(|c| ("columns", c.as_str())))
                {
                    if record_type.view.column(name).is_none() && record_type.field(name).is_none() {
                        self.flaw(key, "rulebook.pack.unknown_field", &[("field", name)]);
                    }
                }
                if *limit == 0 || *limit > RECORDS_MAX {
                    self.flaw("limit", "rulebook.pack.tile_limit", &[("max", &RECORDS_MAX.to_string())]);
                }
                self.filter(&record_type, filter.as_deref());
            }
            TileSpec::Clauses { .. } | TileSpec::Text { .. } => {}
        }
    }

    fn metric(&mut self, metric: &str) {
        if !self.known.metrics.contains_key(metric) {
            self.flaw("metric", "rulebook.pack.unknown_metric", &[("metric", metric)]);
        }
    }

    fn target(&mut self, target: &TargetSpec) {
        use parameter::Kind;
        match (&target.value, &target.parameter) {
            (Some(_), None) => {}
            (None, Some(key)) => match self.known.parameters.get(key) {
                None => self.flaw("target", "rulebook.expression.unknown_parameter", &[("key", key)]),
                Some(Kind::Boolean | Kind::Text | Kind::TimeRange) => {
                    self.flaw("target", "rulebook.pack.parameter_of_other_kind", &[("key", key)]);
                }
                Some(_) => {}
            },
            _ => self.flaw("target", "rulebook.pack.value_or_parameter", &[("key", "target")]),
        }
    }

    fn record_type(&mut self, id: &str) -> Option<Arc<RecordType>> {
        // A type at fault is named by its own faults.
        if !self.known.types.contains_key(id) {
            self.flaw("record", "rulebook.pack.unknown_record_type", &[("type", id)]);
        }
        self.known.proven.get(id).cloned()
    }

    fn column(
        &mut self,
        record_type: &RecordType,
        key: &'static str,
        name: Option<&String>,
        kinds: &[ColumnKind],
    ) {
        let Some(name) = name else { return };
        if !record_type.view.column(name).is_some_and(|column| kinds.contains(&column.kind)) {
            self.flaw(key, "rulebook.pack.unknown_field", &[("field", name)]);
        }
    }

    fn filter(&mut self, record_type: &RecordType, filter: Option<&str>) {
        let Some(filter) = filter else { return };
        let names = Names { tables: BTreeMap::new(), ..record_type.names.clone() };
        if let Err(fault) = Condition::parse(&for_nobody(filter), &names) {
            self.flaws.push(Flaw { tile: self.tile, key: "filter", code: fault.code, args: fault.args });
        }
    }
}
