use axum::http::Method;
use serde_json::{Value as Json, json};

use super::turns;
use crate::harness::Call;
use crate::harness::arrange::{CUSTOMERS, Shop, agreed, id};

/// A customer whose mailbox the mail drop simulates as gone.
const GONE: &str = "会员号,姓名,邮箱,城市,语言,同意邮件营销,同意时间,同意文本,同意文本版本
101,周洋,h101@household.sample.invalid,杭州,zh-Hans,是,2026-11-01,我同意接收优惠信息。,2026-03
";

/// A customer who agreed years ago.
const LONG_AGO: &str = "会员号,姓名,邮箱,城市,语言,同意邮件营销,同意时间,同意文本,同意文本版本
9,吴迪,wu@customer.invalid,杭州,zh-Hans,是,2020-01-01,我同意接收优惠信息。,2019-12
";

/// Writes down that somebody no longer wants mail, at a time that they name.
async fn withdrawn(shop: &Shop<'_>, email: &str, hours_ago: i64) {
    let found = shop.service.list(&format!("/api/v1/customers/profiles?q={email}")).await;
    let at = shop.company.now().plus_ms(-hours_ago * kernel::HOUR_MS);
    let said = json!({
        "brand_id": shop.brand_id, "purpose": "marketing", "channel": "email", "state": "withdrawn",
        "source": "call", "happened_at": at,
    });
    shop.service.post(&format!("/api/v1/customers/profiles/{}/consents", id(&found[0])), said).await;
}

/// A campaign that starts by itself within the hour.
async fn scheduled(shop: &Shop<'_>) -> Json {
    let campaign = shop.ready(json!({})).await;
    let at = shop.company.now().plus_ms(kernel::HOUR_MS);
    shop.with_campaign(&campaign, "schedule", json!({ "schedule_at": at })).await
}

turns! {
    "contact.decided" => decided(turn) {
        turn.import("customers", CUSTOMERS).await;
        turn.launched(json!({})).await;
        turn.followed(100.0, Some(30), 3).await;
        withdrawn(&turn, "wang@customer.invalid", 1).await;
        turn.broken(66.7, Some(30), 1).await;
    }

    "contact.cap_kept" => cap_kept(turn) {
        turn.import("customers", CUSTOMERS).await;
        turn.launched(json!({})).await;
        turn.launched(json!({})).await;
        turn.followed(100.0, Some(7), 6).await;
        let third = turn.launched(json!({})).await;
        assert!(turn.sends(&third).await.iter().all(|send| send["reason"] == "campaigns.contact.cap_reached"));
        turn.followed(100.0, Some(7), 6).await;
        // The company allows less than it sent.
        turn.set("contact.email.cap_per_7_days", json!(1)).await;
        turn.broken(0.0, Some(7), 6).await;
    }

    "contact.quiet_hours_kept" => quiet_hours(turn) {
        turn.import("customers", CUSTOMERS).await;
        turn.launched(json!({})).await;
        turn.followed(100.0, Some(7), 3).await;
        turn.set("contact.quiet_hours", json!("15:00-17:00")).await;
        turn.broken(0.0, Some(7), 3).await;
    }

    "consent.proven" => proven(turn) {
        turn.import("customers", CUSTOMERS).await;
        turn.followed(100.0, None, 3).await;
        turn.import("customers", LONG_AGO).await;
        turn.broken(75.0, None, 1).await;
    }

    "consent.withdrawn_in_time" => withdrawn_in_time(turn) {
        turn.import("customers", CUSTOMERS).await;
        withdrawn(&turn, "wang@customer.invalid", 24).await;
        turn.followed(100.0, Some(30), 1).await;
        withdrawn(&turn, "chen@customer.invalid", 25).await;
        turn.broken(50.0, Some(30), 1).await;
    }

    "campaign.delivered" => delivered(turn) {
        turn.import("customers", CUSTOMERS).await;
        turn.launched(json!({})).await;
        turn.followed(100.0, Some(30), 3).await;
        turn.import("customers", GONE).await;
        turn.launched(json!({})).await;
        turn.broken(85.7, Some(30), 1).await;
    }

    "campaign.on_time" => on_time(turn) {
        turn.import("customers", CUSTOMERS).await;
        let campaign = scheduled(&turn).await;
        turn.company.pass_hours(1);
        turn.company.work().await;
        let launched = turn.market.get(&format!("/api/v1/campaigns/campaigns/{}", id(&campaign))).await;
        assert_eq!(launched["state"], "running", "{launched:#}");
        turn.company.pass_minutes(16);
        turn.followed(100.0, Some(90), 1).await;
        scheduled(&turn).await;
        // Nothing works for more than an hour and a quarter.
        turn.company.pass_minutes(76);
        turn.broken(50.0, Some(90), 1).await;
    }

    "campaign.strategy" => strategy(turn) {
        turn.import("customers", CUSTOMERS).await;
        // Without a strategy nothing starts, at whatever hour.
        let item = turn.approved("没有策略").await;
        let loose = turn.draft(&item, &turn.segment(agreed()).await, json!({ "strategy_id": null })).await;
        turn.with_campaign(&loose, "prepare", json!({})).await;
        turn.with_campaign(&loose, "test", json!({})).await;
        let releases = async || turn.market.list(&format!("/api/v1/brand/releases?content_id={}", id(&item))).await.len();
        let before = releases().await;
        let path = format!("/api/v1/campaigns/campaigns/{}", id(&loose));
        let seen = turn.market.get(&path).await;
        let refusal = turn.market.call(Call::post(format!("{path}/launch")).seen(&seen)).await;
        refusal.refused(409, "rulebook.machine.refused");
        assert_eq!(releases().await, before, "the release door was not asked");
        turn.launched(json!({})).await;
        turn.followed(100.0, None, 1).await;
        let path = format!("/api/v1/records/strategy/{}", turn.aims().await.strategy);
        let seen = turn.admin.get(&path).await;
        turn.admin.act(Method::POST, &format!("{path}/actions/end"), &seen, json!({})).await;
        turn.broken(0.0, None, 1).await;
    }

    "campaign.brief" => brief(turn) {
        turn.ready(json!({})).await;
        turn.followed(100.0, Some(90), 1).await;
        let bare = json!({ "campaign": { "brand_id": turn.brand_id, "name": "只有名字" } });
        turn.market.post("/api/v1/campaigns/campaigns", bare).await;
        turn.followed(100.0, Some(90), 1).await;
        turn.company.pass_days(8);
        turn.broken(50.0, Some(90), 1).await;
    }

    "campaign.goal" => goal(turn) {
        turn.ready(json!({})).await;
        turn.followed(100.0, Some(90), 1).await;
        let bare = json!({ "campaign": { "brand_id": turn.brand_id, "name": "没有目标" } });
        turn.market.post("/api/v1/campaigns/campaigns", bare).await;
        turn.company.pass_days(8);
        turn.broken(50.0, Some(90), 1).await;
    }
}
