//! A campaign's life: complete, tested, scheduled, launched, paused, ended.

use std::sync::atomic::Ordering;

use axum::http::{Method, StatusCode};
use serde_json::json;
use store::on_both;

use super::support::{MIGRATIONS, World};

on_both! {
    migrations = MIGRATIONS;

    async fn nothing_is_launched_that_is_incomplete_or_untested(store: TestStore) {
        let world = World::new(store).await;
        let body = json!({ "department_id": null, "campaign": { "brand_id": world.brand, "name": "x" } });
        let (_, made) = world.call(Method::POST, "/campaigns", None, Some(body)).await;
        let id = made["id"].as_str().expect("an id").parse().expect("an id");
        let (status, problem) = world.try_act(id, "prepare", None).await;
        assert_eq!((status, problem["code"].as_str()), (StatusCode::UNPROCESSABLE_ENTITY, Some("campaigns.campaign.not_ready")));
        assert_eq!(problem["fields"].as_array().expect("fields").len(), 7);

        let patch = json!({ "goal_metric": "revenue", "goal_target": 100, "period_from": world.store.now(),
            "period_to": world.store.now().plus_days(3), "segment_id": id, "content_id": id, "approval": "t" });
        let path = format!("/campaigns/{id}");
        let (status, _) = world.call(Method::PATCH, &path, Some(1), Some(patch.clone())).await;
        assert_eq!(status, StatusCode::OK);
        let (status, _) = world.call(Method::PATCH, &path, Some(1), Some(patch)).await;
        assert_eq!(status, StatusCode::PRECONDITION_FAILED, "somebody changed it meanwhile");
        world.act(id, "prepare", None).await;
        let (status, _) = world.try_act(id, "launch", None).await;
        assert_eq!(status, StatusCode::CONFLICT, "nobody looked at a test");
        world.act(id, "test", None).await;
        world.content.is_void.store(true, Ordering::SeqCst);
        assert_eq!(world.try_act(id, "launch", None).await.0, StatusCode::CONFLICT, "the release door refuses");
        world.content.is_void.store(false, Ordering::SeqCst);
        assert_eq!(world.act(id, "launch", None).await["state"], "running");
    }

    async fn a_scheduled_campaign_starts_by_itself_and_ends_when_all_is_settled(store: TestStore) {
        let world = World::new(store).await;
        world.person("a@x.invalid").await;
        let id = world.ready(json!({})).await;
        let at = world.store.now().plus_ms(60 * 60_000);
        world.act(id, "schedule", Some(json!({ "schedule_at": at }))).await;
        world.work().await;
        assert!(world.mails.all().is_empty());
        world.advance_minutes(61);
        world.work().await;
        assert_eq!(world.mails.all().len(), 1);
        assert_eq!(world.get(&format!("/campaigns/{id}")).await["state"], "running", "people still answer");
        world.advance_minutes(31 * 24 * 60);
        world.work().await;
        assert_eq!(world.get(&format!("/campaigns/{id}")).await["state"], "finished");
    }

    async fn a_scheduled_campaign_that_a_door_refuses_goes_back_to_its_owner(store: TestStore) {
        let world = World::new(store).await;
        let id = world.ready(json!({})).await;
        let at = world.store.now().plus_ms(60_000);
        world.act(id, "schedule", Some(json!({ "schedule_at": at }))).await;
        world.content.is_void.store(true, Ordering::SeqCst);
        // A schedule counts from when it was first seen.
        world.work().await;
        world.advance_minutes(2);
        world.work().await;
        let campaign = world.get(&format!("/campaigns/{id}")).await;
        assert_eq!((campaign["state"].as_str(), campaign["schedule_at"].is_null()), (Some("draft"), true));
        let open = "SELECT CAST(COUNT(*) AS BIGINT) FROM v_rulebook_task WHERE kind = 'campaigns.launch_refused' AND state = 'open'";
        assert_eq!(world.store.get::<i64>(open, vec![]).await.expect("counted"), 1);
        world.act(id, "prepare", None).await;
        assert_eq!(world.store.get::<i64>(open, vec![]).await.expect("counted"), 0, "its owner acted");
    }

    async fn a_pause_holds_at_once_and_the_rate_is_kept(store: TestStore) {
        let world = World::new(store).await;
        for n in 0..5 {
            world.person(&format!("p{n}@x.invalid")).await;
        }
        let id = world.launched(json!({ "rate_per_minute": 2 })).await;
        world.work().await;
        assert_eq!(world.mails.all().len(), 2);
        let (status, _) = world.try_act(id, "pause", Some(json!({}))).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "a pause asks for a reason");
        world.act(id, "pause", Some(json!({ "reason": "typo" }))).await;
        world.advance_minutes(5);
        world.work().await;
        assert_eq!(world.mails.all().len(), 2, "paused");
        world.act(id, "resume", None).await;
        world.work().await;
        assert_eq!(world.mails.all().len(), 4, "two more in this minute");
        world.advance_minutes(2);
        world.work().await;
        assert_eq!(world.mails.all().len(), 5);
        world.mails.assert_none_twice();
    }

    async fn campaigns_share_the_rate_of_their_connection(store: TestStore) {
        let world = World::new(store).await;
        for n in 0..4 {
            world.person(&format!("p{n}@x.invalid")).await;
        }
        *world.mails.rate.lock().expect("no test panicked") = Some(3);
        world.launched(json!({})).await;
        world.launched(json!({})).await;
        for sent in [3, 6, 8] {
            world.work().await;
            assert_eq!(world.mails.all().len(), sent, "three a minute, whichever campaign they are of");
            world.advance_minutes(2);
        }
        world.mails.assert_none_twice();
    }
}
