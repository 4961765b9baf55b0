//! Importing products, again, changed, and taking it back.

use serde_json::json;

use crate::world::{MIGRATIONS, world};

const FIRST: &str = "商品编码,商品名称,部门,售价,进价\nT-1,龙井茶,茶,50.00,20\nC-1,Coffee,Drinks,30,\nX-1,,Drinks,1,\nC-2,Mocha,Drinks,-1,\n";

store::on_both! {
    migrations = MIGRATIONS;

    async fn a_price_list_is_stored_once_and_its_changes_are_kept(store: TestStore) {
        let world = world(&store).await;
        let first = world.import("list.csv", FIRST).await;
        assert_eq!(first.to_string(), "read 4 stored 2 rejected 2");
        let again = world.import("list-copy.csv", FIRST).await;
        assert_eq!((again.stored, again.present), (0, 2));
        let (_, rejects) = world.json("GET", &format!("/api/v1/tabular/imports/{}/rejects", again.import_id), None, None).await;
        let codes: Vec<_> = rejects["items"].as_array().expect("a list").iter().map(|r| r["code"].clone()).collect();
        assert_eq!(codes, ["tabular.row.present", "catalog.product.name_required", "catalog.price.negative"]);

        store.clock.advance_ms(1_000);
        let second = world.import("list-2.csv", "商品编码,商品名称,售价\nT-1,龙井茶,55.00\nC-1,Kaffee,30\n").await;
        assert_eq!(second.to_string(), "read 2 stored 2 rejected 0");
        let (_, list) = world.json("GET", "/api/v1/catalog/products?department=Drinks", None, None).await;
        let coffee = &list["items"][0];
        assert_eq!((&coffee["names"]["en"], &coffee["version"], &coffee["price"]), (&json!("Kaffee"), &json!(2), &json!(30_000_000)));
        let (_, tea) = world.json("GET", "/api/v1/catalog/products?q=T-1", None, None).await;
        let tea = &tea["items"][0];
        assert_eq!((&tea["price"], &tea["purchase_price"], &tea["version"]), (&json!(55_000_000), &json!(20_000_000), &json!(1)), "a price is no new version");

        let (_, lists) = world.json("GET", "/api/v1/catalog/price-lists", None, None).await;
        let lists: Vec<_> = lists["items"].as_array().expect("lists").iter().map(|l| (l["department"].clone(), l["products"].clone(), l["lowest"].clone())).collect();
        assert_eq!(lists, [(json!("Drinks"), json!(1), json!(30_000_000)), (json!("茶"), json!(1), json!(55_000_000))], "what holds now");

        let undo = format!("/api/v1/tabular/imports/{}/undo", second.import_id);
        let (_, import) = world.json("GET", &format!("/api/v1/tabular/imports/{}", second.import_id), None, None).await;
        assert_eq!(world.json("POST", &undo, import["version"].as_i64(), None).await.0, 202);
        world.work().await;
        let (_, list) = world.json("GET", "/api/v1/catalog/products", None, None).await;
        let names: Vec<_> = list["items"].as_array().expect("a list").iter().map(|p| (p["names"]["en"].clone(), p["price"].clone())).collect();
        assert_eq!(names, [(json!("Coffee"), json!(30_000_000)), (json!(""), json!(50_000_000))], "both are as they were: {list}");
    }

    async fn taking_back_the_first_import_leaves_nothing_but_what_was_edited(store: TestStore) {
        let world = world(&store).await;
        let first = world.import("list.csv", FIRST).await;
        let (_, tea) = world.json("GET", "/api/v1/catalog/products?q=T-1", None, None).await;
        let address = format!("/api/v1/catalog/products/{}", tea["items"][0]["id"].as_str().expect("an id"));
        world.json("PATCH", &address, Some(1), Some(json!({ "category": "绿茶" }))).await;
        let (_, import) = world.json("GET", &format!("/api/v1/tabular/imports/{}", first.import_id), None, None).await;
        let undo = format!("/api/v1/tabular/imports/{}/undo", first.import_id);
        world.json("POST", &undo, import["version"].as_i64(), None).await;
        world.work().await;
        let (_, import) = world.json("GET", &format!("/api/v1/tabular/imports/{}", first.import_id), None, None).await;
        assert_eq!(import["state"], "undone", "{import}");
        let (_, list) = world.json("GET", "/api/v1/catalog/products", None, None).await;
        let left: Vec<_> = list["items"].as_array().expect("a list").iter().map(|p| p["sku"].clone()).collect();
        assert_eq!(left, ["T-1"]);
    }
}
