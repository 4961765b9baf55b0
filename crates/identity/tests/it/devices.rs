//! The register of devices and the areas that need one.

use axum::http::Method;
use identity::confidential::{self, ConfidentialAreas};
use identity::device::{self, DeviceCheck, DeviceKind, DeviceState, NewDevice};
use identity::totp;
use kernel::{Caller, Label, PageQuery, Problem};
use totp_rs::{Algorithm, Secret, TOTP};

use crate::support::{Browser, CHROME, COST, MIGRATIONS, PASSWORD, World, code, world};

const HOME: &str = "10.1.2.3";

/// Signs in with a second factor, setting it up first.
async fn with_second_factor(world: &World, browser: &mut Browser, email: &str) -> Caller {
    let caller = world.sign_in(browser, email).await;
    let setup = totp::service::set_up(&world.app, &caller).await.expect("sets up");
    let key = Secret::Encoded(setup.secret).to_bytes().expect("a key");
    let authenticator = TOTP::new(Algorithm::SHA1, 6, 1, 30, key, None, "x".into()).expect("a key");
    let shown = || authenticator.generate((world.app.store.now().ms() / 1000).unsigned_abs());
    totp::service::confirm(&world.app, &caller, None, &shown()).await.expect("confirms");
    world.clock.advance_ms(60_000);
    let opened = world.try_sign_in(browser, email, PASSWORD, Some(&shown())).await.expect("signs in");
    browser.keep(&opened);
    opened.caller
}

fn laptop(this_browser: bool) -> NewDevice {
    NewDevice {
        name: "李娜的笔记本".into(),
        kind: DeviceKind::Laptop,
        serial: Some("SN-1".into()),
        this_browser,
    }
}

store::on_both! {
    migrations = MIGRATIONS;

    async fn secrets_are_shown_only_on_a_registered_encrypted_and_checked_device(store: TestStore) {
        let world = world(&store).await;
        let mut browser = Browser::new(CHROME, HOME);
        world.administrator(&mut browser).await;
        world.user("second@b.example", "administrator").await;
        let second = world.sign_in(&mut Browser::new(CHROME, "10.1.9.9"), "second@b.example").await;
        let areas = ConfidentialAreas { patterns: vec!["catalog.cost.*".into()] };
        confidential::service::put(&world.app, &second, areas).await.expect("an area");

        let caller = with_second_factor(&world, &mut browser, "root@b.example").await;
        assert_eq!(caller.clearance, Label::Personal);
        assert!(!caller.may(COST), "withheld");
        let problem = caller.require(COST).expect_err("withheld");
        let told = identity::record_refusal(&world.app, &caller, &problem, &Method::GET, "/api/v1/catalog/costs").await;
        assert_eq!(told.expect("recorded").expect("a better answer").code, "identity.device.needed");
        let why: Vec<(String, i64)> =
            world.app.store.all("SELECT why, attempts FROM v_identity_session_refusal", vec![]).await.expect("rows");
        assert_eq!(why, [("device".to_owned(), 1)]);

        let device = device::service::create(&world.app, &caller, &browser.client(), &laptop(true)).await.expect("asks");
        assert_eq!(device.state, DeviceState::Waiting);
        assert_eq!(world.who(&browser).await.clearance, Label::Personal, "nobody looked at it yet");
        let check = |encrypted| DeviceCheck { encrypted, encryption: encrypted.then(|| "BitLocker".to_owned()) };
        assert_eq!(code(device::service::check(&world.app, &caller, device.id, 1, &check(true)).await), "identity.device.own_check");
        let device = device::service::check(&world.app, &second, device.id, 1, &check(false)).await.expect("looks");
        assert!(!device.sound);
        assert_eq!(world.who(&browser).await.clearance, Label::Personal, "not encrypted");
        let device = device::service::check(&world.app, &second, device.id, device.version, &check(true)).await.expect("looks");
        assert!(device.sound);
        let caller = world.who(&browser).await;
        assert_eq!(caller.clearance, Label::Secret);
        assert!(caller.may(COST));

        assert_eq!(second.clearance, Label::Personal, "on another device");
        let opened = world.try_sign_in(&Browser { cookies: Vec::new(), ..browser.clone() }, "second@b.example", PASSWORD, None).await;
        assert_eq!(opened.expect("signs in").caller.clearance, Label::Personal);
        store.tamper("UPDATE identity_device SET checked_at = checked_at - 180 * CAST(86400000 AS BIGINT)").await;
        assert_eq!(world.who(&browser).await.clearance, Label::Personal, "the check no longer holds");
        let overdue = device::DeviceFilter { check_overdue: Some(true), ..Default::default() };
        let listed = device::service::list(&world.app, &second, &PageQuery::default(), &overdue).await.expect("lists");
        assert_eq!(listed.items.len(), 1);
        assert!(!listed.items[0].sound);
    }

    async fn a_registered_device_without_a_second_factor_is_not_enough(store: TestStore) {
        let world = world(&store).await;
        let mut browser = Browser::new(CHROME, HOME);
        let caller = world.administrator(&mut browser).await;
        world.user("it@b.example", "it").await;
        let it = world.sign_in(&mut Browser::new(CHROME, "10.1.9.9"), "it@b.example").await;
        let bare = Browser::new(CHROME, HOME);
        assert_eq!(code(device::service::create(&world.app, &caller, &bare.client(), &laptop(true)).await), "identity.device.browser_unknown");
        let device = device::service::create(&world.app, &caller, &browser.client(), &laptop(true)).await.expect("asks");
        assert_eq!(code(device::service::create(&world.app, &caller, &browser.client(), &laptop(true)).await), "identity.device.registered");
        assert!(world.tasks(&it).await.contains(&"identity.device".to_owned()));
        let check = DeviceCheck { encrypted: true, encryption: Some("FileVault".into()) };
        let device = device::service::check(&world.app, &it, device.id, 1, &check).await.expect("looks");
        assert!(!world.tasks(&it).await.contains(&"identity.device".to_owned()));
        assert_eq!(world.who(&browser).await.clearance, Label::Personal, "no second factor");
        device::service::retire(&world.app, &caller, device.id, device.version).await.expect("retires");
        device::service::create(&world.app, &caller, &browser.client(), &laptop(true)).await.expect("may be entered anew");
    }

    async fn the_way_back_in_is_never_confidential(store: TestStore) {
        let world = world(&store).await;
        let admin = world.administrator(&mut Browser::new(CHROME, HOME)).await;
        for trap in ["*", "identity.*", "identity.device.manage"] {
            let areas = ConfidentialAreas { patterns: vec![trap.into()] };
            let put = confidential::service::put(&world.app, &admin, areas).await;
            assert_eq!(put.expect_err(trap).fields[0].code, "identity.confidential.device_register");
        }
    }

    async fn refusals_are_counted_within_a_minute(store: TestStore) {
        let world = world(&store).await;
        world.user("li@b.example", "market").await;
        let caller = world.sign_in(&mut Browser::new(CHROME, HOME), "li@b.example").await;
        let problem = || caller.require(identity::permissions::USER_MANAGE).expect_err("not held");
        for _ in 0..3 {
            let told = identity::record_refusal(&world.app, &caller, &problem(), &Method::POST, "/api/v1/identity/users").await;
            assert!(told.expect("recorded").is_none(), "the answer is right as it is");
        }
        let scope = Problem::forbidden("access.outside_scope");
        identity::record_refusal(&world.app, &caller, &scope, &Method::POST, "/x").await.expect("recorded");
        let mut why: Vec<(String, i64)> =
            world.app.store.all("SELECT why, attempts FROM v_identity_session_refusal", vec![]).await.expect("rows");
        why.sort();
        assert_eq!(why, [("permission".to_owned(), 3), ("scope".to_owned(), 1)]);
        let noted: i64 = world.app.store
            .get("SELECT COUNT(*) FROM audit_entry WHERE action = 'refuse'", vec![]).await.expect("a count");
        assert_eq!(noted, 2);
    }

    async fn the_encryption_of_stored_secrets_is_tested_and_a_plain_one_is_found(store: TestStore) {
        let world = world(&store).await;
        let mut browser = Browser::new(CHROME, HOME);
        world.administrator(&mut browser).await;
        with_second_factor(&world, &mut browser, "root@b.example").await;
        device::jobs::run(&world.app).await.expect("runs");
        let results = device::jobs::results(&world.app).await.expect("results");
        assert!(results.len() == 2 && results.iter().all(|result| result.passed), "{results:?}");
        let plain = world.app.store.all::<(String,)>("SELECT email FROM identity_user WHERE totp_key IS NOT NULL", vec![]).await;
        assert_eq!(plain.expect("rows").len(), 1);
        let bytes = if store.dialect() == store::Dialect::Sqlite { "X'0102030405060708090A0B0C0D0E0F1011121314'" } else { "'\\x0102030405060708090A0B0C0D0E0F1011121314'" };
        store.tamper(&format!("UPDATE identity_user SET totp_key = {bytes} WHERE totp_key IS NOT NULL")).await;
        world.clock.advance_ms(1);
        device::jobs::run(&world.app).await.expect("runs");
        let results = device::jobs::results(&world.app).await.expect("results");
        let failed: Vec<_> = results.iter().filter(|result| !result.passed).map(|r| r.subject.as_str()).collect();
        assert_eq!(failed, ["second_factor_keys"]);
    }
}
