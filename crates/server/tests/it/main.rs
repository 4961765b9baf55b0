//! The product's edge, through its router, on both databases.

mod common;
mod limits;
mod privacy;
mod sample;

/// Two types of one name would be described as one.
#[test]
fn every_name_in_the_document_belongs_to_one_type() {
    let routes = server::modules()
        .into_iter()
        .fold(http_kit::Routes::new(), |routes, module| routes.merge(module.routes));
    assert_eq!(routes.clashes().collect::<Vec<_>>(), Vec::<&str>::new());
}

/// SQLite and PostgreSQL take every statement of the whole product.
#[tokio::test]
async fn every_statement_is_accepted_by_both_databases() {
    let count = store::testing::assert_statements_prepare(&server::migrations()).await;
    assert!(count > 200, "{count} statements");
}
