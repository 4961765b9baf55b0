//! Tiers by a rule that people can change.

use customers::tier::{self, NewTierRule, Thresholds, Tier, TierCause, TierCounts, TierDefinition};
use http_kit::App;
use kernel::{Id, PageQuery};
use store::args;
use store::jobs::{Registry, Runner};

use crate::support::{MIGRATIONS, Order, app, member, people, store_orders, system};

const RULE: TierDefinition = TierDefinition {
    window_days: 100,
    a: Thresholds { recency_days: 10, order_count: 3, total_minor: 3_000 },
    b: Thresholds { recency_days: 30, order_count: 2, total_minor: 1_000 },
    c: Thresholds { recency_days: 100, order_count: 1, total_minor: 0 },
};

/// One regular, one who stopped coming, one newcomer, one who never bought, one whose order was cancelled.
async fn customers(app: &App) -> Vec<Id> {
    let ids = people(app, &(1..=5).map(|n| vec![member(n)]).collect::<Vec<_>>()).await;
    let now = app.store.now();
    let mut orders: Vec<Order<'_>> =
        [2_i64, 20, 40].iter().map(|days| Order::of(&member(1), now.plus_days(-days), 1_000)).collect();
    orders.extend([25_i64, 26].iter().map(|days| Order::of(&member(2), now.plus_days(-days), 900)));
    orders.push(Order::of(&member(2), now.plus_days(-101), 99_000));
    orders.push(Order::of(&member(3), now.plus_days(-1), 50));
    orders.push(Order { kind: "cancellation", ..Order::of(&member(5), now.plus_days(-1), 50) });
    store_orders(app, &orders).await;
    ids
}

async fn tiers(app: &App) -> Vec<Option<Tier>> {
    let text =
        "SELECT p.tier FROM profile p JOIN identifier_node n ON n.id = p.member_node_id ORDER BY n.value";
    app.store.all(text, args![]).await.expect("readable")
}

store::on_both! {
    migrations = MIGRATIONS;

    async fn a_rule_is_tried_out_before_it_is_applied(store: TestStore) {
        let app = app(&store).await;
        let ids = customers(&app).await;
        let preview = tier::preview(&app, &system(), &RULE).await.expect("a preview");
        assert_eq!(preview.now, TierCounts { none: 5, ..TierCounts::default() });
        assert_eq!(preview.after, TierCounts { a: 1, b: 1, c: 1, d: 2, none: 0 });
        assert_eq!(preview.movers[0].profile_id, ids[0]);
        assert_eq!((preview.movers[0].order_count, preview.movers[0].total_minor), (3, 3_000));
        assert_eq!(tiers(&app).await, [None; 5], "a preview changes nothing");

        let new = NewTierRule { definition: RULE, reason: "按季度复盘调整".into() };
        let applied = tier::apply(&app, &system(), 1, &new).await.expect("applied");
        assert_eq!(applied.number, 2);
        let stale = tier::apply(&app, &system(), 1, &new).await.expect_err("somebody was faster");
        assert_eq!(stale.status, 412);
        let mut registry = Registry::new();
        (customers::module().jobs)(&mut registry);
        Runner::new(app.store.clone(), app.clone(), registry, 1).run_due().await;
        assert_eq!(tiers(&app).await, [Some(Tier::A), Some(Tier::B), Some(Tier::C), Some(Tier::D), Some(Tier::D)]);
        let runs = tier::runs(&app, &system(), &PageQuery::default()).await.expect("runs");
        assert!(runs.items.iter().any(|run| run.cause == TierCause::Rule && run.rule_number == 2 && run.changed == 5));
    }

    async fn a_tier_changes_with_time_and_says_why(store: TestStore) {
        let app = app(&store).await;
        let ids = customers(&app).await;
        let new = NewTierRule { definition: RULE, reason: "按季度复盘调整".into() };
        tier::apply(&app, &system(), 1, &new).await.expect("applied");
        tier::recompute(&app, TierCause::Nightly).await.expect("computed");
        let again = tier::recompute(&app, TierCause::Nightly).await.expect("computed");
        assert_eq!((again.changed, again.tier_a, again.tier_d), (0, 1, 2));
        store.clock.advance_ms(9 * kernel::DAY_MS);
        let later = tier::recompute(&app, TierCause::Nightly).await.expect("computed");
        assert_eq!(later.changed, 2, "the regular was away for 11 days, the other's orders are 34 days old");
        let history = tier::of_profile(&app, &system(), ids[0]).await.expect("history");
        let steps: Vec<(Option<Tier>, Tier)> = history.iter().map(|c| (c.from_tier, c.to_tier)).collect();
        assert_eq!(steps, [(Some(Tier::A), Tier::B), (None, Tier::A)]);
        assert_eq!(history[0].order_count, 3);
    }
}
