//! The sample's orders, from the files that ship.

use kernel::Id;
use sales::sample::{Files, Loaded, load};
use store::testing::TestStore;

use crate::world::{MIGRATIONS, node, world};

fn file(name: &str) -> Vec<u8> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sample").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The last two weeks hold 58,012 lines of 5,908 baskets; sums as the source has them.
#[tokio::test]
async fn the_last_weeks_are_loaded_once_and_keep_the_shops_clock() {
    let store = TestStore::sqlite_with(MIGRATIONS).await;
    let world = world(&store).await;
    let [products, baskets, times, lines, amounts] = [
        "products.csv.gz",
        "baskets.csv.gz",
        "basket_times.csv.gz",
        "order_lines.csv.gz",
        "order_line_amounts.csv.gz",
    ]
    .map(file);
    let files =
        Files { products: &products, baskets: &baskets, times: &times, lines: &lines, amounts: &amounts };
    let (fresh, rest) = (Id::new(), Id::new());
    let brand_of = |department: &str| Some(if department == "PRODUCE" { fresh } else { rest });
    // 463 weeks after 2017-12-31 is 2026-11-15.
    let loaded = load(&world.app, files, 463, 52, &brand_of).await.expect("sound");
    assert_eq!(loaded, Loaded { orders: 5_908, lines: 58_012 });
    assert_eq!(load(&world.app, files, 463, 52, &brand_of).await.expect("sound"), Loaded::default());

    let sums: (i64, i64, i64, i64) = world.app.store
        .get(
            "SELECT CAST(SUM(quantity_milli) AS BIGINT), CAST(SUM(total_minor) AS BIGINT), CAST(SUM(discount_minor) AS BIGINT),
                    CAST(SUM(coupon_discount_minor) AS BIGINT) FROM sales_order_line",
            store::args![],
        )
        .await
        .expect("sums");
    assert_eq!(sums, (5_292_686_000, 19_402_204, 3_251_319 + 15_970, 88_562));
    assert_eq!(
        world.number("SELECT CAST(COUNT(DISTINCT customer_node_id) AS BIGINT) FROM sales_order").await,
        1_728
    );
    let produce = world
        .number("SELECT CAST(SUM(total_minor) AS BIGINT) FROM sales_order_line WHERE department = 'PRODUCE'")
        .await;
    assert_eq!(produce, 1_240_730);
    let (at, day, customer, store_name): (i64, String, Id, String) = world
        .app
        .store
        .get(
            "SELECT o.happened_at, l.happened_on, o.customer_node_id, o.store FROM sales_order o
             JOIN sales_order_line l ON l.order_id = o.id WHERE o.number = $1",
            store::args!["41481282915"],
        )
        .await
        .expect("the last basket");
    // 1514685789 is 2017-12-30 21:03:09 in New York, a Saturday.
    assert_eq!(kernel::Timestamp::from_ms(at).to_string(), "2026-11-14T13:03:09Z");
    assert_eq!(
        (day.as_str(), customer, store_name.as_str()),
        ("2026-11-14", node("member_number", "1433"), "S3001")
    );
}
