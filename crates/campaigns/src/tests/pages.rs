//! The public origin: what a token opens, what a forged one does not, and what a POST changes.

use axum::http::{HeaderValue, Method, StatusCode, header};
use kernel::ports::OutgoingMail;
use serde_json::{Value as Json, json};
use store::on_both;

use super::support::{MIGRATIONS, ORIGIN, Person, World};

const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15";
const SCANNER: &str = "Mozilla/5.0 (compatible; MailGatewayScanner/2.0)";

/// Sends one message and returns its campaign, its receiver and the message, some time after it left.
async fn sent(world: &World) -> (kernel::Id, Person, OutgoingMail) {
    let person = world.person("wang@x.invalid").await;
    let id = world.launched(json!({})).await;
    world.work().await;
    world.advance_minutes(1);
    (id, person, world.mails.all().remove(0))
}

/// Returns the links of a message to the public origin that contain `part`.
fn links(mail: &OutgoingMail, part: &str) -> Vec<String> {
    let urls = mail.html.split('"').filter(|piece| piece.starts_with(ORIGIN) && piece.contains(part));
    urls.map(str::to_owned).collect()
}

async fn events(world: &World, campaign: kernel::Id, kind: &str) -> Vec<Json> {
    let page = world.get(&format!("/campaigns/{campaign}/events?kind={kind}")).await;
    page["items"].as_array().expect("rows").clone()
}

async fn consent(world: &World, person: Person) -> String {
    let ask = "SELECT state FROM v_customers_consent WHERE node_id = $1 AND purpose = 'marketing'";
    world.store.get(ask, store::args![person.node]).await.expect("there is one")
}

async fn proofs(world: &World) -> Vec<(String, String, String)> {
    world.store.all("SELECT state, source, shown FROM consent_proof", vec![]).await.expect("rows")
}

on_both! {
    migrations = MIGRATIONS;

    async fn people_and_scanners_are_told_apart_and_both_are_kept(store: TestStore) {
        let world = World::new(store).await;
        let (id, _, mail) = sent(&world).await;
        let (pixel, clicks) = (links(&mail, "/t/o/").remove(0), links(&mail, "/t/c/"));
        assert_eq!(clicks.len(), 3, "two links and the one that nobody sees");
        for url in clicks.iter().chain([&pixel]) {
            world.visit(Method::GET, url, SCANNER, "").await;
        }
        let (status, headers, _) = world.visit(Method::GET, &pixel, PHONE, "").await;
        assert_eq!((status, &headers[header::CONTENT_TYPE]), (StatusCode::OK, &HeaderValue::from_static("image/gif")));
        let (status, headers, _) = world.visit(Method::GET, &clicks[0], PHONE, "").await;
        assert_eq!(status, StatusCode::FOUND);
        assert_eq!(headers[header::LOCATION], "https://shop.invalid/a?x=1&y=2");

        let clicked = events(&world, id, "clicked").await;
        let by = |who: &str| clicked.iter().filter(|event| event["likelihood"] == who).count();
        assert_eq!((by("human"), by("scanner")), (1, 3));
        let results = world.get(&format!("/campaigns/{id}/results")).await;
        let figure = |key: &str| results["figures"].as_array().expect("figures").iter().find(|f| f["key"] == key).cloned();
        let clicked = figure("clicked").expect("there");
        assert_eq!((clicked["value"].as_i64(), clicked["raw"].as_i64(), clicked["visits"].as_i64()), (Some(1), Some(1), Some(4)));
        let rows = clicked["rows"].as_str().expect("a path").strip_prefix("/api/v1/campaigns").expect("ours");
        assert_eq!(world.get(rows).await["items"].as_array().expect("rows").len(), 1);
    }

    async fn a_sweep_in_disguise_is_found_and_what_it_did_before_as_well(store: TestStore) {
        let world = World::new(store).await;
        let (id, _, mail) = sent(&world).await;
        for url in links(&mail, "/t/c/") {
            world.visit(Method::GET, &url, PHONE, "").await;
        }
        assert!(events(&world, id, "clicked").await.iter().all(|event| event["likelihood"] == "scanner"));
    }

    async fn forged_and_foreign_tokens_open_nothing(store: TestStore) {
        let world = World::new(store).await;
        let (id, person, mail) = sent(&world).await;
        let open = links(&mail, "/t/o/").remove(0);
        let token = open.rsplit('/').next().expect("a token").trim_end_matches(".gif").to_owned();
        let mut forged: Vec<String> = [0, 31, 32, token.len() - 1].into_iter().map(|place| {
            let other = if &token[place..=place] == "0" { "1" } else { "0" };
            format!("{}{other}{}", &token[..place], &token[place + 1..])
        }).collect();
        forged.extend([token[..32].to_owned(), format!("{token}0"), token.to_uppercase(), "x".into(), "价".repeat(40)]);
        for token in &forged {
            for url in [format!("/t/o/{token}.gif"), format!("/t/c/{token}/1"), format!("/u/{token}"), format!("/p/{token}"), format!("/v/{token}")] {
                let url = url.replace('价', "%E4%BB%B7");
                let (status, ..) = world.visit(Method::GET, &url, PHONE, "").await;
                assert_eq!(status, StatusCode::NOT_FOUND, "{url}");
            }
            let url = format!("/u/{token}").replace('价', "%E4%BB%B7");
            assert_eq!(world.visit(Method::POST, &url, PHONE, "List-Unsubscribe=One-Click").await.0, StatusCode::NOT_FOUND);
        }
        for link in ["3", "-1", "x", "99999999999999999999"] {
            assert_eq!(world.visit(Method::GET, &format!("/t/c/{token}/{link}"), PHONE, "").await.0, StatusCode::NOT_FOUND, "{link}");
        }
        assert!(events(&world, id, "opened").await.is_empty());
        assert_eq!(consent(&world, person).await, "granted");
    }

    async fn looking_changes_nothing_and_one_click_withdraws_with_proof(store: TestStore) {
        let world = World::new(store).await;
        let (id, person, mail) = sent(&world).await;
        let header = |name: &str| mail.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.clone()).expect("there");
        assert_eq!(header("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
        let url = header("List-Unsubscribe").trim_matches(['<', '>']).to_owned();
        for (tag, words) in [("zh-Hans", "鲜禾的优惠"), ("zh-Hant", "鮮禾的優惠"), ("en", "news from Fresh")] {
            let (status, headers, html) = world.visit(Method::GET, &format!("{url}?lang={tag}"), PHONE, "").await;
            assert_eq!((status, &headers[header::CONTENT_LANGUAGE]), (StatusCode::OK, &HeaderValue::from_static(tag)));
            assert!(html.contains(words) && html.contains(&format!("<html lang=\"{tag}\">")), "{html}");
            assert!(!html.contains("campaigns.page.") && !html.contains("wang@"), "{html}");
        }
        assert_eq!(consent(&world, person).await, "granted");
        assert_eq!(world.visit(Method::POST, &url, PHONE, "").await.0, StatusCode::UNPROCESSABLE_ENTITY);

        for _ in 0..2 {
            let (status, _, html) = world.visit(Method::POST, &url, "", "List-Unsubscribe=One-Click").await;
            assert_eq!(status, StatusCode::OK);
            assert!(html.contains("退订成功"), "{html}");
        }
        assert_eq!(consent(&world, person).await, "withdrawn");
        let sentence = "我不再接收鲜禾的优惠和新品邮件。".to_owned();
        assert_eq!(proofs(&world).await, [("withdrawn".to_owned(), "one_click".to_owned(), sentence)]);
        assert_eq!(events(&world, id, "unsubscribed").await.len(), 1, "twice is once");
        let next = world.launched(json!({ "name": "next" })).await;
        world.work().await;
        assert_eq!(world.ledger(next).await["wang@x.invalid"]["reason"], "campaigns.contact.consent_withdrawn");
    }

    async fn preferences_keep_each_choice_with_the_sentence_that_was_read(store: TestStore) {
        let world = World::new(store).await;
        let (_, person, mail) = sent(&world).await;
        let (node, brand) = (person.node, world.brand);
        world.sql(&format!("INSERT INTO v_customers_consent (node_id, brand_id, purpose, channel, state)
            VALUES ('{node}', '{brand}', 'loyalty', 'email', 'withdrawn')")).await;
        let url = links(&mail, "/u/").remove(0).replace("/u/", "/p/");
        let (_, _, html) = world.visit(Method::GET, &format!("{url}?lang=en"), PHONE, "").await;
        assert!(html.contains("I agree that Fresh sends me offers"), "{html}");
        assert_eq!((html.matches("type=\"checkbox\"").count(), html.matches(" checked").count()), (2, 1));

        let keys = [format!("{brand}%2Fmarketing"), format!("{brand}%2Floyalty")];
        let form = format!("shown={}&shown={}&consent={}", keys[0], keys[1], keys[1]);
        let (status, headers, _) = world.visit(Method::POST, &format!("{url}?lang=en"), PHONE, &form).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        let back = headers[header::LOCATION].to_str().expect("text").to_owned();
        let (_, _, html) = world.visit(Method::GET, &back, PHONE, "").await;
        assert!(html.contains("Saved."), "{html}");
        let mut kept = proofs(&world).await;
        kept.sort();
        assert_eq!(kept.len(), 2);
        assert_eq!((kept[0].0.as_str(), kept[1].0.as_str()), ("granted", "withdrawn"));
        assert!(kept[0].2.contains("member benefits") && kept[1].2.contains("offers and news"), "{kept:?}");
        world.visit(Method::POST, &url, PHONE, "nothing=1").await;
        assert_eq!(proofs(&world).await.len(), 3, "only what was still granted is withdrawn");
    }

    async fn a_message_is_shown_in_the_browser_while_its_release_stands(store: TestStore) {
        let world = World::new(store).await;
        let (_, _, mail) = sent(&world).await;
        let url = links(&mail, "/u/").remove(0).replace("/u/", "/v/");
        let (status, headers, html) = world.visit(Method::GET, &url, PHONE, "").await;
        assert_eq!(status, StatusCode::OK);
        assert!(html.contains("王&lt;b&gt;"), "{html}");
        assert!(headers[header::CONTENT_SECURITY_POLICY].to_str().expect("text").contains("sandbox"));
        world.content.is_void.store(true, std::sync::atomic::Ordering::SeqCst);
        assert_eq!(world.visit(Method::GET, &url, PHONE, "").await.0, StatusCode::CONFLICT);
    }
}
