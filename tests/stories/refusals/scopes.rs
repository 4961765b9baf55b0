use std::collections::{BTreeMap, BTreeSet};

use axum::http::{Method, StatusCode};
use serde_json::{Value as Json, json};
use store::testing::TestStore;

use super::operation::{Access, Operation, Words};
use super::places::{Places, furnish};
use crate::harness::arrange::new_brand;
use crate::harness::people::{department, give, hire};
use crate::harness::{Answer, Call, Company, Member};

/// Operations whose grant can be narrowed although they show no rows of anybody, and why that is so.
const WITHOUT_ROWS: [(&str, &str); 4] = [
    ("list_content_variables", "names the variables that every mail may use"),
    ("get_word_pack", "shows the law's word list, the same for every brand"),
    ("list_import_targets", "names the fields of files that can be imported"),
    ("list_mappings", "mappings belong to the company; a row names columns and nobody's data"),
];

/// Bodies that say what a schema alone does not.
fn body(id: &str, places: &Places) -> Option<Json> {
    let words = places.words();
    let of = |name: &str| words[name].clone();
    let everybody = json!({ "type": "known_since", "within_days": 3650 });
    Some(match id {
        "create_brand" => json!({
            "key": "made-up", "names": { "zh-Hans": "外人" }, "sender_names": { "zh-Hans": "外人" },
            "sender_address": "hello@made-up.example",
        }),
        "ask_events" => {
            json!({ "questions": [{ "type": "per_person", "test": { "count": { "at_least": 1 } }, "nodes": 10 }] })
        }
        "create_campaign" => json!({ "campaign": { "brand_id": of("brand_id"), "name": "外人" } }),
        "create_segment" => json!({ "name": "外人", "brand_id": of("brand_id"), "definition": everybody }),
        "preview_segment" | "sample_segment" | "explain_condition" => json!({ "definition": everybody }),
        "preview_deletion" => {
            json!({ "kind": "identity.user.disable_many", "target": { "user_ids": [user(places)] } })
        }
        "create_deletion_request" => json!({
            "kind": "identity.user.disable_many", "target": { "user_ids": [user(places)] }, "reason": "外人",
        }),
        "create_grant" => {
            json!({ "role_id": of("role_id"), "scope": "department", "department_id": of("department_id") })
        }
        "create_account_request" => json!({
            "name": "made_up", "email": "made.up@daoting.example", "department_id": of("department_id"),
            "role_id": of("role_id"), "scope": "department", "scope_department_id": of("department_id"),
            "reason": "外人",
        }),
        "set_segment_hooks" => json!({ "hooks": [] }),
        "create_subject_request" => json!({
            "kind": "access", "regime": "pipl", "contact": "lin@customer.invalid", "channel": "email",
        }),
        "create_decoy" => {
            json!({ "label": "外人", "name": "林晓", "email": "made.up.decoy@customer.invalid" })
        }
        "create_decoy_hit" => {
            json!({ "decoy_id": of_row(places, "decoys"), "channel": "email", "note": "林晓" })
        }
        "create_insight" => json!({
            "title": "外人", "finding": "外人", "kind": "other", "evidence": { "type": "observation" },
            "brand_id": of("brand_id"),
        }),
        "create_insight_of_need" | "create_insight_of_basket" => json!({ "brand_id": of("brand_id") }),
        "write_insight_report" => json!({ "month": "2024-01" }),
        "answer_insight_report" => {
            json!({ "department_id": of("department_id"), "answer": "used", "note": "外人" })
        }
        "create_persona_set" => json!({ "name": "外人", "features": ["total"], "brand_id": of("brand_id") }),
        "merge_profile" => json!({ "with": of("other_profile_id"), "reason": "本人到店确认" }),
        "create_order" => json!({
            "source": "till", "number": "N-2", "brand_id": of("brand_id"),
            "lines": [{ "sku": "SOUP-1", "quantity_milli": 1000, "unit_price_micro": 1_000_000 }],
        }),
        _ => return None,
    })
}

fn of_row(places: &Places, noun: &str) -> String {
    places.fill(&format!("/api/v1/x/{noun}/{{id}}")).rsplit('/').next().unwrap_or_default().to_owned()
}

fn user(places: &Places) -> String {
    places.fill("/api/v1/identity/users/{id}").rsplit('/').next().expect("an id").to_owned()
}

/// Makes the request of an operation to the row that the company has.
pub async fn ask(caller: &Member<'_>, operation: &Operation, places: &Places) -> Answer {
    ask_as(caller, operation, places, 1).await
}

/// The same, having seen this version of it.
pub async fn ask_as(caller: &Member<'_>, operation: &Operation, places: &Places, version: i64) -> Answer {
    let company = caller.company;
    let words = Words { document: &company.document, known: places.words(), now: company.now() };
    let path = places.fill(&operation.path);
    let call = match operation.id.as_str() {
        "create_import" => {
            let brand = places.words()["brand_id"].clone();
            let path = format!("{path}?noun=customers&brand_id={}", brand.as_str().expect("an id"));
            Call::post(path).bytes("application/octet-stream", "会员号\n9\n")
        }
        "create_asset" => {
            let brand = places.words()["brand_id"].clone();
            let asset = json!({ "brand_id": brand, "key": "made-up", "title": "外人" });
            crate::harness::arrange::picture_form(Method::POST, &path, Some(&asset), 2)
        }
        "replace_asset_file" => crate::harness::arrange::picture_form(Method::PUT, &path, None, 2)
            .header("if-match", format!("\"{version}\"")),
        id => {
            let mut call = operation.call(path, version, &words);
            if let Some(body) = body(id, places) {
                call.body = body.to_string().into_bytes();
            }
            call
        }
    };
    caller.call(call).await
}

/// Returns true where an answer shows no row and did nothing.
fn shows_nothing(answer: &Answer, places: &Places) -> bool {
    match answer.status {
        StatusCode::NOT_FOUND => answer.code() == "access.not_found",
        StatusCode::FORBIDDEN => answer.code() == "access.outside_scope",
        // What belongs to the caller's own place may be there.
        StatusCode::OK if !answer.items().is_empty() => !places.named_in(&answer.text),
        StatusCode::OK => is_empty(answer),
        _ => false,
    }
}

/// Empty lists, files with a heading only, reports that count nothing.
fn is_empty(answer: &Answer) -> bool {
    if answer.json.is_null() {
        // A file with confidential columns says so below its heading, without any row.
        let marks = |line: &&str| line.starts_with("Confidential.");
        return answer.text.trim().lines().filter(|line| !marks(line)).count() <= 1;
    }
    let lists = ["items", "rows"].iter().filter_map(|key| answer.json[*key].as_array()).all(Vec::is_empty);
    let counts = ["count", "order_count", "customer_count", "total_minor"];
    lists && counts.iter().all(|key| answer.json[*key].as_i64().unwrap_or(0) == 0)
}

store::on_both! {
    migrations = &server::migrations();

    async fn a_permission_that_holds_elsewhere_reaches_nothing_here(store: TestStore) {
        let company = Company::new(store).await;
        let (shop, places) = furnish(&company).await;
        let other_brand = new_brand(&shop.brand, "ruohe").await;
        let other_department = department(&shop.admin, "store_south").await;
        let by_brand = hire(&shop.admin, "by.brand@daoting.example", None).await;
        give(&shop.admin, &by_brand, "administrator", "brand", Some(&other_brand)).await;
        let by_department = hire(&shop.admin, "by.department@daoting.example", Some(&other_department)).await;
        give(&shop.admin, &by_department, "administrator", "department", Some(&other_department)).await;
        let exceptions: BTreeMap<&str, &str> = WITHOUT_ROWS.into();
        let (mut proven, mut wrong) = (BTreeSet::new(), Vec::new());
        let scoped: Vec<Operation> = Operation::all(&company.document)
            .into_iter()
            .filter(|operation| matches!(operation.access, Access::Needs { scoped: true, .. }))
            .collect();
        for operation in &scoped {
            if exceptions.contains_key(operation.id.as_str()) {
                continue;
            }
            places.require(&operation.path);
            for caller in [&by_brand, &by_department] {
                let answer = ask(caller, operation, &places).await;
                if !shows_nothing(&answer, &places) {
                    let text: String = answer.text.chars().take(300).collect();
                    wrong.push(format!("{}: {} {text}", operation.id, answer.status));
                }
            }
            proven.insert(operation.id.clone());
        }
        assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), scoped.len(), wrong.join("\n"));
        let missing: Vec<&str> = scoped.iter().map(|o| o.id.as_str()).filter(|id| !proven.contains(*id) && !exceptions.contains_key(id)).collect();
        assert!(missing.is_empty(), "{missing:?}");
        assert!(exceptions.keys().all(|id| scoped.iter().any(|operation| operation.id == *id)), "an exception is gone");
    }
}

/// Operations for whoever is signed in that show what is the company's, not somebody's.
const FOR_EVERYBODY: [(&str, &str); 11] = [
    ("list_colleagues", "who works here is known to all by name, so that they can be chosen in forms"),
    ("list_deputies", "colleagues who can stand in are known to all by name"),
    ("list_departments", "the organisation is known to all of its people"),
    ("get_department", "the organisation is known to all of its people"),
    ("list_positions", "the organisation is known to all of its people"),
    ("list_permissions", "names what can be asked for"),
    ("get_machine", "shows a process, not a row in it"),
    ("list_machines", "shows processes, not rows in them"),
    ("get_confidential_areas", "says where a registered device is needed"),
    ("get_session", "shows the caller"),
    ("count_tasks", "counts the caller's own tasks"),
];

/// Operations on the caller's own account: nothing in them names a row of somebody else.
const OWN_ACCOUNT: [&str; 19] = [
    "show_secrecy_reminder",
    "lock_screen",
    "get_calendar_feed",
    "create_calendar_feed",
    "end_calendar_feed",
    "create_delegation",
    "upload_record_file",
    "update_me",
    "change_my_password",
    "confirm_totp",
    "set_up_totp",
    "disable_totp",
    "sign_out",
    "list_sessions",
    "end_all_sessions",
    "list_tokens",
    "create_token",
    "list_devices",
    "create_device",
];

/// Somebody signed in without any role sees no row of somebody else.
pub async fn newcomer(store: TestStore) {
    let company = Company::new(store).await;
    let (shop, places) = furnish(&company).await;
    let newcomer = hire(&shop.admin, "newcomer@daoting.example", None).await;
    let everybody: BTreeMap<&str, &str> = FOR_EVERYBODY.into();
    let mut wrong = Vec::new();
    for operation in Operation::all(&company.document) {
        let id = operation.id.as_str();
        if operation.access != Access::SignedIn || everybody.contains_key(id) || OWN_ACCOUNT.contains(&id) {
            continue;
        }
        let answer = ask(&newcomer, &operation, &places).await;
        let refused = answer.code() == "access.missing_permission";
        if !refused && !shows_nothing(&answer, &places) {
            let text: String = answer.text.chars().take(300).collect();
            wrong.push(format!("{id}: {} {text}", answer.status));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
