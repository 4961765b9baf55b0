//! Who may do what: the golden table role x permission x scope. A right that changes shows in review.

use std::collections::BTreeSet;
use std::fmt::Write;

use serde_json::Value as Json;

use crate::harness::{Company, Member};

const TABLE: &str = include_str!("golden/rights.txt");

/// Writes the table as it is now: a row for each permission, a column for each role.
async fn table(admin: &Member<'_>) -> String {
    let matrix = admin.get("/api/v1/identity/permission-matrix?by=role").await;
    let roles = admin.list("/api/v1/identity/roles?page_size=200").await;
    let code = |row: &Json| {
        let role = roles.iter().find(|role| role["id"] == row["id"]).expect("a role of the list");
        role["code"].as_str().expect("a code").to_owned()
    };
    let mut rows: Vec<(String, &Json)> =
        matrix["rows"].as_array().expect("rows").iter().map(|row| (code(row), row)).collect();
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    let mut text = String::from("# role: up to which label it sees fields\n");
    for role in &rows {
        let found = roles.iter().find(|row| row["code"] == role.0.as_str()).expect("a role");
        writeln!(text, "{:<14} {}", role.0, found["clearance"].as_str().expect("a label"))
            .expect("text grows");
    }
    text.push_str("\n# permission, whether a grant narrows it by brand, department or owner, and the roles that hold it\n");
    for permission in matrix["permissions"].as_array().expect("permissions") {
        let code = permission["code"].as_str().expect("a code");
        let scope = if permission["scoped"] == true { "narrowed" } else { "company" };
        let holders =
            rows.iter().filter(|(_, row)| row["cells"].get(code).is_some()).map(|(role, _)| role.as_str());
        writeln!(text, "{code:<38} {scope:<9} {}", holders.collect::<Vec<_>>().join(" "))
            .expect("text grows");
    }
    text
}

/// Fails where the table is not the committed one, and says how to take it over.
fn compare(now: &str) {
    if now == TABLE {
        return;
    }
    let (before, after): (BTreeSet<&str>, BTreeSet<&str>) = (TABLE.lines().collect(), now.lines().collect());
    let gone = before.difference(&after).map(|line| format!("- {line}"));
    let new = after.difference(&before).map(|line| format!("+ {line}"));
    let place = std::env::temp_dir().join("brandwright-rights.txt");
    std::fs::write(&place, now).expect("the temporary directory can be written");
    let lines: Vec<String> = gone.chain(new).collect();
    panic!(
        "rights changed:\n{}\nIf that is meant: cp {} tests/stories/golden/rights.txt",
        lines.join("\n"),
        place.display()
    );
}

store::on_both! {
    migrations = &server::migrations();

    async fn rights_are_those_of_the_committed_table(store: TestStore) {
        let company = Company::new(store).await;
        let admin = company.member("administrator").await;
        compare(&table(&admin).await);
    }
}
