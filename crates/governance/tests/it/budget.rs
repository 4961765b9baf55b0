//! Writing, spreading and approving a budget.

use axum::http::Method;
use serde_json::json;

use crate::support::{MIGRATIONS, World, id};

store::on_both! {
    migrations = MIGRATIONS;

    async fn months_are_the_annual_amount_together_before_anything_is_saved(store: TestStore) {
        let world = World::new(store).await;
        let made = world.draft(json!({})).await;
        let path = format!("/lines/{}", made.ads);
        let patch = async |version, body| world.call(&world.author, Method::PATCH, &path, Some(version), Some(body)).await;
        let mut months = vec![10_000; 12];
        months[0] = 10_001;
        let (status, refused) = patch(1, json!({ "months": months })).await;
        assert_eq!((status, &refused["fields"][0]["code"]), (422, &json!("governance.line.months")), "{refused}");
        months[1] = 9_999;
        let (status, saved) = patch(1, json!({ "months": months })).await;
        assert_eq!((status, &saved["months"][0]), (200, &json!(10_001)), "{saved}");
        let seasonal = json!({ "pattern": "seasonal", "weights": [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 5, 1] });
        let spread = world.post(&world.author, &format!("{path}/spread"), Some(2), seasonal).await;
        assert_eq!((&spread["months"][0], &spread["months"][10]), (&json!(7_500), &json!(37_500)));
        let period = json!({ "pattern": "period", "from_month": 11, "to_month": 12 });
        let spread = world.post(&world.author, &format!("{path}/spread"), Some(3), period).await;
        assert_eq!(spread["months"], json!([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 60_000, 60_000]));
        world.refused(&world.author, &format!("{path}/spread"), Some(4), json!({ "pattern": "last_year" }), "governance.line.no_last_year").await;
        // Another amount keeps the shape of the year.
        let (_, saved) = patch(4, json!({ "annual_minor": 50_001 })).await;
        assert_eq!((&saved["months"][10], &saved["months"][11]), (&json!(25_001), &json!(25_000)));
    }

    async fn finance_then_management_and_never_the_author(store: TestStore) {
        let world = World::new(store).await;
        let made = world.draft(json!({})).await;
        let path = format!("/budgets/{}", made.budget);
        let version = async || world.get(&world.finance, &path).await["budget"]["version"].as_i64();
        // Management wrote a line of it, and so may neither check nor approve it.
        let new = json!({ "code": "more", "names": { "en": "More" }, "cost_group": "staff", "annual_minor": 12 });
        let line = world.post(&world.management, &format!("{path}/lines"), None, new).await;
        world.post(&world.author, &format!("{path}/submit"), version().await, json!({})).await;
        let (status, _) = world.call(&world.management, Method::POST, &format!("{path}/check"), version().await, None).await;
        assert_eq!(status, 403, "who wrote a line is an author");
        world.refused(&world.finance, &format!("{path}/approve"), version().await, json!({}), "rulebook.machine.not_now").await;
        let (status, _) = world.call(&world.author, Method::POST, &format!("{path}/check"), version().await, None).await;
        assert_eq!(status, 403);
        world.post(&world.finance, &format!("{path}/return"), version().await, json!({ "reason": "人员费用偏高" })).await;
        let (status, _) = world.call(&world.author, Method::DELETE, &format!("/lines/{}", id(&line)), Some(1), None).await;
        assert_eq!(status, 204, "what was returned can be mended");
        world.post(&world.author, &format!("{path}/submit"), version().await, json!({})).await;
        world.post(&world.finance, &format!("{path}/check"), version().await, json!({})).await;
        let (status, _) = world.call(&world.finance, Method::POST, &format!("{path}/approve"), version().await, None).await;
        assert_eq!(status, 403, "two approvals are two people");
        let (status, _) = world.call(&world.management, Method::POST, &format!("{path}/approve"), version().await, None).await;
        assert_eq!(status, 403, "management wrote a line once");
        let head = crate::support::somebody("Head", &["governance.budget.read", "governance.budget.approve"], kernel::GrantScope::Company);
        let done = world.post(&head, &format!("{path}/approve"), version().await, json!({})).await;
        assert_eq!(done["budget"]["state"], "approved");
        let actions: Vec<&str> = done["history"].as_array().expect("steps").iter().filter_map(|step| step["action"].as_str()).collect();
        assert_eq!(actions, ["start", "submit", "return", "submit", "check", "approve"]);
        let new = json!({ "code": "late", "names": { "en": "Late" }, "cost_group": "staff", "annual_minor": 12 });
        world.refused(&world.author, &format!("{path}/lines"), None, new, "governance.budget.locked").await;
        assert_eq!(world.number("SELECT CAST(COUNT(*) AS BIGINT) FROM governance_entry WHERE kind = 'plan'").await, 36);
        assert_eq!(world.number("SELECT CAST(COUNT(*) AS BIGINT) FROM rulebook_task WHERE state = 'open'").await, 0);
        assert_eq!(world.number("SELECT CAST(COUNT(*) AS BIGINT) FROM v_governance_budget WHERE well_approved").await, 1);
        assert!(world.holds().await);
    }
}
