use kernel::{Caller, DAY_MS, GrantScope, HOUR_MS, Id, MINUTE_MS, PageQuery};
use rulebook::metric::{self, MetricSight, MetricState, ReplayLimits, SampleFilter};
use rulebook::permissions::METRIC_READ;
use rulebook::record::{self, ActionInput, RecordPatch};
use rulebook::run::RowFilter;
use serde_json::{Value as Json, json};
use store::on_both;
use store::testing::TestStore;

use crate::metrics_pack::{METRICS, World, pack, score};
use crate::support::{MIGRATIONS, REVIEW_READ, somebody};

async fn samples(world: &World, id: &str, series: &str) -> Vec<(i64, Option<f64>, MetricState)> {
    let filter = SampleFilter { series: Some(series.to_owned()) };
    let page =
        metric::samples(&world.app, &world.who, id, &PageQuery::default(), &filter).await.expect("lists");
    page.items.into_iter().map(|sample| (sample.version, sample.value, sample.state)).collect()
}

/// Lets an hour pass and measures what is due.
async fn next_hour(store: &TestStore, world: &World) {
    store.clock.advance_ms(HOUR_MS);
    metric::measure_due(&world.app).await.expect("measures");
}

async fn act(world: &World, type_id: &str, id: Id, action: &str, values: Json) -> record::RecordDetail {
    let version = record::find(&world.app, &world.who, type_id, id).await.expect("found").record.version;
    let input = ActionInput { values: values.as_object().cloned().unwrap_or_default(), reason: None };
    record::act(&world.app, &world.who, type_id, id, version, action, input).await.expect("acts")
}

async fn notices(store: &TestStore) -> i64 {
    let sql = "SELECT CAST(COUNT(*) AS BIGINT) FROM rulebook_notification WHERE kind = 'alert'";
    store.get(sql, store::args![]).await.expect("counts")
}

on_both! {
    migrations = MIGRATIONS;

    async fn samples_are_kept_and_say_by_which_version(store: TestStore) {
        let world = World::open(&store, &[]).await;
        // Everything was measured once at the start: a count of nothing is nothing, a mean of nothing is none.
        assert_eq!(samples(&world, "review.count", "").await, [(1, Some(0.0), MetricState::Ok)]);
        assert_eq!(samples(&world, "review.score", "").await, [(1, None, MetricState::Unknown)]);
        score(&store, "r1", "b1", "approved", 10.0).await;
        score(&store, "r2", "b2", "approved", 20.0).await;
        score(&store, "r3", "b2", "draft", 12.0).await;
        // The same hour and the same day: nothing is due.
        assert_eq!(metric::measure_due(&world.app).await.expect("measures"), 0);
        next_hour(&store, &world).await;
        assert_eq!(samples(&world, "review.score", "").await[0], (1, Some(14.0), MetricState::Ok));
        assert_eq!(samples(&world, "review.score", "b2").await, [(1, Some(16.0), MetricState::Ok)]);
        assert_eq!(samples(&world, "review.count", "").await.len(), 1);
        store.clock.advance_ms(DAY_MS);
        assert_eq!(metric::measure_due(&world.app).await.expect("measures"), 4);
        assert_eq!(samples(&world, "review.count", "").await[0], (1, Some(2.0), MetricState::Ok));
        assert_eq!(samples(&world, "review.per_count", "").await[0], (1, Some(8.0), MetricState::Ok));
        let share = metric::find(&world.app, &world.who, "review.share").await.expect("shows");
        assert!(share.metric.value.is_some_and(|value| (value - 66.666_667).abs() < 1e-6), "{share:?}");

        // Another definition needs another version; the samples of the old one stay what they were.
        let other = METRICS.replacen("statistic: average", "statistic: maximum", 1);
        let same_version = pack(&[("metrics.yaml", Box::leak(other.clone().into_boxed_str()))]);
        let reopened = crate::support::try_app(&store, same_version).await;
        assert_eq!(reopened.expect_err("refused").code, "rulebook.pack.metric_changed");
        let counted_up = other.replacen("version: 1", "version: 2", 1);
        let world = World::open(&store, &[("metrics.yaml", Box::leak(counted_up.into_boxed_str()))]).await;
        next_hour(&store, &world).await;
        let found = samples(&world, "review.score", "").await;
        assert_eq!((found[0], found.last().copied()), ((2, Some(20.0), MetricState::Ok), Some((1, None, MetricState::Unknown))));
    }

    async fn an_alert_is_raised_once_goes_over_in_place_and_clears_beyond_the_band(store: TestStore) {
        let world = World::open(&store, &[]).await;
        score(&store, "r1", "b1", "approved", 25.0).await;
        next_hour(&store, &world).await;
        next_hour(&store, &world).await;
        let alert = world.all("warning").await;
        assert_eq!(alert.len(), 1);
        let alert = &alert[0];
        assert_eq!((&alert.values["level"], &alert.values["measured"], &alert.values["limit_value"]), (&json!("near"), &json!(25.0), &json!(24.0)));
        assert_eq!((&alert.values["metric"], alert.owner_id, alert.created_by), (&json!("review.score"), world.who.find_user_id(), None));
        assert_eq!(alert.title, "Mean score 为 25，接近限值（≥ 24）");
        assert_eq!(notices(&store).await, 1);
        let row = metric::find(&world.app, &world.who, "review.score").await.expect("shows").metric;
        assert_eq!((row.state, row.alert.map(|a| a.id)), (MetricState::Near, Some(alert.id)));

        // Over: the same record, told once more.
        score(&store, "r1", "b1", "approved", 31.0).await;
        next_hour(&store, &world).await;
        let raised = record::find(&world.app, &world.who, "warning", alert.id).await.expect("found").record;
        assert_eq!((&raised.values["level"], &raised.values["measured"]), (&json!("over"), &json!(31.0)));
        assert_eq!(raised.values["fired_at"], alert.values["fired_at"]);
        assert_eq!((world.all("warning").await.len(), notices(&store).await), (1, 2));

        // Back below the limit but within the band: it stays open. Closed by hand: no second one.
        score(&store, "r1", "b1", "approved", 23.0).await;
        next_hour(&store, &world).await;
        act(&world, "warning", alert.id, "answer", json!({"measure": "Called the printer"})).await;
        act(&world, "warning", alert.id, "close", json!({})).await;
        next_hour(&store, &world).await;
        let open = record::find(&world.app, &world.who, "warning", alert.id).await.expect("found").record;
        assert_eq!((world.all("warning").await.len(), open.values.get("cleared_at")), (1, None));

        // Beyond the band it clears, and the next breach is another alert.
        score(&store, "r1", "b1", "approved", 20.0).await;
        next_hour(&store, &world).await;
        let cleared = record::find(&world.app, &world.who, "warning", alert.id).await.expect("found").record;
        assert_eq!(cleared.values["cleared_value"], json!(20.0));
        assert!(cleared.values["cleared_at"].is_string());
        let history = record::history(&world.app, &world.who, "warning", alert.id, &PageQuery::default()).await.expect("kept");
        assert!(history.items.iter().any(|change| change.action == "clear" && change.action_title == "Back within limits"));
        score(&store, "r1", "b1", "approved", 40.0).await;
        next_hour(&store, &world).await;
        assert_eq!(world.all("warning").await.len(), 2);
        assert_eq!(world.all("warning").await[0].values["level"], json!("over"));
    }

    async fn after_an_action_it_is_measured_again_and_an_unanswered_alert_is_escalated(store: TestStore) {
        let world = World::open(&store, &[]).await;
        score(&store, "r1", "b1", "approved", 25.0).await;
        next_hour(&store, &world).await;
        let alert = world.all("warning").await.remove(0);
        store.clock.advance_ms(30 * MINUTE_MS);
        assert_eq!(metric::escalate_overdue(&world.app).await.expect("looks"), 0);
        store.clock.advance_ms(31 * MINUTE_MS);
        assert_eq!(metric::escalate_overdue(&world.app).await.expect("looks"), 1);
        assert_eq!(metric::escalate_overdue(&world.app).await.expect("looks"), 0);
        let state = record::find(&world.app, &world.who, "warning", alert.id).await.expect("found").record.state;
        assert_eq!(state.as_deref(), Some("escalated"));

        score(&store, "r1", "b1", "approved", 24.5).await;
        world.work().await;
        act(&world, "warning", alert.id, "answer", json!({"measure": "Sent it back"})).await;
        world.work().await;
        let answered = record::find(&world.app, &world.who, "warning", alert.id).await.expect("found").record;
        assert_eq!(answered.values["after_value"], json!(24.5));
        assert!(answered.values["after_at"].is_string() && answered.values["answered_at"].is_string());
    }

    async fn a_bound_record_takes_each_sample_and_a_breach_opens_what_asks_for_a_measure(store: TestStore) {
        let world = World::open(&store, &[]).await;
        score(&store, "r1", "b1", "approved", 10.0).await;
        score(&store, "r2", "b2", "approved", 20.0).await;
        let whole = world.make("goal", json!({"name": "All", "metric": "review.score", "limit_value": 16.0})).await.record;
        let part = world.make("goal", json!({"name": "One", "metric": "review.score", "brand": "b1"})).await.record;
        let by_hand = world.make("goal", json!({"name": "Hand", "actual": 3.0})).await.record;
        // Whoever names a metric does not wait for the next hour.
        world.work().await;
        let get = async |id: Id| record::find(&world.app, &world.who, "goal", id).await.expect("found").record;
        let found = get(whole.id).await;
        assert_eq!((&found.values["actual"], &found.values["rows"], &found.values["measured_on"]), (&json!(15.0), &json!(2), &json!("2026-11-22")));
        assert_eq!((get(part.id).await.values["actual"].clone(), get(by_hand.id).await.values["actual"].clone()), (json!(10.0), json!(3.0)));
        assert!(world.all("breach").await.is_empty());
        let history = record::history(&world.app, &world.who, "goal", whole.id, &PageQuery::default()).await.expect("kept").items;
        assert_eq!((history[0].action.as_str(), history[0].actor_id), ("measure", None));

        // The same value on the same day writes nothing; a breach opens its record once while it lasts.
        let version = get(whole.id).await.version;
        next_hour(&store, &world).await;
        assert_eq!(get(whole.id).await.version, version);
        score(&store, "r2", "b2", "approved", 30.0).await;
        next_hour(&store, &world).await;
        next_hour(&store, &world).await;
        let breaches = world.all("breach").await;
        assert_eq!(breaches.len(), 1);
        assert_eq!((&breaches[0].values["goal"], &breaches[0].values["value"]), (&json!(whole.id), &json!(20.0)));
        assert_eq!(breaches[0].owner_id, world.who.find_user_id());

        // At the end figures are frozen, and what is closed takes no more samples.
        let patch = RecordPatch {
            values: json!({"figures": [{"metric": "review.score"}, {"name": "By hand", "value": 1.5}]}).as_object().cloned().expect("values"),
            ..RecordPatch::default()
        };
        let version = get(whole.id).await.version;
        record::update(&world.app, &world.who, "goal", whole.id, version, patch).await.expect("changed");
        let closed = act(&world, "goal", whole.id, "close", json!({})).await.record;
        assert_eq!(closed.values["figures"][0], json!({"metric": "review.score", "name": "Mean score", "value": 20.0, "at": "2026-11-22"}));
        assert_eq!(closed.values["figures"][1], json!({"name": "By hand", "value": 1.5}));
        score(&store, "r2", "b2", "approved", 50.0).await;
        next_hour(&store, &world).await;
        assert_eq!(get(whole.id).await.values["actual"], json!(20.0));
        // A metric that is not there is refused.
        let new = record::NewRecord { values: json!({"name": "x", "metric": "nobody"}).as_object().cloned().expect("values"), ..Default::default() };
        let odd = record::create(&world.app, &world.who, "goal", new).await.expect_err("refused");
        assert_eq!(odd.fields[0].code, "rulebook.record.points_at_nothing");
    }

    async fn a_metric_shows_a_caller_what_its_rows_would(store: TestStore) {
        let world = World::open(&store, &[]).await;
        let (one, two) = (Id::new(), Id::new());
        score(&store, "r1", &one.to_string(), "approved", 10.0).await;
        score(&store, "r2", &two.to_string(), "approved", 20.0).await;
        next_hour(&store, &world).await;
        let seen = async |caller: &Caller| metric::find(&world.app, caller, "review.score").await.expect("shows");
        let all = seen(&world.who).await;
        assert_eq!((all.metric.sight, all.metric.value, all.metric.series.len(), all.samples.len()), (MetricSight::All, Some(15.0), 2, 2));
        // A grant for one brand: the same figure over their own rows, and no history of the whole.
        let mut narrowed = somebody(&[REVIEW_READ], GrantScope::Brand(one));
        let company = somebody(&[METRIC_READ], GrantScope::Company);
        narrowed.grants = narrowed.grants.iter().chain(company.grants.iter()).cloned().collect();
        let part = seen(&narrowed).await;
        assert_eq!((part.metric.sight, part.metric.value, part.metric.series.len(), part.samples.len()), (MetricSight::Part, Some(10.0), 1, 0));
        let listed = metric::list(&world.app, &narrowed).await.expect("lists");
        assert!(listed.iter().all(|row| row.value.is_none() && row.sight == MetricSight::Part));
        let refused = metric::samples(&world.app, &narrowed, "review.score", &PageQuery::default(), &SampleFilter::default()).await;
        assert_eq!(refused.expect_err("not all rows").code, "rulebook.metric.not_all_rows");
        let rows = metric::rows(&world.app, &narrowed, "review.score", &PageQuery::default(), &RowFilter::default()).await;
        let rows = rows.expect("opens").items;
        assert_eq!((rows.len(), rows[0].id.as_str(), rows[0].masked.as_slice()), (1, "r1", ["author_name".to_owned()].as_slice()));
        // Without any right to the rows there is nothing; a formula is as visible as what it reads.
        let none = seen(&company).await;
        assert_eq!((none.metric.sight, none.metric.value), (MetricSight::None, None));
        let formula = metric::find(&world.app, &company, "review.per_count").await.expect("shows");
        assert_eq!((formula.metric.sight, formula.metrics.len()), (MetricSight::None, 2));
        let rows = metric::rows(&world.app, &world.who, "review.per_count", &PageQuery::default(), &RowFilter::default()).await;
        assert_eq!(rows.expect_err("no rows").code, "rulebook.metric.no_rows");
    }

    async fn limits_of_each_series_warn_of_it_alone_and_clear_when_it_is_gone(store: TestStore) {
        let each = METRICS
            .replacen("statistic: average, of: {column: score}, by: brand_id}", "statistic: sum, of: {column: score}, by: brand_id}", 1)
            .replacen("clears_by: 2", "clears_by: 2\n    each: true", 1);
        let world = World::open(&store, &[("metrics.yaml", Box::leak(each.into_boxed_str()))]).await;
        score(&store, "r1", "b1", "approved", 10.0).await;
        score(&store, "r2", "b2", "approved", 40.0).await;
        next_hour(&store, &world).await;
        let alerts = world.all("warning").await;
        assert_eq!((alerts.len(), &alerts[0].values["series"], &alerts[0].values["level"]), (1, &json!("b2"), &json!("over")));
        assert!(alerts[0].title.starts_with("Mean score · b2"), "{}", alerts[0].title);
        let mut tx = store.begin_observation(store::Observation::Measurement).await.expect("begins");
        tx.exec("DELETE FROM review WHERE id = 'r2'", store::args![]).await.expect("deletes");
        tx.commit().await.expect("commits");
        next_hour(&store, &world).await;
        next_hour(&store, &world).await;
        // The sum of nothing is nothing; it is noted once.
        let found = samples(&world, "review.score", "b2").await;
        assert_eq!(found, [(1, Some(0.0), MetricState::Ok), (1, Some(40.0), MetricState::Over)]);
        let cleared = record::find(&world.app, &world.who, "warning", alerts[0].id).await.expect("found").record;
        assert_eq!(cleared.values["cleared_value"], json!(0.0));
    }

    async fn proposed_limits_are_replayed_on_what_was_measured(store: TestStore) {
        let world = World::open(&store, &[]).await;
        for value in [10.0, 25.0, 31.0, 20.0, 25.0] {
            score(&store, "r1", "b1", "approved", value).await;
            next_hour(&store, &world).await;
        }
        let replay = async |near: Option<f64>| {
            let wanted = ReplayLimits { near, ..ReplayLimits::default() };
            metric::replayed(&world.app, &world.who, "review.score", &wanted).await.expect("replays")
        };
        let today = replay(None).await;
        assert_eq!((today.samples, today.firings, today.over), (6, 2, 1));
        assert_eq!(replay(Some(26.0)).await.firings, 1);
        let none = metric::replayed(&world.app, &world.who, "review.count", &ReplayLimits::default()).await;
        assert_eq!(none.expect_err("no limits").code, "rulebook.metric.no_limits");
    }

    async fn a_monthly_review_opens_with_what_became_of_the_alerts(store: TestStore) {
        const REVIEW: &str = r"
id: review
version: 1
prefix: R
title: {en: Review}
fields:
  - {key: name, kind: text, title: {en: Name}, required: true}
  - key: rules
    kind: table
    title: {en: Rules}
    fields:
      - {key: metric, kind: metric, title: {en: Metric}}
      - {key: firings, kind: number, title: {en: Firings}}
      - {key: false_alarms, kind: number, title: {en: False}}
      - {key: misses, kind: number, title: {en: Misses}}
      - {key: response_minutes, kind: number, title: {en: Response}}
      - {key: proposed_limit, kind: number, decimals: 2, title: {en: Proposed}}
      - {key: replayed_firings, kind: number, title: {en: Replayed}}
";
        const CADENCE: &str = "- {id: monthly, title: {en: Review}, when: {monthly: {day: 1}}, \
            opens: {record: review, values: {name: $previous_period}, fills: {rules: alerts}}}\n";
        let world = World::open(&store, &[("records/review.yaml", REVIEW), ("cadences.yaml", CADENCE)]).await;
        rulebook::cadence::open_due(&world.app).await.expect("begins to watch");
        score(&store, "r1", "b1", "approved", 25.0).await;
        next_hour(&store, &world).await;
        let alert = world.all("warning").await.remove(0);
        store.clock.advance_ms(10 * MINUTE_MS);
        let patch = RecordPatch { values: json!({"false_alarm": true}).as_object().cloned().expect("values"), ..RecordPatch::default() };
        record::update(&world.app, &world.who, "warning", alert.id, alert.version, patch).await.expect("changed");
        act(&world, "warning", alert.id, "answer", json!({"measure": "Nothing"})).await;
        score(&store, "r1", "b1", "approved", 20.0).await;
        next_hour(&store, &world).await;
        // Ten days on something happens of which nothing warned.
        store.clock.advance_ms(6 * DAY_MS);
        world.make("incident", json!({"name": "Late", "metric": "review.score", "at": "2026-11-30T20:00:00Z"})).await;
        store.clock.advance_ms(4 * DAY_MS);
        assert_eq!(rulebook::cadence::open_due(&world.app).await.expect("opens"), 1);
        let caller = somebody(&[kernel::Permission::scoped("records.review.read")], GrantScope::Company);
        let found = record::list(&world.app, &caller, "review", &PageQuery::default(), &Default::default()).await.expect("lists").items;
        let rows = found[0].values["rules"].as_array().expect("rows").clone();
        assert_eq!((found[0].title.as_str(), rows.len()), ("2026-11", 1));
        let row = rows[0].as_object().expect("a row");
        assert_eq!(
            [&row["metric"], &row["firings"], &row["false_alarms"], &row["misses"], &row["response_minutes"]],
            [&json!("review.score"), &json!(1), &json!(1), &json!(1), &json!(10)]
        );
    }
}
