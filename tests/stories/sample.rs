//! The sample company works by its rulebook: every story plays, and most clauses are followed by what it did.

use server::sample::{Options, load_with};
use store::testing::TestStore;

use crate::harness::Company;

/// Clauses that the stories show as followed, at least.
const FOLLOWED: u64 = 150;
/// Clauses that they show as broken: a company that breaks nothing teaches nothing.
const BROKEN: std::ops::RangeInclusive<u64> = 8..=26;

async fn plays(store: TestStore) {
    let company = Company::with(store, |config| config.sample = true).await;
    let loaded = load_with(&company.app, &Options { last_weeks: Some(1) }, &|_| ()).await;
    let loaded = loaded.unwrap_or_else(|problem| {
        panic!("{}", problem.source.map_or(problem.code.into_owned(), |source| source.to_string()))
    });
    assert!(loaded.acts > 1_000, "{} acts", loaded.acts);
    let admin = company.member("administrator").await;
    let counts = admin.get("/api/v1/rulebook/coverage").await;
    let count = |name: &str| counts["total"][name].as_u64().unwrap_or_else(|| panic!("{counts:#}"));
    assert!(count("followed") >= FOLLOWED && BROKEN.contains(&count("broken")), "{counts:#}");
}

#[tokio::test]
async fn the_sample_works_by_its_rulebook_on_sqlite() {
    Box::pin(plays(TestStore::sqlite_with(&server::migrations()).await)).await;
}

#[tokio::test]
async fn the_sample_works_by_its_rulebook_on_postgres() {
    Box::pin(plays(TestStore::postgres_with(&server::migrations()).await)).await;
}
