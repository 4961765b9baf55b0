//! What the database itself must hold.

use store::Query;
use store::testing::assert_statements_prepare;

use crate::support::MIGRATIONS;

#[tokio::test]
async fn every_statement_prepares_on_both_databases() {
    assert_statements_prepare(MIGRATIONS).await;
}

store::on_both! {
    migrations = MIGRATIONS;

    async fn every_published_view_has_the_columns_that_it_names(store: TestStore) {
        for view in identity::VIEWS {
            for column in view.columns {
                let mut query = Query::new("SELECT ", store::args![]);
                query.push(column.name).push(" FROM ").push(view.name);
                let rows: Vec<Option<String>> = store.list(query).await.expect(column.name);
                assert!(rows.is_empty());
            }
            assert!(view.column("id").is_some() && view.column(view.at).is_some(), "{}", view.name);
        }
    }
}

#[test]
fn every_code_has_its_sentence() {
    let texts = http_kit::read_texts("identity", identity::TEXTS).expect("three languages each");
    let module = identity::module();
    for permission in module.routes.permissions().iter().chain(module.permissions) {
        assert!(texts.contains_key(&format!("permission.{}", permission.code)), "{}", permission.code);
    }
    for purpose in ["activation", "password_reset", "not_me"] {
        for part in ["subject", "text", "action"] {
            assert!(texts.contains_key(&format!("identity.mail.{purpose}.{part}")), "{purpose}.{part}");
        }
    }
}
