//! The sample company's budget.

use serde_json::json;

use crate::support::{MIGRATIONS, World, id};

store::on_both! {
    migrations = MIGRATIONS;

    async fn the_sample_has_a_budget_of_the_running_year_that_adds_up(store: TestStore) {
        let world = World::new(store).await;
        for (place, email) in ["tang.wanqing", "song.huaijin", "shen.zhiyuan"].iter().enumerate() {
            let id = kernel::Id::new();
            let sql = format!("INSERT INTO v_identity_user_address (id, email, name) VALUES ('{id}', '{email}@sample.invalid', 'P{place}')");
            world.store.tamper(&sql).await;
        }
        governance::sample::load(&world.app).await.expect("loads");
        governance::sample::load(&world.app).await.expect("once");
        let list = world.get(&world.finance, "/budgets").await;
        assert_eq!((list["items"].as_array().map(Vec::len), &list["items"][0]["state"]), (Some(1), &json!("approved")), "{list}");
        let budget = id(&list["items"][0]);
        let moved = world.get(&world.finance, &format!("/adjustments?budget_id={budget}&state=applied")).await;
        assert_eq!(moved["items"].as_array().map(Vec::len), Some(1), "{moved}");
        let reports = world.get(&world.finance, &format!("/reports?budget_id={budget}")).await;
        assert_eq!(reports["items"][0]["month"], 10, "{reports}");
        assert_eq!(world.number("SELECT CAST(COUNT(*) AS BIGINT) FROM v_governance_budget WHERE well_approved AND has_contingency").await, 1);
        assert!(world.holds().await);
    }
}
