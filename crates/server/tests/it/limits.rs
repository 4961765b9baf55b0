//! Nonsense is refused in words, and does no harm.

use axum::body::Body;
use serde_json::json;

use crate::common::product;

const DEPARTMENTS: &str = "/api/v1/identity/departments";
const ORDERS: &str = "/api/v1/sales/orders";

store::on_both! {
    migrations = &server::migrations();

    async fn bodies_are_bounded_in_size_and_depth(store: TestStore) {
        let product = product(&store).await;
        let large = format!(r#"{{"name":"{}"}}"#, "x".repeat(9 << 20));
        product.post(DEPARTMENTS, large).await.refused(413, "http.body_too_large");
        product.post(DEPARTMENTS, "[".repeat(100_000)).await.refused(400, "http.value.type_text");
        // A value of any kind is read to the depth that is possible.
        let parameter = "/api/v1/rulebook/parameters/content.review.due_hours";
        let request = product.request("PUT", parameter).header("content-type", "application/json");
        let deep = format!(r#"{{"value":{}"#, "[".repeat(100_000));
        product.answer(request.header("if-match", "\"1\""), deep).await.refused(400, "http.json_too_deep");
        let all = |inner: String| format!(r#"{{"kind":"all","conditions":[{inner}]}}"#);
        let nested = (0..100_000).fold(String::new(), |inner, _| if inner.len() > 400_000 { inner } else { all(inner) });
        let refused = product.post("/api/v1/customers/segments/preview", format!(r#"{{"definition":{nested}}}"#)).await;
        assert_eq!(refused.status, 400, "{refused:?}");
        assert_eq!(product.get("/healthz").await.status, 200);
    }

    async fn what_is_no_text_is_refused_before_a_database_sees_it(store: TestStore) {
        let product = product(&store).await;
        product.post(DEPARTMENTS, r#"{"names":{"en":"a\u0000b"}}"#).await.refused(400, "http.text_has_nul");
        product.post(DEPARTMENTS, &b"{\"names\":\"\xff\xfe\"}"[..]).await.refused(400, "http.not_utf8");
        product.get(&format!("{ORDERS}?number=%00")).await.refused(400, "http.text_has_nul");
        product.get(&format!("{ORDERS}?number=%ff%fe")).await.refused(400, "http.not_utf8");
        product.get("/api/v1/rulebook/parameters/a%00b").await.refused(404, "access.not_found");
        product.get("/api/v1/rulebook/parameters/%ff").await.refused(404, "access.not_found");
        product.get(&format!("{ORDERS}/no-id")).await.refused(404, "access.not_found");
    }

    async fn lists_are_bounded(store: TestStore) {
        let product = product(&store).await;
        for size in ["0", "201", "4294967295"] {
            product.get(&format!("{ORDERS}?page_size={size}")).await.refused(400, "page.size_out_of_range");
        }
        for size in ["-1", "many", "99999999999999999999", ""] {
            let refused = product.get(&format!("{ORDERS}?page_size={size}")).await;
            refused.refused(400, "http.value.type_integer");
            assert!(refused.body["detail"].as_str().is_some_and(|text| text.contains("page_size")), "{refused:?}");
        }
        // A cursor of another list, one that was never ours, and one of odd values.
        for cursor in ["!!!", "WzFd", "eyJhIjoxfQ", "WyJ4IiwieSJd", "bnVsbA"] {
            product.get(&format!("{ORDERS}?cursor={cursor}")).await.refused(400, "page.cursor_invalid");
        }
        product.get(&format!("{ORDERS}?number={}", "9".repeat(9_000))).await.refused(414, "http.address_too_long");
    }

    async fn versions_must_be_named_and_right(store: TestStore) {
        let product = product(&store).await;
        let new = json!({ "names": { "zh-Hans": "仓储部", "zh-Hant": "倉儲部", "en": "Warehouse" }, "code": "warehouse" });
        let made = product.post(DEPARTMENTS, new.to_string()).await;
        assert_eq!(made.status, 201, "{made:?}");
        let change = json!({ "names": new["names"] }).to_string();
        let path = format!("{DEPARTMENTS}/{}", made.body["id"].as_str().expect("an id"));
        let put = |version: Option<&str>| {
            let request = product.request("PUT", &path).header("content-type", "application/json");
            let request = match version {
                Some(version) => request.header("if-match", version),
                None => request,
            };
            product.answer(request, change.clone())
        };
        put(None).await.refused(428, "http.if_match_missing");
        for odd in ["*", "W/\"1\"", "\"x\"", "\"1\", \"2\"", "\"99999999999999999999\""] {
            put(Some(odd)).await.refused(400, "http.if_match_invalid");
        }
        put(Some("\"7\"")).await.refused(412, "store.changed_meanwhile");
        assert_eq!(put(Some("\"1\"")).await.status, 200);
    }
}

#[tokio::test]
async fn each_refusal_speaks_the_callers_language() {
    let store = store::testing::TestStore::sqlite_with(&server::migrations()).await;
    let product = product(&store).await;
    for (asked, spoken, word) in [
        ("zh-Hans", "zh-Hans", "请以 JSON 提交"),
        ("zh-TW,en;q=0.5", "zh-Hant", "請以 JSON 提交"),
        ("en-GB", "en", "Send JSON"),
        ("fr", "zh-Hans", "请以 JSON 提交"),
    ] {
        let request = product.request("POST", DEPARTMENTS).header("content-type", "text/plain");
        let mut request = request;
        request.headers_mut().expect("sound").insert("accept-language", asked.parse().expect("ASCII"));
        let refused = product.answer(request, "names=x").await;
        refused.refused(415, "http.json_expected");
        assert_eq!(refused.headers["content-language"], spoken);
        assert!(refused.body["detail"].as_str().is_some_and(|text| text.starts_with(word)), "{refused:?}");
    }
}

#[tokio::test]
async fn addresses_and_methods_that_are_not_there_are_refused_in_words() {
    let store = store::testing::TestStore::sqlite_with(&server::migrations()).await;
    let product = product(&store).await;
    product.get("/api/v1/nothing").await.refused(404, "http.no_such_page");
    product.get("/api/../etc/passwd").await.refused(404, "http.no_such_page");
    let wrong = product.answer(product.request("DELETE", ORDERS), Body::empty()).await;
    wrong.refused(405, "http.method_not_allowed");
    assert!(wrong.headers["allow"].to_str().is_ok_and(|allow| allow.contains("GET")), "{wrong:?}");
    product
        .answer(product.request("POST", "/login"), Body::empty())
        .await
        .refused(405, "http.method_not_allowed");
}
