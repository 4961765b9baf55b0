//! Exporting: what leaves, for whom, and how it is written.

use crate::common::{MIGRATIONS, world};
use axum::response::IntoResponse;
use calamine::{Data, Reader, Xlsx};
use kernel::{Caller, Label, Labelled, Page, PageQuery, Result};
use serde::Serialize;
use store::testing::TestStore;
use tabular::export::{ExportCell, ExportColumn, ExportFormat, ExportSpec, export};

#[derive(Serialize, Clone)]
struct Row {
    name: String,
    email: Option<String>,
    total_minor: i64,
    at: kernel::Timestamp,
}

impl Labelled for Row {
    const NOUN: &'static str = "test.row";
    const FIELDS: &'static [(&'static str, Label)] = &[("email", Label::Personal)];
}

const SPEC: ExportSpec = ExportSpec {
    name: "rows",
    columns: &[
        ExportColumn::new("name", "tabular.rejects.field", ExportCell::Text),
        ExportColumn::new("email", "tabular.rejects.reason", ExportCell::Text),
        ExportColumn::new("total_minor", "tabular.rejects.row", ExportCell::Decimal(2)),
        ExportColumn::new("at", "tabular.rejects.row", ExportCell::Time),
    ],
};

async fn written(caller: &Caller, format: ExportFormat) -> (Vec<u8>, i64) {
    let store = TestStore::sqlite_with(MIGRATIONS).await;
    let world = world(&store).await;
    let row = |n: i64| Row {
        name: if n == 0 { "=HYPERLINK(1)".into() } else { format!("row {n}") },
        email: Some(format!("r{n}@example.invalid")),
        total_minor: -1_250,
        at: kernel::Timestamp::from_ms(1_795_334_400_000),
    };
    let next = |query: PageQuery| async move {
        let from: i64 = query.after()?.unwrap_or(0);
        let rows: Vec<i64> = (from..from + 201).take_while(|n| *n < 450).collect();
        let page = Page::from_overfull(rows, 200, |n| n + 1);
        Result::Ok(Page { items: page.items.into_iter().map(row).collect(), next_cursor: page.next_cursor })
    };
    let exported = export(&world.app, caller, format, &SPEC, next, |_| ()).await.expect("written");
    assert_eq!(exported.rows, 450);
    let bytes = axum::body::to_bytes(exported.into_response().into_body(), usize::MAX)
        .await
        .expect("a body")
        .to_vec();
    let audited = world
        .app
        .store
        .get(
            "SELECT row_count FROM audit_entry WHERE action = 'export' AND noun = 'test.row'",
            store::args![],
        )
        .await
        .expect("the export stands in the log");
    (bytes, audited)
}

#[tokio::test]
async fn csv_is_neutral_and_whole() {
    let (bytes, audited) = written(&Caller::system("test"), ExportFormat::Csv).await;
    let text = String::from_utf8(bytes).expect("UTF-8");
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("\u{feff}字段,拒绝原因,行号,行号"));
    assert_eq!(lines.next(), Some("'=HYPERLINK(1),r0@example.invalid,-12.50,2026-11-22 08:00:00"));
    assert_eq!((lines.clone().count(), audited), (450, 450));
    let mark = lines.last().expect("a last line");
    assert!(mark.starts_with("含保密内容，test 于 "), "{mark}");
}

#[tokio::test]
async fn a_workbook_holds_numbers_and_no_hidden_field() {
    let mut caller = Caller::system("test");
    caller.clearance = Label::Internal;
    let (bytes, _) = written(&caller, ExportFormat::Xlsx).await;
    let mut workbook: Xlsx<_> = Xlsx::new(std::io::Cursor::new(bytes)).expect("a workbook");
    let name = workbook.sheet_names()[0].clone();
    let range = workbook.worksheet_range(&name).expect("a sheet");
    assert_eq!(range.height(), 451);
    assert_eq!(range.get((1, 0)), Some(&Data::String("=HYPERLINK(1)".into())), "a string, not a formula");
    assert_eq!(range.get((1, 1)).unwrap_or(&Data::Empty), &Data::Empty, "hidden from this caller");
    assert_eq!(range.get((1, 2)), Some(&Data::Float(-12.5)));
    assert!(workbook.worksheet_formula(&name).expect("a sheet").is_empty());
}

#[tokio::test]
async fn whoever_may_not_export_is_refused() {
    let store = TestStore::sqlite_with(MIGRATIONS).await;
    let world = world(&store).await;
    let caller = Caller::anonymous(kernel::Language::En, "r".into());
    let next = |_| async { Result::Ok(Page::<Row>::whole(Vec::new())) };
    let refused =
        export(&world.app, &caller, ExportFormat::Csv, &SPEC, next, |_| ()).await.expect_err("no grant");
    assert_eq!(refused.status, 401);
}
