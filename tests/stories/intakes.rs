//! Intakes: what programs and mails of others send becomes records, once for each key, and what is refused says why.

use axum::http::Method;
use serde_json::{Value as Json, json};

use crate::harness::arrange::id;
use crate::harness::{Answer, Call, Company, Member};

const INTAKES: &str = "/api/v1/rulebook/intakes";
const ENTRIES: &str = "/api/v1/rulebook/intake-entries";
const RECORDS: &str = "/api/v1/records/intelligence";
const MAIL: &str = "From: =?UTF-8?B?5p2O5Zub?= <li@press.example>\r\nTo: intel@daoting.example\r\n\
    Subject: =?GBK?B?0MLGt8nPytA=?=\r\nMessage-ID: <1@press.example>\r\nDate: Fri, 20 Nov 2026 08:00:00 +0800\r\n\
    Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n6YK75bqX5Y+s5Zue6Iy26aWu44CC\r\n";

fn new_intake() -> Json {
    json!({ "name": "舆情平台", "opens": "intelligence", "key_path": "/id", "per_minute": 6, "mapping": {
        "name": "/title", "content": "/body/text", "source": "/site", "observed_on": "/seen_at", "impact": "/impact",
        "intel_kind": "industry", "source_kind": "hook" } })
}

fn place(made: &Json) -> String {
    let url = made["url"].as_str().expect("its address");
    url[url.find("/api/").expect("a path")..].to_owned()
}

async fn send(company: &Company, path: &str, body: Json) -> Answer {
    company.anonymous(Call::post(path).json(&body)).await
}

fn news(key: i64) -> Json {
    json!({ "id": key, "title": "竞品  上新", "body": { "text": "$now 正文" }, "site": "行业网", "seen_at": "2026-11-20T23:30:00Z", "impact": "4" })
}

async fn open(it: &Member<'_>, body: Json) -> (Json, String) {
    let made = it.post(INTAKES, body).await;
    let path = place(&made);
    (made, path)
}

store::on_both! {
    migrations = &server::migrations();

    async fn what_a_program_sends_becomes_a_record_once(store: TestStore) {
        let company = Company::new(store).await;
        let it = company.member("it").await;
        let (made, path) = open(&it, new_intake()).await;
        let first = send(&company, &path, news(7)).await;
        assert_eq!((first.status.as_u16(), &first.json["outcome"]), (201, &json!("opened")), "{}", first.text);
        let again = send(&company, &path, news(7)).await;
        assert_eq!((again.status.as_u16(), &again.json["outcome"]), (200, &json!("known")));
        assert_eq!(again.json["number"], first.json["number"]);
        let records = it.list(RECORDS).await;
        assert_eq!(records.len(), 1);
        let values = &records[0]["values"];
        assert_eq!((&values["name"], &values["content"], &values["impact"]), (&json!("竞品 上新"), &json!("$now 正文"), &json!(4)));
        assert_eq!(values["observed_on"], json!("2026-11-21"), "the day of the company, not of the sender");
        assert_eq!((&records[0]["owner_id"], &records[0]["created_by"]), (&json!(it.id), &Json::Null));
        assert!(it.get(INTAKES).await["items"][0]["url"].is_null(), "the address is shown once");
        let entries = it.list(ENTRIES).await;
        let outcomes: Vec<&Json> = entries.iter().map(|entry| &entry["outcome"]).collect();
        assert_eq!(outcomes, [&json!("known"), &json!("opened")]);
        assert_eq!(entries[1]["record_id"], records[0]["id"]);
        let audit = it.list("/api/v1/system/audit?noun=record.intelligence&action=create").await;
        assert_eq!((audit[0]["actor_name"].as_str(), audit[0]["reason"].as_str()), (Some("intake"), Some("舆情平台")));
        assert_eq!(made["version"], json!(1));
    }

    async fn what_is_refused_says_why_and_nothing_of_it_is_kept(store: TestStore) {
        let company = Company::new(store).await;
        let it = company.member("it").await;
        let (_, path) = open(&it, new_intake()).await;
        let mut wrong = news(1);
        wrong["impact"] = json!("9");
        wrong["title"] = Json::Null;
        let refused = send(&company, &path, wrong).await;
        assert_eq!(refused.status.as_u16(), 422, "{}", refused.text);
        assert_eq!(refused.headers["content-type"], "application/problem+json");
        assert!(it.list(RECORDS).await.is_empty());
        let status = async |call: Call| company.anonymous(call).await.status.as_u16();
        assert_eq!(status(Call::post(&path).bytes("application/json", "[1]")).await, 400);
        assert_eq!(status(Call::post(&path).bytes("text/plain", "你好")).await, 415);
        let large = format!("{{\"a\":\"{}\"}}", "x".repeat(300 * 1024));
        assert_eq!(status(Call::post(&path).bytes("application/json", large)).await, 413);
        assert_eq!(status(Call::post(format!("{path}x")).json(&news(1))).await, 404);
        let kept = it.list(&format!("{ENTRIES}?outcome=refused")).await;
        assert_eq!(kept.len(), 3, "{kept:#?}");
        assert!(kept.iter().any(|entry| entry["fields"].as_array().is_some_and(|fields| fields.contains(&json!("impact")))));
        // A refusal takes no key: mended, it is taken.
        assert_eq!(send(&company, &path, news(1)).await.status.as_u16(), 201);
        // Six a minute, no more; a minute later it goes on.
        assert_eq!(send(&company, &path, news(2)).await.status.as_u16(), 201);
        assert_eq!(send(&company, &path, news(3)).await.status.as_u16(), 201);
        let many = send(&company, &path, news(4)).await;
        assert_eq!((many.status.as_u16(), many.headers["retry-after"].to_str().ok()), (429, Some("60")));
        company.pass_minutes(2);
        assert_eq!(send(&company, &path, news(4)).await.status.as_u16(), 201);
    }

    async fn a_mail_becomes_a_record(store: TestStore) {
        let company = Company::new(store).await;
        let it = company.member("it").await;
        let mut body = new_intake();
        body["key_path"] = Json::Null;
        body["mapping"] = json!({ "name": "/subject", "content": "/text", "source": "/from_name", "observed_on": "/date", "intel_kind": "demand", "source_kind": "mail" });
        let (_, path) = open(&it, body).await;
        let mail = || Call::post(&path).bytes("message/rfc822", MAIL);
        assert_eq!(company.anonymous(mail()).await.status.as_u16(), 201);
        assert_eq!(company.anonymous(mail()).await.status.as_u16(), 200);
        let records = it.list(RECORDS).await;
        assert_eq!(records.len(), 1);
        let values = &records[0]["values"];
        assert_eq!((&values["name"], &values["content"], &values["source"]), (&json!("新品上市"), &json!("邻店召回茶饮。"), &json!("李四")));
        assert_eq!((&values["observed_on"], &values["source_kind"]), (&json!("2026-11-20"), &json!("mail")));
    }

    async fn an_address_ends_when_it_is_renewed_or_switched_off(store: TestStore) {
        let company = Company::new(store).await;
        let it = company.member("it").await;
        let (made, path) = open(&it, new_intake()).await;
        let renewed = it.act(Method::POST, &format!("{INTAKES}/{}/address", id(&made)), &made, json!({})).await;
        assert_eq!(send(&company, &path, news(1)).await.status.as_u16(), 404);
        let path = place(&renewed);
        assert_eq!(send(&company, &path, news(1)).await.status.as_u16(), 201);
        let mut off = new_intake();
        off["active"] = json!(false);
        it.act(Method::PUT, &format!("{INTAKES}/{}", id(&made)), &renewed, off).await;
        assert_eq!(send(&company, &path, news(2)).await.status.as_u16(), 404);
        let asked = async |key: &str, value: Json| {
            let mut body = new_intake();
            body[key] = value;
            let answer = it.call(Call::post(INTAKES).json(&body)).await;
            (answer.status.as_u16(), answer.json["fields"][0]["field"].as_str().unwrap_or_default().to_owned())
        };
        assert_eq!(asked("opens", json!("nothing")).await, (422, "opens".into()));
        assert_eq!(asked("mapping", json!({ "nothing": "/a" })).await, (422, "mapping".into()));
        assert_eq!(asked("key_path", json!("id")).await, (422, "key_path".into()));
        let market = company.member("market").await;
        assert_eq!(market.call(Call::post(INTAKES).json(&new_intake())).await.status.as_u16(), 403);
    }
}
