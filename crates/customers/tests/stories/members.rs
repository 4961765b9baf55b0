//! Two ways to decide membership agree: the compiled SQL over everybody, and the explanation of each one.

use customers::condition::{Condition, FlagField, Goods, GoodsBy, NumberField, TextField};
use customers::consent::{self, Channel, ConsentState, GivenBy, NewConsent, Purpose, ShownText};
use customers::node::{Key, NodeKind};
use customers::profile::facts::{self, About, Facts, Origin};
use customers::profile::{self, AgeBand, ProfileFilter};
use customers::redemption::{self, NewRedemption};
use customers::segment::{self, NewSegment, SegmentPatch};
use customers::tier::{self, Tier, TierCause};
use http_kit::App;
use kernel::{Id, Language, PageQuery};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use store::Audit;
use store::args;

use crate::support::{MIGRATIONS, Order, app, id_of, key, member, people, store_orders, system};

const PEOPLE: u32 = 24;
const TREES: usize = 120;
const CITIES: [&str; 3] = ["杭州", "上海", "苏州"];
const DEPARTMENTS: [&str; 3] = ["PRODUCE", "DELI", "MEAT"];

fn brand(n: u8) -> Id {
    Id::from_digest([n; 16])
}

fn product(n: u8) -> Id {
    Id::from_digest([100 + n; 16])
}

fn record(n: u32) -> Vec<Key> {
    let mut record = vec![member(n)];
    if !n.is_multiple_of(3) {
        record.push(key(NodeKind::Email, &format!("p{n}@example.invalid")));
    }
    if n.is_multiple_of(2) {
        record.push(key(NodeKind::Mobile, &format!("1280000{n:04}")));
    }
    record
}

/// What one person did, as the dice say.
#[derive(Debug, Clone)]
struct Past {
    facts: Facts,
    orders: Vec<(i64, i64, usize, u8, bool)>,
    consents: Vec<(u8, bool, i64)>,
    redemptions: Vec<(u8, i64)>,
}

fn past() -> impl Strategy<Value = Past> {
    let facts = (
        option::of(0..CITIES.len()),
        option::of(1..=5_i64),
        option::of(0..=3_i64),
        option::of(any::<bool>()),
        option::of(0..AgeBand::ALL.len()),
        option::of(0..Language::ALL.len()),
    )
        .prop_map(|(city, size, children, homeowner, age, language)| Facts {
            city: city.map(|n| CITIES[n].to_owned()),
            household_size: size,
            children,
            homeowner,
            age_band: age.map(|n| AgeBand::ALL[n]),
            language: language.map(|n| Language::ALL[n]),
            ..Facts::default()
        });
    let order = (0..40_i64, 1..5_000_i64, 0..DEPARTMENTS.len(), 0..3_u8, prop::bool::weighted(0.9));
    let consent = (0..2_u8, any::<bool>(), 1..30_i64);
    (facts, vec(order, 0..8), vec(consent, 0..4), vec((0..3_u8, 0..40_i64), 0..3))
        .prop_map(|(facts, orders, consents, redemptions)| Past { facts, orders, consents, redemptions })
}

fn leaf(segments: Vec<Id>) -> impl Strategy<Value = Condition> {
    let days = 1..45_u32;
    let goods = prop_oneof![
        (0..DEPARTMENTS.len()).prop_map(|n| Goods { by: GoodsBy::Department, value: DEPARTMENTS[n].into() }),
        (0..3_u8).prop_map(|n| Goods { by: GoodsBy::Category, value: format!("category {n}") }),
        (0..3_u8).prop_map(|n| Goods { by: GoodsBy::Product, value: product(n).to_string() }),
        (0..2_u8).prop_map(|n| Goods { by: GoodsBy::Brand, value: brand(n).to_string() }),
    ];
    let flags = prop::sample::select(FlagField::ALL.to_vec());
    let states = prop::sample::select(ConsentState::ALL.to_vec());
    prop_oneof![
        vec(prop::sample::select(CITIES.to_vec()), 1..3).prop_map(|cities| Condition::Text {
            field: TextField::City,
            one_of: cities.into_iter().map(str::to_owned).collect(),
        }),
        prop::sample::select(Language::ALL.to_vec())
            .prop_map(|l| Condition::Text { field: TextField::Language, one_of: vec![l.as_str().into()] }),
        prop::sample::select(AgeBand::ALL.to_vec()).prop_map(|band| Condition::Text {
            field: TextField::AgeBand,
            one_of: vec![band.as_str().into()]
        }),
        (1..=4_i64, option::of(0..2_i64)).prop_map(|(low, more)| Condition::Number {
            field: NumberField::HouseholdSize,
            at_least: Some(low),
            at_most: more.map(|n| (low + n).min(5)),
        }),
        (0..=3_i64).prop_map(|n| Condition::Number {
            field: NumberField::Children,
            at_least: None,
            at_most: Some(n)
        }),
        (flags, any::<bool>()).prop_map(|(field, is)| Condition::Flag { field, is }),
        vec(prop::sample::select(Tier::ALL.to_vec()), 1..3).prop_map(|one_of| Condition::Tier { one_of }),
        (states, option::of(0..2_u8)).prop_map(|(state, of)| Condition::Consent {
            state,
            channel: Channel::Email,
            purpose: Purpose::Marketing,
            brand_id: of.map(brand),
        }),
        (option::of(goods), 1..4_u32, days.clone(), option::of(1..9_000_i64)).prop_map(
            |(what, at_least, within_days, total_at_least_minor)| Condition::Ordered {
                what,
                at_least,
                within_days,
                total_at_least_minor,
            }
        ),
        (option::of(0..3_u8), option::of(days)).prop_map(|(campaign, within_days)| Condition::Redeemed {
            campaign: campaign.map(|n| n.to_string()),
            within_days,
        }),
        prop::sample::select(segments).prop_map(|segment_id| Condition::InSegment { segment_id }),
    ]
}

fn tree(segments: Vec<Id>) -> impl Strategy<Value = Condition> {
    leaf(segments).prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 1..4).prop_map(|of| Condition::All { of }),
            vec(inner.clone(), 1..4).prop_map(|of| Condition::Any { of }),
            inner.prop_map(|of| Condition::Not { of: Box::new(of) }),
        ]
    })
}

/// The same dice every time: a failure can be looked at again.
fn dice() -> TestRunner {
    TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]))
}

async fn live(app: &App, dice: &mut TestRunner) -> Vec<Id> {
    let records: Vec<Vec<Key>> = (1..=PEOPLE).map(record).collect();
    let ids = people(app, &records).await;
    let now = app.store.now();
    let (mut told, mut orders, mut consents, mut coupons) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (record, id) in records.iter().zip(&ids) {
        let past = past().new_tree(dice).expect("a past").current();
        told.push((*id, past.facts));
        for (place, (days, total_minor, department, n, sold)) in past.orders.into_iter().enumerate() {
            // Different nodes of the same person buy.
            let card = &record[0];
            let customer = id_of(app, &record[place % record.len()]);
            let kind = if sold { "sale" } else { "cancellation" };
            let at = now.plus_days(-days);
            let department = DEPARTMENTS[department];
            let (product, brand) = (product(n), Some(brand(n % 2)));
            orders.push(Order {
                customer,
                department,
                product,
                brand,
                kind,
                ..Order::of(card, at, total_minor)
            });
        }
        if let Some(address) = record.iter().find(|key| key.kind == NodeKind::Email) {
            consents.extend(past.consents.into_iter().map(|(of, granted, days)| NewConsent {
                node_id: id_of(app, address),
                brand_id: brand(of),
                purpose: Purpose::Marketing,
                channel: Channel::Email,
                state: if granted { ConsentState::Granted } else { ConsentState::Withdrawn },
                happened_at: now.plus_days(-days),
                given_by: GivenBy::Person,
                source: "form".into(),
                text: Some(ShownText { version: "1".into(), body: "我同意。".into() }),
                ip_hash: None,
                reason: None,
                import_id: None,
            }));
        }
        coupons.extend(past.redemptions.into_iter().map(|(campaign, days)| NewRedemption {
            customer_node_id: record[0].older_id(),
            coupon_upc: "1".into(),
            campaign_code: campaign.to_string(),
            redeemed_at: now.plus_days(-days),
        }));
    }
    store_orders(app, &orders).await;
    let mut tx = app.store.begin(&system()).await.expect("a transaction");
    for n in 0..3 {
        let head = "INSERT INTO test_product (id, category, name) VALUES";
        let row = args![product(n), format!("category {n}"), "商品"];
        tx.insert_many(head, vec![row], "").await.expect("a product");
    }
    let told: Vec<About> =
        told.into_iter().map(|(id, facts)| About { profile: id, node: id, facts }).collect();
    facts::apply(&mut tx, &told, Origin { source: "test", import_id: None }).await.expect("facts");
    consent::record(&mut tx, &consents).await.expect("consents");
    redemption::store_new(&mut tx, &coupons, "test").await.expect("redemptions");
    tx.audit(Audit::without_row("import", "customers.profile")).await.expect("an audit row");
    tx.commit().await.expect("committed");
    tier::recompute(app, TierCause::Import).await.expect("tiers");
    ids
}

fn named(definition: Condition) -> NewSegment {
    NewSegment {
        name: "随机".into(),
        description: String::new(),
        definition,
        active: true,
        brand_id: None,
        department_id: None,
    }
}

store::on_both! {
    migrations = MIGRATIONS;

    async fn the_explanation_of_each_person_equals_the_membership(store: TestStore) {
        let app = app(&store).await;
        let mut dice = dice();
        let ids = live(&app, &mut dice).await;
        let base = Condition::Ordered { what: None, at_least: 2, within_days: 20, total_at_least_minor: None };
        let base = segment::create(&app, &system(), &named(base)).await.expect("made").segment.id;
        let outer = Condition::Not { of: Box::new(Condition::InSegment { segment_id: base }) };
        let outer = segment::create(&app, &system(), &named(outer)).await.expect("made").segment.id;
        let trees = tree(vec![base, outer]);
        let tried = Condition::Tier { one_of: vec![Tier::A] };
        let mut tried = segment::create(&app, &system(), &named(tried)).await.expect("made").segment;
        let (mut inside, mut outside) = (0, 0);
        for _ in 0..TREES {
            let tree = trees.new_tree(&mut dice).expect("a tree").current();
            let patch = SegmentPatch { definition: Some(tree.clone()), ..SegmentPatch::default() };
            tried = segment::update(&app, &system(), tried.id, tried.version, &patch).await.expect("sound").segment;
            let filter = ProfileFilter { segment_id: Some(tried.id), ..ProfileFilter::default() };
            let page = PageQuery { page_size: Some(200), cursor: None };
            let members = profile::list(&app, &system(), &page, &filter).await.expect("members").items;
            let counted = segment::count(&app, &system(), tried.id).await.expect("counted");
            assert_eq!(counted.member_count, Some(members.len() as i64));
            for id in &ids {
                let explained = segment::explain_member(&app, &system(), tried.id, *id).await.expect("explained");
                let is_member = members.iter().any(|profile| profile.id == *id);
                assert_eq!(explained.is_member, is_member, "{tree:#?}\n{:#?}", explained.why);
                if is_member { inside += 1 } else { outside += 1 }
            }
        }
        assert!(inside > 300 && outside > 300, "the dice test both answers: {inside} in, {outside} out");
    }
}
