//! Who may do what to which rows and fields.

use identity::grant::{self, ScopeKind};
use identity::role::{self, NewRole};
use identity::token::{self, NewToken};
use identity::user::{self, UserFilter};
use kernel::{DAY_MS, Id, Label, Labelled, LocalText, MINUTE_MS, PageQuery, project};

use crate::support::{Browser, CHROME, CONTENT, MIGRATIONS, code, world};

const HOME: &str = "10.1.2.3";

fn names(text: &str) -> LocalText {
    LocalText { zh_hans: text.into(), ..Default::default() }
}

store::on_both! {
    migrations = MIGRATIONS;

    async fn a_grant_reaches_its_scope_and_no_further(store: TestStore) {
        let world = world(&store).await;
        let admin = world.administrator(&mut Browser::new(CHROME, HOME)).await;
        let above = world.department(&admin, "market", None).await;
        let below = world.department(&admin, "market_east", Some(above)).await;
        let elsewhere = world.department(&admin, "sales", None).await;
        let id = world.member(&admin, "li@b.example", Some(above)).await;
        let mut browser = Browser::new(CHROME, HOME);
        let caller = world.sign_in(&mut browser, "li@b.example").await;
        assert_eq!(code(caller.scope(CONTENT)), "access.missing_permission");
        assert_eq!(caller.clearance, Label::Public);

        let brand = Id::new();
        world.give(&admin, id, "market", ScopeKind::Department, Some(above)).await;
        world.give(&admin, id, "market", ScopeKind::Brand, Some(brand)).await;
        let caller = world.who(&browser).await;
        let scope = caller.scope(CONTENT).expect("granted");
        assert!(scope.covers(None, Some(above), None) && scope.covers(None, Some(below), None));
        assert!(scope.covers(Some(brand), None, None));
        assert!(!scope.covers(Some(Id::new()), Some(elsewhere), Some(Id::new())));
        assert!(!scope.everything);
        assert_eq!(caller.clearance, Label::Personal);

        for held in grant::service::list(&world.app, &admin, id).await.expect("lists") {
            grant::service::revoke(&world.app, &admin, id, held.id).await.expect("revokes");
        }
        assert!(world.who(&browser).await.grants.is_empty(), "gone with the next request");
        let mut short = world.grant("market", ScopeKind::Own, None).await;
        short.expires_at = Some(world.app.store.now().plus_ms(MINUTE_MS));
        grant::service::give(&world.app, &admin, id, &short).await.expect("gives");
        assert_eq!(world.who(&browser).await.scope(CONTENT).expect("for a minute").owner, Some(id));
        world.clock.advance_ms(MINUTE_MS);
        assert!(world.who(&browser).await.grants.is_empty(), "ended by itself");
    }

    async fn nobody_gives_what_they_do_not_hold(store: TestStore) {
        let world = world(&store).await;
        let admin = world.administrator(&mut Browser::new(CHROME, HOME)).await;
        world.user("it@b.example", "it").await;
        let it = world.sign_in(&mut Browser::new(CHROME, HOME), "it@b.example").await;
        let id = world.member(&admin, "li@b.example", None).await;
        let give = |role, scope| {
            let (world, it) = (&world, &it);
            async move {
                let new = world.grant(role, scope, None).await;
                grant::service::give(&world.app, it, id, &new).await
            }
        };
        assert!(give("it", ScopeKind::Company).await.is_ok());
        assert_eq!(code(give("market", ScopeKind::Company).await), "identity.grant.more_than_held");
        assert_eq!(code(give("administrator", ScopeKind::Own).await), "identity.grant.more_than_held");

        let new = |permissions: &[&str], clearance| NewRole {
            code: "helper".into(),
            names: names("帮手"),
            descriptions: LocalText::default(),
            clearance,
            permissions: permissions.iter().map(|p| (*p).to_owned()).collect(),
        };
        let make = |new: NewRole| { let (world, it) = (&world, &it); async move { role::service::create(&world.app, it, &new).await } };
        assert_eq!(code(make(new(&["brand.*"], Label::Internal)).await), "identity.grant.more_than_held");
        assert_eq!(code(make(new(&["identity.user.read"], Label::Secret)).await), "identity.grant.clearance_above_own");
        assert_eq!(code(make(new(&["no.such.thing"], Label::Internal)).await), "identity.input_invalid");
        assert!(make(new(&["identity.user.read"], Label::Internal)).await.is_ok());
        assert_eq!(code(make(new(&["identity.user.read"], Label::Internal)).await), "identity.role.code_taken");
        assert_eq!(code(user::service::disable(&world.app, &it, admin.find_user_id().expect("a user"), "试试").await), "identity.user.above_you");
        assert!(role::service::create(&world.app, &admin, &NewRole { code: "all".into(), ..new(&["*"], Label::Secret) }).await.is_ok());
    }

    async fn the_last_administrator_stays(store: TestStore) {
        let world = world(&store).await;
        let admin = world.administrator(&mut Browser::new(CHROME, HOME)).await;
        let me = admin.find_user_id().expect("a user");
        let held = grant::service::list(&world.app, &admin, me).await.expect("lists");
        assert_eq!(code(grant::service::revoke(&world.app, &admin, me, held[0].id).await), "identity.grant.last_administrator");
        world.user("second@b.example", "administrator").await;
        let second = world.sign_in(&mut Browser::new(CHROME, HOME), "second@b.example").await;
        grant::service::revoke(&world.app, &second, me, held[0].id).await.expect("there is another one");
        let id = second.find_user_id().expect("a user");
        let role = role::service::id_of(&world.app, "administrator").await.expect("a role");
        assert_eq!(role::service::get(&world.app, role).await.expect("reads").holders, 1);
        assert_eq!(code(user::service::disable(&world.app, &kernel::Caller::system("test"), id, "试试").await), "identity.grant.last_administrator");
    }

    async fn a_token_reaches_no_further_than_its_owner(store: TestStore) {
        let world = world(&store).await;
        let admin = world.administrator(&mut Browser::new(CHROME, HOME)).await;
        let id = world.user("li@b.example", "market").await;
        let caller = world.sign_in(&mut Browser::new(CHROME, HOME), "li@b.example").await;
        let new = |scopes: &[&str], days| NewToken {
            name: "报表".into(),
            scopes: scopes.iter().map(|s| (*s).to_owned()).collect(),
            days,
        };
        assert_eq!(code(token::service::create(&world.app, &caller, &new(&["*"], 0)).await), "identity.input_invalid");
        let made = token::service::create(&world.app, &caller, &new(&["brand.content.read", "catalog.*"], 30)).await.expect("made");
        assert!(made.secret.starts_with("bw_") && made.secret.starts_with(&made.token.hint));
        let by = world.by_token(&made.secret).await.expect("a token");
        assert_eq!(by.find_user_id(), Some(id));
        assert!(by.may(CONTENT), "in its scopes and held");
        assert!(!by.may(kernel::Permission::scoped("catalog.product.write")), "in its scopes, not held");
        assert!(!by.may(kernel::Permission::scoped("brand.content.write")), "held, not in its scopes");
        assert!(by.clearance <= Label::Personal);
        assert_eq!(code(token::service::create(&world.app, &by, &new(&["*"], 1)).await), "identity.token.person_needed");
        assert_eq!(code(world.by_token("bw_nothing").await), "identity.token.invalid");

        token::service::revoke(&world.app, &caller, made.token.id).await.expect("revokes");
        assert_eq!(code(world.by_token(&made.secret).await), "identity.token.invalid");
        let short = token::service::create(&world.app, &caller, &new(&["*"], 1)).await.expect("made");
        world.clock.advance_ms(DAY_MS);
        assert_eq!(code(world.by_token(&short.secret).await), "identity.token.invalid", "expired");
        let long = token::service::create(&world.app, &caller, &new(&["*"], 30)).await.expect("made");
        user::service::disable(&world.app, &admin, id, "离开项目").await.expect("disables");
        assert_eq!(code(world.by_token(&long.secret).await), "identity.token.invalid", "dies with the user");
        user::service::enable(&world.app, &admin, id, "回来了").await.expect("enables");
        assert_eq!(code(world.by_token(&long.secret).await), "identity.token.invalid", "and stays dead");
    }

    async fn rows_and_fields_beyond_ones_reach_are_not_shown_searched_or_changed(store: TestStore) {
        let world = world(&store).await;
        let admin = world.administrator(&mut Browser::new(CHROME, HOME)).await;
        let (market, sales) = (world.department(&admin, "market", None).await, world.department(&admin, "sales", None).await);
        let head = world.member(&admin, "head@b.example", Some(market)).await;
        world.member(&admin, "li@b.example", Some(market)).await;
        let other = world.member(&admin, "zhao@b.example", Some(sales)).await;
        world.give(&admin, head, "head", ScopeKind::Department, Some(market)).await;
        let head = world.sign_in(&mut Browser::new(CHROME, HOME), "head@b.example").await;
        let page = PageQuery::default();
        let seen = user::service::list(&world.app, &head, &page, &UserFilter::default()).await.expect("lists");
        let seen: Vec<_> = seen.items.iter().map(|u| u.name.as_str()).collect();
        assert_eq!(seen, ["head", "li"]);
        assert_eq!(code(user::service::get(&world.app, &head, other).await), "access.not_found");
        assert_eq!(code(user::service::disable(&world.app, &head, other, "试试").await), "access.missing_permission");

        world.user("audit@b.example", "auditor").await;
        let auditor = world.sign_in(&mut Browser::new(CHROME, HOME), "audit@b.example").await;
        assert_eq!(auditor.clearance, Label::Internal);
        let find = |q: &str| UserFilter { q: Some(q.into()), ..Default::default() };
        let by_email = user::service::list(&world.app, &auditor, &page, &find("zhao@b.ex")).await.expect("lists");
        assert!(by_email.items.is_empty(), "a hidden field is not searched");
        let by_name = user::service::list(&world.app, &auditor, &page, &find("ZHAO")).await.expect("lists");
        let shown = project(&auditor, &by_name.items[0]);
        assert_eq!((&shown["email"], &shown["masked"]), (&serde_json::Value::Null, &serde_json::json!(["email"])));
        let by_email = user::service::list(&world.app, &admin, &page, &find("zhao@b.ex")).await.expect("lists");
        assert_eq!(by_email.items.len(), 1);
        assert!(!user::User::visible(&auditor, "email"));
        let mut paged = Vec::new();
        let mut at = PageQuery { page_size: Some(2), cursor: None };
        loop {
            let part = user::service::list(&world.app, &admin, &at, &UserFilter::default()).await.expect("lists");
            paged.extend(part.items.into_iter().map(|u| u.id));
            let Some(cursor) = part.next_cursor else { break };
            at.cursor = Some(cursor);
        }
        paged.dedup();
        assert_eq!(paged.len(), 5, "every user once");
    }

    async fn the_matrix_says_who_may_do_what(store: TestStore) {
        let world = world(&store).await;
        let admin = world.administrator(&mut Browser::new(CHROME, HOME)).await;
        let market = world.department(&admin, "market", None).await;
        let id = world.member(&admin, "li@b.example", Some(market)).await;
        world.give(&admin, id, "market", ScopeKind::Department, Some(market)).await;
        world.give(&admin, id, "market", ScopeKind::Own, None).await;
        let matrix = role::service::matrix_of_users(&world.app, &admin, &PageQuery::default()).await.expect("a matrix");
        let row = matrix.rows.iter().find(|row| row.id == id).expect("a row");
        assert_eq!(row.cells["brand.content.read"], [format!("department:{market}"), "own".to_owned()]);
        assert!(!row.cells.contains_key("identity.user.manage"));
        let matrix = role::service::matrix_of_roles(&world.app, &admin).await.expect("a matrix");
        assert_eq!(matrix.permissions.len(), world.app.permissions.all().len());
        assert!(matrix.rows.iter().any(|row| row.name == "Marketing" && row.cells.contains_key("brand.content.write")));
        let first = PageQuery { page_size: Some(1), cursor: None };
        let part = role::service::matrix_of_users(&world.app, &admin, &first).await.expect("a matrix");
        assert!(part.rows.len() == 1 && part.next_cursor.is_some());
        let second = PageQuery { page_size: Some(1), cursor: part.next_cursor };
        let rest = role::service::matrix_of_users(&world.app, &admin, &second).await.expect("a matrix");
        assert!(rest.rows.len() == 1 && rest.next_cursor.is_none() && rest.rows[0].id != part.rows[0].id);
    }

    async fn departments_make_no_circle(store: TestStore) {
        let world = world(&store).await;
        let admin = world.administrator(&mut Browser::new(CHROME, HOME)).await;
        let above = world.department(&admin, "market", None).await;
        let below = world.department(&admin, "market_east", Some(above)).await;
        let change = identity::department::DepartmentChange { names: names("市场部"), parent_id: Some(below), head_id: None, in_scope: None };
        let moved = identity::department::service::update(&world.app, &admin, above, 1, &change).await;
        assert_eq!(moved.expect_err("a circle").fields[0].code, "identity.department.circle");
        assert_eq!(code(identity::department::service::archive(&world.app, &admin, above, 1).await), "identity.department.in_use");
        identity::department::service::archive(&world.app, &admin, below, 1).await.expect("closes");
        identity::department::service::archive(&world.app, &admin, above, 1).await.expect("closes");
    }

    async fn built_in_roles_follow_the_product_and_are_nobodys_to_change(store: TestStore) {
        let world = world(&store).await;
        let admin = world.administrator(&mut Browser::new(CHROME, HOME)).await;
        store.tamper("UPDATE identity_role SET permissions = '[\"brand.*\"]' WHERE code = 'auditor'").await;
        identity::ensure_built_in(&world.app).await.expect("brings them up to date");
        let id = role::service::id_of(&world.app, "auditor").await.expect("a role");
        let auditor = role::service::get(&world.app, id).await.expect("reads");
        // Reads everything, what is kept secret as well: whoever audits has to see it.
        assert_eq!(auditor.permissions[0], "*.*.read");
        assert!(auditor.permissions.iter().all(|code| code.ends_with(".read") || code.ends_with(".read_all")));
        let patch = role::RolePatch { clearance: Some(Label::Secret), ..Default::default() };
        assert_eq!(code(role::service::update(&world.app, &admin, id, auditor.version, patch).await), "identity.role.built_in");
        assert!(matches!(world.who(&Browser::new(CHROME, HOME)).await.scope(CONTENT), Err(p) if p.status == 401));
    }
}
