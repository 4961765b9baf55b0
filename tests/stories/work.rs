//! Whose work it is, how it stands against its time, what it serves, and where it waits for too long.

use axum::http::Method;
use serde_json::{Value as Json, json};

use crate::harness::arrange::{Shop, agreed, id};
use crate::harness::{Call, Company, Member};

const COCKPIT: &str = "/api/v1/rulebook/cockpit";
const RECORDS: &str = "/api/v1/records";

/// Returns the row of the cockpit about a thing, by its page.
async fn row(manager: &Member<'_>, link: &str) -> Json {
    let cockpit = manager.get(COCKPIT).await;
    let items = cockpit["items"].as_array().expect("rows");
    items
        .iter()
        .find(|item| item["link"] == link)
        .unwrap_or_else(|| panic!("no {link} in {cockpit:#}"))
        .clone()
}

fn day(company: &Company, days: i64) -> String {
    company.now().plus_days(days).instant().to_string()[..10].to_owned()
}

/// Returns the step of a workflow as the page of bottlenecks shows it.
async fn step(who: &Member<'_>, machine: &str, state: &str) -> Json {
    let steps = who.list("/api/v1/rulebook/bottlenecks").await;
    let found = steps.iter().find(|step| step["machine_id"] == machine && step["state"] == state);
    found.unwrap_or_else(|| panic!("no {machine}/{state} in {steps:#?}")).clone()
}

/// Returns a thing on the map.
fn node<'m>(map: &'m Json, id: &str) -> Option<&'m Json> {
    map["nodes"].as_array().expect("nodes").iter().find(|node| node["id"] == id)
}

fn ups(node: &Json) -> Vec<&str> {
    node["up"].as_array().expect("links").iter().filter_map(Json::as_str).collect()
}

store::on_both! {
    migrations = &server::migrations();

    async fn a_manager_gives_work_to_somebody_else_and_more_time_and_says_why(store: TestStore) {
        let company = Company::new(store).await;
        let (admin, market) = (company.member("administrator").await, company.member("market").await);
        let (sales, manager) = (company.member("sales").await, company.member("management").await);
        let action = json!({ "values": { "name": "门店回访", "due_on": day(&company, 20) } });
        let action = market.post(&format!("{RECORDS}/action"), action).await;
        let path = format!("{RECORDS}/action/{}", id(&action));
        market.act(Method::POST, &format!("{path}/actions/start"), &action, json!({})).await;
        let link = format!("/records/action/{}", id(&action));
        let item = row(&manager, &link).await;
        assert_eq!((&item["light"], &item["owner_id"]), (&json!("green"), &json!(market.id)), "{item:#}");
        company.pass_days(18);
        assert_eq!(row(&manager, &link).await["light"], "amber");
        company.pass_days(4);
        let item = row(&manager, &link).await;
        assert_eq!(item["light"], "red");

        let task = format!("/api/v1/rulebook/tasks/{}", id(&item));
        let to_sales = json!({ "user_id": sales.id, "reason": " " });
        manager.call(Call::post(format!("{task}/reassign")).json(&to_sales)).await.refused(422, "rulebook.task.invalid");
        let to_sales = json!({ "user_id": sales.id, "reason": "原负责人休假" });
        market.call(Call::post(format!("{task}/reassign")).json(&to_sales)).await.refused(403, "access.missing_permission");
        manager.post(&format!("{task}/reassign"), to_sales).await;
        assert_eq!(row(&manager, &link).await["owner_id"], json!(sales.id));
        assert_eq!(market.get(&path).await["owner_id"], json!(sales.id), "the next state asks them too");
        let theirs = sales.list("/api/v1/rulebook/tasks?page_size=200").await;
        assert!(theirs.iter().any(|task| task["id"] == item["id"]), "it waits for them now: {theirs:#?}");

        let past = json!({ "due_at": company.now(), "reason": "再等两周" });
        manager.call(Call::post(format!("{task}/extend")).json(&past)).await.refused(422, "rulebook.task.invalid");
        let later = json!({ "due_at": company.now().plus_days(14), "reason": "供应商推迟到货" });
        manager.post(&format!("{task}/extend"), later).await;
        assert_eq!(row(&manager, &link).await["light"], "green");
        assert_eq!(market.get(&path).await["values"]["due_on"], json!(day(&company, 14)));

        let trail = admin.list("/api/v1/system/audit?noun=rulebook.task&page_size=50").await;
        let why = |action: &str| trail.iter().find(|entry| entry["action"] == action).map(|entry| entry["reason"].clone());
        assert_eq!(why("reassign"), Some(json!("原负责人休假")), "{trail:#?}");
        assert_eq!(why("extend"), Some(json!("供应商推迟到货")));
    }

    async fn campaigns_stand_in_the_cockpit_and_can_be_moved(store: TestStore) {
        let company = Company::new(store).await;
        let shop = Shop::open(&company).await;
        let item = shop.approved("暖锅来了").await;
        let campaign = shop.draft(&item, &shop.segment(agreed()).await, json!({})).await;
        let link = format!("/campaigns/{}", id(&campaign));
        let shown = row(&shop.admin, &link).await;
        assert_eq!((&shown["kind"], &shown["group"]), (&json!("campaign"), &json!("campaign")), "{shown:#}");
        let path = format!("/api/v1/campaigns/campaigns/{}", id(&campaign));
        let give = json!({ "owner_id": shop.brand.id, "reason": "换人跟进" });
        let given = shop.market.act(Method::POST, &format!("{path}/reassign"), &campaign, give).await;
        assert_eq!(row(&shop.admin, &link).await["owner_id"], json!(shop.brand.id));
        let earlier = json!({ "period_to": company.now(), "reason": "提前" });
        let refusal = shop.market.call(Call::post(format!("{path}/extend")).seen(&given).json(&earlier)).await;
        refusal.refused(422, "campaigns.campaign.invalid");
        let longer = json!({ "period_to": company.now().plus_days(60), "reason": "延到月底" });
        let longer = shop.market.act(Method::POST, &format!("{path}/extend"), &given, longer).await;
        assert_eq!(longer["period_to"], json!(company.now().plus_days(60)));
    }

    async fn steps_are_ranked_against_their_targets_and_owners_see_what_waits(store: TestStore) {
        let company = Company::new(store).await;
        let shop = Shop::open(&company).await;
        let item = shop.content("没人审的").await;
        shop.with_content(&shop.market, &item, "submit", json!({})).await;
        company.pass_hours(47);
        assert!(shop.market.list("/api/v1/rulebook/waiting").await.is_empty(), "the review may take two days");
        company.pass_hours(2);
        let late = shop.market.list("/api/v1/rulebook/waiting").await;
        assert_eq!((late.len(), &late[0]["id"]), (1, &json!(id(&item))), "{late:#?}");
        assert_eq!((&late[0]["target_minutes"], &late[0]["minutes"]), (&json!(2_880), &json!(2_940)));
        assert!(shop.sales.list("/api/v1/rulebook/waiting").await.is_empty(), "it is not theirs");
        assert_eq!(shop.admin.list("/api/v1/rulebook/waiting?mine=false").await.len(), 1);
        let review = step(&shop.admin, "content_review", "in_review").await;
        assert_eq!((&review["waiting"], &review["waiting_late"]), (&json!(1), &json!(1)), "{review:#}");

        shop.with_content(&shop.brand, &item, "approve", json!({})).await;
        assert!(shop.market.list("/api/v1/rulebook/waiting").await.is_empty());
        let review = step(&shop.admin, "content_review", "in_review").await;
        assert_eq!((&review["passes"], &review["median_minutes"]), (&json!(1), &json!(2_940.0)), "{review:#}");
        let steps = shop.admin.list("/api/v1/rulebook/bottlenecks").await;
        assert_eq!(steps[0]["state"], "in_review", "beyond its target it stands first: {steps:#?}");
        assert!(step(&shop.admin, "content_review", "approved").await["target_minutes"].is_null(), "content may rest there");
        let wrong = shop.admin.call(Call::get("/api/v1/rulebook/bottlenecks?days=0")).await;
        wrong.refused(400, "rulebook.bottleneck.days");
    }

    async fn the_map_leads_from_content_to_the_goal_as_far_as_one_may_see(store: TestStore) {
        let company = Company::new(store).await;
        let shop = Shop::open(&company).await;
        let lost = shop.content("没有归属").await;
        let item = shop.approved("暖锅来了").await;
        let campaign = shop.draft(&item, &shop.segment(agreed()).await, json!({})).await;
        let aims = shop.aims().await;
        let map = shop.admin.get("/api/v1/rulebook/trace").await;
        let of = |id: &str| node(&map, id).unwrap_or_else(|| panic!("no {id} in {map:#}"));
        assert_eq!(ups(of(&id(&item))), [id(&campaign)], "the campaign that sends it is what it is for");
        let above = ups(of(&id(&campaign)));
        assert!([&aims.plan, &aims.strategy, &aims.goal].iter().all(|one| above.contains(&one.as_str())), "{above:?}");
        assert!(ups(of(&aims.plan)).contains(&aims.strategy.as_str()));
        assert_eq!(ups(of(&aims.strategy)), [aims.goal.as_str()]);
        assert_eq!(of(&id(&lost))["orphan"], true);
        assert!([&id(&item), &id(&campaign), &aims.plan, &aims.strategy].iter().all(|one| of(one)["orphan"] == false));
        // Whoever may not read content or campaigns sees neither, and no hint of them.
        let finance = company.member("finance").await;
        let narrow = finance.get("/api/v1/rulebook/trace").await;
        assert!(node(&narrow, &id(&item)).is_none() && node(&narrow, &aims.goal).is_some(), "{narrow:#}");
    }
}
