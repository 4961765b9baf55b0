//! Backups through the whole product: taken while people work, opened again elsewhere, missed, lost and reported.

use std::path::Path;

use axum::http::Method;
use serde_json::{Value as Json, json};
use store::testing::TestStore;
use store::{Config as Database, Store, args};

use crate::harness::arrange::{Shop, id};
use crate::harness::people::{department, hire};
use crate::harness::{Call, Company, Member};

/// Takes a backup and returns it.
pub async fn take(who: &Member<'_>) -> Json {
    // Backups are named by their time.
    who.company.pass_minutes(1);
    let standing = who.post("/api/v1/system/backups", json!({})).await;
    assert_eq!(standing["taking"], true, "{standing}");
    who.company.work().await;
    who.list("/api/v1/system/backups").await.remove(0)
}

/// Damages a file as a bad disk does.
pub fn flip(file: &str) {
    let mut bytes = std::fs::read(file).expect("a backup");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(file, bytes).expect("a damaged backup");
}

/// Loses data, restores and reports them; returns the superior and the loss.
pub async fn reported<'c>(admin: &Member<'c>) -> (Member<'c>, Json) {
    let company = admin.company;
    let run = take(admin).await;
    let boss = company.member_as("management", "boss@daoting.example").await;
    let noticed = json!({ "what": "订单表被误删", "cause": "脚本写错条件", "noticed_at": company.now(), "noticed_by": "李娜" });
    let loss = admin.post("/api/v1/system/losses", noticed).await;
    let path = format!("/api/v1/system/losses/{}", id(&loss));
    admin.act(Method::POST, &format!("{path}/restore"), &loss, json!({ "run_id": run["id"] })).await;
    company.work().await;
    let loss = admin.get(&path).await;
    assert_eq!(loss["state"], "restored", "{loss:#}");
    let report = json!({ "superior_id": boss.id, "findings": "备份后的 3 张订单须按小票补录" });
    let loss = admin.act(Method::POST, &format!("{path}/report"), &loss, report).await;
    (boss, loss)
}

/// Opens the records that were restored beside the live ones, where the case says that they are.
async fn open_beside(company: &Company, beside: &Json) -> Store {
    let live = &backup::Place::of(&company.app).expect("a place").database;
    let config = match (live, beside["database"].as_str()) {
        (Database::Postgres { .. }, Some(name)) => {
            let command = beside["command"].as_str().expect("a command");
            let url = command.split("--database-url ").nth(1).expect("an address").trim_matches('\'');
            assert!(name.starts_with("brandwright_restored_") && url.contains(name), "{command}");
            Database::Postgres { url: url.to_owned() }
        }
        (Database::Sqlite { .. }, None) => {
            let dir = Path::new(beside["result"]["dir"].as_str().expect("a directory"));
            Database::Sqlite { file: dir.join("brandwright.db") }
        }
        (live, name) => panic!("{name:?} beside {live:?}"),
    };
    Store::open(&config, company.app.store.clock()).await.expect("what was restored opens")
}

async fn tasks(who: &Member<'_>, kind: &str) -> Vec<Json> {
    who.list(&format!("/api/v1/rulebook/tasks?kind={kind}")).await
}

/// A company whose losses are restored into the kind of database that it has.
/// A company whose commands open its database, too.
pub async fn company(store: TestStore) -> Company {
    let database = match store.config() {
        Database::Postgres { url } => Some(url.clone()),
        Database::Sqlite { .. } => None,
    };
    Company::with(store, |config| config.database_url = database).await
}

store::on_both! {
    migrations = &server::migrations();

    async fn what_was_backed_up_while_people_worked_opens_elsewhere(store: TestStore) {
        let company = company(store).await;
        let shop = Shop::open(&company).await;
        shop.import("customers", crate::harness::arrange::CUSTOMERS).await;
        let people = async {
            for number in 0..40 {
                department(&shop.admin, &format!("store_{number}")).await;
            }
        };
        let (run, ()) = tokio::join!(take(&shop.admin), people);
        assert_eq!(run["verified"], true, "{run:#}");
        assert!(run["row_count"].as_i64() > Some(100) && run["file_count"].as_i64() > Some(0), "{run:#}");
        let standing = shop.admin.get("/api/v1/system/backup-standing").await;
        assert_eq!((&standing["newest"]["id"], &standing["fresh"]), (&run["id"], &json!(true)), "{standing:#}");
        assert!(standing["key_name"].as_str().is_some_and(|key| key.starts_with("age1")), "{standing:#}");

        let place = backup::Place::of(&company.app).expect("a place");
        let key = backup::archive::key::BackupKey::read(&place.key_file).expect("a key");
        let dir = place.data_dir.join("elsewhere");
        let target = backup::archive::restore::Target {
            dir: dir.clone(),
            database_url: None,
            master_key: Some(place.data_dir.join("master.key")),
        };
        let file = Path::new(run["file"].as_str().expect("a file"));
        let (_, restored) =
            backup::archive::restore::restore(file, &key, &target, &place.migrations, company.app.store.clock())
                .await
                .expect("restores");
        assert!(restored.differences.is_empty() && restored.master_key, "{restored:?}");

        let again = Company::restored(&dir, company.clock.clone()).await;
        let admin = again.sign_in("administrator@daoting.example").await;
        assert_eq!(admin.list("/api/v1/customers/profiles").await.len(), 3);
        let wrong = Member::try_sign_in(&again, "administrator@daoting.example", "another password", None).await;
        assert!(wrong.status.is_client_error(), "{}", wrong.text);
        again.work().await;
        let verified = admin.expect(Call::post("/api/v1/system/audit-verifications")).await;
        assert_eq!((&verified["ok"], &verified["problems"]), (&json!(true), &json!(0)), "{verified}");
    }

    async fn a_missing_backup_is_told_within_the_hour_and_taken_back(store: TestStore) {
        let company = company(store).await;
        let it = company.member("it").await;
        let place = backup::Place::of(&company.app).expect("a place").clone();
        // A file in place of the folder: the disk for backups is not there.
        std::fs::write(&place.folder, b"").expect("a file");
        company.pass_hours(1);
        company.work().await;
        let found = tasks(&it, "backup.alert").await;
        assert_eq!(found.len(), 1, "{found:#?}");
        assert_eq!(found[0]["title_code"], "backup.task.failed");
        let failed = &it.list("/api/v1/system/backups").await[0];
        assert_eq!((&failed["state"], &failed["verified"]), (&json!("failed"), &json!(false)), "{failed:#}");
        assert!(failed["problem"]["text"].as_str().is_some_and(|text| text.contains("could not be written")), "{failed:#}");
        company.pass_hours(27);
        company.work().await;
        let codes: Vec<Json> = tasks(&it, "backup.alert").await.iter().map(|t| t["title_code"].clone()).collect();
        assert!(codes.contains(&json!("backup.task.missed")), "{codes:?}");
        std::fs::remove_file(&place.folder).expect("the disk is back");
        company.pass_hours(1);
        company.work().await;
        assert!(tasks(&it, "backup.alert").await.is_empty(), "a sound backup takes it back");
        let newest = &it.list("/api/v1/system/backups").await[0];
        assert_eq!((&newest["begun_by"], &newest["verified"]), (&json!("schedule"), &json!(true)), "{newest:#}");
        let tests = it.list("/api/v1/system/restore-tests").await;
        assert!(tests.iter().all(|test| test["passed"] == true), "{tests:#?}");
    }

    async fn a_night_takes_one_backup_a_month_tests_one_and_old_ones_go(store: TestStore) {
        let company = company(store).await;
        let it = company.member("it").await;
        for _ in 0..12 {
            company.pass_days(1);
            company.work().await;
        }
        let runs = it.list("/api/v1/system/backups?page_size=50").await;
        assert_eq!(runs.len(), 12, "{runs:#?}");
        let kept: Vec<&Json> = runs.iter().filter(|run| run["state"] == "done").collect();
        // Seven nights; the last ones of the weeks and months are among them.
        assert_eq!(kept.len(), 7, "{kept:#?}");
        for run in &runs {
            let there = Path::new(run["file"].as_str().expect("a file")).exists();
            assert_eq!(there, run["state"] == "done", "{run:#}");
        }
        let tests = it.list("/api/v1/system/restore-tests").await;
        assert_eq!(tests.len(), 1, "{tests:#?}");
        assert_eq!((&tests[0]["passed"], &tests[0]["differences"]), (&json!(true), &json!([])), "{tests:#?}");
        let standing = it.get("/api/v1/system/backup-standing").await;
        assert_eq!(standing["restore_ms"], tests[0]["took_ms"]);
    }

    async fn a_damaged_backup_is_told_and_never_restored(store: TestStore) {
        let company = company(store).await;
        let it = company.member("it").await;
        let run = take(&it).await;
        flip(run["file"].as_str().expect("a file"));
        it.expect(Call::post(format!("/api/v1/system/backups/{}/verify", id(&run)))).await;
        company.work().await;
        let run = &it.list("/api/v1/system/backups").await[0];
        assert_eq!(run["verified"], false);
        assert!(run["problem"]["text"].as_str().is_some_and(|text| text.contains("damaged")), "{run:#}");
        assert_eq!(tasks(&it, "backup.alert").await.len(), 1);
        let refused = it.call(Call::post("/api/v1/system/restore-tests")).await;
        refused.refused(409, "backup.none_verified");
        take(&it).await;
        assert!(tasks(&it, "backup.alert").await.is_empty());
    }

    async fn lost_data_are_restored_beside_reported_and_acknowledged(store: TestStore) {
        let company = company(store).await;
        let admin = company.member("administrator").await;
        let it = company.member("it").await;
        let run = take(&it).await;
        company.pass_minutes(5);
        let north = department(&admin, "store_north").await;
        let preview = it.get(&format!("/api/v1/system/loss-preview?run_id={}", id(&run))).await;
        assert_eq!(preview["changes"].as_i64().map(|n| n > 0), Some(true), "{preview:#}");
        let acts = preview["acts"].as_array().expect("acts");
        assert!(acts.iter().any(|act| act["noun"] == "identity.department" && act["action"] == "create"), "{preview:#}");
        let users = preview["kinds"].as_array().expect("kinds").iter().find(|kind| kind["kind"] == "user");
        assert_eq!(users.map(|kind| (&kind["now"], &kind["then"])), Some((&json!(2), &json!(2))), "{preview:#}");

        let (boss, loss) = reported(&it).await;
        let beside = &loss["restored"];
        assert_eq!(beside["result"]["differences"], json!([]), "{loss:#}");
        assert!(beside["command"].as_str().is_some_and(|command| command.starts_with("brandwright serve --data-dir ")));
        assert!(Path::new(beside["result"]["dir"].as_str().expect("a directory")).join("master.key").exists());
        // On PostgreSQL the wizard made a database for them; who came after the backup is not in it.
        let there = open_beside(&company, beside).await;
        let bosses = "SELECT CAST(COUNT(*) AS BIGINT) FROM identity_user WHERE email = 'boss@daoting.example'";
        for (store, count) in [(&there, 0), (&company.app.store, 1)] {
            assert_eq!(store.get::<i64>(bosses, args![]).await.expect("counts"), count);
        }
        assert_eq!((&loss["report"]["sound"], &loss["superior_name"]), (&json!(true), &json!("boss")), "{loss:#}");
        let path = format!("/api/v1/system/losses/{}", id(&loss));
        assert_eq!(tasks(&boss, "backup.loss_report").await.len(), 1);
        assert_eq!(boss.get(&path).await["what"], "订单表被误删");

        let stranger = hire(&admin, "stranger@daoting.example", Some(&north)).await;
        stranger.call(Call::get(path.clone())).await.refused(404, "access.not_found");
        let acknowledge = || Call::post(format!("{path}/acknowledge")).json(&json!({ "note": "请当日补录" }));
        stranger.call(acknowledge()).await.refused(404, "access.not_found");
        it.call(acknowledge()).await.refused(403, "backup.loss.not_your_report");
        let done = boss.expect(acknowledge()).await;
        assert_eq!((&done["state"], &done["acknowledgement"]), (&json!("acknowledged"), &json!("请当日补录")));
        boss.call(acknowledge()).await.refused(409, "backup.loss.not_reported");
        assert!(tasks(&boss, "backup.loss_report").await.is_empty());

        let log = admin.list("/api/v1/system/audit?noun=backup.loss&page_size=50").await;
        let acts: Vec<&str> = log.iter().rev().filter_map(|entry| entry["action"].as_str()).collect();
        assert_eq!(acts, ["create", "restore", "restored", "report", "acknowledge"], "{log:#?}");
    }
}
