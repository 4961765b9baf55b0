use axum::http::Method;
use serde_json::json;

use super::turns;
use crate::harness::arrange::id;
use crate::harness::people::{department, hire};

const REMINDERS: &str = "/api/v1/identity/secrecy-reminders";

turns! {
    "secrecy.reminded" => reminded(turn) {
        let market = turn.company.sign_in("market@daoting.example").await;
        let shown = market.post(REMINDERS, json!({ "occasion": "period" })).await;
        market.post(&format!("{REMINDERS}/{}/confirm", id(&shown)), json!({})).await;
        turn.followed(100.0, Some(62), 1).await;
        let sales = turn.company.sign_in("sales@daoting.example").await;
        sales.post(REMINDERS, json!({ "occasion": "record" })).await;
        turn.company.pass_days(2);
        turn.broken(50.0, Some(62), 1).await;
    }

    "workload.live" => live(turn) {
        let admin = &turn.admin;
        let market = department(admin, "market").await;
        let person = hire(admin, "busy@daoting.example", Some(&market)).await;
        let names = json!({ "zh-Hans": "专员", "zh-Hant": "專員", "en": "Specialist" });
        let post = admin.post("/api/v1/identity/positions", json!({ "department_id": market, "names": names })).await;
        let path = format!("/api/v1/identity/users/{}", person.id);
        let seen = admin.get(&path).await;
        admin.act(Method::PATCH, &path, &seen, json!({ "position_id": id(&post) })).await;
        turn.followed(100.0, None, 1).await;
        let path = "/api/v1/rulebook/parameters/workload.tasks_per_person";
        let seen = admin.get(path).await;
        let change = json!({ "value": 1, "reason": "按新口径核算" });
        admin.act(Method::PUT, path, &seen, change).await;
        for edition in ["1", "2"] {
            let values = json!({ "name": "制度", "document": "TP", "edition": edition, "changes": "修订", "bound": "list", "audience": [{ "who": person.id }] });
            let release = admin.post("/api/v1/records/rulebook_release", json!({ "values": values })).await;
            let path = format!("/api/v1/records/rulebook_release/{}/actions/publish", id(&release));
            admin.act(Method::POST, &path, &release, json!({})).await;
        }
        turn.broken(0.0, None, 1).await;
    }
}
