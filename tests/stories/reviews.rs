//! What an alert review accepts is in force from that moment on.

use serde_json::json;
use store::on_both;

use crate::harness::{Call, Company, arrange::id};

const REVIEWS: &str = "/api/v1/records/warning_review";
const PARAMETER: &str = "/api/v1/rulebook/parameters/metric.findings.overdue.near";

on_both! {
    migrations = &[];

    async fn an_accepted_limit_becomes_the_parameter(store: TestStore) {
        let company = Company::new(store).await;
        let market = company.member("market").await;
        let admin = company.member("administrator").await;
        let before = admin.get(PARAMETER).await["value"].as_i64().expect("a number");
        let row = |metric: &str, limit: f64, accepted: bool| json!({ "rule_name": metric, "metric": metric, "firings": 4,
            "false_alarms": 3, "misses": 0, "proposed_limit": limit, "accepted": accepted });
        let rules = json!([row("findings.overdue", before as f64 + 2.0, true), row("scope.covered_share", 61.0, false)]);
        let values = json!({ "name": "十一月评估", "month": "2026-11", "due_on": "2026-12-31", "rules": rules });
        let review = market.post(REVIEWS, json!({ "values": values })).await;
        let finish = format!("{REVIEWS}/{}/actions/finish", id(&review));
        let done = json!({ "values": { "conclusion": "上调逾期问题的限值" } });

        // Whoever may not change parameters cannot do it by a review either, and nothing of it happens.
        let refused = market.call(Call::post(&finish).seen(&review).json(&done)).await;
        refused.refused(403, "access.missing_permission");
        assert_eq!(market.get(&format!("{REVIEWS}/{}", id(&review))).await["state"], "open");

        let finished = admin.expect(Call::post(&finish).seen(&review).json(&done)).await;
        assert_eq!(finished["state"], "done");
        assert_eq!(admin.get(PARAMETER).await["value"], before + 2);
        let history = admin.list(&format!("{PARAMETER}/history")).await;
        let reason = history[0]["reason"].as_str().expect("a reason");
        assert!(reason.contains(finished["number"].as_str().expect("a number")), "{reason}");
        let other = admin.get("/api/v1/rulebook/parameters/metric.scope.covered_share.near").await;
        assert_ne!(other["value"], 61.0, "what nobody accepted stays");
    }
}
