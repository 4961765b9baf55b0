//! What scripts rely on: lines, exit codes, JSON.

use serde_json::Value as Json;

use crate::common::{Place, plain, ran, ran_with};

const ORDERS: &str = "Order number,Date,Product number,Quantity,Unit price\nA-1,2026-07-01,P1,2,3.50\nA-1,2026-07-01,P2,1,9.00\nA-2,2026-07-02,P1,x,3.50\n";

#[test]
fn an_import_accounts_for_every_row_and_a_second_one_stores_none() {
    let place = Place::new();
    let file = place.write("orders.csv", ORDERS);
    let file = file.to_str().expect("UTF-8");
    let first = place.run(&["import", "orders", file]).good();
    assert_eq!(first.out, "read 3 stored 2 rejected 1\n", "{first:?}");
    let second = place.run(&["import", "orders", file]).good();
    assert_eq!(second.out, "read 3 stored 0 rejected 3\n", "{second:?}");
    assert!(second.err.contains("already"), "{second:?}");
    let third = place.run(&["import", "orders", file, "--json"]).good().json();
    assert_eq!(
        (&third["read"], &third["stored"], &third["rejected"], &third["present"]),
        (&3.into(), &0.into(), &3.into(), &2.into())
    );
    assert!(third["import_id"].is_string() && third["notes"].is_array(), "{third}");
}

#[test]
fn customers_and_products_are_imported_too() {
    let place = Place::new();
    let members = place.write("members.csv", "Member number,Name,City\n1,Ann,Suzhou\n2,Bo,Wuxi\n");
    let out = place.run(&["import", "customers", members.to_str().expect("UTF-8")]).good().out;
    assert_eq!(out, "read 2 stored 2 rejected 0\n");
    let products = place.write("products.csv", "SKU,Name,Price\nP1,Tea,3.50\n");
    let out = place.run(&["import", "products", products.to_str().expect("UTF-8")]).good().out;
    assert_eq!(out, "read 1 stored 1 rejected 0\n");
}

#[test]
fn a_file_that_cannot_be_read_at_all_exits_2_and_says_why() {
    let place = Place::new();
    let picture = place.write("picture.csv", b"\x89PNG\r\n\x1a\n0000");
    let empty = place.write("empty.csv", "");
    for (file, words) in [
        ("/nowhere/orders.csv", "/nowhere/orders.csv"),
        (picture.to_str().expect("UTF-8"), "PNG"),
        (empty.to_str().expect("UTF-8"), "empty"),
    ] {
        place.run(&["import", "orders", file]).refused(2, &[words]);
    }
    place.run(&["import", "nothings", "x.csv"]).refused(2, &["orders", "customers", "products"]);
}

#[test]
fn a_user_and_a_token_are_made_and_mistakes_exit_2() {
    let place = Place::new();
    let make = |email: &str, role: &str| {
        place.command(&["user", "create", "--email", email, "--role", role, "--password-stdin"])
    };
    let id = ran_with(make("ann@example.com", "administrator"), "harvest-Lantern-92-quiet\n").good().out;
    assert_eq!(id.trim().len(), 36, "an id and nothing else: {id:?}");
    ran_with(make("ann@example.com", "administrator"), "harvest-Lantern-92-quiet\n").refused(2, &["address"]);
    ran_with(make("bo@example.com", "king"), "harvest-Lantern-92-quiet\n").refused(2, &["king"]);
    ran_with(make("bo@example.com", "brand"), "short\n").refused(2, &["password"]);
    let token = place.run(&["token", "create", "--user", "ann@example.com"]).good().out;
    assert_eq!(token.lines().count(), 1, "a token and nothing else");
    let made =
        place.run(&["token", "create", "--user", "ann@example.com", "--days", "7", "--json"]).good().json();
    assert!(made["token"].as_str().is_some_and(|token| token.len() > 20), "{made}");
    place.run(&["token", "create", "--user", "nobody@example.com"]).refused(2, &[]);
}

#[test]
fn the_audit_log_is_proven_and_a_forged_anchor_found() {
    let place = Place::new();
    let file = place.write("orders.csv", ORDERS);
    place.run(&["import", "orders", file.to_str().expect("UTF-8")]).good();
    let whole = place.run(&["audit", "verify"]).good();
    assert!(whole.out.ends_with("The audit log is whole.\n"), "{whole:?}");
    let report = place.run(&["audit", "verify", "--json"]).good().json();
    assert!(
        report["entries"].as_i64().is_some_and(|entries| entries > 0)
            && report["problems"] == Json::Array(vec![]),
        "{report}"
    );
    // The anchor of a longer log proves that this one was cut.
    let anchor = place.data().join("anchors/audit.jsonl");
    let lines = std::fs::read_to_string(&anchor).expect("checkpoints leave the database");
    std::fs::write(&anchor, lines.replace("\"position\":", "\"position\":9")).expect("the test's own file");
    let broken = place.run(&["audit", "verify"]);
    assert_eq!(broken.code, 1, "{broken:?}");
    assert!(broken.out.contains("NOT whole"), "{broken:?}");
}

#[test]
fn the_rulebook_is_counted_with_nine_numbers() {
    let place = Place::new();
    let status = place.run(&["rulebook", "status", "--json"]).good().json();
    let mut keys: Vec<&str> = status.as_object().expect("an object").keys().map(String::as_str).collect();
    keys.sort_unstable();
    let mut wanted = [
        "clauses",
        "covered",
        "followed",
        "broken",
        "insufficient",
        "attested",
        "uncovered",
        "stale",
        "overridden",
    ];
    wanted.sort_unstable();
    assert_eq!(keys, wanted);
    let number = |key: &str| status[key].as_u64().unwrap_or_else(|| panic!("{key} in {status}"));
    assert_eq!(number("clauses"), 406);
    assert_eq!(number("clauses"), number("covered") + number("uncovered"));
    let text = place.run(&["rulebook", "status"]).good().out;
    assert!(text.starts_with("406 clauses"), "{text}");
}

#[test]
fn the_document_and_the_version_need_no_data() {
    let mut document = plain();
    document.arg("openapi");
    let document = ran(document).good().json();
    assert!(document["paths"].as_object().is_some_and(|paths| paths.len() > 100));
    let mut version = plain();
    version.arg("--version");
    assert!(ran(version).good().out.starts_with("brandwright "));
}

#[test]
fn every_command_explains_itself_with_an_example() {
    for words in [
        vec!["serve"],
        vec!["worker"],
        vec!["sample"],
        vec!["import"],
        vec!["export"],
        vec!["user", "create"],
        vec!["token", "create"],
        vec!["audit", "verify"],
        vec!["keys", "rotate"],
        vec!["rulebook", "status"],
        vec!["rulebook", "check"],
        vec!["openapi"],
        vec!["config"],
        vec!["doctor"],
    ] {
        let mut command = plain();
        command.args(&words).arg("--help");
        let help = ran(command).good().out;
        assert!(
            help.contains("Example") && help.contains(&format!("brandwright {}", words.join(" "))),
            "{words:?}: {help}"
        );
    }
    let mut unknown = plain();
    unknown.arg("sevre");
    ran(unknown).refused(2, &["serve"]);
}
