//! The doctor tries what matters, and says what to do.

use std::net::TcpListener;

use crate::common::Place;

#[test]
fn a_sound_place_passes_every_check() {
    let place = Place::new();
    let found = place.run(&["doctor", "--json"]).good().json();
    assert_eq!(found["holds"], true);
    let names: Vec<&str> =
        found["checks"].as_array().expect("a list").iter().filter_map(|c| c["name"].as_str()).collect();
    for name in [
        "configuration",
        "data directory",
        "free space",
        "database",
        "statements",
        "clock",
        "audit log",
        "personal values",
        "files",
        "packs",
        "mail",
        "receivers' pages",
    ] {
        assert!(names.contains(&name), "{name} is not in {names:?}");
    }
    let text = place.run(&["doctor", "--deep"]).good().out;
    assert!(text.lines().all(|line| line.starts_with("ok    ")), "{text}");
}

#[test]
fn a_mail_server_that_does_not_answer_fails_with_advice() {
    let place = Place::new();
    // The port was free a moment ago, so nobody answers there.
    let port = TcpListener::bind("127.0.0.1:0").expect("a free port").local_addr().expect("bound").port();
    place.write(
        "data/brandwright.toml",
        format!("[mail]\nkind = 'smtp'\nsmtp = {{ host = '127.0.0.1', port = {port}, tls = 'none' }}\n"),
    );
    let ran = place.run(&["doctor"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.out.contains(&format!("FAIL  mail: 127.0.0.1:{port}")), "{}", ran.out);
    assert!(ran.out.contains("Check mail.smtp"), "{}", ran.out);
}

#[test]
fn a_damaged_file_is_found_by_looking_deep() {
    let place = Place::new();
    let table = place.write("members.csv", "Member number,Name\n1,Ann\n");
    place.run(&["import", "customers", table.to_str().expect("UTF-8")]).good();
    let mut blobs = Vec::new();
    files_below(&place.data().join("blobs"), &mut blobs);
    for blob in blobs {
        std::fs::remove_file(&blob).expect("the test's own file");
        std::fs::write(&blob, "something else").expect("the test's own file");
    }
    let ran = place.run(&["doctor", "--deep", "--json"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let checks = ran.json()["checks"].clone();
    let files =
        checks.as_array().expect("a list").iter().find(|check| check["name"] == "files").expect("tried");
    assert!(
        files["holds"] == false && files["advice"].as_str().is_some_and(|advice| advice.contains("backup")),
        "{files}"
    );
}

fn files_below(dir: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(dir).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { files_below(&path, found) } else { found.push(path) }
    }
}

#[test]
fn a_configuration_that_is_broken_ends_the_visit() {
    let place = Place::new();
    place.write("data/brandwright.toml", "workers = 'many'\n");
    let ran = place.run(&["doctor"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.out.contains("FAIL  configuration") && ran.out.contains("workers"), "{ran:?}");
}
