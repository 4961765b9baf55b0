use http_kit::App;
use kernel::{Caller, Label, Result, Scope};

use super::MetricSight;
use super::prove::{Metric, Source};
use crate::Rulebook;
use crate::control::{Look, Measure, Quantity};
use crate::run::service::permission_of;

/// Over how much a caller sees a metric: what it reads asks for the same rights as its rows do.
pub type Sight = MetricSight;

/// Returns over how much a caller sees a metric.
pub fn sight(app: &App, book: &Rulebook, caller: &Caller, metric: &Metric) -> Sight {
    let needed: Vec<_> = metric.needs().iter().filter_map(|id| book.metric(id)).collect();
    let mut seen = Sight::All;
    for one in needed.iter().map(AsRef::as_ref).chain([metric]) {
        let Source::Rows { measure: Some(measure), by } = &one.source else { continue };
        match scope(app, caller, measure) {
            Ok(Some(scope)) if shows(caller, measure, *by) => {
                if !scope.everything {
                    seen = Sight::Part;
                }
            }
            _ => return Sight::None,
        }
    }
    seen
}

/// Returns the rows of a measurement that a caller may see; nothing where they may see none of its kind.
pub fn scope(app: &App, caller: &Caller, measure: &Measure) -> Result<Option<Scope>> {
    let permission = permission_of(app, &measure.view)?;
    if caller.may(permission) { caller.scope(permission).map(Some) } else { Ok(None) }
}

/// A figure of a column shows something of it, so it asks for the same clearance.
fn shows(caller: &Caller, measure: &Measure, by: Option<&str>) -> bool {
    let of = match &measure.look {
        Look::Quantity { of: Quantity::Column(name), .. } => Some(*name),
        _ => None,
    };
    let personal = |name: &str| measure.view.column(name).is_some_and(|column| column.personal);
    caller.clearance >= Label::Personal || ![of, by].into_iter().flatten().any(personal)
}
