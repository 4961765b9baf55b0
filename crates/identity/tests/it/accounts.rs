//! Accounts come by request and go by leave date.

use axum::http::Method;
use identity::account_request::{self, NewAccountRequest, RequestFilter, RequestState};
use identity::grant::ScopeKind;
use identity::handover;
use identity::link::{self, NewPassword};
use identity::user::{self, UserPatch, UserState};
use kernel::{Actor, DAY_MS, HOUR_MS, Id, PageQuery, Timestamp};

use crate::support::{Browser, CHROME, FIREFOX, MIGRATIONS, PASSWORD, code, stranger, world};

const HOME: &str = "10.1.2.3";

store::on_both! {
    migrations = MIGRATIONS;

    async fn an_account_comes_by_request_and_approval_of_two_people(store: TestStore) {
        let world = world(&store).await;
        let admin = world.administrator(&mut Browser::new(CHROME, HOME)).await;
        let market = world.department(&admin, "market", None).await;
        let sales = world.department(&admin, "sales", None).await;
        let head = world.member(&admin, "head@b.example", Some(market)).await;
        world.give(&admin, head, "head", ScopeKind::Department, Some(market)).await;
        world.give(&admin, head, "market", ScopeKind::Company, None).await;
        let head = world.sign_in(&mut Browser::new(CHROME, HOME), "head@b.example").await;
        world.user("it@b.example", "it").await;
        let it = world.sign_in(&mut Browser::new(CHROME, HOME), "it@b.example").await;

        let role_id = identity::role::service::id_of(&world.app, "market").await.expect("a role");
        let new = |department_id: Id, email: &str| NewAccountRequest {
            department_id,
            name: "新人".into(),
            email: email.into(),
            language: Some(kernel::Language::En),
            position_id: None,
            role_id,
            scope: ScopeKind::Company,
            brand_id: None,
            scope_department_id: None,
            reason: "双十一期间增援".into(),
        };
        let ask = |new: NewAccountRequest| { let (world, head) = (&world, &head); async move { account_request::service::create(&world.app, head, &new).await } };
        assert_eq!(code(ask(new(sales, "a@b.example")).await), "access.outside_scope");
        assert_eq!(code(ask(new(market, "head@b.example")).await), "identity.user.email_taken");
        let request = ask(new(market, "new@b.example")).await.expect("asks");
        assert_eq!(code(ask(new(market, "NEW@b.example")).await), "identity.account_request.pending");
        world.work().await;
        assert!(world.inbox.take().is_empty(), "nothing is sent before the approval");
        assert!(world.tasks(&it).await.contains(&"identity.account_request".to_owned()));
        assert_eq!(code(account_request::service::approve(&world.app, &admin, request.id, 7).await), "store.changed_meanwhile");

        let approved = account_request::service::approve(&world.app, &it, request.id, request.version).await.expect("approves");
        assert_eq!(approved.state, RequestState::Approved);
        assert_eq!(code(account_request::service::approve(&world.app, &it, request.id, approved.version).await), "identity.account_request.decided");
        world.work().await;
        let mails = world.inbox.take();
        assert_eq!((mails.len(), mails[0].to.as_str()), (1, "new@b.example"));
        assert!(mails[0].subject.contains("Activate"), "in the person's language: {}", mails[0].subject);
        let token = crate::support::secret_of(&mails[0]);
        let browser = Browser::new(CHROME, HOME);
        assert_eq!(code(world.try_sign_in(&browser, "new@b.example", PASSWORD, None).await), "identity.session.wrong");
        link::service::activate(&world.app, &stranger(), &NewPassword { token, password: PASSWORD.into() }).await.expect("activates");
        let opened = world.try_sign_in(&browser, "new@b.example", PASSWORD, None).await.expect("signs in");
        assert!(opened.caller.may(crate::support::CONTENT));
        let user = user::service::get(&world.app, &admin, approved.user_id.expect("a user")).await.expect("reads");
        assert!(user.approved_request && user.state == UserState::Active);
        assert_eq!(user.manager_id, head.find_user_id());
        assert!(!world.tasks(&it).await.contains(&"identity.account_request".to_owned()));
    }

    async fn neither_ones_own_request_nor_more_than_both_hold_is_approved(store: TestStore) {
        let world = world(&store).await;
        let admin = world.administrator(&mut Browser::new(CHROME, HOME)).await;
        let market = world.department(&admin, "market", None).await;
        let head = world.member(&admin, "head@b.example", Some(market)).await;
        world.give(&admin, head, "head", ScopeKind::Department, Some(market)).await;
        world.give(&admin, head, "it", ScopeKind::Company, None).await;
        let head = world.sign_in(&mut Browser::new(CHROME, HOME), "head@b.example").await;
        world.user("it@b.example", "it").await;
        let it = world.sign_in(&mut Browser::new(CHROME, HOME), "it@b.example").await;
        let role_id = identity::role::service::id_of(&world.app, "administrator").await.expect("a role");
        let new = NewAccountRequest {
            department_id: market,
            name: "新人".into(),
            email: "new@b.example".into(),
            language: None,
            position_id: None,
            role_id,
            scope: ScopeKind::Company,
            brand_id: None,
            scope_department_id: None,
            reason: "试试".into(),
        };
        let request = account_request::service::create(&world.app, &head, &new).await.expect("asks");
        assert_eq!(code(account_request::service::approve(&world.app, &head, request.id, 1).await), "identity.account_request.own");
        assert_eq!(code(account_request::service::approve(&world.app, &it, request.id, 1).await), "identity.grant.more_than_held");
        let rejected = account_request::service::reject(&world.app, &it, request.id, 1, "权限过大").await.expect("rejects");
        assert_eq!((rejected.state, rejected.decision_reason.as_deref()), (RequestState::Rejected, Some("权限过大")));
        let listed = account_request::service::list(&world.app, &it, &PageQuery::default(), &RequestFilter::default()).await;
        assert_eq!(listed.expect("lists").items.len(), 1);
    }

    async fn a_leaver_is_out_at_that_moment(store: TestStore) {
        let world = world(&store).await;
        let admin = world.administrator(&mut Browser::new(CHROME, HOME)).await;
        let market = world.department(&admin, "market", None).await;
        let boss = world.member(&admin, "boss@b.example", Some(market)).await;
        let id = world.member(&admin, "li@b.example", Some(market)).await;
        world.give(&admin, id, "market", ScopeKind::Company, None).await;
        let mut browser = Browser::new(CHROME, HOME);
        world.sign_in(&mut browser, "li@b.example").await;
        let secret = identity::cli::create_token(&world.app, "li@b.example", "export", 300).await.expect("a token");
        let leave = world.app.store.now().plus_ms(HOUR_MS);
        let user = user::service::get(&world.app, &admin, id).await.expect("reads");
        let patch = UserPatch { leave_at: Some(Some(leave)), manager_id: Some(Some(boss)), ..Default::default() };
        user::service::update(&world.app, &admin, id, user.version, patch).await.expect("sets the date");
        store.tamper(&format!("INSERT INTO thing (id, owner_id) VALUES ('t1', '{id}'), ('t2', '{id}')")).await;

        world.clock.advance_ms(HOUR_MS - 1);
        world.work().await;
        assert_eq!(world.who(&browser).await.find_user_id(), Some(id));
        assert!(world.by_token(&secret).await.is_ok());
        world.clock.advance_ms(1);
        assert_eq!(world.who(&browser).await.actor, Actor::Anonymous, "by the clock, before any job");
        assert_eq!(code(world.by_token(&secret).await), "identity.token.invalid");
        assert_eq!(code(world.try_sign_in(&browser, "li@b.example", PASSWORD, None).await), "identity.session.account_left");
        let (still, open, tokens) = leaver(&world).await;
        assert!(still && open == 1 && tokens == 1, "not written down yet");
        world.clock.advance_ms(kernel::MINUTE_MS);
        world.work().await;
        let (still, open, tokens) = leaver(&world).await;
        assert!(!still && open == 0 && tokens == 0);
        let user = user::service::get(&world.app, &admin, id).await.expect("reads");
        assert_eq!(user.state, UserState::Left);

        let boss = world.sign_in(&mut Browser::new(CHROME, HOME), "boss@b.example").await;
        assert!(world.tasks(&boss).await.contains(&"identity.handover".to_owned()));
        let list = handover::service::list(&world.app, &boss, &PageQuery::default()).await.expect("lists");
        let found = handover::service::get(&world.app, &boss, list.items[0].id).await.expect("reads");
        assert_eq!((found.owned[0].view.as_str(), found.owned[0].count), ("v_test_thing", 2));
        assert_eq!(found.owned[0].links, ["/things/t1", "/things/t2"]);
        let stranger = world.member(&admin, "zhao@b.example", None).await;
        assert!(stranger != id);
        let other = world.sign_in(&mut Browser::new(CHROME, HOME), "zhao@b.example").await;
        assert_eq!(code(handover::service::get(&world.app, &other, found.id).await), "access.not_found");
        let done = handover::Done { note: "都交给了赵强".into() };
        handover::service::done(&world.app, &boss, found.id, found.version, &done).await.expect("done");
        assert!(world.tasks(&boss).await.is_empty());

        assert_eq!(code(user::service::enable(&world.app, &admin, id, "返聘").await), "identity.user.leave_date_passed");
        let patch = UserPatch { leave_at: Some(None), ..Default::default() };
        let user = user::service::update(&world.app, &admin, id, user.version, patch).await.expect("clears the date");
        user::service::enable(&world.app, &admin, user.id, "返聘").await.expect("opens");
        assert!(world.try_sign_in(&browser, "li@b.example", PASSWORD, None).await.is_ok());
        assert_eq!(code(world.by_token(&secret).await), "identity.token.invalid");
    }

    async fn a_leave_date_that_has_passed_closes_at_once(store: TestStore) {
        let world = world(&store).await;
        let admin = world.administrator(&mut Browser::new(CHROME, HOME)).await;
        let id = world.member(&admin, "li@b.example", None).await;
        let user = user::service::get(&world.app, &admin, id).await.expect("reads");
        let yesterday: Timestamp = world.app.store.now().plus_days(-1);
        let patch = UserPatch { leave_at: Some(Some(yesterday)), ..Default::default() };
        assert_eq!(code(user::service::update(&world.app, &admin, id, 99, patch.clone()).await), "store.changed_meanwhile");
        let user = user::service::update(&world.app, &admin, id, user.version, patch).await.expect("sets the date");
        assert_eq!(user.state, UserState::Left);
    }

    async fn idle_accounts_are_flagged_and_wake_up_by_use(store: TestStore) {
        let world = world(&store).await;
        let admin = world.administrator(&mut Browser::new(CHROME, HOME)).await;
        let id = world.member(&admin, "li@b.example", None).await;
        world.clock.advance_ms(90 * DAY_MS);
        let mut browser = Browser::new(FIREFOX, HOME);
        let admin = world.sign_in(&mut browser, "root@b.example").await;
        world.clock.advance_ms(DAY_MS);
        world.work().await;
        let idle = user::UserFilter { idle: Some(true), ..Default::default() };
        let page = PageQuery::default();
        let flagged = user::service::list(&world.app, &admin, &page, &idle).await.expect("lists");
        assert_eq!(flagged.items.iter().map(|user| user.id).collect::<Vec<_>>(), [id]);
        assert_eq!(world.tasks(&admin).await.iter().filter(|kind| *kind == "identity.idle").count(), 1);
        world.clock.advance_ms(DAY_MS);
        world.work().await;
        assert_eq!(world.tasks(&admin).await.iter().filter(|kind| *kind == "identity.idle").count(), 1, "once");
        world.sign_in(&mut Browser::new(CHROME, HOME), "li@b.example").await;
        let flagged = user::service::list(&world.app, &admin, &page, &idle).await.expect("lists");
        assert!(flagged.items.is_empty());
    }

    async fn signing_in_asks_whether_the_request_is_our_own(store: TestStore) {
        let world = world(&store).await;
        let browser = Browser::new(CHROME, HOME);
        let mut headers = browser.headers();
        headers.insert("origin", axum::http::HeaderValue::from_static("https://evil.example"));
        assert_eq!(code(world.ask(Method::POST, &headers, browser.address).await), "http.csrf");
    }
}

async fn leaver(world: &crate::support::World) -> (bool, i64, i64) {
    let sql = "SELECT still_enabled, open_sessions, open_tokens FROM v_identity_leaver";
    world.app.store.get(sql, vec![]).await.expect("a leaver")
}
