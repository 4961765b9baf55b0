use std::collections::BTreeMap;

use kernel::View;
use sha2::{Digest, Sha256};

use super::{ControlSpec, EvidenceKind, EvidenceSpec, Operator, ThresholdSpec, Which, WindowSpec};
use crate::expr::{Condition, Names};
use crate::parameter;

/// A control that was checked (控制点): its conditions are read, its view is known.
#[derive(Clone, Debug)]
pub struct Control {
    pub spec: ControlSpec,
    /// Digest of what is measured; a run says which measurement it was.
    pub spec_hash: String,
    /// The measurement; absent where the view's domain is not connected.
    pub measure: Option<Measure>,
}

/// A measurement over a view.
#[derive(Clone, Debug)]
pub struct Measure {
    pub view: View,
    pub kind: EvidenceKind,
    /// The rows that it is about.
    pub filter: Condition,
    /// Those of them that count; for a record state those that are in order.
    pub counted: Condition,
    /// True: only the newest row is looked at.
    pub newest: bool,
    pub window: Option<Figure>,
    pub op: Operator,
    pub threshold: Figure,
    pub minimum_rows: i64,
}

/// A figure that is written in the pack or stands in a policy parameter.
#[derive(Clone, Debug, PartialEq)]
pub enum Figure {
    Fixed(f64),
    Parameter(String),
}

/// What is wrong with a control: the keys that lead to it, the code, its arguments.
#[derive(Debug)]
pub struct Flaw {
    pub path: Vec<&'static str>,
    pub code: &'static str,
    pub args: Vec<(&'static str, String)>,
}

impl Flaw {
    fn new(path: &[&'static str], code: &'static str, args: &[(&'static str, &str)]) -> Self {
        let args = args.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Self { path: path.to_vec(), code, args }
    }
}

/// The parts of a spec that all kinds share, told apart by what they mean.
struct Parts<'s> {
    view: &'s str,
    filter: Option<&'s str>,
    counted: (&'static str, Option<&'s str>),
    newest: bool,
    window: Option<&'s WindowSpec>,
    threshold: Option<&'s ThresholdSpec>,
    minimum_rows: u32,
}

impl EvidenceSpec {
    /// Returns its kind.
    pub fn kind(&self) -> EvidenceKind {
        match self {
            Self::Query { .. } => EvidenceKind::Query,
            Self::Ratio { .. } => EvidenceKind::Ratio,
            Self::RecordState { .. } => EvidenceKind::RecordState,
        }
    }

    /// Returns the name of the view that it reads.
    pub fn view(&self) -> &str {
        self.parts().view
    }

    fn parts(&self) -> Parts<'_> {
        match self {
            Self::Query { view, filter, counted, window, threshold, minimum_rows } => Parts {
                view,
                filter: filter.as_deref(),
                counted: ("counted", counted.as_deref()),
                newest: false,
                window: window.as_ref(),
                threshold: Some(threshold),
                minimum_rows: *minimum_rows,
            },
            Self::Ratio { view, filter, numerator, window, threshold, minimum_rows } => Parts {
                view,
                filter: filter.as_deref(),
                counted: ("numerator", Some(numerator)),
                newest: false,
                window: window.as_ref(),
                threshold: Some(threshold),
                minimum_rows: *minimum_rows,
            },
            Self::RecordState { view, filter, of, holds, window, minimum_rows } => Parts {
                view,
                filter: filter.as_deref(),
                counted: ("holds", Some(holds)),
                newest: *of == Which::Newest,
                window: window.as_ref(),
                threshold: None,
                minimum_rows: *minimum_rows,
            },
        }
    }
}

/// Checks a control against the published views and the policy parameters.
pub fn compile(
    spec: ControlSpec,
    views: &[View],
    parameters: &BTreeMap<String, parameter::Kind>,
) -> Result<Control, Vec<Flaw>> {
    let parts = spec.evidence.parts();
    let mut flaws = figures_at_fault(&parts, parameters);
    let measure = match views.iter().find(|view| view.name == parts.view) {
        Some(view) => measure(&spec, view, parameters, &mut flaws),
        None => None,
    };
    if !flaws.is_empty() {
        return Err(flaws);
    }
    let spec_hash = hex::encode(Sha256::digest(store::json(&spec.evidence)));
    Ok(Control { spec, spec_hash, measure })
}

fn measure(
    spec: &ControlSpec,
    view: &View,
    parameters: &BTreeMap<String, parameter::Kind>,
    flaws: &mut Vec<Flaw>,
) -> Option<Measure> {
    let parts = spec.evidence.parts();
    let kinds = parameters.iter().map(|(key, kind)| (key.clone(), kind.in_expressions()));
    let names = Names::of_view(view, &kinds.collect());
    let mut read = |key: &'static str, source: Option<&str>| match source {
        None => Some(Condition::always()),
        Some(source) => match Condition::parse(source, &names) {
            Ok(condition) => Some(condition),
            Err(fault) => {
                flaws.push(Flaw { path: vec!["evidence", key], code: fault.code, args: fault.args });
                None
            }
        },
    };
    let (filter, counted) = (read("filter", parts.filter), read(parts.counted.0, parts.counted.1));
    // A record state is "every looked-at row is in order": all of them, 100 %.
    let (op, threshold) = match parts.threshold {
        Some(threshold) => (threshold.op, figure(threshold.value, threshold.parameter.as_deref())?),
        None => (Operator::AtLeast, Figure::Fixed(100.0)),
    };
    let window = match parts.window {
        #[expect(clippy::cast_precision_loss, reason = "a number of days")]
        Some(window) => Some(figure(window.days.map(|days| days as f64), window.parameter.as_deref())?),
        None => None,
    };
    Some(Measure {
        view: *view,
        kind: spec.evidence.kind(),
        filter: filter?,
        counted: counted?,
        newest: parts.newest,
        window,
        op,
        threshold,
        minimum_rows: i64::from(parts.minimum_rows),
    })
}

fn figure(value: Option<f64>, parameter: Option<&str>) -> Option<Figure> {
    match (value, parameter) {
        (Some(value), None) => Some(Figure::Fixed(value)),
        (None, Some(key)) => Some(Figure::Parameter(key.to_owned())),
        _ => None,
    }
}

/// Finds windows and thresholds that are written twice, not at all, or name no fitting parameter.
fn figures_at_fault(parts: &Parts<'_>, parameters: &BTreeMap<String, parameter::Kind>) -> Vec<Flaw> {
    use parameter::Kind;
    let mut flaws = Vec::new();
    let mut check = |key: &'static str, value: Option<f64>, parameter: Option<&str>, kinds: &[Kind]| {
        let path = ["evidence", key];
        match figure(value, parameter) {
            None => flaws.push(Flaw::new(&path, "rulebook.pack.value_or_parameter", &[("key", key)])),
            Some(Figure::Fixed(_)) => {}
            Some(Figure::Parameter(name)) => match parameters.get(&name) {
                None => {
                    flaws.push(Flaw::new(&path, "rulebook.expression.unknown_parameter", &[("key", &name)]))
                }
                Some(kind) if !kinds.contains(kind) => {
                    flaws.push(Flaw::new(&path, "rulebook.pack.parameter_of_other_kind", &[("key", &name)]));
                }
                Some(_) => {}
            },
        }
    };
    if let Some(threshold) = parts.threshold {
        let kinds = [Kind::Integer, Kind::Decimal, Kind::Percent];
        check("threshold", threshold.value, threshold.parameter.as_deref(), &kinds);
    }
    if let Some(window) = parts.window {
        #[expect(clippy::cast_precision_loss, reason = "a number of days")]
        check("window", window.days.map(|days| days as f64), window.parameter.as_deref(), &[Kind::Days]);
    }
    flaws
}

impl Control {
    /// Returns the keys of the policy parameters that it reads.
    pub fn parameters(&self) -> Vec<&str> {
        let Some(measure) = &self.measure else { return Vec::new() };
        let figures = [Some(&measure.threshold), measure.window.as_ref()];
        let mut keys = measure.filter.parameters();
        keys.extend(measure.counted.parameters());
        keys.extend(figures.into_iter().flatten().filter_map(|figure| match figure {
            Figure::Parameter(key) => Some(key.as_str()),
            Figure::Fixed(_) => None,
        }));
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}
