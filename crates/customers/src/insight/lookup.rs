//! What an insight refers to: it must be there, and be the caller's to see.

use http_kit::App;
use kernel::{Caller, Id, Problem, Result};
use lake::Lake;
use store::Tx;

use super::InsightEvidence;
use crate::condition::Condition;
use crate::segment::{self, Prepared};
use crate::{insight_report, need};

/// The people whom an insight is about.
pub(super) enum Group {
    Segment(Id),
    Condition(Condition),
}

/// Returns the group that an insight names.
pub(super) fn group_of(segment: Option<Id>, condition: Option<&Condition>) -> Option<Group> {
    condition.cloned().map(Group::Condition).or(segment.map(Group::Segment))
}

/// Makes a group ready to be asked.
pub(super) async fn prepare(app: &App, caller: &Caller, group: &Group) -> Result<Prepared> {
    match group {
        Group::Segment(id) => {
            let lake = app.part::<Lake>().ok();
            segment::prepare_segment(&app.store, lake, caller, *id).await.map(|(_, prepared)| prepared)
        }
        Group::Condition(tree) => segment::prepare_condition(app, caller, tree.clone()).await,
    }
}

/// Looks up what an insight says it came from: it must be there for the caller, and figures are written down as they are.
pub(super) async fn looked_up(
    app: &App,
    caller: &Caller,
    evidence: &InsightEvidence,
) -> Result<InsightEvidence> {
    let unknown = |_| {
        Problem::unprocessable("customers.insight.invalid")
            .with_field("evidence", "customers.insight.evidence_unknown")
    };
    match evidence {
        InsightEvidence::Need { cluster_id, .. } => {
            let cluster = need::get(app, caller, *cluster_id).await.map_err(unknown)?;
            Ok(need::evidence_of_need(&cluster))
        }
        InsightEvidence::Basket { pattern_id, .. } => {
            let pattern = need::basket(app, caller, *pattern_id).await.map_err(unknown)?;
            Ok(need::evidence_of_basket(&pattern))
        }
        InsightEvidence::Segment { segment_id } => {
            segment::get(app, caller, *segment_id).await.map_err(unknown)?;
            Ok(evidence.clone())
        }
        InsightEvidence::Condition { definition } => {
            segment::prepare_condition(app, caller, definition.clone()).await?;
            Ok(evidence.clone())
        }
        InsightEvidence::Report { report_id, .. } => {
            insight_report::get(app, caller, *report_id).await.map_err(unknown)?;
            Ok(evidence.clone())
        }
        InsightEvidence::Observation {} | InsightEvidence::Sql { .. } | InsightEvidence::Events { .. } => {
            Ok(evidence.clone())
        }
    }
}

/// Refuses to send an insight to nobody.
pub(super) fn no_department() -> Problem {
    Problem::unprocessable("customers.insight.invalid")
        .with_field("department_id", "customers.insight.department_needed")
}

/// Returns the department of whoever raises an insight.
pub(super) async fn home_of(app: &App, tx: &mut Tx, owner: Option<Id>) -> Result<Option<Id>> {
    let (Some(owner), Ok(people)) = (owner, app.people.get()) else { return Ok(None) };
    let found = people.people(tx, &[owner]).await?;
    Ok(found.into_iter().next().and_then(|person| person.department_id))
}

/// Refuses a department that is not there.
pub(super) async fn require_department(app: &App, tx: &mut Tx, id: Id) -> Result<()> {
    let units = app.people.get()?.units(tx).await?;
    if units.iter().any(|unit| unit.id == id) {
        return Ok(());
    }
    Err(Problem::unprocessable("customers.insight.invalid")
        .with_field("department_id", "customers.insight.department_unknown"))
}
