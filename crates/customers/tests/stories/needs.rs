//! What customers search for, say and buy together.

use std::sync::Arc;

use customers::insight::{InsightEvidence, InsightKind, InsightState};
use customers::need::{self, NeedCause, NeedCluster, NeedFilter, NeedKind, NeedTrend, NewInsightOfNeed};
use customers::permissions::{INSIGHT_EDIT, INSIGHT_READ, NEED_READ};
use http_kit::App;
use kernel::{GrantScope, Id, Label, PageQuery, Timestamp};
use lake::{Batch, Event, EventKind, EventLake, Lake};
use lake_engine::Engine;
use serde_json::json;
use store::{Audit, args};
use tokio_util::sync::CancellationToken;

use crate::support::{MIGRATIONS, app, member, people, system, user};

fn event(id: &str, who: u32, at: Timestamp, name: &str, properties: serde_json::Value) -> Event {
    Event {
        message_id: id.to_owned(),
        kind: EventKind::Track,
        name: name.to_owned(),
        node: member(who).older_id(),
        user_id: None,
        anonymous_id: None,
        happened_at: at,
        channel: None,
        properties: properties.to_string(),
        context: "{}".into(),
    }
}

/// Sends events, and waits until they are in files.
async fn taken(app: &App, events: Vec<Event>) {
    let stop = CancellationToken::new();
    let engine = app.part::<Arc<Engine>>().expect("an engine").clone();
    let work = lake_engine::begin(engine.clone(), stop.clone()).await;
    while !engine.takes_events() {
        tokio::task::yield_now().await;
    }
    let batch = Batch { source_id: Id::from_digest([3; 16]), received_at: app.store.now(), events };
    app.part::<Lake>().expect("a lake").append(batch).await.expect("kept");
    stop.cancel();
    work.await.expect("the work ends");
}

async fn product(app: &App, id: Id, name: &str) {
    let mut tx = app.store.begin(&system()).await.expect("a transaction");
    let head = "INSERT INTO test_product (id, category, name, search_text) VALUES";
    tx.insert_many(head, vec![args![id, "食品", name, name]], "").await.expect("kept");
    tx.audit(Audit::without_row("import", "catalog.product")).await.expect("an audit row");
    tx.commit().await.expect("committed");
}

/// An order of several products.
async fn basket(app: &App, who: u32, at: Timestamp, products: &[Id]) {
    let mut tx = app.store.begin(&system()).await.expect("a transaction");
    let order = Id::new();
    let head = "INSERT INTO test_order (id, customer_node_id, happened_at, total_minor, currency, source, kind) VALUES";
    let row = args![order, member(who).older_id(), at, 1_000_i64, "CNY", "till", "sale"];
    tx.insert_many(head, vec![row], "").await.expect("kept");
    let head = "INSERT INTO test_order_line (order_id, ordinal, customer_node_id, product_id, happened_at, total_minor, kind) VALUES";
    let lines = products.iter().enumerate();
    let lines =
        lines.map(|(place, id)| args![order, place as i64, member(who).older_id(), *id, at, 500_i64, "sale"]);
    tx.insert_many(head, lines.collect(), "").await.expect("kept");
    tx.audit(Audit::without_row("import", "sales.order")).await.expect("an audit row");
    tx.commit().await.expect("committed");
}

async fn found(app: &App, kind: NeedKind) -> Vec<NeedCluster> {
    let filter = NeedFilter { kind: Some(kind), ..NeedFilter::default() };
    need::list(app, &system(), &PageQuery::default(), &filter).await.expect("listed").items
}

store::on_both! {
    migrations = MIGRATIONS;

    async fn searches_without_a_product_are_needs(store: TestStore) {
        let app = app(&store).await;
        people(&app, &(1..=6).map(|n| vec![member(n)]).collect::<Vec<_>>()).await;
        product(&app, Id::new(), "纯牛奶 1 升").await;
        product(&app, Id::new(), "原味酸奶 950 克").await;
        let ago = |days: i64| app.store.now().plus_days(-days);
        let search = |id: &str, who: u32, days: i64, term: &str| event(id, who, ago(days), "Products Searched", json!({ "query": term }));
        taken(&app, vec![
            search("1", 1, 2, "无糖酸奶"),
            search("2", 2, 3, "无糖酸奶"),
            search("3", 3, 4, "酸奶无糖"),
            search("4", 1, 40, "无糖酸奶"),
            search("5", 1, 1, "纯牛奶"),
            search("6", 2, 1, "纯牛奶"),
            search("7", 3, 1, "牛奶"),
            search("8", 4, 33, "纯牛奶"),
            search("9", 4, 34, "纯牛奶"),
            search("10", 4, 35, "纯牛奶"),
            // Two people are too few, and a number of somebody is nobody's need.
            search("11", 1, 1, "狗粮"),
            search("12", 2, 1, "狗粮"),
            search("13", 1, 1, "13800138000"),
            search("14", 2, 1, "13800138000"),
            search("15", 3, 1, "13800138000"),
            event("16", 5, ago(1), "Product Viewed", json!({ "query": "无糖酸奶" })),
            event("17", 5, ago(2), "Product Reviewed", json!({ "review_body": "包装漏液，客服电话 13800138000" })),
            event("18", 6, ago(3), "Product Reviewed", json!({ "review_body": "包装漏液了" })),
            event("19", 6, ago(3), "Product Reviewed", json!({ "review_body": "送货很快" })),
        ]).await;
        let run = need::recompute(&app, NeedCause::Staff).await.expect("computed");
        assert_eq!((run.searches, run.terms, run.feedback), (8, 5, 3));
        let searched = found(&app, NeedKind::Search).await;
        let told: Vec<_> = searched.iter().map(|one| (one.words[0].as_str(), one.count, one.people, one.previous_count, one.trend, one.unmet)).collect();
        assert!(told.contains(&("无糖酸奶", 3, 3, 1, NeedTrend::Rising, true)), "{told:?}");
        assert!(told.contains(&("纯牛奶", 3, 3, 3, NeedTrend::Steady, false)), "{told:?}");
        assert_eq!(told.len(), 2, "{told:?}");
        let said = found(&app, NeedKind::Feedback).await;
        assert_eq!(said.len(), 1, "{said:?}");
        assert_eq!((said[0].count, said[0].people, said[0].trend), (2, 2, NeedTrend::New));
        let examples = said[0].examples.clone().expect("examples");
        assert!(examples.contains(&"包装漏液，客服电话 •".to_owned()), "{examples:?}");

        let unmet = searched.iter().find(|one| one.unmet).expect("an unmet need");
        let analyst = user(&[NEED_READ, INSIGHT_EDIT, INSIGHT_READ], GrantScope::Company, Label::Personal);
        let draft = need::insight_of_need(&app, &analyst, unmet.id, &NewInsightOfNeed::default()).await.expect("a draft");
        assert_eq!((draft.insight.kind, draft.insight.state), (InsightKind::Need, InsightState::Draft));
        let InsightEvidence::Need { cluster_id, count, people, .. } = draft.insight.evidence else { panic!("{:?}", draft.insight.evidence) };
        assert_eq!((cluster_id, count, people), (unmet.id, 3, 3));
        assert_eq!(need::standing(&app, &analyst).await.expect("there").run.map(|run| run.unmet), Some(1));
    }

    async fn products_that_go_together_are_counted(store: TestStore) {
        let app = app(&store).await;
        people(&app, &(1..=4).map(|n| vec![member(n)]).collect::<Vec<_>>()).await;
        let (milk, bread, soap) = (Id::new(), Id::new(), Id::new());
        for (id, name) in [(milk, "纯牛奶"), (bread, "吐司"), (soap, "香皂")] {
            product(&app, id, name).await;
        }
        let ago = |days: i64| app.store.now().plus_days(-days);
        for n in 0..6_u32 {
            basket(&app, n % 3 + 1, ago(i64::from(n) + 1), &[milk, bread]).await;
        }
        for n in 0..6_u32 {
            basket(&app, n % 4 + 1, ago(i64::from(n) + 10), &[soap]).await;
        }
        // Older than the days that are looked at.
        basket(&app, 1, ago(200), &[milk, soap]).await;
        let run = need::recompute(&app, NeedCause::Weekly).await.expect("computed");
        assert_eq!((run.baskets, run.patterns, run.clusters), (12, 1, 0));
        let pattern = need::baskets(&app, &system(), &PageQuery::default()).await.expect("listed").items.remove(0);
        let names = [pattern.first_name.as_deref(), pattern.second_name.as_deref()];
        assert!(names.contains(&Some("纯牛奶")) && names.contains(&Some("吐司")), "{names:?}");
        assert_eq!((pattern.baskets, pattern.people, pattern.first_baskets), (6, 3, 6));
        assert!((pattern.support - 0.5).abs() < 1e-9 && (pattern.confidence - 1.0).abs() < 1e-9 && (pattern.lift - 2.0).abs() < 1e-9, "{pattern:?}");
        let draft = need::insight_of_basket(&app, &system(), pattern.id, &NewInsightOfNeed { title: Some("牛奶配吐司".into()), ..NewInsightOfNeed::default() }).await.expect("a draft");
        assert_eq!((draft.insight.title.as_str(), draft.insight.kind), ("牛奶配吐司", InsightKind::Basket));
        // The next run stands in place of this one.
        let again = need::recompute(&app, NeedCause::Weekly).await.expect("computed");
        let shown = need::baskets(&app, &system(), &PageQuery::default()).await.expect("listed").items;
        assert!(shown.len() == 1 && shown[0].run_id == again.id);
    }
}
