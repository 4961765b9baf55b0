use super::TestStore;
use crate::Migration;

/// Prepares every statement that is linked into this test on the databases that it is for, and
/// fails with the words of the database for each that is refused; returns their number.
pub async fn assert_statements_prepare(migrations: &[Migration]) -> usize {
    let mut refused = Vec::new();
    for store in [TestStore::sqlite_with(migrations).await, TestStore::postgres_with(migrations).await] {
        let dialect = store.dialect();
        for (name, words) in store.check_statements().await {
            refused.push(format!("{dialect:?}: {name}: {words}"));
        }
    }
    assert!(refused.is_empty(), "{} statements were refused:\n{}", refused.len(), refused.join("\n"));
    crate::statements().count()
}
