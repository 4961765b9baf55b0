//! Counts what was answered, and compares two waves.

use std::collections::BTreeMap;

use kernel::Language;
use serde_json::{Map, Value as Json};

use super::questions::{Question, QuestionKind};
use super::{FormDifference, FormQuestion, FormTally};

/// Texts that are shown of a question.
const TEXTS_SHOWN: usize = 100;
/// The 97.5 % point of the standard normal distribution.
const Z: f64 = 1.959_963_984_540_054;
/// Least score of a promoter (Reichheld, "The One Number You Need to Grow", 2003).
const PROMOTER: f64 = 9.0;
/// Greatest score of a detractor.
const DETRACTOR: f64 = 6.0;

/// Rows of a table of answers, one list for each record, newest first.
pub type Answers<'a> = [&'a [Json]];

/// What was said to one question.
#[derive(Debug, Default)]
struct Said<'a> {
    answered: i64,
    counts: BTreeMap<&'a str, i64>,
    numbers: Vec<f64>,
    texts: Vec<&'a str>,
}

fn said<'a>(code: &str, answers: &Answers<'a>) -> Said<'a> {
    let mut said = Said::default();
    for rows in answers {
        let text = |row: &'a Json, key: &str| row.get(key).and_then(Json::as_str).unwrap_or_default();
        let own: Vec<&Json> = rows.iter().filter(|row| text(row, "question") == code).collect();
        said.answered += i64::from(!own.is_empty());
        for row in own {
            let value = text(row, "value");
            *said.counts.entry(value).or_default() += 1;
            said.texts.push(value);
            said.numbers.extend(row.get("number").and_then(Json::as_f64));
        }
    }
    said
}

/// Counts the answers to a question, beside those of an earlier wave.
pub fn question(
    question: &Question,
    language: Language,
    answers: &Answers<'_>,
    earlier: Option<&Answers<'_>>,
    shows_texts: bool,
) -> FormQuestion {
    let now = said(&question.code, answers);
    let then = earlier.map(|earlier| said(&question.code, earlier));
    let then = then.as_ref();
    let choices = question.choices(language).into_iter().map(|(kept, value)| {
        let count = now.counts.get(kept.as_str()).copied().unwrap_or(0);
        let before = then.map(|then| (then.counts.get(kept.as_str()).copied().unwrap_or(0), then.answered));
        let before = before.filter(|(_, all)| *all > 0 && now.answered > 0);
        FormTally {
            value,
            count,
            share: percent(count, now.answered),
            compared_share: before.map(|(some, all)| percent(some, all)),
            difference: before.map(|(some, all)| difference((count, now.answered), (some, all))),
        }
    });
    let is_text = question.kind == QuestionKind::Text && shows_texts;
    let texts = now.texts.iter().filter(|_| is_text).take(TEXTS_SHOWN).map(|text| (*text).to_owned());
    FormQuestion {
        code: question.code.clone(),
        kind: question.kind,
        text: question.text(language).to_owned(),
        answered: now.answered,
        compared_answered: then.map(|then| then.answered),
        choices: choices.collect(),
        mean: mean(&now.numbers).map(rounded),
        net_promoter_score: (question.kind == QuestionKind::Nps)
            .then(|| promoters(&now.numbers))
            .flatten()
            .map(rounded),
        texts: texts.collect(),
    }
}

#[expect(clippy::cast_precision_loss, reason = "numbers of answers")]
fn real(count: i64) -> f64 {
    count as f64
}

fn rounded(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

fn percent(some: i64, all: i64) -> f64 {
    if all == 0 { 0.0 } else { rounded(100.0 * real(some) / real(all)) }
}

/// Returns the share of `some` in `all`, in percent; nothing where there are none.
pub fn share(some: i64, all: i64) -> Option<f64> {
    (all > 0).then(|| percent(some, all))
}

#[expect(clippy::cast_precision_loss, reason = "numbers of answers")]
fn mean(numbers: &[f64]) -> Option<f64> {
    (!numbers.is_empty()).then(|| numbers.iter().sum::<f64>() / numbers.len() as f64)
}

#[expect(clippy::cast_precision_loss, reason = "numbers of answers")]
fn promoters(scores: &[f64]) -> Option<f64> {
    let count = |fits: fn(f64) -> bool| scores.iter().filter(|score| fits(**score)).count() as f64;
    let balance = count(|score| score >= PROMOTER) - count(|score| score <= DETRACTOR);
    (!scores.is_empty()).then(|| 100.0 * balance / scores.len() as f64)
}

/// Returns Wilson's interval of a share.
fn wilson(some: f64, all: f64) -> (f64, f64) {
    let (p, z2) = (some / all, Z * Z);
    let middle = 2.0 * some + z2;
    let half = Z * (z2 + 4.0 * some * (1.0 - p)).sqrt();
    ((middle - half) / (2.0 * (all + z2)), (middle + half) / (2.0 * (all + z2)))
}

/// Returns the difference of two independent shares in points, with the 95 % interval of Newcombe's method 10 ("Interval
/// estimation for the difference between independent proportions", Statistics in Medicine 17, 1998, pages 873 to 890).
pub fn difference(now: (i64, i64), then: (i64, i64)) -> FormDifference {
    let [(x1, n1), (x2, n2)] = [now, then].map(|(some, all)| (real(some), real(all)));
    let (p1, p2) = (x1 / n1, x2 / n2);
    let ((l1, u1), (l2, u2)) = (wilson(x1, n1), wilson(x2, n2));
    let low = p1 - p2 - ((p1 - l1).powi(2) + (u2 - p2).powi(2)).sqrt();
    let high = p1 - p2 + ((u1 - p1).powi(2) + (p2 - l2).powi(2)).sqrt();
    let [points, low, high] = [p1 - p2, low, high].map(|share| rounded(100.0 * share));
    FormDifference { points, low, high, significant: low > 0.0 || high < 0.0 }
}

/// Returns the rows of a record's table of answers.
pub fn rows<'a>(document: &'a Map<String, Json>, table: &str) -> &'a [Json] {
    document.get(table).and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_interval_is_newcombes() {
        // Table II of the article: 56/70 against 48/80 is (0.0524, 0.3339), 9/10 against 3/10 is (0.1705, 0.8090),
        // 0/10 against 0/20 is (-0.1611, 0.2775).
        let found = difference((56, 70), (48, 80));
        assert_eq!((found.points, found.low, found.high, found.significant), (20.0, 5.24, 33.39, true));
        let found = difference((9, 10), (3, 10));
        assert_eq!((found.low, found.high), (17.05, 80.9));
        let found = difference((0, 10), (0, 20));
        assert_eq!((found.low, found.high, found.significant), (-16.11, 27.75, false));
    }

    #[test]
    fn shares_are_of_those_who_answered_and_the_balance_is_of_promoters() {
        let rows = [json!({ "code": "q", "kind": "nps", "question": "推荐吗" })];
        let questions = Question::all(&rows).expect("sound");
        let answer =
            |score: i64| vec![json!({ "question": "q", "value": score.to_string(), "number": score })];
        let answers: Vec<Vec<Json>> = [10, 9, 8, 6, 0].into_iter().map(answer).chain([vec![]]).collect();
        let answers: Vec<&[Json]> = answers.iter().map(Vec::as_slice).collect();
        let found = question(&questions[0], Language::ZhHans, &answers, None, true);
        assert_eq!((found.answered, found.mean, found.net_promoter_score), (5, Some(6.6), Some(0.0)));
        assert_eq!((found.choices[10].count, found.choices[10].share), (1, 20.0));
        assert!(found.texts.is_empty() && found.choices[0].difference.is_none());
    }
}
