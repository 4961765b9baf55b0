//! The door: what it lets through, what it refuses, and that writers at the same time never overspend.

use axum::http::Method;
use futures::future::join_all;
use http_kit::{Reserved, Spend};
use kernel::{Day, GrantScope, Id, Money};
use serde_json::json;

use crate::support::{AUTHOR, MIGRATIONS, World, call, id, somebody};

store::on_both! {
    migrations = MIGRATIONS;

    async fn twenty_writers_on_one_line_never_overspend_it(store: TestStore) {
        let world = World::new(store).await;
        let made = world.approved().await;
        // Eleven of twenty requests of 9.00 fit into the 100.00 of a month, whoever comes first; on three nodes.
        let nodes = [world.app.clone(), world.node().await, world.node().await];
        let new = json!({ "line_id": made.ads, "month": 12, "amount_minor": 900, "reason": "广告" });
        let asked = (0..20).map(|place| {
            let (app, author, new) = (nodes[place % 3].clone(), world.author.clone(), new.clone());
            tokio::spawn(async move { call(&app, &author, Method::POST, "/commitments", None, Some(new)).await })
        });
        let answers = join_all(asked).await.into_iter().map(|answer| answer.expect("no panic"));
        let (made_it, refused): (Vec<_>, Vec<_>) = answers.partition(|(status, _)| *status == 201);
        assert_eq!((made_it.len(), refused.len()), (11, 9), "{refused:?}");
        assert!(refused.iter().all(|(status, body)| *status == 422 && body["code"] == "governance.money.exceeded"), "{refused:?}");
        let balance = world.balance(made.budget, made.ads, 12).await;
        assert_eq!((&balance["committed_minor"], &balance["overrun"]), (&json!(9_900), &json!(false)));
        assert_eq!(world.number("SELECT CAST(COUNT(*) AS BIGINT) FROM governance_decision WHERE allowed").await, 11);
        assert_eq!(world.number("SELECT CAST(COUNT(*) AS BIGINT) FROM governance_decision WHERE NOT allowed").await, 9);
        assert!(world.holds().await);
    }

    async fn a_refusal_says_what_is_left_and_is_kept(store: TestStore) {
        let world = World::new(store).await;
        let made = world.approved().await;
        let ask = |line: Id, month: i64, amount: i64| json!({ "line_id": line, "month": month, "amount_minor": amount, "reason": "展会" });
        world.post(&world.author, "/commitments", None, ask(made.ads, 11, 7_000)).await;
        let said = world.refused(&world.author, "/commitments", None, ask(made.ads, 11, 3_001), "governance.money.exceeded").await;
        let detail = said["detail"].as_str().expect("a sentence");
        assert!(detail.contains("ads") && detail.contains("30.00 CNY") && detail.contains("11") && detail.contains("申请预算调整"), "{said}");
        world.refused(&world.author, "/commitments", None, ask(made.reserve, 11, 1), "governance.money.contingency").await;
        let other = json!({ "line_id": made.ads, "month": 11, "amount_minor": 1, "reason": "展会", "currency": "USD" });
        world.refused(&world.author, "/commitments", None, other, "governance.money.currency").await;
        let kept = world.get(&world.finance, &format!("/decisions?budget_id={}&allowed=false", made.budget)).await;
        let codes: Vec<&str> = kept["items"].as_array().expect("rows").iter().filter_map(|row| row["code"].as_str()).collect();
        assert_eq!(codes, ["governance.money.currency", "governance.money.contingency", "governance.money.exceeded"]);
        assert!(kept["items"][2]["message"].as_str().is_some_and(|said| said.contains("30.00 CNY")), "{kept}");
        // A budget that nobody approved spends nothing.
        let draft = world.draft(json!({ "name": "Draft" })).await;
        world.refused(&world.author, "/commitments", None, ask(draft.ads, 11, 1), "governance.money.not_approved").await;
    }

    async fn a_reservation_becomes_an_expense_in_parts_and_the_rest_goes_back(store: TestStore) {
        let world = World::new(store).await;
        let made = world.approved().await;
        let new = json!({ "line_id": made.events, "month": 11, "amount_minor": 5_000, "reason": "发布会" });
        let reserved = world.post(&world.author, "/commitments", None, new).await;
        let path = format!("/commitments/{}", id(&reserved));
        let paid = world.post(&world.author, &format!("{path}/settle"), Some(1), json!({ "amount_minor": 2_000, "description": "场地" })).await;
        assert_eq!((&paid["open_minor"], &paid["spent_minor"], &paid["closed_at"]), (&json!(3_000), &json!(2_000), &json!(null)));
        world.refused(&world.author, &format!("{path}/settle"), Some(2), json!({ "amount_minor": 3_001, "description": "搭建" }), "governance.commitment.beyond").await;
        world.refused(&world.author, &format!("{path}/release"), Some(1), json!({ "reason": "旧版本" }), "store.changed_meanwhile").await;
        let last = json!({ "amount_minor": 1_000, "description": "搭建", "supplier": "远景搭建", "release_rest": true });
        let done = world.post(&world.author, &format!("{path}/settle"), Some(2), last).await;
        assert_eq!((&done["open_minor"], &done["spent_minor"], &done["released_minor"]), (&json!(0), &json!(3_000), &json!(2_000)));
        assert!(done["closed_at"].is_string());
        world.refused(&world.author, &format!("{path}/release"), Some(3), json!({ "reason": "再来" }), "governance.commitment.closed").await;
        let balance = world.balance(made.budget, made.events, 11).await;
        assert_eq!((&balance["committed_minor"], &balance["spent_minor"]), (&json!(0), &json!(3_000)));
        let expenses = world.get(&world.finance, &format!("/expenses?line_id={}", made.events)).await;
        assert_eq!(expenses["items"].as_array().expect("rows").len(), 2);
        // What is taken back stays to be seen, and can be spent again.
        let expense = id(&expenses["items"][0]);
        world.post(&world.finance, &format!("/expenses/{expense}/reverse"), None, json!({ "reason": "记错" })).await;
        world.refused(&world.finance, &format!("/expenses/{expense}/reverse"), None, json!({ "reason": "记错" }), "governance.expense.reversed").await;
        assert_eq!(world.balance(made.budget, made.events, 11).await["spent_minor"], 2_000);
        assert!(world.holds().await);
    }

    async fn the_port_stands_or_falls_with_the_transaction_of_what_spends(store: TestStore) {
        let world = World::new(store).await;
        let made = world.approved().await;
        let money = world.app.money.get().expect("connected").clone();
        let spend = |amount| Spend {
            line_id: made.ads,
            on: Day(jiff::civil::date(2026, 11, 30)),
            amount: Money { amount_minor: amount, currency: world.app.settings.currency.clone() },
            used_by_noun: "campaigns.campaign",
            used_by_id: Id::new(),
            reason: "双十二".to_owned(),
        };
        let mut tx = world.app.store.begin(&world.author).await.expect("begins");
        assert!(matches!(money.reserve(&mut tx, &world.author, spend(8_000)).await, Ok(Reserved::Made(_))));
        drop(tx);
        assert_eq!(world.balance(made.budget, made.ads, 11).await["committed_minor"], 0);
        let mut tx = world.app.store.begin(&world.author).await.expect("begins");
        let Ok(Reserved::Made(commitment)) = money.reserve(&mut tx, &world.author, spend(8_000)).await else { panic!("there is room") };
        tx.commit().await.expect("the reservation brings its audit row");
        let mut tx = world.app.store.begin(&world.author).await.expect("begins");
        let Ok(Reserved::Refused(refusal)) = money.reserve(&mut tx, &world.author, spend(2_001)).await else { panic!("there is none") };
        drop(tx);
        let problem = money.keep_refusal(&world.author, refusal).await.expect("kept");
        assert_eq!((problem.code.as_ref(), &problem.args["rest_minor"]), ("governance.money.exceeded", &json!(2_000)));
        assert_eq!(world.number("SELECT CAST(COUNT(*) AS BIGINT) FROM governance_decision WHERE NOT allowed").await, 1);
        let mut tx = world.app.store.begin(&world.author).await.expect("begins");
        money.release(&mut tx, commitment, "活动取消").await.expect("released");
        money.release(&mut tx, commitment, "活动取消").await.expect("twice is once");
        tx.commit().await.expect("commits");
        assert_eq!(world.balance(made.budget, made.ads, 11).await["committed_minor"], 0);
        assert!(world.holds().await);
    }

    async fn who_lacks_the_right_or_stands_outside_is_refused(store: TestStore) {
        let world = World::new(store).await;
        let made = world.approved().await;
        let new = json!({ "line_id": made.ads, "month": 11, "amount_minor": 100, "reason": "广告" });
        let reader = somebody("Reader", &["governance.budget.read"], GrantScope::Company);
        let (status, _) = world.call(&reader, Method::POST, "/commitments", None, Some(new.clone())).await;
        assert_eq!(status, 403);
        let stranger = somebody("Stranger", AUTHOR, GrantScope::Brand(Id::new()));
        let (status, _) = world.call(&stranger, Method::POST, "/commitments", None, Some(new.clone())).await;
        assert_eq!(status, 404, "a row outside is as if it were not there");
        let path = format!("/budgets/{}", made.budget);
        assert_eq!(world.call(&stranger, Method::GET, &path, None, None).await.0, 404);
        assert_eq!(world.get(&stranger, "/budgets").await["items"], json!([]));
        assert_eq!(world.get(&stranger, "/commitments").await["items"], json!([]));
        let elsewhere = json!({ "year": 2026, "name": "Elsewhere", "brand_id": Id::new() });
        let (status, _) = world.call(&stranger, Method::POST, "/budgets", None, Some(elsewhere)).await;
        assert_eq!(status, 403);
        let (status, _) = world.call(&world.author, Method::POST, "/ledger-proof", None, None).await;
        assert_eq!(status, 403);
    }

    async fn the_proof_finds_a_tampered_balance_and_a_tampered_entry(store: TestStore) {
        let world = World::new(store).await;
        let made = world.approved().await;
        let new = json!({ "line_id": made.ads, "month": 11, "amount_minor": 100, "reason": "广告" });
        world.post(&world.author, "/commitments", None, new).await;
        assert!(world.holds().await);
        let line = made.ads;
        world.store.tamper(&format!("UPDATE governance_balance SET committed_minor = 90 WHERE line_id = '{line}' AND month = 11")).await;
        let found = world.post(&world.finance, "/ledger-proof", None, json!({})).await;
        let difference = json!({ "line_id": line, "month": 11, "part": "committed", "ledger_minor": 100, "balance_minor": 90 });
        assert_eq!((&found["holds"], &found["differences"]), (&json!(false), &json!([difference])));
        world.store.tamper(&format!("UPDATE governance_entry SET amount_minor = 90 WHERE line_id = '{line}' AND month = 11 AND kind = 'reserve'")).await;
        assert!(world.holds().await);
        world.store.tamper(&format!("DELETE FROM governance_entry WHERE line_id = '{line}' AND month = 3")).await;
        assert!(!world.holds().await);
    }
}
