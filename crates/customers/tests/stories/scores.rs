//! How much people are worth, and which of them are alike.

use customers::condition::Condition;
use customers::permissions::{PROFILE_READ, SEGMENT_EDIT, SEGMENT_READ};
use customers::persona::{self, NewPersonaSet, PersonaFeature, PersonaName, PersonaSet, PersonaState};
use customers::score::{self, Lacking, RfmSegment, ScoreCause, ScoreVerdict, ValueTier};
use customers::segment::{self, NewSegment, TryCondition};
use http_kit::App;
use kernel::{GrantScope, Id, Label, PageQuery};
use serde_json::{Value as Json, json};
use store::args;
use store::jobs::{Registry, Runner};
use store::testing::TestStore;

use crate::support::{MIGRATIONS, Order, app, member, people, store_orders, system, user};

const PEOPLE: u32 = 330;

/// Three hundred and more people over 50 weeks: a third buys every week for little and still does, a third bought every
/// week and stopped long ago, a third buys seldom and for much.
async fn shop(app: &App) -> Vec<Id> {
    let ids = people(app, &(1..=PEOPLE).map(|n| vec![member(n)]).collect::<Vec<_>>()).await;
    let now = app.store.now();
    let keys: Vec<_> = (1..=PEOPLE).map(member).collect();
    let mut orders = Vec::new();
    for (place, key) in keys.iter().enumerate() {
        let place = place as i64;
        let (first, last, every, amount, department) = match place % 3 {
            0 => (350, 1 + place % 6, 6 + place % 4, 1_500, "PRODUCE"),
            1 => (340, 200 + place % 30, 7 + place % 5, 1_600, "PRODUCE"),
            _ => (330, 2 + place % 20, 50 + place % 40, 40_000, "MEAT"),
        };
        let mut days = first - place % 11;
        while days > last {
            // Amounts differ a little, so that a spread can be learned.
            let total = amount + amount * ((days * 7 + place * 3) % 11) / 20;
            orders.push(Order { department, ..Order::of(key, now.plus_days(-days), total) });
            days -= every + (days + place) % 3;
        }
        let total = amount + place % 50;
        orders.push(Order { department, ..Order::of(key, now.plus_days(-last), total) });
    }
    store_orders(app, &orders).await;
    ids
}

fn registry() -> Registry<App> {
    let mut registry = Registry::new();
    (customers::module().jobs)(&mut registry);
    registry
}

async fn run_due(app: &std::sync::Arc<App>) {
    Runner::new(app.store.clone(), app.clone(), registry(), 1).run_due().await;
}

fn read(json: Json) -> Condition {
    serde_json::from_value(json).expect("a condition")
}

fn tried(definition: Json) -> TryCondition {
    serde_json::from_value(json!({ "definition": definition })).expect("a condition")
}

async fn count(app: &App, definition: Json) -> i64 {
    segment::preview(app, &system(), tried(definition)).await.expect("counted").count
}

fn new_set(group_count: Option<i64>) -> NewPersonaSet {
    NewPersonaSet {
        name: "买法".into(),
        features: vec![
            PersonaFeature::RecencyDays,
            PersonaFeature::OrderCount,
            PersonaFeature::OrderValue,
            PersonaFeature::Department,
        ],
        group_count,
        brand_id: None,
        department_id: None,
    }
}

async fn set(app: &std::sync::Arc<App>, group_count: Option<i64>) -> PersonaSet {
    let made = persona::create(app, &system(), &new_set(group_count)).await.expect("made");
    assert_eq!(made.state, PersonaState::Waiting);
    run_due(app).await;
    persona::get(app, &system(), made.id).await.expect("there")
}

store::on_both! {
    migrations = MIGRATIONS;

    async fn everybody_who_bought_has_scores(store: TestStore) {
        let app = app(&store).await;
        let ids = shop(&app).await;
        let stranger = people(&app, &[vec![member(9_999)]]).await[0];
        let run = score::recompute(&app, ScoreCause::Nightly).await.expect("computed");
        assert_eq!((run.verdict, run.customers, run.scored), (ScoreVerdict::Usable, 330, 330), "{:?}", run.lacks);
        let error = run.error.expect("an error is stated");
        assert!(error.orders_actual > 500.0 && error.orders_mae > 0.0 && error.predicted_weeks > 10.0, "{error:?}");
        let off = error.orders_predicted / error.orders_actual;
        assert!((0.7..1.3).contains(&off), "{error:?}");

        let caller = system();
        let of = |place: usize| score::of_profile(&app, &caller, ids[place]);
        let regular = of(0).await.expect("scores").score.expect("bought");
        let gone = of(1).await.expect("scores").score.expect("bought");
        let big = of(2).await.expect("scores").score.expect("bought");
        assert!(regular.p_alive > Some(0.8) && gone.p_alive < Some(0.1), "{regular:?} {gone:?}");
        assert!(regular.p_alive.zip(regular.churn).is_some_and(|(alive, churn)| (alive + churn - 1.0).abs() < 1e-9));
        assert!(regular.expected_orders > Some(5.0) && gone.expected_orders < Some(2.0));
        assert!(regular.next_order_at.is_some() && gone.next_order_at.is_none());
        assert!(regular.recency > gone.recency && regular.frequency > big.frequency);
        assert!(big.expected_order_value_minor > Some(20_000) && big.expected_value_minor > gone.expected_value_minor);
        assert!(matches!(gone.rfm_segment, RfmSegment::CannotLose | RfmSegment::AtRisk | RfmSegment::Hibernating | RfmSegment::Lost));
        assert!(score::of_profile(&app, &system(), stranger).await.expect("a person").score.is_none());

        let spread = score::distribution(&app, &system()).await.expect("a distribution");
        assert_eq!(spread.customers, 330);
        assert_eq!(spread.cells.iter().map(|cell| cell.count).sum::<i64>(), 330);
        assert_eq!(spread.segments.iter().map(|one| one.count).sum::<i64>(), 330);
        assert_eq!(spread.tiers.iter().map(|one| one.count).sum::<i64>(), 330);
        assert_eq!((spread.tiers[0].tier, spread.run.expect("the run").id), (ValueTier::Top, run.id));
        let own = user(&[PROFILE_READ], GrantScope::Own, Label::Internal);
        let theirs = score::distribution(&app, &own).await.expect("a distribution");
        assert_eq!((theirs.customers, theirs.tiers.len()), (0, 0), "nobody is theirs");
        assert_eq!(score::of_profile(&app, &own, ids[0]).await.expect_err("not theirs").status, 404);
    }

    async fn scores_follow_the_orders(store: TestStore) {
        let app = app(&store).await;
        let ids = shop(&app).await;
        score::request(&app, &system()).await.expect("asked");
        score::request(&app, &system()).await.expect("asked once more");
        let waiting: i64 = app.store.get(
            "SELECT CAST(COUNT(*) AS BIGINT) FROM job WHERE kind = 'customers.score.recompute'", args![]).await.expect("jobs");
        assert_eq!(waiting, 1, "one computation serves both");
        run_due(&app).await;
        let first = score::of_profile(&app, &system(), ids[1]).await.expect("scores").score.expect("bought");
        let back = [Order::of(&member(2), app.store.now(), 1_500)];
        store_orders(&app, &back).await;
        let run = score::recompute(&app, ScoreCause::Import).await.expect("computed");
        let second = score::of_profile(&app, &system(), ids[1]).await.expect("scores").score.expect("bought");
        assert!(second.p_alive > first.p_alive && second.recency_days == 0 && second.run_id == run.id);
        let runs = score::runs(&app, &system(), &PageQuery::default()).await.expect("runs").items;
        assert_eq!(runs.iter().map(|run| run.cause).collect::<Vec<_>>(), [ScoreCause::Import, ScoreCause::Staff]);
        // Long afterwards somebody else buys: the old orders are out of the window, and so are their scores.
        store.clock.advance_ms(1_200 * kernel::DAY_MS);
        store_orders(&app, &[Order::of(&member(5), app.store.now(), 1_500)]).await;
        let late = score::recompute(&app, ScoreCause::Nightly).await.expect("computed");
        assert_eq!((late.scored, late.verdict), (1, ScoreVerdict::TooLittleData));
        assert!(score::of_profile(&app, &system(), ids[1]).await.expect("a person").score.is_none());
    }

    async fn too_little_data_says_so_and_predicts_nothing(store: TestStore) {
        let app = app(&store).await;
        let empty = score::recompute(&app, ScoreCause::Nightly).await.expect("computed");
        assert_eq!((empty.verdict, empty.scored), (ScoreVerdict::TooLittleData, 0));
        let ids = people(&app, &(1..=9).map(|n| vec![member(n)]).collect::<Vec<_>>()).await;
        let now = app.store.now();
        let orders: Vec<Order<'_>> = (0..9_i64)
            .flat_map(|n| [Order::of(&member(1), now.plus_days(-20 * n), 900), Order::of(&member(2), now.plus_days(-n - 150), 100)])
            .collect();
        store_orders(&app, &orders).await;
        let run = score::recompute(&app, ScoreCause::Nightly).await.expect("computed");
        let lacks = run.lacks.expect("something is lacking");
        assert_eq!((lacks.what, lacks.found, lacks.needed), (Lacking::Customers, Some(2.0), Some(200.0)));
        assert!(run.model.is_none() && run.error.is_none());
        let score = score::of_profile(&app, &system(), ids[0]).await.expect("scores").score.expect("bought");
        assert_eq!((score.verdict, score.order_count, score.total_minor), (ScoreVerdict::TooLittleData, 9, 8_100));
        assert!(score.recency > 1 && score.p_alive.is_none() && score.value_tier.is_none());
        let set = set(&app, None).await;
        assert_eq!((set.state, set.people, set.personas.len()), (PersonaState::TooLittleData, 2, 0));
    }

    async fn people_who_are_alike_are_found_named_and_kept(store: TestStore) {
        let app = app(&store).await;
        let ids = shop(&app).await;
        score::recompute(&app, ScoreCause::Nightly).await.expect("computed");
        let found = set(&app, None).await;
        assert_eq!((found.state, found.people), (PersonaState::Usable, 330));
        assert_eq!(found.personas.len(), 3, "{:?}", found.tried);
        assert!(found.stability > Some(0.9) && found.silhouette > Some(0.4), "{found:?}");
        assert_eq!(found.personas.iter().map(|one| one.size).sum::<i64>(), 330);
        let caller = system();
        let of = |place: usize| score::of_profile(&app, &caller, ids[place]);
        let theirs: Vec<Id> = [of(0).await, of(1).await, of(2).await]
            .map(|one| one.expect("scores").personas[0].persona_id)
            .into();
        let big = found.personas.iter().find(|one| one.id == theirs[2]).expect("their group");
        let value = big.traits.iter().find(|one| one.feature == PersonaFeature::OrderValue).expect("a trait");
        assert!(value.lift > Some(1.5) && value.distance > 1.0);
        let meat = big.traits.iter().find(|one| one.value.as_deref() == Some("MEAT")).expect("a department");
        assert!(meat.group > 0.99 && meat.overall < 0.4);

        let name = PersonaName { name: Some("大额客户".into()) };
        let named = persona::name(&app, &system(), found.id, found.version, big.id, &name).await.expect("named");
        let stale = persona::name(&app, &system(), found.id, found.version, big.id, &name).await.expect_err("stale");
        assert_eq!(stale.status, 412);
        persona::request(&app, &system(), found.id).await.expect("asked");
        run_due(&app).await;
        let again = persona::get(&app, &system(), found.id).await.expect("there");
        assert_eq!((again.version, &again.personas), (named.version, &named.personas), "the same people are the same groups");
        assert!(again.personas.iter().any(|one| one.id == big.id && one.name.as_deref() == Some("大额客户")));
        let listed = persona::list(&app, &system(), &PageQuery::default()).await.expect("listed").items;
        assert_eq!((listed.len(), listed[0].personas.len(), listed[0].personas[0].traits.len()), (1, 3, 0));

        let definition = json!({ "type": "persona", "persona_id": big.id });
        assert_eq!(count(&app, definition.clone()).await, big.size);
        let new = NewSegment { name: "大额".into(), description: String::new(), definition: read(definition),
            active: true, brand_id: None, department_id: None };
        let segment = segment::create(&app, &system(), &new).await.expect("made");
        assert!(segment.in_words.zh_hans.contains("大额客户"), "{}", segment.in_words.zh_hans);
        let why = segment::explain_member(&app, &system(), segment.segment.id, ids[2]).await.expect("explained");
        assert!(why.is_member && why.why.because.en == "yes");
        let refused = persona::archive(&app, &system(), again.id, again.version).await.expect_err("in use");
        assert_eq!(refused.code, "customers.persona.referred_to");
        segment::archive(&app, &system(), segment.segment.id, segment.segment.version).await.expect("archived");
        let away = persona::archive(&app, &system(), again.id, again.version).await.expect("archived");
        assert!(away.archived_at.is_some());
        let refused = segment::create(&app, &system(), &new).await.expect_err("the persona is put away");
        assert_eq!(refused.fields[0].code, "customers.persona.unknown");
        assert!(of(2).await.expect("scores").personas.is_empty());
    }

    async fn conditions_on_scores_count_what_they_explain(store: TestStore) {
        let app = app(&store).await;
        let ids = shop(&app).await;
        score::recompute(&app, ScoreCause::Nightly).await.expect("computed");
        let stranger = people(&app, &[vec![member(9_999)]]).await[0];
        let churned = json!({ "type": "score", "which": "churn", "at_least": 90 });
        let alive = json!({ "type": "score", "which": "p_alive", "at_least": 50, "at_most": 100 });
        let often = json!({ "type": "score", "which": "frequency", "at_least": 3 });
        let worth = json!({ "type": "score", "which": "expected_value", "at_least": 1_000 });
        let neither = json!({ "type": "not", "of": { "type": "score", "which": "recency", "at_least": 1 } });
        assert!(count(&app, churned.clone()).await >= 100, "those who stopped");
        assert_eq!(count(&app, neither).await, 1, "only the stranger has no score");
        for definition in [churned, alive, often, worth] {
            let counted = count(&app, definition.clone()).await;
            let mut explained = 0;
            for id in ids.iter().step_by(10).chain([&stranger]) {
                let told = segment::explain_definition(&app, &system(), tried(definition.clone()), *id).await.expect("told");
                let mut both = json!({ "type": "all", "of": [definition, { "type": "known_since", "within_days": 3_650 }] });
                let same = segment::explain_definition(&app, &system(), tried(both.take()), *id).await.expect("told");
                assert_eq!(told.is_member, same.is_member);
                explained += i64::from(told.is_member);
            }
            assert!(explained > 0 && counted >= explained && counted < i64::from(PEOPLE), "{counted} {explained}");
        }
        let gone = segment::explain_definition(
            &app, &system(), tried(json!({ "type": "score", "which": "churn", "at_least": 1 })), ids[1]).await.expect("told");
        assert!(gone.why.because.en.ends_with('%'), "{}", gone.why.because.en);
        for (bad, code) in [
            (json!({ "type": "score", "which": "recency", "at_least": 6 }), "customers.segment.out_of_range"),
            (json!({ "type": "score", "which": "churn" }), "customers.segment.bound_needed"),
            (json!({ "type": "persona", "persona_id": Id::new() }), "customers.persona.unknown"),
        ] {
            let refused = segment::preview(&app, &system(), tried(bad)).await.expect_err("refused");
            assert_eq!(refused.fields[0].code, code);
        }
    }

    async fn sets_ask_for_rights_and_sound_wishes(store: TestStore) {
        let app = app(&store).await;
        let reader = user(&[SEGMENT_READ, PROFILE_READ], GrantScope::Company, Label::Internal);
        assert_eq!(persona::create(&app, &reader, &new_set(None)).await.expect_err("may only read").status, 403);
        assert_eq!(score::request(&app, &reader).await.expect_err("may only read").status, 403);
        let brand = Id::new();
        let editor = user(&[SEGMENT_READ, SEGMENT_EDIT], GrantScope::Brand(brand), Label::Internal);
        assert_eq!(persona::create(&app, &editor, &new_set(None)).await.expect_err("outside").code, "access.outside_scope");
        let own = NewPersonaSet { brand_id: Some(brand), ..new_set(Some(3)) };
        let made = persona::create(&app, &editor, &own).await.expect("made");
        let stranger = user(&[SEGMENT_READ], GrantScope::Brand(Id::new()), Label::Internal);
        assert_eq!(persona::get(&app, &stranger, made.id).await.expect_err("not theirs").status, 404);
        for (bad, field) in [
            (NewPersonaSet { name: " ".into(), ..new_set(None) }, "name"),
            (NewPersonaSet { features: vec![PersonaFeature::City; 2], ..new_set(None) }, "features"),
            (new_set(Some(13)), "group_count"),
        ] {
            let refused = persona::create(&app, &system(), &bad).await.expect_err("refused");
            assert_eq!((&*refused.code, refused.fields[0].field.as_str()), ("customers.persona.invalid", field));
        }
    }
}
