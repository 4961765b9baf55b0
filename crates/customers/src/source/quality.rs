//! Quality (数据质量) of what a source brings: how many planned fields are filled, and how many of those as planned.

use std::collections::BTreeMap;

use http_kit::App;
use kernel::{Id, Labelled, Result};
use serde::{Deserialize, Serialize};
use store::args;
use utoipa::ToSchema;

use super::{service, sql};
use crate::plan::rules::field;
use crate::plan::{EventTally, PlanDefinition, PlanMode, PlanState, PlannedKind, PropertyKind};

/// Quality (数据质量) of a source over the last seven days, by day of arrival; what was sent again counts again.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SourceQuality {
    /// The source.
    pub source_id: Id,
    /// How strictly its events are held to the tracking plan.
    pub plan: PlanMode,
    /// Events that it sent.
    pub events: i64,
    /// Of these, such as nobody planned.
    pub unplanned: i64,
    /// Percent of the fields that had to be right and were; absent where nothing was checked.
    pub score: Option<f64>,
    /// The planned events that it sent, those that come most often first.
    pub names: Vec<NameQuality>,
}

impl Labelled for SourceQuality {
    const NOUN: &'static str = "customers.source_quality";
}

/// Quality of one planned event.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct NameQuality {
    /// Its definition.
    pub planned_event_id: Id,
    /// Its kind.
    pub kind: PlannedKind,
    /// Its name, of a track event.
    pub name: Option<String>,
    /// How often it came.
    pub events: i64,
    /// Percent of its fields that had to be right and were.
    pub score: Option<f64>,
    /// Its planned fields.
    pub fields: Vec<FieldQuality>,
}

/// Quality of one planned field.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FieldQuality {
    /// The field, such as `properties.price`.
    pub field: String,
    /// The kind that is planned.
    pub kind: PropertyKind,
    /// True: it may not be absent.
    pub required: bool,
    /// Percent of the events that have it.
    pub filled: f64,
    /// Percent of those that have it as planned; 100 where none has it.
    pub valid: f64,
}

#[derive(Deserialize)]
struct Seen {
    kind: PlannedKind,
    name: String,
    events: i64,
}

#[derive(Deserialize)]
struct Flaw {
    kind: PlannedKind,
    name: String,
    field: String,
    reason: String,
    events: i64,
}

#[derive(Deserialize)]
struct Planned {
    id: Id,
    kind: PlannedKind,
    name: String,
    state: PlanState,
    definition: PlanDefinition,
}

/// What was counted about a field.
#[derive(Clone, Copy, Default)]
struct Counted {
    empty: i64,
    wrong: i64,
}

/// Flaws by kind, name and field.
type Flaws = BTreeMap<(PlannedKind, String), BTreeMap<String, Counted>>;

/// Returns the quality of what a source brought.
pub async fn quality(app: &App, id: Id) -> Result<SourceQuality> {
    service::exists(app, id).await?;
    app.part::<EventTally>()?.flush(app).await?;
    let since = sql::week_before(app.store.now());
    let plan: PlanMode = app.store.get(sql::PLAN_MODE, args![id]).await?;
    let seen: Vec<Seen> = app.store.all(sql::PLANNED_KINDS_SEEN, args![id, &since]).await?;
    let flaws: Vec<Flaw> = app.store.all(sql::FLAWS, args![id, &since]).await?;
    let planned: Vec<Planned> = app.store.all(sql::PLANNED_EVENTS, args![]).await?;
    let events = seen.iter().map(|seen| seen.events).sum();
    let unplanned = flaws.iter().filter(|flaw| flaw.reason == "not_planned").map(|flaw| flaw.events).sum();
    let flaws = by_field(flaws);
    let mut names: Vec<(NameQuality, Checked)> = planned
        .into_iter()
        .filter(|planned| planned.state == PlanState::Live)
        .filter_map(|planned| of_event(planned, &seen, &flaws))
        .collect();
    names.sort_by(|(a, _), (b, _)| (b.events, &a.name).cmp(&(a.events, &b.name)));
    let checked = names.iter().fold(Checked::default(), |sum, (_, one)| sum.and(*one));
    let is_checked = plan != PlanMode::Off;
    Ok(SourceQuality {
        source_id: id,
        plan,
        events,
        unplanned,
        score: checked.score().filter(|_| is_checked),
        names: if is_checked { names.into_iter().map(|(name, _)| name).collect() } else { Vec::new() },
    })
}

fn by_field(flaws: Vec<Flaw>) -> Flaws {
    let mut found = Flaws::new();
    for flaw in flaws {
        let counted = found.entry((flaw.kind, flaw.name)).or_default().entry(flaw.field).or_default();
        match flaw.reason.as_str() {
            "absent" | "missing" => counted.empty += flaw.events,
            "wrong_kind" | "not_a_choice" => counted.wrong += flaw.events,
            _ => {}
        }
    }
    found
}

/// How many values had to be right, and were.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Checked {
    asked: i64,
    right: i64,
}

impl Checked {
    fn and(self, other: Self) -> Self {
        Self { asked: self.asked + other.asked, right: self.right + other.right }
    }

    fn score(self) -> Option<f64> {
        (self.asked > 0).then(|| percent(self.right, self.asked))
    }
}

fn of_event(planned: Planned, seen: &[Seen], flaws: &Flaws) -> Option<(NameQuality, Checked)> {
    // Pages and screens have as many names as there are; they are planned, and counted, together.
    let seen = seen.iter().find(|seen| seen.kind == planned.kind && seen.name == planned.name)?;
    let flaws = flaws.get(&(planned.kind, planned.name.clone()));
    let mut checked = Checked::default();
    let fields = planned.definition.properties.iter().map(|property| {
        let name = field(planned.kind, &property.name);
        let counted = flaws.and_then(|flaws| flaws.get(&name)).copied().unwrap_or_default();
        let filled = (seen.events - counted.empty).max(0);
        let valid = (filled - counted.wrong).max(0);
        // What may be absent has to be right only where it is there.
        let asked = if property.required { seen.events } else { filled };
        checked = checked.and(Checked { asked, right: valid });
        FieldQuality {
            field: name,
            kind: property.kind,
            required: property.required,
            filled: percent(filled, seen.events),
            valid: if filled == 0 { 100.0 } else { percent(valid, filled) },
        }
    });
    let fields = fields.collect();
    let quality = NameQuality {
        planned_event_id: planned.id,
        kind: planned.kind,
        name: Some(planned.name).filter(|name| !name.is_empty()),
        events: seen.events,
        score: checked.score(),
        fields,
    };
    Some((quality, checked))
}

/// Percent with one decimal.
fn percent(part: i64, whole: i64) -> f64 {
    (part as f64 * 1_000.0 / whole.max(1) as f64).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{ExtraProperties, PlannedProperty};

    #[test]
    fn required_fields_count_always_and_others_where_they_are() {
        let property = |name: &str, required| PlannedProperty {
            name: name.to_owned(),
            kind: PropertyKind::Number,
            required,
            choices: Vec::new(),
            personal: false,
            description: String::new(),
        };
        let definition = PlanDefinition {
            description: String::new(),
            state: PlanState::Live,
            properties: vec![property("price", true), property("coupon", false)],
            extra: ExtraProperties::Allow,
            sources: Vec::new(),
        };
        let (kind, name) = (PlannedKind::Track, "Product Added".to_owned());
        let flaw = |field: &str, reason: &str, events| Flaw {
            kind,
            name: name.clone(),
            field: field.to_owned(),
            reason: reason.to_owned(),
            events,
        };
        let flaws = by_field(vec![
            flaw("properties.price", "missing", 10),
            flaw("properties.price", "wrong_kind", 20),
            flaw("properties.coupon", "absent", 90),
            flaw("properties.coupon", "not_a_choice", 5),
        ]);
        let planned = Planned { id: Id::new(), kind, name: name.clone(), state: PlanState::Live, definition };
        let seen = [Seen { kind, name: name.clone(), events: 100 }];
        let (quality, checked) = of_event(planned, &seen, &flaws).expect("it came");
        let shares: Vec<(f64, f64)> =
            quality.fields.iter().map(|field| (field.filled, field.valid)).collect();
        assert_eq!(shares, [(90.0, 77.8), (10.0, 50.0)]);
        // 70 of 100 prices and 5 of 10 coupons.
        assert_eq!(checked, Checked { asked: 110, right: 75 });
        assert_eq!(quality.score, Some(68.2));
    }
}
