//! What binds people: rules that are to be acknowledged before permissions take effect, new versions that come to
//! everybody by themselves, reminders of secrecy and the locked screen.

use axum::http::Method;
use serde_json::{Value as Json, json};

use crate::harness::arrange::id;
use crate::harness::people::{department, give, hire, role};
use crate::harness::{Answer, Call, Company, Member, PASSWORD};

const SEGMENTS: &str = "/api/v1/customers/segments";
const SESSION: &str = "/api/v1/identity/session";
const REMINDERS: &str = "/api/v1/identity/secrecy-reminders";
const PACK: &str = "/api/v1/rulebook/packs/web-marketing";

/// Tries something that the rules of web marketing bind; without a body it is never done.
async fn tried(who: &Member<'_>) -> Answer {
    who.call(Call::post(SEGMENTS).json(&json!({}))).await
}

/// Releases the rules of web marketing for the first time, to whoever holds what they bind.
async fn release(compliance: &Member<'_>) -> Json {
    let values = json!({ "name": "全网营销管理制度", "document": "WM", "edition": "首版", "changes": "首次发布", "bound": "holders" });
    let made = compliance.post("/api/v1/records/rulebook_release", json!({ "values": values })).await;
    let path = format!("/api/v1/records/rulebook_release/{}/actions/publish", id(&made));
    compliance.act(Method::POST, &path, &made, json!({})).await
}

/// Returns what somebody still has to acknowledge.
async fn to_acknowledge(who: &Member<'_>) -> Vec<Json> {
    who.list("/api/v1/records/acknowledgement?view=to_me").await
}

async fn acknowledge(who: &Member<'_>, what: &Json) {
    let path = format!("/api/v1/records/acknowledgement/{}/actions/acknowledge", id(what));
    who.act(Method::POST, &path, what, json!({})).await;
}

/// Agrees to what waits for somebody about a record.
async fn agree(who: &Member<'_>, record: &str) {
    let waiting = who.list(&format!("/api/v1/rulebook/approvals?subject_id={record}")).await;
    let approval = id(waiting.iter().find(|one| one["state"] == "pending").expect("it waits"));
    who.post(&format!("/api/v1/rulebook/approvals/{approval}/decide"), json!({ "decision": "approve" }))
        .await;
}

/// Counts what somebody has to do.
async fn to_do(who: &Member<'_>) -> usize {
    who.list("/api/v1/rulebook/tasks?mine=true").await.len()
}

store::on_both! {
    migrations = &server::migrations();

    async fn a_permission_takes_effect_once_its_rules_are_acknowledged(store: TestStore) {
        let company = Company::new(store).await;
        let compliance = company.member("compliance").await;
        let market = company.member("market").await;
        assert_ne!(tried(&market).await.status, 403, "nothing was released yet");
        release(&compliance).await;

        let refused = tried(&market).await;
        refused.refused(403, "access.acknowledge_first");
        let waiting = to_acknowledge(&market).await;
        assert_eq!(waiting.len(), 1, "{waiting:#?}");
        let link = format!("/records/acknowledgement/{}", id(&waiting[0]));
        assert_eq!(refused.json["args"]["link"], link, "the refusal says where");
        let session = market.get(SESSION).await;
        let duty = &session["unacknowledged"][0];
        assert_eq!((&duty["document"], &duty["link"]), (&json!("WM"), &json!(link)));
        let holds = |list: &Json| list.as_array().expect("codes").contains(&json!("customers.segment.edit"));
        assert!(holds(&duty["permissions"]) && !holds(&session["permissions"]) && !holds(&session["withheld"]));
        let banner = market.list("/api/v1/rulebook/tasks?mine=true&kind=rulebook.record.banner").await;
        assert_eq!(banner.len(), 1);

        // Nobody acknowledges for somebody else.
        let path = format!("/api/v1/records/acknowledgement/{}/actions/acknowledge", id(&waiting[0]));
        let other = compliance.call(Call::post(path).seen(&waiting[0]).json(&json!({}))).await;
        assert_eq!(other.status, 422, "{}", other.text);
        tried(&market).await.refused(403, "access.acknowledge_first");
        let auditor = company.member("auditor").await;
        assert_eq!(auditor.get(SESSION).await["unacknowledged"], json!([]), "who may not act there is not bound");
    }

    async fn whoever_gets_a_permission_gets_its_rules_to_read(store: TestStore) {
        let company = Company::new(store).await;
        let compliance = company.member("compliance").await;
        release(&compliance).await;
        let brand = company.member("brand").await;
        let path = "/api/v1/brand/contents";
        brand.call(Call::post(path).json(&json!({}))).await.refused(403, "access.acknowledge_first");
        company.work().await;
        let waiting = to_acknowledge(&brand).await;
        assert_eq!(waiting.len(), 1, "{waiting:#?}");
        acknowledge(&brand, &waiting[0]).await;
        assert_ne!(brand.call(Call::post(path).json(&json!({}))).await.status, 403, "it takes effect at once");
    }

    async fn a_new_version_comes_to_everybody_by_itself(store: TestStore) {
        let company = Company::new(store).await;
        let admin = company.member("administrator").await;
        let compliance = company.member("compliance").await;
        let market = company.member("market").await;
        let first = release(&compliance).await;
        acknowledge(&market, &to_acknowledge(&market).await[0]).await;
        company.pass_minutes(20);
        company.work().await;
        assert!(to_acknowledge(&market).await.is_empty(), "the same text is not released twice");

        let mut files = admin.get(&format!("{PACK}/files")).await["files"].clone();
        let clauses = files["clauses.yaml"].as_str().expect("a text").replacen("全网营销", "全网营销（含门店）", 1);
        files["clauses.yaml"] = json!(clauses);
        admin.post(&format!("{PACK}/apply"), json!({ "files": files, "reason": "门店也在内" })).await;
        company.work().await;
        let waiting = to_acknowledge(&market).await;
        assert_eq!(waiting.len(), 1, "{waiting:#?}");
        assert_eq!(waiting[0]["values"]["edition"], "1.0.0");
        assert_ne!(tried(&market).await.status, 403, "nobody is stopped in the middle of their work");
        let old = compliance.get(&format!("/api/v1/records/rulebook_release/{}", id(&first))).await;
        assert_eq!(old["state"], "replaced");
        // The administrator never acknowledged the older one, and reads the new one instead.
        assert_eq!(to_acknowledge(&admin).await.len(), 1);
        let of_release = waiting[0]["values"]["rulebook_release"].as_str().expect("a release").to_owned();
        let new = compliance.get(&format!("/api/v1/records/rulebook_release/{of_release}")).await;
        assert_eq!((&new["owner_id"], &new["values"]["outstanding"]), (&json!(compliance.id), &json!(2)));
        assert!(new["values"]["changes"].as_str().is_some_and(|text| text.contains("WM-")), "{new:#}");
    }

    async fn a_reminder_comes_back_and_a_locked_screen_shows_nothing(store: TestStore) {
        let company = Company::new(store).await;
        company.member("market").await;
        let email = "market@daoting.example";
        let market = company.sign_in(email).await;
        let secrecy = async |who: &Member<'_>| who.get(SESSION).await["secrecy"].clone();
        assert_eq!(secrecy(&market).await, json!({ "reminder_due": true, "confirmed": false, "idle_lock_minutes": 15 }));
        let shown = market.post(REMINDERS, json!({ "occasion": "period" })).await;
        assert_eq!(shown["rules"].as_array().map(Vec::len), Some(6), "{shown:#}");
        assert_eq!(market.post(REMINDERS, json!({ "occasion": "period" })).await["id"], shown["id"]);
        market.post(&format!("{REMINDERS}/{}/confirm", id(&shown)), json!({})).await;
        assert_eq!(secrecy(&market).await["reminder_due"], false);

        market.expect(Call::post(format!("{SESSION}/lock"))).await;
        for path in ["/api/v1/rulebook/tasks", SESSION, "/api/v1/records/acknowledgement"] {
            market.call(Call::get(path)).await.refused(401, "access.sign_in_first");
        }
        let lock = market.get(&format!("{SESSION}/lock")).await;
        assert_eq!((&lock["locked"], &lock["name"]), (&json!(true), &json!("market")));
        let unlock = |password: &str| Call::post(format!("{SESSION}/unlock")).json(&json!({ "password": password }));
        market.call(unlock("not the password")).await.refused(422, "identity.input_invalid");
        market.call(Call::get(SESSION)).await.refused(401, "access.sign_in_first");
        let opened = market.expect(unlock(PASSWORD)).await;
        assert_eq!(opened["user"]["id"], json!(market.id));
        market.get("/api/v1/rulebook/tasks").await;

        company.pass_days(30);
        let later = company.sign_in(email).await;
        assert_eq!(secrecy(&later).await["reminder_due"], true);
    }

    async fn a_trade_secret_is_one_from_the_day_it_is_made(store: TestStore) {
        let company = Company::new(store).await;
        let [market, sales, management, compliance] =
            [company.member("market").await, company.member("sales").await, company.member("management").await, company.member("compliance").await];
        const IDEAS: &str = "/api/v1/records/idea";
        let values = json!({ "name": "火锅冷柜", "idea_kind": "operation", "hypothesis": "肉卷放进冷柜会多卖一成" });
        let made = market.post(IDEAS, json!({ "values": values })).await;
        assert_eq!((&made["secrecy"], &made["values"]["secret_mark"]), (&json!("Trade secret"), &json!("trade_secret")));
        let path = format!("{IDEAS}/{}", id(&made));

        // Others have no hit, whatever they try.
        sales.call(Call::get(&path)).await.refused(404, "access.not_found");
        for query in ["", "?search=%E5%86%B7%E6%9F%9C"] {
            assert!(sales.list(&format!("{IDEAS}{query}")).await.is_empty(), "{query}");
        }
        let own = sales.post(IDEAS, json!({ "values": values })).await;
        assert_eq!(sales.list(IDEAS).await.len(), 1, "one's own is there");
        assert_eq!(management.list(IDEAS).await.len(), 2);

        // What is taken says who took it, and every look and export is noted.
        management.get(&path).await;
        let taken = market.call(Call::get(format!("{IDEAS}/export?format=csv"))).await;
        let last = taken.text.trim_end().lines().last().expect("lines");
        assert!(last.contains("Exported by market at"), "{}", taken.text);
        let noted = compliance.list("/api/v1/rulebook/accesses?page_size=50").await;
        let was = |act: &str, who: &str| noted.iter().any(|one| one["act"] == act && one["user_name"] == who);
        assert!(was("view", "management") && was("export", "market"), "{noted:#?}");

        // Only its label keeps it: without one it is like any other record.
        let seen = market.get(&path).await;
        let open = json!({ "values": { "secret_mark": "open" } });
        let after = market.act(Method::PATCH, &path, &seen, open).await;
        assert_eq!(after["secrecy"], Json::Null);
        assert_eq!(sales.get(&path).await["title"], "火锅冷柜");
        assert_eq!(market.get(&format!("{IDEAS}/{}", id(&own))).await["secrecy"], "Trade secret");
    }

    async fn a_contract_is_for_those_who_work_with_it_until_it_is_published(store: TestStore) {
        let company = Company::new(store).await;
        let sales = company.member("sales").await;
        let [service, finance, compliance] =
            [company.member("service").await, company.member("finance").await, company.member("compliance").await];
        const AGREEMENTS: &str = "/api/v1/records/agreement";
        let file = sales.call(Call::post("/api/v1/record-files?name=a.txt").bytes("text/plain", "signed")).await.done();
        let values = json!({
            "name": "平台入驻协议", "partner": "外卖平台", "agreement_kind": "platform", "starts_on": "2020-01-01",
            "ends_on": "2099-01-01", "has_rights": true, "has_content": true, "has_settlement": true,
            "has_confidentiality": true, "has_breach": true, "signed_file": [file],
        });
        let made = sales.post(AGREEMENTS, json!({ "values": values })).await;
        let path = format!("{AGREEMENTS}/{}", id(&made));
        let seen_by = async |who: &Member<'_>| (who.call(Call::get(&path)).await.status.as_u16(), who.list(&format!("{AGREEMENTS}?search=%E5%B9%B3%E5%8F%B0")).await.len());
        let act = async |action: &str, values: Json| {
            let seen = sales.get(&path).await;
            sales.act(Method::POST, &format!("{path}/actions/{action}"), &seen, json!({ "values": values })).await;
        };
        act("put_in_force", json!({})).await;
        agree(&compliance, &id(&made)).await;
        agree(&finance, &id(&made)).await;
        assert_eq!(sales.get(&path).await["secrecy"], "Not public yet");
        assert_eq!((seen_by(&finance).await, seen_by(&service).await), ((200, 1), (404, 0)));

        act("disclose", json!({ "publish_on": "2030-01-01", "reason": "伙伴大会公布" })).await;
        assert_eq!(seen_by(&service).await, (404, 0), "asking is not enough");
        agree(&compliance, &id(&made)).await;
        assert_eq!(seen_by(&service).await, (200, 1));
        assert_eq!(sales.get(&path).await["secrecy"], Json::Null);
    }

    async fn a_staffing_change_is_carried_out_on_its_day(store: TestStore) {
        let company = Company::new(store).await;
        let admin = company.member("administrator").await;
        let [author, management] = [company.member("market").await, company.member("management").await];
        let [from, to] = [department(&admin, "store_north").await, department(&admin, "store_south").await];
        let head = hire(&admin, "head@daoting.example", Some(&from)).await;
        give(&admin, &head, "management", "company", None).await;
        let [person, colleague] = [hire(&admin, "mover@daoting.example", Some(&from)).await, hire(&admin, "stays@daoting.example", Some(&from)).await];
        for user in [&person, &colleague] {
            give(&admin, user, "sales", "department", Some(&from)).await;
        }
        let path = format!("/api/v1/identity/departments/{from}");
        let seen = admin.get(&path).await;
        let change = json!({ "names": seen["names"], "parent_id": null, "head_id": head.id });
        admin.act(Method::PUT, &path, &seen, change).await;
        let names = json!({ "zh-Hans": "店长", "zh-Hant": "店長", "en": "Shop manager" });
        let post = admin.post("/api/v1/identity/positions", json!({ "department_id": to, "names": names })).await;
        let values = json!({ "name": "盘点端架", "due_on": "2099-01-01" });
        let action = json!({ "values": values, "owner_id": person.id, "department_id": from });
        let action = author.post("/api/v1/records/action", action).await;
        // What somebody owes in person is not passed on.
        let values = json!({ "name": "制度", "document": "MO", "edition": "1", "changes": "首版", "bound": "list",
            "audience": [{ "who": person.id }] });
        let release = author.post("/api/v1/records/rulebook_release", json!({ "values": values })).await;
        let path = format!("/api/v1/records/rulebook_release/{}/actions/publish", id(&release));
        author.act(Method::POST, &path, &release, json!({})).await;
        assert_eq!(to_do(&person).await, 2);

        let day = (company.now().plus_days(3)).instant().strftime("%Y-%m-%d").to_string();
        let values = json!({
            "name": "调任店长", "change_kind": "transfer", "person": person.id, "to_position": id(&post), "cause": "新店开业",
            "effective_on": day, "work_to": colleague.id,
            "role_changes": [{ "role": role(&admin, "service").await, "change": "give" }],
        });
        const CHANGES: &str = "/api/v1/records/staffing_change";
        let made = author.post(CHANGES, json!({ "values": values, "department_id": from })).await;
        let path = format!("{CHANGES}/{}", id(&made));
        author.act(Method::POST, &format!("{path}/actions/submit"), &made, json!({})).await;
        for who in [&head, &management, &admin] {
            agree(who, &id(&made)).await;
        }
        company.work().await;
        assert_eq!(author.get(&path).await["state"], "approved", "its day has not come");

        company.pass_days(4);
        company.work().await;
        assert_eq!(author.get(&path).await["state"], "done");
        let user = admin.get(&format!("/api/v1/identity/users/{}", person.id)).await;
        assert_eq!((&user["position_id"], &user["department_id"]), (&json!(id(&post)), &json!(to)));
        let grants = admin.list(&format!("/api/v1/identity/users/{}/grants", person.id)).await;
        let mut held: Vec<(&str, &Json)> = grants.iter().map(|grant| (grant["role_code"].as_str().unwrap_or_default(), &grant["department_id"])).collect();
        held.sort_unstable_by_key(|(role, _)| *role);
        assert_eq!(held, [("sales", &json!(to)), ("service", &Json::Null)], "rights follow the post, new ones are added");
        let actions = async |who: &Member<'_>| {
            let tasks = who.list("/api/v1/rulebook/tasks?mine=true").await;
            tasks.iter().filter(|task| task["link"].as_str().is_some_and(|link| link.contains("/action/"))).count()
        };
        assert_eq!((actions(&person).await, actions(&colleague).await), (0, 1), "open work is passed on");
        let passed = admin.get(&format!("/api/v1/records/action/{}", id(&action))).await;
        assert_eq!(passed["owner_id"], json!(colleague.id));
        let post = admin.list("/api/v1/identity/workload").await.remove(0);
        assert_eq!((&post["people"], &post["open_tasks"], &post["capacity"]), (&json!(1), &json!(1), &json!(20)));
    }

    async fn a_rule_prints_as_a_poster(store: TestStore) {
        let company = Company::new(store).await;
        let auditor = company.member("auditor").await;
        let posters = auditor.list("/api/v1/rulebook/posters").await;
        assert!(posters.iter().any(|poster| poster["id"] == "MO-7.2.3"), "{posters:#?}");
        let printed = auditor.call(Call::get("/api/v1/rulebook/posters/MO-7.2.3")).await;
        assert_eq!(printed.headers["content-type"], "application/pdf");
        assert!(printed.text.starts_with("%PDF-"));
        auditor.call(Call::get("/api/v1/rulebook/posters/MO-1.1")).await.refused(404, "access.not_found");
    }
}
