//! The product measures itself, tells IT and its users what is wrong, and backs data up before it changes their schema.

use axum::http::Method;
use kernel::HOUR_MS;
use serde_json::{Value as Json, json};
use server::Config;

use crate::harness::arrange::id;
use crate::harness::{Call, Company, Member};

const MINUTES: &str = "/api/v1/system/service-minutes";
const BANNERS: &str = "/api/v1/system/banners";

async fn minute(company: &Company) {
    company.pass_minutes(1);
    server::measure_service(&company.app, "here").await.expect("measures");
}

async fn metric(it: &Member<'_>, id: &str) -> Json {
    it.get(&format!("/api/v1/rulebook/metrics/{id}")).await
}

/// What everybody is told of the uptime; how fast this machine is and how full is no matter of the test.
async fn about_uptime(who: &Member<'_>) -> Option<Json> {
    who.list(BANNERS)
        .await
        .into_iter()
        .find(|banner| banner["text"].as_str().is_some_and(|text| text.contains("Uptime of 30 days")))
}

store::on_both! {
    migrations = &server::migrations();

    async fn every_minute_is_measured_and_an_outage_warns_it_and_everybody(store: TestStore) {
        let company = Company::new(store).await;
        let (it, market) = (company.member("it").await, company.member("market").await);
        for _ in 0..30 {
            minute(&company).await;
        }
        let rows = it.list(&format!("{MINUTES}?page_size=100")).await;
        assert_eq!(rows.len(), 30);
        assert!(rows[0]["disk_free"].as_f64().is_some_and(|free| free > 0.0 && free <= 100.0), "{}", rows[0]);
        assert_eq!((&rows[0]["span_seconds"], &rows[0]["down_seconds"]), (&json!(60), &json!(0)));
        assert_eq!(rows[0]["version"], it.get("/api/v1/system/info").await["version"]);
        assert_eq!(metric(&it, "service.uptime_30d").await["value"], json!(100.0));
        assert!(about_uptime(&market).await.is_none());
        // What is asked is counted: these requests stand in the next minute.
        minute(&company).await;
        let counted = it.list(MINUTES).await.remove(0);
        assert!(counted["requests"].as_i64().is_some_and(|requests| requests >= 4), "{counted}");
        assert!(counted["p95_ms"].is_i64(), "{counted}");

        company.clock.advance_ms(5 * HOUR_MS);
        minute(&company).await;
        let gap = it.list(MINUTES).await.remove(0);
        assert_eq!(gap["down_seconds"], json!(5 * 3_600));
        let uptime = metric(&it, "service.uptime_30d").await;
        assert_eq!(uptime["state"], json!("over"), "{uptime}");
        let warned = it.list("/api/v1/records/warning").await;
        assert!(warned.iter().any(|warning| warning["values"]["metric"] == json!("service.uptime_30d")), "{warned:#?}");
        let told = it.list("/api/v1/rulebook/notifications").await;
        assert!(told.iter().any(|notice| notice["kind"] == json!("alert")), "{told:#?}");
        let risks = it.list("/api/v1/records/candidate_risk").await;
        let uptime = |risk: &&Json| risk["values"]["detector"] == json!("uptime") && risk["values"]["category"] == json!("technical");
        assert_eq!(risks.iter().filter(uptime).count(), 1, "{risks:#?}");
        let banner = about_uptime(&market).await.expect("everybody is told");
        assert_eq!((&banner["kind"], &banner["now"]), (&json!("service"), &json!(true)));
        assert_eq!(market.call(Call::get(MINUTES)).await.status.as_u16(), 403);
    }

    async fn announced_maintenance_is_told_to_everybody_until_it_is_over(store: TestStore) {
        let company = Company::new(store).await;
        let (it, market) = (company.member("it").await, company.member("market").await);
        let at = |hours: i64| json!(company.now().plus_ms(hours * HOUR_MS));
        let windows = "/api/v1/records/maintenance_window";
        let values = json!({ "name": "升级到新版本", "work_kind": "maintenance", "starts_at": at(5), "ends_at": at(7), "impact": "半小时不能登录。" });
        let made = it.post(windows, json!({ "values": values })).await;
        assert!(market.list(BANNERS).await.is_empty(), "planned is not announced");
        let path = format!("{windows}/{}", id(&made));
        let act = async |action: &str, values: Json| {
            let seen = it.get(&path).await;
            it.act(Method::POST, &format!("{path}/actions/{action}"), &seen, json!({ "values": values })).await;
        };
        act("announce", json!({})).await;
        let banner = market.list(BANNERS).await.remove(0);
        assert_eq!((&banner["text"], &banner["now"]), (&json!("Planned maintenance: 升级到新版本. 半小时不能登录。"), &json!(false)));
        act("begin", json!({})).await;
        company.pass_hours(9);
        assert_eq!(market.list(BANNERS).await[0]["now"], json!(true), "it runs until somebody says that it is done");
        act("complete", json!({ "self_test": "passed" })).await;
        assert!(market.list(BANNERS).await.is_empty());
    }
}

/// Data that a former version of the product left: all of its schema but the last step.
async fn former(dir: &std::path::Path) -> (Config, store::Store) {
    let config = Config { data_dir: dir.to_owned(), ..Config::default() };
    let clock = kernel::ManualClock::starting_at(store::testing::START);
    let records = server::open_store(&config, std::sync::Arc::new(clock)).await.expect("it opens");
    let steps: Vec<_> =
        server::migrations().into_iter().filter(|step| step.id != "server/0003_service").collect();
    records.migrate(&steps).await.expect("a former schema");
    (config, records)
}

fn backups(config: &Config) -> Vec<std::path::PathBuf> {
    let Ok(folder) = std::fs::read_dir(config.data_dir.join("backups")) else { return Vec::new() };
    folder.map(|entry| entry.expect("a file").path()).collect()
}

#[tokio::test]
async fn data_are_backed_up_before_their_schema_changes() {
    let dir = tempfile::tempdir().expect("a directory");
    let (config, records) = former(dir.path()).await;
    drop(server::build(&config, records).await.expect("it is upgraded"));
    let taken = backups(&config);
    assert_eq!(taken.len(), 1, "{taken:?}");
    let key = backup::archive::key::BackupKey::read(&config.data_dir.join("backup.key")).expect("its key");
    let held = backup::archive::read::verify(&taken[0], &key).await.expect("it is whole");
    assert!(
        held.head.migrations.iter().all(|(id, _)| id != "server/0003_service"),
        "it shows the data as they were"
    );
    // Up to date, nothing is taken again; neither is of a new installation.
    let clock = std::sync::Arc::new(kernel::SystemClock);
    let again = server::open_store(&config, clock.clone()).await.expect("it opens");
    drop(server::build(&config, again).await.expect("it starts"));
    assert_eq!(backups(&config).len(), 1);
    let new = Config { data_dir: dir.path().join("new"), ..Config::default() };
    let records = server::open_store(&new, clock).await.expect("it opens");
    drop(server::build(&new, records).await.expect("it starts"));
    assert!(backups(&new).is_empty());
}

#[tokio::test]
async fn an_upgrade_that_fails_leaves_the_schema_and_says_how_the_data_come_back() {
    let dir = tempfile::tempdir().expect("a directory");
    let (config, records) = former(dir.path()).await;
    // Something in the way of the step: a table of its name.
    let blocked =
        store::Migration { id: "test/0001_blocked", sql: "CREATE TABLE system_version (version TEXT)" };
    let steps: Vec<_> =
        server::migrations().into_iter().filter(|step| step.id != "server/0003_service").collect();
    let steps: Vec<_> = steps.into_iter().chain([blocked]).collect();
    records.migrate(&steps).await.expect("something in the way");
    let mut tx = records.begin_observation(store::Observation::Upkeep).await.expect("begins");
    tx.exec("DELETE FROM schema_migration WHERE id = 'test/0001_blocked'", store::args![])
        .await
        .expect("forgets it");
    tx.commit().await.expect("commits");
    let failed = server::build(&config, records.clone()).await.err().expect("it cannot be upgraded");
    assert_eq!(failed.code, "server.upgrade_failed");
    let file = backups(&config).remove(0);
    assert_eq!(failed.args["file"], json!(file.display().to_string()));
    assert!(
        failed.args["reason"].as_str().is_some_and(|reason| reason.contains("system_version")),
        "{failed}"
    );
    let missing = records.missing_migrations(&server::migrations()).await.expect("it answers");
    assert_eq!(missing, ["server/0003_service"], "nothing of it is left");
}
