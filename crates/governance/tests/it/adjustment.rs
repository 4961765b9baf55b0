//! Money moves by an approval alone.

use axum::http::Method;
use serde_json::{Value as Json, json};

use crate::support::{Approved, MIGRATIONS, World, id};

async fn apply_for(world: &World, made: &Approved, amount: i64) -> Json {
    let new = json!({
        "from_line_id": made.reserve, "from_month": 12, "to_line_id": made.ads, "to_month": 11,
        "amount_minor": amount, "reason": "双十一加投",
    });
    world.post(&world.author, &format!("/budgets/{}/adjustments", made.budget), None, new).await
}

store::on_both! {
    migrations = MIGRATIONS;

    async fn an_adjustment_moves_nothing_until_two_others_approved_it(store: TestStore) {
        let world = World::new(store).await;
        let made = world.approved().await;
        let asked = apply_for(&world, &made, 4_000).await;
        let path = format!("/adjustments/{}", id(&asked["adjustment"]));
        assert_eq!((&asked["adjustment"]["state"], &asked["effects"][1]["rest_after_minor"]), (&json!("submitted"), &json!(14_000)));
        let version = async || world.get(&world.finance, &path).await["adjustment"]["version"].as_i64();
        let room = async || world.balance(made.budget, made.ads, 11).await["adjusted_minor"].clone();
        assert_eq!(room().await, 0);
        let (status, _) = world.call(&world.author, Method::POST, &format!("{path}/check"), version().await, None).await;
        assert_eq!(status, 403);
        world.post(&world.finance, &format!("{path}/check"), version().await, json!({})).await;
        assert_eq!(room().await, 0, "a check moves nothing");
        let (status, _) = world.call(&world.finance, Method::POST, &format!("{path}/approve"), version().await, None).await;
        assert_eq!(status, 403);
        let done = world.post(&world.management, &format!("{path}/approve"), version().await, json!({})).await;
        assert_eq!(done["adjustment"]["state"], "applied");
        assert_eq!(room().await, 4_000);
        assert_eq!(world.balance(made.budget, made.reserve, 12).await["adjusted_minor"], -4_000);
        world.refused(&world.management, &format!("{path}/approve"), version().await, json!({}), "rulebook.machine.not_now").await;
        let new = json!({ "line_id": made.ads, "month": 11, "amount_minor": 14_000, "reason": "加投" });
        world.post(&world.author, "/commitments", None, new).await;
        assert_eq!(world.number("SELECT CAST(COUNT(*) AS BIGINT) FROM v_governance_adjustment WHERE well_approved AND moved_minor = amount_minor").await, 1);
        assert!(world.holds().await);
    }

    async fn what_is_left_counts_at_the_approval_not_at_the_application(store: TestStore) {
        let world = World::new(store).await;
        let made = world.approved().await;
        let new = json!({
            "from_line_id": made.events, "from_month": 12, "to_line_id": made.ads, "to_month": 11,
            "amount_minor": 9_000, "reason": "双十一加投",
        });
        let asked = world.post(&world.author, &format!("/budgets/{}/adjustments", made.budget), None, new).await;
        let path = format!("/adjustments/{}", id(&asked["adjustment"]));
        world.post(&world.finance, &format!("{path}/check"), Some(2), json!({})).await;
        let new = json!({ "line_id": made.events, "month": 12, "amount_minor": 2_000, "reason": "年会" });
        world.post(&world.author, "/commitments", None, new).await;
        world.refused(&world.management, &format!("{path}/approve"), Some(3), json!({}), "governance.adjustment.source_short").await;
        assert_eq!(world.balance(made.budget, made.ads, 11).await["adjusted_minor"], 0, "both sides or neither");
        world.post(&world.management, &format!("{path}/reject"), Some(3), json!({ "reason": "余额不足" })).await;
        let gone = world.post(&world.author, &format!("{path}/withdraw"), Some(4), json!({})).await;
        assert_eq!(gone["adjustment"]["state"], "withdrawn");
        let far = json!({
            "from_line_id": made.events, "from_month": 12, "to_line_id": made.ads, "to_month": 11,
            "amount_minor": 8_001, "reason": "太多",
        });
        world.refused(&world.author, &format!("/budgets/{}/adjustments", made.budget), None, far, "governance.adjustment.source_short").await;
        assert!(world.holds().await);
    }
}
