//! Recording, listing and adding up orders.

use kernel::Id;
use serde_json::{Value, json};

use crate::world::{MIGRATIONS, keeper_of, node, world};

fn purchase(number: &str, email: &str, at: &str) -> Value {
    json!({
        "source": "shop", "number": number, "email": email, "happened_at": at,
        "lines": [
            { "sku": "T-1", "quantity_milli": 2_000, "unit_price_micro": 50_000_000, "discount_minor": 1_000, "coupon_discount_minor": 500 },
            { "sku": "C-9", "department": "DRINKS", "quantity_milli": 500, "unit_price_micro": 3_000_000 },
        ],
    })
}

store::on_both! {
    migrations = MIGRATIONS;

    async fn the_same_number_again_is_the_same_order(store: TestStore) {
        let world = world(&store).await;
        let brand = Id::new();
        world.product("shop", "T-1", "龙井茶", "TEA", Some(brand)).await;
        let body = purchase("S-1", "Anna@Example.invalid", "2026-11-01T08:00:00Z");
        let (status, made) = world.json("POST", "/api/v1/sales/orders", None, Some(body.clone())).await;
        assert_eq!(status, 201, "{made}");
        let order = &made["order"];
        assert_eq!((&order["total_minor"], &order["coupon_discount_minor"], &order["currency"]), (&json!(9_150), &json!(500), &json!("CNY")));
        assert_eq!(order["brand_id"], json!(brand), "most of it is that brand's");
        let tea = &made["lines"][0];
        assert_eq!((&tea["description"], &tea["department"]), (&json!("龙井茶"), &json!("TEA")));
        assert_eq!(made["lines"][1]["brand_id"], Value::Null);
        let (status, again) = world.json("POST", "/api/v1/sales/orders", None, Some(body.clone())).await;
        assert_eq!((status, &again["order"]["id"]), (200, &order["id"]));
        let mut other = body;
        other["lines"][0]["quantity_milli"] = json!(3_000);
        let (status, refused) = world.json("POST", "/api/v1/sales/orders", None, Some(other)).await;
        assert_eq!(status, 409, "{refused}");
        let told = world.number("SELECT CAST(COUNT(*) AS BIGINT) FROM outbox_event WHERE kind = 'sales.order.placed'").await;
        assert_eq!(told, 1);
        let audited = world.number("SELECT CAST(COUNT(*) AS BIGINT) FROM audit_entry WHERE action = 'create' AND noun = 'sales.order'").await;
        assert_eq!(audited, 1);
    }

    async fn lists_are_newest_first_and_narrowed(store: TestStore) {
        let world = world(&store).await;
        for day in 1..=5 {
            let body = purchase(&format!("S-{day}"), &format!("p{}@x.invalid", day % 2), &format!("2026-11-0{day}T08:00:00Z"));
            world.json("POST", "/api/v1/sales/orders", None, Some(body)).await;
        }
        let numbers = |page: &Value| -> Vec<String> {
            page["items"].as_array().expect("a list").iter().map(|o| o["number"].as_str().unwrap_or("").to_owned()).collect()
        };
        let (_, first) = world.json("GET", "/api/v1/sales/orders?page_size=2", None, None).await;
        assert_eq!(numbers(&first), ["S-5", "S-4"]);
        let next = format!("/api/v1/sales/orders?page_size=2&cursor={}", first["next_cursor"].as_str().expect("a next page"));
        assert_eq!(numbers(&world.json("GET", &next, None, None).await.1), ["S-3", "S-2"]);
        let whose = format!("/api/v1/sales/orders?customer_node_ids={}", node("email", "p0@x.invalid"));
        assert_eq!(numbers(&world.json("GET", &whose, None, None).await.1), ["S-4", "S-2"]);
        let when = "/api/v1/sales/orders?from=2026-11-02T00:00:00Z&to=2026-11-03T00:00:00Z";
        assert_eq!(numbers(&world.json("GET", when, None, None).await.1), ["S-2"]);
        assert_eq!(world.json("GET", "/api/v1/sales/orders?customer_node_ids=me", None, None).await.0, 400);
        let (status, bad) = world.json("POST", "/api/v1/sales/orders", None, Some(json!({ "source": "shop", "number": "x", "lines": [] }))).await;
        assert_eq!(status, 422, "{bad}");
    }

    async fn a_keeper_of_one_brand_sees_its_orders_and_revenue_alone(store: TestStore) {
        let (brand, other) = (Id::new(), Id::new());
        let world = world(&store).await;
        for (number, owner) in [("S-1", brand), ("S-2", other)] {
            let mut body = purchase(number, "a@x.invalid", "2026-11-01T08:00:00Z");
            body["brand_id"] = json!(owner);
            world.json("POST", "/api/v1/sales/orders", None, Some(body)).await;
        }
        let keeper = world.by(keeper_of(brand));
        let (_, list) = keeper.json("GET", "/api/v1/sales/orders", None, None).await;
        assert_eq!(list["items"].as_array().map(Vec::len), Some(1));
        let strange = world.json("GET", "/api/v1/sales/orders?number=S-2", None, None).await.1["items"][0]["id"].clone();
        assert_eq!(keeper.json("GET", &format!("/api/v1/sales/orders/{}", strange.as_str().expect("an id")), None, None).await.0, 404);
        let mut foreign = purchase("S-3", "a@x.invalid", "2026-11-01T08:00:00Z");
        foreign["brand_id"] = json!(other);
        assert_eq!(keeper.json("POST", "/api/v1/sales/orders", None, Some(foreign)).await.0, 403);
        let (_, report) = keeper.json("GET", "/api/v1/sales/revenue?by=brand", None, None).await;
        assert_eq!(report["totals"][0]["revenue_minor"], 9_150, "{report}");
    }

    async fn revenue_is_told_apart_and_counts_people_once(store: TestStore) {
        let world = world(&store).await;
        // 2026-10-31T17:00Z is November in Shanghai.
        for (number, email, at) in [
            ("S-1", "a@x.invalid", "2026-10-15T08:00:00Z"),
            ("S-2", "a@x.invalid", "2026-10-31T17:00:00Z"),
            ("S-3", "b@x.invalid", "2026-11-03T08:00:00Z"),
        ] {
            world.json("POST", "/api/v1/sales/orders", None, Some(purchase(number, email, at))).await;
        }
        let mut back = purchase("C1", "b@x.invalid", "2026-11-04T08:00:00Z");
        back["lines"] = json!([{ "sku": "T-1", "quantity_milli": -1_000, "unit_price_micro": 50_000_000 }]);
        world.json("POST", "/api/v1/sales/orders", None, Some(back)).await;
        let (_, months) = world.json("GET", "/api/v1/sales/revenue", None, None).await;
        let figures = |row: &Value| (row["key"].clone(), row["revenue_minor"].as_i64(), row["customer_count"].as_i64(), row["order_count"].as_i64());
        assert_eq!(figures(&months["rows"][0]), (json!("2026-10"), Some(9_150), Some(1), Some(1)));
        assert_eq!(figures(&months["rows"][1]), (json!("2026-11"), Some(18_300), Some(2), Some(2)));
        assert_eq!(figures(&months["totals"][0]), (Value::Null, Some(27_450), Some(2), Some(3)));
        let (_, net) = world.json("GET", "/api/v1/sales/revenue?cleaning=net&by=department", None, None).await;
        assert_eq!(net["totals"][0]["revenue_minor"], 22_450);
        let drinks = net["rows"].as_array().expect("rows").iter().find(|row| row["key"] == "DRINKS").expect("there");
        assert_eq!((drinks["revenue_minor"].as_i64(), drinks["line_count"].as_i64()), (Some(450), Some(3)));
    }
}

#[tokio::test]
async fn every_statement_is_accepted_by_both_databases() {
    let count = store::testing::assert_statements_prepare(MIGRATIONS).await;
    assert!(count > 20, "{count} statements");
}
