//! Segments over what people did: whom `identify` ties to an account, what counts in a window, why somebody is in, and
//! that a merge counts for both.

use kernel::Timestamp;
use serde_json::{Value as Json, json};

use crate::harness::arrange::import;
use crate::harness::{Company, Member};
use crate::sources::{Taking, send, source};

/// Three customers who are known already.
const CUSTOMERS: &str = "会员号,姓名,邮箱
1,林晓,lin@customer.invalid
2,王敏,wang@customer.invalid
3,陈静,chen@customer.invalid
";
const SEGMENTS: &str = "/api/v1/customers/segments";

fn did(name: &str, user: &str, message: &str, at: Timestamp, product: &str, price: f64) -> Json {
    json!({ "type": "track", "messageId": message, "userId": user, "event": name, "timestamp": at,
        "properties": { "product_id": product, "value": price } })
}

fn identified(user: &str, email: &str) -> Json {
    json!({ "type": "identify", "messageId": format!("identify/{user}"), "userId": user, "traits": { "email": email } })
}

/// Three known customers; two of them have accounts, one of them two.
async fn told(company: &Company, key: &str) {
    let taking = Taking::begin(company).await;
    let at = |hours: i64| company.now().plus_ms(-hours * 3_600_000);
    let batch = json!({ "batch": [
        identified("u-lin", "lin@customer.invalid"), identified("u-lin-app", "Lin@customer.invalid"),
        identified("u-wang", "wang@customer.invalid"),
        did("Product Viewed", "u-lin", "1", at(50), "sku-7", 10.0),
        did("Product Viewed", "u-lin-app", "2", at(40), "sku-7", 20.5),
        did("Product Added", "u-lin", "3", at(30), "sku-7", 5.0),
        did("Product Viewed", "u-wang", "4", at(20), "sku-8", 7.0),
        did("Product Added", "u-wang", "5", at(25), "sku-8", 7.0),
        did("Product Viewed", "u-nobody", "6", at(1), "sku-7", 1.0),
    ] });
    send(company, key, &batch).await.done();
    taking.end().await;
    company.pass_minutes(2);
    company.work().await;
}

async fn counted(who: &Member<'_>, definition: &Json) -> i64 {
    let shown = who.post(&format!("{SEGMENTS}/preview"), json!({ "definition": definition })).await;
    shown["count"].as_i64().unwrap_or_else(|| panic!("{shown:#}"))
}

store::on_both! {
    migrations = &server::migrations();

    async fn what_people_did_decides_who_is_in(store: TestStore) {
        let company = Company::new(store).await;
        let it = company.member("it").await;
        let market = company.member("market").await;
        let admin = company.member("administrator").await;
        let receipt = import(&admin, "customers", None, CUSTOMERS).await;
        assert_eq!(receipt["stored_count"], json!(3), "{receipt:#}");
        let (_, key) = source(&it, "网店", "server").await;
        told(&company, &key).await;
        let viewed = |more: Json| {
            let mut leaf = json!({ "type": "did", "what": { "names": ["Product Viewed"] } });
            leaf.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
            leaf
        };
        // Two accounts of one person count together; whoever nobody knows is no customer.
        assert_eq!(counted(&market, &viewed(json!({ "at_least": 1 }))).await, 2);
        assert_eq!(counted(&market, &viewed(json!({ "at_least": 2, "within_days": 30 }))).await, 1);
        assert_eq!(counted(&market, &viewed(json!({ "at_most": 0, "within_days": 30 }))).await, 1);
        assert_eq!(counted(&market, &viewed(json!({ "measure": "value", "at_least": 30.5 }))).await, 1);
        assert_eq!(counted(&market, &viewed(json!({ "measure": "value", "at_least": 30.51 }))).await, 0);
        let seven = json!({ "type": "did", "at_least": 1, "what": { "where": [{ "column": "product_id", "op": "eq", "value": "sku-7" }] } });
        assert_eq!(counted(&market, &seven).await, 1);
        // Wang put it into the basket before looking at it.
        let order = json!({ "type": "did_in_order", "within_hours": 24,
            "steps": [{ "names": ["Product Viewed"] }, { "names": ["Product Added"] }] });
        assert_eq!(counted(&market, &order).await, 1);
        let both = json!({ "type": "all", "of": [order, { "type": "not", "of": viewed(json!({ "at_least": 3 })) }] });
        assert_eq!(counted(&market, &both).await, 1);

        let new = json!({ "name": "看过两次", "definition": viewed(json!({ "at_least": 2, "within_days": 30 })), "active": true });
        let segment = market.post(SEGMENTS, new).await;
        let place = format!("{SEGMENTS}/{}", segment["id"].as_str().expect("an id"));
        assert_eq!(segment["in_words"]["zh-Hans"], json!("近 30 天“Product Viewed”至少 2 次"), "{segment:#}");
        let counted_now = market.post(&format!("{place}/count"), json!({})).await;
        assert_eq!(counted_now["member_count"], json!(1));
        let people = market.list("/api/v1/customers/profiles").await;
        let mut found = Vec::new();
        for person in &people {
            let id = person["id"].as_str().expect("an id");
            let why = market.get(&format!("{place}/members/{id}")).await;
            found.push((why["is_member"].as_bool().expect("an answer"), why["why"]["evidence"].as_array().map_or(0, Vec::len)));
            let line = market.list(&format!("/api/v1/customers/profiles/{id}/timeline?kind=event")).await;
            assert!(line.iter().all(|entry| entry["kind"] == json!("event")), "{line:#?}");
        }
        found.sort();
        assert_eq!(found, [(false, 0), (false, 1), (true, 2)]);
        // The first of the two leaves the window.
        company.pass_days(28);
        assert_eq!(market.post(&format!("{place}/count"), json!({})).await["member_count"], json!(0));
    }

    async fn conditions_on_events_that_make_no_sense_are_refused(store: TestStore) {
        let company = Company::new(store).await;
        let market = company.member("market").await;
        let refused = async |definition: Json| {
            let answer = market.call(crate::harness::Call::post(format!("{SEGMENTS}/preview")).json(&json!({ "definition": definition }))).await;
            answer.refused(422, "customers.segment.invalid");
            answer.json["fields"][0]["code"].as_str().unwrap_or_default().to_owned()
        };
        let unbounded = json!({ "type": "did", "what": {} });
        assert_eq!(refused(unbounded).await, "customers.segment.bound_needed");
        let half = json!({ "type": "did", "what": {}, "at_least": 1.5 });
        assert_eq!(refused(half).await, "customers.segment.out_of_range");
        let odd = json!({ "type": "did", "at_least": 1, "what": { "where": [{ "column": "value", "op": "contains", "value": "a" }] } });
        assert_eq!(refused(odd).await, "customers.segment.unknown_value");
        let twice = json!({ "type": "did", "what": {}, "at_least": 1, "within_days": 3, "span": { "from": "2026-01-01T00:00:00Z" } });
        assert_eq!(refused(twice).await, "customers.segment.one_window");
        let one = json!({ "type": "did_in_order", "steps": [{ "names": ["a"] }], "within_hours": 1 });
        assert_eq!(refused(one).await, "customers.segment.steps_range");
        let mut deep = json!({ "type": "tier", "one_of": ["A"] });
        for _ in 0..50 {
            deep = json!({ "type": "not", "of": deep });
        }
        assert_eq!(refused(deep).await, "customers.segment.too_deep");
    }
}
