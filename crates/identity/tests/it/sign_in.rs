//! Signing in and out, sessions, second factor, links.

use axum::http::{HeaderValue, Method, header};
use identity::first_admin::{self, FirstAdmin};
use identity::link::{self, NewPassword};
use identity::session;
use identity::totp;
use identity::user::{self, PasswordChange};
use kernel::{Actor, DAY_MS, HOUR_MS, MINUTE_MS};
use totp_rs::{Algorithm, Secret, TOTP};

use crate::support::{
    Browser, CHROME, FIREFOX, MIGRATIONS, PASSWORD, World, code, secret_of, stranger, world,
};

const HOME: &str = "10.1.2.3";

/// Returns what the authenticator shows now.
fn shown(world: &World, setup: &totp::TotpSetup) -> String {
    let key = Secret::Encoded(setup.secret.clone()).to_bytes().expect("a key");
    let totp = TOTP::new(Algorithm::SHA1, 6, 1, 30, key, None, "x".into()).expect("a key");
    totp.generate((world.app.store.now().ms() / 1000).unsigned_abs())
}

store::on_both! {
    migrations = MIGRATIONS;

    async fn the_first_administrator_is_made_once_by_a_link(store: TestStore) {
        let world = world(&store).await;
        let first = identity::bootstrap(&world.app).await.expect("starts").expect("a link");
        let token = identity::bootstrap(&world.app).await.expect("starts again").expect("a new link");
        let input = |token: &str, password: &str| FirstAdmin {
            token: token.into(),
            name: "王敏".into(),
            email: "Wang.Min@b.example".into(),
            password: password.into(),
            language: None,
        };
        let browser = Browser::new(CHROME, HOME);
        let make = |input| {
            let (world, browser) = (&world, &browser);
            async move { first_admin::service::make(&world.app, &stranger(), &browser.client(), &input).await }
        };
        assert_eq!(code(make(input(&first, PASSWORD)).await), "identity.link.invalid", "replaced by the second start");
        assert_eq!(code(make(input(&token, "password123")).await), "identity.input_invalid");
        let opened = make(input(&token, PASSWORD)).await.expect("made");
        assert_eq!(opened.caller.grants.len(), 1);
        assert_eq!(opened.caller.grants[0].permissions.len(), world.app.permissions.all().len(), "holds everything");
        assert_eq!(code(make(input(&token, PASSWORD)).await), "identity.link.invalid", "used");
        assert!(identity::bootstrap(&world.app).await.expect("starts").is_none(), "somebody is there");
    }

    async fn the_first_link_runs_out(store: TestStore) {
        let world = world(&store).await;
        let token = identity::bootstrap(&world.app).await.expect("starts").expect("a link");
        world.clock.advance_ms(30 * MINUTE_MS);
        let input = FirstAdmin {
            token,
            name: "王敏".into(),
            email: "w@b.example".into(),
            password: PASSWORD.into(),
            language: None,
        };
        let client = Browser::new(CHROME, HOME).client();
        let made = first_admin::service::make(&world.app, &stranger(), &client, &input).await;
        assert_eq!(code(made), "identity.link.invalid");
    }

    async fn an_unknown_user_and_a_wrong_password_are_answered_alike(store: TestStore) {
        let world = world(&store).await;
        world.user("li@b.example", "market").await;
        let browser = Browser::new(CHROME, HOME);
        let wrong = world.try_sign_in(&browser, "li@b.example", "not the password", None).await.expect_err("wrong");
        let nobody = world.try_sign_in(&browser, "no@b.example", PASSWORD, None).await.expect_err("unknown");
        assert_eq!((wrong.status, &wrong.code, &wrong.args), (nobody.status, &nobody.code, &nobody.args));
        assert_eq!(wrong.code, "identity.session.wrong");
        assert!(world.try_sign_in(&browser, " LI@B.example ", PASSWORD, None).await.is_ok(), "case and blanks");
    }

    async fn tries_are_slowed_down_on_every_node_but_never_for_good(store: TestStore) {
        let world = world(&store).await;
        world.user("li@b.example", "market").await;
        let mut own = Browser::new(CHROME, HOME);
        world.sign_in(&mut own, "li@b.example").await;
        let attacker = Browser::new(FIREFOX, "203.0.113.7");
        for _ in 0..5 {
            assert_eq!(code(world.try_sign_in(&attacker, "li@b.example", "guess guess", None).await), "identity.session.wrong");
        }
        let refused = world.try_sign_in(&attacker, "li@b.example", PASSWORD, None).await.expect_err("slowed down");
        assert_eq!((refused.status, refused.args["retry_after_seconds"].as_i64()), (429, Some(1)));
        let elsewhere = Browser::new(FIREFOX, "198.51.100.1");
        assert_eq!(code(world.try_sign_in(&elsewhere, "li@b.example", PASSWORD, None).await), "identity.session.too_many_tries");
        let restarted = crate::support::world_again(&store).await;
        assert_eq!(code(restarted.try_sign_in(&attacker, "li@b.example", PASSWORD, None).await), "identity.session.too_many_tries");
        assert!(world.try_sign_in(&own, "li@b.example", PASSWORD, None).await.is_ok(), "the owner's device has its own bucket");
        world.clock.advance_ms(1_000);
        assert_eq!(code(world.try_sign_in(&attacker, "li@b.example", "guess again", None).await), "identity.session.wrong");
        let refused = world.try_sign_in(&attacker, "li@b.example", "guess again", None).await.expect_err("longer");
        assert_eq!(refused.args["retry_after_seconds"].as_i64(), Some(2));
        let client = elsewhere.client();
        link::service::request_reset(&world.app, &client, "li@b.example").await.expect("asks");
        world.work().await;
        let reset = NewPassword { token: world.inbox.only_secret(), password: "another good one".into() };
        link::service::reset(&world.app, &stranger(), &reset).await.expect("resets");
        assert!(world.try_sign_in(&elsewhere, "li@b.example", "another good one", None).await.is_ok(), "emptied by the reset");
    }

    async fn one_address_cannot_try_every_account(store: TestStore) {
        let world = world(&store).await;
        let attacker = Browser::new(FIREFOX, "203.0.113.7");
        for number in 0..30 {
            let email = format!("user{number}@b.example");
            assert_eq!(code(world.try_sign_in(&attacker, &email, "guess guess", None).await), "identity.session.wrong");
        }
        assert_eq!(code(world.try_sign_in(&attacker, "last@b.example", "guess", None).await), "identity.session.too_many_tries");
        let other = Browser::new(FIREFOX, "203.0.113.8");
        assert_eq!(code(world.try_sign_in(&other, "last@b.example", "guess", None).await), "identity.session.wrong");
    }

    async fn a_session_ends_by_the_clock_and_by_its_owner(store: TestStore) {
        let world = world(&store).await;
        let id = world.user("li@b.example", "market").await;
        let mut browser = Browser::new(CHROME, HOME);
        world.sign_in(&mut browser, "li@b.example").await;
        assert!(browser.cookies.iter().any(|c| c.starts_with("__Host-bw_session=")), "{:?}", browser.cookies);
        world.clock.advance_ms(11 * HOUR_MS);
        assert_eq!(world.who(&browser).await.find_user_id(), Some(id));
        world.clock.advance_ms(11 * HOUR_MS);
        assert_eq!(world.who(&browser).await.find_user_id(), Some(id), "use keeps it");
        world.clock.advance_ms(12 * HOUR_MS);
        assert_eq!(world.who(&browser).await.actor, Actor::Anonymous, "idle");

        world.sign_in(&mut browser, "li@b.example").await;
        for _ in 0..(14 * 24 / 8 - 1) {
            world.clock.advance_ms(8 * HOUR_MS);
            assert_eq!(world.who(&browser).await.find_user_id(), Some(id));
        }
        world.clock.advance_ms(8 * HOUR_MS);
        assert_eq!(world.who(&browser).await.actor, Actor::Anonymous, "fourteen days");

        let mut other = Browser::new(FIREFOX, HOME);
        let caller = world.sign_in(&mut browser, "li@b.example").await;
        world.sign_in(&mut other, "li@b.example").await;
        let sessions = session::service::list(&world.app, &caller, None).await.expect("lists");
        assert_eq!(sessions.len(), 2);
        assert!(sessions.iter().any(|s| s.device_name == "Chrome · Windows" && s.address == HOME));
        let current = session::service::current(&world.app, &other.client()).await.expect("asks").expect("signed in");
        session::service::end(&world.app, &caller, current.id).await.expect("ends");
        assert_eq!(world.who(&other).await.actor, Actor::Anonymous);
        assert_eq!(world.who(&browser).await.find_user_id(), Some(id));
        world.sign_in(&mut other, "li@b.example").await;
        session::service::end_everywhere(&world.app, &caller).await.expect("ends all");
        for gone in [&browser, &other] {
            assert_eq!(world.who(gone).await.actor, Actor::Anonymous);
        }
    }

    async fn use_is_written_down_once_a_minute_and_secrets_never(store: TestStore) {
        let world = world(&store).await;
        world.user("li@b.example", "market").await;
        let mut browser = Browser::new(CHROME, HOME);
        let caller = world.sign_in(&mut browser, "li@b.example").await;
        let seen = || async { session::service::list(&world.app, &caller, None).await.expect("lists")[0].last_seen_at };
        let began = seen().await;
        world.clock.advance_ms(MINUTE_MS - 1);
        world.who(&browser).await;
        assert_eq!(seen().await, began);
        world.clock.advance_ms(1);
        world.who(&browser).await;
        assert_eq!(seen().await, began.plus_ms(MINUTE_MS));
        let cookie = browser.cookies[0].split_once('=').expect("a pair").1;
        let kept: Vec<(String,)> = world.app.store.all("SELECT digest FROM identity_session", vec![]).await.expect("rows");
        assert_eq!(kept[0].0.len(), 64);
        assert!(!kept[0].0.contains(cookie));
    }

    async fn other_sites_cannot_use_the_cookie(store: TestStore) {
        let world = world(&store).await;
        let id = world.user("li@b.example", "market").await;
        let mut browser = Browser::new(CHROME, HOME);
        world.sign_in(&mut browser, "li@b.example").await;
        let post = |headers| {
            let (world, address) = (&world, browser.address);
            async move { world.ask(Method::POST, &headers, address).await }
        };
        assert_eq!(post(browser.headers()).await.expect("own").find_user_id(), Some(id));
        let mut headers = browser.headers();
        headers.remove("x-brandwright");
        assert_eq!(code(post(headers.clone()).await), "http.csrf");
        assert!(world.ask(Method::GET, &headers, browser.address).await.is_ok());
        let mut headers = browser.headers();
        headers.insert(header::ORIGIN, HeaderValue::from_static("https://evil.example"));
        assert_eq!(code(post(headers.clone()).await), "http.csrf");
        headers.insert(header::ORIGIN, HeaderValue::from_static("https://b.example"));
        assert!(post(headers).await.is_ok());
    }

    async fn the_second_factor_is_asked_for_and_no_code_works_twice(store: TestStore) {
        let world = world(&store).await;
        world.user("li@b.example", "market").await;
        let mut browser = Browser::new(CHROME, HOME);
        let caller = world.sign_in(&mut browser, "li@b.example").await;
        let setup = totp::service::set_up(&world.app, &caller).await.expect("sets up");
        assert!(setup.uri.starts_with("otpauth://totp/Brandwright:li%40b.example?secret="), "{}", setup.uri);
        assert!(world.try_sign_in(&browser, "li@b.example", PASSWORD, None).await.is_ok(), "not confirmed yet");
        assert_eq!(code(totp::service::confirm(&world.app, &caller, None, "000000").await), "identity.input_invalid");
        let now = shown(&world, &setup);
        let codes = totp::service::confirm(&world.app, &caller, None, &now).await.expect("confirms").recovery_codes;
        assert_eq!(codes.len(), 10);
        assert_eq!(world.who(&browser).await.actor, Actor::Anonymous, "other sessions ended");

        let sign_in = |code: Option<String>| {
            let (world, browser) = (&world, &browser);
            async move { world.try_sign_in(browser, "li@b.example", PASSWORD, code.as_deref()).await }
        };
        assert_eq!(code(sign_in(None).await), totp::REQUIRED);
        assert_eq!(code(sign_in(Some(now)).await), "identity.session.totp_wrong", "the code that confirmed it");
        world.clock.advance_ms(30_000);
        let next = shown(&world, &setup);
        assert!(sign_in(Some(next.clone())).await.is_ok());
        assert_eq!(code(sign_in(Some(next)).await), "identity.session.totp_wrong", "used");
        assert!(sign_in(Some(codes[0].to_uppercase())).await.is_ok(), "a recovery code");
        assert_eq!(code(sign_in(Some(codes[0].clone())).await), "identity.session.totp_wrong", "used");

        assert_eq!(code(totp::service::disable(&world.app, &caller, "not this one").await), "identity.input_invalid");
        totp::service::disable(&world.app, &caller, PASSWORD).await.expect("takes it off");
        assert!(sign_in(None).await.is_ok());
        let kept: Vec<(Option<Vec<u8>>,)> =
            world.app.store.all("SELECT totp_key FROM identity_user", vec![]).await.expect("rows");
        assert!(kept.iter().all(|(key,)| key.is_none()));
    }

    async fn a_reset_is_mailed_to_those_who_exist_and_looks_the_same_for_others(store: TestStore) {
        let world = world(&store).await;
        world.user("li@b.example", "market").await;
        let mut browser = Browser::new(CHROME, HOME);
        world.sign_in(&mut browser, "li@b.example").await;
        let client = browser.client();
        link::service::request_reset(&world.app, &client, "nobody@b.example").await.expect("the same answer");
        world.work().await;
        assert!(world.inbox.take().is_empty());
        link::service::request_reset(&world.app, &client, "Li@b.example").await.expect("the same answer");
        world.work().await;
        let mails = world.inbox.take();
        assert_eq!(mails[0].to, "li@b.example");
        assert!(mails[0].text.contains("https://b.example/reset-password#"), "{}", mails[0].text);
        let token = secret_of(&mails[0]);
        let new = |password: &str| NewPassword { token: token.clone(), password: password.into() };
        assert_eq!(code(link::service::activate(&world.app, &stranger(), &new("another good one")).await), "identity.link.invalid", "another purpose");
        assert_eq!(code(link::service::reset(&world.app, &stranger(), &new("short")).await), "identity.input_invalid");
        link::service::reset(&world.app, &stranger(), &new("another good one")).await.expect("resets");
        assert_eq!(world.who(&browser).await.actor, Actor::Anonymous, "sessions ended");
        assert_eq!(code(link::service::reset(&world.app, &stranger(), &new("a third good one")).await), "identity.link.invalid");
        assert_eq!(code(world.try_sign_in(&browser, "li@b.example", PASSWORD, None).await), "identity.session.wrong");
        assert!(world.try_sign_in(&browser, "li@b.example", "another good one", None).await.is_ok());

        link::service::request_reset(&world.app, &client, "li@b.example").await.expect("asks");
        world.work().await;
        let late = NewPassword { token: world.inbox.only_secret(), password: "a third good one".into() };
        world.clock.advance_ms(30 * MINUTE_MS);
        assert_eq!(code(link::service::reset(&world.app, &stranger(), &late).await), "identity.link.invalid", "too late");
    }

    async fn nobody_can_fill_a_mailbox_with_resets(store: TestStore) {
        let world = world(&store).await;
        world.user("li@b.example", "market").await;
        let client = Browser::new(CHROME, HOME).client();
        for _ in 0..6 {
            link::service::request_reset(&world.app, &client, "li@b.example").await.expect("the same answer");
        }
        world.work().await;
        assert_eq!(world.inbox.take().len(), 3);
    }

    async fn a_changed_password_ends_the_other_sessions(store: TestStore) {
        let world = world(&store).await;
        let id = world.user("li@b.example", "market").await;
        let (mut here, mut there) = (Browser::new(CHROME, HOME), Browser::new(FIREFOX, HOME));
        let caller = world.sign_in(&mut here, "li@b.example").await;
        world.sign_in(&mut there, "li@b.example").await;
        let current = session::service::current(&world.app, &here.client()).await.expect("asks").map(|s| s.id);
        let change = |now: &str| PasswordChange { current: now.into(), password: "another good one".into() };
        assert_eq!(code(user::service::change_password(&world.app, &caller, current, &change("wrong")).await), "identity.input_invalid");
        user::service::change_password(&world.app, &caller, current, &change(PASSWORD)).await.expect("changes");
        assert_eq!(world.who(&here).await.find_user_id(), Some(id));
        assert_eq!(world.who(&there).await.actor, Actor::Anonymous);
    }

    async fn ended_sessions_are_written_down(store: TestStore) {
        let world = world(&store).await;
        world.user("li@b.example", "market").await;
        world.sign_in(&mut Browser::new(CHROME, HOME), "li@b.example").await;
        // A schedule counts from when it was first seen.
        world.work().await;
        world.clock.advance_ms(DAY_MS);
        world.work().await;
        let ends: Vec<(Option<String>,)> =
            world.app.store.all("SELECT ended_reason FROM identity_session", vec![]).await.expect("rows");
        assert_eq!(ends, [(Some("expired".to_owned()),)]);
    }
}
