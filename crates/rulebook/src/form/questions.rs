use kernel::{Language, text_enum};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};

use super::posted::Posted;

/// Most characters of a text that answers a question.
const TEXT_MAX: usize = 4_000;

text_enum! {
    /// Kind of a question (题型).
    pub enum QuestionKind {
        /// One of several.
        Single = "single",
        /// Some of several.
        Multiple = "multiple",
        /// One to five.
        Scale = "scale",
        /// How likely one recommends, zero to ten.
        Nps = "nps",
        /// Words.
        Text = "text",
        /// A number.
        Number = "number",
        /// A day.
        Date = "date",
    }
}

/// Question (题目) as people wrote it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// Its code, such as `Q1`.
    pub code: String,
    /// Its kind.
    pub kind: QuestionKind,
    /// What it asks: as written, in traditional Chinese, in English; the first where the others are empty.
    pub texts: [String; 3],
    /// What can be chosen: as written, in traditional Chinese, in English.
    pub choices: [Vec<String>; 3],
    /// True where it must be answered.
    pub needed: bool,
}

fn place(language: Language) -> usize {
    match language {
        Language::ZhHans => 0,
        Language::ZhHant => 1,
        Language::En => 2,
    }
}

/// Reads choices that stand in one line, between semicolons.
fn split(text: &str) -> Vec<String> {
    text.split([';', '；', '\n']).map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

impl Question {
    /// Reads the rows of a table of questions; the codes of those at fault are named.
    pub fn all(rows: &[Json]) -> Result<Vec<Self>, Vec<String>> {
        let mut found: Vec<Self> = Vec::new();
        let mut wrong = Vec::new();
        for row in rows {
            let text = |key: &str| row.get(key).and_then(Json::as_str).unwrap_or_default().trim().to_owned();
            let code = text("code");
            let (texts, choices) = (
                ["question", "question_hant", "question_en"].map(text),
                ["choices", "choices_hant", "choices_en"].map(|key| split(&text(key))),
            );
            let kind: Option<QuestionKind> = serde_json::from_value(json!(text("kind"))).ok();
            let chosen = matches!(kind, Some(QuestionKind::Single | QuestionKind::Multiple));
            let [main, others @ ..] = &choices;
            let unlike = others.iter().any(|other| !other.is_empty() && other.len() != main.len());
            let twice = main.iter().enumerate().any(|(i, one)| main[..i].contains(one));
            let known = found.iter().any(|question| question.code == code);
            match kind {
                Some(kind)
                    if !code.is_empty() && !known && !unlike && !twice && (!chosen || main.len() > 1) =>
                {
                    let needed = row.get("needed").and_then(Json::as_bool).unwrap_or(false);
                    found.push(Self { code, kind, texts, choices, needed });
                }
                _ => wrong.push(code),
            }
        }
        if wrong.is_empty() { Ok(found) } else { Err(wrong) }
    }

    /// Returns what it asks, in a language.
    pub fn text(&self, language: Language) -> &str {
        let text = &self.texts[place(language)];
        if text.is_empty() { &self.texts[0] } else { text }
    }

    /// Returns what can be chosen: what is kept, and what is read in a language.
    pub fn choices(&self, language: Language) -> Vec<(String, String)> {
        match self.kind {
            QuestionKind::Scale => (1..=5).map(|n| (n.to_string(), n.to_string())).collect(),
            QuestionKind::Nps => (0..=10).map(|n| (n.to_string(), n.to_string())).collect(),
            _ => {
                let said = &self.choices[place(language)];
                let said = if said.is_empty() { &self.choices[0] } else { said };
                self.choices[0].iter().cloned().zip(said.iter().cloned()).collect()
            }
        }
    }

    /// Returns the name of its field in a form.
    pub fn name(&self) -> String {
        format!("q.{}", self.code)
    }

    /// Reads what was answered, as rows of the table of answers.
    pub fn read(&self, posted: &Posted) -> Result<Vec<Json>, &'static str> {
        let given = posted.texts(&self.name());
        if given.is_empty() {
            return if self.needed { Err("rulebook.record.required") } else { Ok(Vec::new()) };
        }
        let row = |value: &str, number: Option<f64>| {
            let mut row = Map::new();
            row.insert("question".to_owned(), json!(self.code));
            row.insert("value".to_owned(), json!(value));
            if let Some(number) = number {
                row.insert("number".to_owned(), json!(number));
            }
            Json::Object(row)
        };
        let known = |value: &&str| self.choices[0].iter().any(|choice| choice == value);
        let first = given[0];
        match self.kind {
            QuestionKind::Single if given.len() == 1 && known(&first) => Ok(vec![row(first, None)]),
            QuestionKind::Multiple if given.iter().all(known) => {
                // In the order of the question, each once.
                let chosen = self.choices[0].iter().filter(|choice| given.contains(&choice.as_str()));
                Ok(chosen.map(|choice| row(choice, None)).collect())
            }
            QuestionKind::Single | QuestionKind::Multiple => Err("rulebook.record.no_such_option"),
            QuestionKind::Scale | QuestionKind::Nps => {
                let choices = self.choices(Language::ZhHans);
                let number = first.parse::<f64>().ok();
                let number = number.filter(|_| choices.iter().any(|(value, _)| value == first));
                number.map(|n| vec![row(first, Some(n))]).ok_or("rulebook.record.no_such_option")
            }
            QuestionKind::Number => {
                let number = first.parse::<f64>().ok().filter(|n| n.is_finite());
                number.map(|n| vec![row(first, Some(n))]).ok_or("rulebook.record.number_expected")
            }
            QuestionKind::Date => match first.parse::<jiff::civil::Date>() {
                Ok(day) => Ok(vec![row(&day.to_string(), None)]),
                Err(_) => Err("rulebook.record.date_expected"),
            },
            QuestionKind::Text if first.chars().count() > TEXT_MAX => Err("rulebook.record.too_long"),
            QuestionKind::Text => Ok(vec![row(first, None)]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(code: &str, kind: &str, choices: &str) -> Json {
        json!({ "code": code, "kind": kind, "question": "问", "choices": choices, "needed": true })
    }

    #[test]
    fn questions_without_choices_or_with_a_code_twice_are_named() {
        let rows = [row("a", "single", "是；否"), row("a", "text", ""), row("b", "multiple", "一个")];
        assert_eq!(Question::all(&rows).expect_err("two are at fault"), ["a", "b"]);
        let mut unlike = row("c", "single", "是；否");
        unlike["choices_en"] = json!("Yes");
        assert_eq!(Question::all(&[unlike]).expect_err("one is missing"), ["c"]);
    }

    #[test]
    fn an_answer_is_one_of_the_choices_and_is_kept_as_it_was_written() {
        let mut one = row("a", "multiple", "茶；咖啡；水");
        one["choices_en"] = json!("Tea; Coffee; Water");
        let questions = Question::all(&[one]).expect("sound");
        let question = &questions[0];
        assert_eq!(question.choices(Language::En)[1], ("咖啡".to_owned(), "Coffee".to_owned()));
        assert_eq!(question.choices(Language::ZhHant)[1].1, "咖啡", "what is not translated stays");
        let said = |values: &[&str]| {
            let mut posted = Posted::default();
            values.iter().for_each(|value| posted.put("q.a", value));
            question.read(&posted)
        };
        let rows = said(&["水", "茶", "茶"]).expect("two of them");
        assert_eq!(rows.iter().map(|row| &row["value"]).collect::<Vec<_>>(), ["茶", "水"]);
        assert_eq!(said(&["酒"]), Err("rulebook.record.no_such_option"));
        assert_eq!(said(&[]), Err("rulebook.record.required"));
    }

    #[test]
    fn a_scale_ends_at_five_and_the_other_at_ten() {
        let rows = [row("s", "scale", ""), row("n", "nps", "")];
        let questions = Question::all(&rows).expect("sound");
        let read = |place: usize, value: &str| {
            let mut posted = Posted::default();
            posted.put(&questions[place].name(), value);
            questions[place].read(&posted)
        };
        assert!(read(0, "6").is_err() && read(1, "11").is_err() && read(0, "0").is_err());
        assert_eq!(read(1, "0").expect("zero is an answer")[0]["number"], json!(0.0));
    }
}
