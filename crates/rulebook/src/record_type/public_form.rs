use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{FieldKind, FieldSpec, Flaw, Known, RecordTypeSpec, rules};
use crate::expr::{Condition, Names};
use crate::pack::Text;

/// Kinds of fields that a stranger can fill in.
const FILLED: &[FieldKind] = &[
    FieldKind::Text,
    FieldKind::RichText,
    FieldKind::Number,
    FieldKind::Percent,
    FieldKind::Boolean,
    FieldKind::Date,
    FieldKind::Choice,
    FieldKind::Choices,
    FieldKind::Rating,
    FieldKind::File,
];
/// Words that stand for what is known of an answer.
pub const WORDS: [&str; 8] =
    ["$link", "$channel", "$consent", "$consent_version", "$parent", "$now", "$today", "$plus_days"];
/// Columns of a table of questions that every one has.
const QUESTION: [(&str, FieldKind); 5] = [
    ("code", FieldKind::Text),
    ("kind", FieldKind::Choice),
    ("question", FieldKind::Text),
    ("choices", FieldKind::Text),
    ("needed", FieldKind::Boolean),
];
/// Columns of a table of answers.
const ANSWER: [(&str, FieldKind); 3] =
    [("question", FieldKind::Text), ("value", FieldKind::RichText), ("number", FieldKind::Number)];

/// Public form (对外表单): a page on the public origin on which people without an account make a record of this type,
/// published from the record that it belongs to.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicFormSpec {
    /// The reference to the record from which the form is published.
    pub parent: String,
    /// States of that record in which the form takes answers.
    pub open_in: Vec<String>,
    /// Only of such records, over their fields.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// The date of that record after which the form takes nothing more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closes: Option<String>,
    /// The time of that record that takes when the form was published first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<String>,
    /// What stands over the page; `{title}` is that record.
    pub title: Text,
    /// What stands below it.
    #[serde(default)]
    pub intro: Text,
    /// What is said to whoever answered.
    pub thanks: Text,
    /// The sentence that people agree to.
    pub consent: Text,
    /// Texts of that record that the page shows.
    #[serde(default)]
    pub shows: Vec<String>,
    /// What people fill in.
    #[serde(default)]
    pub fields: Vec<String>,
    /// Which of it must be filled in, beside what the type asks for.
    #[serde(default)]
    pub needs: Vec<String>,
    /// Questions that people write into the record from which it is published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub questions: Option<QuestionsSpec>,
    /// The choice that takes the channel of the link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// Further values: literals, `$link`, `$channel`, `$consent`, `$consent_version`, `$parent`, `$now`, `$today`.
    #[serde(default)]
    pub values: BTreeMap<String, Json>,
    /// The text by which one answers once, such as a telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub one_per: Option<String>,
    /// The truth that counts as success, such as a hire.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// What each channel costs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<ChannelCostSpec>,
    /// The reference of that record to an earlier one of its type with which its answers are compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compared_with: Option<String>,
}

/// Questions (问卷题目) of a form, and where their answers go.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuestionsSpec {
    /// The child table of the record from which the form is published.
    pub table: String,
    /// The child table of the answer.
    pub answers: String,
}

/// What each channel costs (渠道费用): rows of a child table of the record from which the form is published.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChannelCostSpec {
    /// The child table.
    pub table: String,
    /// Its column with the channel.
    pub channel: String,
    /// Its column with the amount.
    pub amount: String,
}

struct Prover<'p> {
    spec: &'p RecordTypeSpec,
    form: &'p PublicFormSpec,
    parent: &'p RecordTypeSpec,
    flaws: Vec<Flaw>,
}

/// Finds what is wrong with a public form, and reads its condition.
pub fn prove(spec: &RecordTypeSpec, known: &Known<'_>) -> Result<Option<Condition>, Vec<Flaw>> {
    let Some(form) = &spec.public_form else { return Ok(None) };
    let parent = spec.fields.iter().find(|field| field.key == form.parent);
    let parent = parent.and_then(|field| field.record.as_ref()).and_then(|id| known.types.get(id));
    let Some(parent) = parent else {
        return Err(vec![flaw("parent", "rulebook.pack.no_such_reference", &form.parent)]);
    };
    let mut prover = Prover { spec, form, parent, flaws: Vec::new() };
    prover.parents_fields();
    prover.own_fields();
    prover.questions();
    prover.whole();
    let when = prover.when();
    if prover.flaws.is_empty() { Ok(when) } else { Err(prover.flaws) }
}

fn flaw(key: &'static str, code: &'static str, field: &str) -> Flaw {
    Flaw { path: vec![("public_form", None), (key, None)], code, args: vec![("field", field.to_owned())] }
}

fn has(fields: &[FieldSpec], key: &str, kinds: &[FieldKind]) -> bool {
    fields.iter().any(|field| field.key == key && kinds.contains(&field.kind))
}

impl Prover<'_> {
    fn need(&mut self, there: bool, key: &'static str, field: &str) {
        if !there {
            self.flaws.push(flaw(key, "rulebook.pack.field_of_other_kind", field));
        }
    }

    fn parents_fields(&mut self) {
        let (form, fields) = (self.form, &self.parent.fields);
        let wanted =
            [("closes", &form.closes, FieldKind::Date), ("published", &form.published, FieldKind::Time)];
        for (key, name, kind) in wanted {
            if let Some(name) = name {
                self.need(has(fields, name, &[kind]), key, name);
            }
        }
        for name in &form.shows {
            self.need(has(fields, name, &[FieldKind::Text, FieldKind::RichText]), "shows", name);
            // What the page shows is seen by everybody.
            let open =
                fields.iter().any(|f| f.key == *name && f.label.is_none_or(|l| l <= kernel::Label::Internal));
            self.need(open, "shows", name);
        }
        if let Some(name) = &form.compared_with {
            let same = fields.iter().any(|f| f.key == *name && f.record.as_ref() == Some(&self.parent.id));
            self.need(same, "compared_with", name);
        }
        if let Some(cost) = &form.cost {
            let table = fields.iter().find(|field| field.key == cost.table);
            let columns = table.map(|table| table.fields.as_slice()).unwrap_or_default();
            self.need(has(columns, &cost.channel, &[FieldKind::Choice]), "cost", &cost.channel);
            self.need(has(columns, &cost.amount, &[FieldKind::Money]), "cost", &cost.amount);
        }
    }

    fn own_fields(&mut self) {
        let (form, fields) = (self.form, &self.spec.fields);
        for name in &form.fields {
            self.need(has(fields, name, FILLED), "fields", name);
        }
        for name in &form.needs {
            self.need(form.fields.contains(name), "needs", name);
        }
        if let Some(name) = &form.channel {
            self.need(has(fields, name, &[FieldKind::Choice]), "channel", name);
        }
        if let Some(name) = &form.one_per {
            self.need(form.fields.contains(name) && has(fields, name, &[FieldKind::Text]), "one_per", name);
        }
        if let Some(name) = &form.outcome {
            self.need(has(fields, name, &[FieldKind::Boolean]), "outcome", name);
        }
        for (name, value) in &form.values {
            let known = value.as_str().is_none_or(|text| {
                !text.starts_with('$') || WORDS.iter().any(|word| text.split('(').next() == Some(word))
            });
            self.need(known && fields.iter().any(|field| field.key == *name), "values", name);
        }
    }

    fn questions(&mut self) {
        let Some(questions) = &self.form.questions else { return };
        let columns = |spec: &RecordTypeSpec, key: &str| {
            let table = spec.fields.iter().find(|field| field.key == key);
            table.map(|table| table.fields.clone()).unwrap_or_default()
        };
        let asked = columns(self.parent, &questions.table);
        for (name, kind) in QUESTION {
            self.need(has(&asked, name, &[kind]), "questions", name);
        }
        let said = columns(self.spec, &questions.answers);
        for (name, kind) in ANSWER {
            self.need(has(&said, name, &[kind]), "questions", name);
        }
    }

    /// Whatever the type asks for is filled in by somebody.
    fn whole(&mut self) {
        let form = self.form;
        let given = |field: &&FieldSpec| {
            let key = &field.key;
            *key == form.parent
                || form.fields.contains(key)
                || form.values.contains_key(key)
                || form.channel.as_ref() == Some(key)
                || field.default.is_some()
        };
        for field in self.spec.fields.iter().filter(|field| field.required && !field.read_only) {
            self.need(given(&field), "fields", &field.key);
        }
    }

    fn when(&mut self) -> Option<Condition> {
        let when = self.form.when.as_ref()?;
        let names = Names { tables: BTreeMap::new(), ..rules::names_of(self.parent) };
        match Condition::parse(when, &names) {
            Ok(condition) => Some(condition),
            Err(fault) => {
                let path = vec![("public_form", None), ("when", None)];
                self.flaws.push(Flaw { path, code: fault.code, args: fault.args });
                None
            }
        }
    }
}
