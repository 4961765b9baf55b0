use kernel::{Problem, Result};

use super::{
    Bounds, Column, Condition, EventFilter, Every, Funnel, Measure, NODES_MAX, Operator, PERIODS_MAX,
    PerPerson, PersonTest, QUESTIONS_MAX, Question, RFM_GROUPS_MAX, Retention, Rfm, STEPS_MAX, Span,
    TESTS_MAX, TEXT_MAX, TOP_MAX, Total, Unit, VALUES_MAX, Value,
};

/// Refuses questions that make no sense, naming every field at fault, such as `2.span.to`.
pub fn check_all(questions: &[Question]) -> Result<()> {
    let mut faults = Faults::default();
    if questions.len() > QUESTIONS_MAX {
        faults.add("questions", "lake.query.too_many_questions");
    } else {
        for (place, question) in questions.iter().enumerate() {
            faults.within(&place.to_string(), |faults| question_of(question, faults));
        }
    }
    faults.end()
}

impl Question {
    /// Refuses what makes no sense, naming every field at fault.
    pub fn check(&self) -> Result<()> {
        let mut faults = Faults::default();
        question_of(self, &mut faults);
        faults.end()
    }
}

/// What is wrong, and where one is looking.
#[derive(Default)]
struct Faults {
    at: Vec<String>,
    found: Vec<(String, &'static str)>,
}

impl Faults {
    fn add(&mut self, field: &str, code: &'static str) {
        let mut path = self.at.clone();
        path.push(field.to_owned());
        self.found.push((path.join("."), code));
    }

    fn add_if(&mut self, wrong: bool, field: &str, code: &'static str) {
        if wrong {
            self.add(field, code);
        }
    }

    fn within(&mut self, field: &str, look: impl FnOnce(&mut Self)) {
        self.at.push(field.to_owned());
        look(self);
        self.at.pop();
    }

    fn end(self) -> Result<()> {
        if self.found.is_empty() {
            return Ok(());
        }
        let problem = Problem::unprocessable("lake.query.invalid");
        Err(self.found.into_iter().fold(problem, |problem, (field, code)| problem.with_field(field, code)))
    }
}

fn question_of(question: &Question, faults: &mut Faults) {
    match question {
        Question::Total(total) => total_of(total, faults),
        Question::Funnel(funnel) => funnel_of(funnel, faults),
        Question::Retention(retention) => retention_of(retention, faults),
        Question::PerPerson(people) => per_person_of(people, faults),
        Question::Rfm(rfm) => rfm_of(rfm, faults),
    }
}

fn total_of(total: &Total, faults: &mut Faults) {
    faults.within("filter", |faults| filter_of(&total.filter, faults));
    span_of(total.span, faults);
    let percentile_off = matches!(total.measure, Measure::Percentile(of) if !(0.0..=100.0).contains(&of));
    faults.add_if(percentile_off, "measure", "lake.query.percentile_off");
    let number = matches!(total.measure, Measure::Distinct(column) if column.is_number());
    faults.add_if(number, "measure", "lake.query.column_is_number");
    by_of(total.by, faults);
    if let Some(every) = &total.every {
        every_of(every, faults);
    }
    faults.add_if(total.top.is_some_and(|top| top == 0 || top > TOP_MAX), "top", "lake.query.out_of_range");
    faults.add_if(total.top.is_some() && total.by.is_none(), "top", "lake.query.top_of_nothing");
}

fn funnel_of(funnel: &Funnel, faults: &mut Faults) {
    faults.add_if(funnel.steps.is_empty(), "steps", "lake.query.no_steps");
    faults.add_if(funnel.steps.len() > STEPS_MAX, "steps", "lake.query.too_many_steps");
    for (place, step) in funnel.steps.iter().enumerate().take(STEPS_MAX) {
        faults.within(&format!("steps.{place}"), |faults| filter_of(step, faults));
    }
    faults.add_if(funnel.within_ms < 0, "within_ms", "lake.query.out_of_range");
    span_of(funnel.span, faults);
    by_of(funnel.by, faults);
}

fn retention_of(retention: &Retention, faults: &mut Faults) {
    faults.within("start", |faults| filter_of(&retention.start, faults));
    faults.within("back", |faults| filter_of(&retention.back, faults));
    every_of(&retention.every, faults);
    faults.add_if(retention.every.unit == Unit::Hour, "every.unit", "lake.query.unit_too_short");
    let off = !(1..=PERIODS_MAX).contains(&retention.periods);
    faults.add_if(off, "periods", "lake.query.out_of_range");
    span_of(retention.span, faults);
}

fn per_person_of(people: &PerPerson, faults: &mut Faults) {
    faults.within("filter", |faults| filter_of(&people.filter, faults));
    span_of(people.span, faults);
    faults.add_if(nobody_fits(&people.test), "test", "lake.query.nobody_fits");
    faults.add_if(people.also.len() > TESTS_MAX, "also", "lake.query.out_of_range");
    for (place, test) in people.also.iter().enumerate().take(TESTS_MAX) {
        faults.add_if(nobody_fits(test), &format!("also.{place}"), "lake.query.nobody_fits");
    }
    if let Some(filter) = &people.not_since {
        faults.within("not_since", |faults| filter_of(filter, faults));
    }
    let limit_off = people.nodes.is_some_and(|nodes| nodes == 0 || nodes > NODES_MAX);
    faults.add_if(limit_off, "nodes", "lake.query.out_of_range");
}

fn nobody_fits(test: &PersonTest) -> bool {
    match test {
        PersonTest::Count(bounds) => crossed(bounds) || bounds.at_most.is_some_and(|most| most < 1),
        PersonTest::Sum(bounds) => {
            crossed(bounds)
                || [bounds.at_least, bounds.at_most].into_iter().flatten().any(|bound| !bound.is_finite())
        }
        PersonTest::First(bounds) | PersonTest::Last(bounds) => crossed(bounds),
    }
}

fn rfm_of(rfm: &Rfm, faults: &mut Faults) {
    faults.within("filter", |faults| filter_of(&rfm.filter, faults));
    span_of(rfm.span, faults);
    let off = !(2..=RFM_GROUPS_MAX).contains(&rfm.groups);
    faults.add_if(off, "groups", "lake.query.out_of_range");
}

fn crossed<T: PartialOrd>(bounds: &Bounds<T>) -> bool {
    matches!((&bounds.at_least, &bounds.at_most), (Some(least), Some(most)) if least > most)
}

fn by_of(by: Option<Column>, faults: &mut Faults) {
    faults.add_if(by.is_some_and(Column::is_number), "by", "lake.query.column_is_number");
}

fn span_of(span: Span, faults: &mut Faults) {
    let ends_first = matches!((span.from, span.to), (Some(from), Some(to)) if to <= from);
    faults.add_if(ends_first, "span.to", "lake.query.ends_before_it_begins");
}

fn every_of(every: &Every, faults: &mut Faults) {
    faults.add_if(jiff::tz::TimeZone::get(&every.zone).is_err(), "every.zone", "lake.query.zone_unknown");
}

fn filter_of(filter: &EventFilter, faults: &mut Faults) {
    let lists = [
        ("names", filter.names.len()),
        ("kinds", filter.kinds.len()),
        ("source_ids", filter.source_ids.len()),
        ("where", filter.where_.len()),
    ];
    for (field, length) in lists {
        faults.add_if(length > VALUES_MAX, field, "lake.query.too_many_values_listed");
    }
    for (place, condition) in filter.where_.iter().enumerate().take(VALUES_MAX) {
        faults.within(&format!("where.{place}"), |faults| condition_of(condition, faults));
    }
}

fn condition_of(condition: &Condition, faults: &mut Faults) {
    let bare = matches!(condition.op, Operator::IsNull | Operator::NotNull);
    match &condition.value {
        None => faults.add_if(!bare, "value", "lake.query.value_missing"),
        Some(_) if bare => faults.add("value", "lake.query.value_not_wanted"),
        Some(Value::Number(number)) => {
            let off = !condition.column.is_number() || !number.is_finite();
            faults.add_if(off, "value", "lake.query.value_of_wrong_type");
        }
        Some(Value::Text(text)) => {
            faults.add_if(condition.column.is_number(), "value", "lake.query.value_of_wrong_type");
            faults.add_if(text.len() > TEXT_MAX, "value", "lake.query.out_of_range");
        }
    }
    let contains_number = condition.op == Operator::Contains && condition.column.is_number();
    faults.add_if(contains_number, "op", "lake.query.column_is_number");
}

#[cfg(test)]
mod tests {
    use kernel::Timestamp;

    use super::*;

    fn faults(question: &str) -> Vec<(String, String)> {
        let question: Question = serde_json::from_str(question).expect("a question");
        let written = serde_json::to_string(&question).expect("JSON");
        let again: Question = serde_json::from_str(&written).expect("what was written can be read");
        assert_eq!(again, question);
        let Err(problem) = question.check() else { return Vec::new() };
        assert_eq!((problem.status, problem.code.as_ref()), (422, "lake.query.invalid"));
        let short = |code: String| code.trim_start_matches("lake.query.").to_owned();
        problem.fields.into_iter().map(|field| (field.field, short(field.code))).collect()
    }

    fn fault(question: &str) -> String {
        let found = faults(question);
        assert_eq!(found.len(), 1, "{question}: {found:?}");
        format!("{} {}", found[0].0, found[0].1)
    }

    #[test]
    fn what_makes_sense_passes() {
        let zone = r#"{"unit":"week","zone":"Asia/Shanghai"}"#;
        let sound = [
            r#"{"type":"total","measure":"count"}"#.to_owned(),
            format!(
                r#"{{"type":"total","measure":{{"percentile":100}},"by":"channel","every":{zone},"top":1000}}"#
            ),
            r#"{"type":"total","measure":{"distinct":"order_id"},"filter":{"names":["a"],"kinds":["page"],
                "where":[{"column":"value","op":"ge","value":3},{"column":"path","op":"is_null"}]}}"#
                .to_owned(),
            r#"{"type":"funnel","steps":[{"names":["a"]},{}],"within_ms":0,"by":"name"}"#.to_owned(),
            format!(r#"{{"type":"retention","start":{{}},"back":{{}},"every":{zone},"periods":1}}"#),
            r#"{"type":"per_person","test":{"last":{"at_most":"2026-11-01T00:00:00Z"}},"nodes":1}"#
                .to_owned(),
            r#"{"type":"per_person","test":{"count":{"at_least":2}},"also":[{"sum":{"at_least":9}}],
                "not_since":{"names":["b"]}}"#
                .to_owned(),
            r#"{"type":"rfm","filter":{"names":["b"]}}"#.to_owned(),
        ];
        for question in sound {
            assert_eq!(faults(&question), [], "{question}");
        }
    }

    #[test]
    fn nonsense_is_refused_where_it_is() {
        let cases = [
            (r#"{"type":"funnel","steps":[],"within_ms":1}"#, "steps no_steps"),
            (r#"{"type":"funnel","steps":[{}],"within_ms":-1}"#, "within_ms out_of_range"),
            (r#"{"type":"funnel","steps":[{}],"within_ms":1,"by":"value"}"#, "by column_is_number"),
            (r#"{"type":"total","measure":{"percentile":100.5}}"#, "measure percentile_off"),
            (r#"{"type":"total","measure":{"percentile":-1}}"#, "measure percentile_off"),
            (r#"{"type":"total","measure":{"distinct":"value"}}"#, "measure column_is_number"),
            (r#"{"type":"total","measure":"count","by":"name","top":1001}"#, "top out_of_range"),
            (r#"{"type":"total","measure":"count","by":"name","top":0}"#, "top out_of_range"),
            (r#"{"type":"total","measure":"count","top":5}"#, "top top_of_nothing"),
            (
                r#"{"type":"total","measure":"count","every":{"unit":"day","zone":"Mars/Base"}}"#,
                "every.zone zone_unknown",
            ),
            (
                r#"{"type":"total","measure":"count","span":{"from":"2026-11-02T00:00:00Z","to":"2026-11-02T00:00:00Z"}}"#,
                "span.to ends_before_it_begins",
            ),
            (
                r#"{"type":"retention","start":{},"back":{},"every":{"unit":"hour"},"periods":1}"#,
                "every.unit unit_too_short",
            ),
            (
                r#"{"type":"retention","start":{},"back":{},"every":{"unit":"day"},"periods":401}"#,
                "periods out_of_range",
            ),
            (r#"{"type":"per_person","test":{"count":{"at_least":3,"at_most":2}}}"#, "test nobody_fits"),
            (r#"{"type":"per_person","test":{"count":{"at_most":0}}}"#, "test nobody_fits"),
            (r#"{"type":"per_person","test":{"count":{}},"nodes":0}"#, "nodes out_of_range"),
            (
                r#"{"type":"per_person","test":{"count":{}},"also":[{"sum":{}},{"sum":{"at_least":2,"at_most":1}}]}"#,
                "also.1 nobody_fits",
            ),
            (r#"{"type":"rfm","groups":1}"#, "groups out_of_range"),
            (r#"{"type":"rfm","groups":11}"#, "groups out_of_range"),
        ];
        for (question, expected) in cases {
            assert_eq!(fault(question), expected, "{question}");
        }
    }

    #[test]
    fn conditions_compare_what_can_be_compared() {
        let asked = |condition: &str| {
            fault(&format!(r#"{{"type":"total","measure":"count","filter":{{"where":[{condition}]}}}}"#))
        };
        let cases = [
            (r#"{"column":"path","op":"eq"}"#, "value value_missing"),
            (r#"{"column":"path","op":"is_null","value":"x"}"#, "value value_not_wanted"),
            (r#"{"column":"path","op":"eq","value":1}"#, "value value_of_wrong_type"),
            (r#"{"column":"value","op":"eq","value":"1"}"#, "value value_of_wrong_type"),
            (r#"{"column":"value","op":"contains","value":1}"#, "op column_is_number"),
        ];
        for (condition, expected) in cases {
            assert_eq!(asked(condition), format!("filter.where.0.{expected}"));
        }
    }

    #[test]
    fn there_is_an_end_to_questions_and_steps() {
        let span = Span { from: Some(Timestamp::from_ms(0)), to: None };
        let funnel =
            |steps| Funnel { steps: vec![EventFilter::default(); steps], within_ms: 1, span, by: None };
        assert!(Question::Funnel(funnel(STEPS_MAX)).check().is_ok());
        let problem = check_all(&[Question::Funnel(funnel(1)), Question::Funnel(funnel(STEPS_MAX + 1))]);
        let fields = problem.expect_err("too many steps").fields;
        assert_eq!(fields.len(), 1);
        assert_eq!(
            (fields[0].field.as_str(), fields[0].code.as_str()),
            ("1.steps", "lake.query.too_many_steps")
        );
        let many = vec![Question::Funnel(funnel(1)); QUESTIONS_MAX + 1];
        assert!(check_all(&many[..QUESTIONS_MAX]).is_ok());
        assert_eq!(check_all(&many).expect_err("too many").fields[0].code, "lake.query.too_many_questions");
    }

    #[test]
    fn unknown_words_are_refused() {
        for question in [
            r#"{"type":"total","measure":"count","until":1}"#,
            r#"{"type":"total","measure":{"distinct":"properties"}}"#,
            r#"{"type":"total","measure":"count","filter":{"name":["a"]}}"#,
            r#"{"type":"sum"}"#,
        ] {
            assert!(serde_json::from_str::<Question>(question).is_err(), "{question}");
        }
    }
}
