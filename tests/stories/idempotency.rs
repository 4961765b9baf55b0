//! `Idempotency-Key`: what is asked twice, because the answer was lost, happens once.

use serde_json::{Value as Json, json};

use crate::harness::arrange::{id, picture_form};
use crate::harness::{Answer, Call, Company, Member};

const DEPARTMENTS: &str = "/api/v1/identity/departments";

fn new_department(code: &str) -> Json {
    json!({ "code": code, "names": { "zh-Hans": code, "zh-Hant": code, "en": code } })
}

async fn ask(who: &Member<'_>, key: &str, code: &str) -> Answer {
    who.call(Call::post(DEPARTMENTS).header("idempotency-key", key).json(&new_department(code))).await
}

fn is_replayed(answer: &Answer) -> bool {
    answer.headers.get("idempotency-replayed").is_some_and(|value| value == "true")
}

store::on_both! {
    migrations = &server::migrations();

    async fn a_creation_asked_twice_happens_once(store: TestStore) {
        let company = Company::new(store).await;
        let admin = company.member("administrator").await;
        let before = admin.list(DEPARTMENTS).await.len();
        let first = ask(&admin, "key-1", "north").await;
        assert!(first.status.is_success() && !is_replayed(&first), "{}", first.text);
        let second = ask(&admin, "key-1", "north").await;
        assert_eq!((second.status, id(&second.json)), (first.status, id(&first.json)));
        assert_eq!(second.headers.get("etag"), first.headers.get("etag"));
        assert!(is_replayed(&second), "{:?}", second.headers);
        assert_eq!(admin.list(DEPARTMENTS).await.len(), before + 1);
        let entries = admin.list("/api/v1/system/audit?noun=identity.department&action=create&page_size=50").await;
        let made = entries.iter().filter(|entry| entry["noun_id"] == first.json["id"]).count();
        assert_eq!(made, 1, "{entries:#?}");
    }

    async fn a_key_stands_for_one_request_of_one_person(store: TestStore) {
        let company = Company::new(store).await;
        let admin = company.member("administrator").await;
        let other = company.member_as("administrator", "other@daoting.example").await;
        ask(&admin, "key-1", "north").await.done();
        ask(&admin, "key-1", "south").await.refused(409, "idempotency.key_reused");
        let theirs = ask(&other, "key-1", "south").await;
        assert!(!is_replayed(&theirs), "a key belongs to its user");
        theirs.done();
        ask(&admin, "", "east").await.refused(400, "idempotency.key_invalid");
        ask(&admin, &"k".repeat(10_000), "east").await.refused(400, "idempotency.key_invalid");
    }

    async fn what_was_refused_may_be_asked_again_with_its_key(store: TestStore) {
        let company = Company::new(store).await;
        let admin = company.member("administrator").await;
        admin.post(DEPARTMENTS, new_department("north")).await;
        assert!(ask(&admin, "key-1", "north").await.status.is_client_error(), "the code is taken");
        let other = ask(&admin, "key-1", "south").await;
        assert!(!is_replayed(&other));
        other.done();
    }

    async fn a_day_later_a_key_is_free_again(store: TestStore) {
        let company = Company::new(store).await;
        let admin = company.member("administrator").await;
        ask(&admin, "key-1", "north").await.done();
        company.pass_hours(25);
        ask(&admin, "key-1", "south").await.done();
    }

    async fn a_form_with_a_file_takes_no_key(store: TestStore) {
        let company = Company::new(store).await;
        let admin = company.member("administrator").await;
        let form = picture_form(axum::http::Method::POST, "/api/v1/brand/assets", None, 1);
        admin.call(form.header("idempotency-key", "key-1")).await.refused(400, "http.idempotency_json_only");
    }
}
