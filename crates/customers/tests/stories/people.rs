//! What is known about people, and who may see it.

use customers::consent::{Channel, Purpose};
use customers::node::NodeKind;
use customers::permissions::{PROFILE_EDIT, PROFILE_READ, PROFILE_UNMASK};
use customers::profile::facts::{self, About, Facts, Origin};
use customers::profile::{self, Profile, ProfileFilter, ProfilePatch, Unmask};
use customers::timeline::{self, EntryKind, TimelineFilter};
use http_kit::App;
use kernel::{GrantScope, Id, Label, PageQuery, project};
use store::{Audit, args};

use crate::support::{MIGRATIONS, Order, app, id_of, key, member, people, store_orders, system, user};

async fn two_people(app: &App) -> Vec<Id> {
    let records = [
        vec![member(1), key(NodeKind::Email, "lin@example.invalid")],
        vec![member(2), key(NodeKind::Email, "wang@example.invalid"), key(NodeKind::Mobile, "12800000002")],
    ];
    let ids = people(app, &records).await;
    let facts = |name: &str, city: &str| Facts {
        name: Some(name.into()),
        city: Some(city.into()),
        ..Facts::default()
    };
    let told = [(ids[0], facts("林晓", "杭州")), (ids[1], facts("王敏", "上海"))];
    let told = told.map(|(id, facts)| About { profile: id, node: id, facts });
    let origin = Origin { source: "test", import_id: None };
    let mut tx = app.store.begin(&system()).await.expect("a transaction");
    assert_eq!(facts::apply(&mut tx, &told, origin).await.expect("applied"), [true, true]);
    assert_eq!(facts::apply(&mut tx, &told, origin).await.expect("applied"), [false, false]);
    tx.audit(Audit::without_row("import", "customers.profile")).await.expect("an audit row");
    tx.commit().await.expect("committed");
    ids
}

async fn search(app: &App, caller: &kernel::Caller, text: &str) -> Vec<Id> {
    let filter = ProfileFilter { q: Some(text.into()), ..ProfileFilter::default() };
    let page = profile::list(app, caller, &PageQuery::default(), &filter).await.expect("a list");
    page.items.iter().map(|profile| profile.id).collect()
}

store::on_both! {
    migrations = MIGRATIONS;

    async fn a_search_looks_where_the_caller_may_look(store: TestStore) {
        let app = app(&store).await;
        let ids = two_people(&app).await;
        let cleared = user(&[PROFILE_READ], GrantScope::Company, Label::Personal);
        let masked = user(&[PROFILE_READ], GrantScope::Company, Label::Internal);
        assert_eq!(search(&app, &cleared, "林").await, [ids[0]]);
        assert_eq!(search(&app, &cleared, "WANG@").await, [ids[1]]);
        assert_eq!(search(&app, &cleared, "0002").await, [ids[1]]);
        assert_eq!(search(&app, &cleared, "%").await, []);
        assert_eq!(search(&app, &masked, "林").await, []);
        assert_eq!(search(&app, &masked, "wang@").await, []);
        assert_eq!(search(&app, &masked, "2").await, [ids[1]], "member numbers are no secret among staff");
        let row = profile::get(&app, &masked, ids[1]).await.expect("a person");
        let shown = project(&masked, &row);
        assert_eq!(shown["masked"], serde_json::json!(["name", "email", "mobile"]));
        assert!(shown["email"].is_null() && shown["city"] == "上海" && shown["orders"].is_null());
    }

    async fn a_grant_narrows_what_is_listed_and_opened(store: TestStore) {
        let app = app(&store).await;
        let ids = two_people(&app).await;
        let brand = Id::new();
        let patch = ProfilePatch { brand_id: Some(Some(brand)), ..ProfilePatch::default() };
        profile::patch(&app, &system(), ids[0], 2, &patch).await.expect("changed");
        let narrow = user(&[PROFILE_READ, PROFILE_EDIT], GrantScope::Brand(brand), Label::Personal);
        let page = profile::list(&app, &narrow, &PageQuery::default(), &ProfileFilter::default()).await.expect("a list");
        assert_eq!(page.items.len(), 1);
        assert_eq!(search(&app, &narrow, "王敏").await, []);
        assert_eq!(profile::get(&app, &narrow, ids[1]).await.expect_err("outside").status, 404);
        let patch = ProfilePatch { brand_id: Some(None), ..ProfilePatch::default() };
        let refused = profile::patch(&app, &narrow, ids[0], 3, &patch).await.expect_err("would leave the scope");
        assert_eq!(refused.code, "access.outside_scope");
    }

    async fn pages_follow_each_other(store: TestStore) {
        let app = app(&store).await;
        people(&app, &(0..25).map(|n| vec![member(n)]).collect::<Vec<_>>()).await;
        let mut seen = Vec::new();
        let mut page = PageQuery { page_size: Some(10), cursor: None };
        loop {
            let found = profile::list(&app, &system(), &page, &ProfileFilter::default()).await.expect("a page");
            seen.extend(found.items.iter().map(|profile| profile.id));
            match found.next_cursor {
                Some(cursor) => page.cursor = Some(cursor),
                None => break,
            }
        }
        let mut distinct = seen.clone();
        distinct.sort();
        distinct.dedup();
        assert_eq!((seen.len(), distinct.len()), (25, 25));
    }

    async fn a_change_names_the_version_that_was_seen(store: TestStore) {
        let app = app(&store).await;
        let ids = two_people(&app).await;
        let before = profile::get(&app, &system(), ids[0]).await.expect("a person").profile;
        let patch: ProfilePatch =
            serde_json::from_str(r#"{"city": null, "email": "Neu@Example.invalid"}"#).expect("a change");
        let after = profile::patch(&app, &system(), ids[0], before.version, &patch).await.expect("changed");
        assert_eq!((after.city, after.email.as_deref()), (None, Some("neu@example.invalid")));
        assert_eq!(after.name.as_deref(), Some("林晓"));
        let stale = profile::patch(&app, &system(), ids[0], before.version, &patch).await.expect_err("stale");
        assert_eq!(stale.status, 412);
        let taken = ProfilePatch { email: Some("wang@example.invalid".into()), ..ProfilePatch::default() };
        let refused = profile::patch(&app, &system(), ids[0], after.version, &taken).await.expect_err("taken");
        assert_eq!(refused.code, "customers.profile.identifier_taken");
        let masked = user(&[PROFILE_EDIT], GrantScope::Company, Label::Internal);
        let refused = profile::patch(&app, &masked, ids[0], after.version, &patch).await.expect_err("hidden");
        assert_eq!(refused.code, "access.field_hidden");
        let logged: Vec<String> = store
            .all("SELECT changes FROM audit_entry WHERE action = 'update' AND noun = 'customers.profile'", args![])
            .await
            .expect("a log");
        assert!(logged[0].contains(r#""city":["杭州",null]"#) && !logged[0].contains("example"), "{}", logged[0]);
    }

    async fn seeing_hidden_fields_leaves_a_trace(store: TestStore) {
        let app = app(&store).await;
        let ids = two_people(&app).await;
        let agent = user(&[PROFILE_READ, PROFILE_UNMASK], GrantScope::Company, Label::Internal);
        let short = Unmask { reason: "嗯".into() };
        assert_eq!(profile::unmask(&app, &agent, ids[0], &short).await.expect_err("no reason").status, 422);
        let why = Unmask { reason: "回拨客户 11-21 的来电".into() };
        let (cleared, row): (_, Profile) = profile::unmask(&app, &agent, ids[0], &why).await.expect("shown");
        assert_eq!(project(&cleared, &row)["name"], "林晓");
        let logged: Vec<(String, String)> = store
            .all("SELECT noun_id, reason FROM audit_entry WHERE action = 'unmask'", args![])
            .await
            .expect("a log");
        assert_eq!(logged, [(ids[0].to_string(), why.reason)]);
    }

    async fn a_timeline_tells_everything_in_order(store: TestStore) {
        let app = app(&store).await;
        let ids = two_people(&app).await;
        let now = store.now();
        let orders: Vec<Order<'_>> = (1..=12).map(|n| Order::of(&member(1), now.plus_days(-n), n * 100)).collect();
        store_orders(&app, &orders).await;
        let mut tx = app.store.begin(&system()).await.expect("a transaction");
        let said = customers::consent::NewConsent {
            node_id: id_of(&app, &key(NodeKind::Email, "lin@example.invalid")),
            brand_id: Id::new(),
            purpose: Purpose::Marketing,
            channel: Channel::Email,
            state: customers::consent::ConsentState::Withdrawn,
            happened_at: now.plus_days(-3),
            given_by: customers::consent::GivenBy::Person,
            source: "one_click".into(),
            text: None,
            ip_hash: None,
            reason: None,
            import_id: None,
        };
        customers::consent::record(&mut tx, &[said]).await.expect("recorded");
        tx.commit().await.expect("committed");
        let mut page = PageQuery { page_size: Some(5), cursor: None };
        let mut seen = Vec::new();
        loop {
            let found = timeline::list(&app, &system(), ids[0], &page, &TimelineFilter::default()).await.expect("a page");
            seen.extend(found.items);
            match found.next_cursor {
                Some(cursor) => page.cursor = Some(cursor),
                None => break,
            }
        }
        assert_eq!(seen.len(), 13);
        assert!(seen.windows(2).all(|pair| pair[0].at >= pair[1].at));
        let third: Vec<EntryKind> = seen.iter().filter(|e| e.at == now.plus_days(-3)).map(|e| e.kind).collect();
        assert_eq!(third, [EntryKind::Consent, EntryKind::Order]);
        let masked = user(&[PROFILE_READ], GrantScope::Company, Label::Personal);
        let page = timeline::list(&app, &masked, ids[0], &PageQuery::default(), &TimelineFilter::default()).await;
        assert_eq!(page.expect("a page").items.len(), 1, "without the right to see orders there are none");
    }
}
