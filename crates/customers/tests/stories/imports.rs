//! Customers from a file, and back again.

use customers::consent::{self, ConsentState};
use customers::node::{Key, NodeKind};
use customers::profile::{self, ProfileFilter};
use http_kit::App;
use kernel::{Caller, Id, PageQuery};
use std::sync::Arc;
use store::args;
use store::jobs::{Registry, Runner};
use tabular::cli::{Options, Summary};

use crate::support::{MIGRATIONS, Order, app, id_of, key, member, people, store_orders, system};

const FILE: &str = "会员号,姓名,邮箱,手机,城市,同意邮件营销,同意时间,同意文本,同意文本版本
1,林晓,lin@example.invalid,128 0000 0001,杭州,是,2026-03-01,我同意接收优惠信息。,2026-03
2,王敏,wang@example.invalid,,上海,否,2026-03-02,,
3,陈静,no address,,上海,,,,
,,,,上海,,,,
4,周洋,zhou@example.invalid,,苏州,是,2026-03-03,,
5,吴迪,,,苏州,是,2026-03-03,我同意接收优惠信息。,2026-03
1,林晓,lin@example.invalid,,杭州,,,,
";

async fn import(app: &Arc<App>, brand: Id, text: &str) -> Summary {
    let path = app.settings.data_dir.join("customers.csv");
    std::fs::write(&path, text).expect("the test's own directory");
    let options = Options { source: Some("crm".into()), brand_id: Some(brand), ..Options::default() };
    tabular::cli::import(app, &system(), "customers", &path, options, |_| ()).await.expect("imported")
}

async fn names(app: &App) -> Vec<Option<String>> {
    let page = profile::list(app, &system(), &PageQuery::default(), &ProfileFilter::default())
        .await
        .expect("a list");
    let mut names: Vec<Option<String>> = page.items.into_iter().map(|profile| profile.name).collect();
    names.sort();
    names
}

async fn work(app: &Arc<App>) {
    let mut registry = Registry::new();
    (customers::module().jobs)(&mut registry);
    (tabular::module().jobs)(&mut registry);
    Runner::new(app.store.clone(), app.clone(), registry, 1).run_due().await;
}

async fn undo(app: &Arc<App>, import: Id) {
    use tower::ServiceExt;
    let (router, _) = tabular::module().routes.split();
    let version: i64 = app
        .store
        .get("SELECT version FROM tabular_import WHERE id = $1", args![import])
        .await
        .expect("a version");
    let mut request = axum::http::Request::post(format!("/api/v1/tabular/imports/{import}/undo"))
        .header("if-match", format!("\"{version}\""))
        .body(axum::body::Body::empty())
        .expect("a request");
    request.extensions_mut().insert::<Caller>(system());
    let response = router.with_state(app.clone()).oneshot(request).await.expect("infallible");
    assert!(response.status().is_success(), "{}", response.status());
    work(app).await;
}

fn mail() -> Key {
    key(NodeKind::Email, "lin@example.invalid")
}

store::on_both! {
    migrations = MIGRATIONS;

    async fn a_file_brings_people_with_several_identifiers_and_consents(store: TestStore) {
        let app = app(&store).await;
        let brand = Id::new();
        let known = people(&app, &[vec![member(2)]]).await[0];
        let summary = import(&app, brand, FILE).await;
        assert_eq!(summary.to_string(), "read 7 stored 2 rejected 5");
        assert_eq!(summary.present, 1, "the last row says what the first said");
        let rejected: Vec<(i64, String)> = store
            .all("SELECT first_row, code FROM tabular_reject WHERE import_id = $1 ORDER BY first_row", args![summary.import_id])
            .await
            .expect("rejects");
        let codes: Vec<&str> = rejected.iter().map(|(_, code)| code.as_str()).filter(|code| code.starts_with("customers")).collect();
        assert_eq!(
            codes,
            ["customers.import.identifier_missing", "customers.consent.proof_missing", "customers.consent.no_address"]
        );
        let lin = profile::get_by_node(&app, &system(), id_of(&app, &mail())).await.expect("a person");
        assert_eq!(lin.profile.mobile.as_deref(), Some("+8612800000001"));
        assert_eq!((lin.consents.len(), lin.consents[0].state), (1, ConsentState::Granted));
        let wang = profile::get(&app, &system(), known).await.expect("a person");
        assert_eq!((wang.profile.name.as_deref(), wang.consents[0].state), (Some("王敏"), ConsentState::Withdrawn));

        let again = import(&app, brand, FILE).await;
        assert_eq!((again.read, again.stored, again.present), (7, 0, 3));
        work(&app).await;
        let causes: Vec<String> = store.all("SELECT DISTINCT cause FROM tier_run", args![]).await.expect("runs");
        assert!(causes.contains(&"import".to_owned()), "tiers follow an import: {causes:?}");
    }

    async fn an_import_is_taken_back_and_brought_again(store: TestStore) {
        let app = app(&store).await;
        let brand = Id::new();
        people(&app, &[vec![member(2)]]).await;
        let text = "会员号,姓名,邮箱,同意邮件营销,同意时间,同意文本,同意文本版本
1,林晓,lin@example.invalid,是,2026-03-01,我同意。,1
2,王敏,,,,,
3,陈静,,,,,
4,周洋,,,,,
";
        let summary = import(&app, brand, text).await;
        assert_eq!(summary.stored, 4);
        store_orders(&app, &[Order::of(&member(3), store.now(), 100)]).await;
        store.clock.advance_ms(1_000);
        undo(&app, summary.import_id).await;
        let expected: Vec<Option<String>> = vec![Some("王敏".into()), Some("陈静".into())];
        assert_eq!(names(&app).await, expected, "who was known before, or bought since, stays");
        let lin: Id = store
            .get("SELECT profile_id FROM v_customers_profile_node WHERE node_id = $1", args![id_of(&app, &mail())])
            .await
            .expect("the node stays");
        let history = consent::history(&app, &system(), lin, &PageQuery::default()).await.expect("history");
        let states: Vec<ConsentState> = history.items.iter().map(|event| event.state).collect();
        assert_eq!(states, [ConsentState::Withdrawn, ConsentState::Granted], "history is only added to");

        store.clock.advance_ms(1_000);
        let again = import(&app, brand, text).await;
        assert_eq!(again.stored, 2, "those who were taken back");
        assert_eq!(names(&app).await.len(), 4);
    }
}
