//! Lists as files, from the command line.

use crate::common::{Place, ran_with};

fn shop() -> Place {
    let place = Place::new();
    let members = place.write("members.csv", "Member number,Name,City\n1,=1+1,Suzhou\n2,Bo,Wuxi\n");
    place.run(&["import", "customers", members.to_str().expect("UTF-8")]).good();
    let products = place.write("products.csv", "SKU,Name,Price\nP1,Tea,3.50\n");
    place.run(&["import", "products", products.to_str().expect("UTF-8")]).good();
    let orders = place.write(
        "orders.csv",
        "Order number,Date,Product number,Quantity,Unit price\nA-1,2026-07-01,P1,2,3.50\n",
    );
    place.run(&["import", "orders", orders.to_str().expect("UTF-8")]).good();
    place
}

#[test]
fn each_list_is_written_by_the_ending_of_its_name() {
    let place = shop();
    let path = |name: &str| place.path(name).to_str().expect("UTF-8").to_owned();
    let ran = place.run(&["export", "customers", &path("customers.csv")]).good();
    assert_eq!(ran.out, format!("wrote 2 rows to {}\n", path("customers.csv")));
    let text = std::fs::read_to_string(place.path("customers.csv")).expect("written");
    assert!(text.starts_with("\u{feff}Customer id,Member number,Name,"), "{text}");
    assert!(text.contains(",'=1+1,"), "a formula is no formula any more: {text}");
    assert!(!place.path("customers.csv.part").exists());

    let receipt = place.run(&["export", "orders", &path("orders.xlsx"), "--json"]).good().json();
    assert_eq!((&receipt["rows"], &receipt["format"]), (&1.into(), &"xlsx".into()), "{receipt}");
    let bytes = std::fs::read(place.path("orders.xlsx")).expect("written");
    assert!(bytes.starts_with(b"PK\x03\x04"));
    assert_eq!(receipt["bytes"].as_u64(), Some(bytes.len() as u64));

    place.run(&["export", "products", &path("goods.csv"), "--language", "zh-Hant"]).good();
    let text = std::fs::read_to_string(place.path("goods.csv")).expect("written");
    assert!(text.contains("P1,Tea") && !text.contains("Category"), "{text}");
}

#[test]
fn mistakes_exit_2_and_leave_nothing_behind() {
    let place = shop();
    let there = place.write("there.csv", "mine");
    let there = there.to_str().expect("UTF-8");
    place.run(&["export", "orders", there]).refused(2, &["there already", "--force"]);
    assert_eq!(std::fs::read_to_string(there).expect("still there"), "mine");
    place.run(&["export", "orders", there, "--force"]).good();
    place.run(&["export", "orders", "orders.pdf"]).refused(2, &[".csv or .xlsx"]);
    place.run(&["export", "orders", "/nowhere/at/all.csv"]).refused(2, &["/nowhere/at/all.csv"]);
    place.run(&["export", "orders", "o.csv", "--segment", "VIP"]).refused(2, &["customers only"]);
    let vip = place.path("vip.csv");
    place
        .run(&["export", "customers", vip.to_str().expect("UTF-8"), "--segment", "VIP"])
        .refused(2, &["no segment “VIP”"]);
    assert!(!vip.exists() && !place.path("vip.csv.part").exists());
}

#[test]
fn a_user_exports_what_that_user_may_see() {
    let place = shop();
    let make =
        place.command(&["user", "create", "--email", "it@example.com", "--role", "it", "--password-stdin"]);
    ran_with(make, "harvest-Lantern-92-quiet").good();
    let file = place.path("customers.csv");
    let refused =
        place.run(&["export", "customers", file.to_str().expect("UTF-8"), "--user", "it@example.com"]);
    refused.refused(2, &["permission"]);
    assert!(!file.exists());
    let make = place.command(&[
        "user",
        "create",
        "--email",
        "root@example.com",
        "--role",
        "administrator",
        "--password-stdin",
    ]);
    ran_with(make, "harvest-Lantern-92-quiet").good();
    place.run(&["export", "customers", file.to_str().expect("UTF-8"), "--user", "root@example.com"]).good();
}
