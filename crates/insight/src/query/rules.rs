//! Decisions about saved queries.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Id, Problem, Result, Timestamp};
use serde_json::Value as Json;

use super::{NewQuery, Parameter, ParameterKind, SavedQuery, Sharing};

const NAME_MAX: usize = 100;
const DESCRIPTION_MAX: usize = 1_000;
const PARAMETERS_MAX: usize = 20;
const PEOPLE_MAX: usize = 100;
const COLUMNS_MAX: usize = 20;

/// Checks what is to be kept.
pub fn check(new: &NewQuery) -> Result<()> {
    let mut problem = Problem::unprocessable("insight.query.invalid");
    let mut that = |sound: bool, field: &str, code: &str| {
        if !sound {
            problem.fields.push(kernel::FieldProblem {
                field: field.to_owned(),
                code: code.to_owned(),
                args: BTreeMap::new(),
            });
        }
    };
    let length = |text: &str| text.trim().chars().count();
    that((1..=NAME_MAX).contains(&length(&new.name)), "name", "insight.field.name");
    that(length(&new.description) <= DESCRIPTION_MAX, "description", "insight.field.description");
    let sql = new.sql.trim();
    that(!sql.is_empty() && sql.len() <= lake::sql::SQL_MAX, "sql", "insight.field.sql");
    that(new.chart.y.len() <= COLUMNS_MAX, "chart.y", "insight.field.columns");
    that(new.parameters.len() <= PARAMETERS_MAX, "parameters", "insight.field.parameters");
    that(new.people.len() <= PEOPLE_MAX, "people", "insight.field.people");
    let names: BTreeSet<&str> = new.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
    that(names.len() == new.parameters.len(), "parameters", "insight.field.parameter_twice");
    for (place, parameter) in new.parameters.iter().enumerate().take(PARAMETERS_MAX) {
        let field = format!("parameters[{place}]");
        that(is_name(&parameter.name), &field, "insight.field.parameter_name");
        that(length(&parameter.label) <= NAME_MAX, &field, "insight.field.name");
        let fits = parameter.default.is_null() || fits(parameter.kind, &parameter.default);
        that(fits, &field, "insight.field.parameter_value");
    }
    if problem.fields.is_empty() { Ok(()) } else { Err(problem) }
}

fn is_name(name: &str) -> bool {
    let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    name.starts_with(|c: char| c.is_ascii_lowercase()) && name.len() <= 40 && name.chars().all(letters)
}

fn fits(kind: ParameterKind, value: &Json) -> bool {
    match kind {
        ParameterKind::Text => value.is_string(),
        ParameterKind::Integer => value.is_i64(),
        ParameterKind::Number => value.is_number(),
        ParameterKind::Boolean => value.is_boolean(),
        ParameterKind::Time => value.as_str().is_some_and(|text| text.parse::<Timestamp>().is_ok()),
    }
}

/// Returns what stands for each parameter: what is given, else its default.
pub fn values(parameters: &[Parameter], given: &BTreeMap<String, Json>) -> Result<BTreeMap<String, Json>> {
    let mut values = BTreeMap::new();
    for Parameter { name, kind, default, .. } in parameters {
        let value = given.get(name).unwrap_or(default);
        if !value.is_null() && !fits(*kind, value) {
            return Err(Problem::unprocessable("insight.query.value_unfit").with("name", name));
        }
        values.insert(name.clone(), value.clone());
    }
    match given.keys().find(|name| !values.contains_key(*name)) {
        Some(name) => Err(Problem::unprocessable("insight.query.no_such_parameter").with("name", name)),
        None => Ok(values),
    }
}

/// Returns true where somebody may see a query.
pub fn may_see(query: &SavedQuery, user: Option<Id>) -> bool {
    match user {
        // The product itself.
        None => true,
        Some(user) => {
            query.owner_id == user
                || query.sharing == Sharing::Company
                || (query.sharing == Sharing::People && query.people.contains(&user))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parameter(kind: ParameterKind, default: Json) -> Parameter {
        Parameter { name: "since".into(), label: "Since".into(), kind, default }
    }

    #[test]
    fn what_is_given_goes_before_the_default_and_has_to_fit() {
        let known = [parameter(ParameterKind::Integer, json!(7))];
        let values = |given: Json| {
            let given: BTreeMap<String, Json> = serde_json::from_value(given).expect("an object");
            values(&known, &given)
        };
        assert_eq!(values(json!({})).expect("the default")["since"], json!(7));
        assert_eq!(values(json!({ "since": 9 })).expect("what is given")["since"], json!(9));
        assert_eq!(values(json!({ "since": "9" })).expect_err("text").code, "insight.query.value_unfit");
        assert_eq!(
            values(json!({ "till": 9 })).expect_err("another").code,
            "insight.query.no_such_parameter"
        );
    }

    #[test]
    fn names_stand_for_nothing_but_themselves() {
        for (name, sound) in
            [("since", true), ("since_2", true), ("", false), ("2", false), ("a b", false), ("A", false)]
        {
            assert_eq!(is_name(name), sound, "{name}");
        }
        assert!(fits(ParameterKind::Time, &json!("2026-11-29T00:00:00Z")));
        assert!(!fits(ParameterKind::Time, &json!("yesterday")));
    }
}
