use kernel::{Caller, GrantScope, Language};
use rulebook::clause::Status;
use rulebook::pack::api::PackOrigin;
use rulebook::pack::{ChangeKind, Folder, dry_run, service};
use rulebook::{Rulebook, parameter};
use serde_json::json;
use store::on_both;

use crate::support::{MIGRATIONS, app, folder, somebody};

const CLAUSES: &str = "- {id: TT-1.1, department: brand, title: {en: One}, text: {en: b}}\n\
                       - {id: TT-1.2, department: brand, title: {en: Two}, text: {en: b}}\n";
const PARAMETERS: &str = "- {key: rulebook.run.stale_hours, kind: integer, default: 24, title: {en: Stale}}\n\
                          - {key: most, kind: integer, default: 0, title: {en: Most}}\n";
const CONTROLS: &str = "- id: c\n  clauses: {TT-1.1: full}\n  title: {en: c}\n  rationale: {en: r}\n  \
                        evidence: {kind: query, view: v_rulebook_parameter_change, threshold: {op: '<=', parameter: most}}\n";
const MACHINE: &str = "id: m\nversion: 1\ntitle: {en: m}\nstates:\n  - {id: a, title: {en: a}}\n  \
                       - {id: z, title: {en: z}, end: true}\ntransitions:\n  \
                       - {action: go, from: [a], to: z, title: {en: g}}\n";

fn shipped() -> Folder {
    let files = [
        ("clauses.yaml", CLAUSES),
        ("parameters.yaml", PARAMETERS),
        ("controls.yaml", CONTROLS),
        ("machines/m.yaml", MACHINE),
    ];
    folder("test", &files)
}

fn changed(change: impl Fn(&str, String) -> String) -> Folder {
    let mut folder = shipped();
    for (path, text) in &mut folder.files {
        *text = change(path, std::mem::take(text));
    }
    folder
}

fn person() -> Caller {
    somebody(&[], GrantScope::Company)
}

async fn value(app: &http_kit::App) -> i64 {
    parameter::get(&app.store, "most").await.expect("a value").integer().expect("a number")
}

async fn row(app: &http_kit::App) -> rulebook::pack::api::PackRow {
    service::find(app, Language::En, "test").await.expect("runs")
}

on_both! {
    migrations = MIGRATIONS;

    async fn a_dry_run_says_what_would_change_and_keeps_nothing(store: TestStore) {
        let app = app(&store, vec![shipped()]).await;
        let looser = changed(|path, text| match path {
            "parameters.yaml" => text.replace("default: 0", "default: 100"),
            "clauses.yaml" => text + "- {id: TT-1.3, department: it, title: {en: Three}, text: {en: b}}\n",
            "machines/m.yaml" => text.replace("version: 1", "version: 2"),
            _ => text,
        });
        let mut tx = store.begin(&Caller::system("test")).await.expect("begins");
        rulebook::machine::start(&mut tx, &app, "m", "test.thing", kernel::Id::new()).await.expect("starts");
        tx.audit(store::Audit::without_row("start", "test.thing")).await.expect("notes");
        tx.commit().await.expect("commits");

        let said = dry_run(&app, Language::En, &looser).await.expect("tries");
        let clauses: Vec<_> = said.clauses.iter().map(|t| (t.clause_id.as_str(), t.before, t.after)).collect();
        assert_eq!(clauses, [
            ("TT-1.1", Some(Status::Broken), Some(Status::Followed)),
            ("TT-1.3", None, Some(Status::Uncovered)),
        ]);
        let moved: Vec<_> = said.parameters.iter().map(|t| (t.key.as_str(), t.before.clone(), t.after.clone())).collect();
        assert_eq!(moved, [("most", Some(json!(0)), Some(json!(100)))]);
        assert_eq!((said.machines[0].after, said.machines[0].open_on_older), (2, 1));
        assert_eq!(said.changes.len(), 3);
        assert_eq!((value(&app).await, row(&app).await.origin), (0, PackOrigin::Shipped));
        let faulty = changed(|_, text| text.replace("TT-1.1: full", "TT-9.9: full"));
        let said = dry_run(&app, Language::En, &faulty).await.expect("tries");
        assert_eq!((said.faults.len(), said.faults[0].line), (1, 2));
        assert!(said.faults[0].message.contains("TT-9.9"));
    }

    async fn an_applied_pack_runs_at_once_and_after_the_next_start(store: TestStore) {
        let running = app(&store, vec![shipped()]).await;
        let other_node = app(&store, vec![shipped()]).await;
        let before = running.part::<Rulebook>().expect("a rulebook").snapshot();
        let own = changed(|path, text| match path {
            "clauses.yaml" => text.replace("en: Two", "en: Zwei"),
            "parameters.yaml" => text.replace("default: 0", "default: 7"),
            _ => text,
        });
        let refused = service::apply(&running, &person(), own.clone(), "x").await.expect_err("no reason");
        assert_eq!(refused.fields[0].field, "reason");
        let faulty = changed(|_, text| text.replace("kind: query", "kind: guess"));
        let refused = service::apply(&running, &person(), faulty, "a good reason").await.expect_err("faulty");
        assert_eq!(refused.code, "rulebook.pack.faulty");
        let applied = service::apply(&running, &person(), own.clone(), "our own words").await.expect("applies");
        assert_eq!((applied.origin, applied.reason.as_deref()), (PackOrigin::Changed, Some("our own words")));
        assert_eq!(value(&running).await, 7);
        let title = |app: &http_kit::App| {
            let app = app.part::<Rulebook>().expect("a rulebook").clone();
            move || app.snapshot().clause_title("TT-1.2")
        };
        assert_eq!(title(&running)().as_deref(), Some("Zwei"));
        // Whoever took a snapshot before goes on with what they began with.
        assert_eq!(before.clause_title("TT-1.2").as_deref(), Some("Two"));

        assert_eq!(title(&other_node)().as_deref(), Some("Two"));
        assert!(rulebook::refresh(&other_node).await.expect("looks"));
        assert!(!rulebook::refresh(&other_node).await.expect("looks"));
        assert_eq!(title(&other_node)().as_deref(), Some("Zwei"));
        let restarted = app(&store, vec![shipped()]).await;
        assert_eq!(title(&restarted)().as_deref(), Some("Zwei"));
        assert_eq!(service::files(&restarted, "test").expect("shows").files, own.files);

        service::restore(&restarted, &person(), "test", "back to the product").await.expect("restores");
        assert_eq!((value(&restarted).await, row(&restarted).await.origin), (0, PackOrigin::Shipped));
        assert_eq!(service::versions(&restarted, "test").await.expect("lists").len(), 2);
    }

    async fn an_upgrade_never_overwrites_what_the_company_changed(store: TestStore) {
        let first = app(&store, vec![shipped()]).await;
        let own = changed(|_, text| text.replace("en: Two", "en: Zwei").replace("en: Most", "en: Meist"));
        service::apply(&first, &person(), own, "our own words").await.expect("applies");

        let upgrade = changed(|path, text| match path {
            "pack.yaml" => text.replace("1.0.0", "1.1.0"),
            "clauses.yaml" => text.replace("en: One", "en: First").replace("en: Two", "en: Second"),
            "parameters.yaml" => text.replace("default: 24", "default: 48"),
            _ => text,
        });
        let second = app(&store, vec![upgrade.clone()]).await;
        let book = second.part::<Rulebook>().expect("a rulebook").snapshot();
        assert_eq!(book.clause_title("TT-1.1").as_deref(), Some("First"));
        assert_eq!(book.clause_title("TT-1.2").as_deref(), Some("Zwei"));
        let pack = row(&second).await;
        assert_eq!((pack.label.as_str(), pack.conflicts.len()), ("1.1.0", 1));
        assert_eq!((pack.conflicts[0].id.as_str(), pack.conflicts[0].change), ("TT-1.2", ChangeKind::Changed));
        let hours = parameter::get(&second.store, "rulebook.run.stale_hours").await.expect("a value");
        assert_eq!(hours.integer().expect("a number"), 48);

        // Whoever applies a version again has decided.
        let files = service::files(&second, "test").expect("shows").files;
        let decided = service::candidate("test", files).expect("fits");
        let pack = service::apply(&second, &person(), decided, "ours is right").await.expect("applies");
        assert!(pack.conflicts.is_empty() && pack.origin == PackOrigin::Changed);
    }

    async fn a_pack_of_the_company_comes_and_goes(store: TestStore) {
        let app = app(&store, vec![shipped()]).await;
        let mut own = folder("house", &[]);
        let manifest = own.files.get_mut("pack.yaml").expect("a manifest");
        *manifest = manifest.replace("TT", "HH");
        own.files.insert(
            "clauses.yaml".into(),
            "- {id: HH-1.1, department: house, title: {en: Tea}, text: {en: Drink it}}\n".into(),
        );
        let diff = service::compare(&app, &own).expect("compares");
        assert!(diff.changes.iter().all(|change| change.change == ChangeKind::Added));
        let row = service::apply(&app, &person(), own, "house rules").await.expect("applies");
        assert_eq!(row.origin, PackOrigin::Own);
        assert_eq!(rulebook::status(&app).await.expect("counts").clauses, 3);
        let refused = service::restore(&app, &person(), "test", "not changed").await.expect_err("not own");
        assert_eq!(refused.code, "rulebook.pack.no_own_version");
        service::restore(&app, &person(), "house", "no more tea").await.expect("takes it away");
        assert_eq!(rulebook::status(&app).await.expect("counts").clauses, 2);
    }
}
