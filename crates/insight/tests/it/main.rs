//! Questions in SQL through their public doors, over copies of what other domains publish.

mod files;
mod queries;
mod sights;
mod world;

#[tokio::test]
async fn every_statement_is_accepted_by_both_databases() {
    let count = store::testing::assert_statements_prepare(world::MIGRATIONS).await;
    assert!(count > 5, "{count} statements");
}
