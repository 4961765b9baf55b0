//! Tests of the crate through its doors: HTTP and the queue, on both databases.

mod door;
mod ledger;
mod life;
mod oracle;
mod pages;
mod support;

use support::MIGRATIONS;

#[tokio::test]
async fn every_statement_prepares_on_both_databases() {
    assert!(store::testing::assert_statements_prepare(MIGRATIONS).await > 40);
}
