//! Watches: pages and feeds of a real server open records by themselves, each thing once.

mod site;

use axum::http::Method;
use serde_json::{Value as Json, json};

use crate::harness::arrange::id;
use crate::harness::{Call, Company, Member};
use site::Site;

const WATCHES: &str = "/api/v1/rulebook/watches";
const RECALL: (&str, &str) = ("recall", "邻店召回茶饮");
const LAUNCH: (&str, &str) = ("launch", "邻店上新");

fn feed(entries: &[(&str, &str)]) -> String {
    let item = |(key, title): &(&str, &str)| {
        format!(
            "<item><guid isPermaLink=\"false\">{key}</guid><title>{title}</title>\
             <link>https://news.example/{key}</link><description>&lt;b&gt;详情&lt;/b&gt;见正文。</description></item>"
        )
    };
    let items: String = entries.iter().map(item).collect();
    format!("<rss version=\"2.0\"><channel><title>行业动态</title>{items}</channel></rss>")
}

async fn company(store: store::testing::TestStore, site: &Site) -> Company {
    let host = site.host.clone();
    Company::with(store, |config| config.webhook_hosts = vec![host]).await
}

async fn watch(who: &Member<'_>, body: Json) -> String {
    id(&who.post(WATCHES, body).await)
}

/// A watch that was just made is looked at within a minute or two.
async fn first_look(company: &Company) {
    company.pass_minutes(2);
    company.work().await;
}

/// Lets the usual time between two looks pass, and looks.
async fn next_look(company: &Company) {
    company.pass_minutes(61);
    company.work().await;
}

async fn runs(who: &Member<'_>, watch: &str) -> Vec<Json> {
    who.list(&format!("{WATCHES}/{watch}/runs")).await
}

fn outcomes(runs: &[Json]) -> Vec<&str> {
    runs.iter().filter_map(|run| run["outcome"].as_str()).collect()
}

store::on_both! {
    migrations = &server::migrations();

    async fn new_entries_of_a_feed_open_what_matches_once(store: TestStore) {
        let site = Site::open().await;
        let company = company(store, &site).await;
        let market = company.member("market").await;
        let rival = market.post("/api/v1/records/competitor", json!({ "values": { "name": "邻店" } })).await;
        site.show("news", feed(&[("old", "邻店旧召回")]));
        let made = watch(&market, json!({ "name": "行业动态", "kind": "feed", "url": site.url("news"), "keywords": ["召回", "下架"],
            "opens": "market_signal", "opens_values": { "category": "legal" }, "competitor_id": id(&rival) })).await;
        first_look(&company).await;
        assert_eq!(outcomes(&runs(&market, &made).await), ["first"]);
        let signals = "/api/v1/records/market_signal";
        assert!(market.list(signals).await.is_empty(), "what stood there before opens nothing");

        site.show("news", feed(&[RECALL, LAUNCH, ("old", "邻店旧召回")]));
        next_look(&company).await;
        let opened = market.list(signals).await;
        assert_eq!(opened.len(), 1, "{opened:#?}");
        let values = &opened[0]["values"];
        assert_eq!((&values["name"], &values["signal_kind"], &values["category"]), (&json!(RECALL.1), &json!("keyword"), &json!("legal")));
        assert_eq!((&values["competitor"], &values["watch_rule"]), (&json!(id(&rival)), &json!("行业动态")));
        assert_eq!(values["content"], json!("详情 见正文。\n\nhttps://news.example/recall"));
        assert_eq!((&opened[0]["owner_id"], &opened[0]["created_by"]), (&json!(market.id), &Json::Null));
        next_look(&company).await;
        assert_eq!(market.list(signals).await.len(), 1, "seen once is seen");
        let looks = runs(&market, &made).await;
        assert_eq!(outcomes(&looks), ["unchanged", "changed", "first"]);
        assert_eq!((&looks[1]["opened"], &looks[1]["found"], &looks[1]["status"]), (&json!(1), &json!(3), &json!(200)));
        // Nobody asks more often than was said.
        let asked = site.asked();
        company.pass_minutes(10);
        company.work().await;
        assert_eq!(site.asked(), asked);
    }

    async fn a_feed_becomes_intelligence_that_says_where_it_is_from(store: TestStore) {
        let site = Site::open().await;
        let company = company(store, &site).await;
        let market = company.member("market").await;
        site.show("news", feed(&[RECALL, LAUNCH]));
        let body = json!({ "name": "资讯", "kind": "feed", "url": site.url("news"), "opens": "intelligence", "from_start": true });
        let made = watch(&market, body.clone()).await;
        first_look(&company).await;
        let entries = market.list("/api/v1/records/intelligence").await;
        assert_eq!(entries.len(), 2);
        assert_eq!((&entries[0]["values"]["source"], &entries[0]["values"]["source_kind"], &entries[0]["values"]["intel_kind"]),
            (&json!("行业动态"), &json!("feed"), &json!("industry")));
        // Another name is the same watch; another address begins anew.
        let seen = market.get(&format!("{WATCHES}/{made}")).await;
        let mut renamed = body.clone();
        renamed["name"] = json!("资讯二");
        let seen = market.act(Method::PUT, &format!("{WATCHES}/{made}"), &seen, renamed.clone()).await;
        assert_eq!((&seen["state"], &seen["name"]), (&json!("ok"), &json!("资讯二")));
        site.show("else", feed(&[("third", "第三条")]));
        renamed["url"] = json!(site.url("else"));
        let seen = market.act(Method::PUT, &format!("{WATCHES}/{made}"), &seen, renamed).await;
        assert_eq!(seen["state"], json!("new"));
        first_look(&company).await;
        assert_eq!(market.list("/api/v1/records/intelligence").await.len(), 3);
    }

    async fn a_price_that_moves_is_a_signal(store: TestStore) {
        let site = Site::open().await;
        let company = company(store, &site).await;
        let market = company.member("market").await;
        let page = |price: &str| format!("<html><title>邻店 礼盒</title><p>{}</p><b class=price>{price}</b></html>", company.now().ms());
        site.show("box", page("¥128"));
        let made = watch(&market, json!({ "name": "邻店礼盒", "kind": "page", "url": site.url("box"), "selector": ".price", "opens": "market_signal" })).await;
        first_look(&company).await;
        next_look(&company).await;
        site.show("box", page("¥99"));
        next_look(&company).await;
        site.show("box", page("¥128"));
        next_look(&company).await;
        site.show("box", page("¥99"));
        next_look(&company).await;
        let opened = market.list("/api/v1/records/market_signal").await;
        assert_eq!(opened.len(), 1, "{opened:#?}");
        assert_eq!((&opened[0]["values"]["name"], &opened[0]["values"]["signal_kind"]), (&json!("邻店 礼盒"), &json!("price")));
        assert_eq!(opened[0]["values"]["content"], json!(format!("¥128 → ¥99\n\n{}", site.url("box"))));
        assert_eq!(outcomes(&runs(&market, &made).await), ["changed", "changed", "changed", "unchanged", "first"]);
        site.show("box", "<html>改版</html>");
        next_look(&company).await;
        let broken = runs(&market, &made).await.remove(0);
        assert_eq!((&broken["outcome"], &broken["fault"], &broken["detail"]), (&json!("failed"), &json!("nothing_selected"), &json!(".price")));
    }

    async fn a_site_that_fails_is_reported_as_a_risk_once_until_it_is_back(store: TestStore) {
        let site = Site::open().await;
        let company = company(store, &site).await;
        let it = company.member("it").await;
        site.show("home", "<p>在</p>");
        let made = watch(&it, json!({ "name": "官网", "kind": "page", "url": site.url("home") })).await;
        first_look(&company).await;
        site.answers(429);
        next_look(&company).await;
        let shown = it.get(&format!("{WATCHES}/{made}")).await;
        assert_eq!((&shown["fault"], &shown["failures"], &shown["state"]), (&json!("throttled"), &json!(0), &json!("failing")));
        let asked = site.asked();
        next_look(&company).await;
        assert_eq!(site.asked(), asked, "a pause of three hours is kept");
        company.pass_hours(2);
        site.answers(503);
        for _ in 0..2 {
            next_look(&company).await;
        }
        // Other detectors report other things meanwhile.
        let reported = async || {
            let rows = it.list("/api/v1/records/candidate_risk").await;
            let is_of_a_watch = |row: &Json| row["values"]["evidence"].as_str().is_some_and(|text| text.starts_with("连续"));
            rows.into_iter().filter(is_of_a_watch).collect::<Vec<Json>>()
        };
        assert!(reported().await.is_empty(), "twice is not three times");
        for _ in 0..3 {
            next_look(&company).await;
        }
        let opened = reported().await;
        assert_eq!(opened.len(), 1, "{opened:#?}");
        let values = &opened[0]["values"];
        assert_eq!((&values["origin"], &values["detector"], &values["category"]), (&json!("detector"), &json!("error_rate"), &json!("technical")));
        let evidence = values["evidence"].as_str().expect("evidence");
        assert!(evidence.starts_with("连续 3 次读取失败") && evidence.contains("503"), "{evidence}");
        assert_eq!(it.get(&format!("{WATCHES}/{made}")).await["risk_id"], opened[0]["id"]);
        site.answers(200);
        next_look(&company).await;
        let back = it.get(&format!("{WATCHES}/{made}")).await;
        assert_eq!((&back["state"], &back["risk_id"], &back["failures"]), (&json!("ok"), &Json::Null, &json!(0)));
        site.answers(500);
        for _ in 0..3 {
            next_look(&company).await;
        }
        assert_eq!(reported().await.len(), 2, "another failure is another risk");
    }

    async fn a_watch_that_cannot_stand_says_which_field(store: TestStore) {
        let site = Site::open().await;
        let company = Company::new(store).await;
        let market = company.member("market").await;
        let asked = async |body: Json| {
            let answer = market.call(Call::post(WATCHES).json(&body)).await;
            (answer.status.as_u16(), answer.json["fields"][0]["field"].as_str().unwrap_or_default().to_owned())
        };
        let good = json!({ "name": "官网", "kind": "page", "url": site.url("home") });
        let with = |key: &str, value: Json| { let mut body = good.clone(); body[key] = value; body };
        assert_eq!(asked(with("url", json!("ftp://a.example"))).await, (422, "url".into()));
        assert_eq!(asked(with("kind", json!("feed"))).await, (422, "opens".into()));
        assert_eq!(asked(with("opens", json!("budget"))).await, (422, "opens".into()));
        assert_eq!(asked(with("competitor_id", json!(kernel::Id::new()))).await, (422, "competitor_id".into()));
        assert_eq!(asked(with("interval_minutes", json!(1))).await, (422, "interval_minutes".into()));
        let mut unknown = with("opens", json!("market_signal"));
        unknown["opens_values"] = json!({ "category": "none" });
        assert_eq!(asked(unknown).await, (422, "category".into()));
        // Nobody lets the product call into its own network.
        let made = watch(&market, good).await;
        let looked = market.post(&format!("{WATCHES}/{made}/look"), json!({})).await;
        assert_eq!((&looked["outcome"], &looked["fault"]), (&json!("failed"), &json!("refused")));
        assert_eq!(site.asked(), 0);
    }

    async fn orders_from_where_no_channel_is_registered_are_told_once(store: TestStore) {
        let company = Company::new(store).await;
        let (sales, market) = (company.member("sales").await, company.member("market").await);
        let order = async |source: &str, number: &str| {
            let lines = json!([{ "sku": "SOUP-1", "quantity_milli": 1000, "unit_price_micro": 12_800_000 }]);
            sales.post("/api/v1/sales/orders", json!({ "source": source, "number": number, "lines": lines })).await;
        };
        let channel = json!({ "values": { "name": "门店", "channel_kind": "store", "post": "店长", "source_code": "POS" } });
        let shop = sales.post("/api/v1/records/channel", channel).await;
        order("pos", "N-1").await;
        order("popup", "N-2").await;
        order("popup", "N-3").await;
        next_look(&company).await;
        let unknown = "/api/v1/records/unknown_channel";
        let opened = market.list(unknown).await;
        assert_eq!(opened.len(), 1, "{opened:#?}");
        assert_eq!((&opened[0]["values"]["source_code"], &opened[0]["values"]["rows"], &opened[0]["owner_id"]),
            (&json!("popup"), &json!(2), &json!(market.id)));
        assert!(market.list("/api/v1/rulebook/tasks").await.iter().any(|task| task["subject_id"] == opened[0]["id"]));
        order("popup", "N-4").await;
        next_look(&company).await;
        let seen = market.get(&format!("{unknown}/{}", id(&opened[0]))).await;
        market.act(Method::POST, &format!("{unknown}/{}/actions/register", id(&opened[0])), &seen, json!({ "values": { "channel": id(&shop) } })).await;
        order("popup", "N-5").await;
        next_look(&company).await;
        assert_eq!(market.list(unknown).await.len(), 1, "what was handled is not asked again");
    }
}
