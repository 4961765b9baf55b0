//! Files of every kind, honest and not.

use crate::common::{MIGRATIONS, gzip, table, world};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use store::testing::TestStore;

fn workbook() -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let date = Format::new().set_num_format("yyyy-mm-dd");
    for (column, title) in ["编号", "名称", "价格", "日期"].into_iter().enumerate() {
        sheet.write(0, column as u16, title).expect("in range");
    }
    sheet.write(1, 0, 1001.0).expect("in range");
    sheet.write(1, 1, "茶").expect("in range");
    sheet.write(1, 2, 12.5).expect("in range");
    let day = ExcelDateTime::from_ymd(2026, 7, 21).expect("a day");
    sheet.write_datetime_with_format(1, 3, &day, &date).expect("in range");
    // A gap: row 3 is blank.
    sheet.write(3, 0, "A-7").expect("in range");
    sheet.write(3, 1, "咖啡").expect("in range");
    sheet.write(4, 0, "A-8").expect("in range");
    workbook.save_to_buffer().expect("memory")
}

fn zip_of(names: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::Write;
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in names {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).expect("memory");
        writer.write_all(bytes).expect("memory");
    }
    writer.finish().expect("memory").into_inner()
}

#[tokio::test]
async fn a_workbook_is_recognised_under_any_name_and_packing() {
    for (name, bytes) in [
        ("things.xlsx", workbook()),
        ("things.csv", workbook()),
        ("things.xlsx.gz", gzip(&workbook())),
        ("things.zip", zip_of(&[("in/things.xlsx", &workbook())])),
    ] {
        let store = TestStore::sqlite_with(MIGRATIONS).await;
        let world = world(&store).await;
        let summary =
            world.import(&world.write(name, &bytes)).await.unwrap_or_else(|p| panic!("{name}: {p}"));
        assert_eq!(summary.to_string(), "read 3 stored 2 rejected 1", "{name}");
        let misnamed = summary.notes.iter().any(|note| note.contains("xlsx"));
        assert_eq!(misnamed, name == "things.csv", "{name}: {:?}", summary.notes);
        let (price, day): (i64, String) = world
            .app
            .store
            .get("SELECT price, day FROM thing WHERE name = $1", store::args!["茶"])
            .await
            .expect("stored");
        assert_eq!((price, day.as_str()), (1_250, "2026-07-21"));
        let rejects = world
            .json("GET", &format!("/api/v1/tabular/imports/{}/rejects", summary.import_id), None, None)
            .await;
        assert_eq!(rejects.1["items"][0]["first_row"], 5, "numbers are those that Excel shows");
    }
}

#[tokio::test]
async fn texts_in_every_charset_and_packing_are_read() {
    let text = "编号\t名称\n1\t茶叶礼盒\n2\t咖啡豆\n";
    let utf16 =
        [&[0xff, 0xfe][..], &text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>()].concat();
    let mac = zip_of(&[("things.csv", text.as_bytes()), ("__MACOSX/._things.csv", b"noise")]);
    for (name, bytes) in [
        ("utf8.csv", text.as_bytes().to_vec()),
        ("bom.csv", [b"\xef\xbb\xbf", text.as_bytes()].concat()),
        ("gb.csv", encoding_rs::GB18030.encode(text).0.into_owned()),
        ("utf16.txt", utf16),
        ("mac.zip", mac),
        ("crlf.csv.gz", gzip(text.replace('\n', "\r\n").as_bytes())),
    ] {
        let store = TestStore::sqlite_with(MIGRATIONS).await;
        let world = world(&store).await;
        let summary =
            world.import(&world.write(name, &bytes)).await.unwrap_or_else(|p| panic!("{name}: {p}"));
        assert_eq!(summary.to_string(), "read 2 stored 2 rejected 0", "{name}");
        let tea: i64 = world
            .app
            .store
            .get("SELECT CAST(COUNT(*) AS BIGINT) FROM thing WHERE name = $1", store::args!["茶叶礼盒"])
            .await
            .expect("a count");
        assert_eq!(tea, 1, "{name}");
    }
}

#[tokio::test]
async fn what_is_no_table_is_refused_with_a_reason() {
    let store = TestStore::sqlite_with(MIGRATIONS).await;
    let world = world(&store).await;
    // Keys of their own, so that nothing but the size is wrong with the rows.
    let zeros: String = (0..8_192).map(|n| format!("{n},{}\n", "0".repeat(8_000))).collect();
    let zeros = format!("No,Name\n{zeros}").into_bytes();
    let endless = format!("No,Name\n1,\"{}", "x".repeat(3 << 20));
    let mut cut = gzip(table(5_000).as_bytes());
    cut.truncate(cut.len() / 2);
    for (name, bytes, code) in [
        ("empty.csv", Vec::new(), "tabular.file.empty"),
        ("blank.csv", b"\n\n  \n".to_vec(), "tabular.file.empty"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n0000".to_vec(), "tabular.file.not_a_table"),
        ("page.csv", b"<!DOCTYPE html><p>Sign in".to_vec(), "tabular.file.not_a_table"),
        ("binary.csv", (0..=255_u8).cycle().take(9_000).collect(), "tabular.file.not_a_table"),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest".to_vec(), "tabular.file.old_excel"),
        ("letter.xlsx", zip_of(&[("word/document.xml", b"<w/>")]), "tabular.file.not_a_table"),
        ("two.zip", zip_of(&[("a.csv", b"a"), ("b.csv", b"b")]), "tabular.file.one_table_expected"),
        ("twice.gz", gzip(&gzip(b"No,Name\n1,a\n")), "tabular.file.not_a_table"),
        ("bomb.csv.gz", gzip(&zeros), "tabular.file.bomb"),
        ("bomb.zip", zip_of(&[("bomb.csv", &zeros)]), "tabular.file.bomb"),
        ("quote.csv", endless.into_bytes(), "tabular.file.row_too_long"),
        ("cut.csv.gz", cut, "tabular.file.damaged"),
        ("fake.xlsx", zip_of(&[("xl/workbook.xml", b"<nonsense>")]), "tabular.file.damaged"),
        ("titles.csv", b"Left,Right\nup,down\n".to_vec(), "tabular.mapping.required_missing"),
    ] {
        let problem = world.import(&world.write(name, &bytes)).await.expect_err(name);
        assert_eq!(problem.code, code, "{name}: {problem}");
        assert!((400..500).contains(&problem.status), "{name}: {problem}");
    }
    let absent = world.import(std::path::Path::new("/nowhere/at/all.csv")).await.expect_err("absent");
    assert_eq!(absent.code, "tabular.file.unreadable");
    assert_eq!(world.import_as("nothings").await.code, "tabular.noun.unknown");
}

#[tokio::test]
async fn a_file_that_breaks_off_keeps_what_came_before() {
    let store = TestStore::sqlite_with(MIGRATIONS).await;
    let world = world(&store).await;
    // Long enough that the beginning is read before the break.
    let whole = gzip(table(200_000).as_bytes());
    let problem =
        world.import(&world.write("cut.csv.gz", &whole[..whole.len() - 1_000])).await.expect_err("cut");
    assert_eq!(problem.code, "tabular.file.damaged");
    let (state, read, stored): (String, i64, i64) = world
        .app
        .store
        .get("SELECT state, read_count, stored_count FROM tabular_import", store::args![])
        .await
        .expect("one import");
    assert_eq!((state.as_str(), read, stored), ("failed", world.count().await, world.count().await));
    assert!(stored >= 150_000, "{stored} rows came before the break");
}
