//! Reading, writing, transactions.

use std::collections::BTreeMap;

use kernel::{Caller, Day, Id, Scope, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use store::testing::assert_statements_prepare;
use store::{Audit, Observation, OnDuplicate, Query, ScopeColumns, Tx, args, on_both};

use crate::common::{MIGRATIONS, user};

text_enum! {
    /// State of a thing.
    pub enum State { New = "new", Used = "used" }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Extra {
    Nothing,
    Note { text: String, at: Timestamp },
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Thing {
    id: Id,
    name: String,
    size: Option<i64>,
    weight: Option<f64>,
    heavy: Option<bool>,
    picture: Option<Vec<u8>>,
    day: Option<Day>,
    seen_at: Option<Timestamp>,
    state: Option<State>,
    tags: Option<Vec<String>>,
    extra: Option<Extra>,
}

store::sql! {
    ADD = "INSERT INTO thing (id, name, size, weight, heavy, picture, day, seen_at, state, tags, extra)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    ALL = "SELECT id, name, size, weight, heavy, picture, day, seen_at, state, tags, extra
        FROM thing ORDER BY name";
    COUNT = "SELECT COUNT(*) FROM thing";
    TOTAL = "SELECT CAST(SUM(size) AS BIGINT) FROM thing";
    PAIRS = "SELECT name, size FROM thing ORDER BY name";
    RENAME = "UPDATE thing SET name = $3, version = version + 1 WHERE id = $1 AND version = $2";
    ADD_RETURNING = "INSERT INTO thing (id, name) VALUES ($1, $2) RETURNING id, name";
}

const ADD_MANY: &str = "INSERT INTO thing (id, name, brand_id, department_id, owner_id) VALUES";

fn full(id: Id) -> Vec<store::Value> {
    let extra = Extra::Note { text: "引号 ' 和 {花括号}".into(), at: Timestamp::from_ms(0) };
    args![
        id,
        "全",
        i64::MAX,
        0.1,
        true,
        vec![0_u8, 255],
        Day("2026-11-22".parse().expect("a day")),
        Timestamp::from_ms(-1),
        State::Used.as_str(),
        store::json(&vec!["a", "乙"]),
        store::json(&extra),
    ]
}

fn empty(id: Id) -> Vec<store::Value> {
    args![
        id,
        "空",
        None::<i64>,
        None::<f64>,
        None::<bool>,
        None::<Vec<u8>>,
        None::<Day>,
        None::<Timestamp>,
        None::<&str>,
        None::<String>,
        None::<String>,
    ]
}

async fn upkeep(store: &store::Store) -> Tx {
    store.begin_observation(Observation::Upkeep).await.unwrap()
}

on_both! {
    migrations = MIGRATIONS;

    async fn rows_come_back_as_they_went_in(store: TestStore) {
        let (one, two) = (Id::new(), Id::new());
        let mut tx = upkeep(&store).await;
        tx.exec(ADD, full(one)).await.unwrap();
        tx.exec(ADD, empty(two)).await.unwrap();
        tx.commit().await.unwrap();
        let things: Vec<Thing> = store.all(ALL, args![]).await.unwrap();
        let expected = Thing {
            id: one,
            name: "全".into(),
            size: Some(i64::MAX),
            weight: Some(0.1),
            heavy: Some(true),
            picture: Some(vec![0, 255]),
            day: Some(Day("2026-11-22".parse().unwrap())),
            seen_at: Some(Timestamp::from_ms(-1)),
            state: Some(State::Used),
            tags: Some(vec!["a".into(), "乙".into()]),
            extra: Some(Extra::Note { text: "引号 ' 和 {花括号}".into(), at: Timestamp::from_ms(0) }),
        };
        assert_eq!(things[0], expected);
        let nothing = &things[1];
        assert_eq!((nothing.id, nothing.size, nothing.weight, nothing.heavy), (two, None, None, None));
        assert_eq!((&nothing.picture, nothing.day, nothing.seen_at), (&None, None, None));
        assert_eq!((nothing.state, &nothing.tags, &nothing.extra), (None, &None, &None));
    }

    async fn tuples_scalars_and_maps_are_read_too(store: TestStore) {
        let mut tx = upkeep(&store).await;
        tx.exec(ADD, full(Id::new())).await.unwrap();
        tx.exec(ADD, empty(Id::new())).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(store.get::<u32>(COUNT, args![]).await.unwrap(), 2);
        assert_eq!(store.get::<Option<i64>>(TOTAL, args![]).await.unwrap(), Some(i64::MAX));
        let pairs: Vec<(String, Option<i64>)> = store.all(PAIRS, args![]).await.unwrap();
        assert_eq!(pairs, [("全".to_owned(), Some(i64::MAX)), ("空".to_owned(), None)]);
        let maps: Vec<BTreeMap<String, serde_json::Value>> = store.all(ALL, args![]).await.unwrap();
        assert_eq!(maps[0]["tags"], serde_json::json!(["a", "乙"]));
        assert_eq!(maps[0]["heavy"], serde_json::json!(true));
        assert_eq!(maps[0]["picture"], serde_json::json!([0, 255]));
        assert!(maps[1]["size"].is_null());
    }

    async fn a_column_of_the_wrong_kind_is_named(store: TestStore) {
        #[derive(Debug, Deserialize)]
        struct Wrong {
            #[expect(dead_code, reason = "reading fails")]
            name: i64,
        }
        let mut tx = upkeep(&store).await;
        tx.exec(ADD, empty(Id::new())).await.unwrap();
        tx.commit().await.unwrap();
        // SQLite would read the text as 0, were it not asked.
        let read = store.all::<Wrong>(PAIRS, args![]).await;
        assert!(read.is_err_and(|problem| problem.code == "internal" && problem.to_string().contains("name")));
    }

    async fn many_rows_go_in_with_few_statements_and_scopes_narrow_them(store: TestStore) {
        let (brand, department, owner) = (Id::new(), Id::new(), Id::new());
        let mut tx = upkeep(&store).await;
        let rows = (0..1_001).map(|n| {
            let (b, d, o) = (n % 2 == 0, n % 3 == 0, n % 5 == 0);
            args![Id::new(), format!("thing {n:04}"), b.then_some(brand), d.then_some(department), o.then_some(owner)]
        });
        assert_eq!(tx.insert_many(ADD_MANY, rows.collect(), "").await.unwrap(), 1_001);
        let again = vec![args![Id::new(), "thing 0000", None::<Id>, None::<Id>, None::<Id>]];
        assert_eq!(tx.insert_many(ADD_MANY, again, "ON CONFLICT (name) DO NOTHING").await.unwrap(), 0);
        assert_eq!(tx.insert_many(ADD_MANY, vec![], "").await.unwrap(), 0);
        tx.commit().await.unwrap();
        let count = async |scope: Scope| {
            let mut query = Query::new("SELECT COUNT(*) FROM thing WHERE TRUE", args![]);
            query.scope(&scope, ScopeColumns::USUAL);
            store.list::<i64>(query).await.unwrap()[0]
        };
        assert_eq!(count(Scope::everything()).await, 1_001);
        assert_eq!(count(Scope::default()).await, 0);
        assert_eq!(count(Scope { brands: vec![brand, Id::new()], ..Scope::default() }).await, 501);
        let both = Scope { brands: vec![brand], departments: vec![department], ..Scope::default() };
        assert_eq!(count(both).await, 668);
        assert_eq!(count(Scope { owner: Some(owner), ..Scope::default() }).await, 201);
    }

    async fn many_rows_keep_every_value_as_one_row_does(store: TestStore) {
        const ADD_ALL: &str =
            "INSERT INTO thing (id, name, size, weight, heavy, picture, day, seen_at, state, tags, extra) VALUES";
        let mut tx = upkeep(&store).await;
        let mut rows = Vec::new();
        for n in 0..60 {
            let mut row = if n % 2 == 0 { full(Id::new()) } else { empty(Id::new()) };
            row[1] = format!("{n:02}\t\\N\r\n\\. 全 \"'{{}}").into();
            rows.push(row);
        }
        assert_eq!(tx.insert_many(ADD_ALL, rows.clone(), "").await.unwrap(), 60);
        let many: Vec<Thing> = tx.all(ALL, args![]).await.unwrap();
        drop(tx);
        let mut tx = upkeep(&store).await;
        for row in rows {
            tx.exec(ADD, row).await.unwrap();
        }
        assert_eq!(many, tx.all::<Thing>(ALL, args![]).await.unwrap());
        drop(tx);
        let twice = (0..60).map(|_| args![Id::new(), "the same", None::<Id>, None::<Id>, None::<Id>]).collect();
        let refused = upkeep(&store).await.insert_many(ADD_MANY, twice, "").await.unwrap_err();
        assert_eq!(refused.code, "store.duplicate");
    }

    async fn searches_take_wildcards_literally(store: TestStore) {
        let mut tx = upkeep(&store).await;
        for name in ["50% 折扣", "500 克", "A_b", "AXb"] {
            tx.exec(ADD_RETURNING, args![Id::new(), name]).await.unwrap();
        }
        tx.commit().await.unwrap();
        for (text, found) in [("50%", 1), ("a_B", 1), ("折", 1), ("x", 1), ("", 4)] {
            let mut query = Query::new("SELECT name FROM thing WHERE TRUE", args![]);
            query.and_contains("name", text);
            assert_eq!(store.list::<String>(query).await.unwrap().len(), found, "{text:?}");
        }
    }

    async fn a_change_by_somebody_needs_an_audit_row(store: TestStore) {
        let caller = user("陈晓");
        let mut tx = store.begin(&caller).await.unwrap();
        tx.exec(ADD, empty(Id::new())).await.unwrap();
        let refused = tx.commit().await.unwrap_err();
        assert!(refused.to_string().contains("unaudited change by 陈晓"), "{refused}");
        // A statement with RETURNING is a change as well.
        let mut tx = store.begin(&caller).await.unwrap();
        let _: (Id, String) = tx.get(ADD_RETURNING, args![Id::new(), "x"]).await.unwrap();
        assert!(tx.commit().await.is_err());
        let mut tx = store.begin(&caller).await.unwrap();
        assert_eq!(tx.get::<i64>(COUNT, args![]).await.unwrap(), 0);
        tx.commit().await.unwrap();
        let mut tx = store.begin(&caller).await.unwrap();
        tx.exec(ADD, empty(Id::new())).await.unwrap();
        tx.audit(Audit::new("create", "test.thing", "1")).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(store.get::<i64>(COUNT, args![]).await.unwrap(), 1);
    }

    async fn what_is_dropped_never_happened(store: TestStore) {
        let mut tx = upkeep(&store).await;
        tx.exec(ADD, empty(Id::new())).await.unwrap();
        assert_eq!(tx.get::<i64>(COUNT, args![]).await.unwrap(), 1);
        drop(tx);
        assert_eq!(store.get::<i64>(COUNT, args![]).await.unwrap(), 0);
    }

    async fn a_version_that_passed_is_refused(store: TestStore) {
        let id = Id::new();
        let mut tx = upkeep(&store).await;
        tx.exec(ADD, empty(id)).await.unwrap();
        tx.exec_one(RENAME, args![id, 1, "新"]).await.unwrap();
        let late = tx.exec_one(RENAME, args![id, 1, "旧"]).await.unwrap_err();
        assert_eq!((late.status, &*late.code), (412, "store.changed_meanwhile"));
        tx.exec(ADD, full(Id::new())).await.unwrap();
        assert_eq!(tx.exec_one("UPDATE thing SET size = 1", args![]).await.unwrap_err().status, 500);
    }

    async fn constraints_become_refusals(store: TestStore) {
        let broken = async |sql: &'static str| {
            let mut tx = upkeep(&store).await;
            tx.exec(sql, args![]).await.on_duplicate("test.name_taken").unwrap_err()
        };
        let mut tx = upkeep(&store).await;
        tx.exec(ADD, empty(Id::new())).await.unwrap();
        tx.commit().await.unwrap();
        let taken = broken("INSERT INTO thing (id, name) VALUES ('1', '空')").await;
        assert_eq!((taken.status, &*taken.code), (409, "test.name_taken"));
        let parent = broken("INSERT INTO part (id, thing_id) VALUES ('1', 'nothing')").await;
        assert_eq!((parent.status, &*parent.code), (409, "store.referenced"));
        let check = broken("INSERT INTO thing (id, name, size) VALUES ('1', 'x', -1)").await;
        assert_eq!((check.status, &*check.code), (422, "store.check_failed"));
        assert_eq!(store.get::<i64>("SELECT COUNT(*) FROM part", args![]).await.unwrap(), 0);
        let missing = store.get::<Thing>("SELECT id FROM thing WHERE id = $1", args!["x"]).await.unwrap_err();
        assert_eq!((missing.status, &*missing.code), (404, "access.not_found"));
    }

    async fn writers_wait_for_each_other(store: TestStore) {
        let add = async |n: i64| {
            let mut tx = upkeep(&store).await;
            tx.lock("test.counter", Id::from_digest([1; 16])).await.unwrap();
            let count: i64 = tx.get(COUNT, args![]).await.unwrap();
            tx.exec_one(ADD_RETURNING, args![Id::new(), format!("{count} by {n}")]).await.unwrap();
            tx.commit().await.unwrap();
        };
        futures::future::join_all((0..20).map(add)).await;
        let names: Vec<String> = store.all("SELECT name FROM thing", args![]).await.unwrap();
        let mut counts: Vec<i64> = names.iter().map(|n| n.split(' ').next().unwrap().parse().unwrap()).collect();
        counts.sort_unstable();
        assert_eq!(counts, (0..20).collect::<Vec<_>>());
    }

    async fn migrating_again_does_nothing_and_an_edited_step_is_refused(store: TestStore) {
        assert_eq!(store.migrate(MIGRATIONS).await.unwrap(), 0);
        let edited = [store::Migration { sql: "SELECT 1", ..MIGRATIONS[0] }];
        assert_eq!(store.migrate(&edited).await.unwrap_err().code, "store.migration_edited");
        assert_eq!(store.migrate(&[]).await.unwrap_err().code, "store.schema_from_the_future");
        // All steps are one transaction: where one fails, nothing is left of those before it.
        let good = store::Migration { id: "test/0002_good", sql: "CREATE TABLE whole (a TEXT)" };
        let broken = [MIGRATIONS[0], good, store::Migration { id: "test/0002_broken", sql: "CREATE TABLE half (a TEXT); NONSENSE" }];
        assert!(store.migrate(&broken).await.unwrap_err().to_string().contains("test/0002_broken"));
        assert!(store.all::<String>("SELECT a FROM half", args![]).await.is_err());
        assert!(store.all::<String>("SELECT a FROM whole", args![]).await.is_err());
        assert_eq!(store.missing_migrations(&broken).await.unwrap().len(), 2);
    }

    async fn observers_have_names(store: TestStore) {
        let tx = store.begin_observation(Observation::Tracking).await.unwrap();
        assert_eq!((tx.caller().name(), tx.now()), ("tracking", store::testing::START));
        drop(tx);
        let tx = store.begin(&Caller::system("import")).await.unwrap();
        assert_eq!(tx.caller().name(), "import");
    }
}

#[tokio::test]
async fn every_statement_prepares_on_the_databases_that_it_is_for() {
    assert!(assert_statements_prepare(MIGRATIONS).await > 50);
}
