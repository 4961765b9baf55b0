//! What the database itself must hold.

use store::testing::assert_statements_prepare;

use crate::support::MIGRATIONS;

#[tokio::test]
async fn every_statement_prepares_on_both_databases() {
    assert_statements_prepare(MIGRATIONS).await;
}

#[test]
fn every_permission_has_its_sentence() {
    let texts = http_kit::read_texts("backup", backup::TEXTS).expect("three languages each");
    for permission in backup::module().routes.permissions() {
        assert!(texts.contains_key(&format!("permission.{}", permission.code)), "{}", permission.code);
    }
}
