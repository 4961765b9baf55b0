//! Bills that already came: recorded once, even beyond the plan, and taken back without leaving the ledger.

use kernel::Caller;
use serde_json::json;
use store::{Registry, Runner};
use tabular::cli::{Options, Summary};

use crate::support::{MIGRATIONS, World, id};

const BILLS: &str = "\
科目,日期,金额,币种,供应商,单号
ads,2026-11-03,85.00,CNY,星河广告,B-1
ads,2026-11-09,20.00,CNY,星河广告,B-2
events,2026-11-09,12.34,,会展中心,B-3
ghost,2026-11-09,1.00,CNY,,B-4
reserve,2026-11-09,1.00,CNY,,B-5
ads,2026-11-10,3.00,USD,,B-6
ads,2025-11-10,3.00,CNY,,B-7
";

async fn import(world: &World, name: &str, text: &str) -> Summary {
    let path = world.app.settings.data_dir.join(name);
    std::fs::write(&path, text).expect("the test's own directory");
    let options = Options { source: Some("ads".into()), ..Options::default() };
    tabular::cli::import(&world.app, &Caller::system("test"), "expenses", &path, options, |_| ())
        .await
        .expect("a sound file")
}

store::on_both! {
    migrations = MIGRATIONS;

    async fn bills_come_once_and_an_overrun_is_shown_not_hidden(store: TestStore) {
        let world = World::new(store).await;
        let made = world.approved().await;
        let first = import(&world, "bills.csv", BILLS).await;
        assert_eq!(first.to_string(), "read 7 stored 3 rejected 4");
        let again = import(&world, "bills-again.csv", BILLS).await;
        assert_eq!((again.stored, again.present), (0, 3));
        let changed = import(&world, "changed.csv", &BILLS.replace("20.00,CNY", "21.00,CNY")).await;
        assert_eq!((changed.stored, changed.present), (0, 2));
        let balance = world.balance(made.budget, made.ads, 11).await;
        assert_eq!((&balance["spent_minor"], &balance["overrun"]), (&json!(10_500), &json!(true)));
        let over = world.get(&world.finance, &format!("/expenses?budget_id={}&over=true", made.budget)).await;
        assert_eq!((over["items"].as_array().expect("rows").len(), &over["items"][0]["external_id"]), (1, &json!("B-2")));
        // An overrun line spends nothing more.
        let new = json!({ "line_id": made.ads, "month": 11, "amount_minor": 1, "reason": "再投" });
        world.refused(&world.author, "/commitments", None, new, "governance.money.exceeded").await;
        assert!(world.holds().await);
    }

    async fn an_import_is_undone_by_movements_of_its_own_and_can_come_again(store: TestStore) {
        let world = World::new(store).await;
        let made = world.approved().await;
        let first = import(&world, "bills.csv", BILLS).await;
        let path = format!("/api/v1/tabular/imports/{}", first.import_id);
        let system = Caller::system("test");
        let version = world.get(&system, &path).await["version"].as_i64();
        world.post(&system, &format!("{path}/undo"), version, json!({})).await;
        let mut registry = Registry::new();
        (tabular::module().jobs)(&mut registry);
        Runner::new(world.app.store.clone(), world.app.clone(), registry, 1).run_due().await;
        let balance = world.balance(made.budget, made.ads, 11).await;
        assert_eq!((&balance["spent_minor"], &balance["overrun"]), (&json!(0), &json!(false)));
        assert_eq!(world.number("SELECT CAST(COUNT(*) AS BIGINT) FROM governance_entry WHERE kind = 'reversal'").await, 3);
        assert!(world.holds().await);
        assert_eq!(import(&world, "bills.csv", BILLS).await.stored, 3);
        assert_eq!(world.balance(made.budget, made.ads, 11).await["spent_minor"], 10_500);
        assert!(world.holds().await);
    }

    async fn each_threshold_alerts_once_and_is_answered(store: TestStore) {
        let world = World::new(store).await;
        let made = world.approved().await;
        let alerts = async || {
            let page = world.get(&world.finance, &format!("/alerts?line_id={}", made.ads)).await;
            page["items"].as_array().expect("rows").clone()
        };
        let reserve = async |amount: i64| {
            let new = json!({ "line_id": made.ads, "month": 11, "amount_minor": amount, "reason": "广告" });
            world.post(&world.author, "/commitments", None, new).await
        };
        reserve(7_999).await;
        assert_eq!(alerts().await.len(), 0);
        let reserved = reserve(1).await;
        assert_eq!(alerts().await.len(), 1);
        world.post(&world.author, &format!("/commitments/{}/release", id(&reserved)), Some(1), json!({ "reason": "不要了" })).await;
        reserve(1).await;
        assert_eq!(alerts().await.len(), 1, "once for a line, month and threshold");
        reserve(2_000).await;
        let found = alerts().await;
        let mut thresholds: Vec<i64> = found.iter().filter_map(|alert| alert["threshold"].as_i64()).collect();
        thresholds.sort_unstable();
        assert_eq!(thresholds, [80, 90, 100]);
        let open = "SELECT CAST(COUNT(*) AS BIGINT) FROM rulebook_task WHERE kind = 'governance.alert' AND state = 'open'";
        assert_eq!(world.number(open).await, 3);
        let path = format!("/alerts/{}/answer", id(&found[0]));
        let words = json!({ "cause": "双十一投放", "measure": "十二月减投" });
        world.post(&world.author, &path, Some(1), words.clone()).await;
        world.refused(&world.author, &path, Some(2), words, "governance.alert.answered").await;
        assert_eq!(world.number(open).await, 2);
        assert_eq!(world.number("SELECT CAST(COUNT(*) AS BIGINT) FROM v_governance_alert WHERE answered_in_time").await, 1);
    }
}
