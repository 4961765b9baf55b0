use e2e::{Kind, Product};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_declared_statement_prepares_on_both_databases() {
    let count = store::testing::assert_statements_prepare(&server::migrations()).await;
    assert!(count > 100, "only {count} statements were found: the registry is not linked in");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_installation_answers_and_refuses_strangers() {
    let product = Product::empty(Kind::Sqlite).await;
    let stranger = product.stranger();
    assert_eq!(stranger.get("/healthz").await.status, 200);
    assert_eq!(stranger.get("/readyz").await.status, 200);
    assert_eq!(stranger.get("/api/v1/no/such").await.refused(404), "http.no_such_page");
    let document = stranger.get("/api/openapi.json").await.ok();
    assert_eq!(document["info"]["title"], "Brandwright");
    let chinese = stranger.speaking("zh-CN").get("/api/v1/identity/users").await;
    assert_eq!(chinese.status, 401);
    assert!(chinese.json()["detail"].as_str().is_some_and(|d| d.contains("登录")), "{}", chinese.text);
}
