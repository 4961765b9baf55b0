use std::collections::BTreeMap;

use kernel::{ColumnKind, Permission, View};
use sha2::{Digest, Sha256};

use super::{
    Amount, ControlSpec, EvidenceKind, EvidenceSpec, Operator, Period, QuantitySpec, Statistic,
    ThresholdSpec, TimeUnit, Which, WindowSpec,
};
use crate::expr::{Condition, Names};
use crate::pack::Text;
use crate::parameter;

/// Most periods that an event count looks at: each of them is a column of one statement.
const PERIODS_MAX: u32 = 60;

/// A control that was checked (控制点): its conditions are read, its view is known.
#[derive(Clone, Debug)]
pub struct Control {
    pub spec: ControlSpec,
    /// Digest of what is measured; a run says which measurement it was.
    pub spec_hash: String,
    /// The measurement; absent where the view's domain is not connected.
    pub measure: Option<Measure>,
    /// What people sign or bring, where no rows are measured.
    pub signed: Option<Signed>,
}

/// Evidence that people give (人工佐证): a signature or a file, for a time.
#[derive(Clone, Debug)]
pub struct Signed {
    pub kind: EvidenceKind,
    /// True where signing takes the second factor.
    pub second_factor: bool,
    pub statement: Text,
    /// Digest of the statement: a signature stands for these words only.
    pub statement_hash: String,
    /// Code of the permission that it asks for.
    pub permission: String,
    /// Days that it stands.
    pub valid: Figure,
}

/// What a measurement looks at.
#[derive(Clone, Debug)]
pub enum Look {
    /// All rows.
    Rows,
    /// The newest row alone.
    Newest,
    /// Rows by period.
    Periods { period: Period, periods: Figure, at_least: Figure },
    /// A quantity of the rows.
    Quantity { statistic: Statistic, of: Quantity },
}

/// Quantity of a row (数量).
#[derive(Clone, Copy, Debug)]
pub enum Quantity {
    /// A column with numbers.
    Column(&'static str),
    /// The time between two columns.
    Between { from: &'static str, to: &'static str, unit: TimeUnit },
    /// The time from a column until it is measured.
    Since { from: &'static str, unit: TimeUnit },
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
    pub look: Look,
    /// The column by which windows and periods are cut.
    pub at: &'static str,
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

/// The parts of a spec over a view that all kinds share, told apart by what they mean.
#[derive(Default)]
struct Parts<'s> {
    view: &'s str,
    filter: Option<&'s str>,
    counted: (&'static str, Option<&'s str>),
    at: Option<&'s str>,
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
            Self::EventCount { .. } => EvidenceKind::EventCount,
            Self::Figure { .. } => EvidenceKind::Figure,
            Self::Attestation { .. } => EvidenceKind::Attestation,
            Self::File { .. } => EvidenceKind::File,
        }
    }

    /// Returns the name of the view that it reads; empty where people give the evidence.
    pub fn view(&self) -> &str {
        self.parts().view
    }

    /// Returns the view in which the rows of its runs stand.
    pub fn rows_view(&self) -> &str {
        match self {
            Self::Attestation { .. } => "v_rulebook_attestation",
            Self::File { .. } => "v_rulebook_evidence_file",
            _ => self.view(),
        }
    }

    fn parts(&self) -> Parts<'_> {
        match self {
            Self::Query { view, filter, counted, window, at, threshold, minimum_rows } => Parts {
                view,
                filter: filter.as_deref(),
                counted: ("counted", counted.as_deref()),
                at: at.as_deref(),
                window: window.as_ref(),
                threshold: Some(threshold),
                minimum_rows: *minimum_rows,
            },
            Self::Ratio { view, filter, numerator, window, at, threshold, minimum_rows } => Parts {
                view,
                filter: filter.as_deref(),
                counted: ("numerator", Some(numerator)),
                at: at.as_deref(),
                window: window.as_ref(),
                threshold: Some(threshold),
                minimum_rows: *minimum_rows,
            },
            Self::RecordState { view, filter, of: _, holds, window, at, minimum_rows } => Parts {
                view,
                filter: filter.as_deref(),
                counted: ("holds", Some(holds)),
                at: at.as_deref(),
                window: window.as_ref(),
                minimum_rows: *minimum_rows,
                ..Parts::default()
            },
            Self::EventCount { view, filter, at, .. } => Parts {
                view,
                filter: filter.as_deref(),
                counted: ("filter", None),
                at: at.as_deref(),
                minimum_rows: 1,
                ..Parts::default()
            },
            Self::Figure { view, filter, window, at, threshold, minimum_rows, .. } => Parts {
                view,
                filter: filter.as_deref(),
                counted: ("filter", None),
                at: at.as_deref(),
                window: window.as_ref(),
                threshold: Some(threshold),
                minimum_rows: *minimum_rows,
            },
            Self::Attestation { .. } | Self::File { .. } => Parts::default(),
        }
    }
}

/// Checks a control against the published views, the policy parameters and the permissions.
pub fn compile(
    spec: ControlSpec,
    views: &[View],
    parameters: &BTreeMap<String, parameter::Kind>,
    permissions: &[Permission],
) -> Result<Control, Vec<Flaw>> {
    let parts = spec.evidence.parts();
    let mut flaws = figures_at_fault(&spec.evidence, parameters);
    let measure = match views.iter().find(|view| view.name == parts.view) {
        Some(view) => measure(&spec.evidence, view, parameters, &mut flaws),
        None => None,
    };
    let signed = signed(&spec.evidence, permissions, &mut flaws);
    if !flaws.is_empty() {
        return Err(flaws);
    }
    let spec_hash = hex::encode(Sha256::digest(store::json(&spec.evidence)));
    Ok(Control { spec, spec_hash, measure, signed })
}

fn signed(evidence: &EvidenceSpec, permissions: &[Permission], flaws: &mut Vec<Flaw>) -> Option<Signed> {
    let second_factor = matches!(evidence, EvidenceSpec::Attestation { signed: true, .. });
    let (EvidenceSpec::Attestation { statement, permission, valid, .. }
    | EvidenceSpec::File { statement, permission, valid }) = evidence
    else {
        return None;
    };
    if permissions.iter().all(|known| known.code != permission) {
        let path = ["evidence", "permission"];
        flaws.push(Flaw::new(&path, "rulebook.pack.unknown_permission", &[("permission", permission)]));
    }
    Some(Signed {
        kind: evidence.kind(),
        second_factor,
        statement: statement.clone(),
        statement_hash: hex::encode(Sha256::digest(store::json(statement))),
        permission: permission.clone(),
        valid: window_figure(valid)?,
    })
}

/// Checks what is measured where no control is around it; nothing where nobody publishes the view.
pub fn compile_measure(
    evidence: &EvidenceSpec,
    views: &[View],
    parameters: &BTreeMap<String, parameter::Kind>,
) -> Result<Option<Measure>, Vec<Flaw>> {
    let mut flaws = figures_at_fault(evidence, parameters);
    let view = views.iter().find(|view| view.name == evidence.view());
    let measure = view.and_then(|view| measure(evidence, view, parameters, &mut flaws));
    if flaws.is_empty() { Ok(measure) } else { Err(flaws) }
}

fn measure(
    evidence: &EvidenceSpec,
    view: &View,
    parameters: &BTreeMap<String, parameter::Kind>,
    flaws: &mut Vec<Flaw>,
) -> Option<Measure> {
    let parts = evidence.parts();
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
    let at = match parts.at {
        Some(name) => column(view, &["evidence", "at"], name, &[ColumnKind::Time], flaws),
        None => Some(view.at),
    };
    let look = look(evidence, view, flaws);
    // A record state is "every looked-at row is in order": all of them, 100 %.
    let (op, threshold) = match parts.threshold {
        Some(threshold) => (threshold.op, figure(threshold.value, threshold.parameter.as_deref())?),
        None => (Operator::AtLeast, Figure::Fixed(100.0)),
    };
    let window = match parts.window {
        Some(window) => Some(window_figure(window)?),
        None => None,
    };
    Some(Measure {
        view: *view,
        kind: evidence.kind(),
        filter: filter?,
        counted: counted?,
        look: look?,
        at: at?,
        window,
        op,
        threshold,
        minimum_rows: i64::from(parts.minimum_rows),
    })
}

fn look(evidence: &EvidenceSpec, view: &View, flaws: &mut Vec<Flaw>) -> Option<Look> {
    match evidence {
        EvidenceSpec::RecordState { of: Which::Newest, .. } => Some(Look::Newest),
        EvidenceSpec::EventCount { period, periods, at_least, .. } => {
            if matches!(periods, Amount::Fixed(0)) || matches!(periods, Amount::Fixed(n) if *n > PERIODS_MAX)
            {
                let args = [("max", PERIODS_MAX.to_string())];
                let args = args.each_ref().map(|(name, value)| (*name, value.as_str()));
                flaws.push(Flaw::new(&["evidence", "periods"], "rulebook.pack.periods", &args));
            }
            let (periods, at_least) = (amount(periods), amount(at_least));
            Some(Look::Periods { period: *period, periods, at_least })
        }
        EvidenceSpec::Figure { statistic, of, .. } => {
            Some(Look::Quantity { statistic: *statistic, of: quantity(of, view, flaws)? })
        }
        _ => Some(Look::Rows),
    }
}

fn quantity(spec: &QuantitySpec, view: &View, flaws: &mut Vec<Flaw>) -> Option<Quantity> {
    let path = ["evidence", "of"];
    match (spec.column.as_deref(), spec.from.as_deref(), spec.to.as_deref(), spec.unit) {
        (Some(name), None, None, None) => {
            let kinds = [ColumnKind::Integer, ColumnKind::Real];
            column(view, &path, name, &kinds, flaws).map(Quantity::Column)
        }
        (None, Some(from), Some("now"), Some(unit)) => {
            let from = column(view, &path, from, &[ColumnKind::Time], flaws)?;
            Some(Quantity::Since { from, unit })
        }
        (None, Some(from), Some(to), Some(unit)) => {
            let from = column(view, &path, from, &[ColumnKind::Time], flaws);
            let to = column(view, &path, to, &[ColumnKind::Time], flaws);
            Some(Quantity::Between { from: from?, to: to?, unit })
        }
        _ => {
            flaws.push(Flaw::new(&path, "rulebook.pack.quantity", &[]));
            None
        }
    }
}

/// Returns a column of one of these kinds, or says that there is none.
fn column(
    view: &View,
    path: &[&'static str],
    name: &str,
    kinds: &[ColumnKind],
    flaws: &mut Vec<Flaw>,
) -> Option<&'static str> {
    let found = view.column(name).filter(|column| kinds.contains(&column.kind));
    if found.is_none() {
        let fitting = view.columns.iter().filter(|column| kinds.contains(&column.kind));
        let known = fitting.map(|column| column.name).collect::<Vec<_>>().join(", ");
        let args = [("field", name), ("known", known.as_str())];
        flaws.push(Flaw::new(path, "rulebook.expression.unknown_field", &args));
    }
    found.map(|column| column.name)
}

fn amount(amount: &Amount) -> Figure {
    match amount {
        Amount::Fixed(value) => Figure::Fixed(f64::from(*value)),
        Amount::Named { parameter } => Figure::Parameter(parameter.clone()),
    }
}

#[expect(clippy::cast_precision_loss, reason = "a number of days")]
fn window_figure(window: &WindowSpec) -> Option<Figure> {
    figure(window.days.map(|days| days as f64), window.parameter.as_deref())
}

fn figure(value: Option<f64>, parameter: Option<&str>) -> Option<Figure> {
    match (value, parameter) {
        (Some(value), None) => Some(Figure::Fixed(value)),
        (None, Some(key)) => Some(Figure::Parameter(key.to_owned())),
        _ => None,
    }
}

/// Finds windows, thresholds and numbers that are written twice, not at all, or name no fitting parameter.
fn figures_at_fault(evidence: &EvidenceSpec, parameters: &BTreeMap<String, parameter::Kind>) -> Vec<Flaw> {
    use parameter::Kind;
    let mut flaws = Vec::new();
    let mut check = |key: &'static str, figure: Option<Figure>, kinds: &[Kind]| {
        let path = ["evidence", key];
        match figure {
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
    let parts = evidence.parts();
    if let Some(threshold) = parts.threshold {
        // A length of time is compared with a parameter that is one.
        let numbers = [Kind::Integer, Kind::Decimal, Kind::Percent, Kind::Minutes, Kind::Days];
        let timed = matches!(evidence, EvidenceSpec::Figure { of, .. } if of.unit.is_some());
        let kinds = if timed { &numbers[..] } else { &numbers[..3] };
        check("threshold", figure(threshold.value, threshold.parameter.as_deref()), kinds);
    }
    if let Some(window) = parts.window {
        check("window", window_figure(window), &[Kind::Days]);
    }
    match evidence {
        EvidenceSpec::EventCount { periods, at_least, .. } => {
            check("periods", Some(amount(periods)), &[Kind::Integer]);
            check("at_least", Some(amount(at_least)), &[Kind::Integer]);
        }
        EvidenceSpec::Attestation { valid, .. } | EvidenceSpec::File { valid, .. } => {
            check("valid", window_figure(valid), &[Kind::Days]);
        }
        _ => {}
    }
    flaws
}

impl Control {
    /// Returns whether it is measured, signed or shown by a file today.
    pub fn connected(&self) -> bool {
        !self.spec.waits && (self.measure.is_some() || self.signed.is_some())
    }

    /// Returns the views whose rows it reads, where it is connected.
    pub fn views(&self) -> Vec<&str> {
        if self.connected() { vec![self.spec.evidence.rows_view()] } else { Vec::new() }
    }

    /// Returns the keys of the policy parameters that it reads.
    pub fn parameters(&self) -> Vec<&str> {
        let mut keys = self.measure.as_ref().map(Measure::parameters).unwrap_or_default();
        keys.extend(self.signed.as_ref().and_then(|signed| signed.valid.parameter()));
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}

impl Measure {
    /// Returns the keys of the policy parameters that it reads.
    pub fn parameters(&self) -> Vec<&str> {
        let mut keys = self.filter.parameters();
        keys.extend(self.counted.parameters());
        let mut figures: Vec<&Figure> = std::iter::once(&self.threshold).chain(&self.window).collect();
        if let Look::Periods { periods, at_least, .. } = &self.look {
            figures.extend([periods, at_least]);
        }
        keys.extend(figures.into_iter().filter_map(Figure::parameter));
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}

impl Figure {
    fn parameter(&self) -> Option<&str> {
        match self {
            Self::Parameter(key) => Some(key),
            Self::Fixed(_) => None,
        }
    }
}
