use kernel::{DAY_MS, HOUR_MS};
use rulebook::metric;
use rulebook::record::Record;
use serde_json::json;
use store::on_both;
use store::testing::TestStore;

use crate::metrics_pack::{METRICS, World, files, score};
use crate::support::{MIGRATIONS, faults};

const CLAUSES: &str = "- {id: TT-1.1, department: brand, title: {en: Good}, text: {en: Good reviews}}\n";
const CONTROL: &str = r#"
- id: review.good
  clauses: {TT-1.1: full}
  title: {en: Reviews are good}
  rationale: {en: Looks at their score.}
  evidence: {kind: ratio, view: v_test_review, numerator: "score < 20", threshold: {op: ">=", value: 50}}
  opens: {record: incident, owner: {role: brand}, values: {name: $said, at: $at}}
"#;

/// The metrics of the other tests, with what their limits and their jumps open.
fn metrics() -> String {
    let also = "    owner: {role: brand}\n    also:\n      - {record: incident, values: {name: $said, metric: $metric, at: $at}}\n      \
                - {at: near, record: breach, values: {name: $said, value: $value}}\n";
    let jump = "  jump: {percent: 50, opens: {record: breach, owner: {role: brand}, values: {name: $said, value: $value}}}\n";
    let text = METRICS.replacen("    owner: {role: brand}\n", also, 1);
    let daily = "window: {days: 30}}\n  every: daily\n";
    assert!(text.contains(daily), "a daily metric");
    text.replacen(daily, &format!("{daily}{jump}"), 1)
}

async fn world(store: &TestStore) -> World {
    World::open(store, &[("metrics.yaml", Box::leak(metrics().into_boxed_str()))]).await
}

async fn pass(store: &TestStore, world: &World, ms: i64) {
    store.clock.advance_ms(ms);
    metric::measure_due(&world.app).await.expect("measures");
}

fn titles(records: &[Record]) -> Vec<&str> {
    records.iter().map(|record| record.title.as_str()).collect()
}

on_both! {
    migrations = MIGRATIONS;

    async fn a_limit_opens_more_than_its_warning_once_until_the_value_is_back(store: TestStore) {
        let world = world(&store).await;
        score(&store, "r1", "b1", "draft", 25.0).await;
        pass(&store, &world, HOUR_MS).await;
        let near = world.all("breach").await;
        assert_eq!(titles(&near), ["Mean score 为 25，接近限值（≥ 24）"]);
        assert_eq!((near[0].owner_id, near[0].created_by), (world.who.find_user_id(), None));
        assert!(world.all("incident").await.is_empty(), "near is not over");
        for value in [31.0, 25.0, 33.0] {
            score(&store, "r1", "b1", "draft", value).await;
            pass(&store, &world, HOUR_MS).await;
        }
        let over = world.all("incident").await;
        assert_eq!(titles(&over), ["Mean score 为 31，超出限值（≥ 30）"]);
        assert_eq!(over[0].values["metric"], json!("review.score"));
        assert_eq!(world.all("breach").await.len(), 1);
        score(&store, "r1", "b1", "draft", 10.0).await;
        pass(&store, &world, HOUR_MS).await;
        score(&store, "r1", "b1", "draft", 40.0).await;
        pass(&store, &world, HOUR_MS).await;
        assert_eq!((world.all("incident").await.len(), world.all("breach").await.len()), (2, 2), "another episode");
    }

    async fn a_jump_is_told_against_what_is_usual_once_until_it_is_over(store: TestStore) {
        let world = world(&store).await;
        let reviews = async |from: usize, to: usize| for n in from..to { score(&store, &format!("r{n}"), "b1", "approved", 1.0).await };
        reviews(0, 10).await;
        for _ in 0..3 {
            pass(&store, &world, DAY_MS).await;
        }
        assert!(world.all("breach").await.is_empty(), "the first values say what is usual");
        reviews(10, 14).await;
        pass(&store, &world, DAY_MS).await;
        assert!(world.all("breach").await.is_empty(), "forty percent are not fifty");
        reviews(14, 20).await;
        pass(&store, &world, DAY_MS).await;
        pass(&store, &world, DAY_MS).await;
        let jumped = world.all("breach").await;
        assert_eq!(titles(&jumped), ["Reviews 为 20，与近期中位数 10 相比变化 +100%"]);
        // What was far becomes usual; from there it jumps again, the other way.
        for _ in 0..6 {
            pass(&store, &world, DAY_MS).await;
        }
        store.clock.advance_ms(31 * DAY_MS);
        pass(&store, &world, 0).await;
        assert_eq!(world.all("breach").await.len(), 2);
        assert!(world.all("breach").await[0].title.ends_with("-100%"), "{:?}", titles(&world.all("breach").await));
    }

    async fn a_control_that_is_broken_opens_a_record_until_it_is_followed_again(store: TestStore) {
        let world = World::open(&store, &[("clauses.yaml", CLAUSES), ("controls.yaml", CONTROL)]).await;
        let evaluate = async || rulebook::evaluate_all(&world.app, None).await.expect("evaluates");
        evaluate().await;
        assert!(world.all("incident").await.is_empty(), "nothing to look at is not broken");
        score(&store, "r1", "b1", "draft", 90.0).await;
        evaluate().await;
        evaluate().await;
        let opened = world.all("incident").await;
        assert_eq!(opened.len(), 1, "{opened:#?}");
        assert_eq!(opened[0].owner_id, world.who.find_user_id());
        score(&store, "r1", "b1", "draft", 9.0).await;
        evaluate().await;
        score(&store, "r1", "b1", "draft", 90.0).await;
        evaluate().await;
        assert_eq!(world.all("incident").await.len(), 2);
    }
}

#[test]
fn what_is_opened_must_be_there() {
    let broken = |from: &str, to: &str| {
        let text = metrics().replacen(from, to, 1);
        assert_ne!(text, metrics(), "{from} is there");
        let found = faults(&files(&[("metrics.yaml", Box::leak(text.into_boxed_str()))]));
        found.iter().filter_map(|fault| fault.split(' ').nth(1)).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(broken("- {record: incident", "- {record: nothing"), "rulebook.pack.unknown_record_type");
    assert_eq!(broken("metric: $metric, at", "metrics: $metric, at"), "rulebook.pack.unknown_field");
    assert_eq!(broken("jump: {percent: 50, ", "jump: {"), "rulebook.pack.value_or_parameter");
    assert_eq!(broken("percent: 50", "parameter: none"), "rulebook.expression.unknown_parameter");
    let control = CONTROL.replace("{name: $said, at: $at}", "{nobody: $said}");
    let found =
        faults(&files(&[("clauses.yaml", CLAUSES), ("controls.yaml", Box::leak(control.into_boxed_str()))]));
    assert!(found.iter().any(|fault| fault.ends_with("rulebook.pack.unknown_field")), "{found:?}");
}
