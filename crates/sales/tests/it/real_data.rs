//! The real files of other people's shops, where they are at hand (`BRANDWRIGHT_DATA`, else `../shared/data`).

use std::path::PathBuf;
use std::time::Instant;

use sales::{Cleaning, RevenueFilter, report};
use store::testing::TestStore;
use tabular::ColumnUse;
use tabular::cli::Options;

use crate::world::{MIGRATIONS, world};

/// Returns a file of the collection; says so and returns nothing where there is no collection.
fn data(name: &str) -> Option<PathBuf> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("BRANDWRIGHT_DATA").map_or_else(beside, PathBuf::from);
    if !folder.is_dir() {
        println!("skipped: {} is not there", folder.display());
        return None;
    }
    Some(folder.join(name))
}

/// All 541,909 lines: revenue after the usual cleaning is known from outside, 8,911,407.90 of 4,338 customers.
#[tokio::test]
async fn a_years_orders_earn_what_others_found() {
    let Some(path) = data("online_retail/online_retail.csv.gz") else { return };
    let store = TestStore::sqlite_with(MIGRATIONS).await;
    let world = world(&store).await;
    let gbp = kernel::Currency::try_from("GBP".to_owned()).expect("a code");
    let began = Instant::now();
    let options = Options { currency: Some(gbp), ..Options::default() };
    let summary = world.import_file(&path, options).await;
    println!("imported in {:.1} s", began.elapsed().as_secs_f64());
    assert_eq!(summary.to_string(), "read 541909 stored 541909 rejected 0");
    let whole = |cleaning| RevenueFilter { cleaning: Some(cleaning), ..RevenueFilter::default() };
    let usual = report(&world.app, &world.caller, &whole(Cleaning::Usual)).await.expect("a report");
    println!("reported after {:.1} s", began.elapsed().as_secs_f64());
    let total = &usual.totals[0];
    assert_eq!((total.revenue_minor, total.customer_count), (891_140_790, 4_338));
    assert_eq!((total.line_count, total.order_count), (397_884, 18_532));
    assert_eq!((usual.rows.len(), total.currency.as_str()), (13, "GBP"));
    assert_eq!(usual.rows.iter().map(|row| row.revenue_minor).sum::<i64>(), 891_140_790);
    let counts: (i64, i64, i64) = world.app.store
        .get(
            "SELECT CAST(COUNT(*) AS BIGINT), CAST(COUNT(customer_node_id) AS BIGINT), CAST(COUNT(DISTINCT customer_node_id) AS BIGINT)
             FROM sales_order_line",
            store::args![],
        )
        .await
        .expect("counts");
    assert_eq!(counts, (541_909, 541_909 - 135_080, 4_372));
    assert_eq!(world.number("SELECT CAST(COUNT(*) AS BIGINT) FROM sales_order").await, 25_900);
    // 9,288 rows of numbers with a C, and 1,336 more with less than nothing.
    let cancelled = world
        .number("SELECT CAST(COUNT(*) AS BIGINT) FROM sales_order_line WHERE kind = 'cancellation'")
        .await;
    assert_eq!(cancelled, 9_288 + 1_336);
}

#[tokio::test]
async fn small_shops_are_read_as_they_are() {
    let Some(path) = data("groceries/Groceries_dataset.csv") else { return };
    let store = TestStore::sqlite_with(MIGRATIONS).await;
    let world = world(&store).await;
    let groceries =
        world.import_file(&path, Options { source: Some("groceries".into()), ..Options::default() }).await;
    assert_eq!(groceries.to_string(), "read 38765 stored 38765 rejected 0");
    assert_eq!(
        world.number("SELECT CAST(COUNT(DISTINCT customer_node_id) AS BIGINT) FROM sales_order").await,
        3_898
    );
    let Some(path) = data("cdnow/CDNOW_sample.txt") else { return };
    let columns = [("member_number", 1), ("happened_at", 2), ("quantity", 3), ("total", 4)];
    let columns = columns.into_iter().map(|(field, column)| ColumnUse::of_column(field, column)).collect();
    let cdnow = Options { source: Some("cdnow".into()), columns: Some(columns), ..Options::default() };
    assert_eq!(world.import_file(&path, cdnow).await.to_string(), "read 6919 stored 6919 rejected 0");
}
