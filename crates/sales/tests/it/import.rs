//! Importing order lines: identity, cancellations, repeats, orders without numbers or customers.

use kernel::Id;
use serde_json::{Value, json};
use tabular::ColumnUse;
use tabular::cli::Options;

use crate::world::{MIGRATIONS, World, node, world};

/// As the shop's system writes it: ids as floats, lines of one order apart, a line twice, a
/// cancellation, a line without customer, a price of nothing.
const SHOP: &str = "\
InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
536365,85123A,HEART,6.0,2010-12-01 08:26:00,2.55,17850.0,United Kingdom
536366,71053,LANTERN,2.0,2010-12-01 08:28:00,3.39,,United Kingdom
536365,85123A,HEART,6.0,2010-12-01 08:26:00,2.55,17850.0,United Kingdom
536365,22752,BOXES,1.0,2010-12-31 23:30:00,0.0,17850.0,United Kingdom
C536379,D,Discount,-1.0,2011-01-01 09:41:00,27.5,14527.0,United Kingdom
A563185,B,Adjust bad debt,1.0,2011-01-02 09:41:00,-11.06,,United Kingdom
";

async fn lines(world: &World) -> Vec<(String, i64, String, i64)> {
    world.app.store
        .all("SELECT o.number, l.ordinal, l.kind, l.total_minor FROM sales_order_line l JOIN sales_order o ON o.id = l.order_id ORDER BY o.number, l.ordinal", store::args![])
        .await
        .expect("lines")
}

fn line(number: &str, ordinal: i64, kind: &str, total: i64) -> (String, i64, String, i64) {
    (number.to_owned(), ordinal, kind.to_owned(), total)
}

/// The sums that reports read are those of the lines, whatever was stored and taken back.
async fn assert_parts_add_up(world: &World) {
    for order in world.app.store.all::<(Id, i64, i64)>(
        "SELECT order_id, CAST(SUM(total_minor) AS BIGINT), CAST(COUNT(*) AS BIGINT) FROM sales_order_line GROUP BY order_id ORDER BY 1",
        store::args![],
    ).await.expect("lines") {
        let kept: (Id, i64, i64) = world.app.store
            .get("SELECT order_id, CAST(SUM(net_minor) AS BIGINT), CAST(SUM(net_line_count) AS BIGINT) FROM sales_order_part WHERE order_id = $1 GROUP BY order_id", store::args![order.0])
            .await
            .expect("sums");
        assert_eq!(kept, order);
    }
}

store::on_both! {
    migrations = MIGRATIONS;

    async fn lines_are_named_by_order_and_place(store: TestStore) {
        let world = world(&store).await;
        let brand = Id::new();
        world.product("import", "85123A", "White hanging heart", "HOME", Some(brand)).await;
        let first = world.import("shop.csv", SHOP).await;
        assert_eq!(first.to_string(), "read 6 stored 6 rejected 0");
        assert_eq!(lines(&world).await, [
            line("536365", 1, "sale", 1_530),
            line("536365", 2, "sale", 1_530),
            line("536365", 3, "sale", 0),
            line("536366", 1, "sale", 678),
            line("A563185", 1, "adjustment", -1_106),
            line("C536379", 1, "cancellation", -2_750),
        ]);
        let again = world.import("shop-again.csv", SHOP).await;
        assert_eq!((again.stored, again.present, again.rejected), (0, 6, 6));
        let (_, list) = world.json("GET", "/api/v1/sales/orders?number=536365", None, None).await;
        let order = &list["items"][0];
        assert_eq!((&order["line_count"], &order["total_minor"], &order["kind"]), (&json!(3), &json!(3_060), &json!("sale")));
        assert_eq!(order["customer_node_id"], json!(node("member_number", "17850")), "{order}");
        let (_, detail) = world.json("GET", &format!("/api/v1/sales/orders/{}", order["id"].as_str().expect("an id")), None, None).await;
        let heart = &detail["lines"][0];
        assert_eq!((&heart["department"], &heart["brand_id"], &heart["description"]), (&json!("HOME"), &json!(brand), &json!("HEART")));
        assert_eq!(heart["happened_at"], "2010-12-01T00:26:00Z", "the company's wall clock");
        let (_, nobody) = world.json("GET", "/api/v1/sales/orders?number=536366", None, None).await;
        assert_eq!(nobody["items"][0]["customer_node_id"], Value::Null);
    }

    async fn a_line_that_says_something_else_is_rejected_and_what_is_there_stays(store: TestStore) {
        let world = world(&store).await;
        world.import("shop.csv", SHOP).await;
        let changed = SHOP.replace("2.0,2010-12-01 08:28:00,3.39", "2.0,2010-12-01 08:28:00,4.39");
        let more = format!("{changed}536366,71053,LANTERN,5.0,2010-12-01 08:28:00,1.00,,United Kingdom\n");
        let second = world.import("shop-2.csv", &more).await;
        assert_eq!((second.read, second.stored, second.present, second.rejected), (7, 1, 5, 6));
        let (_, rejects) = world.json("GET", &format!("/api/v1/tabular/imports/{}/rejects", second.import_id), None, None).await;
        let differs = rejects["items"].as_array().expect("a list").iter().find(|r| r["code"] == "sales.order.line_differs");
        let differs = differs.expect("one line differs");
        assert_eq!((&differs["first_row"], &differs["args"]["order"]), (&json!(3), &json!("536366")));
        let (_, list) = world.json("GET", "/api/v1/sales/orders?number=536366", None, None).await;
        assert_eq!((&list["items"][0]["line_count"], &list["items"][0]["total_minor"]), (&json!(2), &json!(1_178)));

        // Taking the second import back leaves the first as it was.
        assert_parts_add_up(&world).await;
        world.undo(second.import_id).await;
        assert_parts_add_up(&world).await;
        let (_, list) = world.json("GET", "/api/v1/sales/orders?number=536366", None, None).await;
        assert_eq!((&list["items"][0]["line_count"], &list["items"][0]["total_minor"]), (&json!(1), &json!(678)));
        assert_eq!(lines(&world).await.len(), 6);
    }

    async fn an_import_taken_back_can_be_made_again(store: TestStore) {
        let world = world(&store).await;
        let first = world.import("shop.csv", SHOP).await;
        world.undo(first.import_id).await;
        assert_eq!(world.number("SELECT CAST(COUNT(*) AS BIGINT) FROM sales_order").await, 0);
        assert_eq!(world.number("SELECT CAST(COUNT(*) AS BIGINT) FROM sales_order_line").await, 0);
        assert_eq!(world.number("SELECT CAST(COUNT(*) AS BIGINT) FROM sales_order_part").await, 0);
        assert_eq!(world.import("shop.csv", SHOP).await.to_string(), "read 6 stored 6 rejected 0");
    }

    async fn an_order_that_several_chunks_share_is_one_order(store: TestStore) {
        let world = world(&store).await;
        let mut text = String::from("Order ID,Date,SKU,Qty,Price\n");
        for number in 0..7_000 {
            text.push_str(&format!("{},2026-01-01,{},1,1.50\n", number % 3, number));
        }
        assert_eq!(world.import("many.csv", &text).await.to_string(), "read 7000 stored 7000 rejected 0");
        let (_, list) = world.json("GET", "/api/v1/sales/orders?number=0", None, None).await;
        assert_eq!((&list["items"][0]["line_count"], &list["items"][0]["total_minor"]), (&json!(2_334), &json!(350_100)));
        assert_eq!(world.number("SELECT MAX(ordinal) FROM sales_order_line").await, 2_334);
        assert_parts_add_up(&world).await;
        assert_eq!(world.import("again.csv", &text).await.present, 7_000);
    }

    async fn files_without_numbers_make_one_order_per_customer_and_day(store: TestStore) {
        let world = world(&store).await;
        let groceries = "Member_number,Date,itemDescription\n1808,21-07-2015,tropical fruit\n1808,21-07-2015,whole milk\n1808,22-07-2015,whole milk\n,23-07-2015,rolls\n";
        assert_eq!(world.import("groceries.csv", groceries).await.to_string(), "read 4 stored 3 rejected 1");
        assert_eq!(world.number("SELECT CAST(COUNT(*) AS BIGINT) FROM sales_order").await, 2);
        // Blanks between cells, no titles: the columns are said on the command line.
        let cdnow = " 00004 0001 19970101  2   29.33\r\n 00004 0001 19970118  2   29.73\r\n 00021 0002 19970101  1   14.96\r\n";
        let columns = [("member_number", 1), ("happened_at", 2), ("quantity", 3), ("total", 4)];
        let columns = columns.into_iter().map(|(field, column)| ColumnUse::of_column(field, column)).collect();
        let options = Options { source: Some("cdnow".into()), columns: Some(columns), ..Options::default() };
        let summary = world.import_file(&world.write("CDNOW.txt", cdnow), options).await;
        assert_eq!(summary.to_string(), "read 3 stored 3 rejected 0");
        let (price, total): (i64, i64) = world.app.store
            .get("SELECT unit_price_micro, total_minor FROM sales_order_line WHERE quantity_milli = 2000 AND total_minor = 2933", store::args![])
            .await
            .expect("a line");
        assert_eq!((price, total), (14_665_000, 2_933));
    }
}
