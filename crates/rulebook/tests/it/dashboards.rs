use kernel::{GrantScope, Id, Label, Permission};
use rulebook::dashboard::{self, GroupFigure, TileKind};
use rulebook::metric::{MetricSight, measure_due};
use rulebook::permissions::METRIC_READ;
use serde_json::json;
use store::on_both;

use crate::metrics_pack::{World, files, score};
use crate::support::{MIGRATIONS, REVIEW_READ, faults, somebody};

const CLAUSES: &str = "- {id: TT-1.1, department: brand, title: {en: Review}, text: {en: Review all}}\n\
                       - {id: TT-1.2, department: brand, title: {en: Other}, text: {en: Other}}\n";
const DASHBOARD: &str = r#"
id: home
title: {en: Home}
area: brand
clauses: [TT-1.1]
tiles:
  - {kind: metric, metric: review.score, series: true}
  - {kind: gauge, metric: review.count, target: {parameter: score.near}}
  - {kind: groups, record: goal, by: metric, across: state, figure: mean, of: actual, title: {en: Goals}, shows: heat}
  - {kind: list, record: goal, filter: "!ended", sort: -actual, columns: [number, name, actual], limit: 2, title: {en: Open}}
  - {kind: groups, record: goal, by: name, figure: sum, of: secret, title: {en: Secrets}}
  - {kind: clauses, title: {en: Clauses}}
  - {kind: text, text: {en: Read this.}}
"#;

fn with(text: &'static str) -> [(&'static str, &'static str); 2] {
    [("dashboards/home.yaml", text), ("clauses.yaml", CLAUSES)]
}

#[test]
fn a_dashboard_at_fault_is_refused_with_its_line() {
    let broken = |from: &str, to: &str| {
        let text = DASHBOARD.replacen(from, to, 1);
        assert_ne!(text, DASHBOARD, "{from} is there");
        faults(&files(&with(Box::leak(text.into_boxed_str())))).join("\n")
    };
    assert_eq!(faults(&files(&with(DASHBOARD))), Vec::<String>::new());
    assert_eq!(
        broken("metric: review.score", "metric: nobody"),
        "test/dashboards/home.yaml:7 rulebook.pack.unknown_metric"
    );
    assert!(
        broken("metric: review.count,", "metric: review.count, series: 1,").contains("rulebook.pack.yaml")
    );
    assert_eq!(
        broken("metric, metric: review.score", "metric, metric: review.count"),
        "test/dashboards/home.yaml:7 rulebook.pack.no_series"
    );
    assert_eq!(
        broken("parameter: score.near", "parameter: nobody"),
        "test/dashboards/home.yaml:8 rulebook.expression.unknown_parameter"
    );
    assert!(
        broken("record: goal, by", "record: nobody, by")
            .contains("home.yaml:9 rulebook.pack.unknown_record_type")
    );
    assert!(broken("of: actual", "of: name").contains("home.yaml:9 rulebook.pack.unknown_field"));
    assert!(
        broken("figure: mean, of: actual", "figure: mean")
            .contains("home.yaml:9 rulebook.pack.unknown_field")
    );
    assert!(broken("!ended", "nothing == 1").contains("home.yaml:10 rulebook.expression.unknown_field"));
    assert!(
        broken("columns: [number, name, actual]", "columns: [nothing]")
            .contains("home.yaml:10 rulebook.pack.unknown_field")
    );
    assert!(broken("limit: 2", "limit: 200").contains("home.yaml:10 rulebook.pack.tile_limit"));
    assert!(
        broken("clauses: [TT-1.1]", "clauses: [TT-9.9]").contains("home.yaml:5 rulebook.pack.unknown_clause")
    );
}

on_both! {
    migrations = MIGRATIONS;

    async fn a_dashboard_shows_each_what_they_may_see(store: TestStore) {
        let world = World::open(&store, &with(DASHBOARD)).await;
        let (one, two) = (Id::new(), Id::new());
        score(&store, "r1", &one.to_string(), "approved", 10.0).await;
        score(&store, "r2", &two.to_string(), "approved", 20.0).await;
        store.clock.advance_ms(kernel::DAY_MS);
        measure_due(&world.app).await.expect("measures");
        for (name, actual) in [("A", 1.0), ("B", 5.0), ("C", 3.0)] {
            world.make("goal", json!({"name": name, "actual": actual})).await;
        }
        let found = dashboard::find(&world.app, &world.who, "home").await.expect("shows");
        assert_eq!((found.dashboard.title.as_str(), found.tiles.len()), ("Home", 7));
        let metric = found.tiles[0].metric.as_ref().expect("a metric");
        assert_eq!((found.tiles[0].kind, metric.value, metric.series.len(), found.tiles[0].points.len()), (TileKind::Metric, Some(15.0), 2, 2));
        let gauge = &found.tiles[1];
        assert_eq!((gauge.target, gauge.metric.as_ref().and_then(|m| m.value)), (Some(24.0), Some(2.0)));
        assert!(gauge.attainment.is_some_and(|share| (share - 100.0 / 12.0).abs() < 1e-6));
        let groups = found.tiles[2].groups.as_ref().expect("groups");
        assert_eq!((groups.figure, groups.cells.len()), (GroupFigure::Mean, 1));
        assert_eq!((groups.cells[0].records, groups.cells[0].value, groups.cells[0].across_title.as_deref()), (3, Some(3.0), Some("Open")));
        let list = found.tiles[3].list.as_ref().expect("a list");
        let titles: Vec<&str> = list.records.iter().map(|record| record.title.as_str()).collect();
        assert_eq!((titles, list.more, list.columns[2].title.as_str()), (vec!["B", "C"], true, "Actual"));
        // A field above the clearance is no figure of a tile either.
        assert!(found.tiles[4].groups.is_none());
        let mut trusted = world.who.clone();
        trusted.clearance = Label::Secret;
        assert!(dashboard::find(&world.app, &trusted, "home").await.expect("shows").tiles[4].groups.is_some());
        assert_eq!(found.tiles[5].clauses.iter().map(|c| c.id.as_str()).collect::<Vec<_>>(), ["TT-1.1"]);
        assert_eq!(found.tiles[6].text, "Read this.");

        // Somebody with a grant for one brand and their own goals.
        let goals = Permission::scoped("records.goal.read");
        let mut narrowed = somebody(&[REVIEW_READ], GrantScope::Brand(one));
        let own = somebody(&[goals], GrantScope::Own);
        let company = somebody(&[METRIC_READ], GrantScope::Company);
        let grants = [&narrowed.grants, &own.grants, &company.grants];
        narrowed.grants = grants.into_iter().flat_map(|grants| grants.iter().cloned()).collect();
        let seen = dashboard::find(&world.app, &narrowed, "home").await.expect("shows");
        let metric = seen.tiles[0].metric.as_ref().expect("a metric");
        assert_eq!((metric.sight, metric.value, metric.series.len()), (MetricSight::Part, Some(10.0), 1));
        assert!(seen.tiles[0].points.is_empty());
        assert!(seen.tiles[2].groups.as_ref().expect("groups").cells.is_empty());
        assert!(seen.tiles[3].list.as_ref().expect("a list").records.is_empty());
        assert!(seen.tiles[5].hidden && seen.tiles[5].clauses.is_empty());
        // And somebody with nothing but the right to look at dashboards.
        let bare = dashboard::find(&world.app, &company, "home").await.expect("shows");
        assert!(bare.tiles[..6].iter().all(|tile| tile.hidden));
        assert_eq!(bare.tiles[0].metric.as_ref().and_then(|m| m.value), None);
        assert_eq!(dashboard::find(&world.app, &world.who, "nobody").await.expect_err("none").status, 404);
        assert_eq!(dashboard::list(&world.app, &world.who).expect("lists").len(), 1);
    }
}
