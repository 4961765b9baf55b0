use std::collections::{BTreeMap, BTreeSet};

use axum::http::Method;
use serde_json::{Value as Json, json};

use super::operation::{Access, Operation};
use super::places::{PERSONAL, furnish};
use super::scopes::ask_as;
use crate::harness::people::{give, hire};
use crate::harness::{Answer, Company};

/// Operations that answer with labelled fields and are not proven to mask them here, and why.
const ELSEWHERE: [(&str, &str); 24] = [
    (
        "name_persona",
        "it shows the same row as get_persona_set; too few people make no groups that could be named",
    ),
    ("verify_subject_request", SAME_REQUEST),
    ("refuse_subject_request", SAME_REQUEST),
    ("extend_subject_request", SAME_REQUEST),
    ("compile_subject_request", SAME_REQUEST),
    ("correct_subject_request", SAME_REQUEST),
    ("object_subject_request", SAME_REQUEST),
    ("restrict_subject_request", SAME_REQUEST),
    ("erase_subject_request", SAME_REQUEST),
    ("check_subject_request", SAME_REQUEST),
    ("accept_subject_request", SAME_REQUEST),
    (
        "confirm_worklist_item",
        "ignore_worklist_item shows the same row; only what is out of date can be confirmed",
    ),
    ("keep_match_apart", "merge_match shows the same row, and one pair is decided once"),
    (
        "replay_quarantined_event",
        "dismiss_quarantined_event shows the same row, and one event is decided once",
    ),
    ("list_product_versions", "a version is kept without its price; prices have their own history"),
    ("update_user", "nobody changes somebody with a higher clearance: identity.user.above_you"),
    ("enable_user", "nobody opens the account of somebody with a higher clearance"),
    ("disable_user", "nobody closes the account of somebody with a higher clearance"),
    ("create_product", "a product has no price yet when it is made"),
    ("reject_account_request", "approve_account_request shows the same row, and one request is decided once"),
    ("withdraw_account_request", "only whoever asked finds it; approve_account_request shows the same row"),
    ("withdraw_deletion_request", "only whoever asked finds it"),
    (
        "unmask_profile",
        "shows them on purpose: it has its own permission and writes the reason into the audit log",
    ),
    (
        "settle_send",
        "a mail drop never leaves a message of unknown fate; the same row is masked in list_sends",
    ),
];

/// Why what is done with somebody's request is not tried.
const SAME_REQUEST: &str = "get_subject_request shows the same row, and each request takes one way";

/// Highest version of a row that is tried.
const VERSION_MAX: i64 = 12;

/// What changes things comes after what shows them, and what takes things away comes last.
fn turn(operation: &Operation) -> usize {
    let order = [Method::GET, Method::PATCH, Method::PUT, Method::POST, Method::DELETE];
    let late = ["disable", "archive", "undo", "cancel", "withdraw", "reject", "lift", "revoke"];
    let is_late = late.iter().any(|word| operation.id.starts_with(word));
    order.iter().position(|method| *method == operation.method).unwrap_or(order.len())
        + if is_late { order.len() } else { 0 }
}

/// Follows a path of fields, counts where the last one is hidden, and notes where it shows.
fn hidden(row: &Json, path: &[String], place: &str, wrong: &mut Vec<String>) -> usize {
    match path {
        [field] => {
            if !row[field].is_null() {
                wrong.push(format!("{place} shows {field}: {:.300}", row.to_string()));
            }
            let masked = row["masked"].as_array();
            usize::from(masked.is_some_and(|names| names.iter().any(|name| name == field)))
        }
        // A list whose values may not be seen is hidden as a whole.
        [field, each] if field != "[]" && each == "[]" => {
            hidden(row, std::slice::from_ref(field), place, wrong)
        }
        [list, rest @ ..] if list == "[]" => {
            row.as_array().into_iter().flatten().map(|row| hidden(row, rest, place, wrong)).sum()
        }
        [field, rest @ ..] => hidden(&row[field], rest, place, wrong),
        [] => 0,
    }
}

fn shows_personal(answer: &Answer) -> Option<&'static str> {
    PERSONAL.into_iter().find(|value| answer.text.contains(value))
}

store::on_both! {
    migrations = &server::migrations();

    async fn fields_above_the_clearance_leave_by_no_exit(store: TestStore) {
        let company = Company::new(store).await;
        let (shop, places) = furnish(&company).await;
        let new = json!({
            "code": "may_all_sees_little", "names": { "zh-Hans": "不看客户", "zh-Hant": "不看客戶", "en": "Sees little" },
            "clearance": "internal", "permissions": ["*"],
        });
        shop.admin.post("/api/v1/identity/roles", new).await;
        let caller = hire(&shop.admin, "sees.little@daoting.example", None).await;
        give(&shop.admin, &caller, "may_all_sees_little", "company", None).await;
        let elsewhere: BTreeMap<&str, &str> = ELSEWHERE.into();
        let mut operations = Operation::all(&company.document);
        operations.sort_by_key(turn);
        let (mut proven, mut wrong) = (BTreeSet::new(), Vec::new());
        for operation in &operations {
            let id = operation.id.as_str();
            if operation.access == Access::Public || elsewhere.contains_key(id) {
                continue;
            }
            let mut answer = ask_as(&caller, operation, &places, 1).await;
            for version in 2..=VERSION_MAX {
                if answer.status.as_u16() == 412 {
                    answer = ask_as(&caller, operation, &places, version).await;
                }
            }
            let scoped = matches!(operation.access, Access::Needs { scoped: true, .. });
            if scoped && answer.status.as_u16() == 404 {
                wrong.push(format!("{id} finds nothing: {}", answer.text));
            }
            if let (true, Some(value)) = (answer.status.is_success(), shows_personal(&answer)) {
                let at = answer.text.find(value).expect("it was found");
                let around: String = answer.text[..at].chars().rev().take(80).collect::<Vec<_>>().into_iter().rev().collect();
                wrong.push(format!("{id} shows {value} after {around}"));
            }
            let paths = operation.labelled(&company.document);
            let seen: usize = match answer.status.is_success() {
                true => paths.iter().map(|path| hidden(&answer.json, path, id, &mut wrong)).sum(),
                false => 0,
            };
            if seen > 0 {
                proven.insert(id.to_owned());
            } else if !paths.is_empty() {
                wrong.push(format!("{id} hid nothing of {paths:?}: {} {:.300}", answer.status, answer.text));
            }
        }
        assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
        let labelled = operations.iter().filter(|o| !o.labelled(&company.document).is_empty());
        let missing: Vec<&str> = labelled.map(|o| o.id.as_str()).filter(|id| !proven.contains(*id) && !elsewhere.contains_key(id)).collect();
        assert!(missing.is_empty() && proven.len() > 20, "{} proven, not {missing:?}", proven.len());
    }
}
