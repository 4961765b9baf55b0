//! Values that lie sealed.

use std::path::Path;

use futures::TryStreamExt;
use store::vault::SealedColumns;
use store::{Migration, Observation, Secrets, Store, Value, args, on_both, sealed};

const TABLE: &[Migration] = &[Migration {
    id: "test/0001_person",
    sql: "CREATE TABLE person (id TEXT PRIMARY KEY, name TEXT, note TEXT)",
}];
const COLUMNS: SealedColumns =
    SealedColumns { table: "person", key: "id", columns: &["name", "note"], rows: "TRUE" };
const INSERT: &str = "INSERT INTO person (id, name, note) VALUES";
const NAMES: &str = "SELECT name FROM person ORDER BY id";

async fn add(store: &Store, rows: Vec<Vec<Value>>) {
    let mut tx = store.begin_observation(Observation::Upkeep).await.unwrap();
    tx.insert_many(INSERT, rows, "").await.unwrap();
    tx.commit().await.unwrap();
}

async fn names(store: &Store) -> Vec<Option<String>> {
    store.all(NAMES, args![]).await.unwrap()
}

/// The cells of the table as they lie.
async fn raw(store: &Store) -> Vec<String> {
    let mut snapshot = store.snapshot().await.unwrap();
    let table = snapshot.tables().await.unwrap().into_iter().find(|table| table.name == "person").unwrap();
    let rows: Vec<Vec<Value>> = snapshot.rows(&table).try_collect().await.unwrap();
    let text = |cell| match cell {
        Value::Text(Some(text)) => Some(text),
        _ => None,
    };
    rows.into_iter().flatten().filter_map(text).collect()
}

async fn seal_all(store: &Store) -> usize {
    let (mut after, mut looked_at) = (String::new(), 0);
    loop {
        let mut tx = store.begin_observation(Observation::Upkeep).await.unwrap();
        let rows = COLUMNS.seal_some(&mut tx, &after, 2).await.unwrap();
        tx.commit().await.unwrap();
        looked_at += rows.len();
        let Some(last) = rows.last() else { return looked_at };
        after.clone_from(&last.key);
    }
}

on_both! {
    migrations = TABLE;

    async fn a_sealed_value_reads_back_and_lies_nowhere_in_clear(store: TestStore) {
        store.secrets().await;
        // Enough rows that PostgreSQL copies them.
        let many = (0..40).map(|n| args![format!("{n:02}"), sealed("林晓"), sealed(None::<&str>)]).collect();
        add(&store, many).await;
        add(&store, vec![args!["99", sealed("王敏"), sealed(r#"{"a":1}"#)]]).await;
        let found = names(&store).await;
        assert_eq!((found.len(), found[0].as_deref(), found[40].as_deref()), (41, Some("林晓"), Some("王敏")));
        let json: Vec<(serde_json::Value,)> =
            store.all("SELECT note FROM person WHERE id = $1", args!["99"]).await.unwrap();
        assert_eq!(json, [(serde_json::json!({ "a": 1 }),)], "JSON is read as such");
        let cells = raw(&store).await;
        assert!(cells.iter().all(|cell| !cell.contains('林') && !cell.contains('王') && !cell.contains("\"a\"")));
        let nowhere: Vec<String> =
            store.all("SELECT id FROM person WHERE name = $1", args![sealed("林晓")]).await.unwrap();
        assert!(nowhere.is_empty(), "what is sealed cannot be compared");
    }

    async fn what_only_looks_sealed_is_a_text_like_any_other(store: TestStore) {
        store.secrets().await;
        add(&store, vec![args!["1", "sealed:v1:not at all", "plain"]]).await;
        assert_eq!(names(&store).await, [Some("sealed:v1:not at all".to_owned())]);
        let notes: Vec<String> = store.all("SELECT note FROM person", args![]).await.unwrap();
        assert_eq!(notes, ["plain"]);
    }

    async fn without_the_right_key_nothing_is_shown_and_nothing_written(store: TestStore) {
        store.secrets().await;
        add(&store, vec![args!["1", sealed("林晓"), sealed("x")]]).await;
        let closed = store.reopen().await;
        let refused = closed.all::<String>(NAMES, args![]).await.unwrap_err();
        assert_eq!((&*refused.code, refused.args["place"].as_str()), ("store.value_unreadable", Some("name")));
        let mut tx = closed.begin_observation(Observation::Upkeep).await.unwrap();
        let refused = tx.exec("UPDATE person SET name = $1", args![sealed("y")]).await.unwrap_err();
        assert_eq!(refused.code, "store.vault_closed");
        drop(tx);
        let elsewhere = store.dir().join("other/master.key");
        let other = store::testing::TestStore::sqlite().await;
        Secrets::open((*other).clone(), &elsewhere).await.unwrap();
        let refused = Secrets::open(store.reopen().await, &elsewhere).await.unwrap_err();
        assert_eq!(refused.code, "store.secret_unreadable", "another master key opens nothing");
    }

    async fn a_new_data_key_seals_and_the_old_one_opens_until_all_is_sealed_anew(store: TestStore) {
        let secrets = store.secrets().await;
        add(&store, vec![args!["1", sealed("林晓"), sealed("x")], args!["2", sealed("王敏"), sealed("y")]]).await;
        // A node that was there before learns of the new key when it meets what it sealed.
        let node = store.reopen().await;
        Secrets::open(node.clone(), &store.dir().join("master.key")).await.unwrap();
        let before = store.vault().mark().unwrap();
        secrets.rotate_data_key(&kernel::Caller::system("test")).await.unwrap();
        secrets.rotate_master_key().await.unwrap();
        assert_ne!(store.vault().mark().unwrap(), before);
        assert_eq!(COLUMNS.remaining(&store).await.unwrap(), 2);
        add(&store, vec![args!["3", sealed("陈静"), sealed("z")]]).await;
        let all = [Some("林晓".to_owned()), Some("王敏".to_owned()), Some("陈静".to_owned())];
        assert_eq!(names(&store).await, all);
        assert_eq!(names(&node).await, all);
        let mut tx = node.begin_observation(Observation::Upkeep).await.unwrap();
        assert_eq!(tx.all::<Option<String>>(NAMES, args![]).await.unwrap(), all);
        drop(tx);
        assert_eq!(seal_all(&store).await, 3);
        assert_eq!(COLUMNS.remaining(&store).await.unwrap(), 0);
        assert!(raw(&store).await.iter().all(|cell| !cell.contains(&before)));
        assert_eq!(names(&store).await, all);
    }

    async fn rows_from_before_are_read_as_they_are_and_sealed_in_batches(store: TestStore) {
        store.secrets().await;
        store.tamper("INSERT INTO person (id, name, note) VALUES ('1', '林晓', NULL), ('2', NULL, '湖滨路'), ('3', '王敏', 'x')").await;
        add(&store, vec![args!["4", sealed("陈静"), sealed("z")]]).await;
        assert_eq!(names(&store).await[0].as_deref(), Some("林晓"));
        assert_eq!(COLUMNS.remaining(&store).await.unwrap(), 3);
        let before = raw(&store).await;
        assert_eq!(seal_all(&store).await, 4);
        assert_eq!(COLUMNS.remaining(&store).await.unwrap(), 0);
        let once = raw(&store).await;
        assert!(once.iter().all(|cell| !cell.contains('林') && !cell.contains('湖')) && once.len() == before.len());
        assert_eq!(seal_all(&store).await, 4, "again, and nothing changes");
        assert_eq!(raw(&store).await, once);
        let notes: Vec<Option<String>> = store.all("SELECT note FROM person ORDER BY id", args![]).await.unwrap();
        assert_eq!(notes, [None, Some("湖滨路".to_owned()), Some("x".to_owned()), Some("z".to_owned())]);
    }
}

#[tokio::test]
async fn what_was_replaced_is_not_in_the_file_any_more() {
    let store = store::testing::TestStore::sqlite_with(TABLE).await;
    store.secrets().await;
    store.tamper("INSERT INTO person (id, name) VALUES ('1', 'Wilhelmina Plain')").await;
    seal_all(&store).await;
    store.empty_log().await.unwrap();
    let store::Config::Sqlite { file } = store.config() else { unreachable!("it is SQLite") };
    assert_eq!(hits(file, b"Wilhelmina") + hits(&file.with_extension("db-wal"), b"Wilhelmina"), 0);
    assert!(hits(file, b"sealed:v1:") > 0, "the file is what is looked at");
}

fn hits(file: &Path, word: &[u8]) -> usize {
    let bytes = std::fs::read(file).unwrap_or_default();
    bytes.windows(word.len()).filter(|window| *window == word).count()
}
