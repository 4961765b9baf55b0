use std::collections::{BTreeMap, BTreeSet};

use kernel::Id;
use serde_json::{Map, json};

use super::operation::{Access, Operation, Words};
use crate::harness::{Call, Company, Member};

/// Fills the places of a path with ids of nothing.
pub fn nowhere(operation: &Operation) -> String {
    let parts = operation.path.split('/').map(|part| match part.strip_prefix('{') {
        Some("number}") => "1".to_owned(),
        Some(_) => Id::new().to_string(),
        None => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("/")
}

/// Returns what stands in made-up bodies.
pub fn words(company: &Company) -> Words<'_> {
    Words { document: &company.document, known: Map::new(), now: company.now() }
}

/// Collects the links of a document that lead nowhere.
fn dangling(document: &serde_json::Value, part: &serde_json::Value, found: &mut BTreeSet<String>) {
    match part {
        serde_json::Value::Object(fields) => {
            let link =
                fields.get("$ref").and_then(|link| link.as_str()).and_then(|link| link.strip_prefix('#'));
            found.extend(link.filter(|link| document.pointer(link).is_none()).map(str::to_owned));
            fields.values().for_each(|part| dangling(document, part, found));
        }
        serde_json::Value::Array(parts) => parts.iter().for_each(|part| dangling(document, part, found)),
        _ => {}
    }
}

#[tokio::test]
async fn every_schema_that_the_document_names_is_in_it() {
    let store = store::testing::TestStore::sqlite_with(&server::migrations()).await;
    let company = Company::new(store).await;
    let mut found = BTreeSet::new();
    dangling(&company.document, &company.document, &mut found);
    assert!(found.is_empty(), "{found:?}");
}

store::on_both! {
    migrations = &server::migrations();

    async fn anonymous_callers_are_refused_wherever_the_document_does_not_say_public(store: TestStore) {
        let company = Company::new(store).await;
        let (mut open, mut closed) = (BTreeSet::new(), 0);
        for operation in Operation::all(&company.document) {
            let answer = company.anonymous(operation.call(nowhere(&operation), 1, &words(&company))).await;
            let asked_to_sign_in = (answer.status.as_u16(), answer.code()) == (401, "access.sign_in_first");
            assert_eq!(asked_to_sign_in, operation.access != Access::Public, "{}: {}", operation.id, answer.text);
            assert!(!answer.status.is_server_error(), "{}: {}", operation.id, answer.text);
            match operation.access {
                Access::Public => drop(open.insert(operation.id)),
                _ => closed += 1,
            }
        }
        // Each of them says in the document why it is open; one more is looked at twice.
        let known = [
            "activate_account",
            "confirm_password_reset",
            "drop_into_intake",
            "get_screen_lock",
            "list_sample_users",
            "make_first_admin",
            "read_calendar_feed",
            "report_not_me",
            "request_password_reset",
            "show_approval_link",
            "sign_in",
            "sign_in_sample",
            "unlock_screen",
            "use_approval_link",
        ];
        assert_eq!(open.into_iter().collect::<Vec<_>>(), known);
        assert!(closed > 200, "{closed}");
    }

    async fn whoever_holds_everything_but_the_permission_is_refused(store: TestStore) {
        let company = Company::new(store).await;
        company.member("administrator").await;
        let admin = company.sign_in("administrator@daoting.example").await;
        let all: Vec<String> = company.app.permissions.all().iter().map(|p| p.code.to_owned()).collect();
        let mut asked: BTreeMap<String, Vec<Operation>> = BTreeMap::new();
        for operation in Operation::all(&company.document) {
            if let Access::Needs { permission, .. } = operation.access.clone() {
                asked.entry(permission).or_default().push(operation);
            }
        }
        for (permission, operations) in asked {
            // A token narrows its owner, who holds everything.
            let scopes: Vec<&String> = all.iter().filter(|code| **code != permission).collect();
            assert_eq!(scopes.len() + 1, all.len(), "{permission} is no permission");
            let new = json!({ "name": permission, "scopes": scopes, "days": 1 });
            let made = admin.post("/api/v1/identity/tokens", new).await;
            let token = made["secret"].as_str().expect("a secret").to_owned();
            let caller = Member::by_token(&company, admin.id, token);
            for operation in operations {
                let answer = caller.call(operation.call(nowhere(&operation), 1, &words(&company))).await;
                answer.refused(403, "access.missing_permission");
                assert_eq!(answer.json["args"]["permission"], json!(permission), "{}", operation.id);
            }
            caller.company.anonymous(Call::get("/healthz")).await.done();
            let path = format!("/api/v1/identity/tokens/{}", made["token"]["id"].as_str().expect("an id"));
            admin.expect(Call::new(axum::http::Method::DELETE, path)).await;
        }
    }

    async fn somebody_without_any_role_reaches_only_what_is_their_own(store: TestStore) {
        crate::refusals::scopes::newcomer(store).await;
    }
}
