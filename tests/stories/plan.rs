//! Tracking plan: what is to come is written down, what differs waits with its reason until it is mended, and nothing is
//! lost on the way.

use axum::http::Method;
use serde_json::{Value as Json, json};

use crate::harness::{Call, Company, Member};
use crate::sources::{SOURCES, Taking, address, key, send, track};

const PLAN: &str = "/api/v1/customers/plan/events";
const QUARANTINE: &str = "/api/v1/customers/quarantine?state=open";

async fn planned(it: &Member<'_>, name: &str, properties: Json) -> Json {
    let new = json!({ "kind": "track", "name": name, "state": "live", "properties": properties });
    it.post(PLAN, new).await
}

async fn source(it: &Member<'_>, plan: &str) -> (Json, String) {
    let new = json!({ "name": "网店", "kind": "server", "purpose": "服务与统计", "plan": plan, "expected": ["sales"] });
    let made = it.post(SOURCES, new).await;
    let key = key(it, &made).await;
    (made, key)
}

fn ordered(message: &str, properties: Json) -> Json {
    let mut event = track(message, "u");
    event["properties"] = properties;
    event
}

async fn stored(it: &Member<'_>) -> i64 {
    it.get("/api/v1/customers/lake").await["events"].as_i64().expect("events")
}

store::on_both! {
    migrations = &server::migrations();

    async fn what_breaks_the_plan_waits_and_counts_once_mended(store: TestStore) {
        let company = Company::new(store).await;
        let it = company.member("it").await;
        planned(&it, "Order Completed", json!([{ "name": "revenue", "kind": "number", "required": true }])).await;
        let (made, key) = source(&it, "enforce").await;
        let taking = Taking::begin(&company).await;
        let batch = json!({ "batch": [
            ordered("good", json!({ "revenue": 12.5 })), ordered("text", json!({ "revenue": "12.5" })),
            json!({ "type": "track", "messageId": "other", "userId": "u", "event": "Danced" }),
            json!({ "type": "page", "messageId": "page", "userId": "u", "name": "Home" }),
        ] });
        send(&company, &key, &batch).await.done();
        send(&company, &key, &batch).await.done();
        let waiting = it.list(QUARANTINE).await;
        assert_eq!(waiting.len(), 2, "{waiting:#?}");
        let text = waiting.iter().find(|event| event["message_id"] == json!("text")).expect("it waits");
        let why = (&text["fault"], &text["field"], &text["detail"], &text["expected"], &text["found"]);
        assert_eq!(why, (&json!("plan"), &json!("properties.revenue"), &json!("wrong_kind"), &json!("number"), &json!("text")));
        let place = format!("/api/v1/customers/quarantine/{}/replay", text["id"].as_str().expect("an id"));
        let replay = |body: String| Call::post(place.clone()).seen(text).json(&json!({ "body": body }));
        let still = it.call(replay(text["body"].as_str().expect("a body").to_owned())).await;
        still.refused(422, "customers.quarantine.still_faulty");
        assert_eq!(still.json["fields"][0]["code"], json!("customers.breach.wrong_kind"));
        let mended = text["body"].as_str().expect("a body").replace("\"12.5\"", "12.5");
        assert_eq!(it.call(replay(mended)).await.done()["state"], json!("replayed"));
        taking.end().await;
        assert_eq!(stored(&it).await, 3);
        let breaches = it.list("/api/v1/customers/plan/breaches").await;
        let told = |row: &Json| (row["reason"].as_str().unwrap_or_default().to_owned(), row["events"].as_i64());
        let mut told: Vec<_> = breaches.iter().map(told).collect();
        told.sort();
        assert_eq!(told, [("not_planned".to_owned(), Some(2)), ("wrong_kind".to_owned(), Some(2))]);
        let unplanned = it.list("/api/v1/customers/plan/unplanned").await;
        assert_eq!((unplanned.len(), &unplanned[0]["name"]), (1, &json!("Danced")));
        let quality = it.get(&format!("{}/quality", address(&made))).await;
        assert_eq!((&quality["score"], &quality["unplanned"]), (&json!(50.0), &json!(2)), "{quality:#}");
        let covered = it.list(&format!("{SOURCES}/coverage")).await;
        let state = |data: &str| {
            let cells = covered[0]["cells"].as_array().expect("cells");
            cells.iter().find(|cell| cell["data"] == json!(data)).expect("a cell")["state"].clone()
        };
        let states = ["traffic", "behaviour", "sales", "identity"].map(state);
        assert_eq!(states, ["unexpected", "unexpected", "live", "none"].map(Json::from));
    }

    async fn a_source_that_is_observed_loses_nothing(store: TestStore) {
        let company = Company::new(store).await;
        let it = company.member("it").await;
        planned(&it, "Order Completed", json!([{ "name": "revenue", "kind": "number", "required": true }])).await;
        let (_, key) = source(&it, "observe").await;
        let taking = Taking::begin(&company).await;
        // A million names would be too many to tell apart, and a few thousand are, too.
        for part in 0..4 {
            let danced = |n: i64| json!({ "type": "track", "messageId": format!("{part}/{n}"), "userId": "u", "event": format!("Danced {part}/{n}") });
            send(&company, &key, &json!({ "batch": (0..400).map(danced).collect::<Vec<_>>() })).await.done();
        }
        send(&company, &key, &json!({ "batch": [ordered("empty", json!({}))] })).await.done();
        taking.end().await;
        assert_eq!(stored(&it).await, 1_601);
        assert!(it.list(QUARANTINE).await.is_empty());
        let unplanned = it.get("/api/v1/customers/plan/unplanned").await;
        let names = unplanned["items"].as_array().expect("names");
        let rest: i64 = names.iter().filter(|row| row["name"].is_null()).filter_map(|row| row["events"].as_i64()).sum();
        let all: i64 = names.iter().filter_map(|row| row["events"].as_i64()).sum();
        assert_eq!((names.len(), rest, all), (1_001, 600, 1_600));
        let breaches = it.list("/api/v1/customers/plan/breaches").await;
        assert_eq!(breaches.iter().map(|row| row["reason"].as_str().unwrap_or_default()).collect::<Vec<_>>(), ["not_planned", "missing"]);
    }

    async fn a_plan_has_versions_with_reasons(store: TestStore) {
        let company = Company::new(store).await;
        let it = company.member("it").await;
        let made = planned(&it, "Order Completed", json!([])).await;
        let place = format!("{PLAN}/{}", made["id"].as_str().expect("an id"));
        let twice = it.call(Call::post(PLAN).json(&json!({ "kind": "track", "name": "Order Completed" }))).await;
        twice.refused(409, "customers.plan.name_taken");
        let wanted = |reason: &str| json!({ "description": "付款完成", "state": "live", "extra": "quarantine",
            "properties": [{ "name": "revenue", "kind": "number", "required": true }], "sources": [], "reason": reason });
        let change = |seen: &Json, reason: &str| Call::new(Method::PUT, place.clone()).seen(seen).json(&wanted(reason));
        it.call(change(&made, " ")).await.refused(422, "customers.plan.invalid");
        let changed = it.call(change(&made, "财务需要金额")).await.done();
        assert_eq!(changed["version"], json!(2));
        it.call(change(&made, "迟到")).await.refused(412, "store.changed_meanwhile");
        let shown = it.get(&place).await;
        let reasons: Vec<_> = shown["versions"].as_array().expect("versions").iter().map(|v| v["reason"].clone()).collect();
        assert_eq!(reasons, [json!("财务需要金额"), json!("")]);
        let tried = json!({ "body": track("1", "u").to_string().replace("12.5", "\"12.5\"") });
        let tried = it.post(&format!("{place}/try"), tried).await;
        assert_eq!(tried["violations"][0]["reason"], json!("wrong_kind"), "{tried:#}");
        let sales = company.member("sales").await;
        sales.call(Call::post(PLAN).json(&json!({ "kind": "page" }))).await.refused(403, "access.missing_permission");
        let audit = it.list("/api/v1/system/audit?noun=customers.planned_event").await;
        assert_eq!(audit.iter().map(|entry| entry["action"].as_str().unwrap_or_default()).collect::<Vec<_>>(), ["change", "create"]);
    }
}
