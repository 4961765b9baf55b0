//! The product's edge, through its router, on both databases.

mod common;
mod limits;

/// SQLite and PostgreSQL take every statement of the whole product.
#[tokio::test]
async fn every_statement_is_accepted_by_both_databases() {
    let count = store::testing::assert_statements_prepare(&server::migrations()).await;
    assert!(count > 200, "{count} statements");
}
