//! The sample's products, from the files that ship.

use std::collections::BTreeMap;

use catalog::sample::{Brands, load};
use kernel::Id;
use serde_json::json;
use store::testing::TestStore;

use crate::world::{MIGRATIONS, world};

fn file(name: &str) -> Vec<u8> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sample").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[tokio::test]
async fn the_sample_is_loaded_once_with_names_and_brands() {
    let store = TestStore::sqlite_with(MIGRATIONS).await;
    let world = world(&store).await;
    let (fresh, rest) = (Id::new(), Id::new());
    let brands = Brands { by_department: BTreeMap::from([("PRODUCE".to_owned(), fresh)]), rest: Some(rest) };
    let yaml = String::from_utf8(file("products_zh.yaml")).expect("UTF-8");
    let gz = file("products.csv.gz");
    assert_eq!(load(&world.app, &gz, &yaml, &brands).await.expect("sound"), 78_781);
    assert_eq!(load(&world.app, &gz, &yaml, &brands).await.expect("sound"), 0);
    let (_, list) = world.json("GET", "/api/v1/catalog/departments", None, None).await;
    let produce = list["items"].as_array().expect("a list").iter().find(|d| d["department"] == "PRODUCE");
    assert_eq!(produce.expect("there")["product_count"], 3_041);
    let (_, soft) = world.json("GET", "/api/v1/catalog/products?q=839849", None, None).await;
    let drink = &soft["items"][0];
    assert_eq!(
        (&drink["sku"], &drink["brand_id"], &drink["source"]),
        (&json!("839849"), &json!(rest), &json!("sample"))
    );
    let names = drink["names"].as_object().expect("names");
    assert!(names.values().all(|name| name.as_str().is_some_and(|n| !n.is_empty())), "{names:?}");
    let audited: i64 = world
        .app
        .store
        .get(
            "SELECT CAST(SUM(row_count) AS BIGINT) FROM audit_entry WHERE action = 'load_sample'",
            store::args![],
        )
        .await
        .expect("a sum");
    assert_eq!(audited, 78_781);
}
