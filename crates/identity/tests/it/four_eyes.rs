//! Important deletes and bulk changes take a second person.

use identity::four_eyes::{self, ChangeTarget, DeletionState, NewDeletionRequest};
use identity::grant::ScopeKind;
use identity::role::{self, NewRole};
use identity::user::{self, UserState};
use kernel::{Caller, DAY_MS, Id, Label, LocalText};
use serde_json::json;

use crate::support::{Browser, CHROME, CONTENT, MIGRATIONS, World, code, world};

const HOME: &str = "10.1.2.3";

async fn two_administrators(world: &World) -> (Caller, Caller) {
    let first = world.administrator(&mut Browser::new(CHROME, HOME)).await;
    world.user("second@b.example", "administrator").await;
    let second = world.sign_in(&mut Browser::new(CHROME, HOME), "second@b.example").await;
    (first, second)
}

async fn held_role(world: &World, admin: &Caller) -> (Id, Id) {
    let new = NewRole {
        code: "helper".into(),
        names: LocalText { zh_hans: "帮手".into(), ..Default::default() },
        descriptions: LocalText::default(),
        clearance: Label::Internal,
        permissions: vec!["brand.*".into()],
    };
    let role = role::service::create(&world.app, admin, &new).await.expect("a role");
    let holder = world.member(admin, "li@b.example", None).await;
    world.give(admin, holder, "helper", ScopeKind::Company, None).await;
    (role.id, holder)
}

fn request(kind: &str, target: serde_json::Value) -> NewDeletionRequest {
    NewDeletionRequest { kind: kind.into(), target, reason: "项目结束".into() }
}

store::on_both! {
    migrations = MIGRATIONS;

    async fn a_role_that_is_held_goes_only_with_a_second_person_and_comes_back(store: TestStore) {
        let world = world(&store).await;
        let (first, second) = two_administrators(&world).await;
        let (role_id, holder) = held_role(&world, &first).await;
        let mut browser = Browser::new(CHROME, HOME);
        assert!(world.sign_in(&mut browser, "li@b.example").await.may(CONTENT));
        let role = role::service::get(&world.app, role_id).await.expect("reads");
        assert_eq!(code(role::service::archive(&world.app, &first, role_id, role.version).await), "identity.role.held");

        let target = json!({ "role_id": role_id });
        let kind = "identity.role.archive";
        let shown = four_eyes::service::preview(&world.app, &first, &ChangeTarget { kind: kind.into(), target: target.clone() }).await.expect("a preview");
        assert_eq!((shown.row_count, shown.sample[0]["id"].clone()), (2, json!(holder)));
        assert!(shown.summary.contains("helper"), "{}", shown.summary);
        let asked = four_eyes::service::request(&world.app, &first, &request(kind, target)).await.expect("asks");
        assert!(world.who(&browser).await.may(CONTENT), "nothing happens before the approval");
        assert_eq!(code(four_eyes::service::approve(&world.app, &first, asked.id, asked.version).await), "identity.deletion_request.own");
        assert!(world.tasks(&second).await.contains(&"identity.deletion_request".to_owned()));
        assert!(!world.tasks(&first).await.contains(&"identity.deletion_request".to_owned()));

        let done = four_eyes::service::approve(&world.app, &second, asked.id, asked.version).await.expect("approves");
        assert_eq!(done.state, DeletionState::Done);
        assert!(!world.who(&browser).await.may(CONTENT), "at once");
        let seen: Vec<(bool, i64)> =
            world.app.store.all("SELECT second_person, row_count FROM v_identity_four_eyes", vec![]).await.expect("rows");
        assert_eq!(seen, [(true, 2)]);
        let back = four_eyes::service::restore(&world.app, &first, done.id, done.version).await.expect("restores");
        assert_eq!(back.state, DeletionState::Restored);
        assert!(world.who(&browser).await.may(CONTENT), "as before");
        assert_eq!(code(four_eyes::service::restore(&world.app, &first, done.id, back.version).await), "identity.deletion_request.not_restorable");
    }

    async fn what_changed_since_is_not_approved(store: TestStore) {
        let world = world(&store).await;
        let (first, second) = two_administrators(&world).await;
        let (role_id, _) = held_role(&world, &first).await;
        let asked = four_eyes::service::request(&world.app, &first, &request("identity.role.archive", json!({ "role_id": role_id }))).await.expect("asks");
        let more = world.member(&first, "more@b.example", None).await;
        world.give(&first, more, "helper", ScopeKind::Company, None).await;
        assert_eq!(code(four_eyes::service::approve(&world.app, &second, asked.id, asked.version).await), "identity.deletion_request.changed");
        let rejected = four_eyes::service::reject(&world.app, &second, asked.id, asked.version, "请重新申请").await.expect("rejects");
        assert_eq!(code(four_eyes::service::approve(&world.app, &second, asked.id, rejected.version).await), "identity.deletion_request.decided");
    }

    async fn many_accounts_close_together_and_open_again_for_thirty_days(store: TestStore) {
        let world = world(&store).await;
        let (first, second) = two_administrators(&world).await;
        let mut ids = Vec::new();
        for number in 0..3 {
            ids.push(world.member(&first, &format!("u{number}@b.example"), None).await);
        }
        let ask = |ids: Vec<Id>| {
            let (world, first) = (&world, &first);
            async move {
                let new = request("identity.user.disable_many", json!({ "user_ids": ids }));
                four_eyes::service::request(&world.app, first, &new).await
            }
        };
        let asked = ask(ids.clone()).await.expect("asks");
        let done = four_eyes::service::approve(&world.app, &second, asked.id, asked.version).await.expect("approves");
        let state = |id| { let (world, first) = (&world, &first); async move { user::service::get(&world.app, first, id).await.expect("reads").state } };
        assert_eq!(state(ids[0]).await, UserState::Disabled);
        assert_eq!(code(ask(ids.clone()).await), "identity.deletion_request.nothing");
        user::service::enable(&world.app, &first, ids[1], "误选").await.expect("opens one");
        world.clock.advance_ms(30 * DAY_MS - 1);
        four_eyes::service::restore(&world.app, &second, done.id, done.version).await.expect("restores");
        for id in &ids {
            assert_eq!(state(*id).await, UserState::Active);
        }
        let asked = ask(ids.clone()).await.expect("asks again");
        // A schedule counts from when it was first seen.
        world.work().await;
        let done = four_eyes::service::approve(&world.app, &second, asked.id, asked.version).await.expect("approves");
        world.clock.advance_ms(30 * DAY_MS);
        assert_eq!(code(four_eyes::service::restore(&world.app, &second, done.id, done.version).await), "identity.deletion_request.not_restorable");
        world.work().await;
        let kept: Vec<(Option<String>,)> =
            world.app.store.all("SELECT undo FROM identity_deletion_request WHERE state = 'done'", vec![]).await.expect("rows");
        assert_eq!(kept, [(None,)], "no longer than it can be used");
    }

    async fn nonsense_and_strangers_are_refused(store: TestStore) {
        let world = world(&store).await;
        let (first, _) = two_administrators(&world).await;
        let ask = |caller, new: NewDeletionRequest| { let world = &world; async move { four_eyes::service::request(&world.app, caller, &new).await } };
        assert_eq!(code(ask(&first, request("no.such.kind", json!({}))).await), "identity.deletion_request.kind_unknown");
        assert_eq!(code(ask(&first, request("identity.role.archive", json!({ "role": 1 }))).await), "identity.deletion_request.target_unreadable");
        assert_eq!(code(ask(&first, request("identity.user.disable_many", json!({ "user_ids": [] }))).await), "identity.deletion_request.target_unreadable");
        world.user("li@b.example", "market").await;
        let market = world.sign_in(&mut Browser::new(CHROME, HOME), "li@b.example").await;
        let id = first.find_user_id().expect("a user");
        assert_eq!(code(ask(&market, request("identity.user.disable_many", json!({ "user_ids": [id] }))).await), "access.missing_permission");
    }
}
