use axum::http::Method;
use serde_json::json;

use super::turns;
use crate::harness::Call;
use crate::harness::arrange::{CUSTOMERS, Shop, id};

/// A mail that the advertising law forbids.
const FORBIDDEN: &str = "国家级好汤，全网最低价";

/// A campaign whose content was changed after its test, and somebody who launches it all the same.
async fn launch_what_was_changed(shop: &Shop<'_>) {
    let campaign = shop.ready(json!({})).await;
    shop.rewrite(&json!({ "id": campaign["content_id"] }), "改过的汤").await;
    let path = format!("/api/v1/campaigns/campaigns/{}", id(&campaign));
    let seen = shop.market.get(&path).await;
    let answer = shop.market.call(Call::post(format!("{path}/launch")).seen(&seen)).await;
    assert_eq!(answer.status.as_u16(), 409, "{}", answer.text);
}

turns! {
    "content.review.second_person" => second_person(turn) {
        turn.approved("别人审的").await;
        turn.followed(100.0, Some(30), 1).await;
        // The administrator may review, yet not what the administrator wrote.
        let new = json!({
            "brand_id": turn.brand_id, "kind": "email", "title": "自己写的", "languages": ["zh-Hans"],
            "variants": [crate::harness::arrange::variant("自己写的")],
        });
        let own = turn.admin.post("/api/v1/brand/contents", new).await;
        let own = turn.with_content(&turn.admin, &own, "submit", json!({})).await;
        let path = format!("/api/v1/brand/contents/{}/approve", id(&own));
        let alone = turn.admin.call(Call::post(path).seen(&own).json(&json!({}))).await;
        alone.refused(403, "brand.review.own_work");
        turn.broken(50.0, Some(30), 1).await;
    }

    "content.review.on_time" => on_time(turn) {
        turn.approved("当天审的").await;
        turn.followed(100.0, Some(30), 1).await;
        let item = turn.content("没人审的").await;
        turn.with_content(&turn.market, &item, "submit", json!({})).await;
        turn.company.pass_hours(48);
        turn.followed(100.0, Some(30), 1).await;
        turn.company.pass_minutes(1);
        turn.broken(50.0, Some(30), 1).await;
    }

    "trace.contents_linked" => linked(turn) {
        let item = turn.approved("有计划的").await;
        let path = format!("/api/v1/brand/contents/{}", id(&item));
        let nothing = json!({ "plan_id": id(&item) });
        let refusal = turn.market.call(Call::new(Method::PATCH, &path).seen(&item).json(&nothing)).await;
        refusal.refused(422, "brand.input.invalid");
        let plan = json!({ "plan_id": turn.aims().await.plan });
        let item = turn.market.act(Method::PATCH, &path, &item, plan).await;
        assert_eq!(item["state"], "approved", "what it serves is no part of what was approved");
        turn.followed(100.0, None, 1).await;
        turn.approved("没有计划的").await;
        turn.broken(50.0, None, 1).await;
    }

    "content.review.first_pass" => first_pass(turn) {
        turn.approved("一次通过").await;
        turn.followed(100.0, Some(90), 1).await;
        let item = turn.content("被退回").await;
        turn.with_content(&turn.market, &item, "submit", json!({})).await;
        turn.with_content(&turn.brand, &item, "return", json!({ "reason": "语气不对" })).await;
        turn.broken(50.0, Some(90), 1).await;
    }

    "content.preflight.clean" => clean(turn) {
        let item = turn.content("干净的").await;
        turn.with_content(&turn.market, &item, "submit", json!({})).await;
        turn.followed(100.0, Some(30), 1).await;
        let item = turn.content(FORBIDDEN).await;
        let path = format!("/api/v1/brand/contents/{}/submit", id(&item));
        let answer = turn.market.call(Call::post(path).seen(&item).json(&json!({}))).await;
        answer.refused(409, "brand.review.preflight_blocked");
        turn.broken(50.0, Some(30), 1).await;
    }

    "release.approved_only" => approved_only(turn) {
        turn.import("customers", CUSTOMERS).await;
        turn.launched(json!({})).await;
        turn.followed(100.0, Some(90), 1).await;
        // At ten in the evening the messages of the second campaign wait for the morning.
        turn.company.pass_hours(6);
        let campaign = turn.launched(json!({})).await;
        assert!(turn.sends(&campaign).await.iter().all(|send| send["state"] == "intent"));
        turn.followed(100.0, Some(90), 2).await;
        turn.rewrite(&json!({ "id": campaign["content_id"] }), "夜里改过").await;
        turn.broken(50.0, Some(90), 1).await;
    }

    "release.approved_attempts" => approved_attempts(turn) {
        turn.launched(json!({})).await;
        turn.followed(100.0, Some(30), 2).await;
        launch_what_was_changed(&turn).await;
        turn.broken(75.0, Some(30), 1).await;
    }

    "release.preflighted" => preflighted(turn) {
        turn.launched(json!({})).await;
        turn.followed(100.0, Some(30), 2).await;
        launch_what_was_changed(&turn).await;
        turn.broken(75.0, Some(30), 1).await;
    }
}

/// A picture that is replaced ends the approval, too: another way to the same verdict.
mod another_picture {
    use super::*;

    store::on_both! {
        migrations = &server::migrations();

        async fn ends_the_approval(store: TestStore) {
            let company = crate::harness::Company::new(store).await;
            let shop = Shop::open(&company).await;
            let item = shop.approved("有图").await;
            let asset = &shop.brand.list("/api/v1/brand/assets").await[0];
            let path = format!("/api/v1/brand/assets/{}/file", id(asset));
            let form = crate::harness::arrange::picture_form(Method::PUT, &path, None, 7);
            shop.brand.expect(form.seen(asset)).await;
            let seen = shop.market.get(&format!("/api/v1/brand/contents/{}", id(&item))).await;
            assert_eq!((seen["state"].as_str(), seen["approval"]["state"].as_str()), (Some("draft"), Some("void")), "{seen:#}");
        }
    }
}
