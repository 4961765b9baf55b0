//! Somebody else signs in: alert, "not me", security case.

use axum::http::Method;
use identity::alert::{self, Answer, Reason};
use identity::link::{self, LinkUse, NewPassword};
use identity::security_case::{self, CaseFilter, CaseState, Settlement};
use kernel::{Actor, MINUTE_MS, PageQuery};

use crate::support::{Browser, CHROME, FIREFOX, MIGRATIONS, PASSWORD, code, secret_of, stranger, world};

store::on_both! {
    migrations = MIGRATIONS;

    async fn a_strange_sign_in_is_told_to_the_owner(store: TestStore) {
        let world = world(&store).await;
        world.user("li@b.example", "market").await;
        let mut own = Browser::new(CHROME, "10.1.2.3");
        let caller = world.sign_in(&mut own, "li@b.example").await;
        assert!(alert::service::list(&world.app, &caller).await.expect("lists").is_empty(), "the first sign-in");
        world.sign_in(&mut own, "li@b.example").await;
        assert!(alert::service::list(&world.app, &caller).await.expect("lists").is_empty(), "the same device");
        let mut thief = Browser::new(FIREFOX, "203.0.113.7");
        world.sign_in(&mut thief, "li@b.example").await;
        let alerts = alert::service::list(&world.app, &caller).await.expect("lists");
        assert_eq!(alerts[0].reasons, [Reason::NewDevice, Reason::Elsewhere]);
        assert_eq!(alerts[0].address, "203.0.113.7");
        assert!(world.tasks(&caller).await.contains(&"identity.alert".to_owned()));
        world.work().await;
        let mails = world.inbox.take();
        assert_eq!(mails.len(), 1);
        assert!(mails[0].text.contains("Firefox · Linux") && mails[0].text.contains("203.0.113.7"), "{}", mails[0].text);
        alert::service::me(&world.app, &caller, alerts[0].id).await.expect("it was me");
        assert_eq!(code(alert::service::me(&world.app, &caller, alerts[0].id).await), "identity.alert.answered");
        assert!(!world.tasks(&caller).await.contains(&"identity.alert".to_owned()));
        let other = world.user("zhao@b.example", "market").await;
        let somebody = world.sign_in(&mut Browser::new(CHROME, "10.1.2.3"), "zhao@b.example").await;
        assert_eq!(somebody.find_user_id(), Some(other));
        assert_eq!(code(alert::service::not_me(&world.app, &somebody, alerts[0].id).await), "access.not_found");
    }

    async fn not_me_ends_all_sessions_locks_the_account_and_calls_it(store: TestStore) {
        let world = world(&store).await;
        let id = world.user("li@b.example", "market").await;
        world.user("it@b.example", "it").await;
        let mut own = Browser::new(CHROME, "10.1.2.3");
        let caller = world.sign_in(&mut own, "li@b.example").await;
        let secret = identity::cli::create_token(&world.app, "li@b.example", "export", 30).await.expect("a token");
        let mut thief = Browser::new(FIREFOX, "203.0.113.7");
        world.sign_in(&mut thief, "li@b.example").await;
        world.work().await;
        let token = secret_of(&world.inbox.take()[0]);
        let headers = own.headers();
        assert!(world.ask(Method::GET, &headers, own.address).await.expect("asks").find_user_id().is_some());

        let report = LinkUse { token };
        not_me(&world, &report).await.expect("reported");
        for browser in [&own, &thief] {
            assert_eq!(world.who(browser).await.actor, Actor::Anonymous);
        }
        assert_eq!(code(world.by_token(&secret).await), "identity.token.invalid", "a locked account has no tokens");
        assert_eq!(code(world.try_sign_in(&thief, "li@b.example", PASSWORD, None).await), "identity.session.account_locked");
        assert_eq!(code(not_me(&world, &report).await), "identity.link.invalid", "once");

        let it = world.sign_in(&mut Browser::new(CHROME, "10.1.9.9"), "it@b.example").await;
        assert!(world.tasks(&it).await.contains(&"identity.security_case".to_owned()));
        let filter = CaseFilter { state: Some(CaseState::Open), user_id: None };
        let cases = security_case::service::list(&world.app, &PageQuery::default(), &filter).await.expect("lists");
        assert_eq!(cases.items.len(), 1);
        assert_eq!(cases.items[0].user_id, id);
        assert_eq!(alert::service::list(&world.app, &caller).await.expect("lists")[0].answer, Some(Answer::NotMe));
        world.clock.advance_ms(25 * MINUTE_MS);
        let case = security_case::service::handle(&world.app, &it, cases.items[0].id).await.expect("takes it");
        assert_eq!(code(security_case::service::handle(&world.app, &it, case.id).await), "identity.security_case.taken");
        let minutes: Vec<i64> =
            world.app.store.all("SELECT minutes_to_handling FROM v_identity_security_case", vec![]).await.expect("rows");
        assert_eq!(minutes, [25]);
        let how = Settlement { resolution: "电话核实，密码已泄露".into(), unlock: true };
        let closed = security_case::service::close(&world.app, &it, case.id, case.version, &how).await.expect("closes");
        assert_eq!(closed.state, CaseState::Closed);
        assert!(!world.tasks(&it).await.contains(&"identity.security_case".to_owned()));
        world.work().await;
        assert_eq!(code(world.try_sign_in(&thief, "li@b.example", PASSWORD, None).await), "identity.session.wrong", "the old password is gone");
        let new = NewPassword { token: world.inbox.only_secret(), password: "another good one".into() };
        link::service::activate(&world.app, &stranger(), &new).await.expect("sets a new one");
        assert!(world.try_sign_in(&own, "li@b.example", "another good one", None).await.is_ok());
    }

    async fn nobody_settles_their_own_case(store: TestStore) {
        let world = world(&store).await;
        world.user("it@b.example", "it").await;
        let mut own = Browser::new(CHROME, "10.1.2.3");
        let caller = world.sign_in(&mut own, "it@b.example").await;
        world.sign_in(&mut Browser::new(FIREFOX, "203.0.113.7"), "it@b.example").await;
        let alerts = alert::service::list(&world.app, &caller).await.expect("lists");
        alert::service::not_me(&world.app, &caller, alerts[0].id).await.expect("reported");
        let cases = security_case::service::list(&world.app, &PageQuery::default(), &CaseFilter::default()).await;
        let case = &cases.expect("lists").items[0];
        assert_eq!(code(security_case::service::handle(&world.app, &caller, case.id).await), "identity.security_case.own");
    }
}

async fn not_me(world: &crate::support::World, link: &LinkUse) -> kernel::Result<()> {
    alert::service::not_me_by_link(&world.app, &stranger(), &link.token).await
}
