//! Sources: what sites and programs of others send is counted once, what cannot be counted waits for somebody, and
//! nobody sends who may not.

use std::io::Write;
use std::sync::Arc;

use base64::Engine as _;
use lake_engine::Engine;
use serde_json::{Value as Json, json};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::harness::arrange::{CUSTOMERS, Shop};
use crate::harness::{Answer, Call, Company, Member};

pub const SOURCES: &str = "/api/v1/customers/sources";
const QUESTIONS: &str = "/api/v1/customers/events/questions";
const QUARANTINE: &str = "/api/v1/customers/quarantine";

/// The part of a running product that moves events into files.
pub struct Taking {
    stop: CancellationToken,
    work: JoinHandle<()>,
}

impl Taking {
    pub async fn begin(company: &Company) -> Self {
        let engine = company.app.part::<Arc<Engine>>().expect("the lake is a part").clone();
        let stop = CancellationToken::new();
        let work = lake_engine::begin(engine, stop.clone()).await;
        Self { stop, work }
    }

    /// Ends as a signal ends it: what was acknowledged is in files then.
    pub async fn end(self) {
        self.stop.cancel();
        self.work.await.expect("the work ends");
    }
}

pub async fn source(it: &Member<'_>, name: &str, kind: &str) -> (Json, String) {
    let made = it.post(SOURCES, json!({ "name": name, "kind": kind, "purpose": "服务与统计" })).await;
    let key = key(it, &made).await;
    (made, key)
}

pub async fn key(it: &Member<'_>, source: &Json) -> String {
    let shown = it.post(&format!("{}/write-key/show", address(source)), json!({})).await;
    shown["write_key"].as_str().expect("a key").to_owned()
}

pub fn address(source: &Json) -> String {
    format!("{SOURCES}/{}", source["id"].as_str().expect("an id"))
}

fn basic(key: &str) -> String {
    format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(format!("{key}:")))
}

pub async fn send(company: &Company, key: &str, body: &Json) -> Answer {
    company.visitor(Call::post("/v1/batch").header("authorization", basic(key)).json(body)).await
}

pub fn track(id: &str, user: &str) -> Json {
    json!({ "type": "track", "messageId": id, "userId": user, "event": "Order Completed", "properties": { "revenue": 12.5 } })
}

async fn figures(it: &Member<'_>) -> (i64, i64) {
    let stats = it.get("/api/v1/customers/lake").await;
    (stats["events"].as_i64().expect("events"), stats["duplicates"].as_i64().expect("duplicates"))
}

store::on_both! {
    migrations = &server::migrations();

    async fn what_a_program_sends_counts_once_however_often_it_is_sent(store: TestStore) {
        let company = Company::new(store).await;
        let it = company.member("it").await;
        let (made, key) = source(&it, "网店", "server").await;
        assert_eq!(made["health"], json!("new"));
        let taking = Taking::begin(&company).await;
        let batch = json!({ "batch": [track("1", "u"), track("2", "u"), track("1", "u")] });
        assert_eq!(send(&company, &key, &batch).await.done(), json!({ "success": true }));
        // As RudderStack's SDK does: packed, and under another content type.
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(json!({ "batch": [track("2", "u"), track("3", "v")] }).to_string().as_bytes()).expect("memory");
        let call = Call::post("/v1/batch")
            .header("authorization", basic(&key))
            .header("content-encoding", "gzip")
            .bytes("application/x-www-form-urlencoded", packed.finish().expect("memory"));
        company.visitor(call).await.done();
        // The key may stand in the body, too, and each kind of call has an address of its own.
        let one = json!({ "writeKey": key, "anonymousId": "a-1", "messageId": "4", "name": "Home" });
        company.visitor(Call::post("/v1/page").json(&one)).await.done();
        taking.end().await;
        assert_eq!(figures(&it).await, (4, 2));
        let shown = it.get(&address(&made)).await;
        assert_eq!((&shown["health"], &shown["events_7d"], &shown["duplicates_7d"]), (&json!("live"), &json!(4), &json!(2)));
        let days = it.list(&format!("{}/days", address(&made))).await;
        assert_eq!((days.len(), &days[0]["stored"], &days[0]["bots"]), (1, &json!(4), &json!(0)));
        let recent = it.list(&format!("{}/events", address(&made))).await;
        assert_eq!(recent.iter().map(|event| event["message_id"].as_str().unwrap_or_default()).collect::<Vec<_>>(), ["4", "3", "2", "1"]);
        assert_eq!(recent[0]["node"], json!(customers_node("anonymous_id", "a-1")));
    }

    async fn what_cannot_be_counted_waits_until_somebody_repairs_it(store: TestStore) {
        let company = Company::new(store).await;
        let it = company.member("it").await;
        let (_, key) = source(&it, "网店", "server").await;
        let taking = Taking::begin(&company).await;
        let nameless = json!({ "type": "track", "messageId": "bad", "userId": "u", "properties": { "a": 1 } });
        let batch = json!({ "batch": [track("good", "u"), nameless, json!({ "type": "dance", "userId": "u" })] });
        send(&company, &key, &batch).await.done();
        // Sent again, it is the same event.
        send(&company, &key, &batch).await.done();
        let waiting = it.list(&format!("{QUARANTINE}?state=open")).await;
        let faults: Vec<&str> = waiting.iter().map(|event| event["fault"].as_str().unwrap_or_default()).collect();
        assert_eq!(faults.len(), 2, "{waiting:?}");
        let found = waiting.iter().find(|event| event["fault"] == json!("nameless")).expect("it waits");
        assert_eq!((&found["field"], &found["message_id"], &found["body"]), (&json!("event"), &json!("bad"), &json!(nameless.to_string())));
        let place = format!("{QUARANTINE}/{}", found["id"].as_str().expect("an id"));
        let replay = |body: &Json| Call::post(format!("{place}/replay")).seen(found).json(&json!({ "body": body.to_string() }));
        let still = it.call(replay(&nameless)).await;
        still.refused(422, "customers.quarantine.still_faulty");
        assert_eq!(still.json["fields"][0]["code"], json!("customers.fault.nameless"));
        let done = it.call(replay(&track("another id", "u"))).await.done();
        assert_eq!((&done["state"], &done["decided_by"]), (&json!("replayed"), &json!(it.id)));
        it.call(replay(&track("bad", "u"))).await.refused(412, "store.changed_meanwhile");
        let dance = waiting.iter().find(|event| event["fault"] == json!("unknown_kind")).expect("it waits");
        let dismiss = |reason: &str| {
            let place = format!("{QUARANTINE}/{}/dismiss", dance["id"].as_str().expect("an id"));
            Call::post(place).seen(dance).json(&json!({ "reason": reason }))
        };
        it.call(dismiss(" ")).await.refused(422, "customers.quarantine.reason_needed");
        it.call(dismiss("测试数据")).await.done();
        assert!(it.list(&format!("{QUARANTINE}?state=open")).await.is_empty());
        taking.end().await;
        assert_eq!(figures(&it).await, (2, 1));
        let audit = it.list("/api/v1/system/audit?noun=customers.quarantined_event").await;
        assert_eq!(audit.iter().map(|entry| entry["action"].as_str().unwrap_or_default()).collect::<Vec<_>>(), ["dismiss", "replay"]);
    }

    async fn nobody_sends_who_may_not(store: TestStore) {
        let company = Company::new(store).await;
        let it = company.member("it").await;
        let (made, key_before) = source(&it, "网店", "server").await;
        let taking = Taking::begin(&company).await;
        let batch = json!({ "batch": [track("1", "u")] });
        send(&company, "no such key", &batch).await.refused(401, "customers.source.key_unknown");
        company.visitor(Call::post("/v1/batch").json(&batch)).await.refused(401, "customers.source.key_unknown");
        let call = |body: &[u8]| Call::post("/v1/batch").header("authorization", basic(&key_before)).bytes("application/json", body);
        company.visitor(call(b"{\"batch\":")).await.refused(400, "customers.source.body_malformed");
        // Small on the wire, larger than a batch may be.
        let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        bomb.write_all(&vec![b' '; 3 << 20]).expect("memory");
        let bomb = bomb.finish().expect("memory");
        company.visitor(call(&bomb)).await.refused(413, "customers.source.body_too_large");
        let renewed = it.call(Call::post(format!("{}/write-key", address(&made))).seen(&made).json(&json!({}))).await.done();
        send(&company, &key_before, &batch).await.refused(401, "customers.source.key_unknown");
        let key = renewed["write_key"].as_str().expect("a key");
        send(&company, key, &batch).await.done();
        let now = it.get(&address(&made)).await;
        let paused = json!({ "name": "网店", "kind": "server", "purpose": "统计", "active": false });
        let change = Call::new(axum::http::Method::PUT, address(&made)).seen(&now).json(&paused);
        assert_eq!(it.call(change).await.done()["health"], json!("paused"));
        send(&company, key, &batch).await.refused(403, "customers.source.paused");
        let twice = it.call(Call::post(SOURCES).json(&json!({ "name": "网店", "kind": "app", "purpose": " " }))).await;
        twice.refused(422, "customers.source.invalid");
        assert_eq!(twice.json["fields"].as_array().map(Vec::len), Some(2));
        taking.end().await;
        // Nothing is acknowledged where nobody keeps it.
        let still = it.get(&address(&made)).await;
        let active = json!({ "name": "网店", "kind": "server", "purpose": "统计" });
        it.call(Call::new(axum::http::Method::PUT, address(&made)).seen(&still).json(&active)).await.done();
        send(&company, key, &batch).await.refused(503, "lake.not_running");
    }

    async fn trackers_of_others_are_understood_and_programs_are_no_visitors(store: TestStore) {
        let company = Company::new(store).await;
        let it = company.member("it").await;
        let (made, key) = source(&it, "官网", "website").await;
        let taking = Taking::begin(&company).await;
        let agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
        let visit = async |call: Call, agent: &str| company.visitor(call.header("user-agent", agent)).await;
        let posthog = json!({ "api_key": key, "batch": [{ "event": "$pageview", "distinct_id": "p-1", "uuid": "ph-1",
            "properties": { "$current_url": "https://shop.example/a" } }] });
        assert_eq!(visit(Call::post("/batch/").json(&posthog), agent).await.done(), json!({ "status": 1 }));
        let matomo = format!("/matomo.php?rec=1&idsite={key}&url=https%3A%2F%2Fshop.example%2F&_id=0123456789abcdef&rand=77");
        let pixel = visit(Call::get(&matomo), agent).await;
        assert_eq!((pixel.status.as_u16(), &pixel.headers["content-type"]), (200, &axum::http::HeaderValue::from_static("image/gif")));
        let snowplow = json!({ "schema": "iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4",
            "data": [{ "e": "pv", "eid": "sp-1", "aid": key, "duid": "d-1", "url": "https://shop.example/" }] });
        visit(Call::post("/com.snowplowanalytics.snowplow/tp2").json(&snowplow), agent).await.done();
        let googlebot = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
        visit(Call::get(&matomo), googlebot).await;
        let asked = Call::new(axum::http::Method::OPTIONS, "/v1/batch").header("origin", "https://shop.example");
        let allowed = visit(asked, agent).await;
        assert_eq!((allowed.status.as_u16(), &allowed.headers["access-control-allow-origin"]), (204, &axum::http::HeaderValue::from_static("*")));
        taking.end().await;
        assert_eq!(figures(&it).await, (3, 0));
        let shown = it.get(&address(&made)).await;
        assert_eq!((&shown["events_7d"], &shown["bots_7d"]), (&json!(3), &json!(1)));
    }

    async fn our_own_orders_flow_through_the_same_lake_once(store: TestStore) {
        let company = Company::new(store).await;
        let shop = Shop::open(&company).await;
        shop.import("customers", CUSTOMERS).await;
        let orders = "order_number,date,customer_id,sku,quantity,price\n\
            A-1,2026-11-20,1,S-1,2,10.00\nA-1,2026-11-20,1,S-2,1,5.50\nA-2,2026-11-21,2,S-1,1,10.00\n\
            A-3,2026-11-21,,S-1,1,10.00\n";
        shop.import("orders", orders).await;
        let taking = Taking::begin(&company).await;
        for _ in 0..3 {
            company.pass_minutes(6);
            company.work().await;
        }
        taking.end().await;
        let it = company.member_as("it", "events@daoting.example").await;
        // Whoever gave no name to an order did nothing that belongs to a person.
        assert_eq!(figures(&it).await, (2, 0));
        let sources = it.list(SOURCES).await;
        let own = sources.iter().find(|source| source["kind"] == json!("internal")).expect("the product is a source");
        let recent = it.list(&format!("{}/events", address(own))).await;
        let mut said: Vec<Json> = recent.iter().map(|event| {
            serde_json::from_str(event["properties"].as_str().expect("properties")).expect("JSON")
        }).collect();
        said.sort_by_key(|event| event["order_id"].to_string());
        assert_eq!(said[0], json!({ "order_id": "A-1", "revenue": 25.5, "currency": "CNY" }));
        let forged = json!({ "name": "x", "kind": "internal", "purpose": "y" });
        it.call(Call::post(SOURCES).json(&forged)).await.refused(422, "customers.source.invalid");
    }

    async fn what_people_did_is_asked_in_figures(store: TestStore) {
        let company = Company::new(store).await;
        let market = company.member("market").await;
        let (_, key) = source(&market, "网店", "server").await;
        let taking = Taking::begin(&company).await;
        let step = |id: &str, user: &str, event: &str| {
            json!({ "type": "track", "messageId": id, "userId": user, "event": event, "properties": { "revenue": 10 } })
        };
        let batch = json!({ "batch": [
            step("1", "u", "Product Viewed"), step("2", "u", "Order Completed"), step("3", "v", "Product Viewed"),
        ] });
        send(&company, &key, &batch).await.done();
        taking.end().await;
        let named = |name: &str| json!({ "names": [name] });
        let asked = json!({ "questions": [
            { "type": "total", "measure": "count", "by": "name" },
            { "type": "total", "measure": "people" },
            { "type": "funnel", "steps": [named("Product Viewed"), named("Order Completed")], "within_ms": 86_400_000 },
        ] });
        let answers = market.post(QUESTIONS, asked.clone()).await["items"].clone();
        let rows = answers[0]["rows"].as_array().expect("rows").clone();
        let count = |name: &str| rows.iter().find(|row| row["group"] == json!(name)).map(|row| row["value"].clone());
        assert_eq!((count("Product Viewed"), count("Order Completed")), (Some(json!(2.0)), Some(json!(1.0))), "{answers:#}");
        assert_eq!(answers[1]["rows"][0]["value"], json!(2.0), "{answers:#}");
        assert_eq!(answers[2]["rows"][0]["steps"], json!([2, 1]), "{answers:#}");
        let none = json!({ "questions": [{ "type": "funnel", "steps": [], "within_ms": 1 }] });
        market.call(Call::post(QUESTIONS).json(&none)).await.refused(422, "lake.query.invalid");
        let brand = company.member("brand").await;
        brand.call(Call::post(QUESTIONS).json(&asked)).await.refused(403, "access.missing_permission");
    }

    async fn an_access_log_is_accounted_for_line_by_line(store: TestStore) {
        let company = Company::new(store).await;
        let it = company.member("it").await;
        let (made, _) = source(&it, "官网", "website").await;
        let taking = Taking::begin(&company).await;
        let browser = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
        let line = |path: &str, status: u16, agent: &str| format!(
            "203.0.113.7 - - [20/Nov/2026:10:00:00 +0800] \"GET {path} HTTP/1.1\" {status} 512 \"https://www.baidu.com/\" \"{agent}\"\n");
        let log = [
            line("/p/1", 200, browser),
            line("/p/2", 200, browser),
            line("/a.css", 200, browser),
            line("/none", 404, browser),
            line("/p/1", 200, "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)"),
            "\n".to_owned(),
            "what is this\n".to_owned(),
        ].concat();
        let call = |log: &str| Call::post(format!("{}/log", address(&made))).bytes("text/plain", log);
        let account = it.call(call(&log)).await.done();
        let expected = json!({ "read": 7, "stored": 2, "no_page": 2, "bots": 1, "empty": 1, "rejected": 1,
            "faults": [{ "line": 7, "fault": "malformed" }] });
        assert_eq!(account, expected);
        it.call(call(&log)).await.done();
        taking.end().await;
        assert_eq!(figures(&it).await, (2, 2));
        let audit = it.list("/api/v1/system/audit?noun=customers.source&action=import_log").await;
        assert_eq!(audit.len(), 2);
    }

    async fn a_backup_brings_every_event_back_and_knows_what_was_counted(store: TestStore) {
        let company = crate::backups::company(store).await;
        let admin = company.member("administrator").await;
        let (_, key) = source(&admin, "网店", "server").await;
        let taking = Taking::begin(&company).await;
        send(&company, &key, &json!({ "batch": [track("in a file", "u")] })).await.done();
        taking.end().await;
        let taking = Taking::begin(&company).await;
        send(&company, &key, &json!({ "batch": [track("in the log alone", "u")] })).await.done();
        let signed_in = company.sign_in("administrator@daoting.example").await;
        let run = crate::backups::take(&signed_in).await;
        taking.end().await;
        let place = backup::Place::of(&company.app).expect("a place");
        let backup_key = backup::archive::key::BackupKey::read(&place.key_file).expect("a key");
        let target = backup::archive::restore::Target {
            dir: place.data_dir.join("elsewhere"),
            database_url: None,
            master_key: Some(place.data_dir.join("master.key")),
        };
        let file = std::path::Path::new(run["file"].as_str().expect("a file"));
        let clock = company.app.store.clock();
        let restored = backup::archive::restore::restore(file, &backup_key, &target, &place.migrations, clock);
        restored.await.expect("restores");

        let again = Company::restored(&target.dir, company.clock.clone()).await;
        let taking = Taking::begin(&again).await;
        let sent = json!({ "batch": [track("in a file", "u"), track("in the log alone", "u"), track("new", "u")] });
        send(&again, &key, &sent).await.done();
        taking.end().await;
        let admin = again.sign_in("administrator@daoting.example").await;
        assert_eq!(figures(&admin).await, (3, 2));
        let engine = again.app.part::<Arc<Engine>>().expect("the lake is a part");
        assert_eq!(engine.verify(true).await.expect("the files can be read").faults, []);
    }
}

/// The node that an identifier has for ever.
fn customers_node(kind: &str, value: &str) -> kernel::Id {
    use sha2::Digest;
    let digest = sha2::Sha256::new().chain_update(kind).chain_update([0]).chain_update(value).finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    kernel::Id::from_digest(bytes)
}
