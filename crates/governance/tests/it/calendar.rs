//! What the calendar does, and the month end.

use axum::http::Method;
use serde_json::{Value as Json, json};

use crate::support::{MIGRATIONS, World, id};

async fn spend(world: &World, line: kernel::Id, amount: i64) {
    let new = json!({ "line_id": line, "month": 11, "amount_minor": amount, "reason": "广告" });
    let made = world.post(&world.author, "/commitments", None, new).await;
    let path = format!("/commitments/{}/settle", id(&made));
    world.post(&world.author, &path, Some(1), json!({ "description": "账单" })).await;
}

store::on_both! {
    migrations = MIGRATIONS;

    async fn a_month_closes_on_the_third_weekday_and_is_issued_once_explained(store: TestStore) {
        let world = World::new(store).await;
        let made = world.approved().await;
        spend(&world, made.ads, 9_500).await;
        spend(&world, made.events, 5_000).await;
        let reports = format!("/reports?budget_id={}", made.budget);
        let early = format!("/budgets/{}/months/11/close", made.budget);
        world.refused(&world.finance, &early, None, json!({}), "governance.report.month_not_over").await;
        // Wednesday 2 December is the second weekday, Thursday the third.
        world.store.clock.advance_ms(10 * 86_400_000);
        world.calendar().await;
        assert_eq!(world.get(&world.finance, &reports).await["items"], json!([]));
        world.store.clock.advance_ms(86_400_000);
        world.calendar().await;
        world.calendar().await;
        let list = world.get(&world.finance, &reports).await;
        assert_eq!(list["items"].as_array().map(Vec::len), Some(1), "{list}");
        let report = id(&list["items"][0]);
        let shown = world.get(&world.finance, &format!("/reports/{report}")).await;
        let line = |code: &str| -> Json {
            shown["lines"].as_array().expect("lines").iter().find(|line| line["code"] == code).expect("a line").clone()
        };
        assert_eq!((&line("ads")["variance_percent"], &line("ads")["over_tolerance"]), (&json!(-5.0), &json!(false)));
        assert_eq!((&line("events")["variance_percent"], &line("events")["over_tolerance"]), (&json!(-50.0), &json!(true)));
        // 50.00 in eleven months go on to 54.54 in twelve.
        assert_eq!(line("events")["forecast_minor"], 5_454);
        assert_eq!(line("reserve")["over_tolerance"], false);
        let issue = format!("/reports/{report}/issue");
        let comment = json!({ "comment": "已复核" });
        world.refused(&world.finance, &issue, Some(1), comment.clone(), "governance.report.unexplained").await;
        let words = json!({ "cause": "场地改期", "measure": "十二月补办" });
        let explain = format!("/reports/{report}/lines/{}/explain", made.events);
        world.post(&world.author, &explain, None, words.clone()).await;
        let (status, _) = world.call(&world.author, Method::POST, &issue, Some(1), Some(comment.clone())).await;
        assert_eq!(status, 403, "finance issues it");
        world.post(&world.finance, &issue, Some(1), comment).await;
        let issued = world.get(&world.finance, &format!("/reports/{report}")).await;
        assert_eq!(issued["frozen"]["lines"][1]["cause"], "场地改期", "{}", issued["frozen"]);
        world.refused(&world.author, &explain, None, words, "governance.report.issued").await;
        let open = "SELECT CAST(COUNT(*) AS BIGINT) FROM rulebook_task WHERE kind = 'governance.measure' AND state = 'open'";
        assert_eq!(world.number(open).await, 1, "a measure is a task");
        let done = format!("/reports/{report}/lines/{}/finish-measure", made.events);
        world.post(&world.author, &done, None, json!({})).await;
        assert_eq!(world.number(open).await, 0);
        // A closed month spends nothing more, and nothing moves in or out of it.
        let new = json!({ "line_id": made.events, "month": 11, "amount_minor": 1, "reason": "补" });
        world.refused(&world.author, "/commitments", None, new, "governance.money.month_closed").await;
        let new = json!({
            "from_line_id": made.events, "from_month": 11, "to_line_id": made.ads, "to_month": 12,
            "amount_minor": 1, "reason": "挪用",
        });
        world.refused(&world.author, &format!("/budgets/{}/adjustments", made.budget), None, new, "governance.adjustment.month_closed").await;
    }

    async fn next_years_budget_opens_in_november_with_what_was_spent(store: TestStore) {
        let world = World::new(store).await;
        let made = world.approved().await;
        spend(&world, made.ads, 3_000).await;
        world.calendar().await;
        world.calendar().await;
        let list = world.get(&world.finance, "/budgets?year=2027").await;
        assert_eq!(list["items"].as_array().map(Vec::len), Some(1), "{list}");
        let next = world.get(&world.finance, &format!("/budgets/{}", id(&list["items"][0]))).await;
        assert_eq!((&next["budget"]["previous_id"], &next["budget"]["name"]), (&json!(made.budget), &json!("2027 年度营销预算")));
        let lines = next["lines"].as_array().expect("lines");
        let ads = lines.iter().find(|line| line["line"]["code"] == "ads").expect("the line");
        assert_eq!((&ads["line"]["last_year_minor"], &ads["line"]["months"][10]), (&json!(3_000), &json!(3_000)));
        let mut groups: Vec<&str> = lines.iter().filter_map(|line| line["line"]["cost_group"].as_str()).collect();
        groups.sort_unstable();
        assert_eq!(groups, ["campaigns", "channels", "other", "staff"]);
        let task = "SELECT CAST(COUNT(*) AS BIGINT) FROM rulebook_task WHERE kind = 'governance.prepare' AND state = 'open'
            AND due_at = 1798732800000";
        assert_eq!(world.number(task).await, 1, "due when the year ends in Shanghai");
    }

    async fn a_forecast_beyond_the_year_raises_one_issue(store: TestStore) {
        let world = World::new(store).await;
        let made = world.draft(json!({})).await;
        let path = format!("/lines/{}", made.ads);
        let months = json!({ "months": [60_000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 60_000, 0] });
        let (status, _) = world.call(&world.author, Method::PATCH, &path, Some(1), Some(months)).await;
        assert_eq!(status, 200);
        world.approve(made.budget).await;
        for month in [1, 11] {
            let new = json!({ "line_id": made.ads, "month": month, "amount_minor": 60_000, "reason": "全投" });
            let reserved = world.post(&world.author, "/commitments", None, new).await;
            world.post(&world.author, &format!("/commitments/{}/settle", id(&reserved)), Some(1), json!({ "description": "账单" })).await;
        }
        // All of the year is spent by November: it goes on to 130,909 and stays within ten percent.
        world.store.clock.advance_ms(10 * 86_400_000);
        world.calendar().await;
        let count = "SELECT CAST(COUNT(*) AS BIGINT) FROM governance_alert WHERE kind = 'deviation'";
        assert_eq!(world.number(count).await, 0);
        world.store.tamper("UPDATE rulebook_parameter SET value = '8' WHERE parameter_key = 'budget.tolerance'").await;
        world.calendar().await;
        world.calendar().await;
        assert_eq!(world.number(count).await, 1, "once a month");
    }
}
