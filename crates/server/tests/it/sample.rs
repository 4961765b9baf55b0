//! The sample company works by its rulebook: every story plays, and most clauses are followed by what it did.

use server::Config;
use server::sample::{Options, load_with};
use store::testing::TestStore;

/// Clauses that the stories show as followed, at least, and as broken, from and to: a company that breaks nothing
/// teaches nothing.
const FOLLOWED: u32 = 150;
const BROKEN: std::ops::RangeInclusive<u32> = 8..=32;

async fn plays(store: TestStore) {
    let config = Config { data_dir: store.dir().to_owned(), sample: true, ..Config::default() };
    let built = server::build(&config, store.reopen().await).await.expect("the product is put together");
    let loaded = load_with(&built.app, &Options { last_weeks: Some(1) }, &|_| ()).await;
    let loaded = loaded.unwrap_or_else(|problem| {
        panic!("{}", problem.source.map(|s| s.to_string()).unwrap_or(problem.code.into_owned()))
    });
    assert!(loaded.acts > 1_000, "{} acts", loaded.acts);
    let counts = rulebook::status(&built.app).await.expect("counted");
    assert!(counts.followed >= FOLLOWED && BROKEN.contains(&counts.broken), "{counts:?}");
}

#[tokio::test]
async fn the_sample_works_by_its_rulebook_on_sqlite() {
    plays(TestStore::sqlite_with(&server::migrations()).await).await;
}

#[tokio::test]
async fn the_sample_works_by_its_rulebook_on_postgres() {
    plays(TestStore::postgres_with(&server::migrations()).await).await;
}
