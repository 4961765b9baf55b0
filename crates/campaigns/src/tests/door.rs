//! The contact door: each reason, and a cap that no two workers exceed together.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use store::on_both;

use super::support::{MIGRATIONS, World, work};

on_both! {
    migrations = MIGRATIONS;

    async fn each_refusal_says_why(store: TestStore) {
        let world = World::new(store).await;
        world.person("fine@x.invalid").await;
        let silent = world.person("silent@x.invalid").await.node;
        let left = world.person("left@x.invalid").await.node;
        let dead = world.person("dead@x.invalid").await.node;
        let lifted = world.person("lifted@x.invalid").await.node;
        let often = world.person("often@x.invalid").await;
        let brand = world.brand;
        world.sql(&format!(
            "DELETE FROM v_customers_consent WHERE node_id = '{silent}';
             UPDATE v_customers_consent SET state = 'withdrawn' WHERE node_id = '{left}';
             INSERT INTO v_customers_suppression (node_id, channel) VALUES ('{dead}', 'email');
             INSERT INTO v_customers_suppression (node_id, channel, lifted_at) VALUES ('{lifted}', 'email', 1);
             INSERT INTO v_customers_audience_member (audience_id, profile_id)
                SELECT audience_id, 'zz' FROM v_customers_audience_member WHERE node_id = '{left}';
             UPDATE v_customers_audience_member SET profile_id = '0199c0de-ffff-7fff-bfff-000000000001' WHERE profile_id = 'zz';"
        )).await;
        let then = world.store.now().plus_days(-6).ms();
        for n in 0..2 {
            world.sql(&format!(
                "INSERT INTO contact_reservation (send_id, profile_id, brand_id, channel, at)
                 VALUES ('earlier{n}', '{}', '{brand}', 'email', {then})", often.profile)).await;
        }
        let id = world.launched(json!({})).await;
        world.work().await;
        let ledger = world.ledger(id).await;
        let reason = |address: &str| ledger[address]["reason"].as_str().unwrap_or_default().to_owned();
        assert_eq!(reason("fine@x.invalid"), "");
        assert_eq!(reason("lifted@x.invalid"), "");
        assert_eq!(reason("silent@x.invalid"), "campaigns.contact.no_consent");
        assert_eq!(reason("left@x.invalid"), "campaigns.contact.consent_withdrawn");
        assert_eq!(reason("dead@x.invalid"), "campaigns.contact.suppressed");
        assert_eq!(reason("often@x.invalid"), "campaigns.contact.cap_reached");
        assert_eq!(reason(""), "campaigns.contact.no_address");
        let mut written: Vec<String> = world.mails.all().into_iter().map(|mail| mail.to).collect();
        written.sort();
        assert_eq!(written, ["fine@x.invalid", "lifted@x.invalid"]);

        let reasons = world.get(&format!("/campaigns/{id}/contact-reasons")).await;
        let counts: BTreeMap<&str, i64> = reasons["items"].as_array().expect("rows").iter()
            .map(|row| (row["reason"].as_str().expect("a code"), row["count"].as_i64().expect("a number"))).collect();
        assert_eq!(counts["campaigns.contact.within_every_rule"], 2);
        assert_eq!(counts.values().sum::<i64>(), 6, "whoever has no address never came to the door");
        let about = world.get(&format!("/contact-decisions?profile_id={}", often.profile)).await;
        assert_eq!(about["items"][0]["facts"]["recent_7_days"], 2);
        assert_eq!(about["items"][0]["facts"]["cap_7_days"], 2);
    }

    async fn quiet_hours_wait_for_the_morning_where_the_person_lives(store: TestStore) {
        let world = World::new(store).await;
        world.person("here@x.invalid").await;
        world.person_in("there@x.invalid", "America/Los_Angeles", "en").await;
        let id = world.launched(json!({})).await;
        world.work().await;
        // The tests begin at 16:00 in Shanghai, midnight in Los Angeles.
        let ledger = world.ledger(id).await;
        assert_eq!(ledger["here@x.invalid"]["state"], "sent");
        let there = &ledger["there@x.invalid"];
        assert_eq!((there["state"].as_str(), there["reason"].as_str()), (Some("intent"), Some("campaigns.contact.quiet_hours")));
        assert_eq!(there["not_before"], "2026-11-22T17:00:00Z");
        world.advance_minutes(8 * 60);
        world.work().await;
        assert_eq!(world.mails.all().len(), 1);
        world.advance_minutes(61);
        world.work().await;
        assert_eq!(world.mails.to("there@x.invalid").len(), 1);
    }

    async fn an_order_confirmation_passes_without_consent_at_night_but_not_to_a_dead_address(store: TestStore) {
        let world = World::new(store).await;
        let silent = world.person_in("silent@x.invalid", "America/Los_Angeles", "en").await.node;
        let dead = world.person("dead@x.invalid").await.node;
        world.sql(&format!(
            "DELETE FROM v_customers_consent WHERE node_id = '{silent}';
             INSERT INTO v_customers_suppression (node_id, channel) VALUES ('{dead}', 'email');")).await;
        let id = world.launched(json!({ "purpose": "transactional" })).await;
        world.work().await;
        assert_eq!(world.state(id, "silent@x.invalid").await, "sent");
        assert_eq!(world.state(id, "dead@x.invalid").await, "suppressed");
    }

    async fn the_cap_holds_for_two_workers_at_once(store: TestStore) {
        let world = World::new(store).await;
        for n in 0..40 {
            world.person(&format!("p{n}@x.invalid")).await;
        }
        let mut campaigns = Vec::new();
        for n in 0..4 {
            campaigns.push(world.launched(json!({ "name": format!("c{n}") })).await);
        }
        let (one, two) = (world.node().await, world.node().await);
        tokio::join!(work(&one), work(&two));
        for n in 0..40 {
            assert_eq!(world.mails.to(&format!("p{n}@x.invalid")).len(), 2, "the cap is two in seven days");
        }
        let mut refused = 0;
        for id in &campaigns {
            let reasons = world.get(&format!("/campaigns/{id}/contact-reasons")).await;
            let rows = reasons["items"].as_array().expect("rows").iter();
            let capped = rows.filter(|row| row["reason"] == "campaigns.contact.cap_reached");
            refused += capped.filter_map(|row: &Json| row["count"].as_i64()).sum::<i64>();
        }
        assert_eq!(refused, 80);
        world.mails.assert_none_twice();
        // Seven days later there is room again.
        world.advance_minutes(7 * 24 * 60 + 1);
        world.launched(json!({ "name": "later" })).await;
        world.work().await;
        assert_eq!(world.mails.to("p0@x.invalid").len(), 3);
    }
}
