//! Who stands in for whom, and what other domains learn of the staff.

use http_kit::{PeoplePort, SecondFactorPort};
use identity::delegation::{self, Delegation, DelegationFilter, DelegationKind, NewDelegation};
use identity::grant::ScopeKind;
use identity::people::Staff;
use identity::totp;
use identity::user::{self, UserPatch};
use kernel::{Caller, DAY_MS, HOUR_MS, Id, PageQuery, Timestamp};
use store::testing::START;
use totp_rs::{Algorithm, Secret, TOTP};

use crate::support::{Browser, CHROME, MIGRATIONS, World, code, world};

const HOME: &str = "10.1.2.3";

fn stands_in(to: Id, from: Timestamp, until: Timestamp) -> NewDelegation {
    NewDelegation {
        from_user_id: None,
        to_user_id: to,
        kind: DelegationKind::Absence,
        task_kinds: Vec::new(),
        valid_from: from,
        valid_to: until,
        reason: "年假".into(),
    }
}

async fn person(world: &World, admin: &Caller, email: &str) -> (Id, Caller) {
    let id = world.member(admin, email, None).await;
    let caller = world.sign_in(&mut Browser::new(CHROME, HOME), email).await;
    world.work().await;
    world.inbox.take();
    (id, caller)
}

async fn deputies(world: &World, of: Id, kind: &str) -> Vec<Id> {
    let mut tx = world.app.store.begin(&Caller::system("test")).await.expect("begins");
    let at = tx.now();
    let found = Staff.stand_ins(&mut tx, &[of], kind, at).await.expect("asks");
    found.into_iter().map(|found| found.deputy_id).collect()
}

fn fields<T: std::fmt::Debug>(result: kernel::Result<T>) -> Vec<String> {
    result.expect_err("refused").fields.into_iter().map(|field| field.code).collect()
}

store::on_both! {
    migrations = MIGRATIONS;

    async fn somebody_stands_in_in_a_half_open_window_with_both_names_in_the_log(store: TestStore) {
        let world = world(&store).await;
        let admin = world.administrator(&mut Browser::new(CHROME, HOME)).await;
        let (li, li_caller) = person(&world, &admin, "li@b.example").await;
        let (wang, wang_caller) = person(&world, &admin, "wang@b.example").await;
        let now = world.app.store.now();
        let (from, until) = (now.plus_ms(HOUR_MS), now.plus_ms(2 * HOUR_MS));
        let made = delegation::service::create(&world.app, &li_caller, &stands_in(wang, from, until)).await;
        let made: Delegation = made.expect("an absence");
        assert_eq!((made.from_name.as_str(), made.to_name.as_str()), ("li", "wang"));
        assert!(deputies(&world, li, "x").await.is_empty(), "not yet");
        world.clock.advance_ms(HOUR_MS);
        assert_eq!(deputies(&world, li, "x").await, [wang]);
        world.clock.advance_ms(HOUR_MS);
        assert!(deputies(&world, li, "x").await.is_empty(), "the last moment is outside");

        let log: Vec<(String, String)> = world.app.store
            .all("SELECT action, changes FROM audit_entry WHERE noun = 'identity.delegation' ORDER BY id", vec![])
            .await.expect("reads");
        assert!(log[0].0 == "create" && log[0].1.contains("\"from_name\":\"li\"") && log[0].1.contains("\"to_name\":\"wang\""));

        // Either of the two may end it; a stranger may not, and nobody twice.
        let now = world.app.store.now();
        let made = delegation::service::create(&world.app, &li_caller, &stands_in(wang, now, now.plus_days(3))).await;
        let made = made.expect("another");
        let (_, stranger) = person(&world, &admin, "zhao@b.example").await;
        assert_eq!(code(delegation::service::end(&world.app, &stranger, made.id).await), "access.missing_permission");
        delegation::service::end(&world.app, &wang_caller, made.id).await.expect("ends");
        assert!(deputies(&world, li, "x").await.is_empty());
        assert_eq!(code(delegation::service::end(&world.app, &li_caller, made.id).await), "identity.delegation.over");
        // Whoever manages users sees to it for others; nobody else does.
        let other = NewDelegation { from_user_id: Some(li), ..stands_in(wang, now, now.plus_days(3)) };
        assert_eq!(code(delegation::service::create(&world.app, &stranger, &other).await), "access.missing_permission");
        delegation::service::create(&world.app, &admin, &other).await.expect("for somebody else");
        let all = DelegationFilter { everybody: Some(true), open: Some(true) };
        let listed = delegation::service::list(&world.app, &admin, &PageQuery::default(), &all).await.expect("lists");
        assert_eq!(listed.items.len(), 1);
        let mine = delegation::service::list(&world.app, &stranger, &PageQuery::default(), &DelegationFilter::default()).await;
        assert!(mine.expect("lists").items.is_empty());
    }

    async fn circles_long_chains_and_leavers_are_refused(store: TestStore) {
        let world = world(&store).await;
        let admin = world.administrator(&mut Browser::new(CHROME, HOME)).await;
        let mut people = Vec::new();
        for email in ["a@b.example", "b@b.example", "c@b.example", "d@b.example", "e@b.example"] {
            people.push(person(&world, &admin, email).await);
        }
        let now = world.app.store.now();
        let create = async |from: usize, to: usize| {
            let new = stands_in(people[to].0, now, now.plus_days(9));
            delegation::service::create(&world.app, &people[from].1, &new).await
        };
        for from in 0..3 {
            create(from, from + 1).await.expect("a link");
        }
        assert_eq!(fields(create(1, 0).await), ["identity.delegation.circle"]);
        assert_eq!(fields(create(2, 0).await), ["identity.delegation.circle"]);
        assert_eq!(fields(create(0, 0).await), ["identity.delegation.circle"]);
        assert_eq!(fields(create(3, 4).await), ["identity.delegation.too_long"]);
        assert_eq!(deputies(&world, people[0].0, "x").await, [people[1].0, people[2].0, people[3].0]);
        let backwards = stands_in(people[4].0, now.plus_days(1), now);
        let refused = delegation::service::create(&world.app, &people[0].1, &backwards).await;
        assert!(fields(refused).contains(&"identity.delegation.ends_before_it_begins".to_owned()));

        // Whoever leaves before it begins cannot stand in; whoever left no longer does.
        let leaver = user::service::get(&world.app, &admin, people[4].0).await.expect("reads");
        let leave: UserPatch = serde_json::from_value(serde_json::json!({ "leave_at": START.plus_days(2) })).expect("a patch");
        user::service::update(&world.app, &admin, leaver.id, leaver.version, leave).await.expect("leaves");
        let later = stands_in(people[4].0, START.plus_days(3), START.plus_days(5));
        let refused = delegation::service::create(&world.app, &people[3].1, &later).await;
        assert_eq!(fields(refused), ["identity.delegation.not_active"]);
    }

    async fn other_domains_learn_who_holds_what_where(store: TestStore) {
        let world = world(&store).await;
        let admin = world.administrator(&mut Browser::new(CHROME, HOME)).await;
        let top = world.department(&admin, "top", None).await;
        let below = world.department(&admin, "below", Some(top)).await;
        let (head, _) = person(&world, &admin, "head@b.example").await;
        let (market, _) = person(&world, &admin, "market@b.example").await;
        world.give(&admin, head, "head", ScopeKind::Department, Some(top)).await;
        world.give(&admin, market, "market", ScopeKind::Company, None).await;
        let mut tx = world.app.store.begin(&admin).await.expect("begins");
        assert_eq!(Staff.holders_of_role(&mut tx, "head", None).await.expect("asks"), [head]);
        assert_eq!(Staff.holders_of_role(&mut tx, "head", Some(below)).await.expect("asks"), [head]);
        assert!(Staff.holders_of_role(&mut tx, "head", Some(Id::new())).await.expect("asks").is_empty());
        let code = identity::permissions::REVIEW_DECIDE.code;
        let holders = Staff.holders_of_permission(&mut tx, code, None, Some(below)).await.expect("asks");
        assert!(holders.contains(&head) && !holders.contains(&market));
        let elsewhere = Staff.holders_of_permission(&mut tx, code, None, None).await.expect("asks");
        assert!(!elsewhere.contains(&head));
        let people = Staff.people(&mut tx, &[head, Id::new()]).await.expect("asks");
        assert_eq!((people.len(), people[0].name.as_str(), people[0].active), (1, "head", true));
        assert_eq!(Staff.units(&mut tx).await.expect("asks").len(), 2);
    }

    async fn a_second_factor_is_checked_outside_a_session_and_not_guessed(store: TestStore) {
        let world = world(&store).await;
        let admin = world.administrator(&mut Browser::new(CHROME, HOME)).await;
        let (id, caller) = person(&world, &admin, "li@b.example").await;
        assert_eq!(code(Staff.check(&world.app, id, "123456").await), "identity.totp.needed_here");
        let setup = totp::service::set_up(&world.app, &caller).await.expect("a key");
        let key = Secret::Encoded(setup.secret.clone()).to_bytes().expect("Base32");
        let totp = TOTP::new(Algorithm::SHA1, 6, 1, 30, key, None, "x".into()).expect("a key");
        let shown = || totp.generate((world.app.store.now().ms() / 1_000).unsigned_abs());
        let present = shown();
        totp::service::confirm(&world.app, &caller, None, &present).await.expect("confirms");
        assert_eq!(code(Staff.check(&world.app, id, &present).await), "identity.input_invalid", "used up");
        world.clock.advance_ms(DAY_MS);
        Staff.check(&world.app, id, &shown()).await.expect("a fresh code");
        let mut last = String::new();
        for _ in 0..8 {
            last = code(Staff.check(&world.app, id, "000000").await);
        }
        assert_eq!(last, "identity.session.too_many_tries");
    }
}
