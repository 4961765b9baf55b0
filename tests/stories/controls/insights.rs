use axum::http::Method;
use serde_json::{Value as Json, json};

use super::{Turn, turns};
use crate::harness::arrange::{CUSTOMERS, id};
use crate::harness::people::department;

const INSIGHTS: &str = "/api/v1/customers/insights";
const REPORTS: &str = "/api/v1/customers/insight-reports";

/// A department that is asked.
async fn asked(turn: &Turn<'_>) -> String {
    department(&turn.admin, "market").await
}

/// Sends an insight to a department.
async fn sent(turn: &Turn<'_>, department: &str, group: Json) -> Json {
    let new = json!({ "title": "无糖酸奶有人找没人卖", "finding": "目录里没有。", "kind": "need",
        "evidence": { "type": "observation" }, "condition": group });
    let draft = turn.admin.post(INSIGHTS, new).await;
    let to = json!({ "department_id": department });
    turn.admin.act(Method::POST, &format!("{INSIGHTS}/{}/send", id(&draft)), &draft, to).await
}

async fn act(turn: &Turn<'_>, insight: &Json, verb: &str, body: Json) -> Json {
    turn.market.act(Method::POST, &format!("{INSIGHTS}/{}/{verb}", id(insight)), insight, body).await
}

/// Writes the report of the month before the one that is now.
async fn written(turn: &Turn<'_>) -> Json {
    let today = turn.company.now().utc_day().0;
    let before = today.first_of_month().yesterday().expect("a day before");
    let month = format!("{:04}-{:02}", before.year(), before.month());
    turn.admin.post(REPORTS, json!({ "month": month })).await
}

turns! {
    "insight.raised" => raised(turn) {
        let department = asked(&turn).await;
        sent(&turn, &department, Json::Null).await;
        turn.followed(100.0, None, 1).await;
        turn.company.pass_days(93);
        turn.broken(0.0, None, 1).await;
    }

    "insight.answered" => answered(turn) {
        let department = asked(&turn).await;
        let first = sent(&turn, &department, Json::Null).await;
        let second = sent(&turn, &department, Json::Null).await;
        act(&turn, &first, "decline", json!({ "reason": "供应商交不出货" })).await;
        turn.followed(100.0, Some(92), 1).await;
        turn.company.pass_days(15);
        // An answer that comes late counts no more than none.
        act(&turn, &second, "accept", json!({})).await;
        turn.broken(50.0, Some(92), 1).await;
    }

    "insight.followed_up" => followed_up(turn) {
        let department = asked(&turn).await;
        for used in [true, false] {
            let insight = sent(&turn, &department, Json::Null).await;
            let yes = act(&turn, &insight, "accept", json!({})).await;
            if used {
                act(&turn, &yes, "adopt", json!({ "adoption": "已上架两款" })).await;
            }
        }
        turn.followed(100.0, Some(184), 1).await;
        turn.company.pass_days(61);
        turn.broken(50.0, Some(184), 1).await;
    }

    "insight.effect_measured" => measured(turn) {
        turn.import("customers", CUSTOMERS).await;
        let department = asked(&turn).await;
        sent(&turn, &department, json!({ "type": "known_since", "within_days": 3650 })).await;
        // The windows before are measured at once.
        turn.followed(100.0, Some(184), 2).await;
        turn.company.pass_days(33);
        turn.broken(66.7, Some(184), 1).await;
    }

    "need.computed" => computed(turn) {
        turn.admin.post("/api/v1/customers/needs/recompute", json!({})).await;
        turn.company.work().await;
        turn.followed(100.0, None, 1).await;
        turn.company.pass_days(10);
        turn.broken(0.0, None, 1).await;
    }

    "insight_report.written" => reported(turn) {
        written(&turn).await;
        turn.followed(100.0, None, 1).await;
        turn.company.pass_days(34);
        turn.broken(0.0, None, 1).await;
    }

    "insight_report.answered" => used(turn) {
        let market = asked(&turn).await;
        department(&turn.admin, "brand").await;
        let report = written(&turn).await;
        assert_eq!(report["recipients"], json!(2), "{report:#}");
        let said = json!({ "department_id": market, "answer": "used", "note": "用于次月会员日选品" });
        turn.market.post(&format!("{REPORTS}/{}/answer", id(&report)), said).await;
        turn.followed(100.0, Some(92), 1).await;
        turn.company.pass_days(11);
        turn.broken(50.0, Some(92), 1).await;
    }

    "query.described" => described(turn) {
        let query = |name: &str, description: &str| json!({ "name": name, "description": description, "sql": "SELECT 1",
            "chart": { "kind": "table", "y": [] }, "parameters": [], "sharing": "private", "people": [] });
        turn.admin.post("/api/v1/insight/queries", query("每日事件", "看埋点是否有缺口")).await;
        turn.followed(100.0, None, 1).await;
        turn.admin.post("/api/v1/insight/queries", query("临时", "")).await;
        turn.broken(50.0, None, 1).await;
    }

    "customer.cleaning_runs" => cleaned(turn) {
        turn.import("customers", CUSTOMERS).await;
        turn.admin.post("/api/v1/customers/worklist/find", json!({})).await;
        turn.company.work().await;
        turn.followed(100.0, None, 1).await;
        turn.company.pass_days(3);
        turn.broken(0.0, None, 1).await;
    }
}
