//! Who is one person: what is joined, what is asked about, and how all of it is undone.

use std::collections::BTreeMap;

/// A profile with the nodes of its member number, its e-mail address and its mobile number.
type Addressed = (Id, Option<Id>, Option<Id>, Option<Id>);

use customers::consent::{self, Channel, ConsentState, GivenBy, NewConsent, Purpose, ShownText};
use customers::matching::{
    self, CandidateFilter, CandidateState, DistinctCandidate, MatchCandidate, MergeCandidate,
};
use customers::merge::{self, MergeProfile, UndoMerge};
use customers::node::{Key, NodeKind};
use customers::profile::facts::{self, About, Facts, Origin};
use customers::profile::{self, Profile, record};
use http_kit::App;
use kernel::{GrantScope, Id, Label, PageQuery, Timestamp};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, TestRunner};
use store::{Audit, args};

use crate::support::{MIGRATIONS, app, id_of, key, member, people, system, user};

fn mail(name: &str) -> Key {
    key(NodeKind::Email, &format!("{name}@example.invalid"))
}

async fn owner(app: &App, node: &Key) -> Id {
    profile::get_by_node(app, &system(), id_of(app, node)).await.expect("a person").profile.id
}

/// Tells facts about somebody by one of their identifiers, as a source does.
async fn tell(app: &App, node: &Key, source: &str, facts: Facts) {
    let profile = owner(app, node).await;
    let mut tx = app.store.begin(&system()).await.expect("a transaction");
    let about = About { profile, node: id_of(app, node), facts };
    facts::apply(&mut tx, &[about], Origin { source, import_id: None }).await.expect("applied");
    tx.audit(Audit::without_row("import", "customers.profile")).await.expect("an audit row");
    tx.commit().await.expect("committed");
}

fn named(name: &str, city: &str) -> Facts {
    Facts { name: Some(name.to_owned()), city: Some(city.to_owned()), ..Facts::default() }
}

/// Everything that is known about people, as it can be compared: facts, identifiers, addresses, whose.
async fn snapshot(app: &App) -> BTreeMap<Id, (Facts, Vec<Id>, [Option<Id>; 6])> {
    let rows: Vec<Addressed> = app
        .store
        .all("SELECT id, member_node_id, email_node_id, mobile_node_id FROM profile WHERE merged_into IS NULL ORDER BY id", args![])
        .await
        .expect("people");
    let mut all = BTreeMap::new();
    for (id, card, email, mobile) in rows {
        let found = profile::get(app, &system(), id).await.expect("a person").profile;
        let nodes: Vec<Id> = app
            .store
            .all(
                "SELECT node_id FROM profile_node WHERE profile_id = $1 AND until IS NULL ORDER BY node_id",
                args![id],
            )
            .await
            .expect("identifiers");
        let place = [card, email, mobile, found.brand_id, found.department_id, found.owner_id];
        all.insert(id, (Facts::of(&found), nodes, place));
    }
    all
}

async fn load(app: &App, id: Id) -> Profile {
    profile::get(app, &system(), id).await.expect("a person").profile
}

async fn join(app: &App, one: Id, other: Id) -> Profile {
    let version = load(app, one).await.version;
    let wish = MergeProfile { with: other, reason: "本人到店确认".into() };
    merge::merge(app, &system(), one, version, &wish).await.expect("merged")
}

async fn undo_last(app: &App, profile: Id) -> merge::Undone {
    let merges = merge::of_profile(app, &system(), profile).await.expect("merges").items;
    let last = merges.iter().find(|merge| merge.undone_at.is_none()).expect("a merge");
    let why = UndoMerge { reason: "原来是父子两人".into() };
    merge::undo(app, &system(), last.id, last.version, &why).await.expect("undone")
}

fn said(app: &App, node: &Key, state: ConsentState, at: Timestamp) -> NewConsent {
    NewConsent {
        node_id: id_of(app, node),
        brand_id: Id::from_digest(*b"brand-1-brand-1-"),
        purpose: Purpose::Marketing,
        channel: Channel::Email,
        state,
        happened_at: at,
        given_by: GivenBy::Person,
        source: "store_form".into(),
        text: Some(ShownText { version: "1".into(), body: "我同意接收优惠信息。".into() }),
        ip_hash: None,
        reason: None,
        import_id: None,
    }
}

async fn say(app: &App, consent: NewConsent) {
    let mut tx = app.store.begin(&system()).await.expect("a transaction");
    consent::record(&mut tx, &[consent]).await.expect("recorded");
    tx.commit().await.expect("committed");
}

/// Addresses that may be written to.
async fn reachable(app: &App) -> Vec<String> {
    let text = "SELECT address FROM v_customers_contactable WHERE allowed";
    let mut addresses: Vec<String> = app.store.all(text, args![]).await.expect("readable");
    addresses.sort();
    addresses
}

async fn open(app: &App) -> Vec<MatchCandidate> {
    let filter = CandidateFilter { state: Some(CandidateState::Open) };
    matching::list(app, &system(), &PageQuery::default(), &filter).await.expect("pairs").items
}

/// One act of a random history.
#[derive(Clone, Debug)]
enum Act {
    Tell(usize, usize),
    Join(usize, usize),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let tell = (0..6_usize, 0..5_usize).prop_map(|(who, what)| Act::Tell(who, what));
    let join = (0..6_usize, 0..6_usize).prop_map(|(one, other)| Act::Join(one, other));
    prop::collection::vec(prop_oneof![2 => tell, 3 => join], 1..14)
}

store::on_both! {
    migrations = MIGRATIONS;

    async fn a_merge_is_undone_to_the_last_fact(store: TestStore) {
        let app = app(&store).await;
        let (card, post, phone) = (member(1), mail("lin"), key(NodeKind::Mobile, "12800000007"));
        let old = people(&app, &[vec![card.clone()]]).await[0];
        store.clock.advance_ms(1_000);
        let new = people(&app, &[vec![post.clone(), phone.clone()]]).await[0];
        tell(&app, &card, "till", named("林晓", "杭州")).await;
        store.clock.advance_ms(1_000);
        tell(&app, &post, "shop", Facts { address: Some("湖滨路七号".into()), ..named("林小", "宁波") }).await;
        let before = snapshot(&app).await;

        store.clock.advance_ms(1_000);
        let joined = join(&app, new, old).await;
        assert_eq!(joined.id, old, "the older one stays");
        assert_eq!((joined.name.as_deref(), joined.city.as_deref()), (Some("林小"), Some("宁波")), "the last word counts");
        assert_eq!(joined.email.as_deref(), Some("lin@example.invalid"));
        let facts = record::of_profile(&app.store, old).await.expect("facts");
        let names: Vec<(&str, bool)> =
            facts.iter().filter(|fact| fact.field == "name").map(|fact| (fact.source.as_str(), fact.is_current)).collect();
        assert_eq!(names, [("shop", true), ("till", false)], "each field says where it came from");

        store.clock.advance_ms(1_000);
        let undone = undo_last(&app, old).await;
        assert_eq!((undone.kept_id, undone.restored_id), (old, new));
        assert_eq!(snapshot(&app).await, before);
        // No rule joins them again: a till slip with both is about whom its first identifier says.
        store.clock.advance_ms(1_000);
        assert_eq!(people(&app, &[vec![card.clone(), post.clone()]]).await, [old]);
        assert_eq!(snapshot(&app).await, before);
        // Somebody may still find that they are one after all.
        assert_eq!(join(&app, old, new).await.id, old);
        assert_eq!(snapshot(&app).await.len(), 1);
    }

    async fn any_history_of_merges_is_undone_in_turn(store: TestStore) {
        let app = app(&store).await;
        let mut round = 0_u32;
        let mut runner = TestRunner::new_with_rng(
            Config { cases: 12, failure_persistence: None, ..Config::default() },
            proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
        );
        for _ in 0..runner.config().cases {
            let history = acts().new_tree(&mut runner).expect("a history").current();
            round += 1;
            walk(&app, &store, round, &history).await;
        }
    }

    async fn after_a_merge_the_stricter_answer_counts(store: TestStore) {
        let app = app(&store).await;
        let (one, other) = (mail("a"), mail("b"));
        let first = people(&app, &[vec![one.clone()]]).await[0];
        let second = people(&app, &[vec![other.clone()]]).await[0];
        let now = store.now();
        say(&app, said(&app, &one, ConsentState::Granted, now.plus_days(-1))).await;
        say(&app, said(&app, &other, ConsentState::Withdrawn, now.plus_days(-9))).await;
        assert_eq!(reachable(&app).await, ["a@example.invalid"]);
        store.clock.advance_ms(1_000);
        join(&app, first, second).await;
        assert!(reachable(&app).await.is_empty(), "who refused by one address has refused");
        store.clock.advance_ms(1_000);
        say(&app, said(&app, &one, ConsentState::Granted, store.now())).await;
        assert_eq!(reachable(&app).await, ["a@example.invalid"], "who agrees again after that has agreed");
        store.clock.advance_ms(1_000);
        say(&app, said(&app, &other, ConsentState::Withdrawn, store.now())).await;
        assert!(reachable(&app).await.is_empty());
        undo_last(&app, first).await;
        assert_eq!(reachable(&app).await, ["a@example.invalid"], "each has their own answer again");
    }

    async fn likely_pairs_are_asked_about_and_decided_once(store: TestStore) {
        let app = app(&store).await;
        let who = [("林晓", "湖滨路七号"), ("林曉", "湖滨路七号"), ("王强", "解放路一号"), ("王强", "解放路一号"), ("陈静", "延安路三号")];
        let ids = people(&app, &(1..=5).map(|n| vec![member(n)]).collect::<Vec<_>>()).await;
        for (place, (name, address)) in who.iter().enumerate() {
            let facts = Facts { address: Some((*address).to_owned()), ..named(name, "杭州") };
            tell(&app, &member(place as u32 + 1), "till", facts).await;
        }
        let standing = matching::find(&app).await.expect("found");
        assert_eq!((standing.records, standing.merged_by_rule, standing.learned), (5, 0, false));
        let pairs = open(&app).await;
        assert_eq!(pairs.len(), 2, "{pairs:?}");
        assert!(pairs.iter().all(|pair| pair.probability > 0.5 && !pair.agreements.is_empty()));
        let of = |left: Id| pairs.iter().find(|pair| [pair.left.row.profile_id, pair.right.row.profile_id].contains(&left)).expect("a pair");

        let (lin, wang) = (of(ids[0]), of(ids[2]));
        let merged = matching::merge(&app, &system(), lin.id, lin.version, &MergeCandidate::default()).await.expect("merged");
        assert_eq!(merged.state, CandidateState::Merged);
        let late = matching::merge(&app, &system(), lin.id, lin.version, &MergeCandidate::default()).await;
        assert_eq!(late.expect_err("decided once").code, "store.changed_meanwhile");
        let short = DistinctCandidate { reason: "不".into() };
        let refused = matching::distinct(&app, &system(), wang.id, wang.version, &short).await;
        assert_eq!(refused.expect_err("says nothing").code, "customers.reason_needed");
        let why = DistinctCandidate { reason: "父子同名同住".into() };
        matching::distinct(&app, &system(), wang.id, wang.version, &why).await.expect("kept apart");

        store.clock.advance_ms(1_000);
        let standing = matching::find(&app).await.expect("found");
        assert_eq!((standing.records, open(&app).await.len()), (4, 0), "what was decided is not asked again");
        assert_eq!(load(&app, ids[2]).await.id, ids[2]);
        assert_eq!(load(&app, ids[1]).await.id, ids[0]);
        let undone = undo_last(&app, ids[0]).await;
        assert_eq!(undone.restored_id, ids[1]);
        matching::find(&app).await.expect("found");
        assert!(open(&app).await.is_empty(), "an undone merge is a decision, too");
    }

    async fn what_is_beyond_doubt_is_joined_by_rule(store: TestStore) {
        let app = app(&store).await;
        let ids = people(&app, &[vec![member(1)], vec![member(2)], vec![member(3)]]).await;
        for (place, given) in ["晓", "晓", "明"].into_iter().enumerate() {
            let mut facts = Facts {
                given_name: Some(given.to_owned()),
                address: Some("湖滨路七号".into()),
                ..named("林", "杭州")
            };
            facts.attributes.insert("birthday".into(), "1990-03-05".into());
            tell(&app, &member(place as u32 + 1), "till", facts).await;
        }
        let standing = matching::find(&app).await.expect("found");
        assert_eq!(standing.merged_by_rule, 1, "{standing:?}");
        assert_eq!(load(&app, ids[1]).await.id, ids[0]);
        assert_eq!(load(&app, ids[2]).await.id, ids[2], "twins are two people");
        let merges = merge::of_profile(&app, &system(), ids[0]).await.expect("merges").items;
        assert_eq!((merges[0].rule.as_str(), merges[0].decided_by), ("fellegi_sunter", None));
    }

    async fn decisions_ask_for_sight_of_both(store: TestStore) {
        let app = app(&store).await;
        let ids = people(&app, &[vec![member(1)], vec![member(2)]]).await;
        let brand = Id::new();
        let mut tx = app.store.begin(&system()).await.expect("a transaction");
        tx.exec("UPDATE profile SET brand_id = $2 WHERE id = $1", args![ids[0], brand]).await.expect("placed");
        tx.audit(Audit::without_row("import", "customers.profile")).await.expect("an audit row");
        tx.commit().await.expect("committed");
        let permissions = [customers::permissions::PROFILE_READ, customers::permissions::MATCH_DECIDE];
        let half = user(&permissions, GrantScope::Brand(brand), Label::Personal);
        let wish = MergeProfile { with: ids[1], reason: "本人到店确认".into() };
        let version = load(&app, ids[0]).await.version;
        let refused = merge::merge(&app, &half, ids[0], version, &wish).await.expect_err("sees one of both");
        assert_eq!(refused.status, 404);
        let wish = MergeProfile { with: ids[0], reason: "本人到店确认".into() };
        let same = merge::merge(&app, &system(), ids[0], version, &wish).await.expect_err("nobody is two");
        assert_eq!(same.code, "customers.merge.same_profile");
    }
}

/// Walks through a history of tellings and merges, then undoes the merges, the last first: each time everything is as it
/// was before that merge.
async fn walk(app: &App, store: &store::testing::TestStore, round: u32, history: &[Act]) {
    let cards: Vec<Key> = (0..6).map(|n| member(round * 100 + n)).collect();
    people(app, &cards.iter().map(|card| vec![card.clone()]).collect::<Vec<_>>()).await;
    let cities = ["杭州", "宁波", "苏州", "绍兴", "嘉兴"];
    let mut before = Vec::new();
    let mut sources = 0;
    for act in history {
        store.clock.advance_ms(1_000);
        match act {
            Act::Tell(who, what) if before.is_empty() => {
                sources += 1;
                tell(
                    app,
                    &cards[*who],
                    &format!("source{sources}"),
                    named(&format!("人{what}"), cities[*what]),
                )
                .await;
            }
            Act::Tell(..) => {}
            Act::Join(one, other) => {
                let (one, other) = (owner(app, &cards[*one]).await, owner(app, &cards[*other]).await);
                if one != other {
                    before.push((snapshot(app).await, one.min(other)));
                    let kept = join(app, one, other).await.id;
                    before.last_mut().expect("just put").1 = kept;
                }
            }
        }
    }
    while let Some((was, kept)) = before.pop() {
        store.clock.advance_ms(1_000);
        undo_last(app, kept).await;
        assert_eq!(snapshot(app).await, was, "{history:?}");
    }
}
