//! A company loads a management system of its own: people work by its record types like by those that are shipped.

use serde_json::{Value as Json, json};
use store::on_both;

use crate::harness::{Call, Company, arrange::id, people};

const PACK: &str = "/api/v1/rulebook/packs/shop-visits";
const VISITS: &str = "/api/v1/records/shop_visit";

const ABOUT: &str = "id: shop-visits
version: 1.0.0
default_language: zh-Hans
texts:
  title: {zh-Hans: 巡店制度}
  summary: {zh-Hans: 区域经理按月巡店。}
";

const RECORD: &str = "id: shop_visit
version: 1
area: insight
prefix: SV
title: {zh-Hans: 巡店记录}
plural: {zh-Hans: 巡店记录}
summary: {zh-Hans: 到店日期、发现和处理。}
permissions: [close]
fields:
  - {key: name, kind: text, title: {zh-Hans: 门店}, required: true}
  - {key: visited_on, kind: date, title: {zh-Hans: 到店日期}}
machines: [{machine: shop_visit}]
views:
  - {id: open, kind: list, title: {zh-Hans: 未关闭}, filter: \"!ended\", sort: visited_on, columns: [number, name, visited_on]}
";

const MACHINE: &str = "id: shop_visit
version: 1
record: shop_visit
title: {zh-Hans: 巡店记录}
states:
  - {id: open, title: {zh-Hans: 进行中}}
  - {id: closed, title: {zh-Hans: 已关闭}, end: true}
transitions:
  - {action: close, from: [open], to: closed, permission: records.shop_visit.close, title: {zh-Hans: 关闭}}
";

fn files() -> Json {
    json!({ "pack.yaml": ABOUT, "records/shop_visit.yaml": RECORD, "machines/shop_visit.yaml": MACHINE })
}

fn role(code: &str, permissions: &[&str]) -> Json {
    let names = json!({ "zh-Hans": code, "zh-Hant": code, "en": code });
    json!({ "code": code, "names": names, "descriptions": names, "clearance": "internal", "permissions": permissions })
}

on_both! {
    migrations = &[];

    async fn people_work_by_its_record_types(store: TestStore) {
        let company = Company::new(store).await;
        let admin = company.member("administrator").await;
        admin.call(Call::get(VISITS)).await.refused(404, "access.not_found");
        admin.post(&format!("{PACK}/apply"), json!({ "files": files(), "reason": "我们自己的巡店制度" })).await;

        // Its permissions are given out like any other, and bear its names.
        let known = admin.expect(Call::get("/api/v1/system/permissions").header("accept-language", "zh-Hans")).await;
        let close = known.as_array().or(known["items"].as_array()).expect("permissions").iter()
            .find(|row| row["code"] == "records.shop_visit.close").cloned().expect("the permission to close");
        assert_eq!(close["name"], "巡店记录：关闭");
        admin.post("/api/v1/identity/roles", role("visitor", &["records.shop_visit.read", "records.shop_visit.write"])).await;
        admin.post("/api/v1/identity/roles", role("closer", &["records.shop_visit.*"])).await;
        let visitor = people::hire(&admin, "visitor@daoting.example", None).await;
        let closer = people::hire(&admin, "closer@daoting.example", None).await;
        visitor.call(Call::get(VISITS)).await.refused(403, "access.missing_permission");
        people::give(&admin, &visitor, "visitor", "company", None).await;
        people::give(&admin, &closer, "closer", "company", None).await;

        let visit = visitor.post(VISITS, json!({ "values": { "name": "西湖店", "visited_on": "2026-11-02" } })).await;
        let action = format!("{VISITS}/{}/actions/close", id(&visit));
        let refused = visitor.call(Call::post(&action).seen(&visit).json(&json!({}))).await;
        refused.refused(403, "access.missing_permission");
        let closed = closer.expect(Call::post(&action).seen(&visit).json(&json!({}))).await;
        assert_eq!(closed["state"], "closed");
        assert!(visitor.list(&format!("{VISITS}?view=open")).await.is_empty());

        // Whoever leaves hands over what they hold of it as well.
        let shipped_again = json!({ "reason": "巡店改由总部负责" });
        admin.expect(Call::post(format!("{PACK}/restore")).json(&shipped_again)).await;
        admin.call(Call::get(VISITS)).await.refused(404, "access.not_found");
    }
}
