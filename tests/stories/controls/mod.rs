//! Each live control turns: from followed to broken, by what people do through the API and what time does.

mod accounts;
mod audit;
mod backups;
mod budgets;
mod campaigns;
mod content;
mod customers;
mod events;
mod goods;
mod insights;
mod records;
mod secrecy;

use std::collections::BTreeSet;
use std::ops::Deref;

use serde_json::json;

use crate::harness::Company;
use crate::harness::arrange::{Shop, id};

/// A shop in which one control is to turn.
pub struct Turn<'c> {
    shop: Shop<'c>,
    control: &'static str,
}

impl<'c> Deref for Turn<'c> {
    type Target = Shop<'c>;

    fn deref(&self) -> &Shop<'c> {
        &self.shop
    }
}

impl<'c> Turn<'c> {
    pub async fn open(company: &'c Company, control: &'static str) -> Self {
        Self { shop: Shop::open(company).await, control }
    }

    /// Evaluates the control now: it must be followed, with this value and window, and so many rows must open.
    pub async fn followed(&self, value: f64, window_days: Option<i64>, rows: usize) {
        self.judged("followed", value, window_days, rows).await;
    }

    /// The same, broken.
    pub async fn broken(&self, value: f64, window_days: Option<i64>, rows: usize) {
        self.judged("broken", value, window_days, rows).await;
    }

    async fn judged(&self, verdict: &str, value: f64, window_days: Option<i64>, rows: usize) {
        let path = format!("/api/v1/rulebook/controls/{}", self.control);
        let run = self.admin.post(&format!("{path}/evaluate"), json!({})).await;
        let found = run["value"].as_f64().map(|value| (value * 10.0).round() / 10.0);
        let seen = (run["verdict"].as_str(), found, run["window_days"].as_i64());
        assert_eq!(seen, (Some(verdict), Some(value), window_days), "{}: {run:#}", self.control);
        assert!(run["why"].as_str().is_some_and(|why| !why.is_empty()), "{run:#}");
        let shown = self.admin.get(&path).await;
        assert_eq!(shown["run"]["id"], run["id"], "the control shows its newest run");
        let opened = self.admin.list(&format!("/api/v1/rulebook/runs/{}/rows?page_size=200", id(&run))).await;
        assert_eq!(opened.len(), rows, "{}: {opened:#?}", self.control);
        for row in &opened {
            let link = row["link"].as_str().unwrap_or_default();
            assert!(
                link.starts_with('/')
                    && !link.contains(['{', '}'])
                    && !row["id"].as_str().unwrap_or_default().is_empty(),
                "{row:#}"
            );
        }
        for clause in shown["clauses"].as_object().expect("clauses").keys() {
            let clause = self.admin.get(&format!("/api/v1/rulebook/clauses/{clause}")).await;
            let names = clause["controls"].as_array().expect("controls").iter().map(|control| &control["id"]);
            assert!(names.clone().any(|name| name == self.control), "{clause:#}");
            let status = clause["clause"]["status"].as_str().unwrap_or_default().to_owned();
            assert!(verdict != "broken" || status == "broken", "{} is {status}", clause["clause"]["id"]);
        }
    }
}

/// Makes a test of each turn on both databases, and the list of controls that are turned.
macro_rules! turns {
    ($($control:literal => $name:ident($turn:ident) $body:block)+) => {
        /// The controls that this module turns.
        pub const TURNED: &[&str] = &[$($control),+];

        $(
            async fn $name(store: store::testing::TestStore) {
                let company = crate::harness::Company::new(store).await;
                let $turn = crate::controls::Turn::open(&company, $control).await;
                $body
            }

            mod $name {
                #[tokio::test]
                async fn sqlite() {
                    super::$name(store::testing::TestStore::sqlite_with(&server::migrations()).await).await;
                }

                #[tokio::test]
                async fn postgres() {
                    super::$name(store::testing::TestStore::postgres_with(&server::migrations()).await).await;
                }
            }
        )+
    };
}
use turns;

#[tokio::test]
async fn every_live_control_of_a_domain_has_a_turning_test() {
    let company = Company::new(store::testing::TestStore::sqlite_with(&server::migrations()).await).await;
    let admin = company.member("administrator").await;
    let controls = admin.list("/api/v1/rulebook/controls").await;
    // Controls over records are measured like those of the domains; what they say of is made by forms and machines alone.
    let of_records = |control: &&serde_json::Value| {
        let view = control["view"].as_str().unwrap_or_default();
        view.starts_with("v_record_") || view.starts_with("v_rulebook_")
    };
    let live: BTreeSet<String> = controls
        .iter()
        .filter(|control| control["connected"] == true && !of_records(control))
        .map(id)
        .collect();
    let all: BTreeSet<String> = controls.iter().map(id).collect();
    let turned = [
        accounts::TURNED,
        audit::TURNED,
        backups::TURNED,
        budgets::TURNED,
        campaigns::TURNED,
        content::TURNED,
        customers::TURNED,
        events::TURNED,
        goods::TURNED,
        insights::TURNED,
        secrecy::TURNED,
    ]
    .concat();
    let turned: BTreeSet<String> = turned.into_iter().map(str::to_owned).collect();
    let missing: Vec<&String> = live.difference(&turned).collect();
    assert!(missing.is_empty(), "live controls without a turning test: {missing:?}");
    let gone: Vec<&String> = turned.difference(&all).collect();
    assert!(gone.is_empty(), "no such control: {gone:?}");
    let connected: BTreeSet<String> =
        controls.iter().filter(|control| control["connected"] == true).map(id).collect();
    let idle: Vec<&String> = turned.difference(&connected).collect();
    assert!(idle.is_empty(), "turned, but not live: {idle:?}");
    let mut clauses = BTreeSet::new();
    for control in controls.iter().filter(|control| turned.contains(&id(control))) {
        clauses.extend(control["clauses"].as_object().expect("clauses").keys().cloned());
    }
    assert!(clauses.len() >= 30, "{} clauses have a control that turns", clauses.len());
}
