use std::collections::{BTreeMap, BTreeSet};

use kernel::{ColumnKind, View};
use sha2::{Digest, Sha256};

use super::{FigureSpec, JumpSpec, LimitSpec, LimitsSpec, MetricBetter, MetricSpec, MetricUnit};
use crate::control::{self, Figure, Measure, Operator};
use crate::detection;
use crate::expr::{Formula, Kind, Names};
use crate::parameter;
use crate::record_type::RecordTypeSpec;

/// A metric that was proven (指标).
#[derive(Clone, Debug)]
pub struct Metric {
    pub spec: MetricSpec,
    pub pack_id: String,
    /// Digest of what is computed: a version stands for it for ever.
    pub hash: String,
    /// Digest of all that the pack says of it.
    pub digest: String,
    pub source: Source,
}

/// Where the values of a metric come from.
#[derive(Clone, Debug)]
pub enum Source {
    /// The rows of a view; without a measurement where nobody publishes it.
    Rows { measure: Option<Box<Measure>>, by: Option<&'static str> },
    /// Other metrics, and all that they need in turn, those first that need nothing.
    Formula { formula: Box<Formula>, names: BTreeMap<String, String>, needs: Vec<String> },
}

/// What is wrong with a metric: the keys that lead to it, the code, its arguments.
#[derive(Debug)]
pub struct Flaw {
    pub path: Vec<&'static str>,
    pub code: &'static str,
    pub args: Vec<(&'static str, String)>,
}

fn flaw(path: &[&'static str], code: &'static str, args: &[(&'static str, &str)]) -> Flaw {
    let args = args.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    Flaw { path: path.to_vec(), code, args }
}

/// What else runs, by which the names in a metric are judged.
pub struct Known<'k> {
    pub views: &'k [View],
    pub parameters: &'k BTreeMap<String, parameter::Kind>,
    pub types: &'k BTreeMap<String, &'k RecordTypeSpec>,
}

impl Metric {
    /// Returns the column by which it has series.
    pub fn by(&self) -> Option<&'static str> {
        match &self.source {
            Source::Rows { by, .. } => *by,
            Source::Formula { .. } => None,
        }
    }

    /// Returns its measurement, where it reads rows that somebody publishes.
    pub fn measure(&self) -> Option<&Measure> {
        match &self.source {
            Source::Rows { measure, .. } => measure.as_deref(),
            Source::Formula { .. } => None,
        }
    }

    /// Returns the metrics that its formula needs.
    pub fn needs(&self) -> &[String] {
        match &self.source {
            Source::Rows { .. } => &[],
            Source::Formula { needs, .. } => needs,
        }
    }

    /// Returns the policy parameters that it reads, its limits included.
    pub fn parameters(&self) -> Vec<&str> {
        let mut keys = match &self.source {
            Source::Rows { measure, .. } => measure.as_ref().map(|m| m.parameters()).unwrap_or_default(),
            Source::Formula { formula, .. } => formula.parameters(),
        };
        let limits = self.spec.limits.iter().flat_map(|limits| [&limits.near, &limits.over]);
        keys.extend(limits.flatten().filter_map(|limit| limit.parameter.as_deref()));
        keys.extend(self.spec.jump.iter().filter_map(|jump| jump.parameter.as_deref()));
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}

/// Proves the metrics of all packs, which may name each other; each with the place of its pack.
pub fn prove_all(
    specs: &[(String, &MetricSpec)],
    known: &Known<'_>,
) -> (BTreeMap<String, Metric>, Vec<(usize, Flaw)>) {
    let by_id: BTreeMap<&str, &MetricSpec> =
        specs.iter().map(|(_, spec)| (spec.id.as_str(), *spec)).collect();
    let (mut metrics, mut flaws) = (BTreeMap::new(), Vec::new());
    for (place, (pack_id, spec)) in specs.iter().enumerate() {
        match prove(spec, pack_id, &by_id, known) {
            Ok(metric) => drop(metrics.insert(spec.id.clone(), metric)),
            Err(found) => flaws.extend(found.into_iter().map(|flaw| (place, flaw))),
        }
    }
    (metrics, flaws)
}

fn prove(
    spec: &MetricSpec,
    pack_id: &str,
    by_id: &BTreeMap<&str, &MetricSpec>,
    known: &Known<'_>,
) -> Result<Metric, Vec<Flaw>> {
    let mut flaws = Vec::new();
    if !is_id(&spec.id) {
        flaws.push(flaw(&["id"], "rulebook.pack.bad_metric_id", &[("id", &spec.id)]));
    }
    let source = match (&spec.figure, &spec.formula) {
        (Some(figure), None) => of_rows(figure, known),
        (None, Some(formula)) => of_formula(spec, formula, by_id, known),
        _ => Err(vec![flaw(&["figure"], "rulebook.pack.figure_or_formula", &[("id", &spec.id)])]),
    };
    if let Some(limits) = &spec.limits {
        flaws.extend(limits_at_fault(spec, limits, known));
    }
    if let Some(jump) = &spec.jump {
        flaws.extend(jump_at_fault(jump, known));
    }
    match source {
        Ok(source) if flaws.is_empty() => {
            let computed = store::json(&(&spec.figure, &spec.formula, spec.unit, spec.every));
            let hash = hex::encode(Sha256::digest(computed));
            let digest = hex::encode(Sha256::digest(store::json(spec)));
            Ok(Metric { spec: spec.clone(), pack_id: pack_id.to_owned(), hash, digest, source })
        }
        Ok(_) => Err(flaws),
        Err(found) => Err(flaws.into_iter().chain(found).collect()),
    }
}

fn is_id(id: &str) -> bool {
    let mut letters = id.chars();
    letters.next().is_some_and(|first| first.is_ascii_lowercase())
        && (2..=61).contains(&id.len())
        && letters.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '.')
}

fn of_rows(figure: &FigureSpec, known: &Known<'_>) -> Result<Source, Vec<Flaw>> {
    let Some(evidence) = figure.evidence() else {
        let args = [("kind", figure.kind.as_str())];
        return Err(vec![flaw(&["figure"], "rulebook.pack.figure_parts", &args)]);
    };
    let measure = control::compile_measure(&evidence, known.views, known.parameters).map_err(|flaws| {
        let here = |flaw: control::Flaw| {
            let path = std::iter::once("figure").chain(flaw.path.into_iter().skip(1)).collect();
            Flaw { path, code: flaw.code, args: flaw.args }
        };
        flaws.into_iter().map(here).collect::<Vec<_>>()
    })?;
    let by = match (&figure.by, &measure) {
        (Some(by), Some(measure)) => {
            let kinds = [ColumnKind::Text, ColumnKind::Integer];
            let column = measure.view.column(by).filter(|column| kinds.contains(&column.kind));
            let unknown = || vec![flaw(&["figure", "by"], "rulebook.pack.unknown_field", &[("field", by)])];
            Some(column.ok_or_else(unknown)?.name)
        }
        _ => None,
    };
    Ok(Source::Rows { measure: measure.map(Box::new), by })
}

/// Reads `metric('a') / metric('b')`: each metric becomes a name of its own.
fn of_formula(
    spec: &MetricSpec,
    source: &str,
    by_id: &BTreeMap<&str, &MetricSpec>,
    known: &Known<'_>,
) -> Result<Source, Vec<Flaw>> {
    let (text, names) = named(source);
    let mut flaws = Vec::new();
    for id in names.values().filter(|id| !by_id.contains_key(id.as_str())) {
        flaws.push(flaw(&["formula"], "rulebook.pack.unknown_metric", &[("metric", id)]));
    }
    let mut needs = Vec::new();
    if let Err(id) = gather(&spec.id, by_id, &mut BTreeSet::new(), &mut needs) {
        flaws.push(flaw(&["formula"], "rulebook.pack.metric_cycle", &[("metric", &id)]));
    }
    let kinds = known.parameters.iter().map(|(key, kind)| (key.clone(), kind.in_expressions())).collect();
    let fields = names.keys().map(|name| (name.clone(), Kind::Real)).collect();
    let formula = Formula::parse(&text, &Names { fields, parameters: kinds, ..Names::default() });
    match formula {
        Ok(formula) if flaws.is_empty() && matches!(formula.kind(), Kind::Real | Kind::Integer) => {
            needs.retain(|id| *id != spec.id);
            Ok(Source::Formula { formula: Box::new(formula), names, needs })
        }
        Ok(formula) => {
            if flaws.is_empty() {
                let args = [("left", "real"), ("right", formula.kind().word())];
                flaws.push(flaw(&["formula"], "rulebook.expression.kinds_differ", &args));
            }
            Err(flaws)
        }
        Err(fault) => {
            flaws.push(Flaw { path: vec!["formula"], code: fault.code, args: fault.args });
            Err(flaws)
        }
    }
}

/// Puts a name in the place of each `metric('…')`.
fn named(source: &str) -> (String, BTreeMap<String, String>) {
    let (mut text, mut names, mut rest) = (String::new(), BTreeMap::new(), source);
    while let Some(begin) = rest.find("metric(") {
        let inner = &rest[begin + "metric(".len()..];
        let Some(end) = inner.find(')') else { break };
        let id = inner[..end].trim().trim_matches(['\'', '"']).to_owned();
        let name = names
            .iter()
            .find(|(_, known)| **known == id)
            .map_or_else(|| format!("metric_{}", names.len() + 1), |(name, _): (&String, _)| name.clone());
        text.push_str(&rest[..begin]);
        text.push_str(&name);
        names.insert(name, id);
        rest = &inner[end + 1..];
    }
    text.push_str(rest);
    (text, names)
}

/// Gathers what a metric needs, those first that need nothing; returns the metric at which it comes back to itself.
fn gather(
    id: &str,
    by_id: &BTreeMap<&str, &MetricSpec>,
    under_way: &mut BTreeSet<String>,
    found: &mut Vec<String>,
) -> Result<(), String> {
    if found.iter().any(|known| known == id) {
        return Ok(());
    }
    if !under_way.insert(id.to_owned()) {
        return Err(id.to_owned());
    }
    if let Some(formula) = by_id.get(id).and_then(|spec| spec.formula.as_deref()) {
        for inner in named(formula).1.values() {
            gather(inner, by_id, under_way, found)?;
        }
    }
    under_way.remove(id);
    found.push(id.to_owned());
    Ok(())
}

fn limits_at_fault(spec: &MetricSpec, limits: &LimitsSpec, known: &Known<'_>) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    if limits.near.is_none() && limits.over.is_none() {
        flaws.push(flaw(&["limits"], "rulebook.pack.no_limit", &[("id", &spec.id)]));
    }
    for (key, limit) in [("near", &limits.near), ("over", &limits.over)] {
        if let Some(limit) = limit {
            flaws.extend(limit_at_fault(spec, key, limit, known));
        }
    }
    let fixed = |limit: &Option<LimitSpec>| limit.as_ref().and_then(|limit| limit.value);
    if let (Some(near), Some(over)) = (fixed(&limits.near), fixed(&limits.over))
        && ((spec.better == MetricBetter::Lower && near > over)
            || (spec.better == MetricBetter::Higher && near < over))
    {
        flaws.push(flaw(&["limits", "near"], "rulebook.pack.near_beyond_over", &[("id", &spec.id)]));
    }
    if limits.clears_by < 0.0 || limits.for_samples == 0 || limits.for_samples > 100 {
        flaws.push(flaw(&["limits"], "rulebook.pack.bad_band", &[("id", &spec.id)]));
    }
    if !limits.owner.is_one() {
        flaws.push(flaw(&["limits", "owner"], "rulebook.pack.one_receiver", &[]));
    }
    if limits.each && spec.figure.as_ref().is_none_or(|figure| figure.by.is_none()) {
        flaws.push(flaw(&["limits", "each"], "rulebook.pack.unknown_field", &[("field", "by")]));
    }
    flaws.extend(alert_at_fault(limits, known));
    for also in &limits.also {
        let found = detection::at_fault(&also.record, &also.values, known.types);
        let here = |(code, name, value): (_, _, String)| flaw(&["limits", "also"], code, &[(name, &value)]);
        flaws.extend(found.into_iter().map(here));
    }
    flaws
}

fn jump_at_fault(jump: &JumpSpec, known: &Known<'_>) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    if !jump.has_one_limit() {
        flaws.push(flaw(&["jump"], "rulebook.pack.value_or_parameter", &[("key", "percent")]));
    }
    if let Some(key) = jump.parameter.as_deref().filter(|key| !known.parameters.contains_key(*key)) {
        flaws.push(flaw(&["jump", "parameter"], "rulebook.expression.unknown_parameter", &[("key", key)]));
    }
    if !jump.opens.owner.is_one() {
        flaws.push(flaw(&["jump", "opens"], "rulebook.pack.one_receiver", &[]));
    }
    let found = detection::at_fault(&jump.opens.record, &jump.opens.values, known.types);
    let here = |(code, name, value): (_, _, String)| flaw(&["jump", "opens"], code, &[(name, &value)]);
    flaws.extend(found.into_iter().map(here));
    flaws
}

fn alert_at_fault(limits: &LimitsSpec, known: &Known<'_>) -> Vec<Flaw> {
    let path = ["limits", "opens"];
    let record = limits.opens.record.as_str();
    let Some(found) = known.types.get(record) else {
        return vec![flaw(&path, "rulebook.pack.unknown_record_type", &[("type", record)])];
    };
    if found.alert.is_none() {
        return vec![flaw(&path, "rulebook.pack.no_alert_fields", &[("type", record)])];
    }
    let unknown =
        limits.opens.values.keys().filter(|key| found.fields.iter().all(|field| field.key != **key));
    unknown.map(|key| flaw(&path, "rulebook.pack.unknown_field", &[("field", key)])).collect()
}

fn limit_at_fault(spec: &MetricSpec, key: &'static str, limit: &LimitSpec, known: &Known<'_>) -> Vec<Flaw> {
    use parameter::Kind as Parameter;
    let path = ["limits", key];
    let upward = matches!(limit.op, Operator::AtLeast | Operator::More);
    let wrong_way = limit.op == Operator::Equal || upward != (spec.better == MetricBetter::Lower);
    let mut flaws = Vec::new();
    if wrong_way {
        flaws.push(flaw(&path, "rulebook.pack.limit_direction", &[("better", spec.better.as_str())]));
    }
    match (&limit.value, &limit.parameter) {
        (Some(_), None) => {}
        (None, Some(name)) => match known.parameters.get(name) {
            None => flaws.push(flaw(&path, "rulebook.expression.unknown_parameter", &[("key", name)])),
            Some(Parameter::Integer | Parameter::Decimal | Parameter::Percent) => {}
            Some(Parameter::Minutes | Parameter::Days) if is_time(spec.unit) => {}
            Some(_) => flaws.push(flaw(&path, "rulebook.pack.parameter_of_other_kind", &[("key", name)])),
        },
        _ => flaws.push(flaw(&path, "rulebook.pack.value_or_parameter", &[("key", key)])),
    }
    flaws
}

fn is_time(unit: MetricUnit) -> bool {
    matches!(unit, MetricUnit::Minutes | MetricUnit::Hours | MetricUnit::Days)
}

impl LimitSpec {
    /// Returns the figure that it names.
    pub fn figure(&self) -> Option<Figure> {
        match (&self.value, &self.parameter) {
            (Some(value), None) => Some(Figure::Fixed(*value)),
            (None, Some(key)) => Some(Figure::Parameter(key.clone())),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_metric_of_a_formula_gets_one_name() {
        let (text, names) = named("100 * metric('a.x') / (metric(\"b\") + metric('a.x'))");
        assert_eq!(text, "100 * metric_1 / (metric_2 + metric_1)");
        assert_eq!(names["metric_2"], "b");
    }
}
