use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::Caller;

/// Confidentiality label (密级) of a field; a caller sees fields up to their clearance.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Label {
    /// Anybody.
    #[default]
    Public,
    /// Staff.
    Internal,
    /// Data about a person, by which they can be reached or recognised.
    Personal,
    /// Company secrets; asks for a registered device as well.
    Secret,
}

/// A shape that leaves the product through any exit, with the labels of its fields.
pub trait Labelled {
    /// The noun, as in `customers.profile`.
    const NOUN: &'static str;
    /// Fields above [`Label::Internal`], by their JSON name. All others are internal.
    const FIELDS: &'static [(&'static str, Label)] = &[];

    /// Returns true where this caller may see `field`; filters, sorts and counts ask this too.
    fn visible(caller: &Caller, field: &str) -> bool {
        Self::FIELDS.iter().all(|(name, label)| *name != field || *label <= caller.clearance)
    }
}

/// A row as one caller may see it: hidden fields are null and named.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Masked<T> {
    /// The row.
    #[serde(flatten)]
    pub row: T,
    /// Names of the fields that this caller may not see.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub masked: Vec<String>,
}

/// Returns `row` as this caller may see it: the one projection behind every exit.
pub fn project<T: Labelled + Serialize>(caller: &Caller, row: &T) -> Value {
    let mut value = serde_json::to_value(row).expect("a response is plain data");
    let Value::Object(fields) = &mut value else { return value };
    let mut masked = Vec::new();
    for (name, label) in T::FIELDS {
        if *label > caller.clearance && fields.get(*name).is_some_and(|v| !v.is_null()) {
            fields.insert((*name).to_owned(), Value::Null);
            masked.push(Value::from(*name));
        }
    }
    if !masked.is_empty() {
        fields.insert("masked".to_owned(), Value::Array(masked));
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Language;

    #[derive(Serialize)]
    struct Row {
        city: String,
        email: Option<String>,
    }

    impl Labelled for Row {
        const NOUN: &'static str = "test.row";
        const FIELDS: &'static [(&'static str, Label)] = &[("email", Label::Personal)];
    }

    #[test]
    fn a_field_above_the_clearance_is_null_and_named() {
        let row = Row { city: "杭州".into(), email: Some("a@b.invalid".into()) };
        let mut caller = Caller::anonymous(Language::En, "r".into());
        caller.clearance = Label::Internal;
        let seen = project(&caller, &row);
        assert_eq!(seen, serde_json::json!({"city": "杭州", "email": null, "masked": ["email"]}));
        caller.clearance = Label::Personal;
        assert_eq!(project(&caller, &row)["email"], "a@b.invalid");
        assert!(Row::visible(&caller, "email"));
    }
}
