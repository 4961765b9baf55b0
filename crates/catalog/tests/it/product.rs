//! Making, changing and pricing products.

use kernel::Id;
use serde_json::{Value, json};

use crate::world::{MIGRATIONS, keeper_of, world};

fn tea(brand: Id) -> Value {
    json!({
        "brand_id": brand, "sku": "T-1", "department": "茶", "package_size": "250 g",
        "names": { "zh-Hans": "龙井茶", "zh-Hant": "龍井茶", "en": "Longjing tea" },
    })
}

store::on_both! {
    migrations = MIGRATIONS;

    async fn a_change_keeps_what_the_product_was(store: TestStore) {
        let world = world(&store).await;
        let (status, made) = world.json("POST", "/api/v1/catalog/products", None, Some(tea(Id::new()))).await;
        assert_eq!((status, &made["version"], &made["source"]), (201, &json!(1), &json!("import")), "{made}");
        let (status, again) = world.json("POST", "/api/v1/catalog/products", None, Some(tea(Id::new()))).await;
        assert_eq!(status, 409, "{again}");
        let address = format!("/api/v1/catalog/products/{}", made["id"].as_str().expect("an id"));
        let patch = json!({ "category": "绿茶", "package_size": "", "state": "discontinued" });
        let (status, _) = world.json("PATCH", &address, None, Some(patch.clone())).await;
        assert_eq!(status, 428);
        let (status, changed) = world.json("PATCH", &address, Some(1), Some(patch.clone())).await;
        assert_eq!((status, &changed["version"], &changed["package_size"]), (200, &json!(2), &Value::Null), "{changed}");
        let (status, _) = world.json("PATCH", &address, Some(1), Some(patch)).await;
        assert_eq!(status, 412);
        let (_, versions) = world.json("GET", &format!("{address}/versions"), None, None).await;
        let was = &versions["items"][0];
        assert_eq!((&was["version"], &was["snapshot"]["package_size"]), (&json!(1), &json!("250 g")), "{versions}");
        assert_eq!(was["snapshot"]["created_at"], made["created_at"]);
        let (status, refused) = world.json("POST", "/api/v1/catalog/products", None, Some(json!({ "sku": "", "names": {} }))).await;
        assert_eq!(status, 422, "{refused}");
    }

    async fn of_the_prices_that_hold_the_one_that_began_last_counts(store: TestStore) {
        let world = world(&store).await;
        let (_, made) = world.json("POST", "/api/v1/catalog/products", None, Some(tea(Id::new()))).await;
        let address = format!("/api/v1/catalog/products/{}", made["id"].as_str().expect("an id"));
        // The test's clock stands at 2026-11-22T08:00:00Z.
        for (price, from, to) in [
            (50_000_000, "2026-01-01T00:00:00Z", Value::Null),
            (40_000_000, "2026-11-01T00:00:00Z", json!("2026-12-01T00:00:00Z")),
            (60_000_000, "2027-01-01T00:00:00Z", Value::Null),
        ] {
            let body = json!({ "price": price, "valid_from": from, "valid_to": to, "purchase_price": 20_000_000 });
            let (status, set) = world.json("POST", &format!("{address}/prices"), None, Some(body)).await;
            assert_eq!((status, &set["currency"]), (201, &json!("CNY")), "{set}");
        }
        let (_, now) = world.json("GET", &address, None, None).await;
        assert_eq!((&now["price"], &now["purchase_price"]), (&json!(40_000_000), &json!(20_000_000)));
        store.clock.advance_ms(20 * kernel::DAY_MS);
        let (_, later) = world.json("GET", &address, None, None).await;
        assert_eq!(later["price"], 50_000_000, "the offer ended and the usual price holds again");
        let (_, prices) = world.json("GET", &format!("{address}/prices"), None, None).await;
        assert_eq!(prices["items"].as_array().map(Vec::len), Some(3));
    }

    async fn a_keeper_of_one_brand_sees_and_changes_that_brand_alone(store: TestStore) {
        let (brand, other) = (Id::new(), Id::new());
        let world = world(&store).await;
        let (_, own) = world.json("POST", "/api/v1/catalog/products", None, Some(tea(brand))).await;
        let stranger = json!({ "brand_id": other, "sku": "C-1", "names": { "en": "Coffee" } });
        let (_, strange) = world.json("POST", "/api/v1/catalog/products", None, Some(stranger)).await;
        let address = |product: &Value| format!("/api/v1/catalog/products/{}", product["id"].as_str().expect("an id"));
        let price = json!({ "price": 50_000_000, "purchase_price": 20_000_000 });
        world.json("POST", &format!("{}/prices", address(&own)), None, Some(price.clone())).await;

        let keeper = world.by(keeper_of(brand));
        let (_, list) = keeper.json("GET", "/api/v1/catalog/products?q=TEA", None, None).await;
        assert_eq!(list["items"].as_array().map(Vec::len), Some(1), "{list}");
        let (_, list) = keeper.json("GET", "/api/v1/catalog/products", None, None).await;
        assert_eq!(list["items"].as_array().map(Vec::len), Some(1), "{list}");
        assert_eq!(keeper.json("GET", &address(&strange), None, None).await.0, 404);
        assert_eq!(keeper.json("PATCH", &address(&strange), Some(1), Some(json!({}))).await.0, 404);
        let (_, seen) = keeper.json("GET", &address(&own), None, None).await;
        assert_eq!((&seen["price"], &seen["purchase_price"]), (&json!(50_000_000), &Value::Null));
        assert_eq!(seen["masked"], json!(["purchase_price"]));
        let (status, refused) = keeper.json("POST", &format!("{}/prices", address(&own)), None, Some(price)).await;
        assert_eq!(status, 403, "what one may not see one may not set: {refused}");
        let moved = json!({ "brand_id": other });
        assert_eq!(keeper.json("PATCH", &address(&own), Some(1), Some(moved)).await.0, 403);
        let (_, csv) = keeper.json("GET", "/api/v1/catalog/products/export?format=csv", None, None).await;
        let csv = csv.as_str().expect("text");
        assert!(csv.contains("T-1,Longjing tea,茶,,,250 g,,50.000000,,CNY,active"), "{csv}");
        assert!(!csv.contains("Coffee"), "{csv}");
    }
}

#[tokio::test]
async fn every_statement_is_accepted_by_both_databases() {
    let count = store::testing::assert_statements_prepare(MIGRATIONS).await;
    assert!(count > 20, "{count} statements");
}
