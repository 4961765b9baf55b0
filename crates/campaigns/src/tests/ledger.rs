//! The ledger: what a server answers, what a lost worker leaves behind, and that nothing goes out twice.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::{Method, StatusCode};
use kernel::Id;
use serde_json::json;
use store::on_both;

use super::support::{MIGRATIONS, World, work};

on_both! {
    migrations = MIGRATIONS;

    async fn each_answer_of_a_server_has_its_place(store: TestStore) {
        let world = World::new(store).await;
        for name in ["fine", "gone", "spam", "later", "broken"] {
            world.person(&format!("{name}@x.invalid")).await;
        }
        let id = world.launched(json!({})).await;
        world.work().await;
        let ledger = world.ledger(id).await;
        let now = |name: &str| {
            let row = &ledger[&format!("{name}@x.invalid")];
            (row["state"].as_str().unwrap_or_default(), row["reason"].as_str().unwrap_or_default())
        };
        assert_eq!(now("fine"), ("sent", ""));
        assert_eq!(now("gone"), ("failed", "campaigns.send.refused"));
        assert_eq!(now("spam"), ("failed", "campaigns.send.refused"));
        assert_eq!(now("later"), ("intent", "campaigns.send.refused_for_now"));
        assert_eq!(now("broken"), ("unknown", "campaigns.send.connection_lost"));

        // 1, 2, 4, 8, 16 minutes later, and then no more.
        for _ in 0..40 {
            world.advance_minutes(1);
            world.work().await;
        }
        assert_eq!(world.mails.to("later@x.invalid").len(), 6);
        assert_eq!(world.state(id, "later@x.invalid").await, "failed");
        let ids: BTreeSet<_> = world.mails.to("later@x.invalid").into_iter().map(|mail| mail.message_id).collect();
        assert_eq!(ids.len(), 1, "every try has the same Message-ID");
        world.mails.assert_none_twice();

        let bounced = world.get(&format!("/campaigns/{id}/events?kind=bounced")).await;
        assert_eq!(bounced["items"].as_array().expect("rows").len(), 3);
        // A mailbox that is gone is not written to again; one that took it for spam is.
        let next = world.launched(json!({ "name": "next" })).await;
        world.work().await;
        assert_eq!(world.state(next, "gone@x.invalid").await, "suppressed");
        assert_eq!(world.mails.to("spam@x.invalid").len(), 2);
    }

    async fn a_person_settles_what_is_unknown_and_it_is_never_sent_again(store: TestStore) {
        let world = World::new(store).await;
        world.person("broken@x.invalid").await;
        world.person("fine@x.invalid").await;
        let id = world.launched(json!({})).await;
        world.work().await;
        let ledger = world.ledger(id).await;
        let settle = async |address: &str, state: &str| {
            let send = ledger[address]["id"].as_str().expect("an id");
            let body = json!({ "state": state, "reason": "asked the receiver" });
            world.call(Method::POST, &format!("/sends/{send}/settle"), None, Some(body)).await
        };
        assert_eq!(settle("broken@x.invalid", "intent").await.0, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(settle("broken@x.invalid", "sent").await.1["state"], "sent");
        assert_eq!(settle("fine@x.invalid", "failed").await.0, StatusCode::PRECONDITION_FAILED);
        world.advance_minutes(60);
        world.work().await;
        world.mails.assert_none_twice();
    }

    async fn what_a_killed_worker_had_claimed_is_unknown_and_the_rest_is_sent_once(store: TestStore) {
        let world = World::new(store).await;
        // More than go over the wire at a time: some are claimed and never left.
        for n in 0..90 {
            world.person(&format!("hang{n}@x.invalid")).await;
        }
        for n in 0..5 {
            world.person(&format!("fine{n}@x.invalid")).await;
        }
        // The rate keeps the claim to those that hang.
        let id = world.launched(json!({ "rate_per_minute": 90 })).await;
        let doomed = world.node().await;
        let worker = tokio::spawn(async move { work(&doomed).await });
        world.mails.hangs.notified().await;
        worker.abort();
        worker.await.expect_err("it was killed");
        assert!((1..=64).contains(&world.mails.all().len()), "{}", world.mails.all().len());
        assert_eq!(states(&world, id).await, BTreeMap::from([("attempting".into(), 90), ("intent".into(), 5)]));

        // Another worker takes over; what the first one holds stays his while his lease lasts.
        world.advance_minutes(2);
        world.work().await;
        assert_eq!(states(&world, id).await, BTreeMap::from([("attempting".into(), 90), ("sent".into(), 5)]));
        world.advance_minutes(10);
        world.work().await;
        world.advance_minutes(60);
        world.work().await;
        assert_eq!(states(&world, id).await, BTreeMap::from([("unknown".into(), 90), ("sent".into(), 5)]));
        world.mails.assert_none_twice();
        let ledger = world.ledger(id).await;
        let lost = ledger.values().filter(|row| row["reason"] == "campaigns.send.worker_lost");
        assert_eq!(lost.count(), 90);
    }

    async fn a_worker_killed_between_two_batches_loses_nothing(store: TestStore) {
        let world = World::new(store).await;
        for n in 0..3 {
            world.person(&format!("fine{n}@x.invalid")).await;
        }
        let id = world.launched(json!({ "rate_per_minute": 2 })).await;
        world.work().await;
        // What a dead worker leaves in the queue: its job, running under a lease that nobody extends.
        world.sql("UPDATE job SET state = 'running', leased_until = 0 WHERE kind = 'campaigns.deliver' AND state = 'waiting'").await;
        assert_eq!(states(&world, id).await, BTreeMap::from([("sent".into(), 2), ("intent".into(), 1)]));
        world.advance_minutes(5);
        world.work().await;
        assert_eq!(states(&world, id).await, BTreeMap::from([("sent".into(), 3)]));
        world.mails.assert_none_twice();
    }
}

/// Counts a campaign's rows by state.
async fn states(world: &World, campaign: Id) -> BTreeMap<String, usize> {
    let mut states = BTreeMap::new();
    for row in world.ledger(campaign).await.values() {
        *states.entry(row["state"].as_str().expect("a state").to_owned()).or_default() += 1;
    }
    states
}
