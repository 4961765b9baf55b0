use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use kernel::{FieldProblem, Problem, Result};
use lake::EventKind;
use serde_json::{Map, Value};

use super::{
    BreachReason, DataKind, ExtraProperties, PlanDefinition, PlanViolation, PlannedKind, PlannedProperty,
    PropertyKind,
};
use crate::source::wire::TEXT_MAX;

/// Most planned events.
pub const EVENTS_MAX: i64 = 2_000;
/// Most properties of one.
pub const PROPERTIES_MAX: usize = 200;
/// Most choices of a property.
pub const CHOICES_MAX: usize = 200;
/// Most sources that an event is narrowed to.
pub const SOURCES_MAX: usize = 200;
const PROPERTY_NAME_MAX: usize = 100;
const DESCRIPTION_MAX: usize = 500;
const REASON_MAX: usize = 300;

/// Events of the Segment e-commerce specification that are about orders.
const SALES: [&str; 4] = ["Order Completed", "Order Updated", "Order Refunded", "Order Cancelled"];

/// Says which kind of data an event is; groups and aliases are none.
pub fn data_kind(kind: EventKind, name: &str) -> Option<DataKind> {
    match kind {
        EventKind::Page | EventKind::Screen => Some(DataKind::Traffic),
        EventKind::Identify => Some(DataKind::Identity),
        EventKind::Group | EventKind::Alias => None,
        EventKind::Track if SALES.contains(&name) => Some(DataKind::Sales),
        EventKind::Track if name.starts_with("Social ") => Some(DataKind::Social),
        EventKind::Track if name.starts_with("Ad ") => Some(DataKind::Ads),
        EventKind::Track => Some(DataKind::Behaviour),
    }
}

/// Returns the kind as it is planned; groups and aliases are not.
pub fn planned_kind(kind: EventKind) -> Option<PlannedKind> {
    Some(match kind {
        EventKind::Track => PlannedKind::Track,
        EventKind::Page => PlannedKind::Page,
        EventKind::Screen => PlannedKind::Screen,
        EventKind::Identify => PlannedKind::Identify,
        EventKind::Group | EventKind::Alias => return None,
    })
}

/// What was noticed about an event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// In what it breaks the plan.
    pub violations: Vec<PlanViolation>,
    /// Fields that are planned, may be absent, and are.
    pub absent: Vec<String>,
}

/// Returns the name of a property as breaches have it.
pub fn field(kind: PlannedKind, property: &str) -> String {
    let object = if kind == PlannedKind::Identify { "traits" } else { "properties" };
    format!("{object}.{property}")
}

/// Makes a breach that is about the whole event.
pub fn of_event(reason: BreachReason) -> PlanViolation {
    PlanViolation { field: "event".to_owned(), reason, expected: None, found: None }
}

/// Holds the properties of an event against its definition.
pub fn judge(kind: PlannedKind, definition: &PlanDefinition, properties: &Map<String, Value>) -> Verdict {
    let mut verdict = Verdict::default();
    for planned in &definition.properties {
        let value = properties.get(&planned.name).filter(|value| is_filled(value));
        let Some(value) = value else {
            let name = field(kind, &planned.name);
            if planned.required {
                verdict.violations.push(PlanViolation {
                    field: name,
                    reason: BreachReason::Missing,
                    expected: Some(planned.kind.to_string()),
                    found: None,
                });
            } else {
                verdict.absent.push(name);
            }
            continue;
        };
        if let Some((reason, found)) = fault(planned, value) {
            verdict.violations.push(PlanViolation {
                field: field(kind, &planned.name),
                reason,
                expected: Some(planned.kind.to_string()),
                found: Some(found.to_owned()),
            });
        }
    }
    if definition.extra == ExtraProperties::Quarantine {
        let planned: BTreeSet<&str> = definition.properties.iter().map(|p| p.name.as_str()).collect();
        for (name, value) in properties.iter().filter(|(name, _)| !planned.contains(name.as_str())) {
            // Names of properties come from outside; a long one is told by its beginning.
            let name: String = name.chars().take(PROPERTY_NAME_MAX).collect();
            verdict.violations.push(PlanViolation {
                field: field(kind, &name),
                reason: BreachReason::Extra,
                expected: None,
                found: Some(kind_of(value).to_owned()),
            });
        }
    }
    verdict
}

/// An empty text says as little as none.
fn is_filled(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        _ => true,
    }
}

fn fault(planned: &PlannedProperty, value: &Value) -> Option<(BreachReason, &'static str)> {
    if !fits(planned.kind, value) {
        return Some((BreachReason::WrongKind, kind_of(value)));
    }
    if planned.choices.is_empty() {
        return None;
    }
    let said = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let chosen = planned.choices.contains(&said);
    (!chosen).then_some((BreachReason::NotAChoice, kind_of(value)))
}

fn fits(kind: PropertyKind, value: &Value) -> bool {
    match kind {
        PropertyKind::Text => value.is_string(),
        PropertyKind::Number => value.is_number(),
        PropertyKind::Integer => is_whole(value),
        PropertyKind::Boolean => value.is_boolean(),
        PropertyKind::Time => value.as_str().is_some_and(is_time),
        PropertyKind::List => value.is_array(),
        PropertyKind::Object => value.is_object(),
    }
}

fn is_whole(value: &Value) -> bool {
    value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|number| number.fract() == 0.0)
}

fn is_time(text: &str) -> bool {
    let text = text.trim();
    jiff::Timestamp::from_str(text).is_ok()
        || jiff::civil::DateTime::from_str(text).is_ok()
        || jiff::civil::Date::from_str(text).is_ok()
}

/// Names the kind of a value as definitions do.
fn kind_of(value: &Value) -> &'static str {
    let kind = match value {
        Value::Null => return "empty",
        Value::Bool(_) => PropertyKind::Boolean,
        Value::Number(_) if is_whole(value) => PropertyKind::Integer,
        Value::Number(_) => PropertyKind::Number,
        Value::String(_) => PropertyKind::Text,
        Value::Array(_) => PropertyKind::List,
        Value::Object(_) => PropertyKind::Object,
    };
    kind.as_str()
}

/// Refuses a definition that makes no sense.
pub fn check(kind: PlannedKind, name: Option<&str>, definition: &PlanDefinition) -> Result<()> {
    let mut refusal = Problem::unprocessable("customers.plan.invalid");
    match (kind, name) {
        (PlannedKind::Track, Some(name)) if fits_length(name, TEXT_MAX) => {}
        (PlannedKind::Track, _) => refusal = refusal.with_field("name", "customers.plan.name_length"),
        (_, Some(_)) => refusal = refusal.with_field("name", "customers.plan.name_of_track"),
        (_, None) => {}
    }
    if definition.description.chars().count() > DESCRIPTION_MAX {
        refusal = with_max(refusal, "description", "customers.plan.text_length", DESCRIPTION_MAX);
    }
    if definition.sources.len() > SOURCES_MAX {
        refusal = with_max(refusal, "sources", "customers.plan.too_many", SOURCES_MAX);
    }
    if definition.properties.len() > PROPERTIES_MAX {
        refusal = with_max(refusal, "properties", "customers.plan.too_many", PROPERTIES_MAX);
    } else {
        refusal = check_properties(refusal, &definition.properties);
    }
    if refusal.fields.is_empty() { Ok(()) } else { Err(refusal) }
}

fn check_properties(mut refusal: Problem, properties: &[PlannedProperty]) -> Problem {
    let mut names = BTreeSet::new();
    for (place, property) in properties.iter().enumerate() {
        let at = |field: &str| format!("properties.{place}.{field}");
        let name = property.name.as_str();
        if !fits_length(name, PROPERTY_NAME_MAX) || name != name.trim() {
            refusal = with_max(refusal, &at("name"), "customers.plan.property_name", PROPERTY_NAME_MAX);
        } else if !names.insert(name) {
            refusal = refusal.with_field(at("name"), "customers.plan.property_twice");
        }
        if property.description.chars().count() > DESCRIPTION_MAX {
            refusal = with_max(refusal, &at("description"), "customers.plan.text_length", DESCRIPTION_MAX);
        }
        let of_values =
            matches!(property.kind, PropertyKind::Text | PropertyKind::Number | PropertyKind::Integer);
        if !property.choices.is_empty() && !of_values {
            refusal = refusal.with_field(at("choices"), "customers.plan.choices_of_values");
        } else if property.choices.len() > CHOICES_MAX {
            refusal = with_max(refusal, &at("choices"), "customers.plan.too_many", CHOICES_MAX);
        } else if property.choices.iter().any(|choice| !fits_length(choice, TEXT_MAX)) {
            refusal = with_max(refusal, &at("choices"), "customers.plan.choice_length", TEXT_MAX);
        }
    }
    refusal
}

/// Returns why something changes, or refuses: whoever changes a plan says why.
pub fn reason(said: &str) -> Result<String> {
    let said = said.trim();
    if fits_length(said, REASON_MAX) {
        return Ok(said.to_owned());
    }
    let refusal = Problem::unprocessable("customers.plan.invalid");
    Err(with_max(refusal, "reason", "customers.plan.reason_length", REASON_MAX))
}

fn fits_length(text: &str, max: usize) -> bool {
    !text.trim().is_empty() && text.chars().count() <= max
}

fn with_max(mut refusal: Problem, field: &str, code: &str, max: usize) -> Problem {
    let args = BTreeMap::from([("max".to_owned(), Value::from(max))]);
    refusal.fields.push(FieldProblem { field: field.to_owned(), code: code.to_owned(), args });
    refusal
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::plan::PlanState;

    fn property(name: &str, kind: PropertyKind, required: bool) -> PlannedProperty {
        PlannedProperty {
            name: name.to_owned(),
            kind,
            required,
            choices: Vec::new(),
            personal: false,
            description: String::new(),
        }
    }

    fn definition(properties: Vec<PlannedProperty>, extra: ExtraProperties) -> PlanDefinition {
        PlanDefinition {
            description: String::new(),
            state: PlanState::Live,
            properties,
            extra,
            sources: Vec::new(),
        }
    }

    fn said(
        definition: &PlanDefinition,
        properties: Value,
    ) -> Vec<(String, BreachReason, Option<String>, Option<String>)> {
        let Value::Object(properties) = properties else { panic!("properties are an object") };
        let verdict = judge(PlannedKind::Track, definition, &properties);
        verdict.violations.into_iter().map(|v| (v.field, v.reason, v.expected, v.found)).collect()
    }

    fn breach(
        field: &str,
        reason: BreachReason,
        kinds: (&str, &str),
    ) -> (String, BreachReason, Option<String>, Option<String>) {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        (field.to_owned(), reason, some(kinds.0), some(kinds.1))
    }

    #[test]
    fn a_property_that_changes_its_kind_says_which_was_planned_and_which_came() {
        let plan = definition(vec![property("price", PropertyKind::Number, true)], ExtraProperties::Allow);
        assert_eq!(said(&plan, json!({ "price": 12.5, "other": 1 })), []);
        assert_eq!(
            said(&plan, json!({ "price": "12.5" })),
            [breach("properties.price", BreachReason::WrongKind, ("number", "text"))]
        );
        for empty in [json!({}), json!({ "price": null }), json!({ "price": " " })] {
            assert_eq!(
                said(&plan, empty),
                [breach("properties.price", BreachReason::Missing, ("number", ""))]
            );
        }
    }

    #[test]
    fn every_kind_takes_its_own_and_no_other() {
        let values = [
            (PropertyKind::Text, json!("a")),
            (PropertyKind::Number, json!(1.5)),
            (PropertyKind::Integer, json!(3)),
            (PropertyKind::Boolean, json!(false)),
            (PropertyKind::Time, json!("2026-11-29T08:00:00+08:00")),
            (PropertyKind::List, json!([])),
            (PropertyKind::Object, json!({})),
        ];
        for (kind, _) in &values {
            let fitting: Vec<PropertyKind> =
                values.iter().filter(|(_, value)| fits(*kind, value)).map(|(kind, _)| *kind).collect();
            let expected = match kind {
                // A time is a text, and a whole number is a number.
                PropertyKind::Text => vec![PropertyKind::Text, PropertyKind::Time],
                PropertyKind::Number => vec![PropertyKind::Number, PropertyKind::Integer],
                other => vec![*other],
            };
            assert_eq!(fitting, expected, "{kind}");
        }
        assert!(is_time("2026-11-29") && is_time("2026-11-29T08:00:00") && !is_time("tomorrow"));
        assert!(is_whole(&json!(2.0)) && !is_whole(&json!(2.1)));
    }

    #[test]
    fn choices_and_properties_that_nobody_planned() {
        let mut size = property("size", PropertyKind::Text, false);
        size.choices = vec!["S".to_owned(), "M".to_owned()];
        let mut count = property("count", PropertyKind::Integer, false);
        count.choices = vec!["1".to_owned(), "2".to_owned()];
        let plan = definition(vec![size, count], ExtraProperties::Quarantine);
        assert_eq!(said(&plan, json!({ "size": "S", "count": 2 })), []);
        assert_eq!(
            said(&plan, json!({ "size": "XXL", "count": 3, "colour": [1] })),
            [
                breach("properties.size", BreachReason::NotAChoice, ("text", "text")),
                breach("properties.count", BreachReason::NotAChoice, ("integer", "integer")),
                breach("properties.colour", BreachReason::Extra, ("", "list")),
            ]
        );
    }

    #[test]
    fn what_may_be_absent_is_noticed_and_no_breach() {
        let plan = definition(vec![property("coupon", PropertyKind::Text, false)], ExtraProperties::Allow);
        let verdict = judge(PlannedKind::Identify, &plan, &Map::new());
        assert_eq!((verdict.violations.len(), verdict.absent), (0, vec!["traits.coupon".to_owned()]));
    }

    #[test]
    fn a_definition_that_makes_no_sense_is_refused_field_by_field() {
        let codes = |kind, name: Option<&str>, definition: &PlanDefinition| -> Vec<String> {
            let refusal = check(kind, name, definition).expect_err("it is refused");
            refusal.fields.into_iter().map(|field| format!("{}:{}", field.field, field.code)).collect()
        };
        let empty = definition(Vec::new(), ExtraProperties::Allow);
        assert!(check(PlannedKind::Track, Some("Order Completed"), &empty).is_ok());
        assert!(check(PlannedKind::Page, None, &empty).is_ok());
        assert_eq!(codes(PlannedKind::Track, None, &empty), ["name:customers.plan.name_length"]);
        assert_eq!(codes(PlannedKind::Page, Some("Home"), &empty), ["name:customers.plan.name_of_track"]);
        let mut flag = property("flag", PropertyKind::Boolean, false);
        flag.choices = vec!["true".to_owned()];
        let odd = definition(
            vec![flag, property("flag", PropertyKind::Text, false), property(" ", PropertyKind::Text, false)],
            ExtraProperties::Allow,
        );
        assert_eq!(
            codes(PlannedKind::Track, Some("x"), &odd),
            [
                "properties.0.choices:customers.plan.choices_of_values",
                "properties.1.name:customers.plan.property_twice",
                "properties.2.name:customers.plan.property_name",
            ]
        );
        let many =
            (0..=PROPERTIES_MAX).map(|n| property(&n.to_string(), PropertyKind::Text, false)).collect();
        let many = definition(many, ExtraProperties::Allow);
        assert_eq!(codes(PlannedKind::Track, Some("x"), &many), ["properties:customers.plan.too_many"]);
    }

    #[test]
    fn data_is_told_by_kind_and_name() {
        let kind = |kind, name| data_kind(kind, name);
        assert_eq!(kind(EventKind::Page, "Home"), Some(DataKind::Traffic));
        assert_eq!(kind(EventKind::Track, "Order Completed"), Some(DataKind::Sales));
        assert_eq!(kind(EventKind::Track, "Product Viewed"), Some(DataKind::Behaviour));
        assert_eq!(kind(EventKind::Track, "Ad Clicked"), Some(DataKind::Ads));
        assert_eq!(kind(EventKind::Track, "Social Post Liked"), Some(DataKind::Social));
        assert_eq!(kind(EventKind::Identify, ""), Some(DataKind::Identity));
        assert_eq!(kind(EventKind::Group, ""), None);
    }
}
