//! Controls over records turn by what people write and do, told in `records.yaml`: one company, one story after the other.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::Method;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use store::testing::TestStore;

use crate::harness::arrange::id;
use crate::harness::{Call, Company, Member, people};

/// Fewest controls that the stories of each company turn from followed to broken.
const TURNED_LEAST: usize = 25;
const ROLES: [&str; 8] = ["market", "brand", "it", "sales", "service", "finance", "management", "compliance"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Story {
    about: String,
    /// True where it happens in the second company: more time passes in all than a token lasts.
    #[serde(default)]
    second: bool,
    steps: Vec<Step>,
}

/// A step: one of `new`, `act`, `edit`, `made`, `publish`, `pass`, `followed`, `broken` says which.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Step {
    new: Option<String>,
    r#as: String,
    by: String,
    v: Map<String, Json>,
    act: Option<String>,
    r#do: String,
    /// Those who agree to it.
    ok: Vec<String>,
    edit: Option<String>,
    made: Option<String>,
    /// Publishes the public form of the type `form` from this record.
    publish: Option<String>,
    form: String,
    of: String,
    field: String,
    pass: Option<String>,
    followed: Vec<String>,
    broken: Vec<String>,
}

/// The company in which the stories happen.
struct Stage<'c> {
    company: &'c Company,
    admin: Member<'c>,
    people: BTreeMap<&'static str, Member<'c>>,
    departments: BTreeMap<&'static str, String>,
    file: Json,
    /// Records by name: their type and id.
    records: BTreeMap<String, (String, String)>,
    followed: BTreeSet<String>,
    turned: BTreeSet<String>,
}

impl<'c> Stage<'c> {
    async fn open(company: &'c Company) -> Self {
        let admin = company.member("administrator").await;
        let mut people = BTreeMap::new();
        for role in ROLES {
            people.insert(role, company.member(role).await);
        }
        let mut departments = BTreeMap::new();
        for code in ["market", "sales"] {
            departments.insert(code, people::department(&admin, code).await);
        }
        let upload = Call::post("/api/v1/record-files?name=proof.txt").bytes("text/plain", "凭据");
        let file = json!([admin.expect(upload).await]);
        let (records, followed, turned) = (BTreeMap::new(), BTreeSet::new(), BTreeSet::new());
        Self { company, admin, people, departments, file, records, followed, turned }
    }

    fn by(&self, role: &str) -> &Member<'c> {
        self.people.get(role).unwrap_or_else(|| panic!("nobody is {role}"))
    }

    fn path(&self, name: &str) -> String {
        let (record, id) = self.records.get(name).unwrap_or_else(|| panic!("no record is called {name}"));
        format!("/api/v1/records/{record}/{id}")
    }

    /// Puts values in for the words of a story.
    fn value(&self, said: &Json) -> Json {
        match said {
            Json::Array(items) => items.iter().map(|item| self.value(item)).collect(),
            Json::Object(cells) => {
                Json::Object(cells.iter().map(|(key, cell)| (key.clone(), self.value(cell))).collect())
            }
            Json::String(text) => self.word(text),
            other => other.clone(),
        }
    }

    fn word(&self, text: &str) -> Json {
        let now = self.company.now();
        let number = |text: &str| text.parse::<i64>().unwrap_or_else(|_| panic!("{text} is no number"));
        match text.get(..1).zip(text.get(1..)) {
            Some(("$", role)) => json!(self.by(role).id),
            Some(("#", code)) => json!(self.departments[code]),
            Some(("@", name)) => json!(self.records.get(name).unwrap_or_else(|| panic!("no {name}")).1),
            Some(("d", rest)) if rest.starts_with(':') => {
                json!(now.plus_days(number(&rest[1..])).instant().to_string().get(..10))
            }
            Some(("t", rest)) if rest.starts_with(':') => {
                json!(now.plus_ms(number(&rest[1..]) * kernel::HOUR_MS))
            }
            Some(("f", ":")) => self.file.clone(),
            _ => json!(text),
        }
    }

    async fn step(&mut self, step: &Step) {
        let values = self.value(&Json::Object(step.v.clone()));
        if let Some(record) = &step.new {
            let made = self
                .by(&step.by)
                .post(&format!("/api/v1/records/{record}"), json!({ "values": values }))
                .await;
            self.records.insert(step.r#as.clone(), (record.clone(), id(&made)));
        } else if let Some(name) = &step.act {
            self.act(step, name, values).await;
        } else if let Some(name) = &step.edit {
            let (who, path) = (self.by(&step.by), self.path(name));
            let seen = who.get(&path).await;
            who.act(Method::PATCH, &path, &seen, json!({ "values": values })).await;
        } else if let Some(record) = &step.made {
            let filter = format!("{}%20%3D%3D%20'{}'", step.field, self.records[&step.of].1);
            let rows =
                self.admin.list(&format!("/api/v1/records/{record}?sort=-number&filter={filter}")).await;
            let newest = rows.first().unwrap_or_else(|| panic!("{} made no {record}", step.of));
            self.records.insert(step.r#as.clone(), (record.clone(), id(newest)));
        } else if let Some(name) = &step.publish {
            let path = format!("{}/forms/{}", self.path(name), step.form);
            self.by(&step.by).post(&path, json!({})).await;
        } else if let Some(time) = &step.pass {
            match time.split_at(time.len() - 1) {
                (days, "d") => self.company.pass_days(days.parse().expect("days")),
                (hours, _) => self.company.pass_hours(hours.parse().expect("hours")),
            }
        }
        for control in &step.followed {
            self.judged(control, "followed").await;
            self.followed.insert(control.clone());
        }
        for control in &step.broken {
            self.judged(control, "broken").await;
            assert!(self.followed.contains(control), "{control} was not followed before");
            self.turned.insert(control.clone());
        }
    }

    async fn act(&self, step: &Step, name: &str, values: Json) {
        let (who, path) = (self.by(&step.by), self.path(name));
        let seen = who.get(&path).await;
        let body = json!({ "values": values, "reason": "按流程" });
        who.act(Method::POST, &format!("{path}/actions/{}", step.r#do), &seen, body).await;
        for role in &step.ok {
            let (decider, id) = (self.by(role), &self.records[name].1);
            let waiting = decider.list(&format!("/api/v1/rulebook/approvals?subject_id={id}")).await;
            let approval = waiting.first().unwrap_or_else(|| panic!("nothing of {name} waits for {role}"));
            let path = format!("/api/v1/rulebook/approvals/{}/decide", crate::harness::arrange::id(approval));
            decider.post(&path, json!({ "decision": "approve" })).await;
        }
    }

    async fn judged(&self, control: &str, verdict: &str) {
        let path = format!("/api/v1/rulebook/controls/{control}/evaluate");
        let run = self.admin.post(&path, json!({})).await;
        assert_eq!(run["verdict"], verdict, "{control}: {run:#}");
    }
}

async fn turn(store: TestStore, second: bool) {
    let stories: Vec<Story> =
        serde_yaml_ng::from_str(include_str!("records.yaml")).expect("the stories read");
    let company = Company::new(store).await;
    let mut stage = Stage::open(&company).await;
    for story in stories.iter().filter(|story| story.second == second) {
        println!("{}", story.about);
        for step in &story.steps {
            Box::pin(stage.step(step)).await;
        }
    }
    assert!(stage.turned.len() >= TURNED_LEAST, "{} controls turned", stage.turned.len());
    println!("{} controls turned", stage.turned.len());
}

#[tokio::test]
async fn controls_over_records_turn_on_sqlite() {
    Box::pin(turn(TestStore::sqlite_with(&server::migrations()).await, false)).await;
}

#[tokio::test]
async fn more_controls_over_records_turn_on_sqlite() {
    Box::pin(turn(TestStore::sqlite_with(&server::migrations()).await, true)).await;
}

#[tokio::test]
async fn controls_over_records_turn_on_postgres() {
    Box::pin(turn(TestStore::postgres_with(&server::migrations()).await, false)).await;
}

#[tokio::test]
async fn more_controls_over_records_turn_on_postgres() {
    Box::pin(turn(TestStore::postgres_with(&server::migrations()).await, true)).await;
}
