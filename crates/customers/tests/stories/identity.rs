//! Who people are: nodes, matches, profiles.

use customers::node::{MatchRule, NodeKind, Resolved, resolve};
use customers::profile;
use http_kit::Identifier;
use store::{Audit, args};

use crate::support::{MIGRATIONS, Order, app, id_of, key, member, people, store_orders, system};

fn number(value: &str) -> Identifier {
    Identifier { kind: "member_number", value: value.into() }
}

store::on_both! {
    migrations = MIGRATIONS;

    async fn every_statement_is_understood(store: TestStore) {
        assert_eq!(store.check_statements().await, []);
    }

    async fn every_published_column_is_there(store: TestStore) {
        for view in customers::module().views {
            let columns: Vec<&str> = view.columns.iter().map(|column| column.name).collect();
            assert!(columns.contains(&"id") && columns.contains(&view.at), "{}", view.name);
            let text: &'static str = format!("SELECT {} FROM {}", columns.join(", "), view.name).leak();
            let rows: kernel::Result<Vec<serde_json::Value>> = store.all(text, args![]).await;
            assert_eq!(rows.map(|rows| rows.len()).map_err(|error| error.to_string()), Ok(0), "{}", view.name);
        }
    }

    async fn an_identifier_has_one_node_for_ever(store: TestStore) {
        let app = app(&store).await;
        let nodes = app.nodes.get().expect("connected");
        let wanted: Vec<Identifier> = (0..450).map(|n| number(&(n % 300).to_string())).collect();
        let mut tx = app.store.begin(&system()).await.expect("a transaction");
        let first = nodes.ensure(&mut tx, &wanted).await.expect("ensured");
        tx.audit(Audit::without_row("import", "sales.order")).await.expect("an audit row");
        tx.commit().await.expect("committed");
        assert_eq!(first[0], first[300]);
        let mut tx = app.store.begin(&system()).await.expect("a transaction");
        let again = nodes.ensure(&mut tx, &wanted).await.expect("ensured");
        // Nothing was written, so nothing needs an audit row.
        tx.commit().await.expect("committed");
        assert_eq!(first, again);
        let profiles: i64 = store.get("SELECT CAST(COUNT(*) AS BIGINT) FROM v_customers_profile", args![]).await.expect("a count");
        assert_eq!(profiles, 300);
        let mut tx = app.store.begin(&system()).await.expect("a transaction");
        let refused = nodes.ensure(&mut tx, &[number("1"), number(" ")]).await.expect_err("blank");
        assert_eq!((refused.code.as_ref(), refused.args["place"].as_i64()), ("customers.node.invalid", Some(1)));
    }

    async fn orders_follow_a_merge_and_history_stays(store: TestStore) {
        let app = app(&store).await;
        let (card, mail, phone) = (member(7), key(NodeKind::Email, "a@b.invalid"), key(NodeKind::Mobile, "12800000007"));
        let first = people(&app, &[vec![card.clone()]]).await[0];
        store.clock.advance_ms(1_000);
        let second = people(&app, &[vec![mail.clone()]]).await[0];
        store_orders(&app, &[Order::of(&card, store.now(), 500), Order { customer: id_of(&app, &mail), ..Order::of(&card, store.now(), 700) }]).await;
        store.clock.advance_ms(1_000);

        let joined = people(&app, &[vec![phone.clone(), mail.clone(), card.clone()]]).await[0];
        assert_eq!(joined, first, "the oldest stays");
        let detail = profile::get(&app, &system(), second).await.expect("the id of a merged profile still works");
        assert_eq!(detail.profile.id, first);
        assert_eq!(detail.profile.email.as_deref(), Some("a@b.invalid"));
        assert_eq!(detail.profile.mobile.as_deref(), Some("+8612800000007"));
        let orders = detail.orders.expect("may see orders");
        assert_eq!((orders[0].order_count, orders[0].total_minor), (2, 1_200));

        let history: Vec<(kernel::Id, bool)> = store
            .all("SELECT profile_id, until IS NULL FROM profile_node WHERE node_id = $1 ORDER BY since", args![id_of(&app, &mail)])
            .await
            .expect("history");
        assert_eq!(history, [(second, false), (first, true)]);
        let edges: i64 = store.get("SELECT CAST(COUNT(*) AS BIGINT) FROM match_edge", args![]).await.expect("a count");
        assert_eq!(edges, 2);
        let found = profile::get_by_node(&app, &system(), id_of(&app, &mail)).await.expect("found by node");
        assert_eq!(found.profile.id, first);
    }

    async fn an_address_that_everybody_gives_is_refused(store: TestStore) {
        let app = app(&store).await;
        let nobody = key(NodeKind::Email, "none@none.com");
        let mut records: Vec<_> = (0..60).map(|n| vec![member(n), nobody.clone()]).collect();
        records.push(vec![member(99), key(NodeKind::Email, "z@z.invalid")]);
        let mut tx = app.store.begin(&system()).await.expect("a transaction");
        let found = resolve(&mut tx, &records, "test", MatchRule::SameRecord).await.expect("resolved");
        assert!(found[..60].iter().all(|one| *one == Resolved::SharedIdentifier));
        assert!(matches!(found[60], Resolved::Profile { changed: true, .. }));
    }
}
