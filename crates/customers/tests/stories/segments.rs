//! Segments as people use them.

use customers::condition::Condition;
use customers::permissions::{PROFILE_READ, SEGMENT_EDIT, SEGMENT_READ};
use customers::segment::{self, NewSegment, SegmentFilter, SegmentPatch, SegmentState, TryCondition};
use customers::tier::{self, TierCause};
use http_kit::App;
use kernel::{GrantScope, Id, Label, PageQuery};
use store::args;

use crate::support::{MIGRATIONS, Order, app, member, people, store_orders, system, user};

fn read(json: &str) -> Condition {
    serde_json::from_str(json).expect(json)
}

fn produce_twice() -> Condition {
    read(
        r#"{"type": "ordered", "what": {"by": "department", "value": "PRODUCE"},
            "at_least": 2, "within_days": 90}"#,
    )
}

fn new(name: &str, definition: Condition) -> NewSegment {
    NewSegment {
        name: name.into(),
        description: String::new(),
        definition,
        active: true,
        brand_id: None,
        department_id: None,
    }
}

/// One who bought twice, one who bought once, one who bought long ago, one who never did.
async fn shoppers(app: &App) -> Vec<Id> {
    let ids = people(app, &(1..=4).map(|n| vec![member(n)]).collect::<Vec<_>>()).await;
    let now = app.store.now();
    let at = |days: i64| now.plus_days(-days);
    store_orders(
        app,
        &[
            Order::of(&member(1), at(50), 500),
            Order::of(&member(1), at(10), 700),
            Order::of(&member(2), at(10), 300),
            Order { department: "DELI", ..Order::of(&member(2), at(9), 300) },
            Order::of(&member(3), at(91), 900),
            Order::of(&member(3), at(92), 900),
        ],
    )
    .await;
    ids
}

store::on_both! {
    migrations = MIGRATIONS;

    async fn a_condition_is_counted_part_by_part_and_explained(store: TestStore) {
        let app = app(&store).await;
        let ids = shoppers(&app).await;
        let definition = Condition::All { of: vec![produce_twice(), read(r#"{"type": "not", "of": {"type": "redeemed"}}"#)] };
        let tried = TryCondition { definition, segment_id: None };
        let preview = segment::preview(&app, &system(), tried.clone()).await.expect("a preview");
        assert_eq!((preview.count, preview.total), (1, 4));
        let counts: Vec<(&str, i64)> = preview.breakdown.iter().map(|part| (part.path.as_str(), part.count)).collect();
        assert_eq!(counts, [("of.0", 1), ("of.1", 4), ("of.1.of", 0)]);
        assert_eq!(preview.in_words.zh_hans, "近 90 天购买“PRODUCE”部类商品至少 2 次，且没有用过优惠券");
        let sample = segment::sample(&app, &system(), tried.clone()).await.expect("a sample");
        assert_eq!(sample.items.iter().map(|profile| profile.id).collect::<Vec<_>>(), [ids[0]]);

        let why = segment::explain_definition(&app, &system(), tried.clone(), ids[0]).await.expect("explained");
        assert!(why.is_member && why.why.of[0].evidence.len() == 2);
        assert_eq!(why.why.of[0].because.en, "2 purchases: 2026-10-03, 2026-11-12; needed 2 in 90 days");
        let why = segment::explain_definition(&app, &system(), tried.clone(), ids[1]).await.expect("explained");
        assert!(!why.is_member);
        assert_eq!(why.why.of[0].because.zh_hans, "购买 1 次：2026-11-12；需要 90 天内 2 次");
        let blind = user(&[PROFILE_READ, SEGMENT_READ], GrantScope::Company, Label::Internal);
        let why = segment::explain_definition(&app, &blind, tried, ids[0]).await.expect("explained");
        assert_eq!(why.why.of[0].because.en, "2 purchases; needed 2 in 90 days");
        assert!(why.why.of[0].evidence.is_empty(), "without the right to see orders there are none");
    }

    async fn versions_never_change(store: TestStore) {
        let app = app(&store).await;
        shoppers(&app).await;
        let made = segment::create(&app, &system(), &new("蔬果常客", produce_twice())).await.expect("made").segment;
        let counted = segment::count(&app, &system(), made.id).await.expect("counted");
        assert_eq!(counted.member_count, Some(1));
        let once = read(r#"{"type": "ordered", "at_least": 1, "within_days": 90}"#);
        let patch = SegmentPatch { definition: Some(once.clone()), ..SegmentPatch::default() };
        let changed = segment::update(&app, &system(), made.id, made.version, &patch).await.expect("changed").segment;
        assert_eq!((changed.version_number, changed.member_count), (2, None));
        let versions = segment::versions(&app, &system(), made.id).await.expect("versions");
        let definitions: Vec<&Condition> = versions.iter().map(|version| &version.definition).collect();
        assert_eq!(definitions, [&once, &produce_twice()]);
        let same = segment::update(&app, &system(), made.id, changed.version, &patch).await.expect("no change").segment;
        assert_eq!(same.version_number, 2, "the same condition is no new version");
        let stale = segment::update(&app, &system(), made.id, made.version, &patch).await.expect_err("stale");
        assert_eq!(stale.status, 412);
    }

    async fn segments_refer_to_each_other_but_not_in_circles(store: TestStore) {
        let app = app(&store).await;
        let ids = shoppers(&app).await;
        let inner = segment::create(&app, &system(), &new("蔬果常客", produce_twice())).await.expect("made").segment;
        let refer = |id: Id| read(&format!(r#"{{"type": "not", "of": {{"type": "in_segment", "segment_id": "{id}"}}}}"#));
        let outer = segment::create(&app, &system(), &new("其他人", refer(inner.id))).await.expect("made");
        assert_eq!(outer.in_words.zh_hans, "不属于人群“蔬果常客”");
        let outer = outer.segment;
        assert_eq!(segment::count(&app, &system(), outer.id).await.expect("counted").member_count, Some(3));
        let why = segment::explain_member(&app, &system(), outer.id, ids[0]).await.expect("explained");
        assert!(!why.is_member && why.why.of[0].of[0].holds);

        let patch = SegmentPatch { definition: Some(refer(outer.id)), ..SegmentPatch::default() };
        let refused = segment::update(&app, &system(), inner.id, inner.version, &patch).await.expect_err("a circle");
        assert_eq!(refused.fields[0].code, "customers.segment.circular");
        let refused = segment::archive(&app, &system(), inner.id, inner.version).await.expect_err("referred to");
        assert_eq!(refused.code, "customers.segment.referred_to");
        segment::archive(&app, &system(), outer.id, outer.version).await.expect("archived");
        let inner = segment::archive(&app, &system(), inner.id, inner.version).await.expect("archived").segment;
        assert_eq!(inner.state, SegmentState::Archived);
        let page = segment::list(&app, &system(), &PageQuery::default(), &SegmentFilter::default()).await.expect("a list");
        assert!(page.items.is_empty());
    }

    async fn owners_see_their_own(store: TestStore) {
        let app = app(&store).await;
        shoppers(&app).await;
        let all = [PROFILE_READ, SEGMENT_READ, SEGMENT_EDIT];
        let (one, other) = (user(&all, GrantScope::Own, Label::Internal), user(&all, GrantScope::Own, Label::Internal));
        let made = segment::create(&app, &one, &new("我的人群", produce_twice())).await.expect("made").segment;
        assert_eq!(segment::get(&app, &other, made.id).await.expect_err("not theirs").status, 404);
        let page = segment::list(&app, &other, &PageQuery::default(), &SegmentFilter::default()).await.expect("a list");
        assert!(page.items.is_empty());
        let definition = Condition::InSegment { segment_id: made.id };
        let refused = segment::preview(&app, &other, TryCondition { definition, segment_id: None }).await;
        assert_eq!(refused.expect_err("not theirs").status, 404);
        let mine = segment::count(&app, &one, made.id).await.expect("counted");
        assert_eq!(mine.member_count, Some(0), "they own no customers");
    }

    async fn an_audience_is_frozen_once(store: TestStore) {
        let app = app(&store).await;
        let ids = shoppers(&app).await;
        tier::recompute(&app, TierCause::Nightly).await.expect("computed");
        let draft = NewSegment { active: false, ..new("蔬果常客", produce_twice()) };
        let made = segment::create(&app, &system(), &draft).await.expect("made").segment;
        let (port, campaign) = (app.ports.audience.get().expect("connected"), Id::new());
        let refused = port.freeze(&system(), made.id, campaign).await.expect_err("a draft");
        assert_eq!(refused.code, "customers.segment.not_active");
        let patch = SegmentPatch { active: Some(true), ..SegmentPatch::default() };
        segment::update(&app, &system(), made.id, made.version, &patch).await.expect("active");
        let frozen = port.freeze(&system(), made.id, campaign).await.expect("frozen");
        assert_eq!(frozen.count, 1);
        store_orders(&app, &[Order::of(&member(2), store.now(), 100)]).await;
        let again = port.freeze(&system(), made.id, campaign).await.expect("the same");
        assert_eq!((again.id, again.count), (frozen.id, 1));
        store.clock.advance_ms(1);
        assert_eq!(port.freeze(&system(), made.id, Id::new()).await.expect("another").count, 2);
        let members: Vec<Id> = store
            .all("SELECT profile_id FROM v_customers_audience_member WHERE audience_id = $1", args![frozen.id])
            .await
            .expect("members");
        assert_eq!(members, [ids[0]]);
    }
}
