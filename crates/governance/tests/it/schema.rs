//! What the database itself must hold.

use store::testing::assert_statements_prepare;

use crate::support::MIGRATIONS;

#[tokio::test]
async fn every_statement_prepares_on_both_databases() {
    assert_statements_prepare(MIGRATIONS).await;
}

#[test]
fn the_ledger_is_only_ever_added_to() {
    let changes = |text: &str| {
        let text = text.to_lowercase();
        text.contains("update governance_entry") || text.contains("delete from governance_entry")
    };
    let found: Vec<&str> = store::statements().filter(|s| changes(s.text)).map(|s| s.name).collect();
    assert!(found.is_empty(), "{found:?}");
    assert!(
        store::statements().any(|s| s.text.contains("INSERT INTO governance_entry")),
        "the search finds the ledger"
    );
}

#[test]
fn every_permission_has_its_sentence() {
    let module = governance::module();
    let texts = http_kit::read_texts("governance", module.texts).expect("three languages each");
    for permission in module.routes.permissions() {
        assert!(texts.contains_key(&format!("permission.{}", permission.code)), "{}", permission.code);
    }
}
