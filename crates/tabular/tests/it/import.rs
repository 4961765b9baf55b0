//! Importing, as the command line and the API do it, on both databases.

use std::sync::atomic::Ordering;

use crate::common::{MIGRATIONS, gzip, table, world};
use serde_json::{Value, json};
use store::args;

store::on_both! {
    migrations = MIGRATIONS;

    async fn a_file_is_stored_once_however_often_it_comes(store: TestStore) {
        let world = world(&store).await;
        let path = world.write("things.csv", table(12_000));
        let first = world.import(&path).await.expect("a sound file");
        assert_eq!(first.to_string(), "read 12000 stored 12000 rejected 0");
        assert!(first.notes.iter().any(|note| note.contains("日期")), "the order of dates is told: {:?}", first.notes);
        let packed = world.write("other-name.csv.gz", gzip(table(12_000).as_bytes()));
        let second = world.import(&packed).await.expect("a sound file");
        assert_eq!(second.to_string(), "read 12000 stored 0 rejected 12000");
        assert_eq!(second.present, 12_000);
        assert_eq!(world.count().await, 12_000);
        let runs: i64 = world.app.store.get("SELECT CAST(COUNT(*) AS BIGINT) FROM tabular_reject", args![]).await.expect("a count");
        assert_eq!(runs, 3, "a run of rejected rows is one line per chunk");
        let (name, price, day): (String, i64, String) = world
            .app
            .store
            .get("SELECT name, price, day FROM thing WHERE name = $1", args!["thing 77"])
            .await
            .expect("stored");
        assert_eq!((name.as_str(), price, day.as_str()), ("thing 77", 7_750, "2026-07-22"));
    }

    async fn an_import_that_was_cut_goes_on_where_it_was_cut(store: TestStore) {
        let world = world(&store).await;
        let path = world.write("things.csv", table(12_000));
        world.things.fails_after.store(1, Ordering::SeqCst);
        world.import(&path).await.expect_err("the power went");
        assert_eq!(world.count().await, 5_000, "the first chunk is kept, the second is not there in part");
        world.things.fails_after.store(i64::MAX, Ordering::SeqCst);
        let summary = world.import(&path).await.expect("goes on");
        assert_eq!(summary.to_string(), "read 12000 stored 12000 rejected 0");
        assert_eq!(world.count().await, 12_000);
        let imports: i64 = world.app.store.get("SELECT CAST(COUNT(*) AS BIGINT) FROM tabular_import", args![]).await.expect("a count");
        assert_eq!(imports, 1);
    }

    async fn rows_are_rejected_with_number_and_reason_and_can_be_fetched(store: TestStore) {
        let world = world(&store).await;
        let text = "编号;名称;价格;日期\n1;茶;12,50;2026-07-01\n;无编号;1;2026-07-02\n3;=1+1;\"很贵\";2026-07-03\n\n4;咖啡;2,00;31-02-2026\n";
        let summary = world.import(&world.write("things.csv", text)).await.expect("readable");
        assert_eq!(summary.to_string(), "read 4 stored 1 rejected 3");
        let (_, rejects) = world.json("GET", &format!("/api/v1/tabular/imports/{}/rejects", summary.import_id), None, None).await;
        let seen: Vec<(i64, &str, &str)> = rejects["items"].as_array().expect("a list").iter()
            .map(|r| (r["first_row"].as_i64().unwrap_or(0), r["field"].as_str().unwrap_or(""), r["code"].as_str().unwrap_or("")))
            .collect();
        assert_eq!(seen, [
            (3, "number", "tabular.value.missing"),
            (4, "price", "tabular.value.not_a_number"),
            (5, "day", "tabular.value.not_a_date"),
        ]);
        let request = axum::http::Request::get(format!("/api/v1/tabular/imports/{}/rejects.csv", summary.import_id));
        let (status, csv) = world.call(request.body(axum::body::Body::empty()).expect("a request")).await;
        let csv = String::from_utf8(csv).expect("UTF-8");
        assert_eq!(status, 200, "{csv}");
        assert!(csv.starts_with("\u{feff}行号,字段,拒绝原因,编号,名称,价格,日期\n"), "{csv}");
        assert!(csv.contains("\n4,price,不是数字。,3,'=1+1,很贵,2026-07-03\n"), "{csv}");
        assert_eq!(csv.lines().count(), 4);
    }

    async fn a_nul_character_far_into_a_file_becomes_a_blank(store: TestStore) {
        let world = world(&store).await;
        let text = table(60_000).replace("thing 59999,", "thing\u{0}59999,");
        let summary = world.import(&world.write("things.csv", text)).await.expect("readable");
        assert_eq!(summary.to_string(), "read 60000 stored 60000 rejected 0");
        let name: String =
            world.app.store.get("SELECT name FROM thing WHERE name LIKE $1", args!["thing_59999"]).await.expect("stored");
        assert_eq!(name, "thing 59999");
    }

    async fn the_wizard_uploads_corrects_previews_starts_and_takes_back(store: TestStore) {
        let world = world(&store).await;
        let upload = axum::http::Request::post("/api/v1/tabular/imports?noun=things&file_name=CDNOW.txt&source=till");
        let text = " 0001 first  19970101  12.50\r\n 0002 second 19970118   3.00\r\n 0003 third  nonsense   1.00\r\n";
        let (status, body) = world.call(upload.body(axum::body::Body::from(text)).expect("a request")).await;
        let import: Value = serde_json::from_slice(&body).expect("json");
        assert_eq!((status, &import["layout"]["separator"], &import["layout"]["header"]), (201, &json!("blanks"), &json!(false)), "{import}");
        let id = import["id"].as_str().expect("an id").to_owned();
        let address = format!("/api/v1/tabular/imports/{id}");

        let (status, refused) = world.json("POST", &format!("{address}/start"), Some(1), None).await;
        assert_eq!(status, 422, "nothing is mapped yet: {refused}");
        let columns = json!([
            { "field": "number", "column": 0 }, { "field": "name", "column": 1 },
            { "field": "day", "column": 2 }, { "field": "price", "column": 3 },
        ]);
        let (status, import) = world.json("PATCH", &address, Some(1), Some(json!({ "columns": columns }))).await;
        assert_eq!((status, &import["version"]), (200, &json!(2)), "{import}");
        let (_, preview) = world.json("GET", &format!("{address}/preview"), None, None).await;
        assert_eq!(preview["rows"][0]["values"], json!({ "number": "0001", "name": "first", "day": "1997-01-01", "price": "12.50" }));
        assert_eq!(preview["rows"][2]["problem"]["code"], "tabular.value.not_a_date");
        let (status, _) = world.json("POST", &format!("{address}/start"), Some(1), None).await;
        assert_eq!(status, 412, "the version moved on");
        let (status, _) = world.json("POST", &format!("{address}/start"), Some(2), None).await;
        assert_eq!(status, 202);
        world.work().await;
        let (_, import) = world.json("GET", &address, None, None).await;
        assert_eq!((&import["state"], &import["stored_count"], &import["rejected_count"]), (&json!("done"), &json!(2), &json!(1)), "{import}");

        let (status, saved) = world.json("POST", "/api/v1/tabular/mappings", None, Some(json!({ "import_id": id, "name": "CDNOW" }))).await;
        assert_eq!(status, 201, "{saved}");
        let version = import["version"].as_i64();
        let (status, _) = world.json("POST", &format!("{address}/undo"), version, None).await;
        assert_eq!(status, 202);
        world.work().await;
        let (_, import) = world.json("GET", &address, None, None).await;
        assert_eq!((&import["state"], &import["undone_count"]), (&json!("undone"), &json!(2)));
        assert_eq!(world.count().await, 0);
        let (status, _) = world.json("POST", &format!("{address}/start"), import["version"].as_i64(), None).await;
        assert_eq!(status, 409, "what was taken back stays taken back");
    }

    async fn taking_back_keeps_what_was_there_before(store: TestStore) {
        let world = world(&store).await;
        world.import(&world.write("some.csv", table(10))).await.expect("sound");
        let more = world.import(&world.write("more.csv", table(30))).await.expect("sound");
        assert_eq!((more.stored, more.present), (20, 10));
        let (_, import) = world.json("GET", &format!("/api/v1/tabular/imports/{}", more.import_id), None, None).await;
        let undo = format!("/api/v1/tabular/imports/{}/undo", more.import_id);
        world.json("POST", &undo, import["version"].as_i64(), None).await;
        world.work().await;
        assert_eq!(world.count().await, 10);
    }

    async fn a_saved_mapping_is_found_again(store: TestStore) {
        let world = world(&store).await;
        let text = "Kundennummer,Wert\n7,Tisch\n";
        let upload = |name: &str| axum::http::Request::post(format!("/api/v1/tabular/imports?noun=things&file_name={name}&source=erp"))
            .body(axum::body::Body::from(text)).expect("a request");
        let (_, body) = world.call(upload("a.csv")).await;
        let import: Value = serde_json::from_slice(&body).expect("json");
        assert_eq!(import["columns"], json!([]), "no field goes by these titles");
        let columns = json!([{ "field": "number", "column": 0 }, { "field": "name", "column": 1 }]);
        let address = format!("/api/v1/tabular/imports/{}", import["id"].as_str().expect("an id"));
        world.json("PATCH", &address, Some(1), Some(json!({ "columns": columns }))).await;
        world.json("POST", "/api/v1/tabular/mappings", None, Some(json!({ "import_id": import["id"], "name": "ERP" }))).await;
        let summary = world.import(&world.write("b.csv", "Wert,Kundennummer\nStuhl,8\n")).await.expect("mapped by the saved titles");
        assert_eq!(summary.to_string(), "read 1 stored 1 rejected 0");
    }
}

#[tokio::test]
async fn every_statement_is_accepted_by_both_databases() {
    let count = store::testing::assert_statements_prepare(MIGRATIONS).await;
    assert!(count > 15, "{count} statements");
}
