//! A company with a row of everything in one brand and one department, and where each row is.

use axum::http::Method;
use serde_json::{Map, Value as Json, json};

use crate::harness::Company;
use crate::harness::arrange::{self, CUSTOMERS, Shop, id};
use crate::harness::people::{department, give, hire, role};
use crate::sources::{SOURCES, Taking, key, send, track};

/// Values by which a masked row could be told: none may leave to a caller without clearance.
pub const PERSONAL: [&str; 4] =
    ["林晓", "lin@customer.invalid", "湖滨路七号", "secret.person@daoting.example"];

/// Ids of rows, by the name of the place in a path or a body.
pub struct Places {
    rows: Map<String, Json>,
}

impl Places {
    /// Returns the id of a row; what no grant narrows needs none that is there.
    fn id(&self, name: &str) -> String {
        let row = self.rows.get(name).and_then(Json::as_str);
        row.map_or_else(|| kernel::Id::new().to_string(), str::to_owned)
    }

    /// Fails where a path has a place without a row.
    pub fn require(&self, path: &str) {
        let noun = noun(path);
        for place in path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')) {
            let name = if place == "id" { noun } else { place };
            assert!(name == "number" || self.rows.contains_key(name), "no row for {place} in {path}");
        }
    }

    /// Fills the places of a path.
    pub fn fill(&self, path: &str) -> String {
        let noun = noun(path);
        let parts = path.split('/').map(|part| match part {
            "{id}" => self.id(noun),
            "{number}" => "1".to_owned(),
            "{key}" => "contact.quiet_hours".to_owned(),
            place => match place.strip_prefix('{').and_then(|place| place.strip_suffix('}')) {
                Some(name) => self.id(name),
                None => place.to_owned(),
            },
        });
        parts.collect::<Vec<_>>().join("/")
    }

    /// Returns true where a text names one of the rows.
    pub fn named_in(&self, text: &str) -> bool {
        self.rows.values().filter_map(Json::as_str).filter(|id| id.len() == 36).any(|id| text.contains(id))
    }

    /// Returns what bodies are to say in properties of these names.
    pub fn words(&self) -> Map<String, Json> {
        let mut words = Map::new();
        for name in [
            "brand_id",
            "department_id",
            "content_id",
            "segment_id",
            "import_id",
            "role_id",
            "node_id",
            "line_id",
            "from_line_id",
            "to_line_id",
            "other_profile_id",
            "reason",
            "comment",
            "year",
        ] {
            words.insert(name.to_owned(), self.rows[name].clone());
        }
        words
    }
}

/// What `{id}` in a path is about: what stands before it; of what packs bring, the whole of it.
fn noun(path: &str) -> &str {
    let mut parts = path.split('/').zip(path.split('/').skip(1));
    let before = parts.find(|(_, part)| *part == "{id}").map(|(before, _)| before);
    let fallback = path.split('/').nth(4).unwrap_or_default();
    before.filter(|before| !before.starts_with('{')).unwrap_or(fallback)
}

/// Fills a company: a row of everything that a grant can narrow, all in one brand and one department.
pub async fn furnish<'c>(company: &'c Company) -> (Shop<'c>, Places) {
    let shop = Shop::open(company).await;
    let mut rows = Map::new();
    let department = department(&shop.admin, "store_north").await;
    rows.insert("department_id".into(), json!(department));
    rows.insert("brand_id".into(), json!(shop.brand_id));
    content(&shop, &mut rows, &department).await;
    people(&shop, &mut rows).await;
    goods(&shop, &mut rows).await;
    campaign(&shop, &mut rows).await;
    accounts(&shop, &mut rows, &department).await;
    budget(&shop, &mut rows, &department).await;
    events(&shop, &mut rows).await;
    desk(&shop, &mut rows).await;
    found_out(&shop, &mut rows, &department).await;
    // What packs bring has names instead of ids.
    rows.insert("metric".into(), json!("work.open_tasks"));
    rows.insert("dashboard".into(), json!("goals"));
    company.work().await;
    (shop, Places { rows })
}

async fn content(shop: &Shop<'_>, rows: &mut Map<String, Json>, department: &str) {
    let list = async |path: &str| shop.brand.list(path).await;
    rows.insert("brands".into(), json!(shop.brand_id));
    rows.insert("assets".into(), json!(id(&list("/api/v1/brand/assets").await[0])));
    rows.insert("partials".into(), json!(id(&list("/api/v1/brand/partials").await[0])));
    let item = shop.content("旧稿").await;
    let patch = json!({ "department_id": department });
    let item =
        shop.market.act(Method::PATCH, &format!("/api/v1/brand/contents/{}", id(&item)), &item, patch).await;
    let remark = json!({ "body": "请再短一些" });
    let path = format!("/api/v1/brand/contents/{}/comments", id(&item));
    rows.insert("comments".into(), json!(id(&shop.brand.post(&path, remark).await)));
    let waiting = shop.content("等人审").await;
    shop.with_content(&shop.market, &waiting, "submit", json!({})).await;
    // Work that no other operation brings to its end.
    let values = json!({ "name": "换一批货签", "due_on": "2099-01-01" });
    let action = json!({ "values": values, "department_id": department });
    let action = shop.admin.post("/api/v1/records/action", action).await;
    let tasks = list_of_work(shop).await;
    let task = tasks.iter().find(|task| task["subject_id"] == action["id"]).expect("its work");
    rows.insert("tasks".into(), json!(id(task)));
    let item = shop.approved("今晚的汤").await;
    rows.insert("contents".into(), json!(id(&item)));
    rows.insert("content_id".into(), json!(id(&item)));
}

async fn list_of_work(shop: &Shop<'_>) -> Vec<Json> {
    shop.admin.list("/api/v1/rulebook/tasks?mine=false&kind=rulebook.record.work").await
}

async fn people(shop: &Shop<'_>, rows: &mut Map<String, Json>) {
    let receipt = shop.import("customers", CUSTOMERS).await;
    assert_eq!(receipt["stored_count"], 3, "{receipt}");
    rows.insert("imports".into(), json!(id(&receipt)));
    rows.insert("import_id".into(), json!(id(&receipt)));
    let mapping = json!({ "import_id": id(&receipt), "name": "会员" });
    rows.insert("mappings".into(), json!(id(&shop.admin.post("/api/v1/tabular/mappings", mapping).await)));
    let profiles = shop.service.list("/api/v1/customers/profiles?q=lin@customer.invalid").await;
    let (profile, path) = (id(&profiles[0]), format!("/api/v1/customers/profiles/{}", id(&profiles[0])));
    let patch = json!({ "address": "湖滨路七号", "brand_id": shop.brand_id });
    shop.service.act(Method::PATCH, &path, &profiles[0], patch).await;
    let nodes = shop.service.list(&format!("{path}/nodes")).await;
    let email = nodes.iter().find(|node| node["kind"] == "email").expect("an address");
    rows.insert("profiles".into(), json!(profile));
    rows.insert("profile_id".into(), json!(profile));
    rows.insert("node_id".into(), json!(id(email)));
    pairs(shop, rows).await;
    rows.insert("segments".into(), json!(id(&shop.segment(arrange::agreed()).await)));
    rows.insert("segment_id".into(), rows["segments"].clone());
}

/// Two who may be one person, one who turned out to be somebody known, and one who will.
async fn pairs(shop: &Shop<'_>, rows: &mut Map<String, Json>) {
    let file =
        "会员号,姓名,地址\n71,周宁,湖滨路七号\n72,周宁,湖滨路七号\n73,吴桐,解放路一号\n74,郑阳,延安路三号\n";
    shop.import("customers", file).await;
    let mut ids = Vec::new();
    for number in ["71", "72", "73", "74"] {
        let all = shop.service.list(&format!("/api/v1/customers/profiles?q={number}")).await;
        let one = all.iter().find(|one| one["member_number"] == number).expect("a person");
        let path = format!("/api/v1/customers/profiles/{}", id(one));
        shop.service.act(Method::PATCH, &path, one, json!({ "brand_id": shop.brand_id })).await;
        ids.push(id(one).to_owned());
    }
    let path = format!("/api/v1/customers/profiles/{}", rows["profiles"].as_str().expect("an id"));
    let known = shop.service.get(&path).await;
    let wish = json!({ "with": ids[2], "reason": "本人到店确认" });
    shop.service.act(Method::POST, &format!("{path}/merge"), &known, wish).await;
    let merges = shop.service.list(&format!("{path}/merges")).await;
    let waiting = shop.service.list("/api/v1/customers/matches?state=open").await;
    rows.insert("merges".into(), json!(id(&merges[0])));
    rows.insert("matches".into(), json!(id(&waiting[0])));
    rows.insert("other_profile_id".into(), json!(ids[3]));
}

async fn goods(shop: &Shop<'_>, rows: &mut Map<String, Json>) {
    // What goods cost is a secret: it comes by a file, not from somebody who may not see it.
    shop.import("products", "货号,商品名称,类别,售价,进价\nSOUP-1,鲜汤,汤,12.80,7.77\n").await;
    let products = shop.sales.list("/api/v1/catalog/products").await;
    let path = format!("/api/v1/catalog/products/{}", id(&products[0]));
    let patch = json!({ "category": "汤品", "brand_id": shop.brand_id });
    shop.sales.act(Method::PATCH, &path, &products[0], patch).await;
    rows.insert("products".into(), json!(id(&products[0])));
    let order = json!({
        "source": "till", "number": "N-1", "member_number": "1", "brand_id": shop.brand_id,
        "lines": [{ "sku": "SOUP-1", "quantity_milli": 1000, "unit_price_micro": 12_800_000 }],
    });
    let order = shop.sales.post("/api/v1/sales/orders", order).await;
    let order = order["order"]["id"].as_str().or(order["id"].as_str()).expect("an order");
    rows.insert("orders".into(), json!(order));
}

async fn campaign(shop: &Shop<'_>, rows: &mut Map<String, Json>) {
    let campaign = shop.launched(json!({ "name": "已发出" })).await;
    let sends = shop.sends(&campaign).await;
    let sent = sends.iter().find(|send| send["state"] == "sent").expect("a message went out");
    rows.insert("campaigns".into(), json!(id(&campaign)));
    rows.insert("sends".into(), json!(id(sent)));
    // Afterwards, or nothing had gone out to them.
    let new = json!({ "node_id": rows["node_id"], "channel": "email", "detail": "林晓来电要求停发" });
    let page = shop.service.post("/api/v1/customers/suppressions", new).await;
    rows.insert("suppressions".into(), json!(id(&page["items"][0])));
    let mails = shop.admin.list("/api/v1/connect/mail-drop?recipient=lin@customer.invalid").await;
    rows.insert("mail-drop".into(), json!(id(&mails[0])));
    let run = shop.admin.post("/api/v1/rulebook/controls/profile.complete/evaluate", json!({})).await;
    rows.insert("runs".into(), json!(id(&run)));
    for (noun, known) in [
        ("controls", "profile.complete"),
        ("clauses", "BA-3.4.1"),
        ("packs", "core"),
        ("machines", "campaign"),
    ] {
        rows.insert(noun.into(), json!(known));
    }
}

/// A source with an event that arrived and one that waits for somebody.
async fn events(shop: &Shop<'_>, rows: &mut Map<String, Json>) {
    let made = shop.admin.post(SOURCES, json!({ "name": "网店", "kind": "server", "purpose": "统计" })).await;
    let key = key(&shop.admin, &made).await;
    let taking = Taking::begin(shop.company).await;
    let nameless = json!({ "type": "track", "userId": "secret.person", "messageId": "nameless" });
    let batch = json!({ "batch": [track("counted", "secret.person"), nameless] });
    send(shop.company, &key, &batch).await.done();
    // Enough people search for the same.
    let search = |user: u8| {
        json!({ "type": "track", "userId": format!("searcher-{user}"), "messageId": format!("search-{user}"),
        "event": "Products Searched", "properties": { "query": "洗面奶" } })
    };
    send(shop.company, &key, &json!({ "batch": [search(1), search(2), search(3)] })).await.done();
    taking.end().await;
    let waiting = shop.admin.list("/api/v1/customers/quarantine?state=open").await;
    let planned = json!({ "kind": "track", "name": "Order Completed", "state": "live" });
    let planned = shop.admin.post("/api/v1/customers/plan/events", planned).await;
    rows.insert("events".into(), json!(id(&planned)));
    rows.insert("sources".into(), json!(id(&made)));
    rows.insert("quarantine".into(), json!(id(&waiting[0])));
}

/// What was found out about customers, a report, and what they search for and buy together.
async fn found_out(shop: &Shop<'_>, rows: &mut Map<String, Json>, department: &str) {
    let admin = &shop.admin;
    shop.import("products", "货号,商品名称,类别\nMILK-1,纯牛奶,乳品\nTOAST-1,吐司,烘焙\nSOAP-1,香皂,洗护\n")
        .await;
    for n in 0..12 {
        let line = |sku: &str| json!({ "sku": sku, "quantity_milli": 1000, "unit_price_micro": 5_000_000 });
        let lines = if n < 6 { vec![line("MILK-1"), line("TOAST-1")] } else { vec![line("SOAP-1")] };
        let order = json!({ "source": "till", "number": format!("B-{n}"), "member_number": format!("{}", n % 3 + 1),
            "brand_id": shop.brand_id, "lines": lines });
        shop.sales.post("/api/v1/sales/orders", order).await;
    }
    admin.post("/api/v1/customers/needs/recompute", json!({})).await;
    shop.company.work().await;
    let needs = admin.list("/api/v1/customers/needs").await;
    rows.insert("needs".into(), json!(id(&needs[0])));
    rows.insert("baskets".into(), json!(id(&admin.list("/api/v1/customers/needs/baskets").await[0])));
    let new = json!({ "title": "有人找没人卖", "finding": "目录里没有。", "kind": "need",
        "evidence": { "type": "observation" }, "brand_id": shop.brand_id });
    let draft = admin.post("/api/v1/customers/insights", new).await;
    let path = format!("/api/v1/customers/insights/{}", id(&draft));
    let to = json!({ "department_id": department });
    admin.act(Method::POST, &format!("{path}/send"), &draft, to).await;
    rows.insert("insights".into(), json!(id(&draft)));
    let today = shop.company.now().utc_day().0;
    let before = today.first_of_month().yesterday().expect("a day before");
    let month = format!("{:04}-{:02}", before.year(), before.month());
    shop.set("insight_report.departments", json!("store_north")).await;
    let report = admin.post("/api/v1/customers/insight-reports", json!({ "month": month })).await;
    rows.insert("insight-reports".into(), json!(id(&report)));
}

/// What the privacy desk, the worklist and those who analyse have: all of it about people who are there already.
async fn desk(shop: &Shop<'_>, rows: &mut Map<String, Json>) {
    let admin = &shop.admin;
    let privacy = |what: &str| format!("/api/v1/customers/privacy/{what}");
    let person = rows["profiles"].clone();
    let asked = json!({ "kind": "access", "regime": "pipl", "profile_id": person, "contact": "lin@customer.invalid",
        "channel": "email", "note": "林晓" });
    rows.insert("subject-requests".into(), json!(id(&admin.post(&privacy("subject-requests"), asked).await)));
    let leak =
        json!({ "title": "表格误发", "what_happened": "客户表误发给供应商。", "fields": ["name", "email"] });
    let leak = admin.post(&privacy("leaks"), leak).await;
    let place = privacy(&format!("leaks/{}/affected", id(&leak)));
    admin.act(Method::POST, &place, &leak, json!({ "by": "profiles", "profile_ids": [person] })).await;
    rows.insert("leaks".into(), json!(id(&leak)));
    let decoy = json!({ "label": "测试信箱", "name": "林晓", "email": "decoy@customer.invalid" });
    let decoy = admin.post(&privacy("decoys"), decoy).await;
    rows.insert("decoys".into(), json!(id(&decoy)));
    let hit =
        json!({ "decoy_id": id(&decoy), "channel": "email", "sender": "secret.person@daoting.example" });
    admin.post(&privacy("decoy-hits"), hit).await;
    admin.post("/api/v1/customers/worklist/find", json!({})).await;
    shop.company.work().await;
    let waiting = admin.list("/api/v1/customers/worklist").await;
    rows.insert("worklist".into(), json!(id(&waiting[0])));
    let set = json!({ "name": "购买习惯", "features": ["order_count", "total"], "brand_id": shop.brand_id });
    rows.insert("personas".into(), json!(id(&admin.post("/api/v1/customers/personas", set).await)));
    rows.insert("persona_id".into(), json!(kernel::Id::new()));
    let query = json!({ "name": "每日事件", "description": "", "sql": "SELECT 1", "chart": { "kind": "table", "y": [] },
        "parameters": [], "sharing": "private", "people": [] });
    rows.insert("queries".into(), json!(id(&admin.post("/api/v1/insight/queries", query).await)));
}

async fn accounts(shop: &Shop<'_>, rows: &mut Map<String, Json>, department: &str) {
    let admin = &shop.admin;
    let person = hire(admin, "secret.person@daoting.example", Some(department)).await;
    let grant = give(admin, &person, "market", "department", Some(department)).await;
    rows.insert("users".into(), json!(person.id));
    rows.insert("grant_id".into(), json!(id(&grant)));
    rows.insert("role_id".into(), json!(role(admin, "market").await));
    let review = admin.post("/api/v1/identity/access-reviews", json!({ "department_id": department })).await;
    rows.insert("access-reviews".into(), json!(id(&review)));
    let items = review["items"].as_array().expect("items");
    rows.insert("item_id".into(), items.first().expect("somebody is looked at")["id"].clone());
    let new = json!({
        "name": "secret", "email": "new.secret.person@daoting.example", "department_id": department,
        "role_id": rows["role_id"], "scope": "department", "scope_department_id": department, "reason": "新同事",
    });
    rows.insert(
        "account-requests".into(),
        json!(id(&admin.post("/api/v1/identity/account-requests", new).await)),
    );
    let target = json!({
        "kind": "identity.user.disable_many", "target": { "user_ids": [person.id] }, "reason": "项目结束",
    });
    rows.insert(
        "deletion-requests".into(),
        json!(id(&admin.post("/api/v1/identity/deletion-requests", target).await)),
    );
    rows.insert("handovers".into(), json!(kernel::Id::new()));
    let hook = json!({ "name": "群机器人", "url": "https://hooks.example/robot", "format": "feishu" });
    let hook = admin.post("/api/v1/rulebook/webhooks", hook).await;
    let test = admin.post(&format!("/api/v1/rulebook/webhooks/{}/test", id(&hook)), json!({})).await;
    rows.insert("webhooks".into(), json!(id(&hook)));
    rows.insert("webhook-deliveries".into(), json!(id(&test)));
    let watch = json!({ "name": "官网", "kind": "page", "url": "https://brand.example/" });
    rows.insert("watches".into(), json!(id(&admin.post("/api/v1/rulebook/watches", watch).await)));
    let intake = json!({ "name": "舆情", "opens": "intelligence", "mapping": { "name": "/title" } });
    rows.insert("intakes".into(), json!(id(&admin.post("/api/v1/rulebook/intakes", intake).await)));
    let told = admin.list("/api/v1/rulebook/notifications").await;
    rows.insert(
        "notifications".into(),
        told.first().map_or_else(|| json!(kernel::Id::new()), |one| one["id"].clone()),
    );
}

async fn budget(shop: &Shop<'_>, rows: &mut Map<String, Json>, department: &str) {
    const BASE: &str = "/api/v1/governance";
    let (finance, management) =
        (shop.company.member("finance").await, shop.company.member("management").await);
    let new =
        json!({ "year": 2026, "name": "年度预算", "brand_id": shop.brand_id, "department_id": department });
    let budget = shop.market.post(&format!("{BASE}/budgets"), new).await["budget"].clone();
    let path = format!("{BASE}/budgets/{}", id(&budget));
    let line = json!({ "code": "ads", "names": { "zh-Hans": "广告" }, "cost_group": "channels", "annual_minor": 120_000 });
    let line = id(&shop.market.post(&format!("{path}/lines"), line).await);
    for (who, verb) in [(&shop.market, "submit"), (&finance, "check"), (&management, "approve")] {
        let seen = who.get(&path).await["budget"].clone();
        who.act(Method::POST, &format!("{path}/{verb}"), &seen, json!({})).await;
    }
    let new = json!({ "line_id": line, "month": 11, "amount_minor": 9_000, "reason": "广告" });
    let commitment = shop.market.post(&format!("{BASE}/commitments"), new).await;
    let half = json!({ "amount_minor": 4_000, "description": "账单" });
    shop.market
        .act(Method::POST, &format!("{BASE}/commitments/{}/settle", id(&commitment)), &commitment, half)
        .await;
    let move_it = json!({
        "from_line_id": line, "from_month": 12, "to_line_id": line, "to_month": 11, "amount_minor": 100, "reason": "借用",
    });
    let adjustment = shop.market.post(&format!("{path}/adjustments"), move_it).await;
    let report = finance.post(&format!("{path}/months/10/close"), json!({})).await;
    rows.insert("budgets".into(), json!(id(&budget)));
    rows.insert("lines".into(), json!(line));
    for name in ["line_id", "from_line_id", "to_line_id"] {
        rows.insert(name.into(), json!(line));
    }
    rows.insert("year".into(), json!(2026));
    for name in ["reason", "comment"] {
        rows.insert(name.into(), json!("写明原因，以便日后查看"));
    }
    rows.insert("commitments".into(), json!(id(&commitment)));
    rows.insert("expenses".into(), json!(id(&shop.market.list(&format!("{BASE}/expenses")).await[0])));
    rows.insert("adjustments".into(), json!(id(&adjustment["adjustment"])));
    rows.insert("alerts".into(), json!(id(&shop.market.list(&format!("{BASE}/alerts")).await[0])));
    rows.insert("reports".into(), json!(id(&report["report"])));
}
