use kernel::{GrantScope, Label};
use serde_json::{Value as Json, json};
use store::testing::START;

use crate::world::{ALL, MIGRATIONS, World, analyst, id, user};

store::on_both! {
    migrations = MIGRATIONS;

    async fn records_are_copied_and_asked(store: TestStore) {
        let world = World::new(store).await;
        let early = world.ask(&analyst(), "SELECT COUNT(*) FROM orders").await;
        early.refused(503, "insight.query.not_copied");
        let world = World::furnished(world.store).await;
        let answer = world.ask(&analyst(), "SELECT p.city, o.total_minor, p.married, o.happened_at FROM orders o \
            JOIN profiles p ON p.id = o.profile_id ORDER BY o.total_minor").await.done();
        assert_eq!(answer["rows"], json!([["杭州", 1000, true, "2026-11-22T08:00:00Z"], ["上海", 2000, true, "2026-11-22T08:00:00Z"]]));
        assert_eq!(answer["columns"][3], json!({ "name": "happened_at", "kind": "time" }));
        assert_eq!((&answer["cut"], &answer["rows_total"], &answer["masked"]), (&json!(false), &json!(2), &json!([])));
        assert_eq!(answer["watermark"], json!(START.instant().to_string()));
        let lines = "SELECT COUNT(*), SUM(l.total_minor) FROM order_lines l JOIN consents c ON c.profile_id = l.profile_id WHERE c.state = 'granted'";
        assert_eq!(world.rows(&analyst(), lines).await, json!([[4, 3000]]));
        let cut = world.call(&analyst(), "POST", "/sql/run", None, Some(json!({ "sql": "SELECT ordinal FROM order_lines", "limit": 3 }))).await.done();
        assert_eq!((cut["rows"].as_array().map(Vec::len), &cut["cut"], &cut["rows_total"]), (Some(3), &json!(true), &Json::Null));
    }

    async fn what_did_not_change_is_not_copied_again(store: TestStore) {
        let world = World::furnished(store).await;
        let people_alone = insight::projection::refresh(&world.app).await.expect("copied");
        assert_eq!(people_alone, 6, "two people with a node and a consent each");
        world.store.clock.advance_ms(60_000);
        world.order(1).await;
        assert_eq!(insight::projection::refresh(&world.app).await.expect("copied"), 6 + 3 + 6);
        let answer = world.ask(&analyst(), "SELECT COUNT(*) FROM orders").await.done();
        assert_eq!((&answer["rows"], &answer["watermark"]), (&json!([[3]]), &json!(START.plus_ms(60_000).instant().to_string())));
        let queued = world.call(&analyst(), "POST", "/sql/refresh", None, None).await;
        assert_eq!(queued.status, 202);
        assert_eq!(world.audited("insight.projection").await.len(), 1);
    }

    async fn more_rows_than_a_page_are_copied_whole(store: TestStore) {
        let world = World::furnished(store).await;
        // An order of twelve thousand lines, and as many people: pages end inside an order.
        let lines = "INSERT INTO v_sales_order_line (order_id, ordinal, kind, happened_at, quantity_milli, unit_price_micro, \
            discount_minor, coupon_discount_minor, total_minor) \
            WITH RECURSIVE n (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < 12000) \
            SELECT 'long', i, 'sale', 0, 1000, 1, 0, 0, i FROM n";
        world.exec(lines, vec![]).await;
        let people = "INSERT INTO v_customers_profile (id, city, source, created_at, updated_at) \
            WITH RECURSIVE n (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < 10000) \
            SELECT 'p' || CAST(i AS TEXT), CAST(i AS TEXT), 'test', i, i FROM n";
        world.exec(people, vec![]).await;
        // What grows tells that there is something new.
        world.store.clock.advance_ms(1_000);
        world.order(1).await;
        insight::projection::refresh(&world.app).await.expect("copied");
        let sums = "SELECT COUNT(*), COUNT(DISTINCT ordinal), SUM(total_minor) FROM order_lines WHERE order_id = 'long'";
        assert_eq!(world.rows(&analyst(), sums).await, json!([[12_000, 12_000, 72_006_000]]));
        let people = "SELECT COUNT(*), COUNT(DISTINCT id), SUM(CAST(city AS INT)) FROM profiles WHERE id LIKE 'p%'";
        assert_eq!(world.rows(&analyst(), people).await, json!([[10_000, 10_000, 50_005_000]]));
    }

    async fn names_are_in_no_copy_whoever_asks(store: TestStore) {
        let world = World::furnished(store).await;
        for sql in ["SELECT name FROM profiles", "SELECT COUNT(*) FROM profiles WHERE given_name LIKE '林%'"] {
            let refused = world.ask(&analyst(), sql).await;
            assert_eq!(refused.status, 422, "{sql}: {}", refused.json);
        }
        let listed = world.call(&analyst(), "GET", "/sql/tables", None, None).await.done();
        let tables = listed["items"].as_array().expect("tables");
        let profiles = tables.iter().find(|table| table["name"] == "profiles").expect("a table");
        let names: Vec<&str> = profiles["columns"].as_array().expect("columns").iter().filter_map(|c| c["name"].as_str()).collect();
        assert!(names.contains(&"city") && !names.iter().any(|name| name.contains("name")), "{names:?}");
    }

    async fn sql_shows_nobody_more_than_lists_do(store: TestStore) {
        let world = World::furnished(store).await;
        let little = user(ALL, GrantScope::Company, Label::Internal);
        let answer = world.ask(&little, "SELECT COUNT(user_id) FROM events").await.done();
        let masked = answer["masked"].as_array().expect("columns");
        assert!(masked.contains(&json!("events.user_id")), "{answer}");
        let first = user(ALL, GrantScope::Brand(id(101)), Label::Personal);
        for (table, rows) in [("profiles", 1), ("consents", 1), ("orders", 1), ("order_lines", 2)] {
            let sql = format!("SELECT COUNT(*) FROM {table}");
            assert_eq!(world.rows(&first, &sql).await, json!([[rows]]), "{table}");
        }
        assert_eq!(world.rows(&first, "SELECT city FROM profiles").await, json!([["杭州"]]));
        let no_orders = user(&["insight.query.run", "customers.profile.read"], GrantScope::Company, Label::Personal);
        let refused = world.ask(&no_orders, "SELECT * FROM orders").await;
        refused.refused(403, "access.missing_permission");
        assert_eq!(refused.json["args"]["permission"], json!("sales.order.read"));
        world.ask(&no_orders, "SELECT * FROM events").await.refused(403, "access.missing_permission");
        world.ask(&no_orders, "SELECT * FROM nothing").await.refused(422, "insight.query.unknown_table");
        let nobody = user(&["insight.query.read"], GrantScope::Company, Label::Personal);
        world.ask(&nobody, "SELECT 1").await.refused(403, "access.missing_permission");
    }

    async fn tables_are_described_as_the_caller_sees_them(store: TestStore) {
        let world = World::furnished(store).await;
        let seller = user(&["insight.query.run", "sales.order.read"], GrantScope::Brand(id(101)), Label::Internal);
        let listed = world.call(&seller, "GET", "/sql/tables", None, None).await.done();
        let table = |name: &str| {
            let items = listed["items"].as_array().expect("tables");
            items.iter().find(|table| table["name"] == name).unwrap_or_else(|| panic!("{name} in {listed}")).clone()
        };
        let orders = table("orders");
        assert_eq!((&orders["allowed"], &orders["narrowed"], &orders["rows"]), (&json!(true), &json!(true), &json!(2)));
        let profiles = table("profiles");
        assert_eq!(profiles["allowed"], json!(false));
        let user_id = json!("user_id");
        let events = table("events")["columns"].as_array().expect("columns").clone();
        assert_eq!(events.iter().find(|column| column["name"] == user_id).expect("a column")["masked"], json!(true));
        assert_eq!(table("events")["watermark"], Json::Null);
        for table in listed["items"].as_array().expect("tables") {
            for text in table["columns"].as_array().expect("columns").iter().chain([table]) {
                for language in ["zh-Hans", "zh-Hant", "en"] {
                    let said = text["text"][language].as_str().expect("a text");
                    assert!(!said.is_empty() && !said.starts_with("insight."), "{text}");
                }
            }
        }
    }
}
