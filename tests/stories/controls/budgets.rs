use axum::http::Method;
use serde_json::{Value as Json, json};

use super::turns;
use crate::harness::Member;
use crate::harness::arrange::{CUSTOMERS, Shop, id};

const BASE: &str = "/api/v1/governance";

/// People of a budget: marketing writes it, finance checks it, management decides.
struct People<'c> {
    finance: Member<'c>,
    management: Member<'c>,
}

impl<'c> People<'c> {
    async fn of(shop: &Shop<'c>) -> Self {
        Self {
            finance: shop.company.member("finance").await,
            management: shop.company.member("management").await,
        }
    }
}

/// Writes a budget of the running year with a line of 1,200.00 for each cost group; the reserve is called `reserve`.
async fn written(shop: &Shop<'_>, more: Json, groups: &[&str]) -> Json {
    let mut new = json!({ "year": 2026, "name": "年度预算" });
    for (name, value) in more.as_object().expect("fields") {
        new[name] = value.clone();
    }
    let made = shop.market.post(&format!("{BASE}/budgets"), new).await;
    for group in groups {
        let (cost_group, contingency) = if *group == "reserve" { ("other", true) } else { (*group, false) };
        let line = json!({
            "code": group, "names": { "zh-Hans": group }, "cost_group": cost_group, "contingency": contingency,
            "annual_minor": 120_000,
        });
        shop.market.post(&format!("{BASE}/budgets/{}/lines", id(&made["budget"])), line).await;
    }
    made["budget"].clone()
}

/// Does something to a budget as it stands now.
async fn with_budget(who: &Member<'_>, budget: &Json, verb: &str) {
    let path = format!("{BASE}/budgets/{}", id(budget));
    let seen = who.get(&path).await["budget"].clone();
    who.act(Method::POST, &format!("{path}/{verb}"), &seen, json!({})).await;
}

async fn approved(shop: &Shop<'_>, people: &People<'_>, more: Json, groups: &[&str]) -> Json {
    let budget = written(shop, more, groups).await;
    with_budget(&shop.market, &budget, "submit").await;
    with_budget(&people.finance, &budget, "check").await;
    with_budget(&people.management, &budget, "approve").await;
    people.finance.get(&format!("{BASE}/budgets/{}", id(&budget))).await
}

fn line(budget: &Json, code: &str) -> String {
    let lines = budget["lines"].as_array().expect("lines");
    id(&lines.iter().find(|line| line["line"]["code"] == code).expect("the line")["line"])
}

turns! {
    "budget.yearly" => yearly(turn) {
        written(&turn, json!({}), &["campaigns", "channels", "staff"]).await;
        turn.followed(100.0, None, 1).await;
        turn.company.pass_days(62);
        turn.broken(0.0, None, 1).await;
    }

    "budget.approved" => is_approved(turn) {
        let people = People::of(&turn).await;
        approved(&turn, &people, json!({}), &["staff"]).await;
        turn.followed(100.0, None, 1).await;
        let budget = written(&turn, json!({}), &["staff"]).await;
        with_budget(&turn.market, &budget, "submit").await;
        turn.company.pass_days(15);
        turn.broken(50.0, None, 1).await;
    }

    "budget.spread" => spread(turn) {
        let people = People::of(&turn).await;
        approved(&turn, &people, json!({}), &["staff"]).await;
        turn.followed(100.0, None, 12).await;
        let budget = written(&turn, json!({}), &["campaigns", "channels"]).await;
        let shown = turn.market.get(&format!("{BASE}/budgets/{}", id(&budget))).await;
        for row in shown["lines"].as_array().expect("lines") {
            let month = json!({ "pattern": "period", "from_month": 11, "to_month": 11 });
            let path = format!("{BASE}/lines/{}/spread", id(&row["line"]));
            turn.market.act(Method::POST, &path, &row["line"], month).await;
        }
        with_budget(&turn.market, &budget, "submit").await;
        with_budget(&people.finance, &budget, "check").await;
        with_budget(&people.management, &budget, "approve").await;
        turn.broken(38.9, None, 22).await;
    }

    "budget.within" => within(turn) {
        let people = People::of(&turn).await;
        approved(&turn, &people, json!({ "brand_id": turn.brand_id }), &["channels"]).await;
        turn.followed(0.0, None, 12).await;
        turn.import("expenses", "科目,日期,金额,单号\nchannels,2026-11-02,100.01,B-1\n").await;
        turn.broken(1.0, None, 1).await;
    }

    "budget.adjusted" => adjusted(turn) {
        let people = People::of(&turn).await;
        let budget = approved(&turn, &people, json!({}), &["channels", "reserve"]).await;
        let apply = async || {
            let new = json!({
                "from_line_id": line(&budget, "reserve"), "from_month": 11, "to_line_id": line(&budget, "channels"),
                "to_month": 11, "amount_minor": 1_000, "reason": "加投",
            });
            let path = format!("{BASE}/budgets/{}/adjustments", id(&budget["budget"]));
            turn.market.post(&path, new).await["adjustment"].clone()
        };
        let first = apply().await;
        for (who, verb) in [(&people.finance, "check"), (&people.management, "approve")] {
            let path = format!("{BASE}/adjustments/{}", id(&first));
            let seen = who.get(&path).await["adjustment"].clone();
            who.act(Method::POST, &format!("{path}/{verb}"), &seen, json!({})).await;
        }
        turn.followed(100.0, None, 1).await;
        apply().await;
        turn.company.pass_days(15);
        turn.broken(50.0, None, 1).await;
    }

    "budget.answered" => answered(turn) {
        let people = People::of(&turn).await;
        let budget = approved(&turn, &people, json!({}), &["channels"]).await;
        let new = json!({ "line_id": line(&budget, "channels"), "month": 11, "amount_minor": 8_500, "reason": "广告" });
        turn.market.post(&format!("{BASE}/commitments"), new).await;
        let alerts = turn.market.list(&format!("{BASE}/alerts")).await;
        let words = json!({ "cause": "旺季", "measure": "下月减投" });
        turn.market.act(Method::POST, &format!("{BASE}/alerts/{}/answer", id(&alerts[0])), &alerts[0], words).await;
        turn.followed(100.0, Some(90), 1).await;
        let new = json!({ "line_id": line(&budget, "channels"), "month": 11, "amount_minor": 600, "reason": "广告" });
        turn.market.post(&format!("{BASE}/commitments"), new).await;
        turn.company.pass_days(6);
        turn.broken(50.0, Some(90), 1).await;
    }

    "budget.reported" => reported(turn) {
        let people = People::of(&turn).await;
        let budget = approved(&turn, &people, json!({}), &["channels"]).await;
        for month in [9, 10] {
            let path = format!("{BASE}/budgets/{}/months/{month}/close", id(&budget["budget"]));
            let closed = people.finance.post(&path, json!({})).await;
            if month == 9 {
                let report = format!("{BASE}/reports/{}", id(&closed["report"]));
                let words = json!({ "cause": "未投放", "measure": "十二月补投" });
                turn.market.post(&format!("{report}/lines/{}/explain", line(&budget, "channels")), words).await;
                let comment = json!({ "comment": "已复核" });
                people.finance.act(Method::POST, &format!("{report}/issue"), &closed["report"], comment).await;
                turn.followed(100.0, Some(366), 1).await;
            }
        }
        turn.company.pass_days(8);
        turn.broken(50.0, Some(366), 1).await;
    }

    "budget.campaigns" => campaigns(turn) {
        let people = People::of(&turn).await;
        let budget = approved(&turn, &people, json!({}), &["campaigns"]).await;
        turn.import("customers", CUSTOMERS).await;
        let pays = |amount: i64| json!({ "budget_line_id": line(&budget, "campaigns"), "budget_minor": amount });
        turn.launched(pays(9_000)).await;
        turn.followed(100.0, Some(90), 1).await;
        let ready = turn.ready(pays(2_000)).await;
        let path = format!("/api/v1/campaigns/campaigns/{}/launch", id(&ready));
        let call = crate::harness::Call::post(path).seen(&ready).json(&json!({}));
        let answer = turn.market.call(call).await;
        assert_eq!(answer.status, 422);
        turn.broken(50.0, Some(90), 1).await;
    }

    "budget.cost_types" => cost_types(turn) {
        let people = People::of(&turn).await;
        let project = || json!({ "scope_noun": "project", "scope_id": kernel::Id::new() });
        approved(&turn, &people, project(), &["labour", "equipment", "software", "services"]).await;
        turn.followed(100.0, None, 1).await;
        approved(&turn, &people, project(), &["labour"]).await;
        turn.broken(50.0, None, 1).await;
    }

    "budget.contingency" => contingency(turn) {
        let people = People::of(&turn).await;
        approved(&turn, &people, json!({}), &["staff", "reserve"]).await;
        turn.followed(100.0, None, 1).await;
        approved(&turn, &people, json!({}), &["staff"]).await;
        turn.broken(50.0, None, 1).await;
    }

    "budget.variance" => variance(turn) {
        let people = People::of(&turn).await;
        let budget = approved(&turn, &people, json!({}), &["channels"]).await;
        let path = format!("{BASE}/budgets/{}/months/9/close", id(&budget["budget"]));
        let closed = people.finance.post(&path, json!({})).await;
        let words = json!({ "cause": "未投放", "measure": "十二月补投" });
        let report = format!("{BASE}/reports/{}", id(&closed["report"]));
        turn.market.post(&format!("{report}/lines/{}/explain", line(&budget, "channels")), words).await;
        people.finance.act(Method::POST, &format!("{report}/issue"), &closed["report"], json!({ "comment": "已复核" })).await;
        turn.followed(100.0, Some(366), 1).await;
        people.finance.post(&format!("{BASE}/budgets/{}/months/10/close", id(&budget["budget"])), json!({})).await;
        turn.company.pass_days(8);
        turn.broken(50.0, Some(366), 1).await;
    }
}
