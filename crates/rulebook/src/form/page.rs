//! What stands on the page of a form.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use http_kit::App;
use http_kit::pages::Pages;
use kernel::Language;
use serde_json::{Value as Json, json};

use super::posted::{ACCEPT, Posted};
use super::questions::{Question, QuestionKind};
use super::service::Place;
use super::take::{CONSENT, TRAP, Visited};
use crate::record_type::{FieldKind, FieldSpec};

/// The pages of forms.
pub static PAGES: LazyLock<Pages> = LazyLock::new(|| {
    Pages::new(
        "rulebook.page.",
        &[
            ("form.html", include_str!("../../templates/form.html")),
            ("done.html", include_str!("../../templates/done.html")),
        ],
    )
});

/// Puts the name of the record into a sentence.
fn named(place: &Place, text: &str) -> String {
    text.replace("{title}", &place.parent.title)
}

/// Returns what people agree to.
pub fn consent(place: &Place, language: Language) -> String {
    named(place, place.form().consent.get(language))
}

/// Returns what stands over every page of a form.
fn head(place: &Place, language: Language) -> Json {
    let form = place.form();
    json!({
        "title": named(place, form.title.get(language)),
        "intro": named(place, form.intro.get(language)),
        "thanks": named(place, form.thanks.get(language)),
    })
}

/// Returns the page of thanks.
pub fn done(visited: &Visited, language: Language) -> Json {
    head(&visited.place, language)
}

/// What of a form stays when it is shown again: what was filled in, and what is wrong with it.
#[derive(Default)]
pub struct Again<'a> {
    pub posted: Option<&'a Posted>,
    pub wrong: Vec<(String, String)>,
}

/// Returns the page of a form.
pub fn form(app: &App, visited: &Visited, mark: &str, language: Language, again: &Again<'_>) -> Json {
    let place = &visited.place;
    let mut page = head(place, language);
    let shown = place.form().shows.iter().filter_map(|key| {
        let field = place.parent_type.field(key)?;
        let text = place.parent.document.get(key)?.as_str()?;
        Some(json!({ "label": field.title.get(language), "text": text }))
    });
    let writer = Writer { app, language, again };
    let own = place.form().fields.iter().filter_map(|key| place.record_type.field(key));
    let needs = |field: &FieldSpec| field.required || place.form().needs.contains(&field.key);
    let mut fields: Vec<Json> = own.map(|field| writer.field(field, needs(field))).collect();
    fields.extend(visited.form.questions.iter().map(|question| writer.question(question)));
    page["shows"] = shown.collect();
    page["fields"] = json!(fields);
    page["token"] = json!(visited.link.token);
    page["mark"] = json!(mark);
    page["trap"] = json!(TRAP);
    page["consent"] = json!(consent(place, language));
    page["consented"] = json!(again.posted.is_some_and(|posted| posted.text(CONSENT) == Some("1")));
    page["consent_error"] = writer.error(CONSENT);
    page["once"] = json!(place.form().one_per.is_some());
    page["files_again"] = json!(again.posted.is_some_and(|posted| !posted.files.is_empty()));
    page["error"] = writer.whole();
    page
}

struct Writer<'w> {
    app: &'w App,
    language: Language,
    again: &'w Again<'w>,
}

impl Writer<'_> {
    fn say(&self, code: &str) -> String {
        // What a type says of its own records is a sentence already.
        if self.app.texts.contains(code) {
            self.app.texts.say(self.language, code, &BTreeMap::new())
        } else {
            code.to_owned()
        }
    }

    /// Returns what is wrong with a field, or with a row of it.
    fn error(&self, name: &str) -> Json {
        let under = format!("{name}.");
        let found = self.again.wrong.iter().find(|(field, _)| field == name || field.starts_with(&under));
        found.map_or(Json::Null, |(_, code)| json!(self.say(code)))
    }

    /// Returns what is wrong with the whole.
    fn whole(&self) -> Json {
        match self.again.wrong.as_slice() {
            [] => Json::Null,
            [(field, code)] if field.is_empty() => json!(self.say(code)),
            _ => json!(self.say("rulebook.page.look_again")),
        }
    }

    fn given(&self, name: &str) -> Vec<&str> {
        self.again.posted.map(|posted| posted.texts(name)).unwrap_or_default()
    }

    fn shape(&self, name: &str, kind: &str, label: &str, needed: bool) -> Json {
        let given = self.given(name);
        json!({
            "name": name, "kind": kind, "label": label, "needed": needed, "hint": "",
            "value": given.first().copied().unwrap_or_default(), "error": self.error(name),
        })
    }

    fn choices(&self, name: &str, choices: &[(String, String)]) -> Json {
        let given = self.given(name);
        let one = |(id, title): &(String, String)| json!({ "id": id, "title": title, "checked": given.contains(&id.as_str()) });
        choices.iter().map(one).collect()
    }

    fn field(&self, field: &FieldSpec, needed: bool) -> Json {
        let kind = match field.kind {
            FieldKind::RichText => "textarea",
            FieldKind::Number | FieldKind::Percent => "number",
            FieldKind::Date => "date",
            FieldKind::Choice if field.options.len() > 6 => "select",
            FieldKind::Choice => "radio",
            FieldKind::Choices => "checkbox",
            FieldKind::Rating => "scale",
            FieldKind::Boolean => "boolean",
            FieldKind::File => "file",
            _ => "text",
        };
        let mut shape = self.shape(&field.key, kind, field.title.get(self.language), needed);
        shape["hint"] = json!(field.hint.get(self.language));
        shape["most"] = json!(field.maximum.filter(|_| field.kind == FieldKind::Text).unwrap_or(500.0));
        shape["step"] =
            json!(if field.kind == FieldKind::Number && field.decimals == 0 { "1" } else { "any" });
        if field.kind == FieldKind::File {
            shape["accept"] = json!(ACCEPT);
            shape["hint"] = json!(self.say("rulebook.page.file_hint"));
        }
        let rating = (1..=5).map(|n: i32| (n.to_string(), n.to_string())).collect();
        let options: Vec<(String, String)> = match field.kind {
            FieldKind::Rating => rating,
            _ => field
                .options
                .iter()
                .map(|option| (option.id.clone(), option.title.get(self.language).to_owned()))
                .collect(),
        };
        shape["choices"] = self.choices(&field.key, &options);
        shape
    }

    fn question(&self, question: &Question) -> Json {
        let kind = match question.kind {
            QuestionKind::Single => "radio",
            QuestionKind::Multiple => "checkbox",
            QuestionKind::Scale | QuestionKind::Nps => "scale",
            QuestionKind::Text => "textarea",
            QuestionKind::Number => "number",
            QuestionKind::Date => "date",
        };
        let name = question.name();
        let mut shape = self.shape(&name, kind, question.text(self.language), question.needed);
        shape["choices"] = self.choices(&name, &question.choices(self.language));
        shape["step"] = json!("any");
        if question.kind == QuestionKind::Nps {
            shape["hint"] = json!(self.say("rulebook.page.nps_hint"));
        }
        if question.kind == QuestionKind::Scale {
            shape["hint"] = json!(self.say("rulebook.page.scale_hint"));
        }
        shape
    }
}
