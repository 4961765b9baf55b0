use std::path::PathBuf;
use std::sync::Arc;

use axum::response::IntoResponse;
use http_kit::AppState;
use kernel::{Actor, Caller, GrantScope, Id, Label, PageQuery, Permission};
use rulebook::record::{self, NewRecord, Record, RecordFilter, RecordPatch};
use serde_json::{Value as Json, json};
use store::jobs::{Registry, Runner};
use store::testing::TestStore;
use store::{args, on_both};
use tabular::export::ExportFormat;

use crate::staff::Staff;
use crate::support::{MIGRATIONS, app, folder, somebody};

const DEAL: &str = r#"
id: deal
version: 1
prefix: DEAL
title: {en: Deal}
keys: [[name]]
fields:
  - {key: name, kind: text, title: {zh-Hans: 名称, zh-Hant: 名稱, en: Name}, required: true}
  - {key: kind, kind: choice, title: {zh-Hans: 类别, zh-Hant: 類別, en: Kind}, options: [{id: rent, title: {zh-Hans: 租赁, zh-Hant: 租賃, en: Rent}}, {id: sale, title: {en: Sale}}]}
  - {key: amount, kind: money, title: {zh-Hans: 金额, zh-Hant: 金額, en: Amount}}
  - {key: share, kind: percent, title: {en: Share}}
  - {key: signed_on, kind: date, title: {en: Signed on}}
  - {key: partner, kind: reference, record: partner, title: {en: Partner}}
  - {key: keeper, kind: person, title: {zh-Hans: 保管人, zh-Hant: 保管人, en: Keeper}}
  - {key: secret_note, kind: text, title: {en: Secret note}, label: secret}
  - {key: steps, kind: table, title: {en: Steps}, fields: [{key: what, kind: text, title: {en: What}}]}
checks: [{when: "kind == 'sale' && !has(amount)", refuse: {en: A sale needs an amount.}, field: amount}]
machines: [{machine: deal}]
"#;

const PARTNER: &str = r#"
id: partner
version: 1
prefix: P
title: {en: Partner}
fields:
  - {key: name, kind: text, title: {en: Name}, required: true}
  - {key: deals, kind: rollup, title: {en: Deals}, rollup: {record: deal, by: partner, figure: count}}
"#;

const MACHINE: &str = r#"
id: deal
version: 1
title: {en: Deal}
record: deal
roles: [author]
states:
  - {id: open, title: {en: Open}, work: {who: {field: owner_id}, title: {en: Look after it}}}
  - {id: done, title: {en: Done}, end: true}
transitions: [{action: finish, from: [open], to: done, permission: records.deal.write, title: {en: Finish}}]
"#;

const fn permission(code: &'static str) -> Permission {
    Permission::scoped(code)
}
const READ: Permission = permission("records.deal.read");
const WRITE: Permission = permission("records.deal.write");
const PARTNERS: Permission = permission("records.partner.read");
const PARTNER_WRITE: Permission = permission("records.partner.write");
const EXPORT: Permission = tabular::permissions::EXPORT_RUN;
const IMPORT: Permission = tabular::permissions::IMPORT_RUN;
const IMPORTS: Permission = tabular::permissions::IMPORT_READ;

struct World {
    app: AppState,
    who: Caller,
}

impl World {
    async fn new(store: &TestStore) -> Self {
        let files =
            [("records/deal.yaml", DEAL), ("records/partner.yaml", PARTNER), ("machines/deal.yaml", MACHINE)];
        let mut app = app(store, vec![folder("test", &files)]).await;
        let targets = tabular::Targets::default().with_sources(vec![Arc::new(record::RecordTargets)]);
        app.parts.insert(targets);
        app.texts
            .extend(http_kit::read_texts("tabular", tabular::module().texts).expect("complete"))
            .expect("once each");
        let all = [READ, WRITE, PARTNERS, PARTNER_WRITE, EXPORT, IMPORT, IMPORTS];
        let who = somebody(&all, GrantScope::Company);
        let others = ["Li", "Twin", "Twin"].map(|_| somebody(&[], GrantScope::Company));
        let staff =
            Staff::of(&[(&who, "Somebody"), (&others[0], "Li"), (&others[1], "Twin"), (&others[2], "Twin")]);
        app.people.connect(Arc::new(staff));
        Self { app: Arc::new(app), who }
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.app.settings.data_dir.join(name);
        std::fs::write(&path, text).expect("the test's own directory");
        path
    }

    async fn import(&self, text: &str) -> tabular::cli::Summary {
        let path = self.write("deals.csv", text);
        let done =
            tabular::cli::import(&self.app, &self.who, "record.deal", &path, Default::default(), |_| ())
                .await;
        done.unwrap_or_else(|problem| panic!("{problem:?}"))
    }

    async fn deals(&self) -> Vec<Record> {
        let filter = RecordFilter { sort: Some("number".into()), ..RecordFilter::default() };
        record::list(&self.app, &self.who, "deal", &PageQuery::default(), &filter).await.expect("lists").items
    }

    async fn partner(&self, name: &str) -> Record {
        let values = json!({ "name": name }).as_object().cloned().unwrap_or_default();
        let new = NewRecord { values, ..NewRecord::default() };
        record::create(&self.app, &self.who, "partner", new).await.expect("made").record
    }

    async fn reasons(&self, import: Id) -> Vec<(i64, String, Option<String>)> {
        let sql = "SELECT first_row, code, field FROM tabular_reject WHERE import_id = $1 ORDER BY first_row";
        self.app.store.all(sql, args![import]).await.expect("reasons")
    }

    async fn json(&self, method: &str, path: &str, version: Option<i64>) -> Json {
        use tower::ServiceExt;
        let (router, _) = tabular::module().routes.split();
        let mut request = axum::http::Request::builder().method(method).uri(path);
        if let Some(version) = version {
            request = request.header("if-match", format!("\"{version}\""));
        }
        let mut request = request.body(axum::body::Body::empty()).expect("a request");
        request.extensions_mut().insert(self.who.clone());
        let response = router.with_state(self.app.clone()).oneshot(request).await.expect("infallible");
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.expect("a body");
        serde_json::from_slice(&body).unwrap_or_default()
    }

    async fn text(&self, caller: &Caller, filter: &RecordFilter) -> String {
        let written =
            record::export(&self.app, caller, "deal", ExportFormat::Csv, filter).await.expect("written");
        let body =
            axum::body::to_bytes(written.into_response().into_body(), usize::MAX).await.expect("a body");
        String::from_utf8(body.to_vec()).expect("UTF-8")
    }
}

const FILE: &str = "名称,類別,Amount,Share,Signed on,Partner,保管人\n\
    Shop,租赁,1200.50,12.5,2026-03-01,P-0001,li@daoting.example\n\
    Stall,sale,,,,,\n\
    Kiosk,Gift,,,,,\n\
    Booth,rent,,,,Nobody,\n\
    Tent,rent,,,,Acme,Twin\n\
    Shop,rent,,,,,\n\
    ,rent,,,,,\n";

on_both! {
    migrations = MIGRATIONS;

    async fn rows_become_records_or_say_why_not(store: TestStore) {
        let world = World::new(&store).await;
        let acme = world.partner("Acme").await;
        let done = world.import(FILE).await;
        assert_eq!((done.read, done.stored, done.rejected), (7, 1, 6));
        assert!(done.notes.iter().any(|note| note.contains("Steps")), "{:?}", done.notes);
        let reasons = world.reasons(done.import_id).await;
        let reasons: Vec<(i64, &str, Option<&str>)> = reasons.iter().map(|(row, code, field)| (*row, code.as_str(), field.as_deref())).collect();
        assert_eq!(reasons, [
            (3, "rulebook.record.refused", Some("amount")),
            (4, "rulebook.record.no_such_option", Some("kind")),
            (5, "rulebook.record.import.unknown", Some("partner")),
            (6, "rulebook.record.import.ambiguous", Some("keeper")),
            (7, "rulebook.record.not_unique", Some("name")),
            (8, "tabular.value.missing", Some("name")),
        ]);
        let deals = world.deals().await;
        let deal = &deals[0];
        assert_eq!((&deal.values["kind"], &deal.values["amount"], &deal.values["share"]), (&json!("rent"), &json!(120_050), &json!(12.5)));
        assert_eq!((&deal.values["signed_on"], &deal.values["partner"]), (&json!("2026-03-01"), &json!(acme.id)));
        assert_eq!((deal.state.as_deref(), deal.owner_id), (Some("open"), world.who.find_user_id()));
        let partner = record::find(&world.app, &world.who, "partner", acme.id).await.expect("there").record;
        assert_eq!(partner.values["deals"], json!(1));
        // The same rows again are there already.
        let again = world.import(FILE).await;
        assert_eq!((again.stored, again.present), (0, 1));
    }

    async fn an_import_is_shown_before_and_taken_back_after(store: TestStore) {
        let world = World::new(&store).await;
        let path = "/api/v1/tabular/imports?noun=record.deal&file_name=deals.csv";
        let made = {
            use tower::ServiceExt;
            let (router, _) = tabular::module().routes.split();
            let body = axum::body::Body::from("Name,Kind,Amount\nShop,rent,5\nStall,sale,\nTent,rent,7\n");
            let mut request = axum::http::Request::builder().method("POST").uri(path).body(body).expect("a request");
            request.extensions_mut().insert(world.who.clone());
            let response = router.with_state(world.app.clone()).oneshot(request).await.expect("infallible");
            let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.expect("a body");
            serde_json::from_slice::<Json>(&body).expect("json")
        };
        let id = made["id"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned();
        let mut who = world.who.clone();
        who.clearance = Label::Secret;
        let world = World { who, ..world };
        let preview = world.json("GET", &format!("/api/v1/tabular/imports/{id}/preview"), None).await;
        let problems: Vec<Option<&str>> = preview["rows"].as_array().expect("rows").iter().map(|row| row["problem"]["text"].as_str()).collect();
        assert!(problems[0].is_none() && problems[1].is_some_and(|text| text.contains("amount")), "{preview}");
        assert!(world.deals().await.is_empty(), "a preview stores nothing");

        let mut registry = Registry::new();
        (tabular::module().jobs)(&mut registry);
        let runner = Runner::new(world.app.store.clone(), world.app.clone(), registry, 1);
        world.json("POST", &format!("/api/v1/tabular/imports/{id}/start"), Some(1)).await;
        runner.run_due().await;
        let deals = world.deals().await;
        assert_eq!(deals.iter().map(|deal| deal.title.as_str()).collect::<Vec<_>>(), ["Shop", "Tent"]);
        // One was worked on since: it stays.
        let patch = RecordPatch { values: json!({"amount": 9}).as_object().cloned().unwrap_or_default(), ..RecordPatch::default() };
        record::update(&world.app, &world.who, "deal", deals[1].id, 1, patch).await.expect("changed");
        let state = world.json("GET", &format!("/api/v1/tabular/imports/{id}"), None).await;
        world.json("POST", &format!("/api/v1/tabular/imports/{id}/undo"), state["version"].as_i64()).await;
        runner.run_due().await;
        assert_eq!(world.deals().await.iter().map(|deal| deal.title.as_str()).collect::<Vec<_>>(), ["Tent"]);
        let state = world.json("GET", &format!("/api/v1/tabular/imports/{id}"), None).await;
        assert_eq!((state["state"].as_str(), state["undone_count"].as_i64()), (Some("undone"), Some(1)));
        let open: i64 = world.app.store.get("SELECT CAST(COUNT(*) AS BIGINT) FROM rulebook_task WHERE state = 'open'", args![]).await.expect("counts");
        assert_eq!(open, 1, "the work of what was taken back is nobody's any more");
    }

    async fn a_list_leaves_as_its_reader_sees_it(store: TestStore) {
        let world = World::new(&store).await;
        world.import("Name,Kind,Amount,Keeper\n=1+1,rent,5,Li\nTent,rent,7,\n").await;
        let mut trusted = world.who.clone();
        trusted.clearance = Label::Secret;
        let written = world.text(&world.who, &RecordFilter::default()).await;
        let lines: Vec<&str> = written.lines().collect();
        assert!(lines[0].starts_with("\u{feff}Number,State,Owner,Name,Kind,Amount,"), "{}", lines[0]);
        assert!(!lines[0].contains("Secret note"));
        assert_eq!(lines.len(), 3, "nothing confidential, no mark");
        assert!(lines[2].starts_with("DEAL-0001,Open,Somebody,'=1+1,Rent,5.00,,,,Li,"), "{}", lines[2]);
        let filter = RecordFilter { filter: Some("name == 'Tent'".into()), ..RecordFilter::default() };
        let some = world.text(&trusted, &filter).await;
        let lines: Vec<&str> = some.lines().collect();
        assert_eq!(lines.len(), 3);
        assert!(lines[0].contains("Secret note") && lines[2].contains("Somebody"), "{some}");
        let rows: i64 = world.app.store.get("SELECT CAST(SUM(row_count) AS BIGINT) FROM audit_entry WHERE action = 'export' AND noun = 'record.deal'", args![]).await.expect("audited");
        assert_eq!(rows, 3);
        let reader = somebody(&[READ], GrantScope::Company);
        let refused = record::export(&world.app, &reader, "deal", ExportFormat::Xlsx, &RecordFilter::default()).await;
        assert_eq!(refused.expect_err("no right to export").status, 403);
        let mut stranger = somebody(&[EXPORT], GrantScope::Company);
        stranger.actor = Actor::User { id: Id::new(), name: "X".into(), by_token: false };
        let refused = record::export(&world.app, &stranger, "deal", ExportFormat::Csv, &RecordFilter::default()).await;
        assert_eq!(refused.expect_err("no right to read").status, 403);
    }
}
