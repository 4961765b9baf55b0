//! Changes that come close together share their commit, and stay changes of their own.

use futures::future::join_all;
use kernel::{Id, Result};
use store::testing::TestStore;
use store::{Audit, Store, Tx, args, on_both};

use crate::common::{MIGRATIONS, user};

store::sql! {
    NAMES = "SELECT name FROM thing ORDER BY name";
    COUNTS = "SELECT (SELECT COUNT(*) FROM thing), (SELECT COUNT(*) FROM audit_entry), (SELECT COUNT(*) FROM audit_unsealed)";
}

async fn begun(store: &Store, name: &str) -> Result<Tx> {
    let mut tx = store.begin(&user("陈晓")).await?;
    tx.exec("INSERT INTO thing (id, name, extra) VALUES ($1, $2, '')", args![Id::new(), name]).await?;
    tx.audit(Audit::new("create", "test.thing", name)).await?;
    Ok(tx)
}

async fn names(store: &Store) -> Vec<String> {
    store.all(NAMES, args![]).await.unwrap()
}

on_both! {
    migrations = MIGRATIONS;

    async fn what_is_undone_among_others_leaves_them(store: TestStore) {
        let one = |number: usize| {
            let store = Store::clone(&store);
            async move {
                let mut tx = begun(&store, &format!("{number:03}")).await.unwrap();
                match number % 4 {
                    // Dropped.
                    0 => drop(tx),
                    // A statement that is refused, and then given up.
                    1 => {
                        let twice = tx.exec("INSERT INTO thing (id, name, extra) VALUES ($1, $2, '')", args![Id::new(), format!("{number:03}")]).await;
                        assert_eq!(twice.unwrap_err().code, "store.duplicate");
                    }
                    // Not audited, so not committed.
                    2 => {
                        drop(tx);
                        let mut tx = store.begin(&user("陈晓")).await.unwrap();
                        tx.exec("INSERT INTO thing (id, name, extra) VALUES ($1, 'unaudited', '')", args![Id::new()]).await.unwrap();
                        assert_eq!(tx.commit().await.unwrap_err().code, "internal");
                    }
                    _ => tx.commit().await.unwrap(),
                }
            }
        };
        join_all((0..200).map(one)).await;
        let kept: Vec<_> = (0..200).filter(|number| number % 4 == 3).map(|number| format!("{number:03}")).collect();
        assert_eq!(names(&store).await, kept);
        let counts: (i64, i64, i64) = store.get(COUNTS, args![]).await.unwrap();
        assert_eq!(counts, (50, 50, 50));
    }

    async fn who_is_told_so_is_seen_by_everybody(store: TestStore) {
        let one = |number: usize| {
            let store = Store::clone(&store);
            async move {
                let name = format!("{number:03}");
                begun(&store, &name).await.unwrap().commit().await.unwrap();
                assert!(names(&store).await.contains(&name), "{name} is not there after its commit");
            }
        };
        join_all((0..100).map(one)).await;
    }

    async fn whoever_stops_waiting_holds_up_nobody(store: TestStore) {
        let impatient = |number: usize| {
            let store = Store::clone(&store);
            async move {
                let work = async {
                    begun(&store, &format!("{number:03}")).await.unwrap().commit().await.unwrap();
                };
                let polls = number % 7;
                tokio::select! {
                    biased;
                    () = yields(polls) => {}
                    () = work => {}
                }
            }
        };
        join_all((0..100).map(impatient)).await;
        begun(&store, "last").await.unwrap().commit().await.unwrap();
        let kept = names(&store).await;
        let counts: (i64, i64, i64) = store.get(COUNTS, args![]).await.unwrap();
        let count = i64::try_from(kept.len()).unwrap();
        assert_eq!(counts, (count, count, count), "each with its audit row, or not at all");
        assert_eq!(kept.last().map(String::as_str), Some("last"));
    }
}

async fn yields(count: usize) {
    for _ in 0..count {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_full_disk_refuses_the_whole_group_and_keeps_what_was_acknowledged() {
    let store = TestStore::sqlite_with(MIGRATIONS).await;
    store.tamper("PRAGMA max_page_count = 400").await;
    let padding = "。".repeat(2_000);
    let one = |number: usize| {
        let (store, padding) = (Store::clone(&store), padding.clone());
        async move {
            let name = format!("{number:04}");
            let mut tx = begun(&store, &name).await?;
            tx.exec("UPDATE thing SET extra = $1 WHERE name = $2", args![padding, &name]).await?;
            tx.commit().await.map(|()| name)
        }
    };
    let mut told = Vec::new();
    for round in 0..20 {
        told.extend(join_all((0..20).map(|number| one(round * 20 + number))).await);
    }
    let mut acknowledged: Vec<String> = told.iter().filter_map(|one| one.as_ref().ok().cloned()).collect();
    acknowledged.sort();
    assert!(
        !acknowledged.is_empty() && acknowledged.len() < told.len(),
        "{} acknowledged",
        acknowledged.len()
    );
    assert_eq!(names(&store).await, acknowledged, "exactly what was acknowledged is there");
    for refused in told.into_iter().filter_map(Result::err) {
        assert!(["store.disk_full", "store.busy"].contains(&&*refused.code), "{refused:?}");
    }
    store.tamper("PRAGMA max_page_count = 100000").await;
    begun(&store, "9999").await.unwrap().commit().await.expect("there is room again");
}
